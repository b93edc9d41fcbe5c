"""Whether Excel is here, and which; where its own folders and settings are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xlgov.doctor.check import Check
from xlgov.doctor.machine import MAC, WINDOWS, Machine, folder_of, place, value_of

NAME = "Excel"
_APP_PATHS = "Software\\Microsoft\\Windows\\CurrentVersion\\App Paths\\excel.exe"
_CLICK_TO_RUN = "HKLM\\Software\\Microsoft\\Office\\ClickToRun\\Configuration"
_MAC_APP = "/Applications/Microsoft Excel.app"
_FIRST_RIBBON = 12  # Excel 2007


@dataclass(frozen=True, slots=True)
class Excel:
    """``version`` is what its settings are filed under (``16.0``); ``program`` its path."""

    version: str
    program: str
    build: str = ""

    def settings(self, *, policy: bool = False, root: str = "HKCU", of: str = "Excel") -> str:
        """Registry key of its settings, or of the policies that go before them."""
        policies = "Policies\\" if policy else ""
        return f"{root}\\Software\\{policies}Microsoft\\Office\\{self.version}\\{of}"


def find_excel(machine: Machine) -> Excel | None:
    """Excel as it is installed; None where it is not."""
    if machine.system == MAC:
        if not machine.exists(_MAC_APP):
            return None
        found = re.search(
            rb"<key>CFBundleShortVersionString</key>\s*<string>([\d.]+)</string>",
            machine.read(f"{_MAC_APP}/Contents/Info.plist") or b"",
        )
        return Excel("16.0", _MAC_APP, found[1].decode() if found else "")
    if machine.system != WINDOWS:
        return None
    programs = [value_of(machine, f"{root}\\{_APP_PATHS}", "") for root in ("HKLM", "HKCU")]
    program = next((str(each).strip('"') for each in programs if each), "")
    known = value_of(machine, "HKCR\\Excel.Application\\CurVer", "")
    number = str(known or "").rpartition(".")[2]
    if not program and not number.isdecimal():
        return None
    build = value_of(machine, _CLICK_TO_RUN, "VersionToReport")
    return Excel(f"{number if number.isdecimal() else 16}.0", program, str(build or ""))


def check_excel(machine: Machine, excel: Excel | None) -> Check:
    """Which Excel there is."""
    if excel is None:
        if machine.system in (WINDOWS, MAC):
            return Check(NAME, "not here", "Excel is not on this machine")
        return Check(NAME, "not here", f"Excel is not on this machine ({machine.system})")
    shown = excel.build or excel.version
    if int(excel.version.partition(".")[0]) < _FIRST_RIBBON:
        fix = "This Excel is older than .xlsx files; install a later one."
        return Check(NAME, "fix", f"Excel {shown}", fix)
    return Check(NAME, "ok", f"Excel {shown}{' for Mac' if machine.system == MAC else ''}")


def start_folders(machine: Machine, excel: Excel) -> list[str]:
    """Folders whose workbooks Excel opens when it starts."""
    if machine.system == MAC:
        content = "Library/Group Containers/UBF8T346G9.Office/User Content.localized"
        return [place(machine, machine.home, content, "Startup.localized", "Excel")]
    folders = [place(machine, roaming(machine), "Microsoft", "Excel", "XLSTART")]
    if excel.program:
        folders.append(place(machine, folder_of(machine, excel.program), "XLSTART"))
    return folders


def addin_folders(machine: Machine) -> list[str]:
    """Folders of add-ins that a person switches on."""
    if machine.system == MAC:
        content = "Library/Group Containers/UBF8T346G9.Office/User Content.localized"
        return [place(machine, machine.home, content, "Add-Ins.localized")]
    return [place(machine, roaming(machine), "Microsoft", "AddIns")]


def roaming(machine: Machine) -> str:
    """The folder of a Windows user's settings."""
    return machine.environment("APPDATA") or place(machine, machine.home, "AppData", "Roaming")
