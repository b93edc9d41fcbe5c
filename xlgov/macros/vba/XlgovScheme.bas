Attribute VB_Name = "XlgovScheme"
Option Explicit
Option Private Module
' Part of xlgov.
'
' How a workbook rates: its matrix, product or sum, its bands and its words, by defined names.
'
' Why names: Excel moves them when somebody inserts rows or columns. A name is a range on the
' settings sheet or a constant. What is not named is the published scheme of xlgov/risk/scale.py:
' ranks 1 to 25 by likelihood + impact, then by impact.

Public Type XlgovRatingScheme
    Problem As String           ' why nothing may be rated, as a sentence; "" where all is well
    Scoring As String           ' matrix, product or sum
    Size As Long                ' scores are 1 to Size
    HasMatrix As Boolean
    Ratings As Variant          ' (likelihood, impact)
    BandCount As Long
    BandNames As Variant
    BandLowest As Variant
    BandHighest As Variant
    BandsOnSheet As Boolean     ' somebody can see and change them: they are the office's own
    BandWords As XlgovWordList
    Likelihood As XlgovWordList
    Impact As XlgovWordList
End Type

Private Const USUAL_SIZE As Long = 5
Private Const USUAL_BANDS As String = "Low,1,6;Medium,7,13;Medium-high,14,19;High,20,22;Critical,23,25"
Private Const USUAL_LIKELIHOOD As String = "Unlikely,1;Possible,2;Likely,3;More likely than not,4;Probable,5"
Private Const USUAL_IMPACT As String = "Insignificant,1;Minor,2;Moderate,3;Significant,4;Catastrophic,5"

' The scheme of a workbook; the published one where it is Nothing or names nothing.
Public Sub XlgovReadScheme(ByVal book As Workbook, ByRef scheme As XlgovRatingScheme)
    Dim block As Variant
    Dim onSheet As Boolean

    scheme.Problem = ""
    scheme.Scoring = "matrix"
    scheme.Size = USUAL_SIZE
    scheme.HasMatrix = False
    scheme.BandCount = 0
    scheme.BandWords.Count = 0
    scheme.Likelihood.Count = 0
    scheme.Impact.Count = 0
    If XlgovNamedCells(book, "xlgov_scoring", block, onSheet) Then
        If Not XlgovIsBlank(block(1, 1)) Then scheme.Scoring = XlgovWordKey(TextOf(block(1, 1)))
    End If
    If scheme.Scoring <> "matrix" And scheme.Scoring <> "product" And scheme.Scoring <> "sum" Then
        scheme.Problem = "The scoring of this workbook (xlgov_scoring) is none of matrix, product and sum. " & _
                         "Correct it on the xlgov sheet."
    End If
    If XlgovNamedCells(book, "xlgov_matrix", block, onSheet) Then TakeMatrix scheme, block
    If XlgovNamedCells(book, "xlgov_size", block, onSheet) Then
        If IsWhole(block(1, 1)) And Not (scheme.HasMatrix And scheme.Scoring = "matrix") Then
            If block(1, 1) >= 2 And block(1, 1) <= 10 Then scheme.Size = CLng(block(1, 1))
        End If
    End If
    TakeBands scheme, book
    RefuseBrokenNames scheme, book
    TakeWords scheme.Likelihood, book, "xlgov_likelihood", USUAL_LIKELIHOOD
    TakeWords scheme.Impact, book, "xlgov_impact", USUAL_IMPACT
End Sub

' The rating of two scores from 1 to scheme.Size.
Public Function XlgovRate(ByRef scheme As XlgovRatingScheme, ByVal likelihood As Long, _
                          ByVal impact As Long) As Long
    If scheme.Scoring = "product" Then
        XlgovRate = likelihood * impact
    ElseIf scheme.Scoring = "sum" Then
        XlgovRate = likelihood + impact
    ElseIf scheme.HasMatrix Then
        XlgovRate = CLng(scheme.Ratings(likelihood, impact))
    Else
        XlgovRate = RankOf(likelihood, impact, scheme.Size)
    End If
End Function

' The place of the band that holds a rating, 0 where none does.
Public Function XlgovBandOf(ByRef scheme As XlgovRatingScheme, ByVal rating As Double) As Long
    Dim index As Long

    XlgovBandOf = 0
    For index = 1 To scheme.BandCount
        If rating >= scheme.BandLowest(index) And rating <= scheme.BandHighest(index) Then
            XlgovBandOf = index
            Exit Function
        End If
    Next index
End Function

' Whether two scores could have given a rating.
Public Function XlgovIsOnScale(ByRef scheme As XlgovRatingScheme, ByVal rating As Double) As Boolean
    Dim likelihood As Long
    Dim impact As Long
    Dim lowest As Long
    Dim highest As Long
    Dim found As Long

    lowest = XlgovRate(scheme, 1, 1)
    highest = lowest
    For likelihood = 1 To scheme.Size
        For impact = 1 To scheme.Size
            found = XlgovRate(scheme, likelihood, impact)
            If found < lowest Then lowest = found
            If found > highest Then highest = found
        Next impact
    Next likelihood
    XlgovIsOnScale = (rating >= lowest And rating <= highest)
