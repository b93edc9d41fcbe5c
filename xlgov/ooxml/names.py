"""Defined names of a workbook: read, set for sheets of ours, and counted anew when one goes."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from xlgov.grid.cells import Range, column_letters
from xlgov.ooxml.cell import escape_formula
from xlgov.ooxml.markup import (
    Element,
    edit_tag,
    escape_attribute,
    insert_into,
    is_true,
    prefix_at,
    whole_number,
)
from xlgov.ooxml.parts import Parts


def defined_names(root: Element) -> dict[str, str]:
    """Workbook-level defined names and what they refer to."""
    listed = root.child("definedNames")
    return {
        each.attributes.get("name", ""): each.text
        for each in (listed.all("definedName") if listed else [])
        if "localSheetId" not in each.attributes
    }


def hidden_names(root: Element) -> dict[str, str]:
    """Those of ``defined_names`` that Excel lists nowhere."""
    listed = root.child("definedNames")
    return {
        each.attributes.get("name", ""): each.text
        for each in (listed.all("definedName") if listed else [])
        if "localSheetId" not in each.attributes and is_true(each.attributes.get("hidden"))
    }


def print_area(root: Element, sheet: str) -> str:
    """What a sheet's print area refers to; "" without one."""
    sheets, listed = root.child("sheets"), root.child("definedNames")
    wanted = sheet.casefold()
    places = {
        str(place)
        for place, each in enumerate(sheets.all("sheet") if sheets else [])
        if each.attributes.get("name", "").casefold() == wanted
    }
    for each in listed.all("definedName") if listed else []:
        is_area = each.attributes.get("name", "").casefold() == "_xlnm.print_area"
        if is_area and each.attributes.get("localSheetId", "").strip() in places:
            return each.text
    return ""


def are_defined(root: Element, names: Iterable[tuple[str, str]]) -> bool:
    """Whether these workbook-level names stand already and refer to just that."""
    standing = {name.casefold(): _bare(target) for name, target in defined_names(root).items()}
    return all(standing.get(name.casefold()) == _bare(target) for name, target in names)


def define_names(
    parts: Parts,
    book: str,
    names: list[tuple[str, str]],
    order: tuple[str, ...],
    *,
    hidden: bool = False,
    gone: Collection[str] = (),
) -> None:
    """Define workbook-level names, replacing those of the same name (ours).

    One that is right already stays where it stands. ``order`` is that of the workbook's children.
    ``hidden`` keeps the new ones out of Excel's lists. Names in ``gone`` are removed.
    """
    raw, root = parts.tree(book)
    names = [each for each in names if not are_defined(root, [each])]
    dropped = {name.casefold() for name in gone} & {n.casefold() for n in defined_names(root)}
    if not names and not dropped:
        return
    prefix = prefix_at(raw, root.start)
    mark = ' hidden="1"' if hidden else ""
    fragments = "".join(
        f'<{prefix}definedName name="{escape_attribute(name)}"{mark}>{escape_formula(target)}'
        f"</{prefix}definedName>"
        for name, target in names
    )
    listed = root.child("definedNames")
    if listed is None:
        whole = f"<{prefix}definedNames>{fragments}</{prefix}definedNames>".encode()
        parts.edit(book, [insert_into(raw, root, "definedNames", whole, order)])
        return
    wanted = {name.casefold() for name, _ in names} | dropped
    edits = [
        (each.start, each.end, b"")
        for each in listed.all("definedName")
        if each.attributes.get("name", "").casefold() in wanted
        and "localSheetId" not in each.attributes
    ]
    if not names and len(edits) == len(listed.children):
        edits = [(listed.start, listed.end, b"")]  # the schema wants one name at least
    if names:
        new = insert_into(raw, listed, "definedName", fragments.encode(), ("definedName",))
        edits.append(new)
    parts.edit(book, edits)


def _bare(target: str) -> str:
    """What a name refers to, without the quotes that Excel leaves out where it can."""
    return target.strip().removeprefix("=").replace("'", "").casefold()


def names_without_sheet(
    raw: bytes, root: Element, gone: int, sheet: str
) -> list[tuple[int, int, bytes]]:
    """Edits to the defined names when the sheet at position ``gone`` goes."""
    edits: list[tuple[int, int, bytes]] = []
    listed = root.child("definedNames")
    if listed is None:
        return edits
    names = listed.all("definedName")
    quoted = "'" + sheet.replace("'", "''") + "'!"
    own = (f"{sheet}!".casefold(), quoted.casefold())
    dropped = 0
    for each in names:
        local = each.attributes.get("localSheetId")
        number = whole_number(local)
        if number == gone or (local is None and each.text.casefold().startswith(own)):
            edits.append((each.start, each.end, b""))
            dropped += 1
        elif number is not None and number > gone:
            tag = edit_tag(raw[each.start : each.open_end], {"localSheetId": str(number - 1)})
            edits.append((each.start, each.open_end, tag))
    if names and dropped == len(names):
        return [(listed.start, listed.end, b"")]
    return edits


def absolute(range_text: str) -> str:
    """A range with ``$`` signs, as defined names write it.

    >>> absolute("B2:F6")
    '$B$2:$F$6'
    """
    area = Range.parse(range_text)
    first = f"${column_letters(area.left)}${area.top}"
    last = f"${column_letters(area.right)}${area.bottom}"
    return first if first == last else f"{first}:{last}"
