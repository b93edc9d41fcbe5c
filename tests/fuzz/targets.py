"""What is fuzzed, and what must hold: a file is read or refused in words, and never anything else.

Why these: they are the ways in which bytes of strangers come in. ``package`` is the zip, ``sheet``
and ``strings`` are the parts that have two readers, a fast and a careful one, which must agree;
``settings_sheet`` and ``settings_text`` what people type on the sheet ``xlgov`` or into
``xlgov.toml``; and ``workbook`` is everything together, read, refreshed and edited.

A target gives True where the input was taken and False where it was refused with an XlgovError.
Any other exception is a finding, and so is ``Broken``, which says that a promise was not kept.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from unittest.mock import patch

from tests.fuzz.book import PART, REGISTER, STRINGS, as_workbook, settings_sheet_xml
from xlgov.changes import CellChange, ChangeSet, FormatRule, SheetChange, StyleChange
from xlgov.errors import EditError, XlgovError
from xlgov.grid.sheet import Grid, shortened
from xlgov.ooxml import columns as columns_module
from xlgov.ooxml.apply import apply_changes
from xlgov.ooxml.edits import CellEdit
from xlgov.ooxml.markup import decode, refuse_ill_formed
from xlgov.ooxml.outline import read_outline
from xlgov.ooxml.package import Package
from xlgov.ooxml.parts import Parts
from xlgov.ooxml.reader import WorkbookFile
from xlgov.ooxml.scan import IrregularSheet
from xlgov.ooxml.sheet import SheetEditor
from xlgov.ooxml.strings import _read_carefully, read_strings
from xlgov.operations import check, read_rows, refresh
from xlgov.settings import load_settings


class Broken(AssertionError):
    """A promise that an input brought down."""


Target = Callable[[bytes], bool]


# The package


def package(content: bytes) -> bool:
    """Every part is read, and the package written back: with no change, byte for byte."""
    try:
        opened = Package(io.BytesIO(content))
    except XlgovError:
        return False
    taken = True
    for member in opened.members:
        try:
            read = sum(map(len, opened.stream(member)))
        except XlgovError:
            taken = False
            continue
        _hold(read == member.size, f"{member.name} gave {read} bytes, not {member.size}")
    out = io.BytesIO()
    opened.write(out)
    _hold(out.getvalue() == content, "written without a change, the package is another")
    _replace_and_remove(opened)
    return taken


def _replace_and_remove(opened: Package) -> None:
    """A part replaced, one removed and one added: all others come out as they were."""
    names = list(dict.fromkeys(member.name for member in opened.members))
    if len(names) < 2 or opened.find("xlgov/new.xml"):
        return
    first, last = opened.find(names[0]), opened.find(names[-1])
    if first is None or last is None or opened.find(first.name) is opened.find(last.name):
        return
    out = io.BytesIO()
    try:
        opened.write(out, {first.name: b"replaced"}, {"xlgov/new.xml": b"added"}, [last.name])
        again = Package(out)
    except EditError:
        return
    _hold(again.find(last.name) is None, "a removed part is there")
    _hold(again.read(first.name) == b"replaced", "a replaced part reads otherwise")
    _hold(again.read("xlgov/new.xml") == b"added", "an added part reads otherwise")
    untouched = {first.name.lower(), last.name.lower()}
    for member in opened.members:
        other = again.find(member.name)
        if member is opened.find(member.name) and member.name.lower() not in untouched:
            same = other is not None and (other.crc, other.size) == (member.crc, member.size)
            _hold(same, f"{member.name} is no longer the same")


# The sheet


def sheet(content: bytes) -> bool:
    """The fast and the careful reading give the same cells, and both edits the same bytes."""
    fast, is_regular = _read(content, careful=False)
    careful, _ = _read(content, careful=True)
    if isinstance(fast, dict) and is_regular:
        if not isinstance(careful, dict):
            # The fast way looks at the rows that it needs; whether all is well-formed shows when
            # the sheet is written. More than that it must not take.
            _hold(not _is_well_formed(content), f"only one way refused it: {careful}")
        else:
            _hold(fast == careful, f"the two ways differ:\n{fast}\n{careful}")
            with patch.object(columns_module, "_SMALL", 0):  # rows matched whole
                few, few_regular = _read(content, careful=False, columns=(1, 2, 3))
            if few_regular:
                wanted = {n: each for n, each in careful.items() if n in (1, 2, 3)}
                _hold(few == wanted, f"rows matched whole differ:\n{few}\n{wanted}")
            _compare_edits(content)
    return isinstance(careful, dict)


Cells = dict[int, list[tuple[int, str, object, int, bool]]]


def _read(
    content: bytes, *, careful: bool, columns: tuple[int, ...] | None = None
) -> tuple[Cells | str, bool]:
    """The cells of a sheet, or why it was refused; and whether the fast way was taken."""
    opened = WorkbookFile(_opened_parts({PART: content}).package)
    try:
        outline = opened.outline(REGISTER)
        if careful:
            outline.regular = False
            opened._first.clear()
        found = opened.grid(REGISTER, columns=columns)
        return _cells(found), opened.outline(REGISTER).regular
    except XlgovError as error:
        return str(error), False


def _opened_parts(changed: dict[str, bytes]) -> Parts:
    return Parts(Package(io.BytesIO(as_workbook(changed))))


def _cells(grid: Grid) -> Cells:
    return {
        number: [
            (row, type(value).__name__, repr(value), style, row in column.formulas)
            for row, value, style in zip(column.rows, column.values, column.styles, strict=True)
        ]
        for number, column in sorted(grid.columns.items())
        if column.rows
    }


def _is_well_formed(content: bytes) -> bool:
    try:
        refuse_ill_formed([decode(content, PART)[0]], PART)
    except XlgovError:
        return False
    return True


EDITS = {
    2: {1: CellEdit(7), 2: CellEdit("=text")},
    3: {1: CellEdit(None), 40: CellEdit(True, 1)},
    900: {3: CellEdit(1.5)},
}


def _compare_edits(content: bytes) -> None:
    fast, careful = _edited(content, careful=False), _edited(content, careful=True)
    if fast is not None and careful is not None:
        _hold(fast == careful, f"the two ways of editing differ:\n{fast!r}\n{careful!r}")
    if fast is not None and careful is None:
        _hold(not _is_well_formed(content), "only one way of editing refused it")


def _edited(content: bytes, *, careful: bool) -> bytes | None:
    parts = _opened_parts({PART: content})
    try:
        editor = SheetEditor(parts, read_outline(parts, PART), EDITS, [], False)
        if careful:
            return editor.carefully()
        return b"".join(editor.stream()) if editor.is_fast else None
    except (XlgovError, IrregularSheet):
        return None


# The shared strings


def strings(content: bytes) -> bool:
    """The fast and the careful reading give the same texts."""
    wanted, brief = range(0, 60, 2), range(1, 60, 2)
    parts = _opened_parts({STRINGS: content})
    try:
        found = read_strings(parts, STRINGS, wanted, brief)
        fast = [found.text(index) if index in wanted else found.brief(index) for index in range(60)]
    except XlgovError as error:
        fast = [str(error)]
    try:
        whole = _read_carefully(content, STRINGS, bytearray(b"\1" * 60))
    except XlgovError:
        _hold(len(fast) == 1 or not _is_well_formed(content), "only the careful way refused it")
        return False
    texts = [whole.text(index) for index in range(60)]
    careful = [shortened(text) if text and n in brief else text for n, text in enumerate(texts)]
    most = len(content) // 5  # so many items there can be
    _hold(fast == careful or fast[:most] == careful[:most], f"differ:\n{fast}\n{careful}")
    return True


# The settings


def settings_text(content: bytes) -> bool:
    """``xlgov.toml`` beside a workbook: settings, or every problem in words."""
    folder = _folder()
    (folder / "xlgov.toml").write_bytes(content)
    return _load(as_workbook({}), folder / "book.xlsx")


def settings_sheet(content: bytes) -> bool:
    """The sheet ``xlgov``: rows of cells, a line each, cells between tabs."""
    return _load(as_workbook({PART: settings_sheet_xml(content)}, name="xlgov"), None)


def _load(content: bytes, path: Path | None) -> bool:
    with Package(io.BytesIO(content)) as opened:
        try:
            load_settings(WorkbookFile(opened), path)
        except XlgovError as error:
            _hold(bool(str(error).strip()), "a refusal without a word")
            return False
    return True


# A whole workbook


def workbook(content: bytes) -> bool:
    """Read, checked, refreshed, edited in every way; or refused, and then left as it was."""
    folder = _folder()
    (folder / "xlgov.toml").unlink(missing_ok=True)
    path, out = folder / "book.xlsx", folder / "out.xlsx"
    path.write_bytes(content)
    out.unlink(missing_ok=True)
    taken = True
    for use in (_read_all, _refresh_twice, _edit_everything):
        try:
            use(path, out)
        except XlgovError as error:
            taken = False
            said = str(error)
            _hold("did not read back" not in said, f"damage found only after writing: {said}")
    _hold(path.read_bytes() == content, "the source was written to")
    left = {each.name for each in folder.iterdir()} - {path.name, out.name}
    _hold(not left, f"files were left: {sorted(left)}")
    return taken


def _read_all(path: Path, _: Path) -> None:
    check(path, stale_after=30)
    read_rows(path)


def _refresh_twice(path: Path, out: Path) -> None:
    first = refresh(path, out, reasons=True, charts=True, repair=True, notes=True)
    if first.is_empty:
        _hold(out.read_bytes() == path.read_bytes(), "nothing to do, and yet another file")
        return
    with zipfile.ZipFile(out) as written:
        _hold(written.testzip() is None, "zipfile finds a damaged part in what was written")


def _edit_everything(path: Path, out: Path) -> None:
    opened = Package.open(path)
    with opened:
        names = [each.name for each in WorkbookFile(opened).sheets]
    name = names[0] if names else REGISTER
    apply_changes(
        ChangeSet(
            cells=(
                CellChange(name, "A7", None, 7),
                CellChange(name, "B2", None, "=text"),
                CellChange(name, "C6", None, None),
                CellChange(name, "Z99", None, True),
            ),
            styles=(StyleChange(name, "A2", number_format="0.0000", bold=True, wrap=True),),
            formats=(FormatRule(name, "A1:A9", "A1>1", fill="FF0000"),),
            sheets=(SheetChange("xlgov", [["a", 1]], names=[("xlgov_a", "A1:B1")]),),
        ),
        path,
        out,
        break_signature=True,
    )
    apply_changes(ChangeSet(sheets=(SheetChange("xlgov", remove=True),)), out)


# ---


@cache
def _folder() -> Path:
    """A folder for this process; ``run`` clears away where it lies."""
    return Path(tempfile.mkdtemp(prefix="xlgov-fuzz-"))


def _hold(kept: bool, promise: str) -> None:
    if not kept:
        raise Broken(promise)


TARGETS: dict[str, Target] = {
    each.__name__: each
    for each in (package, sheet, strings, settings_text, settings_sheet, workbook)
}
