"""What Excel and Windows allow: macros, trusted folders, Defender's rules about Office.

Why policies are told from settings: the one is for IT to change, the other for whoever sits there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xlgov.doctor.addin import find_addins, in_start_folder
from xlgov.doctor.check import Check, no_excel
from xlgov.doctor.excel import Excel, start_folders
from xlgov.doctor.machine import (
    WINDOWS,
    Machine,
    expanded,
    is_within,
    switch_of,
    value_of,
)

MACROS, LOCATIONS, PROJECTS = "Macros", "Trusted folders", "VBA projects"
CHILDREN, API_CALLS = "Defender, programs", "Defender, API"

_NO_CHILDREN = "D4F940AB-401B-4EFC-AADC-AD5F3C50688A"
_NO_API_CALLS = "92E97FA1-2EDF-4476-BDD6-9DD0B4DDDC7B"
_DEFENDER = "Windows Defender\\Windows Defender Exploit Guard\\ASR\\Rules"
_RULES = (
    f"HKLM\\Software\\Policies\\Microsoft\\{_DEFENDER}",
    f"HKLM\\Software\\Microsoft\\{_DEFENDER}",
)
_MANAGED = "HKLM\\Software\\Policies\\Microsoft\\Windows Defender\\Policy Manager"
_BLOCK, _WARN = 1, 6

_ENABLED, _ASKS, _SIGNED, _NONE = 1, 2, 3, 4  # VBAWarnings
_TRUST_CENTER = "File, Options, Trust Center, Trust Center Settings"


@dataclass(frozen=True, slots=True)
class Trust:
    """Folders whose macros run unasked, and whether that is switched off."""

    folders: tuple[tuple[str, bool], ...]  # (folder, with those below it)
    switched_off: bool
    network_too: bool

    def holds(self, machine: Machine, path: str) -> bool:
        """Whether a file is in one of them."""
        if self.switched_off or (path.startswith("\\\\") and not self.network_too):
            return False
        return any(is_within(machine, path, each, below=below) for each, below in self.folders)


def read_trust(machine: Machine, excel: Excel) -> Trust:
    """The trusted folders of Excel; its own start folders are among them."""
    folders = [(folder, True) for folder in start_folders(machine, excel)]
    switched_off = network_too = False
    for key in _trust_keys(excel, "Trusted Locations"):
        switched_off |= switch_of(machine, key, "AllLocationsDisabled") == 1
        network_too |= switch_of(machine, key, "AllowNetworkLocations") == 1
        for name in machine.subkeys(key):
            path = value_of(machine, f"{key}\\{name}", "Path")
            if path:
                below = switch_of(machine, f"{key}\\{name}", "AllowSubFolders") == 1
                folders.append((expanded(machine, str(path)), below))
    return Trust(tuple(dict.fromkeys(folders)), switched_off, network_too)


def check_macros(machine: Machine, excel: Excel | None, workbook: str | None) -> Check:
    """Whether macros may run: at all, unsigned, or only where files are trusted."""
    if excel is None:
        return no_excel(MACROS)
    if machine.system != WINDOWS:
        found = "Excel for Mac asks when such a workbook is opened: Enable Macros"
        return Check(MACROS, "ok", found)
    for policy in (True, False):
        for root in ("HKCU", "HKLM"):
            key = excel.settings(policy=policy, root=root, of="Common")
            if switch_of(machine, key, "VbaOff") == 1:
                fix = "Ask IT to allow VBA in Office; without it no button works."
                return Check(MACROS, "fix", "VBA is switched off in Office altogether", fix)
    setting, by_policy = _setting(machine, excel, "VBAWarnings")
    by = "by policy" if by_policy else "in Excel's settings"
    if setting == _ENABLED:
        return Check(MACROS, "ok", f"all macros run ({by})")
    if setting not in (_SIGNED, _NONE):
        return Check(MACROS, "ok", "Excel asks when a workbook is opened: Enable Content")
    how = "only signed macros run" if setting == _SIGNED else "macros are switched off unasked"
    trust = read_trust(machine, excel)
    if workbook is not None and trust.holds(machine, workbook):
        return Check(MACROS, "ok", f"{how} ({by}), but this workbook is in a trusted folder")
    has_button = workbook is not None and workbook.casefold().endswith(".xlsm")
    if not (has_button or trust.switched_off) and any(
        in_start_folder(machine, excel, path) for path in find_addins(machine, excel)[0]
    ):
        return Check(MACROS, "ok", f"{how} ({by}), but the add-in is in Excel's start folder")
    if by_policy:
        fix = (
            "Ask IT to approve xlgov.xlam for Excel's XLSTART folder, or to make the workbook's "
            "folder a trusted one."
        )
        if trust.switched_off:
            fix = "Ask IT to allow macros in a trusted folder; these are switched off as well."
    else:
        fix = f"Choose Disable with notification under {_TRUST_CENTER}, Macro Settings."
    return Check(MACROS, "fix", f"{how} ({by})", fix)


def check_locations(machine: Machine, excel: Excel | None) -> Check:
    """The folders that are trusted; none of them is needed as long as Excel asks."""
    if excel is None:
        return no_excel(LOCATIONS)
    if machine.system != WINDOWS:
        return Check(LOCATIONS, "not here", "Excel for Mac has none")
    trust = read_trust(machine, excel)
    if trust.switched_off:
        return Check(LOCATIONS, "ok", "switched off; none is needed as long as macros may run")
    more = len(trust.folders) - len(start_folders(machine, excel))
    also = f" and {more} more" if more > 0 else ""
    return Check(LOCATIONS, "ok", f"Excel's start folder{also}")


def check_projects(machine: Machine, excel: Excel | None) -> Check:
    """Access to VBA projects: only xlwings' Import Functions needs it, the button does not."""
    if excel is None:
        return no_excel(PROJECTS)
    if machine.system != WINDOWS:
        return Check(PROJECTS, "not here", "functions through xlwings are for Windows")
    on = _setting(machine, excel, "AccessVBOM")[0] == 1
    if on:
        return Check(PROJECTS, "ok", "programs may change them; the button does not need that")
    found = "programs may not change them; only xlwings' Import Functions would need that"
    return Check(PROJECTS, "ok", found)


