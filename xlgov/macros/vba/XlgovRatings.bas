Attribute VB_Name = "XlgovRatings"
Option Explicit
Option Private Module
' Part of xlgov.
'
' The recalculation that needs no Python: ratings, derived impacts and level words rewritten.
'
' The cells are those of the names xlgov_r1_likelihood, xlgov_r1_impact, xlgov_r1_rating and so on,
' which xlgov puts into a workbook that it is sure of. The same rules as xlgov/risk/rating.py: a
' formula is never written, a blank or unreadable score leaves the rating as it is, a level word
' keeps its capitals.

' What was done, and what was left and why.
Private Type Tally
    Groups As Long
    Ratings As Long
    Impacts As Long
    Levels As Long
    LeftScores As Long
    LeftLabels As Long
    Broken As Long
    Locked As String
End Type

' The cells of one assessment, area by area: row by row they belong together.
Private Type Assessment
    Likelihood As Range
    Impact As Range
    Rating As Range
    Band As Range
    Count As Long
    Categories As Variant
    BandsStated As Boolean
End Type

Private Const PYTHON_NEEDED As String = "Checks and red text need xlgov on this PC."

' Recalculates a workbook, rewrites its ratings, and says in a sentence what was done.
Public Function XlgovRecalculateRatings(ByVal book As Workbook) As String
    Dim calculation As Long
    Dim updating As Boolean
    Dim events As Boolean
    Dim cancelKey As Long
    Dim message As String

    calculation = Application.Calculation
    updating = Application.ScreenUpdating
    events = Application.EnableEvents
    cancelKey = Application.EnableCancelKey
    On Error GoTo Failed
    Application.EnableCancelKey = xlErrorHandler
    Application.ScreenUpdating = False
    Application.EnableEvents = False
    Application.Calculation = xlCalculationManual
    Application.CalculateFull
    message = XlgovRewriteRatings(book)
PutBack:
    On Error Resume Next
    Application.Calculation = calculation
    If calculation = xlCalculationManual Then Application.Calculate
    Application.EnableEvents = events
    Application.ScreenUpdating = updating
    Application.EnableCancelKey = cancelKey
    XlgovRecalculateRatings = message
    Exit Function
Failed:
    message = "The ratings could not all be recalculated: " & Err.Description & " " & _
              "Press Undo last recalculate to put back what was written, or close without saving."
    Resume PutBack
End Function

' Rewrites the ratings of a workbook that is calculated already; the sentence for the user.
Public Function XlgovRewriteRatings(ByVal book As Workbook) As String
    Dim scheme As XlgovRatingScheme
    Dim done As Tally
    Dim group As Long

    If Not XlgovHasName(book, "xlgov_r1_rating") Then
        XlgovRewriteRatings = "Nothing was changed: xlgov has not yet marked the ratings of this workbook. " & _
            "Ask somebody who has xlgov with Python to look at it once (xlgov init or xlgov button)."
        Exit Function
    End If
    XlgovReadScheme book, scheme
    If Len(scheme.Problem) > 0 Then
        XlgovRewriteRatings = "Nothing was changed. " & scheme.Problem
        Exit Function
    End If
    XlgovBeginUndo book
    group = 1
    Do While XlgovHasName(book, "xlgov_r" & CStr(group) & "_rating")
        RewriteGroup book, scheme, "xlgov_r" & CStr(group) & "_", done
        group = group + 1
    Loop
    XlgovRewriteRatings = TellTally(done)
End Function

Private Sub RewriteGroup(ByVal book As Workbook, ByRef scheme As XlgovRatingScheme, _
                         ByVal prefix As String, ByRef done As Tally)
    Dim found As Assessment
    Dim part As Long

    If Not FindCells(book, prefix, found) Then
        done.Broken = done.Broken + 1
        Exit Sub
    End If
    If IsLocked(found.Rating) Or IsLocked(found.Impact) Or IsLocked(found.Band) Then
        If InStr(done.Locked, "'" & found.Rating.Worksheet.Name & "'") = 0 Then
            If Len(done.Locked) > 0 Then done.Locked = done.Locked & ", "
            done.Locked = done.Locked & "'" & found.Rating.Worksheet.Name & "'"
        End If
        Exit Sub
    End If
    done.Groups = done.Groups + 1
    For part = 1 To found.Rating.Areas.Count
        RewriteArea found, part, scheme, done
    Next part
End Sub

