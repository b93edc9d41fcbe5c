Attribute VB_Name = "XlgovWords"
Option Explicit
Option Private Module
' Part of xlgov.
'
' Words of the scales and bands: compared without case and punctuation, and exchanged in labels.
'
' The same rules as xlgov/risk/words.py and xlgov/risk/label.py: a label is rewritten only where its
' word still fits its number, and keeps its form and its capitals.

' Words of one scale: Keys as XlgovWordKey gives them, Shown as people write them.
Public Type XlgovWordList
    Count As Long
    Keys As Variant
    Shown As Variant
    Scores As Variant
End Type

' The text with its number exchanged, and its word where that is one of the known; done says
' whether it could be kept truthful. newWord is the word of the new number, "" where it has none.
Public Function XlgovRewriteLabel(ByVal text As String, ByVal number As Long, _
                                  ByRef known As XlgovWordList, ByVal newWord As String, _
                                  ByRef done As Boolean) As String
    Dim start As Long
    Dim finish As Long
    Dim before As String
    Dim after As String

    done = False
    XlgovRewriteLabel = text
    start = XlgovFirstDigit(text, 1)
    If start = 0 Then
        If Len(newWord) > 0 And XlgovScoreOfWord(known, XlgovWordKey(text)) <> 0 Then
            XlgovRewriteLabel = SwapWord(text, newWord)
            done = True
        End If
        Exit Function
    End If
    finish = EndOfNumber(text, start)
    If XlgovFirstDigit(text, finish + 1) > 0 Then Exit Function
    before = Left$(text, start - 1)
    after = Mid$(text, finish + 1)
    If Len(XlgovWordKey(before)) = 0 And Len(XlgovWordKey(after)) = 0 Then
        XlgovRewriteLabel = before & CStr(number) & after
        done = True
    ElseIf Len(XlgovWordKey(before)) > 0 And Len(XlgovWordKey(after)) > 0 Then
        Exit Function
    ElseIf Len(newWord) = 0 Then
        Exit Function
    ElseIf Len(XlgovWordKey(before)) > 0 Then
        If XlgovScoreOfWord(known, XlgovWordKey(before)) = 0 Then Exit Function
        XlgovRewriteLabel = SwapWord(before, newWord) & CStr(number) & after
        done = True
    Else
        If XlgovScoreOfWord(known, XlgovWordKey(after)) = 0 Then Exit Function
        XlgovRewriteLabel = before & CStr(number) & SwapWord(after, newWord)
        done = True
    End If
End Function

' newWord in capitals or small letters where oldWord was.
Public Function XlgovMatchCase(ByVal oldWord As String, ByVal newWord As String) As String
    If LCase$(oldWord) = UCase$(oldWord) Then
        XlgovMatchCase = newWord
    ElseIf Len(oldWord) > 1 And oldWord = UCase$(oldWord) Then
        XlgovMatchCase = UCase$(newWord)
    ElseIf oldWord = LCase$(oldWord) Then
        XlgovMatchCase = LCase$(newWord)
    Else
        XlgovMatchCase = newWord
    End If
End Function

Public Sub XlgovAddWord(ByRef words As XlgovWordList, ByVal word As String, ByVal score As Long)
    words.Count = words.Count + 1
    words.Keys = XlgovAppended(words.Keys, words.Count, XlgovWordKey(word))
    words.Shown = XlgovAppended(words.Shown, words.Count, Trim$(word))
    words.Scores = XlgovAppended(words.Scores, words.Count, score)
End Sub

' A list from 1 with one more value at its end; count is its new length.
Public Function XlgovAppended(ByVal list As Variant, ByVal count As Long, ByVal value As Variant) As Variant
    Dim longer() As Variant
    Dim index As Long

    ReDim longer(1 To count)
    For index = 1 To count - 1
        longer(index) = list(index)
    Next index
    longer(count) = value
    XlgovAppended = longer
End Function

' The score of a word by its key, 0 where the list does not hold it.
Public Function XlgovScoreOfWord(ByRef words As XlgovWordList, ByVal key As String) As Long
    Dim index As Long

    XlgovScoreOfWord = 0
    If Len(key) = 0 Then Exit Function
    For index = 1 To words.Count
        If words.Keys(index) = key Then
            XlgovScoreOfWord = words.Scores(index)
            Exit Function
        End If
    Next index
End Function

' The first word of a score with a capital, "" where it has none.
Public Function XlgovWordOfScore(ByRef words As XlgovWordList, ByVal score As Long) As String
    Dim index As Long

    XlgovWordOfScore = ""
    For index = 1 To words.Count
        If words.Scores(index) = score Then
            XlgovWordOfScore = UCase$(Left$(words.Shown(index), 1)) & LCase$(Mid$(words.Shown(index), 2))
            Exit Function
        End If
    Next index