def check_defender(machine: Machine, excel: Excel | None, interpreter: str) -> list[Check]:
    """Defender's rules: Office may start no program, macros may call no Windows functions."""
    if excel is None:
        return [no_excel(CHILDREN), no_excel(API_CALLS)]
    if machine.system != WINDOWS:
        return [Check(name, "not here", "only Windows has it") for name in (CHILDREN, API_CALLS)]
    api = Check(API_CALLS, "ok", "no rule against Windows functions")
    if _rule(machine, _NO_API_CALLS) in (_BLOCK, _WARN):
        found = "macros may call no Windows functions (a rule), and ours calls none"
        api = Check(API_CALLS, "ok", found)
    rule = _rule(machine, _NO_CHILDREN)
    if rule == _BLOCK:
        program = interpreter or "Python"
        fix = (
            f"Ask IT to except {program} from the rule Block all Office applications from "
            "creating child processes. Until then the button recalculates ratings without Python."
        )
        return [Check(CHILDREN, "fix", "Office may start no other program (a rule)", fix), api]
    if rule == _WARN:
        fix = "Choose Unblock when Windows asks (it asks again each day), or ask IT to except it."
        return [Check(CHILDREN, "fix", "Windows asks before Office starts a program", fix), api]
    return [Check(CHILDREN, "ok", "no rule against starting Python"), api]


def blocks_internet_files(machine: Machine, excel: Excel) -> bool:
    """Whether a policy blocks macros of files from the internet, without a way round."""
    setting, by_policy = _setting(machine, excel, "BlockContentExecutionFromInternet")
    return by_policy and setting == 1


def _trust_keys(excel: Excel, name: str) -> Iterator[str]:
    for policy in (True, False):
        for of in ("Excel", "Common"):
            yield f"{excel.settings(policy=policy, of=of)}\\Security\\{name}"


def _setting(machine: Machine, excel: Excel, name: str) -> tuple[int | None, bool]:
    """A security setting, policies first, and whether a policy says it."""
    for policy in (True, False):
        for root in ("HKCU", "HKLM"):
            key = excel.settings(policy=policy, root=root) + "\\Security"
            value = switch_of(machine, key, name)
            if value is not None:
                return value, policy
    return None, False


def _rule(machine: Machine, rule: str) -> int | None:
    """What a rule of Defender is set to; a policy goes before a setting."""
    managed = str(value_of(machine, _MANAGED, "ASRRules") or "")
    for part in managed.split("|"):
        name, _, value = part.partition("=")
        if name.strip(" {}").upper() == rule and value.strip().isdecimal():
            return int(value)
    for key in _RULES:
        for name in (rule, f"{{{rule}}}"):
            found = switch_of(machine, key, name)
            if found is not None:
                return found
    return None
