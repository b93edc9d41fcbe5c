Attribute VB_Name = "XlgovScores"
Option Explicit
Option Private Module
' Part of xlgov.
'
' Scores and ratings as people type them: 3, "3", 3 - Likely, Likely (3), III.
'
' The same rules as xlgov/risk/score.py, by hand because regular expressions are not there on a
' Mac: a text that is not plainly a score is not read.

Public Const XLGOV_ABSENT As Long = 0
Public Const XLGOV_UNREADABLE As Long = -1
Public Const XLGOV_LEVEL As Long = -2

' A label taken apart: the number, and the words beside it.
Private Type LabelParts
    Number As Long
    Rest As String
    Mark As String
    IsOpen As Boolean
    IsClosed As Boolean
    IsRoman As Boolean
End Type

Private Const NOT_GIVEN As String = "|-|--|n/a|na|n.a.|n/a.|not applicable|none|nil|"
Private Const PENDING As String = "|tbc|tba|tbd|?|to be confirmed|to be decided|awaited|"
Private Const LEVELS_1 As String = "|very low|low|medium low|medium|moderate|medium high|high|very high|"
Private Const LEVELS_2 As String = "critical|severe|extreme|significant|substantial|major|minor|"
Private Const LEVELS_3 As String = "tolerable|intolerable|green|yellow|amber|amber green|amber red|red|"
Private Const LEVELS_4 As String = "l|m|h|mh|vh|"
Private Const ROMANS As String = "|i|ii|iii|iv|v|vi|vii|viii|ix|x|"
Private Const LONGEST_LABEL As Long = 30
Private Const MOST_WORDS As Long = 3

' A likelihood or impact of 1 to size, XLGOV_ABSENT where none is given, else XLGOV_UNREADABLE.
Public Function XlgovReadScore(ByVal value As Variant, ByRef words As XlgovWordList, _
                               ByVal size As Long) As Long
    Dim score As Double
    Dim status As Long

    status = XlgovParseScore(value, words, score)
    If status = 1 And (score < 1 Or score > size) Then status = XLGOV_UNREADABLE
    If status = 1 Then XlgovReadScore = CLng(score) Else XlgovReadScore = status
End Function

' As XlgovReadScore, on a scale of any length: 1 with the score, XLGOV_ABSENT, XLGOV_UNREADABLE.
Public Function XlgovParseScore(ByVal value As Variant, ByRef words As XlgovWordList, _
                                ByRef score As Double) As Long
    Dim status As Long
    Dim known As Long

    known = 0
    If VarType(value) = vbString Then known = XlgovScoreOfWord(words, XlgovWordKey(CStr(value)))
    If known <> 0 Then
        score = known
        status = 1
    Else
        status = ReadAnyNumber(value, score)
        If status = XLGOV_LEVEL Then status = ReadLabel(CStr(value), words, score)
    End If
    If status = 1 And score <> Int(score) Then status = XLGOV_UNREADABLE
    XlgovParseScore = status
End Function

' A rating: 1 with its number, or XLGOV_ABSENT, XLGOV_LEVEL (a word alone), XLGOV_UNREADABLE.
' isBlank tells an empty cell from one that says "n/a".
Public Function XlgovReadRating(ByVal value As Variant, ByRef rating As Double, _
                                ByRef isBlank As Boolean) As Long
    Dim status As Long
    Dim parts As LabelParts
    Dim none As XlgovWordList

    isBlank = XlgovIsBlank(value)
    status = ReadAnyNumber(value, rating)
    If status = XLGOV_LEVEL Then
        If InStr(LEVELS_1 & LEVELS_2 & LEVELS_3 & LEVELS_4, "|" & XlgovWordKey(CStr(value)) & "|") = 0 Then
            status = XLGOV_UNREADABLE
            If SplitLabel(XlgovPlain(CStr(value)), none, False, parts) Then
                rating = parts.Number
                status = 1
            End If
        End If
    End If
    XlgovReadRating = status
End Function

' 1 with the number of a cell or of a text that is a number, XLGOV_ABSENT, XLGOV_UNREADABLE, or
' XLGOV_LEVEL for a text that may be a label.
Private Function ReadAnyNumber(ByVal value As Variant, ByRef number As Double) As Long
    Dim plain As String
    Dim place As Long

    ReadAnyNumber = XLGOV_UNREADABLE
    If IsError(value) Then Exit Function
    If XlgovIsBlank(value) Then
        ReadAnyNumber = XLGOV_ABSENT
        Exit Function
    End If
    If VarType(value) <> vbString Then
        If VarType(value) <> vbBoolean And IsNumeric(value) Then
            number = CDbl(value)
            ReadAnyNumber = 1
        End If
        Exit Function
    End If
    plain = XlgovPlain(CStr(value))
    If InStr(NOT_GIVEN, "|" & plain & "|") > 0 Then
        ReadAnyNumber = XLGOV_ABSENT
        Exit Function
    End If
    If InStr(PENDING, "|" & plain & "|") > 0 Then Exit Function
    If IsPlainNumber(plain) Then
        number = Val(plain)
        ReadAnyNumber = 1
        Exit Function
    End If
    place = RomanNumber(CStr(value))
    If place = 0 And Len(plain) > 2 Then
        If InStr("([", Left$(plain, 1)) > 0 And InStr(")]", Right$(plain, 1)) > 0 Then
            If IsDigits(Mid$(plain, 2, Len(plain) - 2)) And Len(plain) < 9 Then
                place = CLng(Mid$(plain, 2, Len(plain) - 2))
                number = place
                ReadAnyNumber = 1
                Exit Function
            End If
        End If
    End If
    If place > 0 Then
        number = place
        ReadAnyNumber = 1
    Else
        ReadAnyNumber = XLGOV_LEVEL
    End If
