Attribute VB_Name = "XlgovPython"
Option Explicit
Option Private Module
' Part of xlgov.
'
' Starts Python for a workbook and waits until it has answered.
'
' Why our own and not the add-in of xlwings: its module declares Win32 calls, which attack surface
' reduction rules block, and joins its command by hand for cmd.exe. Here nothing is declared, no
' cmd.exe runs, nothing is written to disk, and no text of a workbook reaches a command line
' without being quoted. What Python has to say it says in Excel; its exit status is all we read.
' On a Mac only an AppleScript may start a program: the one that "xlwings runpython install" puts
' into ~/Library/Application Scripts/com.microsoft.Excel.

Public Const XLGOV_NOT_STARTED As Long = -1

' What was asked last time it failed, for Help: "" where Python has answered since.
Public XlgovLastFailure As String

Private Const PERCENT_NAME As String = "XLGOV_PERCENT"
Private Const USUAL_INTERPRETER As String = "python"
Private Const USUAL_SCRIPT As String = "xlwings-0.37.8.applescript"
Private Const HIDDEN_WINDOW As Long = 0

' Runs a line of Python for a workbook. 0 where Python has dealt with it, its exit status where it
' has not, XLGOV_NOT_STARTED where it could not be started. A Mac tells no status: there 0 means
' that it was started.
Public Function XlgovRunPython(ByVal code As String, ByVal book As Workbook) As Long
    Dim status As Long

    XlgovLastFailure = ""
    If Not XlgovIsPlainName(book.Name) Then
        XlgovLastFailure = "The name of this workbook has a character that a command cannot carry. Rename the file."
        XlgovRunPython = XLGOV_NOT_STARTED
        Exit Function
    End If
    #If Mac Then
        status = RunOnMac(XlgovMacParameters(XlgovInterpreter(), code, book.Name, MacApplication(), MacLog()))
    #Else
        status = RunOnWindows(XlgovCommandLine(XlgovInterpreter(), code, book.Name, _
            Application.Path & "\" & Application.Name, CStr(Application.Hwnd)))
    #End If
    If status = XLGOV_NOT_STARTED Then
        XlgovLastFailure = "Python could not be started."
    ElseIf status <> 0 Then
        XlgovLastFailure = "Python was started and stopped with status " & CStr(status) & "."
    End If
    XlgovRunPython = status
End Function

' 0 where Python starts and has xlgov and xlwings, 3 where one of them is missing.
Public Function XlgovProbePython() As Long
    #If Mac Then
        XlgovProbePython = XLGOV_NOT_STARTED
    #Else
        XlgovProbePython = RunOnWindows(QuotedProgram(XlgovInterpreter()) & " -P -c ""import sys, importlib.util as u; " & _
            "sys.exit(0 if u.find_spec('xlgov') and u.find_spec('xlwings') else 3)""")
    #End If
End Function

' The command for Windows. Run would put in the value of %NAME%, so each percent sign is itself
' written as the value of a variable. -P: no module is taken from the folder Excel is in.
Public Function XlgovCommandLine(ByVal interpreter As String, ByVal code As String, _
                                 ByVal bookName As String, ByVal applicationPath As String, _
                                 ByVal window As String) As String
    XlgovCommandLine = QuotedProgram(interpreter) & " -P -B -c " & Quoted(code) & " --wb=" & Quoted(bookName) & _
        " --from_xl=1 --app=" & Quoted(applicationPath) & " --hwnd=" & Quoted(window)
End Function

' What the AppleScript of xlwings takes: six fields with bars between. It puts the command and the
' name between double quotes of a shell.
Public Function XlgovMacParameters(ByVal interpreter As String, ByVal code As String, _
                                   ByVal bookName As String, ByVal applicationPath As String, _
                                   ByVal logPath As String) As String
    Dim program As String

    program = interpreter
    If program <> USUAL_INTERPRETER Then program = "'" & Replace(program, "'", "'\''") & "'"
    XlgovMacParameters = "false;;;;;|" & program & " -P|" & ShellText(code) & "|" & ShellText(bookName) & _
        "|" & ShellText(applicationPath) & "|" & ShellText(logPath)
End Function

' A text as a Python literal of plain letters: all but ASCII letters and digits as \u and \U.
Public Function XlgovPythonText(ByVal text As String) As String
    Dim index As Long
    Dim code As Long
    Dim following As Long
    Dim literal As String

    literal = "'"
    index = 1
    Do While index <= Len(text)
        code = AscW(Mid$(text, index, 1)) And &HFFFF&
        following = 0
        If code >= &HD800& And code <= &HDBFF& And index < Len(text) Then
            following = AscW(Mid$(text, index + 1, 1)) And &HFFFF&
            If following < &HDC00& Or following > &HDFFF& Then following = 0
        End If
        If following <> 0 Then
            code = (code - &HD800&) * &H400& + (following - &HDC00&) + &H10000
            literal = literal & "\U" & Right$("0000000" & Hex$(code), 8)
            index = index + 1
        ElseIf (code >= 48 And code <= 57) Or (code >= 65 And code <= 90) Or (code >= 97 And code <= 122) Then
            literal = literal & Chr$(code)
        Else
            literal = literal & "\u" & Right$("000" & Hex$(code), 4)
        End If
        index = index + 1
    Loop
    XlgovPythonText = literal & "'"
End Function

' Whether a name can stand between quotes. Windows allows no quote in a name; a Mac does.
Public Function XlgovIsPlainName(ByVal bookName As String) As Boolean
    Dim index As Long
    Dim code As Long

    XlgovIsPlainName = (Len(bookName) > 0)
    For index = 1 To Len(bookName)
        code = AscW(Mid$(bookName, index, 1)) And &HFFFF&
        If code < 32 Or code = 34 Or code = 124 Then XlgovIsPlainName = False
    Next index
End Function

' The interpreter: XLGOV_PYTHON, else the user's settings of xlwings, else python.
Public Function XlgovInterpreter() As String
    Dim found As String

    found = Unquoted(Environ$("XLGOV_PYTHON"))
    If Len(found) = 0 Then found = InterpreterOfSettings()
    If Len(found) = 0 Then found = USUAL_INTERPRETER
    XlgovInterpreter = found
End Function

' Where the interpreter was stated, for Help.
Public Function XlgovInterpreterSource() As String
    If Len(Unquoted(Environ$("XLGOV_PYTHON"))) > 0 Then
        XlgovInterpreterSource = "the environment variable XLGOV_PYTHON"
    ElseIf Len(InterpreterOfSettings()) > 0 Then
        XlgovInterpreterSource = "the settings of xlwings"
    Else
        XlgovInterpreterSource = "nowhere, so the usual one"
    End If
End Function

' The value of a key in a line of xlwings.conf, such as "INTERPRETER_WIN","python".
Public Function XlgovSettingOfLine(ByVal content As String, ByVal key As String) As String
    Dim start As Long
    Dim comma As Long

    XlgovSettingOfLine = ""
    start = InStr(1, content, """" & key & """", vbTextCompare)
    If start = 0 Or start > 4 Then Exit Function
    comma = InStr(start + Len(key) + 2, content, ",")
    If comma > 0 Then XlgovSettingOfLine = Unquoted(Mid$(content, comma + 1))
End Function

Private Function InterpreterOfSettings() As String
    #If Mac Then
        InterpreterOfSettings = SettingOfFile(Environ$("HOME") & "/xlwings.conf", "INTERPRETER_MAC")
    #Else
        InterpreterOfSettings = SettingOfFile(Environ$("USERPROFILE") & "\.xlwings\xlwings.conf", "INTERPRETER_WIN")
    #End If
End Function

' The value of a key in a settings file, "" where there is no such file or key.
Private Function SettingOfFile(ByVal path As String, ByVal key As String) As String
    Dim file As Integer
    Dim content As String
    Dim found As String

    On Error GoTo NoFile
    file = 0
    found = ""
    If Len(Dir$(path)) = 0 Then Exit Function
    file = FreeFile
    Open path For Input As #file
    Do While Len(found) = 0 And Not EOF(file)
        Line Input #file, content
        found = XlgovSettingOfLine(content, key)
    Loop
    Close #file
    SettingOfFile = found
    Exit Function
NoFile:
    If file <> 0 Then Close #file
    SettingOfFile = ""
End Function

' Starts a command without a window and waits. Run goes past cmd.exe, and starts in the user's own
' folder: in Excel's, a shared one, somebody may have put another python.exe.
Private Function RunOnWindows(ByVal command As String) As Long
    Dim host As Object
    Dim folder As String

    On Error GoTo NotStarted
    folder = ""
    Set host = CreateObject("WScript.Shell")
    host.Environment("Process").Item(PERCENT_NAME) = "%"
    folder = host.CurrentDirectory
    host.CurrentDirectory = Environ$("USERPROFILE")
    RunOnWindows = host.Run(command, HIDDEN_WINDOW, True)
PutBack:
    On Error Resume Next
    If Len(folder) > 0 Then host.CurrentDirectory = folder
    host.Environment("Process").Remove PERCENT_NAME
    Exit Function
NotStarted:
    RunOnWindows = XLGOV_NOT_STARTED
    Resume PutBack
End Function

#If Mac Then
Private Function RunOnMac(ByVal parameters As String) As Long
    Dim answer As String

    On Error GoTo NotStarted
    answer = AppleScriptTask(MacScriptName(), "VbaHandler", parameters)
    RunOnMac = 0
    If answer = "1" Then RunOnMac = XLGOV_NOT_STARTED
    Exit Function
NotStarted:
    RunOnMac = XLGOV_NOT_STARTED
End Function

' The script that xlwings installed carries its version in its name.
Private Function MacScriptName() As String
    Dim folder As String
    Dim entry As String

    MacScriptName = USUAL_SCRIPT
    On Error GoTo Unreadable
    folder = Split(Environ$("HOME"), "/Library/Containers/")(0) & "/Library/Application Scripts/com.microsoft.Excel/"
    entry = Dir$(folder)
    Do While Len(entry) > 0
        If Left$(entry, 8) = "xlwings-" And Right$(entry, 12) = ".applescript" Then MacScriptName = entry
        entry = Dir$()
    Loop
    Exit Function
Unreadable:
    MacScriptName = USUAL_SCRIPT
End Function

Private Function MacApplication() As String
    MacApplication = Application.Path
    If Right$(MacApplication, 4) = "/MacOS" Then MacApplication = Left$(MacApplication, Len(MacApplication) - 4)
End Function

Private Function MacLog() As String
    MacLog = Environ$("HOME") & "/xlwings.log"
End Function
#End If

' A program's path in quotes; a bare name such as python as it is.
Private Function QuotedProgram(ByVal interpreter As String) As String
    If InStr(interpreter, "\") + InStr(interpreter, "/") + InStr(interpreter, " ") = 0 Then
        QuotedProgram = interpreter
    Else
        QuotedProgram = """" & interpreter & """"
    End If
End Function

' An argument in quotes that is exactly this text for the program that is started. Backslashes
' before a quote would hide the quote, so those at the end are doubled.
Private Function Quoted(ByVal text As String) As String
    Dim safe As String
    Dim place As Long

    safe = Replace(text, """", "")
    For place = Len(safe) To 1 Step -1
        If Mid$(safe, place, 1) <> "\" Then Exit For
        safe = safe & "\"
    Next place
    Quoted = """" & Replace(safe, "%", "%" & PERCENT_NAME & "%") & """"
End Function

' A text for between the double quotes of a Unix shell.
Private Function ShellText(ByVal text As String) As String
    Dim safe As String

    safe = Replace(text, "\", "\\")
    safe = Replace(safe, """", "\""")
    safe = Replace(safe, "$", "\$")
    safe = Replace(safe, "`", "\`")
    ShellText = Replace(safe, "|", "")
End Function

' A setting without the quotes around it; nothing where there are quotes or line breaks within.
Private Function Unquoted(ByVal text As String) As String
    Dim bare As String

    bare = Trim$(text)
    If Len(bare) >= 2 And Left$(bare, 1) = """" And Right$(bare, 1) = """" Then bare = Mid$(bare, 2, Len(bare) - 2)
    If InStr(bare, """") > 0 Or InStr(bare, vbLf) > 0 Or InStr(bare, vbCr) > 0 Or InStr(bare, "|") > 0 Then bare = ""
    Unquoted = Trim$(bare)
End Function
