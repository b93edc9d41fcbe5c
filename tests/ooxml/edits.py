"""Edits to try on any workbook, chosen by the judge's own reading of it."""

from __future__ import annotations

import re
import warnings
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

from compare import Book, Edited, Node, as_utf8, cells_of, compare, link, nodes, related, split
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from xlgov.changes import CellChange, ChangeSet, FormatRule, Formula, StyleChange
from xlgov.errors import XlgovError
from xlgov.ooxml.apply import apply_changes
from xlgov.ooxml.reader import open_workbook

NUMBER, TEXT, FORMAT = 1234.5, "=1+1 <&>", "0.000"
CODES = "nmtrfsc"  # number, missing cell, text, missing row, formula, style, conditional format

Place = tuple[int, int]


def a1(place: Place) -> str:
    return f"{get_column_letter(place[1])}{place[0]}"


def area(text: str) -> tuple[int, int, int, int]:
    first, _, last = text.partition(":")
    return (*split(first), *split(last or first))


def covers(box: tuple[int, int, int, int], place: Place) -> bool:
    return box[0] <= place[0] <= box[2] and box[1] <= place[1] <= box[3]


@dataclass
class Choice:
    """The edits chosen for one workbook."""

    sheet: str
    values: dict[Place, Any] = field(default_factory=dict)
    style: Place | None = None
    code: str = ""  # which kinds of edit could be tried

    def changes(self) -> ChangeSet:
        return ChangeSet(
            cells=tuple(
                CellChange(self.sheet, a1(place), None, value)
                for place, value in self.values.items()
            ),
            styles=(StyleChange(self.sheet, a1(self.style), number_format=FORMAT),)
            if self.style
            else (),
            formats=(
                FormatRule(
                    self.sheet, "B2:B9 D2:D9", 'B2="<&>"', fill="FFC000", bold=True, border="thin"
                ),
            ),
        )

    def edited(self) -> Edited:
        return Edited(
            {self.sheet: {a1(place) for place in self.values}},
            {self.sheet: {a1(self.style)}} if self.style else {},
            frozenset({self.sheet}),
        )


def choose(path: Path) -> Choice | None:
    """Edits for the worksheet with most cells; None where there is no worksheet."""
    book = Book(path)
    kinds = {target: kind for kind, target in book.links.values()}
    trees = {
        name: nodes(as_utf8(book.parts[part]))
        for name, (part, _) in book.sheets.items()
        if kinds[part] == "worksheet" and part in book.parts
    }
    trees = {name: root for name, root in trees.items() if root.one("sheetData")}
    if not trees:
        return None
    name = max(trees, key=lambda each: len(cells_of(trees[each])))
    return _choose(name, trees[name], forbidden(book, book.sheets[name][0], trees[name]))


def forbidden(book: Book, part: str, root: Node) -> list[tuple[int, int, int, int]]:
    """Ranges where an edit is refused or redirected: arrays, table headings, merged cells."""
    boxes = []
    for _, cell in cells_of(root):
        for formula in cell.all("f"):
            if formula.attributes.get("t") in ("array", "dataTable"):
                boxes.append(area(formula.attributes["ref"]))
    merged, tables = root.one("mergeCells"), root.one("tableParts")
    boxes += [area(each.attributes["ref"]) for each in (merged.children if merged else [])]
    links = related(book.parts, part)
    for each in tables.children if tables else []:
        table = nodes(as_utf8(book.parts[links[link(each)][1]]))
        top, left, _, right = area(table.attributes["ref"])
        boxes.append((top, left, top, right))
    return boxes


