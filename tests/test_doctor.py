"""What the doctor says of whole machines, word for word."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from tests.described_machines import (
    ADDIN,
    DEFENDER,
    EXCEL_KEYS,
    PROFILE,
    PYTHON,
    RECORD,
    REGISTER,
    XLSTART,
    Described,
    answers,
)
from xlgov import __version__
from xlgov.doctor import (
    Check,
    Ran,
    checks_as_json,
    examine_machine,
    exit_code,
    print_checks,
    this_machine,
)

POLICY = "HKCU\\Software\\Policies\\Microsoft\\Office\\16.0"
NAMES = [
    *("Python", "xlgov", "xlwings", "Excel", "Button's Python", "Starting it", "RunPython script"),
    *("Add-in", "Macros", "Trusted folders", "VBA projects", "Defender, programs", "Defender, API"),
    *("From the internet", "Where it is kept"),
]


def said(machine: Described, workbook: str | None = None) -> str:
    checks = examine_machine(workbook, machine, record=RECORD)
    assert [check.name for check in checks] == NAMES
    for check in checks:
        assert bool(check.fix) == (check.state == "fix"), check
        assert check.found and "\n" not in check.found + check.fix
    text = print_checks(checks).replace(f"xlgov {__version__}", "xlgov 0.1.0")
    return text.replace(f"  {__version__}\n", "  0.1.0\n")


def test_a_pc_where_all_is_well() -> None:
    machine = Described(files={f"{XLSTART}\\xlgov.xlam": ADDIN, REGISTER: b""})
    assert (
        said(machine, "register.xlsm")
        == f"""\
ok        Python              3.11.4, 64-bit ({PYTHON})
ok        xlgov               0.1.0
ok        xlwings             0.37.8, with pywin32 306
ok        Excel               Excel 16.0.17328.20184
ok        Button's Python     {PYTHON}, from the search path: the one that this runs in
ok        Starting it         it starts and imports xlgov 0.1.0 and xlwings
not here  RunPython script    only a Mac needs it
ok        Add-in              {XLSTART}\\xlgov.xlam is the one of this version
ok        Macros              Excel asks when a workbook is opened: Enable Content
ok        Trusted folders     Excel's start folder
ok        VBA projects        programs may not change them; only xlwings' Import Functions would \
need that
ok        Defender, programs  no rule against starting Python
ok        Defender, API       no rule against Windows functions
ok        From the internet   {REGISTER} bears no mark of it
ok        Where it is kept    {REGISTER} is not in OneDrive or SharePoint

Nothing here would stop the button."""
    )
    command = machine.started[0]
    assert command[:4] == [PYTHON, "-P", "-B", "-c"] and "import xlgov.excel\n" in command[4]


def test_a_locked_down_pc() -> None:
    addin = f"{PROFILE}\\AppData\\Roaming\\Microsoft\\AddIns\\xlgov.xlam"
    machine = Described(
        keys={
            **EXCEL_KEYS,
            f"{POLICY}\\Excel\\Security": {
                "vbawarnings": 4,
                "BlockContentExecutionFromInternet": 1,
            },
            f"{POLICY}\\Excel\\Security\\Trusted Locations": {"AllLocationsDisabled": 1},
            f"HKLM\\Software\\Policies\\Microsoft\\{DEFENDER}": {
                "d4f940ab-401b-4efc-aadc-ad5f3c50688a": "1",
                "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b": "1",
            },
        },
        files={
            addin: b"an older add-in",
            REGISTER: b"",
            f"{REGISTER}:Zone.Identifier": b"[ZoneTransfer]\r\nZoneId=3\r\n",
        },
        packages={"xlwings": "0.37.8"},
        runs={PYTHON: Ran(problem="blocked")},
    )
    assert (
        said(machine, REGISTER)
        == f"""\