End Function

' What two spellings of a word have in common: small letters, single spaces, no punctuation.
Public Function XlgovWordKey(ByVal text As String) As String
    Dim lower As String
    Dim key As String
    Dim index As Long
    Dim letter As String

    lower = LCase$(text)
    key = ""
    For index = 1 To Len(lower)
        letter = Mid$(lower, index, 1)
        If IsWordLetter(letter) Then
            key = key & letter
        ElseIf Len(key) > 0 And Right$(key, 1) <> " " Then
            key = key & " "
        End If
    Next index
    XlgovWordKey = Trim$(key)
End Function

' Small letters, one kind of dash, single spaces.
Public Function XlgovPlain(ByVal text As String) As String
    Dim plain As String
    Dim code As Long

    plain = LCase$(text)
    For code = &H2010& To &H2014&
        plain = Replace(plain, ChrW$(code), "-")
    Next code
    plain = Replace(plain, ChrW$(&H2212&), "-")
    plain = Replace(plain, ChrW$(160), " ")
    plain = Replace(plain, vbTab, " ")
    plain = Replace(plain, vbCr, " ")
    plain = Replace(plain, vbLf, " ")
    Do While InStr(plain, "  ") > 0
        plain = Replace(plain, "  ", " ")
    Loop
    XlgovPlain = Trim$(plain)
End Function

' True for an empty cell and for text of nothing but white space. Zero is not blank.
Public Function XlgovIsBlank(ByVal value As Variant) As Boolean
    If IsError(value) Then
        XlgovIsBlank = False
    ElseIf IsEmpty(value) Then
        XlgovIsBlank = True
    ElseIf VarType(value) = vbString Then
        XlgovIsBlank = (Len(XlgovPlain(CStr(value))) = 0)
    Else
        XlgovIsBlank = False
    End If
End Function

' The new word between the old one's joints, in its case.
Private Function SwapWord(ByVal part As String, ByVal word As String) As String
    Dim joints As String
    Dim start As Long
    Dim finish As Long

    joints = " -:=/([)]" & ChrW$(&H2013&) & ChrW$(&H2014&) & vbTab & vbLf
    start = 1
    finish = Len(part)
    Do While start < finish And InStr(joints, Mid$(part, start, 1)) > 0
        start = start + 1
    Loop
    Do While finish > start And InStr(joints, Mid$(part, finish, 1)) > 0
        finish = finish - 1
    Loop
    SwapWord = Left$(part, start - 1) & XlgovMatchCase(Mid$(part, start, finish - start + 1), word) & _
               Mid$(part, finish + 1)
End Function

Public Function XlgovFirstDigit(ByVal text As String, ByVal start As Long) As Long
    Dim place As Long

    XlgovFirstDigit = 0
    For place = start To Len(text)
        If XlgovIsOneOf(Mid$(text, place, 1), "0123456789") Then
            XlgovFirstDigit = place
            Exit Function
        End If
    Next place
End Function

' Where the number that starts at start ends, its decimals included.
Private Function EndOfNumber(ByVal text As String, ByVal start As Long) As Long
    Dim place As Long

    place = start
    Do While XlgovIsOneOf(Mid$(text, place + 1, 1), "0123456789")
        place = place + 1
    Loop
    If Mid$(text, place + 1, 1) = "." And XlgovIsOneOf(Mid$(text, place + 2, 1), "0123456789") Then
        place = place + 2
        Do While XlgovIsOneOf(Mid$(text, place + 1, 1), "0123456789")
            place = place + 1
        Loop
    End If
    EndOfNumber = place
End Function

' Whether a character is one of a set. InStr finds "" everywhere, so past the end is asked first.
Public Function XlgovIsOneOf(ByVal letter As String, ByVal allowed As String) As Boolean
    XlgovIsOneOf = False
    If Len(letter) = 1 Then XlgovIsOneOf = (InStr(1, allowed, letter, vbBinaryCompare) > 0)
End Function

' Letters and digits of any script; the code of a character is negative from 32768 on.
Private Function IsWordLetter(ByVal letter As String) As Boolean
    Dim code As Long

    code = AscW(letter) And &HFFFF&
    If code < 128 Then
        IsWordLetter = (letter >= "a" And letter <= "z") Or (letter >= "0" And letter <= "9")
    ElseIf code < 192 Then
        IsWordLetter = (code = 170 Or code = 181 Or code = 186)
    ElseIf code = 215 Or code = 247 Then
        IsWordLetter = False
    Else
        IsWordLetter = Not ((code >= &H2000& And code <= &H2BFF&) Or (code >= &H3000& And code <= &H303F&))
    End If
End Function