def _choose(name: str, root: Node, boxes: list[tuple[int, int, int, int]]) -> Choice:
    found = Choice(name)

    def free(place: Place) -> bool:
        return place not in found.values and not any(covers(box, place) for box in boxes)

    present = {place: cell for place, cell in cells_of(root) if free(place)}
    masters = [
        place
        for place, cell in present.items()
        for formula in cell.all("f")
        if formula.attributes.get("t") == "shared" and "ref" in formula.attributes and formula.text
    ]
    if masters:
        found.values[masters[0]] = Formula("1+2", 3)
        found.code += "f"
    plain = [place for place, cell in present.items() if not cell.all("f") and free(place)]
    for code, value in (("n", NUMBER), ("t", TEXT)):
        if plain:
            found.values[plain.pop(0)] = value
            found.code += code
    rows = sorted({place[0] for place, _ in cells_of(root)})
    if rows:
        row = rows[len(rows) // 2]
        columns = {place[1] for place, _ in cells_of(root) if place[0] == row}
        gaps = (column for column in range(1, max(columns) + 3) if column not in columns)
        place = next(((row, column) for column in gaps if free((row, column))), None)
        if place:
            found.values[place] = 7
            found.code += "m"
    last = max(rows, default=0)
    between = next((n for n in range(1, last) if n not in rows), last + 3)
    for row in {between, last + 5}:
        if free((row, 3)) and row <= 1_048_576:
            found.values[row, 3] = "new row"
            found.code += "" if "r" in found.code else "r"
    styled = [place for place in present if free(place)]
    found.style = styled[-1] if styled else (last + 6, 2)
    found.code += "sc"
    return found


def try_edits(path: Path, folder: Path) -> tuple[str, str, str]:
    """Edit, judge, read back, edit again: (way, edits, outcome). AssertionError for any loss."""
    out = folder / f"after{path.suffix}"
    before = path.read_bytes()
    try:
        with open_workbook(path) as workbook:
            names = [sheet.name for sheet in workbook.sheets]
            unfit = Choice(names[0] if names else "Register", {(1, 1): NUMBER})
            try:
                choice = choose(path) or unfit
            except (ExpatError, LookupError, UnicodeError):  # broken, so it must be refused
                choice = unfit
            regular = bool(names) and workbook.outline(choice.sheet).regular
        way = "fast" if regular and "f" not in choice.code else "careful"
        assert apply_changes(choice.changes(), path, out, break_signature=True)
    except XlgovError as error:
        assert path.read_bytes() == before
        assert not out.exists(), "something was written although the edit was refused"
        return "-", "", f"refused: {error.code}, {str(error)[:70]}"
    assert path.read_bytes() == before, "the source was touched"
    touched = compare(path, out, choice.edited())
    assert len(touched) >= 2
    read_back(path, out, choice)
    first = out.read_bytes()
    apply_changes(choice.changes(), out, break_signature=True)
    assert out.read_bytes() == first, "the second time gave other bytes"
    kinds = {"n": "number", "t": "text", "m": "new cell", "r": "new row", "f": "shared formula"}
    kinds |= {"s": "style", "c": "format"}
    edits = " ".join(kinds[code].split()[-1] for code in CODES if code in choice.code)
    return way, edits, "edited"


def read_back(path: Path, out: Path, choice: Choice) -> None:
    """Compare with what openpyxl reads, where it reads the original at all."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            before = load_workbook(BytesIO(path.read_bytes()))
        except Exception:  # whatever openpyxl cannot open; it is only a second reader here
            return
        if choice.sheet not in before.sheetnames:
            return  # it reads no Strict workbooks
        if "n" in choice.code and not before[choice.sheet]._cells:
            return  # nor those of the beta's namespaces
        book = load_workbook(BytesIO(out.read_bytes()))
    sheet = book[choice.sheet]
    for place, value in choice.values.items():
        cell = sheet.cell(*place)
        if isinstance(value, Formula):
            assert cell.data_type == "f"
            assert cell.value == f"={value.text}"
        else:
            read = to_excel(cell.value, book.epoch) if cell.is_date else cell.value
            assert read == value, f"{a1(place)} reads {cell.value!r}"
            assert isinstance(value, (int, float)) or cell.data_type == "s"
    if choice.style:
        assert sheet.cell(*choice.style).number_format == FORMAT
    formulas = [
        formula
        for rules in sheet.conditional_formatting
        for rule in rules.rules
        for formula in rule.formula
    ]
    assert 'AND(B2="<&>",N("xlgov:band")=0)' in formulas


def part_names(path: Path) -> list[str]:
    """Names of the entries of a package, in order."""
    with zipfile.ZipFile(path) as file:
        return file.namelist()


def bare_name(text: str) -> str:
    """A text as it may stand in a file name."""
    return re.sub(r"\W+", "-", text).strip("-")