ok        Python              3.11.4, 64-bit ({PYTHON})
ok        xlgov               0.1.0
fix       xlwings             0.37.8, without pywin32, which it talks to Excel with
ok        Excel               Excel 16.0.17328.20184
ok        Button's Python     {PYTHON}, from the search path: the one that this runs in
fix       Starting it         the system refused to start it
not here  RunPython script    only a Mac needs it
fix       Add-in              {addin} is not the one of this version
fix       Macros              macros are switched off unasked (by policy)
ok        Trusted folders     switched off; none is needed as long as macros may run
ok        VBA projects        programs may not change them; only xlwings' Import Functions would \
need that
fix       Defender, programs  Office may start no other program (a rule)
ok        Defender, API       macros may call no Windows functions (a rule), and ours calls none
fix       From the internet   {REGISTER} came from the internet, so Excel blocks its macros
ok        Where it is kept    {REGISTER} is not in OneDrive or SharePoint

To fix:
1. xlwings: Run: "{PYTHON}" -m pip install pywin32
2. Starting it: Windows or its security software refuses to start {PYTHON}. Ask IT to allow this \
program; until then the button recalculates ratings without Python.
3. Add-in: Run xlgov addin --out FOLDER and put the new xlgov.xlam in its place, with Excel closed.
4. Macros: Ask IT to allow macros in a trusted folder; these are switched off as well.
5. Defender, programs: Ask IT to except {PYTHON} from the rule Block all Office applications from \
creating child processes. Until then the button recalculates ratings without Python.
6. From the internet: If you know where it came from: right-click it in Explorer, Properties, tick \
Unblock, OK (a policy leaves no other way).

6 things would stop the button."""
    )


def test_a_pc_without_a_python_of_its_own() -> None:
    store = f"{PROFILE}\\AppData\\Local\\Microsoft\\WindowsApps\\python.exe"
    machine = Described(
        python=f"{PROFILE}\\xlgov\\Scripts\\python.exe",
        programs={"python": store},
        runs={store: Ran(9009, "Python was not found; run without arguments to install from the")},
        folder="\\\\server\\share\\Risk",
    )
    assert (
        said(machine)
        == f"""\
ok        Python              3.11.4, 64-bit ({PROFILE}\\xlgov\\Scripts\\python.exe)
ok        xlgov               0.1.0
ok        xlwings             0.37.8, with pywin32 306
ok        Excel               Excel 16.0.17328.20184
ok        Button's Python     {store}, from the search path: another than this runs in
fix       Starting it         it is the Microsoft Store's stand-in, not Python
not here  RunPython script    only a Mac needs it
not here  Add-in              no xlgov.xlam in Excel's folders; a button in the workbook itself \
needs none
ok        Macros              Excel asks when a workbook is opened: Enable Content
ok        Trusted folders     Excel's start folder
ok        VBA projects        programs may not change them; only xlwings' Import Functions would \
need that
ok        Defender, programs  no rule against starting Python
ok        Defender, API       no rule against Windows functions
not here  From the internet   no workbook was named (xlgov doctor FILE looks at one)
ok        Where it is kept    this folder (\\\\server\\share\\Risk) is not in OneDrive or \
SharePoint (a shared folder)

To fix:
1. Starting it: This python.exe only opens the Microsoft Store. Switch it off under Settings, \
Apps, App execution aliases, or name the real one. Run: setx XLGOV_PYTHON \
"{PROFILE}\\xlgov\\Scripts\\python.exe", then start Excel again.

1 thing would stop the button."""
    )


def test_a_mac_before_runpython_is_installed() -> None:
    home = "/Users/jo"
    python = f"{home}/venv/bin/python"
    conf = f"{home}/Library/Containers/com.microsoft.Excel/Data/xlwings.conf"
    excel = "/Applications/Microsoft Excel.app"
    addin = (
        f"{home}/Library/Group Containers/UBF8T346G9.Office/User Content.localized/"
        "Startup.localized/Excel/xlgov.xlam"
    )
    plist = b"<key>CFBundleShortVersionString</key>\n\t<string>16.83</string>"
    files = {
        conf: f'"INTERPRETER_MAC","{python}"\n'.encode(),
        excel: b"",
        f"{excel}/Contents/Info.plist": plist,
        addin: ADDIN,
    }
    machine = Described(
        system="Darwin",
        python=python,
        home=home,
        folder=f"{home}/Documents",
        packages={"xlwings": "0.37.8"},
        keys={},
        files=files,
        programs={},
        runs={python: answers(pywin32=False)},
    )
    expected = f"""\
