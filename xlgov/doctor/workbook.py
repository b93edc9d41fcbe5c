"""One workbook, or the current folder: does it come from the internet, does it live in a cloud."""

from __future__ import annotations

import re

from xlgov.doctor.check import Check, no_excel
from xlgov.doctor.excel import Excel
from xlgov.doctor.machine import WINDOWS, Machine, folder_of, is_within, place
from xlgov.doctor.trust import blocks_internet_files, read_trust
from xlgov.settings.values import SETTINGS_FILE

MARK, WHERE = "From the internet", "Where it is kept"

_ZONE = re.compile(rb"ZoneId\s*=\s*(\d)", re.IGNORECASE)
_INTERNET = 3  # and above: the restricted sites
_CLOUD_VARIABLES = ("OneDriveCommercial", "OneDriveConsumer", "OneDrive")
_MAC_CLOUD = "Library/CloudStorage"


def is_web_address(text: str) -> bool:
    """Whether a workbook is named by its web address.

    >>> is_web_address("https://office.sharepoint.com/sites/a/register.xlsx")
    True
    """
    return re.match(r"https?:", text, re.IGNORECASE) is not None


def check_mark(machine: Machine, excel: Excel | None, files: list[str], named: str | None) -> Check:
    """Whether a workbook or the add-in is marked as one from the internet."""
    if excel is None:
        return no_excel(MARK)
    if machine.system != WINDOWS:
        return Check(MARK, "not here", "only Windows marks files so that macros are blocked")
    trust = read_trust(machine, excel)
    marked = [each for each in files if _is_marked(machine, each)]
    stopped = [each for each in marked if not trust.holds(machine, each)]
    if stopped:
        how = " (a policy leaves no other way)" if blocks_internet_files(machine, excel) else ""
        fix = (
            f"If you know where it came from: right-click it in Explorer, Properties, tick "
            f"Unblock, OK{how}."
        )
        found = f"{' and '.join(stopped)} came from the internet, so Excel blocks its macros"
        return Check(MARK, "fix", found, fix)
    if marked:
        found = f"{' and '.join(marked)} came from the internet, but the folder is trusted"
        return Check(MARK, "ok", found)
    if named is None:
        which = "the add-in bears no mark of it; " if files else ""
        found = f"{which}no workbook was named (xlgov doctor FILE looks at one)"
        return Check(MARK, "ok" if files else "not here", found)
    return Check(MARK, "ok", f"{named} bears no mark of it")


def check_place(machine: Machine, excel: Excel | None, named: str | None) -> Check:
    """Whether a workbook, or the current folder, is in OneDrive or on SharePoint."""
    if excel is None:
        return no_excel(WHERE)
    where = named or machine.folder
    what = named or f"this folder ({machine.folder})"
    if is_web_address(where):
        fix = (
            "Synchronise the library and open the workbook from its folder on this PC; or ask IT "
            "to make the site a trusted one, since Excel blocks macros of other sites."
        )
        return Check(WHERE, "fix", f"{what} is a web address", fix)
    cloud = _cloud_folder(machine, where if named else place(machine, where, "x"))
    if cloud is None:
        share = " (a shared folder)" if where.startswith("\\\\") else ""
        return Check(WHERE, "ok", f"{what} is not in OneDrive or SharePoint{share}")
    folder = folder_of(machine, where) if named else where
    if machine.exists(place(machine, folder, SETTINGS_FILE)):
        fix = (
            f"The button does not see {SETTINGS_FILE} there, as Excel names such a workbook by its "
            "web address. Run xlgov init, and put the settings on the workbook's xlgov sheet."
        )
        return Check(WHERE, "fix", f"{what} is in {cloud}, with {SETTINGS_FILE} beside it", fix)
    found = f"{what} is in {cloud}; settings belong on its xlgov sheet, not in {SETTINGS_FILE}"
    return Check(WHERE, "ok", found)


def _is_marked(machine: Machine, path: str) -> bool:
    found = _ZONE.search(machine.read(f"{path}:Zone.Identifier") or b"")
    return found is not None and int(found[1]) >= _INTERNET


def _cloud_folder(machine: Machine, path: str) -> str | None:
    """The OneDrive folder that a file is in; None where it is in none."""
    folders = [machine.environment(name) for name in _CLOUD_VARIABLES]
    folders.append(place(machine, machine.home, _MAC_CLOUD))
    return next((each for each in folders if is_within(machine, path, each)), None)
