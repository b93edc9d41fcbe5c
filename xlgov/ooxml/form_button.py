"""A form-control button on a sheet: found by the macro it runs, and added to the sheet's drawing.

Why VML alone: Excel also lists its controls in the sheet (``controls``, one properties part each),
but reads a button that stands only in the drawing just as well, without repair: XlsxWriter has
written its buttons so for ten years. So the sheet gains one element at most, and none where
it has notes or buttons already.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from xlgov.ooxml.legacy_drawing import Edit, add_drawing, blocks_elsewhere, open_drawing
from xlgov.ooxml.markup import encode, escape_attribute
from xlgov.ooxml.outline import Outline
from xlgov.ooxml.parts import Parts
from xlgov.ooxml.vml import NoteDrawing, Prefixes

_TYPE = "_x0000_t201"  # the type of form controls, in every file that Excel writes
_DRAWINGS = re.compile(r"\.vml\Z|/drawings/[^/]*\.xml\Z|/drawing[^/]*\.xml\Z", re.IGNORECASE)


class FormButton(NamedTuple):
    """A button: its words, the macro it runs, and its corners as ``measures`` counts them."""

    caption: str
    macro: str
    anchor: tuple[int, ...]
    size: tuple[int, int]  # width and height in pixels


def runs_macro(parts: Parts, macro: str) -> bool:
    """Whether a button or shape of any sheet runs a macro of the workbook itself."""
    wanted = re.compile(
        rb"""(?:FmlaMacro>\s*|\bmacro\s*=\s*["'])[^<>"']*!%b\s*["'<]""" % re.escape(macro.encode()),
        re.IGNORECASE,
    )
    names = {*parts.package.names(), *parts.added}
    return any(
        _DRAWINGS.search(name) and parts.name(name) and wanted.search(parts.raw(name))
        for name in names
    )


def draw_button(parts: Parts, outline: Outline, button: FormButton, folder: str) -> list[Edit]:
    """Add a button to a sheet's drawing, or to a new one below ``folder``.

    Gives the edits of the bare sheet that name a new drawing. Raises EditError where the drawing
    that the sheet names is missing or cut off.
    """
    part, raw, encoding = open_drawing(parts, outline)
    drawing = NoteDrawing(raw, part or "the drawing of buttons")
    is_typed = drawing.has_type(_TYPE)

    def render(number: int, prefixes: Prefixes) -> bytes:
        shape = _rendered(button, number, prefixes)
        return shape if is_typed else _shape_type(prefixes) + shape

    taken = {int(number) for number in re.findall(rb'\bshapeId="([0-9]{1,9})"', outline.bare)}
    new = drawing.with_shape(render, taken, blocks_elsewhere(parts, part))
    if not part:
        return [add_drawing(parts, outline, new, folder)]
    parts.put(part, encode(new, encoding))
    return []


def _shape_type(prefixes: Prefixes) -> bytes:
    v, o, _, missing = prefixes
    return (
        f'<{v}:shapetype id="{_TYPE}" coordsize="21600,21600" {o}:spt="201" '
        f'path="m,l,21600r21600,l21600,xe"{missing}><{v}:stroke joinstyle="miter"/>'
        f'<{v}:path shadowok="f" {o}:extrusionok="f" strokeok="f" fillok="f" '
        f'{o}:connecttype="rect"/><{o}:lock {v}:ext="edit" shapetype="t"/></{v}:shapetype>'
    ).encode()


def _rendered(button: FormButton, number: int, prefixes: Prefixes) -> bytes:
    """The button as XlsxWriter writes it, which is as Excel does; it is not printed."""
    v, o, x, missing = prefixes
    width, height = (pixels * 0.75 for pixels in button.size)
    caption, macro = escape_attribute(button.caption), escape_attribute(button.macro)
    return (
        f'<{v}:shape id="_x0000_s{number}" type="#{_TYPE}" style="position:absolute;'
        f"margin-left:0;margin-top:0;width:{width:g}pt;height:{height:g}pt;z-index:1;"
        f'mso-wrap-style:tight" {o}:button="t" fillcolor="buttonFace [67]" '
        f'strokecolor="windowText [64]" {o}:insetmode="auto"{missing}>'
        f'<{v}:fill color2="buttonFace [67]" {o}:detectmouseclick="t"/>'
        f'<{o}:lock {v}:ext="edit" rotation="t"/>'
        f'<{v}:textbox style="mso-direction-alt:auto" {o}:singleclick="f">'
        f'<div style="text-align:center"><font face="Calibri" size="220" color="#000000">{caption}'
        f'</font></div></{v}:textbox><{x}:ClientData ObjectType="Button">'
        f"<{x}:Anchor>{', '.join(map(str, button.anchor))}</{x}:Anchor>"
        f"<{x}:PrintObject>False</{x}:PrintObject><{x}:AutoFill>False</{x}:AutoFill>"
        f"<{x}:FmlaMacro>[0]!{macro}</{x}:FmlaMacro><{x}:TextHAlign>Center</{x}:TextHAlign>"
        f"<{x}:TextVAlign>Center</{x}:TextVAlign></{x}:ClientData></{v}:shape>"
    ).encode()
