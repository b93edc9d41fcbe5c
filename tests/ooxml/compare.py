"""An independent judge of an edited workbook: nothing may differ but what was asked for.

It shares no code with the library: zipfile finds the parts, expat finds the places, and whatever
an edit may touch is cut out of both files before the bytes are compared.
"""

from __future__ import annotations

import codecs
import posixpath
import re
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote
from xml.parsers import expat

from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter

OURS = re.compile(r'N\("xlgov:[a-z-]+"\)=0\)$')
LISTS = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs",
)  # fmt: skip
ATTRIBUTE = re.compile(rb"""\s+([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')""")
TAG = re.compile(rb"""<(?:[^>"']|"[^"]*"|'[^']*')*>""")
TYPES = "[content_types].xml"


@dataclass(frozen=True)
class Edited:
    """What an edit was to touch: cells by sheet name, and sheets that get formats of ours."""

    values: Mapping[str, set[str]] = field(default_factory=dict)
    styles: Mapping[str, set[str]] = field(default_factory=dict)
    formats: frozenset[str] = frozenset()
    notes: Mapping[str, set[str]] = field(default_factory=dict)

    @property
    def sheets(self) -> set[str]:
        return {*self.values, *self.styles, *self.formats, *self.notes}


@dataclass
class Node:
    """An element with its places; ``after_open`` is where its opening tag ends."""

    name: str
    attributes: dict[str, str]
    start: int
    after_open: int = 0
    before_close: int = 0
    end: int = 0
    children: list[Node] = field(default_factory=list)
    text: str = ""

    def all(self, name: str) -> list[Node]:
        return [child for child in self.children if child.name == name]

    def one(self, name: str) -> Node | None:
        return next(iter(self.all(name)), None)

    def below(self) -> list[Node]:
        return [self, *(each for child in self.children for each in child.below())]


def as_utf8(raw: bytes) -> bytes:
    """A part's bytes in UTF-8, whatever it was written in."""
    declared = re.match(rb"""<\?xml[^>]*encoding=["']([\w.-]+)""", raw)
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16").encode()
    if raw[:2] in (b"\0<", b"<\0"):
        return raw.decode("utf-16-be" if raw[:1] == b"\0" else "utf-16-le").encode()
    if declared and declared[1].lower() != b"utf-8":
        return raw.decode(declared[1].decode()).encode()
    return raw


@lru_cache(maxsize=8)
def nodes(raw: bytes) -> Node:
    """The elements of a part, with the offsets at which expat saw them."""
    parser = expat.ParserCreate("UTF-8")
    parser.buffer_text = True
    top = Node("", {}, 0)
    stack = [top]

    def local(name: str) -> str:
        return name.rpartition(":")[2]

    def start(name: str, attributes: dict[str, str]) -> None:
        node = Node(local(name), attributes, parser.CurrentByteIndex)
        tag = TAG.match(raw, node.start)
        assert tag is not None
        node.after_open = tag.end()
        stack[-1].children.append(node)
        stack.append(node)

    def end(_: str) -> None:
        node = stack.pop()
        if raw[node.after_open - 2 : node.after_open] == b"/>":
            node.before_close = node.end = node.after_open
        else:
            node.before_close = parser.CurrentByteIndex
            node.end = raw.index(b">", node.before_close) + 1

    def text(piece: str) -> None:
        stack[-1].text += piece

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    parser.Parse(raw, True)
    return top.children[0]


def cut(raw: bytes, stretches: list[tuple[int, int, bytes]]) -> bytes:
    """Bytes with stretches replaced by a mark."""
    pieces, place = [], 0
    for start, end, mark in sorted(stretches):
        assert start >= place, "the judge's own stretches overlap"
        pieces += [raw[place:start], mark]
        place = end
    return b"".join([*pieces, raw[place:]])


