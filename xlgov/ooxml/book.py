"""The workbook part: its sheets, date system and names; marking it to recalculate.

Schema order is stated once, as data: Excel repairs a workbook whose elements are out of order.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from xlgov.errors import DamagedError, EditError, NotAWorkbookError
from xlgov.ooxml.cell import is_plain
from xlgov.ooxml.chain import drop_cells
from xlgov.ooxml.markup import (
    Element,
    edit_tag,
    escape_attribute,
    insert_into,
    is_true,
    prefix_at,
    whole_number,
)
from xlgov.ooxml.names import (
    define_names,
    defined_names,
    hidden_names,
    names_without_sheet,
    print_area,
)
from xlgov.ooxml.parts import Parts, relationship_id
from xlgov.ooxml.titles import retitle

_ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets",
    "functionGroups", "externalReferences", "definedNames", "calcPr", "oleSize",
    "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
    "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip
_LAST_SHEET_ID = 65_534
_OWN_SHEET = re.compile(r"xlgov(?:\b|_)", re.IGNORECASE)
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class BookSheet(NamedTuple):
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
        return defined_names(self.root)

    def hidden_names(self) -> dict[str, str]:
        """Those of ``names`` that Excel lists nowhere."""
        return hidden_names(self.root)

    def print_area(self, sheet: str) -> str:
        """What the print area of a sheet refers to; "" without one."""
        return print_area(self.root, sheet)

    @property
    def code_name(self) -> str:
        """The name of the workbook's own module in its macros; "" where it states none."""
        properties = self.root.child("workbookPr")
        return properties.attributes.get("codeName", "") if properties else ""

    def set_code_name(self, name: str) -> None:
        """State the name of the workbook's own module."""
        raw, root = self.parts.tree(self.part)
        properties = root.child("workbookPr")
        if properties is None:
            fragment = f'<{prefix_at(raw, root.start)}workbookPr codeName="{name}"/>'.encode()
            self.parts.edit(self.part, [insert_into(raw, root, "workbookPr", fragment, _ORDER)])
        else:
            tag = edit_tag(raw[properties.start : properties.open_end], {"codeName": name})
            self.parts.edit(self.part, [(properties.start, properties.open_end, tag)])

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
            self.parts.edit(self.part, [insert_into(raw, root, "calcPr", fragment, _ORDER)])
        elif not is_true(settings.attributes.get("fullCalcOnLoad")):
            tag = edit_tag(raw[settings.start : settings.open_end], {"fullCalcOnLoad": "1"})
            self.parts.edit(self.part, [(settings.start, settings.open_end, tag)])

    def forget_calculation(self, sheet: BookSheet, addresses: Collection[str] | None) -> None:
        """Drop cells that no longer hold a formula from the calculation chain; None: all.

        An empty chain is removed with its declarations.
        """
        chain = self.related("calcChain")
        if chain is None or (addresses is not None and not addresses):
            return
        number = self._sheet_number(sheet)
        if not drop_cells(self.parts, chain, number, addresses):
            self.parts.remove_relationship(self.part, chain)
            self.parts.remove_override(chain)
            self.parts.remove(chain)

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
        retitle(self.parts, names, [*names, name])
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
        edits += names_without_sheet(raw, root, gone, sheet.name)
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
        retitle(self.parts, names, kept)

    def set_names(self, names: list[tuple[str, str]]) -> None:
        """Define workbook-level names, replacing those of the same name (ours)."""
        define_names(self.parts, self.part, names, _ORDER)

    def set_hidden_names(self, names: list[tuple[str, str]], gone: Collection[str] = ()) -> None:
        """Define names of ours that Excel lists nowhere, and remove those in ``gone``."""
        define_names(self.parts, self.part, names, _ORDER, hidden=True, gone=gone)


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
