"""This Python, xlwings, and the Python that the button starts.

Why the button's Python is started here: whether a PC lets one program start another cannot be read
anywhere, it can only be tried. That Excel itself may be kept from it is in ``trust``.
"""

from __future__ import annotations

import json
import re

from xlgov import __version__
from xlgov.doctor.check import Check, no_excel
from xlgov.doctor.excel import Excel
from xlgov.doctor.machine import (
    MAC,
    WINDOWS,
    Machine,
    Ran,
    expanded,
    is_absolute,
    is_same_path,
    place,
    value_of,
)

VARIABLE = "XLGOV_PYTHON"
SECONDS = 20.0
XLWINGS_FROM = (0, 37)
INTERPRETER, CHILD, SCRIPT = "Button's Python", "Starting it", "RunPython script"

_ENVIRONMENTS = (
    "HKCU\\Environment",
    "HKCU\\Volatile Environment",
    "HKLM\\System\\CurrentControlSet\\Control\\Session Manager\\Environment",
)
_SETTING = re.compile(r'^\s*"?(?P<name>[^",]+?)"?\s*,\s*"?(?P<value>.*?)"?\s*$')
_TOO_OLD = re.compile(r"unknown option:? -P", re.IGNORECASE)  # which came with 3.11
_SCRIPT = re.compile(r"xlwings-.*\.applescript")
_STORE = "\\microsoft\\windowsapps\\"  # where Windows keeps a python.exe that opens the Store
_PROBE = """\
import json, sys
from importlib.util import find_spec
import xlgov.excel
print(json.dumps({
    "python": sys.executable,
    "xlgov": xlgov.__version__,
    "xlwings": find_spec("xlwings") is not None,
    "pywin32": find_spec("win32com") is not None,
}))
"""


def check_python(machine: Machine) -> Check:
    """The Python that this runs in."""
    return Check("Python", "ok", f"{machine.python_version} ({machine.python})")


def check_install() -> Check:
    """Which xlgov this is."""
    return Check("xlgov", "ok", __version__)


def check_xlwings(machine: Machine, excel: Excel | None) -> Check:
    """xlwings, and on Windows what it needs to talk to Excel."""
    name, version = "xlwings", machine.installed("xlwings")
    if excel is None:
        shown = f"{version}; only the button needs it" if version else "not installed"
        return Check(name, "not here", f"Excel is not on this machine: nothing to check ({shown})")
    again = f'"{machine.python}" -m pip install --upgrade xlwings'
    if version is None:
        return Check(name, "fix", "xlwings is not installed", f"Run: {again}")
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    if numbers < XLWINGS_FROM:
        wanted = ".".join(map(str, XLWINGS_FROM))
        return Check(name, "fix", f"{version}; expected {wanted} or later", f"Run: {again}")
    if machine.system == WINDOWS:
        pywin32 = machine.installed("pywin32")
        if pywin32 is None:
            found = f"{version}, without pywin32, which it talks to Excel with"
            return Check(name, "fix", found, f'Run: "{machine.python}" -m pip install pywin32')
        return Check(name, "ok", f"{version}, with pywin32 {pywin32}")
    return Check(name, "ok", version)


def check_interpreter(machine: Machine, excel: Excel | None) -> tuple[list[Check], str]:
    """Which Python the button starts, and whether it can; its path as well ("" for none)."""
    if excel is None:
        return [no_excel(INTERPRETER), no_excel(CHILD)], ""
    given, stated_by = _stated(machine)
    if given:
        path = given if is_absolute(machine, given) else machine.find(given)
    else:
        given, stated_by = "python", "the search path"
        path = machine.find(given)
    if path is None or not machine.exists(path):
        shown = f"{given}, from {stated_by}, is not there"
        fix = _say_how_to_state(machine, machine.python)
        return [Check(INTERPRETER, "fix", shown, fix), _not_tried()], ""
    found = f"{path}, from {stated_by}"
    if stated_by == VARIABLE and not _is_seen_by_excel(machine):
        fix = (
            f"{VARIABLE} is set in this window only, so Excel does not see it. Run: "
            f'setx {VARIABLE} "{given}", then start Excel again.'
        )
        first = Check(INTERPRETER, "fix", found, fix)
    else:
        same = is_same_path(machine, path, machine.python)
        note = "the one that this runs in" if same else "another than this runs in"
        if machine.system == MAC and stated_by == VARIABLE:
            note += "; Excel sees the variable only where it was started from this terminal"
        first = Check(INTERPRETER, "ok", f"{found}: {note}")
    ran = machine.run([path, "-P", "-B", "-c", _PROBE], SECONDS)  # as the button starts it
    return [first, _judge_child(machine, path, ran)], path