End Function

' Numerals in capitals; in small letters from two on, since a lone x or i is a tick or a bullet.
Private Function RomanNumber(ByVal text As String) As Long
    Dim bare As String

    RomanNumber = 0
    bare = Trim$(text)
    If bare = UCase$(bare) Or (Len(bare) > 1 And bare = LCase$(bare)) Then
        RomanNumber = PlaceOfRoman(LCase$(bare))
    End If
End Function

Private Function PlaceOfRoman(ByVal numeral As String) As Long
    Dim numerals() As String
    Dim index As Long

    PlaceOfRoman = 0
    numerals = Split(Mid$(ROMANS, 2, Len(ROMANS) - 2), "|")
    For index = LBound(numerals) To UBound(numerals)
        If numerals(index) = numeral Then PlaceOfRoman = index - LBound(numerals) + 1
    Next index
End Function

Private Function ReadLabel(ByVal text As String, ByRef words As XlgovWordList, ByRef score As Double) As Long
    Dim plain As String
    Dim parts As LabelParts
    Dim meant As Long

    ReadLabel = XLGOV_UNREADABLE
    plain = XlgovPlain(text)
    If Len(plain) >= 2 And Len(plain) <= 3 And InStr("li", Left$(plain, 1)) > 0 Then
        If IsDigits(Mid$(plain, 2)) Then
            score = CLng(Mid$(plain, 2))
            ReadLabel = 1
            Exit Function
        End If
    End If
    If Not SplitLabel(plain, words, True, parts) Then Exit Function
    meant = XlgovScoreOfWord(words, XlgovWordKey(parts.Rest))
    If meant <> 0 And meant <> parts.Number Then Exit Function
    score = parts.Number
    ReadLabel = 1
End Function

' Number and words of a label, the number in front or behind. A rating takes any short word.
Private Function SplitLabel(ByVal plain As String, ByRef words As XlgovWordList, _
                            ByVal isScore As Boolean, ByRef parts As LabelParts) As Boolean
    SplitLabel = False
    If SplitLeading(plain, parts) Then
        If IsLabel(words, isScore, True, parts) Then SplitLabel = True
    End If
    If Not SplitLabel Then
        If SplitTrailing(plain, parts) Then
            If IsLabel(words, isScore, False, parts) Then SplitLabel = True
        End If
    End If
End Function

Private Function IsLabel(ByRef words As XlgovWordList, ByVal isScore As Boolean, _
                         ByVal isLeading As Boolean, ByRef parts As LabelParts) As Boolean
    Dim isKnown As Boolean
    Dim isSetOff As Boolean
    Dim isLoose As Boolean

    IsLabel = False
    If parts.Number = 0 And parts.IsRoman Then Exit Function
    isKnown = False
    If isScore Then isKnown = (XlgovScoreOfWord(words, XlgovWordKey(parts.Rest)) <> 0)
    If parts.IsOpen <> parts.IsClosed Then
        If Not (isKnown And Not parts.IsOpen And isLeading) Then Exit Function
    End If
    isLoose = Not isScore And InStr(parts.Mark, ".") = 0
    isSetOff = parts.IsOpen Or parts.Mark = "-" Or parts.Mark = ":" Or parts.Mark = "="
    If isLeading And Left$(parts.Rest, 1) = "(" And Right$(parts.Rest, 1) = ")" Then isSetOff = True
    If isKnown Then
        IsLabel = True
    ElseIf Not parts.IsRoman And (isSetOff Or isLoose) Then
        IsLabel = IsShortWord(parts.Rest)
    End If
End Function

Private Sub ClearParts(ByRef parts As LabelParts)
    parts.Number = 0
    parts.Rest = ""
    parts.Mark = ""
    parts.IsOpen = False
    parts.IsClosed = False
    parts.IsRoman = False
End Sub