' The ranges of a group; False where one is gone or they no longer fit together.
Private Function FindCells(ByVal book As Workbook, ByVal prefix As String, ByRef found As Assessment) As Boolean
    Dim category As Range
    Dim categories() As Variant

    FindCells = False
    Set found.Rating = XlgovNamedRange(book, prefix & "rating")
    Set found.Likelihood = XlgovNamedRange(book, prefix & "likelihood")
    If found.Rating Is Nothing Or found.Likelihood Is Nothing Then Exit Function
    If Not Fits(found.Likelihood, found.Rating) Then Exit Function
    found.Count = 0
    Do While XlgovHasName(book, prefix & "category" & CStr(found.Count + 1))
        Set category = XlgovNamedRange(book, prefix & "category" & CStr(found.Count + 1))
        If category Is Nothing Then Exit Function
        If Not Fits(category, found.Rating) Then Exit Function
        found.Count = found.Count + 1
        ReDim Preserve categories(1 To found.Count)
        Set categories(found.Count) = category
    Loop
    If found.Count > 0 Then found.Categories = categories
    Set found.Impact = XlgovNamedRange(book, prefix & "impact")
    If found.Impact Is Nothing Then
        If XlgovHasName(book, prefix & "impact") Or found.Count = 0 Then Exit Function
    ElseIf Not Fits(found.Impact, found.Rating) Then
        Exit Function
    End If
    Set found.Band = XlgovNamedRange(book, prefix & "band")
    found.BandsStated = Not (found.Band Is Nothing)
    If found.Band Is Nothing Then
        If XlgovHasName(book, prefix & "band") Then Exit Function
    ElseIf Not Fits(found.Band, found.Rating) Then
        Exit Function
    End If
    FindCells = True
End Function

' Whether two ranges have the same areas: as many, each a column of the same height.
Private Function Fits(ByVal one As Range, ByVal other As Range) As Boolean
    Dim part As Long

    Fits = False
    If one.Areas.Count <> other.Areas.Count Then Exit Function
    For part = 1 To one.Areas.Count
        If one.Areas(part).Columns.Count <> 1 Or other.Areas(part).Columns.Count <> 1 Then Exit Function
        If one.Areas(part).Rows.Count <> other.Areas(part).Rows.Count Then Exit Function
    Next part
    Fits = True
End Function

' Whether cells may not be written: on a protected sheet, and not all of them unlocked.
Private Function IsLocked(ByVal area As Range) As Boolean
    Dim locked As Variant

    IsLocked = False
    If area Is Nothing Then Exit Function
    If Not area.Worksheet.ProtectContents Then Exit Function
    If area.Worksheet.ProtectionMode Then Exit Function
    locked = area.Locked
    If IsNull(locked) Then
        IsLocked = True
    Else
        IsLocked = CBool(locked)
    End If
End Function

Private Sub RewriteArea(ByRef found As Assessment, ByVal part As Long, _
                        ByRef scheme As XlgovRatingScheme, ByRef done As Tally)
    Dim likelihoods As Variant
    Dim impacts As XlgovMeasure
    Dim ratings As XlgovMeasure
    Dim bands As XlgovMeasure
    Dim categories() As Variant
    Dim category As Range
    Dim index As Long
    Dim row As Long
    Dim likelihood As Long
    Dim impact As Long
    Dim rating As Double
    Dim isRated As Boolean

    likelihoods = XlgovAreaValues(found.Likelihood.Areas(part))
    XlgovReadColumn found.Rating.Areas(part), ratings
    If Not found.Impact Is Nothing Then XlgovReadColumn found.Impact.Areas(part), impacts
    If Not found.Band Is Nothing Then XlgovReadColumn found.Band.Areas(part), bands
    If found.Count > 0 Then
        ReDim categories(1 To found.Count)
        For index = 1 To found.Count
            Set category = found.Categories(index)
            categories(index) = XlgovAreaValues(category.Areas(part))
        Next index
    End If
    For row = 1 To UBound(likelihoods, 1)
        likelihood = XlgovReadScore(likelihoods(row, 1), scheme.Likelihood, scheme.Size)
        If found.Count > 0 Then
            impact = DeriveImpact(categories, found.Count, row, scheme)
        Else
            impact = XLGOV_ABSENT
        End If
        If Not impacts.Area Is Nothing Then
            If impact > 0 Then
                CorrectImpact impacts, row, impact, scheme, done
            ElseIf impact = XLGOV_ABSENT Then
                impact = XlgovReadScore(impacts.Values(row, 1), scheme.Impact, scheme.Size)
            End If
        End If
        isRated = (likelihood > 0 And impact > 0)
        If isRated Then
            rating = XlgovRate(scheme, likelihood, impact)
            CorrectRating ratings, row, CLng(rating), scheme, found.BandsStated, done
        Else
            isRated = StandingRating(ratings, row, scheme, rating)
            If likelihood > 0 Or impact > 0 Or Not IsIdle(ratings, row) Then done.LeftScores = done.LeftScores + 1
        End If
        If isRated And Not bands.Area Is Nothing Then CorrectLevel bands, row, rating, scheme, done
    Next row
    done.Ratings = done.Ratings + ratings.Changes
    done.Impacts = done.Impacts + impacts.Changes
    done.Levels = done.Levels + bands.Changes
    XlgovWriteColumn impacts
    XlgovWriteColumn ratings
    XlgovWriteColumn bands