ok        Python              3.11.4, 64-bit ({python})
ok        xlgov               0.1.0
ok        xlwings             0.37.8
ok        Excel               Excel 16.83 for Mac
ok        Button's Python     {python}, from INTERPRETER_MAC in {conf}: the one that this runs in
ok        Starting it         it starts and imports xlgov 0.1.0 and xlwings
fix       RunPython script    it is not installed, so Excel may start no program
ok        Add-in              {addin} is the one of this version
ok        Macros              Excel for Mac asks when such a workbook is opened: Enable Macros
not here  Trusted folders     Excel for Mac has none
not here  VBA projects        functions through xlwings are for Windows
not here  Defender, programs  only Windows has it
not here  Defender, API       only Windows has it
not here  From the internet   only Windows marks files so that macros are blocked
ok        Where it is kept    this folder ({home}/Documents) is not in OneDrive or SharePoint

To fix:
1. RunPython script: Run once in a terminal: xlwings runpython install

1 thing would stop the button."""
    assert said(machine) == expected
    script = f"{home}/Library/Application Scripts/com.microsoft.Excel/xlwings-0.37.8.applescript"
    machine.files = {**files, script: b""}
    assert said(machine).endswith("\n\nNothing here would stop the button.")


def test_a_server_with_linux() -> None:
    nothing = "Excel is not on this machine: nothing to check"
    machine = Described(
        system="Linux",
        python="/usr/bin/python3",
        home="/root",
        folder="/srv",
        packages={},
        keys={},
        programs={},
        runs={},
    )
    assert (
        said(machine)
        == f"""\
ok        Python              3.11.4, 64-bit (/usr/bin/python3)
ok        xlgov               0.1.0
not here  xlwings             {nothing} (not installed)
not here  Excel               Excel is not on this machine (Linux)
not here  Button's Python     {nothing}
not here  Starting it         {nothing}
not here  RunPython script    {nothing}
not here  Add-in              {nothing}
not here  Macros              {nothing}
not here  Trusted folders     {nothing}
not here  VBA projects        {nothing}
not here  Defender, programs  {nothing}
not here  Defender, API       {nothing}
not here  From the internet   {nothing}
not here  Where it is kept    {nothing}

