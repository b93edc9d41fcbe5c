"""The workbook part: its sheets, date system and names; marking it to recalculate.

Schema order is stated once, as data: Excel repairs a workbook whose elements are out of order.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from xlgov.errors import DamagedError, EditError, NotAWorkbookError
from xlgov.ooxml.cell import escape_formula, is_plain
from xlgov.ooxml.markup import (
    Element,
    edit_tag,
    escape_attribute,
    escape_text,
    insert_into,
    is_true,
    prefix_at,
    whole_number,
)
from xlgov.ooxml.parts import Parts, relationship_id

_ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets",
    "functionGroups", "externalReferences", "definedNames", "calcPr", "oleSize",
    "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
    "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip
_LAST_SHEET_ID = 65_534
_ENTRY = re.compile(rb'\sr\s*=\s*"([A-Za-z]+[0-9]+)"')
_OWN_SHEET = re.compile(r"xlgov(?:\b|_)", re.IGNORECASE)
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True, slots=True)
class BookSheet:
    """A sheet of the book: name, state (visible, hidden, veryHidden), part and kind."""

    name: str
    state: str
    part: str
    kind: str  # worksheet, chartsheet, dialogsheet, xlMacrosheet ...


class Book:
    """The workbook part of a package, read and edited through its parts."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        mains = [each for each in parts.relationships("") if each.kind == "officeDocument"]
        if not mains:
            raise DamagedError(
                "the package names no main document; the file is damaged. Open it in Excel, let "
                "it repair the file and save it."
            )
        self.part = parts.name(mains[0].target) or mains[0].target
        kind = parts.content_type(self.part)
        if "sheet.binary" in kind:
            raise NotAWorkbookError(
                "this is a binary workbook (.xlsb); in Excel choose File > Save As > "
                "Excel Workbook (*.xlsx)."
            )
        _, root = parts.tree(self.part)
        if root.name != "workbook":
            raise NotAWorkbookError(
                f"this is an Office document but no workbook (its main part is a {root.name}); "
                "give an Excel workbook (.xlsx or .xlsm)."
            )
        self.namespace = root.namespace

    @property
    def root(self) -> Element:
        return self.parts.tree(self.part)[1]

    @property
    def date_1904(self) -> bool:
        properties = self.root.child("workbookPr")
        return is_true(properties.attributes.get("date1904")) if properties else False

    def sheets(self) -> list[BookSheet]:
        """All sheets in book order, also those that are no worksheets."""
        related = {each.id: each for each in self.parts.relationships(self.part)}
        listed = self.root.child("sheets")
        found = []
        for element in listed.all("sheet") if listed else []:
            relation = related.get(relationship_id(element))
            if relation is None or not relation.target:
                continue
            found.append(
                BookSheet(
                    element.attributes.get("name", ""),
                    element.attributes.get("state", "visible"),
                    self.parts.name(relation.target) or relation.target,
                    relation.kind,
                )
            )
        return found

    def worksheet(self, name: str) -> BookSheet | None:
        """The worksheet of a name, as Excel compares names: without regard to case."""
        wanted = name.casefold()
        for sheet in self.sheets():
            if sheet.name.casefold() == wanted and sheet.kind == "worksheet":
                return sheet
        return None

    def related(self, kind: str) -> str | None:
        """Part of the workbook's relationship of a kind (styles, sharedStrings, theme ...)."""
        for each in self.parts.relationships(self.part):
            if each.kind == kind and each.target:
                return self.parts.name(each.target)
        return None

    def target(self, kind: str) -> str | None:
        """As ``related``, also where the part itself is missing."""
        listed = (e.target for e in self.parts.relationships(self.part) if e.kind == kind)
        return self.related(kind) or next(filter(None, listed), None)

    def names(self) -> dict[str, str]:
        """Workbook-level defined names and what they refer to."""
        listed = self.root.child("definedNames")
        return {
            each.attributes.get("name", ""): each.text
            for each in (listed.all("definedName") if listed else [])
            if "localSheetId" not in each.attributes
        }

    def is_signed(self) -> bool:
        """Whether the package carries a digital signature."""
        if any(each.kind == "origin" for each in self.parts.relationships("")):
            return True
        names = (name.lower() for name in self.parts.package.names())
        return any(name.startswith("_xmlsignatures/") for name in names)

    def mark_recalculation(self) -> None:
        """Have Excel recalculate everything when it next opens the workbook."""
        raw, root = self.parts.tree(self.part)
        settings = root.child("calcPr")
        if settings is None:
            fragment = f'<{prefix_at(raw, root.start)}calcPr fullCalcOnLoad="1"/>'.encode()
            self.parts.edit(
                self.part, [insert_into(raw, root, "calcPr", fragment, _ORDER)]
            )
        elif not is_true(settings.attributes.get("fullCalcOnLoad")):
            tag = edit_tag(raw[settings.start : settings.open_end], {"fullCalcOnLoad": "1"})
            self.parts.edit(self.part, [(settings.start, settings.open_end, tag)])

    def forget_calculation(self, sheet: BookSheet, addresses: Collection[str] | None) -> None:
        """Drop cells that no longer hold a formula from the calculation chain; None: all.

        An entry without a sheet number means that of the entry before, so the number is carried
        to the next entry that relied on it. An empty chain is removed with its declarations.
        """
        chain = self.related("calcChain")
        if chain is None or (addresses is not None and not addresses):
            return
        if not self._may_name(chain, addresses):
            return
        number = self._sheet_number(sheet)
        raw, root = self.parts.tree(chain)
        edits: list[tuple[int, int, bytes]] = []
        current = written = ""
        kept = 0
        for entry in root.all("c"):
            current = entry.attributes.get("i", current)
            named = entry.attributes.get("r", "").upper()
            if current == number and (addresses is None or named in addresses):
                edits.append((entry.start, entry.end, b""))
                continue
            kept += 1
            if "i" not in entry.attributes and current != written:
                tag = edit_tag(raw[entry.start : entry.open_end], {"i": current})
                edits.append((entry.start, entry.open_end, tag))
            written = current
        if kept:
            if edits:
                self.parts.edit(chain, edits)
            return
        self.parts.remove_relationship(self.part, chain)
        self.parts.remove_override(chain)
        self.parts.remove(chain)

    def _may_name(self, chain: str, addresses: Collection[str] | None) -> bool:
        """Whether any entry of a chain can be one of these, found without parsing a long chain."""
        raw = self.parts.raw(chain)
        if addresses is None or b"'" in raw or b"\0" in raw:
            return True
        wanted = {address.encode() for address in addresses}
        return any(match[1].upper() in wanted for match in _ENTRY.finditer(raw))

    def _sheet_number(self, sheet: BookSheet) -> str:
        listed = self.root.child("sheets")
        for element in listed.all("sheet") if listed else []:
            if element.attributes.get("name", "").casefold() == sheet.name.casefold():
                return element.attributes.get("sheetId", "")
        return ""

    def add_sheet(self, name: str, content: bytes, hidden: bool) -> BookSheet:
        """Add a worksheet as the last of the book; the active sheet stays active."""
        units = len(name.encode("utf-16-le", "surrogatepass")) // 2
        if not 0 < units <= 31 or re.search(r"[\[\]:*?/\\]|'\Z", name) or not is_plain(name):
            raise EditError(
                f"a sheet cannot be called {name!r}: Excel allows 1 to 31 characters without "
                "[ ] : * ? / \\ and without ' at the end."
            )
        if any(each.name.casefold() == name.casefold() for each in self.sheets()):
            raise EditError(
                f"the workbook has a sheet {name!r} already, which is no worksheet; rename it."
            )
        folder = self.part.rpartition("/")[0]
        part = self.parts.free_name(f"{folder}/worksheets/xlgov{{}}.xml".lstrip("/"))
        self.parts.put(part, content)
        self.parts.add_override(part, _SHEET_TYPE)
        link = self.parts.add_relationship(self.part, "worksheet", part)
        raw, root = self.parts.tree(self.part)
        listed = root.child("sheets")
        if listed is None:
            raise DamagedError("the workbook lists no sheets; repair it in Excel and save it.")
        taken = {whole_number(e.attributes.get("sheetId")) or 0 for e in listed.all("sheet")}
        number = max(taken, default=0) + 1
        if number > _LAST_SHEET_ID:
            number = next(n for n in range(1, _LAST_SHEET_ID + 1) if n not in taken)
        related = next((e for e in listed.all("sheet") if relationship_id(e)), None)
        uri = _RELATIONSHIPS
        if related is not None:
            uri = next(n for n in related.attributes if n.endswith(" id")).rpartition(" ")[0]
        state = ' state="hidden"' if hidden else ""
        fragment = (
            f'<{prefix_at(raw, listed.start)}sheet name="{escape_attribute(name)}" '
            f'sheetId="{number}"{state} '
            f'r:id="{link}" xmlns:r="{uri}"/>'
        )
        names = [sheet.name for sheet in self.sheets() if sheet.kind == "worksheet"]
        edit = insert_into(raw, listed, "sheet", fragment.encode(), ("sheet",))
        self.parts.edit(self.part, [edit])
        self._retitle(names, [*names, name])
        return BookSheet(name, "hidden" if hidden else "visible", part, "worksheet")

    def remove_sheet(self, sheet: BookSheet) -> None:
        """Remove a sheet of our own with its names; other sheets keep theirs."""
        refuse_unless_own(sheet.name)
        sheets = self.sheets()
        names = [each.name for each in sheets if each.kind == "worksheet"]
        visible = [s for s in sheets if s.state == "visible" and s.part != sheet.part]
        if not visible:
            raise EditError(f"the sheet {sheet.name!r} is the only visible one; it stays.")
        self.forget_calculation(sheet, None)
        raw, root = self.parts.tree(self.part)
        listed = root.child("sheets")
        assert listed is not None
        elements = listed.all("sheet")
        gone = next(
            i
            for i, e in enumerate(elements)
            if e.attributes.get("name", "").casefold() == sheet.name.casefold()
        )
        edits = [(elements[gone].start, elements[gone].end, b"")]
        edits += _renumber_names(raw, root, gone, sheet.name)
        views = root.child("bookViews")
        for view in views.all("workbookView") if views else []:
            changes: dict[str, str | None] = {}
            for key in ("activeTab", "firstSheet"):
                at = whole_number(view.attributes.get(key)) or 0
                if at and at >= gone:
                    changes[key] = str(_shown_before(elements, at) if at == gone else at - 1)
            if changes:
                tag = edit_tag(raw[view.start : view.open_end], changes)
                edits.append((view.start, view.open_end, tag))
        self.parts.edit(self.part, edits)
        self.parts.remove_relationship(self.part, sheet.part)
        self.parts.remove_override(sheet.part)
        self.parts.remove(sheet.part)
        kept = [name for name in names if name.casefold() != sheet.name.casefold()]
        self._retitle(names, kept)

    def set_names(self, names: list[tuple[str, str]]) -> None:
        """Define workbook-level names, replacing those of the same name (ours)."""
        standing = {name.casefold(): _bare(target) for name, target in self.names().items()}
        names = [each for each in names if standing.get(each[0].casefold()) != _bare(each[1])]
        if not names:
            return
        raw, root = self.parts.tree(self.part)
        prefix = prefix_at(raw, root.start)
        wanted = {name.casefold() for name, _ in names}
        fragments = "".join(
            f'<{prefix}definedName name="{escape_attribute(name)}">{escape_formula(target)}'
            f"</{prefix}definedName>"
            for name, target in names
        )
        listed = root.child("definedNames")
        if listed is None:
            whole = f"<{prefix}definedNames>{fragments}</{prefix}definedNames>".encode()
            self.parts.edit(self.part, [insert_into(raw, root, "definedNames", whole, _ORDER)])
            return
        edits = [
            (each.start, each.end, b"")
            for each in listed.all("definedName")
            if each.attributes.get("name", "").casefold() in wanted
            and "localSheetId" not in each.attributes
        ]
        if listed.is_self_closing:
            order = ("definedName",)
            edits.append(insert_into(raw, listed, order[0], fragments.encode(), order))
        else:
            edits.append((listed.close_start, listed.close_start, fragments.encode()))
        self.parts.edit(self.part, edits)

    def _retitle(self, before: list[str], after: list[str]) -> None:
        """Keep the titles in docProps/app.xml true, where they are as Excel writes them."""
        part = next(
            (e.target for e in self.parts.relationships("") if e.kind == "extended-properties"), ""
        )
        if not part or self.parts.name(part) is None:
            return
        raw, root = self.parts.tree(part)
        pairs, titles = root.child("HeadingPairs"), root.child("TitlesOfParts")
        vector = titles.child("vector") if titles else None
        counts = [e for e in (pairs.walk() if pairs else ()) if e.name in ("i4", "int")]
        listed = vector.all("lpstr") if vector else []
        if not counts or vector is None or not before:
            return
        shown = [each.text for each in listed]
        if counts[0].text.strip() != str(len(before)) or shown[: len(before)] != before:
            return
        prefix = prefix_at(raw, listed[0].start)
        texts = "".join(f"<{prefix}lpstr>{escape_text(name)}</{prefix}lpstr>" for name in after)
        size = len(listed) + len(after) - len(before)
        tag = edit_tag(raw[vector.start : vector.open_end], {"size": str(size)})
        self.parts.edit(
            part,
            [
                (counts[0].open_end, counts[0].close_start, str(len(after)).encode()),
                (vector.start, vector.open_end, tag),
                (listed[0].start, listed[len(before) - 1].end, texts.encode()),
            ],
        )