def tag_without(raw: bytes, node: Node, names: set[bytes]) -> bytes:
    """A mark for an opening tag: its name and attributes in order, without some of them."""
    tag = raw[node.start : node.after_open]
    kept = [m for m in ATTRIBUTE.finditer(tag) if m[1] not in names]
    shown = (b" " + match[1] + b"=" + match[2][1:-1] for match in kept)
    return b"<" + node.name.encode() + b"".join(shown) + b">"


# The package


def packed(file: zipfile.ZipFile, path: Path, item: zipfile.ZipInfo) -> bytes:
    """The compressed bytes of an entry."""
    with path.open("rb") as raw:
        raw.seek(item.header_offset + 26)
        name, extra = struct.unpack("<2H", raw.read(4))
        raw.seek(name + extra, 1)
        return raw.read(item.compress_size)


def key(name: str) -> str:
    return unquote(name).replace("\\", "/").lstrip("/").lower()


def related(parts: Mapping[str, bytes], part: str) -> dict[str, tuple[str, str]]:
    """Relationships of a part: id to (last segment of the type, key of the target)."""
    folder, _, name = part.rpartition("/")
    rels = parts.get(key(f"{folder}/_rels/{name}.rels"))
    found = {}
    for each in nodes(as_utf8(rels)).all("Relationship") if rels is not None else []:
        target = unquote(each.attributes.get("Target", "")).replace("\\", "/")
        full = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
        found[each.attributes["Id"]] = each.attributes["Type"].rpartition("/")[2], key(full)
    return found


def link(node: Node) -> str:
    """An element's relationship id."""
    return next((v for n, v in node.attributes.items() if n.rpartition(":")[2] == "id"), "")