Excel is not on this machine, so there is no button to stop; xlgov refresh, check and the other \
commands work here."""
    )
    assert machine.started == []
    assert exit_code(examine_machine("register.xlsx", machine)) == 0


def test_a_pc_without_excel_is_like_a_server() -> None:
    machine = Described(keys={})
    text = said(machine)
    assert "not here  Excel               Excel is not on this machine\n" in text
    assert text.count("Excel is not on this machine: nothing to check") == 12
    assert exit_code(examine_machine(None, machine)) == 0
    assert machine.started == []


def test_a_workbook_on_sharepoint_and_one_in_onedrive() -> None:
    drive = f"{PROFILE}\\OneDrive - The Office"
    machine = Described(
        variables={"OneDriveCommercial": drive},
        files={f"{XLSTART}\\xlgov.xlam": ADDIN, f"{drive}\\Risk\\xlgov.toml": b""},
    )

    def place(workbook: str) -> Check:
        return examine_machine(workbook, machine, record=RECORD)[-1]

    address = "https://office.sharepoint.com/sites/risk/register.xlsm"
    assert place(address) == Check(
        "Where it is kept",
        "fix",
        f"{address} is a web address",
        "Synchronise the library and open the workbook from its folder on this PC; or ask IT to "
        "make the site a trusted one, since Excel blocks macros of other sites.",
    )
    assert place(f"{drive}\\register.xlsm") == Check(
        "Where it is kept",
        "ok",
        f"{drive}\\register.xlsm is in {drive}; settings belong on its xlgov sheet, not in "
        "xlgov.toml",
    )
    assert place(f"{drive}\\Risk\\register.xlsm") == Check(
        "Where it is kept",
        "fix",
        f"{drive}\\Risk\\register.xlsm is in {drive}, with xlgov.toml beside it",
        "The button does not see xlgov.toml there, as Excel names such a workbook by its web "
        "address. Run xlgov init, and put the settings on the workbook's xlgov sheet.",
    )
    machine.folder = f"{drive}\\Risk"
    assert examine_machine(None, machine)[-1].found == (
        f"this folder ({drive}\\Risk) is in {drive}, with xlgov.toml beside it"
    )
    assert place(f"{drive} of another\\register.xlsm").state == "ok"


def test_this_machine_as_it_is_is_examined_at_once() -> None:
    begun = time.monotonic()
    checks = examine_machine(Path("register.xlsx"))
    assert [check.name for check in checks] == NAMES
    assert all(check.state in ("ok", "fix", "not here", "unknown") for check in checks)
    assert sys.version.split()[0] in checks[0].found
    if sys.platform == "linux":
        assert time.monotonic() - begun < 2
        assert exit_code(checks) == 0


def test_this_machine_answers_what_it_is_asked(tmp_path: Path) -> None:
    machine = this_machine()
    (tmp_path / "here.txt").write_bytes(b"text")
    assert machine.read(str(tmp_path / "here.txt")) == b"text"
    assert machine.read(str(tmp_path / "gone.txt")) is None
    assert machine.read(str(tmp_path)) is None
    assert machine.names(str(tmp_path)) == ["here.txt"]
    assert machine.names(str(tmp_path / "gone")) == []
    assert machine.exists(str(tmp_path)) and not machine.exists(str(tmp_path / "gone"))
    assert not machine.exists("nul\0byte") and machine.read("nul\0byte") is None
    assert machine.installed("pytest") and machine.installed("no-such-package-here") is None
    assert machine.environment("PATH") and not machine.environment("XLGOV_NO_SUCH_VARIABLE")
    assert machine.run([sys.executable, "-c", "print(6 * 7)"], 20) == Ran(0, "42\n")
    assert machine.run([sys.executable, "-c", "raise SystemExit(3)"], 20).code == 3
    assert machine.run([str(tmp_path / "gone")], 5) == Ran(problem="missing")
    assert machine.run([str(tmp_path / "here.txt")], 5) == Ran(problem="blocked")
    sleeping = [sys.executable, "-c", "import time; time.sleep(20)"]
    assert machine.run(sleeping, 0.2) == Ran(problem="slow")
    if sys.platform != "win32":
        assert machine.registry("HKCU\\Software") == {} and machine.subkeys("HKCU\\Software") == []


def test_json_has_the_same_checks() -> None:
    checks = [Check("Python", "ok", "3.11"), Check("xlwings", "fix", "missing", "Install it.")]
    assert checks_as_json(checks) == {
        "checks": [
            {"name": "Python", "state": "ok", "found": "3.11", "fix": None},
            {"name": "xlwings", "state": "fix", "found": "missing", "fix": "Install it."},
        ],
        "stops": 1,
    }
    assert exit_code(checks) == 1
    assert exit_code(checks[:1]) == 0


def test_what_could_not_be_looked_at_is_said() -> None:
    checks = [Check("Add-in", "unknown", "which version it is cannot be told")]
    assert print_checks(checks).endswith(
        "\n\nNothing found here would stop the button; what is unknown could not be looked at."
    )
    assert exit_code(checks) == 0


@pytest.mark.parametrize("workbook", [None, "register.xlsx", "C:\\a\\b.xlsm", "https://x/y.xlsx"])
@pytest.mark.parametrize("system", ["Windows", "Darwin", "Linux", "FreeBSD"])
def test_an_empty_machine_of_any_system_is_examined(system: str, workbook: str | None) -> None:
    machine = Described(system, "", "3.11", "/", "/", {}, {}, {}, {}, {}, {})
    assert [check.name for check in examine_machine(workbook, machine)] == NAMES
