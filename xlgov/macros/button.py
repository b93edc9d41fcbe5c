"""The button for offices that want it in the workbook: FILE.xlsm with macros, beside FILE.xlsx.

Why another file and not the same: Excel opens macros only under the other name. Everything that
need not change is copied byte for byte, so the new file is the old one with a button.

Why the macros are told by defined names where the ratings are: they must work without Python, and
what they could find out by themselves would be a second opinion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xlgov.errors import ChangedError, DamagedError, EditError, InUseError, UsageError
from xlgov.grid.records import Search
from xlgov.judging import expect_registers
from xlgov.kinds import RISK, Searched, search_kinds
from xlgov.macros.place import SIZE, find_place
from xlgov.macros.project import add_to_project, project_bytes
from xlgov.ooxml.code_names import name_modules, standing_modules
from xlgov.ooxml.form_button import FormButton, draw_button, runs_macro
from xlgov.ooxml.macros import allow_macros, put_project, read_project, refuse_signed
from xlgov.ooxml.package import Package
from xlgov.ooxml.reader import WorkbookFile, open_workbook
from xlgov.ooxml.save import keep_backup, refuse_unless_writable, replace_file, who_has_open
from xlgov.ooxml.sheet import SheetEditor
from xlgov.ooxml.verify import verify_written
from xlgov.ooxml.writing import copy_unchanged, fingerprint, write_workbook
from xlgov.risk.ranges import name_ratings, settle_names
from xlgov.settings import Settings
from xlgov.wanted import state_settings

CAPTION = "Recalculate"
MACRO = "XlgovRecalculate"
_SUFFIX = ".xlsm"


@dataclass(frozen=True, slots=True)
class ButtonFile:
    """The workbook with the button. ``sheet`` and ``cell`` are where a new one stands, else "".

    ``is_changed`` is false where the workbook had all of it already.
    """

    path: Path
    source: Path
    sheet: str = ""
    cell: str = ""
    is_changed: bool = True
    is_recognised: bool = True

    @property
    def message(self) -> str:
        """What to tell people: which file was made, and which one is now the live one."""
        name, old = self.path.name, self.source.name
        where = f"the button {CAPTION} is on the sheet {self.sheet!r}, at {self.cell}"
        if not self.sheet:
            where = f"it has a button for {CAPTION} already; that one stays"
        if not self.is_changed:
            said = f"{self.path}: the button and its macros are there already; nothing was changed."
        elif name == old and self.path.parent == self.source.parent:
            said = f"{self.path}: {where}."
        else:
            said = f"{self.path}: made; {where}."
        if name != old:
            said += (
                f" {name} is the live file from now on; {old} is as it was. Move {old} away, so "
                "that nobody goes on typing in it."
            )
        if not self.is_recognised:
            said += " No register was recognised in it yet, so the button finds nothing to do."
        return said


def add_button(path: str | Path, out_dir: str | Path | None = None) -> ButtonFile:
    """Make FILE.xlsm, with the button and its macros, of a workbook, beside it or in ``out_dir``.

    A workbook that has macros keeps them, and one that is .xlsm itself is changed in place, with a
    copy of it as it was kept once. A workbook that has the button is left as it is.

    Raises UsageError (a file of that name is there, a template), SignedError, EditError and the
    other file errors; nothing is written then.
    """
    source = Path(path)
    folder = source.parent if out_dir is None else Path(out_dir)
    target = folder / f"{source.stem}{_SUFFIX}"
    before = fingerprint(source)
    with open_workbook(source) as workbook:
        in_place = target.exists() and target.samefile(source)
        if not in_place:
            _refuse_open(source)
            _refuse_taken(source, target)
        editors, made = _prepare(workbook, source, target)
        parts = workbook.parts
        if not (editors or parts.replaced or parts.added or parts.removed):
            _make_folder(folder)
            copy_unchanged(source, target)
            return made
        refuse_signed(workbook.book, source.name)
        _make_folder(folder)
        refuse_unless_writable(target)

        def verify(written: Path) -> None:
            verify_written(workbook, editors, (), {}, written)
            _verify_button(written, workbook)
            workbook.package.close()
            if fingerprint(source) != before:
                raise ChangedError(
                    f"{source.name} was saved by somebody else meanwhile; nothing was written. "
                    "Run it again."
                )
            if in_place:
                keep_backup(source)

        replace_file(
            target, lambda file: write_workbook(workbook, editors, file), verify, like=source
        )
    return made


def _refuse_open(source: Path) -> None:
    """What somebody is typing now would be in the old file alone."""
    owner = who_has_open(source)
    if owner:
        raise InUseError(
            f"{source.name} is open in Excel or LibreOffice ({owner} has it open); nothing was "
            "written. Save and close it there, so that the file with the button has all of it."
        )


def _refuse_taken(source: Path, target: Path) -> None:
    if target.exists():
        raise UsageError(
            f"{target} is there already, and may be the file that people work in; it was not "
            f'replaced by one made of {source.name}. Run xlgov button "{target}" to bring its '
            "button up to date, or move it away first, or choose another folder with --out."
        )


def _make_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; expected a folder. Name another.")
    folder.mkdir(parents=True, exist_ok=True)


def _prepare(
    workbook: WorkbookFile, source: Path, target: Path
) -> tuple[dict[str, SheetEditor], ButtonFile]:
    """Make every edit but those of worksheets; gives their editors by part, and what is made."""
    book, parts = workbook.book, workbook.parts
    settings = state_settings(workbook, source, None, None)
    expect_registers(workbook, settings)
    searched = search_kinds(workbook, settings)
    sheet = cell = ""
    edits: dict[str, list[tuple[int, int, bytes]]] = {}
    allow_macros(book)
    edits |= _put_macros(workbook)
    if not runs_macro(parts, MACRO):
        sheet = _choose_sheet(workbook, searched)
        place = find_place(workbook, sheet)
        cell = place.cell
        button = FormButton(CAPTION, MACRO, place.anchor, SIZE)
        below = book.part.rpartition("/")[0]
        edits.setdefault(sheet, []).extend(
            draw_button(parts, workbook.outline(sheet), button, below)
        )
    _name_ratings(workbook, settings, searched)
    editors = {}
    for name, wanted in edits.items():
        if wanted:
            editor = SheetEditor(parts, workbook.outline(name), {}, wanted, workbook.date_1904)
            editors[workbook.find_sheet(name).part] = editor
    is_changed = bool(editors or parts.replaced or parts.added)
    is_recognised = any(not each.is_empty for each in searched.values())
    return editors, ButtonFile(target, source, sheet, cell, is_changed, is_recognised)


def _put_macros(workbook: WorkbookFile) -> dict[str, list[tuple[int, int, bytes]]]:
    """Put our macros into the workbook, beside those that it has; edits of sheets by name."""
    present = read_project(workbook.book)
    if present is None:
        names = name_modules(workbook)
        put_project(workbook.book, project_bytes(names.modules, names.charts))
        return names.edits
    if present == _as_made_here(workbook):
        return {}  # so no other library is needed to look into it
    merged = add_to_project(present)
    if merged != present:
        put_project(workbook.book, merged)
    return {}


def _as_made_here(workbook: WorkbookFile) -> bytes | None:
    """The project that a workbook of these code names would be given; None where it has none."""
    names = standing_modules(workbook)
    try:
        return project_bytes(names.modules, names.charts) if names else None
    except EditError:  # names that only a project of somebody else's can have
        return None


def _choose_sheet(workbook: WorkbookFile, searched: Mapping[str, Searched]) -> str:
    """The first sheet with a register that is shown; without one the first that is shown.

    Raises EditError where every worksheet is hidden.
    """
    shown = [info.name for info in workbook.sheets if info.state == "visible"]
    if not shown:
        raise EditError(
            "the workbook shows no worksheet to put a button on; unhide one in Excel, save, and "
            "try again."
        )
    recognised = {name for each in searched.values() for name in each.sheets}
    return next((name for name in shown if name in recognised), shown[0])


def _name_ratings(
    workbook: WorkbookFile, settings: Settings, searched: Mapping[str, Searched]
) -> None:
    """Leave the workbook with the names that its ratings need now; those of people stay."""
    book, found = workbook.book, searched[RISK]
    assert isinstance(found, Search)
    named = name_ratings(workbook, settings, found)
    wanted, gone = settle_names(named, book.names(), book.hidden_names())
    book.set_hidden_names(list(wanted), gone)


def _verify_button(written: Path, workbook: WorkbookFile) -> None:
    """Raise DamagedError unless the new file has its macros and a button that runs them."""
    with Package.open(written, workbook.package.limits) as package:
        fresh = WorkbookFile(package)
        asked = read_project(workbook.book)
        if read_project(fresh.book) != asked or not runs_macro(fresh.parts, MACRO):
            raise DamagedError(
                "the new file did not read back with its button and macros; nothing was written. "
                "This is a fault of xlgov: please report it with the file."
            )