class Book:
    """A workbook as the judge sees it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with zipfile.ZipFile(path) as file:
            self.items = file.infolist()
            self.packed = [packed(file, path, item) for item in self.items]
            self.contents = [file.read(item) for item in self.items]
        self.parts = {
            key(item.filename): content
            for item, content in zip(self.items, self.contents, strict=True)
        }
        tops = related(self.parts, "").values()
        self.main = next(target for kind, target in tops if kind == "officeDocument")
        self.links = related(self.parts, self.main)
        self.root = nodes(as_utf8(self.parts[self.main]))
        listed = self.root.one("sheets")
        self.sheets = {
            each.attributes["name"]: (self.links[link(each)][1], each.attributes.get("sheetId", ""))
            for each in (listed.children if listed else [])
            if link(each) in self.links
        }

    def of_kind(self, kind: str) -> str:
        found = (target for each, target in self.links.values() if each == kind)
        return next((target for target in found if target in self.parts), "")


def compare(before_path: Path, after_path: Path, edited: Edited) -> set[str]:
    """Raise AssertionError for anything that differs beyond the edit; gives the touched parts."""
    before, after = Book(before_path), Book(after_path)
    styles, chain = after.of_kind("styles"), before.of_kind("calcChain")
    new_styles = styles not in before.parts or not before.parts[styles].strip()
    lost_chain = bool(chain) and chain not in after.parts
    sheets = {before.sheets[name][0]: name for name in edited.sheets}
    folder, _, name = before.main.rpartition("/")
    rels = key(f"{folder}/_rels/{name}.rels")
    allowed = {*sheets, before.main, styles, chain}
    noted, made, listings = noted_parts(before, after, edited)
    allowed |= {*noted, *listings}
    if (new_styles and styles not in before.parts) or lost_chain:
        allowed |= {TYPES, rels}
    lost = chain if lost_chain else None
    kept = [n for n, item in enumerate(before.items) if key(item.filename) != lost]
    names = [before.items[n].filename for n in kept]
    assert [item.filename for item in after.items[: len(names)]] == names, "order of parts"
    extra = {key(item.filename) for item in after.items[len(names) :]}
    assert extra <= {styles, *made}, f"new parts {extra}"
    touched = set()
    last = {key(item.filename): n for n, item in enumerate(before.items)}
    for place, n in enumerate(kept):
        old, new = before.items[n], after.items[place]
        for each in ("date_time", "external_attr", "internal_attr", "create_system", "comment"):
            assert getattr(old, each) == getattr(new, each), f"{old.filename}: {each} differs"
        if before.contents[n] == after.contents[place]:
            if before.packed[n] != after.packed[place]:
                assert key(old.filename) in allowed, f"{old.filename}: compressed anew"
            continue
        part = key(old.filename)
        assert part in allowed and last[part] == n, f"{old.filename} differs"
        touched.add(part)
        one, two = as_utf8(before.contents[n]), as_utf8(after.contents[place])
        if part in sheets:
            name = sheets[part]
            judge_sheet(one, two, name, edited)
        elif part == before.main:
            judge_workbook(one, two)
        elif part == styles:
            if not new_styles:
                judge_styles(one, two)
        elif part == chain:
            judge_chain(one, two, before, edited)
        elif part in noted:
            judge = judge_drawing if part.endswith(".vml") else judge_comments
            judge(one, two, noted[part])
        else:
            gained = {each for each in (styles, *made) if each not in before.parts}
            judge_listing(one, two, {chain} if lost_chain else set(), gained)
    if lost_chain:
        judge_chain(as_utf8(before.parts[chain]), b"<calcChain/>", before, edited)
    return touched


def judge_workbook(one: bytes, two: bytes) -> None:
    """Equal but for the request to recalculate."""
    old, new = nodes(one), nodes(two)
    was, now = old.one("calcPr"), new.one("calcPr")
    assert now is not None, "no calcPr"
    wanted = {**(was.attributes if was else {}), "fullCalcOnLoad": "1"}
    assert now.attributes == wanted, f"calcPr says {now.attributes}"
    order = [each.name for each in new.children]
    later = ("oleSize", "customWorkbookViews", "pivotCaches", "fileRecoveryPr", "extLst")
    behind = [order.index(name) for name in later if name in order]
    assert order.index("calcPr") < min(behind, default=99), "calcPr is out of order"
    bare = [
        cut(raw, [(node.start, node.end, b"")] if node else [])
        for raw, node in ((one, was), (two, now))
    ]
    assert bare[0] == bare[1], "the workbook part differs"


def judge_styles(one: bytes, two: bytes) -> None:
    """Equal but for records behind the old ones."""
    old, new = nodes(one), nodes(two)
    old_cuts: list[tuple[int, int, bytes]] = []
    new_cuts: list[tuple[int, int, bytes]] = []
    if old.after_open == old.end:
        return  # a root without content: there was nothing to keep
    for name in LISTS:
        was, now = old.one(name), new.one(name)
        if now is None:
            assert was is None, f"{name} is gone"
            continue
        if was is None:
            new_cuts.append((now.start, now.end, b""))
            continue
        count = len(was.children)
        assert len(now.children) >= count, f"{name} is shorter"
        for index, (a, b) in enumerate(zip(was.children, now.children, strict=False)):
            same = one[a.start : a.end] == two[b.start : b.end]
            assert same, f"{name} {index} differs"
        for raw, node, cuts in ((one, was, old_cuts), (two, now, new_cuts)):
            cuts.append((node.start, node.after_open, tag_without(raw, node, {b"count"})))
            if node.after_open == node.end:
                cuts.append((node.end, node.end, b"</>"))
            else:
                cuts.append((node.before_close, node.end, b"</>"))
        new_cuts += [(each.start, each.end, b"") for each in now.children[count:]]
        if "count" in now.attributes:
            assert now.attributes["count"] == str(len(now.children)) or len(now.children) == count
    assert cut(one, old_cuts) == cut(two, new_cuts), "the styles differ"


def judge_chain(one: bytes, two: bytes, before: Book, edited: Edited) -> None:
    """The calculation chain has lost edited cells and nothing else."""

    def entries(raw: bytes) -> list[tuple[str, str]]:
        sheet, found = "", []
        for each in nodes(raw).all("c"):
            sheet = each.attributes.get("i", sheet)
            found.append((sheet, each.attributes["r"]))
        return found

    gone = {(before.sheets[n][1], cell) for n, cells in edited.values.items() for cell in cells}
    assert entries(two) == [each for each in entries(one) if each not in gone], "calcChain differs"


def judge_listing(one: bytes, two: bytes, lost: set[str], gained: set[str]) -> None:
    """Content types or relationships: only those of these parts went or came."""

    has_ending = b'Extension="vml"' in one

    def without(raw: bytes, parts: set[str]) -> bytes:
        found = []
        for each in nodes(raw).children:
            name = each.attributes.get("PartName") or each.attributes.get("Target") or ""
            bare = key(posixpath.normpath(name)).removeprefix("../") if name else ""
            vml = each.attributes.get("Extension") == "vml" and any(".vml" in p for p in parts)
            named = bare and any(part and part.endswith(bare) for part in parts)
            if named or (vml and not has_ending):
                found.append((each.start, each.end, b""))
        return cut(raw, found)

    assert without(one, lost) == without(two, gained), "content types or relationships differ"


# Notes


def noted_parts(
    before: Book, after: Book, edited: Edited
) -> tuple[dict[str, set[str]], set[str], set[str]]:
    """Parts that hold notes and which cells' may differ; new parts; listings that may grow."""
    noted: dict[str, set[str]] = {}
    made: set[str] = set()
    listings: set[str] = set()
    for name, cells in edited.notes.items():
        sheet = after.sheets[name][0]
        links = related(after.parts, sheet)
        drawn = next((n for n in nodes(as_utf8(after.parts[sheet])).below()
                      if n.name == "legacyDrawing"), None)  # fmt: skip
        parts = {target for kind, target in links.values() if kind == "comments"}
        parts |= {links[link(drawn)][1]} if drawn else set()
        folder, _, last = sheet.rpartition("/")
        rels = key(f"{folder}/_rels/{last}.rels")
        noted |= {part: cells for part in parts if part in before.parts}
        new = {part for part in parts if part not in before.parts}
        if new:
            listings |= {rels, TYPES}
            made |= new | ({rels} if rels not in before.parts else set())
    return noted, made, listings