def _bare(target: str) -> str:
    """What a name refers to, without the quotes that Excel leaves out where it can."""
    return target.strip().removeprefix("=").replace("'", "").casefold()


def _shown_before(sheets: list[Element], gone: int) -> int:
    """Position, once the sheet at ``gone`` is removed, of the visible sheet nearest before it."""
    left = [each for place, each in enumerate(sheets) if place != gone]
    shown = [n for n, each in enumerate(left) if each.attributes.get("state") in (None, "visible")]
    return max((n for n in shown if n < gone), default=shown[0] if shown else 0)


def refuse_unless_own(name: str) -> None:
    """Only sheets whose name begins with ``xlgov`` are ours to replace or remove."""
    if not _OWN_SHEET.match(name):
        raise EditError(
            f"the sheet {name!r} is not one of ours (their names begin with xlgov); it was not "
            "replaced or removed."
        )


def _renumber_names(
    raw: bytes, root: Element, gone: int, sheet: str
) -> list[tuple[int, int, bytes]]:
    """Edits to the defined names when the sheet at position ``gone`` goes."""
    edits: list[tuple[int, int, bytes]] = []
    listed = root.child("definedNames")
    if listed is None:
        return edits
    names = listed.all("definedName")
    own = (f"{sheet}!".casefold(), f"'{sheet}'!".casefold())
    dropped = 0
    for each in names:
        local = each.attributes.get("localSheetId")
        if whole_number(local) == gone or (local is None and each.text.casefold().startswith(own)):
            edits.append((each.start, each.end, b""))
            dropped += 1
        elif (number := whole_number(local)) is not None and number > gone:
            tag = edit_tag(raw[each.start : each.open_end], {"localSheetId": str(number - 1)})
            edits.append((each.start, each.open_end, tag))
    if names and dropped == len(names):
        return [(listed.start, listed.end, b"")]
    return edits
