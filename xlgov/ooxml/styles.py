"""The styles part: what a style index means, and new indexes that change one facet of an old one.

Why clone and append: cells all over the book share a format record, so a record is never edited
or renumbered. To change one facet, that cell's own record is copied byte for byte, the one facet
is changed in the copy, and the copy goes to the end, unless an equal one is already there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from hashlib import sha256
from itertools import count

from xlgov.changes import FormatRule, StyleChange
from xlgov.errors import EditError
from xlgov.ooxml.cell import is_color, is_plain
from xlgov.ooxml.colors import Palette
from xlgov.ooxml.markup import (
    edit_tag,
    escape_attribute,
    is_true,
    opened_tag,
    tag_end,
    whole_number,
)
from xlgov.ooxml.parts import Parts
from xlgov.ooxml.style_lists import Record, StyleLists

_FONT_ORDER = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz",
    "color", "name", "family", "charset", "scheme",
)  # fmt: skip
# Number formats that have an id and no text in the file (18.8.30); day-first where Excel's
# meaning follows the user's locale.
_BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "dd/mm/yyyy h:mm", 37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;[Red](#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mmss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip


# Lines that a side of a cell can have (18.18.3).
LINES = (
    "none", "thin", "medium", "dashed", "dotted", "thick", "double", "hair", "mediumDashed",
    "dashDot", "mediumDashDot", "dashDotDot", "mediumDashDotDot", "slantDashDot",
)  # fmt: skip
_LONGEST_CODE = 255


@dataclass(frozen=True, slots=True)
class Facets:
    """Facets of a style to change; None leaves one as it is. Meanings as in ``StyleChange``."""

    number_format: str | None = None
    font_color: str | None = None
    fill: str | None = None
    bold: bool | None = None
    italic: bool | None = None
    underline: bool | None = None
    border: str | None = None
    wrap: bool | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) is not None for each in fields(self))


def merged_facets(old: Facets | None, change: StyleChange) -> Facets:
    """The facets of several changes of one cell; where they differ, the last one's count."""
    found = {}
    for each in fields(Facets):
        value = getattr(change, each.name)
        found[each.name] = getattr(old, each.name) if value is None and old else value
    return Facets(**found)


def refuse_style(change: StyleChange) -> None:
    """Raise EditError for a facet that no style can have."""
    where = f"{change.sheet}!{change.address}"
    code = change.number_format
    if code is not None and not (0 < len(code) <= _LONGEST_CODE and is_plain(code)):
        raise EditError(
            f"{where}: a number format has 1 to {_LONGEST_CODE} characters; check {code[:40]!r}."
        )
    for color in (change.fill, change.font_color):
        if color is not None and not is_color(color):
            raise EditError(f"{where}: the colour {color!r} is not of the form RRGGBB, as FF0000.")
    if change.border is not None and change.border not in LINES:
        raise EditError(f"{where}: {change.border!r} is no line; give one of {', '.join(LINES)}.")


