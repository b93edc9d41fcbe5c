Attribute VB_Name = "XlgovFunctions"
Option Explicit
' Part of xlgov.
'
' Functions for cells: =RISK_RATING(likelihood, impact) and =RISK_BAND(rating). No Python.
'
' They follow the scheme of the workbook whose cell calls them, else the published one. The scheme
' is kept for a second, so that ten thousand cells do not read it ten thousand times; Recalculate
' calculates every formula afresh, so a changed matrix shows there at the latest.

Private keptBook As String
Private keptAt As Double
Private keptScheme As XlgovRatingScheme

' The rating of a likelihood and an impact, in numbers or in words; "" where one is blank.
Public Function RISK_RATING(ByVal likelihood As Variant, ByVal impact As Variant) As Variant
    Dim row As Long
    Dim column As Long

    On Error GoTo Failed
    ReadCallerScheme
    row = XlgovReadScore(CellValue(likelihood), keptScheme.Likelihood, keptScheme.Size)
    column = XlgovReadScore(CellValue(impact), keptScheme.Impact, keptScheme.Size)
    If Len(keptScheme.Problem) > 0 Then
        RISK_RATING = CVErr(xlErrRef)
    ElseIf row = XLGOV_UNREADABLE Or column = XLGOV_UNREADABLE Then
        RISK_RATING = CVErr(xlErrValue)
    ElseIf row = XLGOV_ABSENT Or column = XLGOV_ABSENT Then
        RISK_RATING = ""
    Else
        RISK_RATING = XlgovRate(keptScheme, row, column)
    End If
    Exit Function
Failed:
    RISK_RATING = CVErr(xlErrValue)
End Function

' The name of the band that holds a rating; "" where it is blank, #N/A where no band holds it.
Public Function RISK_BAND(ByVal rating As Variant) As Variant
    Dim status As Long
    Dim number As Double
    Dim isEmptyCell As Boolean
    Dim band As Long

    On Error GoTo Failed
    ReadCallerScheme
    status = XlgovReadRating(CellValue(rating), number, isEmptyCell)
    If Len(keptScheme.Problem) > 0 Then
        RISK_BAND = CVErr(xlErrRef)
    ElseIf status = XLGOV_ABSENT Then
        RISK_BAND = ""
    ElseIf status <> 1 Then
        RISK_BAND = CVErr(xlErrValue)
    Else
        band = XlgovBandOf(keptScheme, number)
        If band = 0 Then RISK_BAND = CVErr(xlErrNA) Else RISK_BAND = keptScheme.BandNames(band)
    End If
    Exit Function
Failed:
    RISK_BAND = CVErr(xlErrValue)
End Function

' What a function was given: a value, or the first cell of a range.
Private Function CellValue(ByVal given As Variant) As Variant
    If IsObject(given) Then
        CellValue = given.Cells(1, 1).Value2
    Else
        CellValue = given
    End If
End Function

' Reads the scheme of the calling cell's workbook into keptScheme.
Private Sub ReadCallerScheme()
    Dim book As Workbook
    Dim called As String

    Set book = CallerBook()
    called = ""
    If Not book Is Nothing Then called = book.FullName
    If called <> keptBook Or Timer < keptAt Or Timer > keptAt + 1 Or keptAt = 0 Then
        XlgovReadScheme book, keptScheme
        keptBook = called
        keptAt = Timer
    End If
End Sub

Private Function CallerBook() As Workbook
    Set CallerBook = Nothing
    If TypeName(Application.Caller) = "Range" Then
        Set CallerBook = Application.Caller.Worksheet.Parent
    Else
        Set CallerBook = ActiveWorkbook
    End If
End Function
