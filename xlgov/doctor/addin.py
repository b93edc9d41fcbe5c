"""The add-in: where Excel would find it, and whether it is of this version."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from xlgov.doctor.check import Check, no_excel
from xlgov.doctor.excel import Excel, addin_folders, start_folders
from xlgov.doctor.machine import Machine, expanded, is_absolute, is_within, place

NAME = "Add-in"
FILE = "xlgov.xlam"
RECORD = Path(__file__).parents[1] / "macros" / "vba" / "SHA256SUMS"  # beside its source

_HASH = re.compile(rf"([0-9a-f]{{64}})\s+\*?{re.escape(FILE)}", re.IGNORECASE)
_OPEN = re.compile(r"OPEN\d*", re.IGNORECASE)
_AGAIN = f"Run xlgov addin --out FOLDER and put the new {FILE} in its place, with Excel closed."


def recorded_hash(record: Path = RECORD) -> str | None:
    """The SHA-256 of this version's add-in, in lower case; None where none is recorded.

    The record is a line each, hash and name, as ``sha256sum`` writes them.
    """
    try:
        lines = record.read_text("utf-8").splitlines()
    except OSError:
        return None
    found = (_HASH.fullmatch(line.strip()) for line in lines)
    return next((each[1].lower() for each in found if each), None)


def find_addins(machine: Machine, excel: Excel) -> tuple[list[str], list[str]]:
    """The add-ins that are there, and those that Excel is told to open and are not."""
    folders = [*start_folders(machine, excel), *addin_folders(machine)]
    paths = [place(machine, folder, FILE) for folder in folders]
    told = [
        path
        for name, value in machine.registry(excel.settings() + "\\Options").items()
        if _OPEN.fullmatch(name)
        if (path := _told(machine, str(value), folders)) is not None
    ]
    there: dict[str, str] = {}
    for path in (*paths, *told):
        if machine.exists(path):
            there.setdefault(path.casefold(), path)
    return list(there.values()), [path for path in told if not machine.exists(path)]


def check_addin(machine: Machine, excel: Excel | None, record: str | None) -> Check:
    """Whether the add-in is where Excel finds it, once, and of this version."""
    if excel is None:
        return no_excel(NAME)
    there, gone = find_addins(machine, excel)
    if gone:
        fix = f"Switch it off under File, Options, Add-ins, or put {FILE} back there."
        return Check(NAME, "fix", f"Excel is told to open {gone[0]}, which is not there", fix)
    if not there:
        found = f"no {FILE} in Excel's folders; a button in the workbook itself needs none"
        return Check(NAME, "not here", found)
    if record is None:
        found = f"{there[0]}; which version it is cannot be told"
        return Check(NAME, "unknown", found)
    for path in there:
        content = machine.read(path)
        if content is None:
            return Check(NAME, "unknown", f"{path} cannot be read")
        if sha256(content).hexdigest() != record:
            return Check(NAME, "fix", f"{path} is not the one of this version", _AGAIN)
    if len(there) > 1:
        found = f"{' and '.join(there)}: the ribbon tab would be there twice"
        return Check(NAME, "fix", found, f"Delete one of the two, with Excel closed: {there[-1]}")
    return Check(NAME, "ok", f"{there[0]} is the one of this version")


def in_start_folder(machine: Machine, excel: Excel, path: str) -> bool:
    """Whether Excel opens a file by itself, and trusts it."""
    return any(
        is_within(machine, path, folder, below=False) for folder in start_folders(machine, excel)
    )


def _told(machine: Machine, value: str, folders: list[str]) -> str | None:
    """The file of an OPEN entry, such as ``/R "C:\\Tools\\xlgov.xlam"``; None for another's."""
    text = re.sub(r"^\s*(?:/\w\s+)*", "", expanded(machine, value)).strip().strip('"')
    if text.replace("\\", "/").rpartition("/")[2].casefold() != FILE:
        return None
    if is_absolute(machine, text):
        return text
    there = [place(machine, folder, text) for folder in reversed(folders)]
    return next((path for path in there if machine.exists(path)), there[0])