class Styles:
    """The styles of one workbook, read and appended to through its parts."""

    def __init__(self, parts: Parts, book_part: str, part: str | None, theme: str | None) -> None:
        self._lists = StyleLists(parts, book_part, part)
        theme_root = parts.tree(theme)[1] if theme and parts.name(theme) else None
        self.palette = Palette(theme_root, self._custom_indexed())
        self._derived: dict[tuple[int, Facets], int] = {}

    @property
    def prefix(self) -> str:
        """The prefix that the styles part gives its elements."""
        return self._lists.prefix

    def write(self) -> None:
        """Put what was derived and added into the styles part; until then it is as it was."""
        self._lists.write()

    def _custom_indexed(self) -> list[str]:
        root = self._lists.root
        colors = root.child("colors") if root else None
        indexed = colors.child("indexedColors") if colors else None
        return [e.attributes.get("rgb", "")[-6:] for e in indexed.children] if indexed else []

    def _format(self, style: int) -> Record | None:
        """A style index's record; that of index 0 where it is beyond the table."""
        formats = self._lists.records("cellXfs")
        return formats[style] if style < len(formats) else (formats[0] if formats else None)

    def _part_of(self, style: int, key: str, container: str) -> Record | None:
        """The font, fill or border that a style index uses."""
        record = self._format(style)
        index = whole_number(record.attributes.get(key, "0")) if record else 0
        listed = self._lists.records(container)
        return listed[index] if index is not None and index < len(listed) else None

    def number_format(self, style: int) -> str:
        """Number format code of a style index."""
        record = self._format(style)
        number = whole_number(record.attributes.get("numFmtId", "0")) if record else 0
        for each in self._lists.records("numFmts"):
            known = whole_number(each.attributes.get("numFmtId"))
            if known is not None and known == number:
                return each.attributes.get("formatCode", "General")
        return _BUILT_IN.get(number or 0, "General")

    def fill(self, style: int) -> str | None:
        """Colour of a style's solid fill; None without one."""
        found = self._part_of(style, "fillId", "fills")
        pattern = found.element.child("patternFill") if found else None
        if pattern is None or pattern.attributes.get("patternType") != "solid":
            return None
        return self.palette.rgb(pattern.child("fgColor"))

    def font(self, style: int) -> tuple[bytes, str]:
        """A style's font record (b"" where there is none) and the prefix of its elements."""
        found = self._part_of(style, "fontId", "fonts")
        return (found.raw if found else b""), self._lists.prefix

    def look(self, style: int) -> str:
        """What tells a style from others: equal for equal records, in any workbook; "" for none."""
        if style >= len(self._lists.records("cellXfs")):
            return ""
        record = self._format(style)
        lists = (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders"))
        named = [self._part_of(style, key, container) for key, container in lists]
        pieces = [each.raw if each else b"" for each in (record, *named)]
        pieces.append(self.number_format(style).encode())
        return sha256(b"\0".join(pieces)).hexdigest()[:16]

    def differ_only_in_font(self, one: int, other: int) -> bool:
        """Whether two styles have the same format, fill, border, alignment and protection."""

        def rest(style: int) -> bytes:
            record = self._format(style)
            if record is None:
                return b""
            opening = tag_end(record.raw, 0)
            tag = edit_tag(record.raw[:opening], {"fontId": None, "applyFont": None})
            # Some programs put a space before the end of an empty tag, and an edit takes it out.
            return tag.rstrip(b" \t\r\n/>") + record.raw[opening:]

        return rest(one) == rest(other)

    def with_font(self, style: int, font: bytes) -> int:
        """Index of a style that is ``style`` in another font, whose record is given."""
        self._lists.fill_up("cellXfs")
        record = self._format(style)
        assert record is not None
        opening = tag_end(record.raw, 0)
        number = str(self._lists.append("fonts", font))
        if record.attributes.get("fontId") == number:
            return style
        tag = edit_tag(record.raw[:opening], {"fontId": number, "applyFont": "1"})
        return self._lists.append("cellXfs", tag + record.raw[opening:])

    def is_locked(self, style: int) -> bool:
        """Whether a style locks its cells on a protected sheet; it does unless it says not."""
        record = self._format(style)
        protection = record.element.child("protection") if record else None
        locked = protection.attributes.get("locked", "1") if protection else "1"
        return locked.lower() not in ("0", "false")

    def derive(self, style: int, facets: Facets) -> int:
        """Index of a style that is ``style`` with these facets changed and all else equal.

        It is ``style`` itself where it has these facets already. Raises EditError where Excel
        allows no more formats.
        """
        key = (style, facets)
        if key not in self._derived:
            self._derived[key] = self._derive(style, facets)
        return self._derived[key]

    def _derive(self, style: int, facets: Facets) -> int:
        self._lists.fill_up("cellXfs")
        record = self._format(style)
        assert record is not None
        changes: dict[str, str | None] = {}
        if facets.number_format is not None:
            changes["numFmtId"] = str(self._number_format_id(facets.number_format))
            changes["applyNumberFormat"] = "1"
        font = self._new_font(self._part_of(style, "fontId", "fonts"), facets)
        if font is not None:
            changes.update(fontId=str(font), applyFont="1")
        if facets.fill is not None:
            changes.update(fillId=str(self._new_fill(facets.fill)), applyFill="1")
        if facets.border is not None:
            changes.update(borderId=str(self._new_border(facets.border)), applyBorder="1")
        opening = tag_end(record.raw, 0)
        tag, inside = record.raw[:opening], record.raw[opening:]
        wrapped = self._wrapped(record, facets.wrap)
        if wrapped is not None:
            tag, inside = wrapped
            changes["applyAlignment"] = "1"
        elif not _would_change(record.attributes, changes):
            return style
        return self._lists.append("cellXfs", edit_tag(tag, changes) + inside)

    def _wrapped(self, record: Record, wrap: bool | None) -> tuple[bytes, bytes] | None:
        """Opening tag and rest of a record with another wrapping; None where it has that one."""
        old = record.element.child("alignment")
        present = old is not None and is_true(old.attributes.get("wrapText"))
        if wrap is None or wrap is present:
            return None
        raw, opening = record.raw, tag_end(record.raw, 0)
        if old is not None:
            at = old.start - record.element.start
            length = old.open_end - old.start
            changed = edit_tag(raw[at : at + length], {"wrapText": str(int(wrap))})
            return raw[:opening], raw[opening:at] + changed + raw[at + length :]
        fragment = f'<{self._lists.prefix}alignment wrapText="1"/>'.encode()
        if record.element.is_self_closing:
            opened = opened_tag(raw, fragment)
            return opened[: tag_end(opened, 0)], opened[tag_end(opened, 0) :]
        return raw[:opening], fragment + raw[opening:]

    def _number_format_id(self, code: str) -> int:
        for number, text in _BUILT_IN.items():
            if text == code and number not in (14, 22):  # those two follow the user's locale
                return number
        taken = set()
        for each in self._lists.records("numFmts"):
            known = whole_number(each.attributes.get("numFmtId"))
            if each.attributes.get("formatCode") == code and known is not None:
                return known
            taken.add(known)
        for container in ("cellXfs", "cellStyleXfs"):  # some name a format that is not there
            for each in self._lists.records(container):
                taken.add(whole_number(each.attributes.get("numFmtId")))
        number = next(number for number in count(164) if number not in taken)
        p = self._lists.prefix
        fragment = f'<{p}numFmt numFmtId="{number}" formatCode="{escape_attribute(code)}"/>'
        self._lists.append("numFmts", fragment.encode())
        return number

    def _new_font(self, old: Record | None, facets: Facets) -> int | None:
        wanted: dict[str, str | None] = {}
        for name, on in (("b", facets.bold), ("i", facets.italic), ("u", facets.underline)):
            if on is not None:
                wanted[name] = "" if on else None
        if facets.font_color is not None:
            wanted["color"] = f' rgb="FF{facets.font_color.upper()}"'
        if not wanted:
            return None
        p = self._lists.prefix
        kept = {c.name: old.piece(c) for c in old.element.children} if old else {}
        for name, attributes in wanted.items():
            if attributes is None:
                kept.pop(name, None)
            else:
                kept[name] = f"<{p}{name}{attributes}/>".encode()
        # Excel itself writes the font's children in more than one order; ours is the schema's.
        names = sorted(kept, key=lambda n: _FONT_ORDER.index(n) if n in _FONT_ORDER else 99)
        inside = b"".join(kept[name] for name in names)
        return self._lists.append("fonts", f"<{p}font>".encode() + inside + f"</{p}font>".encode())

    def _new_fill(self, rgb: str) -> int:
        p = self._lists.prefix
        return self._lists.append(
            "fills",
            f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="FF{rgb.upper()}"/>'
            f'<{p}bgColor indexed="64"/></{p}patternFill></{p}fill>'.encode(),
        )

    def _new_border(self, line: str) -> int:
        p = self._lists.prefix
        sides = _sides(p, line)
        return self._lists.append(
            "borders", f"<{p}border>{sides}<{p}diagonal/></{p}border>".encode()
        )

    def add_format(self, rule: FormatRule) -> int:
        """Index of a differential format with a rule's look; an equal one is used again.

        In a differential format a solid fill's colour is its background colour.
        """
        p = self._lists.prefix
        inside = ""
        if rule.bold is not None or rule.font_color:
            bold = "" if rule.bold is None else f"<{p}b/>" if rule.bold else f'<{p}b val="0"/>'
            color = f'<{p}color rgb="FF{rule.font_color.upper()}"/>' if rule.font_color else ""
            inside += f"<{p}font>{bold}{color}</{p}font>"
        if rule.number_format:
            code = escape_attribute(rule.number_format)
            number = self._number_format_id(rule.number_format)
            inside += f'<{p}numFmt numFmtId="{number}" formatCode="{code}"/>'
        if rule.fill:
            inside += (
                f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor '
                f'rgb="FF{rule.fill.upper()}"/><{p}bgColor rgb="FF{rule.fill.upper()}"/>'
                f"</{p}patternFill></{p}fill>"
            )
        if rule.border:
            inside += f"<{p}border>{_sides(p, rule.border)}</{p}border>"
        return self._lists.append("dxfs", f"<{p}dxf>{inside}</{p}dxf>".encode())

    def differential(self, index: int) -> dict[str, str | bool | None]:
        """A differential format's look, as the facets of a FormatRule."""
        formats = self._lists.records("dxfs")
        if not 0 <= index < len(formats):
            return {}
        record = formats[index].element
        font, fill, border = (record.child(name) for name in ("font", "fill", "border"))
        look: dict[str, str | bool | None] = {}
        bold = font.child("b") if font else None
        if bold is not None:
            look["bold"] = is_true(bold.attributes.get("val", "1"))
        look["font_color"] = self.palette.rgb(font.child("color")) if font else None
        shown = record.child("numFmt")
        if shown is not None:
            look["number_format"] = shown.attributes.get("formatCode")
        pattern = fill.child("patternFill") if fill else None
        if pattern is not None:
            shade = pattern.child("bgColor") or pattern.child("fgColor")
            look["fill"] = self.palette.rgb(shade)
        left = (border.child("left") or border.child("start")) if border else None
        if left is not None:
            look["border"] = left.attributes.get("style")
        return look


def _sides(p: str, line: str) -> str:
    """The same line on all four sides."""
    return "".join(
        f'<{p}{side} style="{escape_attribute(line)}"><{p}color auto="1"/></{p}{side}>'
        for side in ("left", "right", "top", "bottom")
    )


def _would_change(old: Mapping[str, str], changes: dict[str, str | None]) -> bool:
    return any(
        old.get(name) != value for name, value in changes.items() if not name.startswith("apply")
    )
