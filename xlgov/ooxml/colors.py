"""Colours as a workbook writes them (RGB, indexed, theme with tint), resolved to ``RRGGBB``."""

from __future__ import annotations

import colorsys
import re

from xlgov.ooxml.markup import Element, whole_number

# The default palette of indexed colours, 0 to 63 (ECMA-376 part 1, 18.8.27).
_INDEXED = (
    "000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF "
    * 2
    + "800000 008000 000080 808000 800080 008080 C0C0C0 808080 "
    "9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF "
    "000080 FF00FF FFFF00 00FFFF 800080 800000 008080 0000FF "
    "00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 "
    "3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600 666699 969696 "
    "003366 339966 003300 333300 993300 993366 333399 333333"
).split()
# Theme colours are numbered light first, although the theme lists dark first.
_ACCENTS = [f"accent{number}" for number in range(1, 7)]
_THEME_ORDER = ("lt1", "dk1", "lt2", "dk2", *_ACCENTS, "hlink", "folHlink")
_OFFICE_THEME = [
    *("FFFFFF", "000000", "E7E6E6", "44546A", "4472C4", "ED7D31"),
    *("A5A5A5", "FFC000", "5B9BD5", "70AD47", "0563C1", "954F72"),
]
_RGB = re.compile(r"[0-9A-Fa-f]{6}")


class Palette:
    """The colours of one workbook."""

    def __init__(self, theme: Element | None, indexed: list[str]) -> None:
        self._indexed = indexed or _INDEXED
        self._theme = list(_OFFICE_THEME)
        scheme = next((e for e in theme.walk() if e.name == "clrScheme"), None) if theme else None
        for element in scheme.children if scheme else ():
            if element.name in _THEME_ORDER and element.children:
                shade = element.children[0].attributes
                found = shade.get("lastClr") or shade.get("val", "")
                if _RGB.fullmatch(found):
                    self._theme[_THEME_ORDER.index(element.name)] = found.upper()

    def rgb(self, color: Element | None) -> str | None:
        """``RRGGBB`` of a colour element; None where it is automatic or unknown."""
        if color is None:
            return None
        attributes = color.attributes
        found = None
        if _RGB.fullmatch(attributes.get("rgb", "")[-6:]):
            found = attributes["rgb"][-6:].upper()
        elif "theme" in attributes:
            found = _pick(self._theme, attributes["theme"])
        elif "indexed" in attributes:
            found = _pick(self._indexed, attributes["indexed"])
        if found is None:
            return None
        try:
            return tinted(found, float(attributes.get("tint", "0")))
        except (ValueError, OverflowError):
            return found


def _pick(colors: list[str], index: str) -> str | None:
    place = whole_number(index)
    found = colors[place] if place is not None and place < len(colors) else ""
    return found if _RGB.fullmatch(found) else None


def tinted(rgb: str, tint: float) -> str:
    """A colour lightened (tint above 0) or darkened, as Excel does it in HLS (18.8.19).

    >>> tinted("4472C4", 0.8)
    'DAE3F3'
    """
    if not tint:
        return rgb
    red, green, blue = (int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    shades = colorsys.hls_to_rgb(hue, min(max(light, 0.0), 1.0), saturation)
    return "".join(f"{round(shade * 255):02X}" for shade in shades)
