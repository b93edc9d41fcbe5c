"""The styles part: what a style index means, and new indexes that change one facet of an old one.

Why clone and append: cells all over the book share a format record, so a record is never edited
or renumbered. To change one facet, that cell's own record is copied byte for byte, the one facet
is changed in the copy, and the copy goes to the end, unless an equal one is already there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from xlgov.changes import FormatRule
from xlgov.ooxml.colors import Palette
from xlgov.ooxml.markup import (
    Element,
    attributes_of,
    edit_tag,
    escape_attribute,
    insert_into,
    prefix_at,
)
from xlgov.ooxml.parts import Parts

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs",
    "tableStyles", "colors", "extLst",
)  # fmt: skip
_FONT_ORDER = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz",
    "color", "name", "family", "charset", "scheme",
)  # fmt: skip
_XF_ORDER = ("alignment", "protection", "extLst")
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"

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
_EMPTY = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/>'
    '</font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border>'
    '<left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="1">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>'
)


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


class Styles:
    """The styles of one workbook, read and appended to through its parts."""

    def __init__(self, parts: Parts, book_part: str, part: str | None, theme: str | None) -> None:
        self._parts = parts
        self._book_part = book_part
        self.part = part if part and parts.raw(part).strip() else None
        self._given = part
        theme_root = parts.tree(theme)[1] if theme and parts.name(theme) else None
        self.palette = Palette(theme_root, self._custom_indexed())
        self._derived: dict[tuple[int, Facets], int] = {}

    def _root(self) -> Element | None:
        return self._parts.tree(self.part)[1] if self.part else None

    def _custom_indexed(self) -> list[str]:
        root = self._root()
        colors = root.child("colors") if root else None
        indexed = colors.child("indexedColors") if colors else None
        return [e.attributes.get("rgb", "")[-6:] for e in indexed.children] if indexed else []

    def _listed(self, container: str) -> list[Element]:
        root = self._root()
        found = root.child(container) if root else None
        return found.children if found else []

    def _format(self, style: int) -> Element | None:
        formats = self._listed("cellXfs")
        return formats[style] if style < len(formats) else (formats[0] if formats else None)

    def number_format(self, style: int) -> str:
        """Number format code of a style index."""
        record = self._format(style)
        number = record.attributes.get("numFmtId", "0") if record else "0"
        for element in self._listed("numFmts"):
            if element.attributes.get("numFmtId") == number:
                return element.attributes.get("formatCode", "General")
        return _BUILT_IN.get(int(number) if number.isdigit() else 0, "General")

    def fill(self, style: int) -> str | None:
        """Colour of a style's solid fill; None without one."""
        record = self._format(style)
        number = record.attributes.get("fillId", "0") if record else "0"
        fills = self._listed("fills")
        if not number.isdigit() or int(number) >= len(fills):
            return None
        pattern = fills[int(number)].child("patternFill")
        if pattern is None or pattern.attributes.get("patternType") != "solid":
            return None
        return self.palette.rgb(pattern.child("fgColor"))

    def is_locked(self, style: int) -> bool:
        """Whether a style locks its cells on a protected sheet; it does unless it says not."""
        record = self._format(style)
        protection = record.child("protection") if record else None
        locked = protection.attributes.get("locked", "1") if protection else "1"
        return locked.lower() not in ("0", "false")

    def ensure_part(self) -> str:
        """The styles part, made where the workbook has none or an empty one."""
        if self.part is None:
            if self._given:
                self._parts.put(self._given, _EMPTY.encode())
                self.part = self._given
            else:
                folder = self._book_part.rpartition("/")[0]
                self.part = self._parts.free_name(f"{folder}/xlgovStyles{{}}.xml".lstrip("/"))
                self._parts.put(self.part, _EMPTY.encode())
                self._parts.add_override(self.part, _TYPE)
                self._parts.add_relationship(self._book_part, "styles", self.part)
        return self.part

    def derive(self, style: int, facets: Facets) -> int:
        """Index of a style that is ``style`` with these facets changed and all else equal."""
        key = (style, facets)
        if key not in self._derived:
            self._derived[key] = self._derive(style, facets)
        return self._derived[key]

    def _derive(self, style: int, facets: Facets) -> int:
        part = self.ensure_part()
        changes: dict[str, str | None] = {}
        record = self._format(style)
        old = record.attributes if record else {}
        if facets.number_format is not None:
            changes["numFmtId"] = str(self._number_format_id(facets.number_format))
            changes["applyNumberFormat"] = "1"
        font = self._new_font(old.get("fontId", "0"), facets)
        if font is not None:
            changes.update(fontId=str(font), applyFont="1")
        if facets.fill is not None:
            changes.update(fillId=str(self._new_fill(facets.fill)), applyFill="1")
        if facets.border is not None:
            changes.update(borderId=str(self._new_border(facets.border)), applyBorder="1")
        raw, _ = self._parts.tree(part)
        record = self._format(style)
        if record is None:
            p = prefix_at(raw, self._root_of(part).start)
            copy = f'<{p}xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'.encode()
        else:
            copy = raw[record.start : record.end]
        opening = copy.index(b">") + 1
        tag = copy[:opening]
        if facets.wrap is not None:
            copy = self._wrapped(raw, record, copy, facets.wrap)
            opening = copy.index(b">") + 1
            tag = copy[:opening]
            changes["applyAlignment"] = "1"
        if not _would_change(tag, changes) and facets.wrap is None:
            return style
        return self._append("cellXfs", edit_tag(tag, changes) + copy[opening:])

    def _root_of(self, part: str) -> Element:
        return self._parts.tree(part)[1]

    def _number_format_id(self, code: str) -> int:
        for number, text in _BUILT_IN.items():
            if text == code and number not in (14, 22):  # those two follow the user's locale
                return number
        taken = [163]
        for element in self._listed("numFmts"):
            number = int(element.attributes.get("numFmtId", "0"))
            if element.attributes.get("formatCode") == code:
                return number
            taken.append(number)
        number = max(taken) + 1
        part = self.ensure_part()
        raw, root = self._parts.tree(part)
        p = prefix_at(raw, root.start)
        fragment = f'<{p}numFmt numFmtId="{number}" formatCode="{escape_attribute(code)}"/>'
        self._append("numFmts", fragment.encode())
        return number

    def _new_font(self, font: str, facets: Facets) -> int | None:
        wanted: dict[str, str | None] = {}
        for name, on in (("b", facets.bold), ("i", facets.italic), ("u", facets.underline)):
            if on is not None:
                wanted[name] = "" if on else None
        if facets.font_color is not None:
            wanted["color"] = f' rgb="FF{facets.font_color.upper()}"'
        if not wanted:
            return None
        raw, root = self._parts.tree(self.ensure_part())
        p = prefix_at(raw, root.start)
        fonts = self._listed("fonts")
        old = fonts[int(font)] if font.isdigit() and int(font) < len(fonts) else None
        kept = {c.name: raw[c.start : c.end] for c in old.children} if old else {}
        for name, attributes in wanted.items():
            if attributes is None:
                kept.pop(name, None)
            else:
                kept[name] = f"<{p}{name}{attributes}/>".encode()
        # Excel itself writes the font's children in more than one order; ours is the schema's.
        names = sorted(kept, key=lambda n: _FONT_ORDER.index(n) if n in _FONT_ORDER else 99)
        inside = b"".join(kept[name] for name in names)
        return self._append("fonts", f"<{p}font>".encode() + inside + f"</{p}font>".encode())

    def _new_fill(self, rgb: str) -> int:
        raw, root = self._parts.tree(self.ensure_part())
        p = prefix_at(raw, root.start)
        return self._append(
            "fills",
            f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="FF{rgb.upper()}"/>'
            f'<{p}bgColor indexed="64"/></{p}patternFill></{p}fill>'.encode(),
        )

    def _new_border(self, line: str) -> int:
        raw, root = self._parts.tree(self.ensure_part())
        p = prefix_at(raw, root.start)
        sides = _sides(p, line)
        return self._append("borders", f"<{p}border>{sides}<{p}diagonal/></{p}border>".encode())

    def _wrapped(self, raw: bytes, record: Element | None, copy: bytes, wrap: bool) -> bytes:
        value = "1" if wrap else None
        old = record.child("alignment") if record else None
        if record is not None and old is not None:
            tag = edit_tag(raw[old.start : old.open_end], {"wrapText": value})
            at = old.start - record.start
            return copy[:at] + tag + copy[at + (old.open_end - old.start) :]
        p = prefix_at(copy, 0)
        fragment = f'<{p}alignment wrapText="{int(wrap)}"/>'.encode()
        if copy.endswith(b"/>"):
            return copy[:-2].rstrip() + b">" + fragment + f"</{p}xf>".encode()
        place = copy.index(b">") + 1
        return copy[:place] + fragment + copy[place:]

    def add_format(self, rule: FormatRule) -> int:
        """Index of a differential format with a rule's look; an equal one is used again.

        In a differential format a solid fill's colour is its background colour.
        """
        raw, root = self._parts.tree(self.ensure_part())
        p = prefix_at(raw, root.start)
        inside = ""
        if rule.bold is not None or rule.font_color:
            bold = "" if rule.bold is None else f"<{p}b/>" if rule.bold else f'<{p}b val="0"/>'
            color = f'<{p}color rgb="FF{rule.font_color.upper()}"/>' if rule.font_color else ""
            inside += f"<{p}font>{bold}{color}</{p}font>"
        if rule.fill:
            inside += (
                f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor '
                f'rgb="FF{rule.fill.upper()}"/><{p}bgColor rgb="FF{rule.fill.upper()}"/>'
                f"</{p}patternFill></{p}fill>"
            )
        if rule.border:
            inside += f"<{p}border>{_sides(p, rule.border)}</{p}border>"
        return self._append("dxfs", f"<{p}dxf>{inside}</{p}dxf>".encode())

    def differential(self, index: int) -> dict[str, str | bool | None]:
        """A differential format's look, as the facets of a FormatRule."""
        formats = self._listed("dxfs")
        if not 0 <= index < len(formats):
            return {}
        record = formats[index]
        font, fill, border = (record.child(name) for name in ("font", "fill", "border"))
        look: dict[str, str | bool | None] = {}
        bold = font.child("b") if font else None
        if bold is not None:
            look["bold"] = bold.attributes.get("val", "1").lower() not in ("0", "false")
        look["font_color"] = self.palette.rgb(font.child("color")) if font else None
        pattern = fill.child("patternFill") if fill else None
        if pattern is not None:
            shade = pattern.child("bgColor") or pattern.child("fgColor")
            look["fill"] = self.palette.rgb(shade)
        left = border.child("left") if border else None
        if left is not None:
            look["border"] = left.attributes.get("style")
        return look

    def _append(self, container: str, fragment: bytes) -> int:
        """Position of a record in its list; appended unless an equal one is there."""
        part = self.ensure_part()
        raw, root = self._parts.tree(part)
        listed = root.child(container)
        if listed is None:
            p = prefix_at(raw, root.start)
            opening = f'<{p}{container} count="1">'.encode()
            whole = opening + fragment + f"</{p}{container}>".encode()
            self._parts.edit(part, [insert_into(raw, root, container, whole, _ORDER)])
            return 0
        for position, child in enumerate(listed.children):
            if raw[child.start : child.end] == fragment:
                return position
        count = len(listed.children)
        tag = edit_tag(raw[listed.start : listed.open_end], {"count": str(count + 1)})
        if listed.is_self_closing:
            name = re.match(rb"<([^\s/>]+)", tag)
            assert name is not None
            opened = tag[:-2].rstrip() + b">" + fragment + b"</" + name[1] + b">"
            self._parts.edit(part, [(listed.start, listed.end, opened)])
        else:
            self._parts.edit(
                part,
                [
                    (listed.start, listed.open_end, tag),
                    (listed.close_start, listed.close_start, fragment),
                ],
            )
        return count


def _sides(p: str, line: str) -> str:
    """The same line on all four sides."""
    return "".join(
        f'<{p}{side} style="{escape_attribute(line)}"><{p}color auto="1"/></{p}{side}>'
        for side in ("left", "right", "top", "bottom")
    )


def _would_change(tag: bytes, changes: dict[str, str | None]) -> bool:
    old = attributes_of(tag)
    return any(
        old.get(name) != value for name, value in changes.items() if not name.startswith("apply")
    )