def check_script(machine: Machine, excel: Excel | None) -> Check:
    """On a Mac, the script through which Excel may start Python."""
    if excel is None:
        return no_excel(SCRIPT)
    if machine.system != MAC:
        return Check(SCRIPT, "not here", "only a Mac needs it")
    folder = place(machine, machine.home, "Library/Application Scripts/com.microsoft.Excel")
    scripts = [each for each in machine.names(folder) if _SCRIPT.fullmatch(each)]
    if scripts:
        return Check(SCRIPT, "ok", f"{scripts[-1]} is installed")
    fix = "Run once in a terminal: xlwings runpython install"
    return Check(SCRIPT, "fix", "it is not installed, so Excel may start no program", fix)


def settings_file(machine: Machine) -> str:
    """The user's own settings file of xlwings."""
    if machine.system == MAC:
        folder = "Library/Containers/com.microsoft.Excel/Data"
        return place(machine, machine.home, folder, "xlwings.conf")
    home = machine.environment("USERPROFILE") or machine.home
    return place(machine, home, ".xlwings", "xlwings.conf")


def _stated(machine: Machine) -> tuple[str, str]:
    """The Python that is stated, nearest first, and where; "" where none is."""
    given = machine.environment(VARIABLE).strip().strip('"')
    if given:
        return given, VARIABLE
    file = settings_file(machine)
    wanted = "INTERPRETER_MAC" if machine.system == MAC else "INTERPRETER_WIN"
    text = (machine.read(file) or b"").decode("utf-8", "replace").lstrip("\ufeff")
    for line in text.splitlines():
        match = _SETTING.match(line)
        if match and match["name"].strip().upper() == wanted and match["value"].strip():
            return expanded(machine, match["value"].strip()), f"{wanted} in {file}"
    return "", ""


def _is_seen_by_excel(machine: Machine) -> bool:
    """Whether a variable reaches a program that the user starts from the desktop."""
    if machine.system != WINDOWS:
        return True
    return any(value_of(machine, key, VARIABLE) for key in _ENVIRONMENTS)


def _judge_child(machine: Machine, path: str, ran: Ran) -> Check:
    here = _say_how_to_state(machine, machine.python)
    if ran.problem == "slow":
        fix = (
            f"Start it once by hand and see what it waits for; an antivirus that examines every "
            f"file makes the first start slow. {here}"
        )
        return Check(CHILD, "fix", f"it did not answer within {SECONDS:.0f} seconds", fix)
    if ran.problem:
        fix = (
            f"Windows or its security software refuses to start {path}. Ask IT to allow this "
            "program; until then the button recalculates ratings without Python."
        )
        if machine.system != WINDOWS:
            fix = f"Make {path} a program that you may run, or name another. {here}"
        return Check(CHILD, "fix", "the system refused to start it", fix)
    answer = _answer(ran)
    if answer is None and _STORE in path.casefold():
        fix = (
            "This python.exe only opens the Microsoft Store. Switch it off under Settings, Apps, "
            f"App execution aliases, or name the real one. {here}"
        )
        return Check(CHILD, "fix", "it is the Microsoft Store's stand-in, not Python", fix)
    if answer is None and _TOO_OLD.search(ran.output):
        fix = f"xlgov needs Python 3.11 or later; name one. {here}"
        return Check(CHILD, "fix", "it is older than Python 3.11", fix)
    if answer is None:
        last = next((line for line in reversed(ran.output.splitlines()) if line.strip()), "")
        missing = re.search(r"No module named '([\w.]+)'", last)
        if missing and missing[1].partition(".")[0] == "xlgov":
            fix = f'Run: "{path}" -m pip install xlgov. Or name the Python that has it. {here}'
            return Check(CHILD, "fix", "it has no xlgov", fix)
        said = last.strip()[:120] or f"it ended with code {ran.code}"
        return Check(CHILD, "fix", f"it cannot import xlgov ({said})", here)
    lacking = [
        name
        for name in ("xlwings", *(["pywin32"] if machine.system == WINDOWS else []))
        if not answer.get(name)
    ]
    if lacking:
        fix = f'Run: "{path}" -m pip install {" ".join(lacking)}'
        return Check(CHILD, "fix", f"it has no {' and no '.join(lacking)}", fix)
    version = str(answer.get("xlgov"))
    if version != __version__:
        fix = f'Run: "{path}" -m pip install --upgrade xlgov. Or name this Python. {here}'
        return Check(CHILD, "fix", f"it has xlgov {version}, and this is {__version__}", fix)
    return Check(CHILD, "ok", f"it starts and imports xlgov {version} and xlwings")


def _answer(ran: Ran) -> dict[str, object] | None:
    for line in ran.output.splitlines():
        if line.startswith("{"):
            try:
                found = json.loads(line)
            except ValueError:
                continue
            return found if isinstance(found, dict) else None
    return None


def _not_tried() -> Check:
    return Check(CHILD, "not here", "there is none to start")


def _say_how_to_state(machine: Machine, path: str) -> str:
    if machine.system == WINDOWS:
        return f'Run: setx {VARIABLE} "{path}", then start Excel again.'
    return f'Write "INTERPRETER_MAC","{path}" into {settings_file(machine)}.'