End Function

' What a defined name holds as rows and columns from 1, and whether it is a range on a sheet.
' False where there is no such name, or where what it refers to is gone.
Public Function XlgovNamedCells(ByVal book As Workbook, ByVal wanted As String, _
                                ByRef block As Variant, ByRef onSheet As Boolean) As Boolean
    Dim area As Range
    Dim found As Variant

    XlgovNamedCells = False
    onSheet = False
    If book Is Nothing Then Exit Function
    If Not XlgovHasName(book, wanted) Then Exit Function
    Set area = XlgovNamedRange(book, wanted)
    If Not area Is Nothing Then
        onSheet = True
        block = XlgovAreaValues(area.Areas(1))
        XlgovNamedCells = True
        Exit Function
    End If
    If book.Worksheets.Count = 0 Then Exit Function
    On Error GoTo NotFound
    found = book.Worksheets(1).Evaluate(wanted)
    If IsError(found) Then Exit Function
    block = AsRows(found)
    XlgovNamedCells = True
    Exit Function
NotFound:
    XlgovNamedCells = False
End Function

' The range of a defined name of a workbook, Nothing where it has none of its own.
Public Function XlgovNamedRange(ByVal book As Workbook, ByVal wanted As String) As Range
    Dim found As Name
    Dim area As Range

    Set XlgovNamedRange = Nothing
    Set found = FindName(book, wanted)
    If found Is Nothing Then Exit Function
    On Error GoTo NotFound
    Set area = found.RefersToRange
    If area.Worksheet.Parent.Name = book.Name Then Set XlgovNamedRange = area
    Exit Function
NotFound:
    Set XlgovNamedRange = Nothing
End Function

Public Function XlgovHasName(ByVal book As Workbook, ByVal wanted As String) As Boolean
    XlgovHasName = Not (FindName(book, wanted) Is Nothing)
End Function

' A name of the workbook as a whole. A copied sheet brings names of its own that sound the same.
Private Function FindName(ByVal book As Workbook, ByVal wanted As String) As Name
    Dim found As Name

    Set FindName = Nothing
    On Error GoTo NotFound
    Set found = book.Names(wanted)
    If StrComp(found.Name, wanted, vbTextCompare) = 0 Then
        Set FindName = found
        Exit Function
    End If
    For Each found In book.Names
        If StrComp(found.Name, wanted, vbTextCompare) = 0 Then
            Set FindName = found
            Exit Function
        End If
    Next found
    Exit Function
NotFound:
    Set FindName = Nothing
End Function

' The values of an area as rows and columns from 1, also where it is a single cell.
Public Function XlgovAreaValues(ByVal area As Range) As Variant
    Dim one() As Variant

    If area.Cells.Count = 1 Then
        ReDim one(1 To 1, 1 To 1)
        one(1, 1) = area.Value2
        XlgovAreaValues = one
    Else
        XlgovAreaValues = area.Value2
    End If
End Function

' A constant as rows and columns from 1: Excel gives a single row as a list.
Private Function AsRows(ByVal found As Variant) As Variant
    Dim list() As Variant
    Dim index As Long
    Dim width As Long

    If Not IsArray(found) Then
        ReDim list(1 To 1, 1 To 1)
        list(1, 1) = found
        AsRows = list
        Exit Function
    End If
    width = 0
    On Error Resume Next
    width = UBound(found, 2)
    On Error GoTo 0
    If width > 0 Then
        AsRows = found
        Exit Function
    End If
    ReDim list(1 To 1, 1 To UBound(found) - LBound(found) + 1)
    For index = LBound(found) To UBound(found)
        list(1, index - LBound(found) + 1) = found(index)
    Next index
    AsRows = list
End Function

Private Sub TakeMatrix(ByRef scheme As XlgovRatingScheme, ByRef block As Variant)
    Dim height As Long
    Dim row As Long
    Dim column As Long
    Dim filled As Long

    height = UBound(block, 1)
    filled = 0
    For row = 1 To height
        For column = 1 To UBound(block, 2)
            If IsWhole(block(row, column)) Then filled = filled + 1
        Next column
    Next row
    If filled = 0 Then Exit Sub
    If UBound(block, 2) <> height Or filled <> height * height Or height < 2 Then
        If scheme.Scoring = "matrix" Then
            scheme.Problem = "The matrix of this workbook (xlgov_matrix) is not a square of whole numbers. " & _
                             "Correct it on the xlgov sheet."
        End If
        Exit Sub
    End If
    scheme.Size = height
    scheme.HasMatrix = True
    scheme.Ratings = block