def judge_comments(one: bytes, two: bytes, cells: set[str]) -> None:
    """Equal but for the comments of these cells, and an author of ours behind the others."""

    def without(raw: bytes) -> bytes:
        root = nodes(raw)
        cuts = [(n.start, n.end, b"") for n in root.below()
                if n.name == "comment" and n.attributes["ref"] in cells]  # fmt: skip
        authors = [n for n in root.below() if n.name == "author"]
        if authors and authors[-1].text == "xlgov":  # behind all others, so none is renumbered
            cuts.append((authors[-1].start, authors[-1].end, b""))
        return cut(raw, cuts)

    assert without(one) == without(two), "the comments differ"


def judge_drawing(one: bytes, two: bytes, cells: set[str]) -> None:
    """Equal but for the boxes of these cells, the type of a box, and blocks of numbers."""

    def without(raw: bytes) -> bytes:
        def shape(match: re.Match[bytes]) -> bytes:
            row, column = (re.search(rb"<\w+:%b>(\d+)<" % each, match[0]) for each in
                           (b"Row", b"Column"))  # fmt: skip
            if b'ObjectType="Note"' not in match[0] or row is None or column is None:
                return match[0]
            place = f"{get_column_letter(int(column[1]) + 1)}{int(row[1]) + 1}"
            return b"" if place in cells else match[0]

        bare = re.sub(rb"<(\w+:shape) .*?</\1>", shape, raw, flags=re.DOTALL)
        if b'"_x0000_t202"' not in one:
            bare = re.sub(rb'<(\w+:shapetype) id="_x0000_t202".*?</\1>', b"", bare)
        return re.sub(rb'(<\w+:idmap [^>]*data=")[0-9,]+', rb"\1", bare)

    assert without(one) == without(two), "the drawing of notes differs"
    numbers = re.findall(rb'id="_x0000_s(\d+)"', two)
    assert len(numbers) == len(set(numbers)), "two shapes of one number"