' "3 - likely", "(3) likely", "iii: likely"
Private Function SplitLeading(ByVal plain As String, ByRef parts As LabelParts) As Boolean
    Dim place As Long
    Dim start As Long

    SplitLeading = False
    ClearParts parts
    place = 1
    If XlgovIsOneOf(Mid$(plain, place, 1), "([") Then
        parts.IsOpen = True
        place = place + 1
    End If
    start = place
    If XlgovIsOneOf(Mid$(plain, place, 1), "0123456789") Then
        Do While XlgovIsOneOf(Mid$(plain, place, 1), "0123456789")
            place = place + 1
        Loop
        If place - start > 3 Then Exit Function
        parts.Number = CLng(Mid$(plain, start, place - start))
        If Mid$(plain, place, 2) = ".0" Then
            place = place + 1
            Do While Mid$(plain, place, 1) = "0"
                place = place + 1
            Loop
        End If
    Else
        Do While XlgovIsOneOf(Mid$(plain, place, 1), "ivx")
            place = place + 1
        Loop
        If place = start Then Exit Function
        parts.IsRoman = True
        parts.Number = PlaceOfRoman(Mid$(plain, start, place - start))
    End If
    If XlgovIsOneOf(Mid$(plain, place, 1), ")]") Then
        parts.IsClosed = True
        place = place + 1
    End If
    start = place
    Do While Mid$(plain, place, 1) = " "
        place = place + 1
    Loop
    If XlgovIsOneOf(Mid$(plain, place, 1), "-:=./") Then
        parts.Mark = Mid$(plain, place, 1)
        place = place + 1
    ElseIf place = start Then
        Exit Function
    End If
    parts.Rest = Trim$(Mid$(plain, place))
    SplitLeading = True
End Function

' "likely - 3", "likely (3)", "likely 3"
Private Function SplitTrailing(ByVal plain As String, ByRef parts As LabelParts) As Boolean
    Dim finish As Long
    Dim start As Long
    Dim spaces As Long

    SplitTrailing = False
    ClearParts parts
    finish = Len(plain)
    If finish = 0 Then Exit Function
    If XlgovIsOneOf(Mid$(plain, finish, 1), ")]") Then
        parts.IsClosed = True
        finish = Len(RTrim$(Left$(plain, finish - 1)))
    End If
    start = StartOfDigits(plain, finish)
    If start > finish Then Exit Function
    If start > 2 Then
        ' the noughts of 3.0
        If Mid$(plain, start - 1, 1) = "." And Val(Mid$(plain, start, finish - start + 1)) = 0 Then
            If XlgovIsOneOf(Mid$(plain, start - 2, 1), "0123456789") Then
                finish = start - 2
                start = StartOfDigits(plain, finish)
            End If
        End If
    End If
    If finish - start + 1 > 3 Then Exit Function
    parts.Number = CLng(Mid$(plain, start, finish - start + 1))
    finish = Len(RTrim$(Left$(plain, start - 1)))
    spaces = start - 1 - finish
    If finish > 0 Then
        If XlgovIsOneOf(Mid$(plain, finish, 1), "([") Then
            parts.IsOpen = True
            spaces = 1
            finish = Len(RTrim$(Left$(plain, finish - 1)))
        End If
    End If
    If finish > 0 Then
        If XlgovIsOneOf(Mid$(plain, finish, 1), "-:=/") Then
            parts.Mark = Mid$(plain, finish, 1)
            spaces = 1
            finish = finish - 1
        End If
    End If
    If spaces = 0 Then Exit Function
    parts.Rest = Trim$(Left$(plain, finish))
    SplitTrailing = True
End Function

' The place of the first of the digits that end at finish; finish + 1 where there are none.
Private Function StartOfDigits(ByVal text As String, ByVal finish As Long) As Long
    Dim place As Long

    place = finish
    Do While place > 0
        If Not XlgovIsOneOf(Mid$(text, place, 1), "0123456789") Then Exit Do
        place = place - 1
    Loop
    StartOfDigits = place + 1
End Function

Private Function IsShortWord(ByVal rest As String) As Boolean
    Dim key As String

    IsShortWord = False
    If Len(rest) = 0 Or Len(rest) > LONGEST_LABEL Then Exit Function
    If XlgovFirstDigit(rest, 1) > 0 Or InStr(rest, "%") > 0 Then Exit Function
    key = XlgovWordKey(rest)
    If Len(key) = 0 Then Exit Function
    IsShortWord = (Len(key) - Len(Replace(key, " ", "")) < MOST_WORDS)
End Function

' Digits with an optional sign and decimals: never what IsNumeric takes besides, such as "1e5".
Private Function IsPlainNumber(ByVal text As String) As Boolean
    Dim bare As String
    Dim point As Long

    IsPlainNumber = False
    bare = text
    If XlgovIsOneOf(Left$(bare, 1), "+-") Then bare = Mid$(bare, 2)
    point = InStr(bare, ".")
    If point = 0 Then
        IsPlainNumber = IsDigits(bare) And Len(bare) <= 6
    ElseIf point <= 7 Then
        IsPlainNumber = IsDigits(Left$(bare, point - 1)) And IsDigits(Mid$(bare, point + 1))
    End If
End Function

Private Function IsDigits(ByVal text As String) As Boolean
    Dim place As Long

    IsDigits = (Len(text) > 0)
    For place = 1 To Len(text)
        If Not XlgovIsOneOf(Mid$(text, place, 1), "0123456789") Then IsDigits = False
    Next place
End Function
