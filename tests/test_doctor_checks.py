"""One thing at a time: what each check of the doctor makes of what it finds."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.described_machines import (
    ADDIN,
    DEFENDER,
    EXCEL_KEYS,
    PROFILE,
    PROGRAM,
    PYTHON,
    RECORD,
    REGISTER,
    XLSTART,
    Described,
    answers,
)
from xlgov import __version__
from xlgov.doctor import Check, Ran, examine_machine
from xlgov.doctor.addin import recorded_hash
from xlgov.doctor.machine import expanded, is_same_path, is_within

USER = "HKCU\\Software\\Microsoft\\Office\\16.0"
POLICY = "HKCU\\Software\\Policies\\Microsoft\\Office\\16.0"
OTHER = "D:\\Tools\\python\\python.exe"
CONF = f"{PROFILE}\\.xlwings\\xlwings.conf"


def found(name: str, workbook: str | None = None, **described: Any) -> Check:
    machine = Described(**described)
    checks = examine_machine(workbook, machine, record=RECORD)
    return next(check for check in checks if check.name == name)


def keys(**more: Any) -> dict[str, Any]:
    return {**EXCEL_KEYS, **more}


# --- the Python that the button starts


def test_the_variable_goes_before_the_settings_file_and_that_before_the_search_path() -> None:
    runs = {PYTHON: answers(), OTHER: answers()}
    conf = {CONF: f'"PYTHONPATH",""\r\n"INTERPRETER_WIN","{OTHER}"\r\n'.encode()}
    seen = keys(**{"HKCU\\Environment": {"XLGOV_PYTHON": PYTHON}})
    by_variable = found(
        "Button's Python",
        variables={"XLGOV_PYTHON": PYTHON, "USERPROFILE": PROFILE},
        keys=seen,
        files=conf,
        runs=runs,
    )
    assert by_variable.state == "ok"
    assert by_variable.found == f"{PYTHON}, from XLGOV_PYTHON: the one that this runs in"
    by_file = found("Button's Python", files=conf, runs=runs)
    assert by_file.found == (f"{OTHER}, from INTERPRETER_WIN in {CONF}: another than this runs in")
    assert found("Button's Python", runs=runs).found.startswith(f"{PYTHON}, from the search path")


def test_the_settings_file_may_use_variables() -> None:
    conf = {CONF: b'"INTERPRETER_WIN","%LOCALAPPDATA%\\py\\python.exe"'}
    path = f"{PROFILE}\\AppData\\Local\\py\\python.exe"
    check = found(
        "Button's Python",
        files=conf,
        runs={path: answers()},
        variables={"LOCALAPPDATA": f"{PROFILE}\\AppData\\Local"},
    )
    assert (check.state, check.found.partition(",")[0]) == ("ok", path)


def test_a_variable_that_only_this_window_has_is_told() -> None:
    check = found("Button's Python", variables={"XLGOV_PYTHON": PYTHON})
    assert check == Check(
        "Button's Python",
        "fix",
        f"{PYTHON}, from XLGOV_PYTHON",
        "XLGOV_PYTHON is set in this window only, so Excel does not see it. Run: "
        f'setx XLGOV_PYTHON "{PYTHON}", then start Excel again.',
    )


@pytest.mark.parametrize(
    ("described", "said"),
    [
        ({"programs": {}}, "python, from the search path, is not there"),
        (
            {"files": {CONF: b'"INTERPRETER_WIN","E:\\old\\python.exe"'}},
            f"E:\\old\\python.exe, from INTERPRETER_WIN in {CONF}, is not there",
        ),
        (
            {"variables": {"XLGOV_PYTHON": "python4"}},
            "python4, from XLGOV_PYTHON, is not there",
        ),
    ],
)
def test_a_python_that_is_not_there_is_told_and_not_started(
    described: dict[str, Any], said: str
) -> None:
    check = found("Button's Python", **described)
    assert (check.state, check.found) == ("fix", said)
    assert check.fix == f'Run: setx XLGOV_PYTHON "{PYTHON}", then start Excel again.'
    assert found("Starting it", **described) == Check(
        "Starting it", "not here", "there is none to start"
    )


@pytest.mark.parametrize(
    ("ran", "said", "fix"),
    [
        (
            Ran(1, "Traceback ...\nModuleNotFoundError: No module named 'xlgov'\n"),
            "it has no xlgov",
            f'Run: "{PYTHON}" -m pip install xlgov. Or name the Python that has it.',
        ),
        (
            Ran(1, "ModuleNotFoundError: No module named 'xlgov.excel'\n"),
            "it has no xlgov",
            f'Run: "{PYTHON}" -m pip install xlgov.',
        ),
        (
            Ran(1, "Traceback ...\nSyntaxError: invalid syntax\n"),
            "it cannot import xlgov (SyntaxError: invalid syntax)",
            f'Run: setx XLGOV_PYTHON "{PYTHON}", then start Excel again.',
        ),
        (
            Ran(2, "Unknown option: -P\nusage: python [option] ... [-c cmd | -m mod | file | -]\n"),
            "it is older than Python 3.11",
            "xlgov needs Python 3.11 or later; name one. Run: setx XLGOV_PYTHON",
        ),
        (Ran(5, ""), "it cannot import xlgov (it ended with code 5)", "Run: setx XLGOV_PYTHON"),
        (
            answers(xlwings=False, pywin32=False),
            "it has no xlwings and no pywin32",
            f'Run: "{PYTHON}" -m pip install xlwings pywin32',
        ),
        (
            answers(xlgov="0.0.1"),
            f"it has xlgov 0.0.1, and this is {__version__}",
            f'Run: "{PYTHON}" -m pip install --upgrade xlgov. Or name this Python.',
        ),
        (
            Ran(problem="slow"),
            "it did not answer within 20 seconds",
            "Start it once by hand and see what it waits for;",
        ),
        (
            Ran(problem="blocked"),
            "the system refused to start it",
            f"Windows or its security software refuses to start {PYTHON}. Ask IT",
        ),
    ],
)
def test_a_python_that_cannot_do_it_says_why(ran: Ran, said: str, fix: str) -> None:
    check = found("Starting it", runs={PYTHON: ran})
    assert (check.state, check.found) == ("fix", said)
    assert check.fix.startswith(fix)


def test_a_warning_before_the_answer_does_no_harm() -> None:
    ran = Ran(0, "DeprecationWarning: soon\n{not json}\n" + answers().output)
    assert found("Starting it", runs={PYTHON: ran}).state == "ok"


@pytest.mark.parametrize(
    ("packages", "state", "said"),
    [
        ({}, "fix", "xlwings is not installed"),
        ({"xlwings": "0.30.1", "pywin32": "306"}, "fix", "0.30.1; expected 0.37 or later"),
        ({"xlwings": "1.0.0", "pywin32": "306"}, "ok", "1.0.0, with pywin32 306"),
    ],
)
def test_xlwings_is_there_and_late_enough(packages: dict[str, str], state: str, said: str) -> None:
    check = found("xlwings", packages=packages)
    assert (check.state, check.found) == (state, said)


# --- Excel and the add-in


def test_excel_is_known_by_its_program_or_by_its_registration() -> None:
    by_program = {k: v for k, v in EXCEL_KEYS.items() if "App Paths" in k}
    assert found("Excel", keys=by_program) == Check("Excel", "ok", "Excel 16.0")
    old = {"HKCR\\Excel.Application\\CurVer": {"": "Excel.Application.11"}}
    assert found("Excel", keys=old).state == "fix"
    assert found("Excel", keys={"HKCR\\Excel.Application\\CurVer": {"": ""}}).state == "not here"


@pytest.mark.parametrize(
    "place",
    [
        XLSTART,
        "C:\\Program Files\\Microsoft Office\\root\\Office16\\XLSTART",
        f"{PROFILE}\\AppData\\Roaming\\Microsoft\\AddIns",
    ],
)
def test_the_add_in_is_found_in_every_folder_of_excel(place: str) -> None:
    check = found("Add-in", files={f"{place}\\xlgov.xlam": ADDIN})
    assert check == Check("Add-in", "ok", f"{place}\\xlgov.xlam is the one of this version")


@pytest.mark.parametrize(
    "entry", ['/R "D:\\Tools\\xlgov.xlam"', '"D:\\Tools\\XLGOV.xlam"', "%TOOLS%\\xlgov.xlam"]
)
def test_the_add_in_is_found_where_excel_is_told_to_open_it(entry: str) -> None:
    options = keys(**{f"{USER}\\Excel\\Options": {"OPEN": "other.xlam", "OPEN1": entry, "X": 1}})
    variables = {"TOOLS": "D:\\Tools"}
    files = {"D:\\Tools\\xlgov.xlam": ADDIN, "D:\\Tools\\XLGOV.xlam": ADDIN}
    check = found("Add-in", keys=options, files=files, variables=variables)
    assert check.state == "ok" and check.found.startswith("D:\\Tools\\")
    gone = found("Add-in", keys=options, variables=variables)
    assert gone.state == "fix" and gone.found.endswith("which is not there")


def test_an_add_in_that_is_switched_on_by_its_name_alone_is_the_one_of_its_folder() -> None:
    options = keys(**{f"{USER}\\Excel\\Options": {"OPEN": '"xlgov.xlam"'}})
    path = f"{PROFILE}\\AppData\\Roaming\\Microsoft\\AddIns\\xlgov.xlam"
    assert found("Add-in", keys=options, files={path: ADDIN}).state == "ok"


def test_another_version_or_two_of_them_are_told() -> None:
    one, two = (
        f"{XLSTART}\\xlgov.xlam",
        f"{PROFILE}\\AppData\\Roaming\\Microsoft\\AddIns\\xlgov.xlam",
    )
    assert found("Add-in", files={one: b"older"}).found == f"{one} is not the one of this version"
    both = found("Add-in", files={one: ADDIN, two: ADDIN})
    assert both.state == "fix"
    assert both.found == f"{one} and {two}: the ribbon tab would be there twice"


def test_without_a_record_the_version_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlgov.doctor.examine.recorded_hash", lambda: None)
    machine = Described(files={f"{XLSTART}\\xlgov.xlam": ADDIN})
    check = next(each for each in examine_machine(None, machine) if each.name == "Add-in")
    assert (check.state, check.fix) == ("unknown", "")


def test_the_recorded_hash_is_that_of_the_add_in(tmp_path: Path) -> None:
    record = tmp_path / "SHA256SUMS"
    assert recorded_hash(record) is None
    digest, other = sha256(b"a").hexdigest(), sha256(b"b").hexdigest()
    record.write_text(f"{other}  xl/vbaProject.bin\n{digest.upper()}  xlgov.xlam\n")
    assert recorded_hash(record) == digest
    record.write_text(f"{other}  XlgovMain.bas\n{digest} *xlgov.xlam\n")
    assert recorded_hash(record) == digest
    record.write_text(f"{other}  xl/vbaProject.bin\n")
    assert recorded_hash(record) is None


# --- macros


@pytest.mark.parametrize(
    ("settings", "state", "said"),
    [
        ({}, "ok", "Excel asks when a workbook is opened: Enable Content"),
        (
            {f"{USER}\\Excel\\Security": {"VBAWarnings": 1}},
            "ok",
            "all macros run (in Excel's settings)",
        ),
        (
            {f"{USER}\\Excel\\Security": {"VBAWarnings": 3}},
            "fix",
            "only signed macros run (in Excel's settings)",
        ),
        (
            {
                f"{USER}\\Excel\\Security": {"VBAWarnings": 1},
                f"{POLICY}\\Excel\\Security": {"vbawarnings": 4},
            },
            "fix",
            "macros are switched off unasked (by policy)",
        ),
        (
            {POLICY.replace("HKCU", "HKLM") + "\\Common": {"vbaoff": 1}},
            "fix",
            "VBA is switched off in Office altogether",
        ),
    ],
)
def test_macros_run_or_are_told_why_not(settings: dict[str, Any], state: str, said: str) -> None:
    check = found("Macros", REGISTER, keys=keys(**settings))
    assert (check.state, check.found) == (state, said)


def test_who_can_change_it_is_asked_to() -> None:
    mine = found("Macros", keys=keys(**{f"{USER}\\Excel\\Security": {"VBAWarnings": 4}}))
    assert mine.fix.startswith("Choose Disable with notification under File, Options, Trust Center")
    theirs = found("Macros", keys=keys(**{f"{POLICY}\\Excel\\Security": {"VBAWarnings": 4}}))
    assert theirs.fix.startswith("Ask IT to approve xlgov.xlam for Excel's XLSTART folder")


def test_a_trusted_folder_or_the_start_folder_lets_macros_run() -> None:
    strict = {f"{POLICY}\\Excel\\Security": {"VBAWarnings": 4}}
    trusted = {
        f"{USER}\\Excel\\Security\\Trusted Locations\\Location7": {
            "Path": "%USERPROFILE%\\Documents\\",
            "AllowSubFolders": 0,
        }
    }
    variables = {"USERPROFILE": PROFILE}
    both = keys(**strict, **trusted)
    check = found("Macros", REGISTER, keys=both, variables=variables)
    assert (check.state, check.found) == (
        "ok",
        "macros are switched off unasked (by policy), but this workbook is in a trusted folder",
    )
    deeper = f"{PROFILE}\\Documents\\Old\\register.xlsm"
    assert found("Macros", deeper, keys=both, variables=variables).state == "fix"
    locations = found("Trusted folders", keys=both, variables=variables)
    assert locations.found == "Excel's start folder and 1 more"
    addin = {f"{XLSTART}\\xlgov.xlam": ADDIN}
    by_addin = found("Macros", keys=keys(**strict), files=addin)
    assert by_addin.state == "ok" and by_addin.found.endswith("in Excel's start folder")
    # a button in the workbook does not get its right from the add-in
    assert found("Macros", REGISTER, keys=keys(**strict), files=addin).state == "fix"
    off = {f"{POLICY}\\Common\\Security\\Trusted Locations": {"AllLocationsDisabled": 1}}
    assert found("Macros", keys=keys(**strict, **off), files=addin).state == "fix"


def test_a_shared_folder_is_trusted_only_where_that_is_allowed() -> None:
    strict = {f"{POLICY}\\Excel\\Security": {"VBAWarnings": 4}}
    base = f"{USER}\\Excel\\Security\\Trusted Locations"
    trusted = {f"{base}\\Location8": {"Path": "\\\\server\\risk", "AllowSubFolders": 1}}
    workbook = "\\\\server\\risk\\2018\\register.xlsm"
    assert found("Macros", workbook, keys=keys(**strict, **trusted)).state == "fix"
    allowed = {base: {"AllowNetworkLocations": 1}}
    assert found("Macros", workbook, keys=keys(**strict, **trusted, **allowed)).state == "ok"


def test_a_mark_of_the_web_is_seen_on_the_workbook_and_on_the_add_in() -> None:
    mark = b"[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=https://example.org\r\n"
    addin = f"{PROFILE}\\AppData\\Roaming\\Microsoft\\AddIns\\xlgov.xlam"
    start = f"{XLSTART}\\xlgov.xlam"
    name = "From the internet"
    assert found(name, REGISTER, files={f"{REGISTER}:Zone.Identifier": mark}).state == "fix"
    local = {f"{REGISTER}:Zone.Identifier": b"[ZoneTransfer]\r\nZoneId=1\r\n"}
    assert found(name, REGISTER, files=local).state == "ok"
    marked = found(name, files={addin: ADDIN, f"{addin}:Zone.Identifier": mark})
    assert marked.state == "fix" and marked.found.startswith(addin)
    assert found(name, files={addin: ADDIN}).state == "ok"
    assert found(name, files={start: ADDIN, f"{start}:Zone.Identifier": mark}).state == "not here"
    trusted = {
        f"{USER}\\Excel\\Security\\Trusted Locations\\Location9": {"Path": f"{PROFILE}\\Documents"}
    }
    check = found(name, REGISTER, files={f"{REGISTER}:Zone.Identifier": mark}, keys=keys(**trusted))
    assert (check.state, check.found) == (
        "ok",
        f"{REGISTER} came from the internet, but the folder is trusted",
    )


@pytest.mark.parametrize(
    ("settings", "state"),
    [
        ({f"HKLM\\Software\\Policies\\Microsoft\\{DEFENDER}": {"RULE": "1"}}, "fix"),
        ({f"HKLM\\Software\\Policies\\Microsoft\\{DEFENDER}": {"{RULE}": 1}}, "fix"),
        ({f"HKLM\\Software\\Microsoft\\{DEFENDER}": {"rule": 6}}, "fix"),
        ({f"HKLM\\Software\\Microsoft\\{DEFENDER}": {"RULE": 2}}, "ok"),
        ({f"HKLM\\Software\\Microsoft\\{DEFENDER}": {"RULE": 0}}, "ok"),
        (
            {
                "HKLM\\Software\\Policies\\Microsoft\\Windows Defender\\Policy Manager": {
                    "ASRRules": "be9ba2d9-53ea-4cdc-84e5-9b1eeee46550=1|rule=1"
                }
            },
            "fix",
        ),
        (
            {
                f"HKLM\\Software\\Policies\\Microsoft\\{DEFENDER}": {"RULE": "2"},
                f"HKLM\\Software\\Microsoft\\{DEFENDER}": {"RULE": 1},
            },
            "ok",
        ),
    ],
)
def test_the_rule_that_office_starts_no_program_is_read_wherever_it_is_set(
    settings: dict[str, dict[str, Any]], state: str
) -> None:
    rule = "D4F940AB-401B-4EFC-AADC-AD5F3C50688A"

    def filled(text: Any) -> Any:
        if not isinstance(text, str):
            return text
        return text.replace("RULE", rule).replace("rule", rule.lower())

    set_to = {
        key: {
            (name if name == "ASRRules" else filled(name)): filled(value)
            for name, value in values.items()
        }
        for key, values in settings.items()
    }
    assert found("Defender, programs", keys=keys(**set_to)).state == state


# --- paths


def test_paths_are_compared_as_their_system_does() -> None:
    windows, linux = Described(), Described(system="Linux")
    assert is_same_path(windows, "C:/A/python.exe", "c:\\a\\PYTHON.EXE")
    assert not is_same_path(linux, "/usr/bin/Python", "/usr/bin/python")
    assert is_within(windows, "C:\\One Drive\\a\\b.xlsx", "c:\\one drive\\")
    assert not is_within(windows, "C:\\One Drive\\a\\b.xlsx", "c:\\one drive", below=False)
    assert not is_within(windows, "C:\\One Drive2\\b.xlsx", "c:\\one drive")
    assert not is_within(windows, PROGRAM, "")


def test_variables_in_a_text_are_filled_in_where_they_are_set() -> None:
    machine = Described(variables={"A": "one", "B": "two"})
    assert expanded(machine, "%A%\\x\\%B%") == "one\\x\\two"
    assert expanded(machine, "100% of %A% and %C%") == "100% of one and %C%"
    assert expanded(machine, "plain") == "plain"