# The sheet


def address_of(cell: Node, row: int, column: int) -> tuple[int, int]:
    match = re.fullmatch(r"\$?([A-Za-z]+)\$?(\d+)", cell.attributes.get("r", ""))
    if match is None:
        return row, column + 1
    number = 0
    for letter in match[1].upper():
        number = number * 26 + ord(letter) - 64
    return int(match[2]), number


def row_number(row: Node, before: int) -> int:
    """A row's number, its first cell's, or the next."""
    first = row.one("c")
    if "r" in row.attributes:
        return int(row.attributes["r"])
    return address_of(first, before + 1, 0)[0] if first else before + 1


def split(cell: str) -> tuple[int, int]:
    return address_of(Node("", {"r": cell}, 0), 0, 0)


def judge_sheet(one: bytes, two: bytes, name: str, edited: Edited) -> None:
    """Equal outside the edited cells, their rows' spans, the dimension and our own formats."""
    values = {split(cell) for cell in edited.values.get(name, ())}
    styles = {split(cell) for cell in edited.styles.get(name, ())}
    shared = orphans(nodes(one), values)
    old = sheet_without(one, values | styles, set(shared), None)
    if name in edited.notes and b"legacyDrawing " not in one:
        two = without_drawing(two)
    new = sheet_without(two, values | styles, set(shared), set(old.rows))
    for place, cell in cells_of(nodes(two)):
        if place in shared:
            formula = cell.one("f")
            assert formula is not None, f"{place} has lost its formula"
            assert not formula.attributes, f"{place} still shares a formula that is gone"
            assert formula.text == shared[place], f"{place} says {formula.text}"
    assert old.bare == new.bare, f"{name} differs {first_difference(old.bare, new.bare)}"
    for place, now in new.cells.items():
        was = old.cells.get(place)
        if was is None:
            continue
        ignored = {"t", "cm", "vm"} if place in values else set()
        ignored |= {"s"} if place in styles else set()
        a, b = ({k: v for k, v in c.items() if k not in ignored} for c in (was, now))
        assert a == b, f"attributes of {place} were {was} and are {now}"
    assert set(old.cells) <= set(new.cells), "an edited cell is gone"
    for place in values | styles:
        if new.dimension is not None and place in new.cells and place not in old.cells:
            top, left, bottom, right = new.dimension
            assert top <= place[0] <= bottom and left <= place[1] <= right, "dimension is untrue"
    assert len(set(new.priorities)) == len(new.priorities) or len(set(old.priorities)) != len(
        old.priorities
    ), "two formats of one priority"


def without_drawing(raw: bytes) -> bytes:
    """A sheet without the link to its notes, which must stand where the schema has it."""
    children = nodes(raw).children
    order = [each.name for each in children]
    place = order.index("legacyDrawing")
    assert not {"oleObjects", "controls", "tableParts", "extLst", "picture", "legacyDrawingHF"} & {
        *order[:place]
    }, "legacyDrawing is too late"
    assert not {"drawing", "pageSetup", "sheetData"} & {*order[place:]}, "legacyDrawing is early"
    return cut(raw, [(children[place].start, children[place].end, b"")])


@dataclass
class Sheet:
    bare: bytes
    rows: list[int]
    cells: dict[tuple[int, int], dict[str, str]]
    dimension: tuple[int, int, int, int] | None
    priorities: list[str]


