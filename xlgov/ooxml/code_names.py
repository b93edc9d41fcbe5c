"""The names that a workbook and its sheets have in the macros: one module each.

Why only where there are no macros yet: a project has a module for the workbook and for every
sheet, and Excel ties them together by these names. Where macros stand, their modules are what the
names must fit, and Excel makes what is missing when it next saves.
"""

from __future__ import annotations

from itertools import count
from typing import NamedTuple

from xlgov.ooxml.book import BookSheet
from xlgov.ooxml.markup import Element, edit_tag, escape_attribute, opened_tag, prefix_at
from xlgov.ooxml.reader import WorkbookFile

Edit = tuple[int, int, bytes]

_BOOK = "ThisWorkbook"
_STEMS = {"worksheet": "Sheet", "chartsheet": "Chart", "dialogsheet": "Dialog"}
_LONGEST = 31  # characters of a module's name


class CodeNames(NamedTuple):
    """The modules that a project has for a workbook: the book's first, then in book order those of
    its sheets; ``charts`` are those of chart sheets. ``edits`` of worksheets, by name, state them.
    """

    modules: tuple[str, ...]
    charts: frozenset[str]
    edits: dict[str, list[Edit]]


def name_modules(workbook: WorkbookFile) -> CodeNames:
    """Give the workbook and each of its sheets a code name; those that stand stay.

    Only the edits of worksheets are still to be made. Dialog sheets are named too, but have no
    module until Excel makes it; macro sheets have no such name.
    """
    book, parts = workbook.book, workbook.parts
    own, found = _read_names(workbook)
    if not own:
        own = _BOOK
        book.set_code_name(own)
    taken = {own.casefold(), *(name.casefold() for _, _, name in found)}
    names, charts = [own], set()
    edits: dict[str, list[Edit]] = {}
    for place, (sheet, root, standing) in enumerate(found, start=1):
        # Excel counts sheets of all kinds in one row: Sheet1, Chart2, Sheet3.
        numbered = (f"{_STEMS[sheet.kind]}{number}" for number in count(place))
        name = standing or next(each for each in numbered if each.casefold() not in taken)
        taken.add(name.casefold())
        if sheet.kind != "dialogsheet":
            names.append(name)
        if sheet.kind == "chartsheet":
            charts.add(name)
        if standing:
            continue
        if sheet.kind == "worksheet":
            edits[sheet.name] = [_named(workbook.outline(sheet.name).bare, root, name)]
        else:
            parts.edit(sheet.part, [_named(parts.tree(sheet.part)[0], root, name)])
    return CodeNames(tuple(names), frozenset(charts), edits)


def standing_modules(workbook: WorkbookFile) -> CodeNames | None:
    """What ``name_modules`` gives where every name stands already; None where one is missing."""
    own, found = _read_names(workbook)
    if not own or not all(name for _, _, name in found):
        return None
    names = [name for sheet, _, name in found if sheet.kind != "dialogsheet"]
    charts = frozenset(name for sheet, _, name in found if sheet.kind == "chartsheet")
    return CodeNames((own, *names), charts, {})


def _read_names(workbook: WorkbookFile) -> tuple[str, list[tuple[BookSheet, Element, str]]]:
    """The workbook's code name, and each sheet that has one with it; "" where it is none."""
    own = workbook.book.code_name
    own = own if _is_name(own) else ""
    taken = {(own or _BOOK).casefold()}
    found: list[tuple[BookSheet, Element, str]] = []
    seen = set()
    for sheet in workbook.book.sheets():
        is_there = workbook.parts.name(sheet.part) is not None
        if sheet.kind not in _STEMS or not is_there or sheet.part in seen:
            continue
        seen.add(sheet.part)
        root = _root(workbook, sheet)
        name = _code_name(root)
        if not _is_name(name) or name.casefold() in taken:  # a copied sheet keeps the old one's
            name = ""
        taken.add(name.casefold())
        found.append((sheet, root, name))
    return own, found


def _root(workbook: WorkbookFile, sheet: BookSheet) -> Element:
    if sheet.kind == "worksheet":
        return workbook.outline(sheet.name).root
    return workbook.parts.tree(sheet.part)[1]


def _code_name(root: Element) -> str:
    properties = root.child("sheetPr")
    return properties.attributes.get("codeName", "") if properties else ""


def _is_name(text: str) -> bool:
    """Whether a text can be a module's name."""
    return text.isidentifier() and text[0].isalpha() and len(text) <= _LONGEST


def _named(raw: bytes, root: Element, name: str) -> Edit:
    """The edit that states a sheet's code name; its element is the first of every sheet."""
    properties = root.child("sheetPr")
    if properties is not None:
        tag = edit_tag(raw[properties.start : properties.open_end], {"codeName": name})
        return properties.start, properties.open_end, tag
    prefix = prefix_at(raw, root.start)
    fragment = f'<{prefix}sheetPr codeName="{escape_attribute(name)}"/>'.encode()
    if root.is_self_closing:
        return root.start, root.end, opened_tag(raw[root.start : root.end], fragment)
    return root.open_end, root.open_end, fragment
