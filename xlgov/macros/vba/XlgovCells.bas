Attribute VB_Name = "XlgovCells"
Option Explicit
Option Private Module
' Part of xlgov.
'
' Cells read and written a block at a time, and put back when somebody asks for it.
'
' Only cells that change are written, each run of neighbours at once, so that ten thousand rows are
' a few writes and no other cell is touched.

' One area of one measure: what its cells hold, and what they are to hold.
Public Type XlgovMeasure
    Area As Range
    Values As Variant
    Formulas As Variant
    HasFormulas As Boolean
    After As Variant
    Changed As Variant
    Changes As Long
End Type

' What the last recalculation wrote, run by run, to be taken back: Range, values before and after.
Private undoBook As String
Private undoCount As Long
Private undoRuns() As Variant

' Whether the last recalculation of a workbook was done here and can be taken back.
Public Function XlgovCanUndoRatings(ByVal book As Workbook) As Boolean
    XlgovCanUndoRatings = (undoCount > 0 And undoBook = book.FullName)
End Function

' Another recalculation has followed, or is about to.
Public Sub XlgovForgetUndo()
    undoBook = ""
    undoCount = 0
    Erase undoRuns
End Sub

' What is written from now on is of this workbook, and what was written before is forgotten.
Public Sub XlgovBeginUndo(ByVal book As Workbook)
    XlgovForgetUndo
    undoBook = book.FullName
End Sub

' Puts back what the last recalculation of ours wrote since Excel was started.
Public Function XlgovUndoRatings(ByVal book As Workbook) As String
    Dim index As Long
    Dim restored As Long
    Dim kept As Long

    If Not XlgovCanUndoRatings(book) Then
        XlgovUndoRatings = "There is nothing to undo: no ratings of this workbook were recalculated " & _
                           "without Python since Excel was started."
        Exit Function
    End If
    On Error GoTo Failed
    For index = undoCount To 1 Step -1
        RestoreRun undoRuns(index), restored, kept
        undoCount = index - 1
    Next index
    XlgovUndoRatings = XlgovCounted(restored, "cell", "cells") & " put back."
    If kept > 0 Then
        XlgovUndoRatings = XlgovUndoRatings & " " & XlgovCounted(kept, "cell", "cells") & _
                           " changed since then and left."
    End If
    Exit Function
Failed:
    XlgovUndoRatings = "Not all cells could be put back: " & Err.Description
End Function

Public Sub XlgovReadColumn(ByVal area As Range, ByRef one As XlgovMeasure)
    Dim state As Variant
    Dim after() As Variant
    Dim changed() As Boolean

    ReDim after(1 To area.Rows.Count)
    ReDim changed(1 To area.Rows.Count)
    Set one.Area = area
    one.Values = XlgovAreaValues(area)
    one.After = after
    one.Changed = changed
    one.Changes = 0
    state = area.HasFormula
    one.HasFormulas = True
    If Not IsNull(state) Then one.HasFormulas = CBool(state)
    If one.HasFormulas Then one.Formulas = area.Formula
End Sub

Public Function XlgovIsFormula(ByRef one As XlgovMeasure, ByVal row As Long) As Boolean
    Dim formula As Variant

    XlgovIsFormula = False
    If Not one.HasFormulas Then Exit Function
    If IsArray(one.Formulas) Then formula = one.Formulas(row, 1) Else formula = one.Formulas
    If VarType(formula) = vbString Then XlgovIsFormula = (Left$(formula, 1) = "=")
End Function

Public Sub XlgovChangeCell(ByRef one As XlgovMeasure, ByVal row As Long, ByVal value As Variant)
    one.After(row) = value
    one.Changed(row) = True
    one.Changes = one.Changes + 1
End Sub

' Writes the changed cells of an area, each run of neighbours at once.
Public Sub XlgovWriteColumn(ByRef one As XlgovMeasure)
    Dim first As Long
    Dim last As Long
    Dim height As Long
    Dim row As Long
    Dim before() As Variant
    Dim after() As Variant

    If one.Changes = 0 Then Exit Sub
    height = one.Area.Rows.Count
    first = 1
    Do While first <= height
        If one.Changed(first) Then
            last = first
            Do While last < height
                If Not one.Changed(last + 1) Then Exit Do
                last = last + 1
            Loop
            ReDim before(1 To last - first + 1, 1 To 1)
            ReDim after(1 To last - first + 1, 1 To 1)
            For row = first To last
                before(row - first + 1, 1) = one.Values(row, 1)
                after(row - first + 1, 1) = one.After(row)
            Next row
            WriteRun one.Area.Cells(first, 1).Resize(last - first + 1, 1), after
            RememberRun one.Area.Cells(first, 1).Resize(last - first + 1, 1), before, after
            first = last
        End If
        first = first + 1
    Loop
End Sub

' Numbers go in as one block; text goes in cell by cell, so that Excel reads none of it as another thing.
Private Sub WriteRun(ByVal area As Range, ByRef values() As Variant)
    Dim row As Long
    Dim hasText As Boolean

    hasText = False
    For row = 1 To UBound(values, 1)
        If VarType(values(row, 1)) = vbString Then hasText = True
    Next row
    If Not hasText Then
        area.Value2 = values
        Exit Sub
    End If
    For row = 1 To UBound(values, 1)
        WriteCell area.Cells(row, 1), values(row, 1)
    Next row
End Sub

Private Sub WriteCell(ByVal cell As Range, ByVal value As Variant)
    Dim isAmbiguous As Boolean

    isAmbiguous = False
    If VarType(value) = vbString Then
        isAmbiguous = IsNumeric(value) Or IsDate(value) Or InStr("=+-@'", Left$(value & " ", 1)) > 0
    End If
    If isAmbiguous Then
        If cell.NumberFormat <> "@" Then
            cell.Value2 = "'" & value
            Exit Sub
        End If
    End If
    cell.Value2 = value
End Sub

Private Sub RememberRun(ByVal area As Range, ByRef before() As Variant, ByRef after() As Variant)
    undoCount = undoCount + 1
    ReDim Preserve undoRuns(1 To undoCount)
    undoRuns(undoCount) = Array(area, before, after)
End Sub

' Puts back the cells of a run that still hold what was written there.
Private Sub RestoreRun(ByVal written As Variant, ByRef restored As Long, ByRef kept As Long)
    Dim area As Range
    Dim standing As Variant
    Dim row As Long

    Set area = written(0)
    standing = XlgovAreaValues(area)
    For row = 1 To UBound(standing, 1)
        If IsSame(standing(row, 1), written(2)(row, 1)) Then
            WriteCell area.Cells(row, 1), written(1)(row, 1)
            restored = restored + 1
        Else
            kept = kept + 1
        End If
    Next row
End Sub

' A cell formatted as text gives back the number 9 as the text 9.
Private Function IsSame(ByVal standing As Variant, ByVal written As Variant) As Boolean
    IsSame = False
    If IsError(standing) Then Exit Function
    IsSame = (CStr(standing) = CStr(written))
End Function

Public Function XlgovCounted(ByVal count As Long, ByVal one As String, ByVal many As String) As String
    If count = 1 Then XlgovCounted = "1 " & one Else XlgovCounted = CStr(count) & " " & many
End Function