End Sub

' A name whose cells are gone must not let the published scheme rate in its place.
Private Sub RefuseBrokenNames(ByRef scheme As XlgovRatingScheme, ByVal book As Workbook)
    Dim wanted As Variant
    Dim block As Variant
    Dim onSheet As Boolean

    If book Is Nothing Then Exit Sub
    For Each wanted In Array("scoring", "matrix", "bands", "likelihood", "impact")
        If XlgovHasName(book, "xlgov_" & wanted) Then
            If Not XlgovNamedCells(book, "xlgov_" & wanted, block, onSheet) Then
                scheme.Problem = "The cells that the name xlgov_" & wanted & " refers to are gone. " & _
                                 "Run xlgov init on a copy of this workbook, or put the xlgov sheet back."
            End If
        End If
    Next wanted
End Sub

Private Sub TakeBands(ByRef scheme As XlgovRatingScheme, ByVal book As Workbook)
    Dim block As Variant
    Dim row As Long
    Dim bands() As String
    Dim parts() As String
    Dim onSheet As Boolean

    scheme.BandsOnSheet = False
    If XlgovNamedCells(book, "xlgov_bands", block, onSheet) Then
        If UBound(block, 2) >= 3 Then
            For row = 1 To UBound(block, 1)
                If IsFigure(block(row, 2)) And IsFigure(block(row, 3)) And Not XlgovIsBlank(block(row, 1)) Then
                    AddBand scheme, TextOf(block(row, 1)), CDbl(block(row, 2)), CDbl(block(row, 3))
                End If
            Next row
        End If
        scheme.BandsOnSheet = onSheet
    ElseIf scheme.Scoring = "matrix" And Not scheme.HasMatrix Then
        bands = Split(USUAL_BANDS, ";")
        For row = LBound(bands) To UBound(bands)
            parts = Split(bands(row), ",")
            AddBand scheme, parts(0), Val(parts(1)), Val(parts(2))
        Next row
    End If
End Sub

Private Sub AddBand(ByRef scheme As XlgovRatingScheme, ByVal band As String, _
                    ByVal lowest As Double, ByVal highest As Double)
    scheme.BandCount = scheme.BandCount + 1
    scheme.BandNames = XlgovAppended(scheme.BandNames, scheme.BandCount, Trim$(band))
    scheme.BandLowest = XlgovAppended(scheme.BandLowest, scheme.BandCount, lowest)
    scheme.BandHighest = XlgovAppended(scheme.BandHighest, scheme.BandCount, highest)
    XlgovAddWord scheme.BandWords, band, scheme.BandCount
End Sub

Private Sub TakeWords(ByRef words As XlgovWordList, ByVal book As Workbook, _
                      ByVal wanted As String, ByVal usual As String)
    Dim block As Variant
    Dim row As Long
    Dim lines() As String
    Dim parts() As String
    Dim onSheet As Boolean

    If XlgovNamedCells(book, wanted, block, onSheet) Then
        If UBound(block, 2) >= 2 Then
            For row = 1 To UBound(block, 1)
                If IsWhole(block(row, 2)) And Not XlgovIsBlank(block(row, 1)) Then
                    XlgovAddWord words, TextOf(block(row, 1)), CLng(block(row, 2))
                End If
            Next row
        End If
    End If
    If words.Count > 0 Then Exit Sub
    lines = Split(usual, ";")
    For row = LBound(lines) To UBound(lines)
        parts = Split(lines(row), ",")
        XlgovAddWord words, parts(0), CLng(Val(parts(1)))
    Next row
End Sub

' Place of a cell when the square is numbered by likelihood + impact, then by impact.
Private Function RankOf(ByVal likelihood As Long, ByVal impact As Long, ByVal size As Long) As Long
    Dim total As Long
    Dim remaining As Long

    total = likelihood + impact
    If total <= size + 1 Then
        RankOf = (total - 2) * (total - 1) \ 2 + impact
    Else
        remaining = 2 * size - total + 1
        RankOf = size * size - remaining * (remaining + 1) \ 2 + impact - (total - size) + 1
    End If
End Function

Private Function IsFigure(ByVal value As Variant) As Boolean
    IsFigure = False
    If IsError(value) Then Exit Function
    If IsEmpty(value) Then Exit Function
    If VarType(value) = vbString Or VarType(value) = vbBoolean Then Exit Function
    IsFigure = IsNumeric(value)
End Function

Private Function IsWhole(ByVal value As Variant) As Boolean
    IsWhole = False
    If IsFigure(value) Then IsWhole = (CDbl(value) = Int(CDbl(value)) And Abs(CDbl(value)) < 1000000)
End Function

Private Function TextOf(ByVal value As Variant) As String
    TextOf = ""
    If Not IsError(value) Then TextOf = CStr(value)
End Function
