Attribute VB_Name = "XlgovMain"
Option Explicit
' Part of xlgov.
'
' The macros of xlgov: what a button or the ribbon calls. Each asks Python first, and does what can
' be done without it where Python does not answer.
'
' The workbook acted on is the active one for the add-in, else the one that holds this code.

Public Const XLGOV_VERSION As String = "0.1.0"

Private Const TITLE As String = "xlgov"

Public Sub XlgovRecalculate()
    Dim book As Workbook
    Dim status As Long
    Dim message As String

    On Error GoTo Failed
    Set book = TargetBook("Recalculate")
    If book Is Nothing Then Exit Sub
    status = XlgovRunPython("import xlgov.excel; xlgov.excel.recalculate_caller()", book)
    If status = 0 Then
        XlgovForgetUndo
        Exit Sub
    End If
    message = XlgovRecalculateRatings(book)
    ' On a PC that has Python, somebody expected it to answer.
    If status <> XLGOV_NOT_STARTED Then message = message & vbLf & vbLf & XlgovLastFailure & " Help says what to do."
    MsgBox message, vbInformation, TITLE
    Exit Sub
Failed:
    TellFailure "recalculate this workbook", Err.Description
End Sub

Public Sub XlgovCheck()
    Dim book As Workbook

    On Error GoTo Failed
    Set book = TargetBook("Check")
    If book Is Nothing Then Exit Sub
    If XlgovRunPython("import xlgov.excel; xlgov.excel.check_caller()", book) <> 0 Then TellPythonNeeded "Check"
    Exit Sub
Failed:
    TellFailure "check this workbook", Err.Description
End Sub

Public Sub XlgovMarkChanges()
    Dim book As Workbook
    Dim earlier As Variant

    On Error GoTo Failed
    Set book = TargetBook("Mark changes since...")
    If book Is Nothing Then Exit Sub
    #If Mac Then
        earlier = Application.GetOpenFilename()
    #Else
        earlier = Application.GetOpenFilename("Excel workbooks (*.xlsx;*.xlsm),*.xlsx;*.xlsm", , _
            "The file that the board last saw")
    #End If
    If VarType(earlier) <> vbString Then Exit Sub
    If XlgovRunPython("import xlgov.excel; xlgov.excel.mark_caller(" & XlgovPythonText(CStr(earlier)) & ")", book) <> 0 Then
        TellPythonNeeded "Mark changes since..."
    End If
    Exit Sub
Failed:
    TellFailure "mark the changes", Err.Description
End Sub

Public Sub XlgovUndo()
    Dim book As Workbook

    On Error GoTo Failed
    Set book = TargetBook("Undo last recalculate")
    If book Is Nothing Then Exit Sub
    If XlgovCanUndoRatings(book) Then
        MsgBox XlgovUndoRatings(book), vbInformation, TITLE
    ElseIf XlgovRunPython("import xlgov.excel; xlgov.excel.undo_caller()", book) <> 0 Then
        MsgBox XlgovUndoRatings(book), vbInformation, TITLE
    End If
    Exit Sub
Failed:
    TellFailure "undo the last recalculation", Err.Description
End Sub

Public Sub XlgovHelp()
    On Error GoTo Failed
    If ThisWorkbook.IsAddin Then
        XlgovShowHelp ActiveWorkbook
    Else
        XlgovShowHelp ThisWorkbook
    End If
    Exit Sub
Failed:
    TellFailure "show all of the help", Err.Description
End Sub

' The ribbon hands its control to each of these. As Object, so that no library is referred to.
Public Sub XlgovRibbonRecalculate(ByVal control As Object)
    XlgovRecalculate
End Sub

Public Sub XlgovRibbonCheck(ByVal control As Object)
    XlgovCheck
End Sub

Public Sub XlgovRibbonMarkChanges(ByVal control As Object)
    XlgovMarkChanges
End Sub

Public Sub XlgovRibbonUndo(ByVal control As Object)
    XlgovUndo
End Sub

Public Sub XlgovRibbonHelp(ByVal control As Object)
    XlgovHelp
End Sub

' The workbook to act on; Nothing, and a sentence to the user, where none is open.
Private Function TargetBook(ByVal button As String) As Workbook
    Dim book As Workbook

    If ThisWorkbook.IsAddin Then Set book = ActiveWorkbook Else Set book = ThisWorkbook
    If book Is Nothing Then
        MsgBox "Open the workbook first, and press Enable Editing where Excel offers it; then press " & button & _
               " again.", vbInformation, TITLE
    End If
    Set TargetBook = book
End Function

Private Sub TellPythonNeeded(ByVal button As String)
    MsgBox button & " needs xlgov on this PC, and it did not answer. " & XlgovLastFailure & vbLf & vbLf & _
           "Help says what to do. Recalculate works without it.", vbInformation, TITLE
End Sub

Private Sub TellFailure(ByVal task As String, ByVal reason As String)
    MsgBox "xlgov could not " & task & ": " & reason & vbLf & vbLf & "Nothing else was changed. Help says what may " & _
           "stop it here.", vbExclamation, TITLE
End Sub