End Sub

' The highest category; XLGOV_ABSENT where none is given, XLGOV_UNREADABLE where one cannot be
' read, because that one may be the highest.
Private Function DeriveImpact(ByRef categories() As Variant, ByVal count As Long, ByVal row As Long, _
                              ByRef scheme As XlgovRatingScheme) As Long
    Dim index As Long
    Dim score As Long
    Dim highest As Long

    highest = XLGOV_ABSENT
    For index = 1 To count
        score = XlgovReadScore(categories(index)(row, 1), scheme.Impact, scheme.Size)
        If score = XLGOV_UNREADABLE Then
            DeriveImpact = XLGOV_UNREADABLE
            Exit Function
        End If
        If score > highest Then highest = score
    Next index
    DeriveImpact = highest
End Function

Private Sub CorrectImpact(ByRef impacts As XlgovMeasure, ByVal row As Long, ByVal highest As Long, _
                          ByRef scheme As XlgovRatingScheme, ByRef done As Tally)
    Dim score As Double
    Dim status As Long
    Dim known As XlgovWordList
    Dim index As Long
    Dim written As Boolean
    Dim text As String

    If XlgovIsFormula(impacts, row) Then Exit Sub
    status = XlgovParseScore(impacts.Values(row, 1), scheme.Impact, score)
    If status = 1 And score = highest Then Exit Sub
    If XlgovIsBlank(impacts.Values(row, 1)) Then
        XlgovChangeCell impacts, row, highest
    ElseIf status <> 1 Then
        done.LeftLabels = done.LeftLabels + 1
    ElseIf VarType(impacts.Values(row, 1)) <> vbString Then
        XlgovChangeCell impacts, row, highest
    Else
        For index = 1 To scheme.Impact.Count
            If scheme.Impact.Scores(index) = score Then XlgovAddWord known, scheme.Impact.Shown(index), index
        Next index
        text = XlgovRewriteLabel(impacts.Values(row, 1), highest, known, _
                                 XlgovWordOfScore(scheme.Impact, highest), written)
        If written Then XlgovChangeCell impacts, row, text Else done.LeftLabels = done.LeftLabels + 1
    End If
End Sub

Private Sub CorrectRating(ByRef ratings As XlgovMeasure, ByVal row As Long, ByVal computed As Long, _
                          ByRef scheme As XlgovRatingScheme, ByVal bandsStated As Boolean, ByRef done As Tally)
    Dim shown As Double
    Dim status As Long
    Dim isEmptyCell As Boolean
    Dim written As Boolean
    Dim text As String

    If XlgovIsFormula(ratings, row) Then Exit Sub
    status = XlgovReadRating(ratings.Values(row, 1), shown, isEmptyCell)
    If isEmptyCell Then
        XlgovChangeCell ratings, row, computed
    ElseIf status = XLGOV_LEVEL Then
        If bandsStated Or scheme.BandsOnSheet Then CorrectLevel ratings, row, computed, scheme, done
    ElseIf status <> 1 Then
        done.LeftLabels = done.LeftLabels + 1
    ElseIf shown = computed Then
        Exit Sub
    ElseIf VarType(ratings.Values(row, 1)) <> vbString Then
        XlgovChangeCell ratings, row, computed
    Else
        text = RewriteRating(ratings.Values(row, 1), shown, computed, scheme, bandsStated, written)
        If written Then XlgovChangeCell ratings, row, text Else done.LeftLabels = done.LeftLabels + 1
    End If
End Sub