def orphans(root: Node, values: set[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Cells whose shared formula the edit overwrote in its first cell, and what they must say."""
    masters: dict[str, tuple[tuple[int, int], str]] = {}
    for place, cell in cells_of(root):
        for formula in cell.all("f"):
            first = formula.attributes.get("t") == "shared" and "ref" in formula.attributes
            if first and formula.text and place in values:
                masters[formula.attributes["si"]] = place, formula.text
    found = {}
    for place, cell in cells_of(root):
        for formula in cell.all("f"):
            master = masters.get(formula.attributes.get("si", ""))
            if master is not None and place not in values:
                names = [f"{get_column_letter(c)}{r}" for r, c in (master[0], place)]
                moved = Translator(f"={master[1]}", names[0]).translate_formula(names[1])
                found[place] = moved.removeprefix("=")
    return found


def cells_of(root: Node) -> list[tuple[tuple[int, int], Node]]:
    found = []
    rows = root.one("sheetData")
    number = 0
    for row in rows.all("row") if rows else []:
        number = row_number(row, number)
        column = 0
        for cell in row.all("c"):
            place = address_of(cell, number, column)
            column = place[1]
            found.append((place, cell))
    return found


def sheet_without(
    raw: bytes,
    edited: set[tuple[int, int]],
    shared: set[tuple[int, int]],
    old_rows: set[int] | None,
) -> Sheet:
    """A sheet with everything that the edit may touch cut out."""
    root = nodes(raw)
    cuts: list[tuple[int, int, bytes]] = []
    sheet = Sheet(b"", [], {}, None, [])
    for node in root.all("dimension"):
        first, _, last = node.attributes["ref"].partition(":")
        sheet.dimension = (*split(first), *split(last or first))
        cuts.append((node.start, node.end, b""))
    for block in root.all("conditionalFormatting"):
        formulas = ["".join(f.text for f in r.all("formula")) for r in block.all("cfRule")]
        sheet.priorities += [r.attributes.get("priority", "") for r in block.all("cfRule")]
        if formulas and all(OURS.search(formula) for formula in formulas):
            cuts.append((block.start, block.end, b""))
    extensions = root.one("extLst")
    for rule in extensions.below() if extensions else []:
        if rule.name == "cfRule" and "priority" in rule.attributes:
            sheet.priorities.append(rule.attributes["priority"])
    rows = root.one("sheetData")
    edited_rows = {row for row, _ in edited}
    if rows is not None and edited:
        cuts.append((rows.start, rows.after_open, b"<sheetData>"))
        closing = rows.before_close if rows.end != rows.after_open else rows.end
        cuts.append((closing, rows.end, b"</sheetData>"))
    number = 0
    for row in rows.all("row") if rows else []:
        number = row_number(row, number)
        sheet.rows.append(number)
        column = 0
        cells = []
        for cell in row.all("c"):
            place = address_of(cell, number, column)
            column = place[1]
            if place in edited:
                cells.append((cell.start, cell.end, b""))
                attributes = dict(cell.attributes)
                attributes.pop("r", None)
                sheet.cells[place] = attributes
                continue
            if place in shared:
                cells += [(formula.start, formula.end, b"<f/>") for formula in cell.all("f")]
        if number not in edited_rows:
            cuts += cells
            continue
        if old_rows is not None and number not in old_rows:
            assert len(cells) == len(row.children), f"the new row {number} has other content"
            cuts.append((row.start, row.end, b""))
            continue
        cuts += cells
        cuts.append((row.start, row.after_open, tag_without(raw, row, {b"spans"})))
        closing = row.before_close if row.end != row.after_open else row.end
        cuts.append((closing, row.end, b"</row>"))
    sheet.bare = cut(raw, cuts)
    return sheet


def first_difference(one: bytes, two: bytes) -> str:
    place = next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), 0)
    place = place or min(len(one), len(two))
    return f"at {place}: {one[place - 60 : place + 60]!r} and {two[place - 60 : place + 60]!r}"
