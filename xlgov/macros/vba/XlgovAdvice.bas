Attribute VB_Name = "XlgovAdvice"
Option Explicit
Option Private Module
' Part of xlgov.
'
' What could stop the buttons here, in plain sentences, each with what to do. No Python is needed.
'
' A message box shows about a thousand characters, so the sentences come a page at a time.

Private Const PAGE_LENGTH As Long = 900
Private Const FORCE_DISABLE As Long = 3

Public Sub XlgovShowHelp(ByVal book As Workbook)
    Dim pages As Variant
    Dim index As Long
    Dim last As Long

    pages = XlgovPages(XlgovHelpText(book), PAGE_LENGTH)
    last = UBound(pages)
    For index = LBound(pages) To last
        If index < last Then
            If MsgBox(pages(index), vbOKCancel + vbInformation, "xlgov (OK shows more)") = vbCancel Then Exit Sub
        Else
            MsgBox pages(index), vbInformation, "xlgov"
        End If
    Next index
End Sub

' Everything that Help has to say, a paragraph each. book may be Nothing.
Public Function XlgovHelpText(ByVal book As Workbook) As String
    Dim text As String

    text = "xlgov " & XLGOV_VERSION & " in Excel " & Application.Version & ". Macros run here."
    text = AddLine(text, "Recalculate rewrites ratings by this workbook's own matrix. Check lists what looks wrong. " & _
        "Mark changes since... shows in red what is new since a file you choose. Undo takes the last recalculation back.")
    text = AddLine(text, XlgovPythonSentence(XlgovInterpreter(), XlgovInterpreterSource(), XlgovProbePython()))
    If Len(XlgovLastFailure) > 0 Then text = AddLine(text, "Last time: " & XlgovLastFailure)
    If Not book Is Nothing Then text = AddLine(text, BookSentences(book))
    XlgovHelpText = AddLine(text, ApplicationSentences())
End Function

' What was found out about Python, and the remedy.
Public Function XlgovPythonSentence(ByVal interpreter As String, ByVal source As String, _
                                    ByVal status As Long) As String
    Dim said As String

    said = "Python: " & interpreter & " (stated in " & source & "). "
    If source = "nowhere, so the usual one" Then said = "Python: none is stated, so " & interpreter & " is tried. "
    #If Mac Then
        XlgovPythonSentence = said & "If nothing happens when you press Check, run ""xlwings runpython install"" " & _
            "in Terminal once."
    #Else
        Select Case status
            Case 0
                XlgovPythonSentence = said & "It answers and has xlgov: all buttons work."
            Case 3
                XlgovPythonSentence = said & "It answers but has no xlgov or no xlwings: run " & _
                    """python -m pip install xlgov"" with that Python. Until then ratings are recalculated without it."
            Case XLGOV_NOT_STARTED
                XlgovPythonSentence = said & "It could not be started: Python is not installed there, or a policy " & _
                    "stops Excel from starting programs. Ask IT to install it or to allow it, or set the " & _
                    "environment variable XLGOV_PYTHON to the full path of python.exe. Until then ratings are " & _
                    "recalculated without it."
            Case Else
                XlgovPythonSentence = said & "It was started but stopped with status " & CStr(status) & _
                    ": it may be older than Python 3.11, or only the Microsoft Store's stand-in. Set the " & _
                    "environment variable XLGOV_PYTHON to the full path of another python.exe."
        End Select
    #End If
End Function

' A workbook's place in words: on a server, not saved yet, or on this PC ("").
Public Function XlgovPlaceSentence(ByVal bookName As String, ByVal path As String) As String
    If LCase$(Left$(path, 4)) = "http" Then
        XlgovPlaceSentence = bookName & " is open from SharePoint or OneDrive. Recalculate and Check work on it as it " & _
            "is open here. For Mark changes, choose the earlier version from a folder on this PC (sync the library, " & _
            "or use File, Save a Copy)."
    ElseIf Len(path) = 0 Then
        XlgovPlaceSentence = bookName & " has not been saved yet. Save it first, so that changes can be compared."
    Else
        XlgovPlaceSentence = ""
    End If
End Function

' A text cut at its paragraphs into pages no longer than a limit, from 0.
Public Function XlgovPages(ByVal text As String, ByVal limit As Long) As Variant
    Dim paragraphs() As String
    Dim pages() As String
    Dim index As Long
    Dim last As Long

    paragraphs = Split(text, vbLf & vbLf)
    last = 0
    ReDim pages(0 To 0)
    For index = LBound(paragraphs) To UBound(paragraphs)
        If Len(pages(last)) > 0 And Len(pages(last)) + Len(paragraphs(index)) + 2 > limit Then
            last = last + 1
            ReDim Preserve pages(0 To last)
        End If
        pages(last) = AddLine(pages(last), paragraphs(index))
    Next index
    XlgovPages = pages
End Function

Private Function BookSentences(ByVal book As Workbook) As String
    Dim text As String

    text = XlgovPlaceSentence(book.Name, book.Path)
    If book.ReadOnly Then
        text = AddLine(text, book.Name & " is open read-only: what is recalculated can only be saved under another " & _
            "name (File, Save a Copy), or close it where it is open for editing.")
    End If
    If Not XlgovHasName(book, "xlgov_r1_rating") Then
        text = AddLine(text, "xlgov has not yet marked the ratings of " & book.Name & ". Without Python, Recalculate " & _
            "leaves it alone until somebody who has xlgov with Python runs xlgov init or xlgov button on it.")
    End If
    BookSentences = text
End Function

Private Function ApplicationSentences() As String
    Dim text As String

    text = ""
    If Application.Calculation = xlCalculationManual Then
        text = "Calculation is manual in Excel now: formulas change only when you press F9 or Recalculate " & _
               "(Formulas, Calculation Options)."
    End If
    #If Not Mac Then
        If Application.ProtectedViewWindows.Count > 0 Then
            text = AddLine(text, "A workbook is open in Protected View, because it came from the internet or by mail. " & _
                "Press Enable Editing there. If macros in it are blocked, close it, right-click the file, choose " & _
                "Properties, tick Unblock, or ask IT to make its folder a trusted location.")
        End If
        If Application.AutomationSecurity = FORCE_DISABLE Then
            text = AddLine(text, "Macros are switched off in workbooks that other programs open (a policy of this " & _
                "PC). Open the workbook yourself from File, Open.")
        End If
    #End If
    ApplicationSentences = text
End Function

Private Function AddLine(ByVal text As String, ByVal more As String) As String
    If Len(more) = 0 Then
        AddLine = text
    ElseIf Len(text) = 0 Then
        AddLine = more
    Else
        AddLine = text & vbLf & vbLf & more
    End If
End Function