' "High (18)" with the new number and its band. Where nobody has stated the bands, the word must
' show that they are in force here: it must be the band of the number beside it.
Private Function RewriteRating(ByVal text As String, ByVal shown As Double, ByVal computed As Long, _
                               ByRef scheme As XlgovRatingScheme, ByVal bandsStated As Boolean, _
                               ByRef written As Boolean) As String
    Dim known As XlgovWordList
    Dim band As Long
    Dim word As String

    word = ""
    band = XlgovBandOf(scheme, computed)
    If band > 0 Then word = scheme.BandNames(band)
    If bandsStated Or scheme.BandsOnSheet Then
        RewriteRating = XlgovRewriteLabel(text, computed, scheme.BandWords, word, written)
    Else
        band = XlgovBandOf(scheme, shown)
        If band > 0 Then XlgovAddWord known, scheme.BandNames(band), band
        RewriteRating = XlgovRewriteLabel(text, computed, known, word, written)
    End If
End Function

' A level in words against the band of its rating; a word that is no band's name is left.
Private Sub CorrectLevel(ByRef levels As XlgovMeasure, ByVal row As Long, ByVal rating As Double, _
                         ByRef scheme As XlgovRatingScheme, ByRef done As Tally)
    Dim band As Long
    Dim said As String

    If XlgovIsFormula(levels, row) Then Exit Sub
    If VarType(levels.Values(row, 1)) <> vbString Then Exit Sub
    If XlgovIsBlank(levels.Values(row, 1)) Then Exit Sub
    band = XlgovBandOf(scheme, rating)
    If band = 0 Then Exit Sub
    said = XlgovWordKey(levels.Values(row, 1))
    If said = scheme.BandWords.Keys(band) Then Exit Sub
    If XlgovScoreOfWord(scheme.BandWords, said) = 0 Then
        done.LeftLabels = done.LeftLabels + 1
    Else
        XlgovChangeCell levels, row, XlgovMatchCase(Trim$(levels.Values(row, 1)), scheme.BandNames(band))
    End If
End Sub

' The rating that stands in the cell, where it is one that two scores can give.
Private Function StandingRating(ByRef ratings As XlgovMeasure, ByVal row As Long, _
                                ByRef scheme As XlgovRatingScheme, ByRef rating As Double) As Boolean
    Dim isEmptyCell As Boolean

    StandingRating = False
    If XlgovReadRating(ratings.Values(row, 1), rating, isEmptyCell) = 1 Then
        StandingRating = XlgovIsOnScale(scheme, rating)
    End If
End Function

' Whether a cell says nothing: blank, or a formula, which may show 0 on a blank row.
Private Function IsIdle(ByRef ratings As XlgovMeasure, ByVal row As Long) As Boolean
    IsIdle = XlgovIsBlank(ratings.Values(row, 1)) Or XlgovIsFormula(ratings, row)
End Function

Private Function TellTally(ByRef done As Tally) As String
    Dim message As String

    If done.Groups = 0 Then
        message = "No ratings were recalculated."
    Else
        message = "Ratings recalculated. " & PYTHON_NEEDED & vbLf & vbLf
        If done.Ratings + done.Impacts + done.Levels = 0 Then
            message = message & "All were right already."
        Else
            message = message & "Rewritten: " & XlgovCounted(done.Ratings, "rating", "ratings") & ", " & _
                      XlgovCounted(done.Impacts, "impact", "impacts") & ", " & _
                      XlgovCounted(done.Levels, "level", "levels") & "."
        End If
    End If
    If done.LeftScores > 0 Then
        message = message & vbLf & "Left as they are, because a score is blank or cannot be read: " & _
                  XlgovCounted(done.LeftScores, "rating", "ratings") & "."
    End If
    If done.LeftLabels > 0 Then
        message = message & vbLf & "Left as they are, because their words are not those of the scheme: " & _
                  XlgovCounted(done.LeftLabels, "cell", "cells") & "."
    End If
    If Len(done.Locked) > 0 Then
        message = message & vbLf & "Not written, because the sheet is protected: " & done.Locked & _
                  ". Unprotect it (Review, Unprotect Sheet) and press Recalculate again."
    End If
    If done.Broken > 0 Then
        message = message & vbLf & "Not rated, because cells were deleted since xlgov last looked: " & _
                  XlgovCounted(done.Broken, "block", "blocks") & ". Ask somebody who has xlgov with Python to " & _
                  "refresh this workbook."
    End If
    TellTally = message
End Function
