"""Colours as Excel shows them, from what a file says: RGB, theme with tint, or the old palette.

The tint rule is ECMA-376 part 1, 18.8.19: the luminance of the theme colour is scaled towards black
or white. COM gives a colour as one integer with blue in the high byte (Microsoft, "RGB function").
"""

from __future__ import annotations

import colorsys
import re
from typing import Any

from openpyxl.styles.colors import COLOR_INDEX

# The order of theme indexes: light and dark are swapped against the theme part.
_ORDER = ("lt1", "dk1", "lt2", "dk2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
_OFFICE = (
    *("FFFFFF", "000000", "EEECE1", "1F497D", "4F81BD", "C0504D"),
    *("9BBB59", "8064A2", "4BACC6", "F79646", "0000FF", "800080"),
)


def read_theme(theme: bytes | str | None) -> list[str]:
    """The twelve theme colours, by theme index; Office's own where the file has no theme."""
    if not theme:
        return list(_OFFICE)
    text = theme.decode("utf-8") if isinstance(theme, bytes) else theme
    found = []
    for name, default in zip(_ORDER, _OFFICE, strict=True):
        match = re.search(
            rf'<a:{name}>\s*<a:(?:srgbClr val|sysClr [^>]*lastClr)="([0-9A-Fa-f]{{6}})"', text
        )
        found.append(match[1].upper() if match else default)
    return found


def rgb_of(color: Any, theme: list[str]) -> str | None:
    """``RRGGBB`` of an openpyxl colour; None where there is none or it is automatic."""
    if color is None or color.type == "auto":
        return None
    if color.type == "rgb":
        return str(color.rgb)[-6:].upper()
    if color.type == "indexed":
        index = int(color.indexed)
        return str(COLOR_INDEX[index])[-6:].upper() if index < len(COLOR_INDEX) else None
    rgb = theme[int(color.theme)] if int(color.theme) < len(theme) else "000000"
    return _tinted(rgb, float(color.tint or 0.0))


def _tinted(rgb: str, tint: float) -> str:
    if not tint:
        return rgb
    red, green, blue = (int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return "".join(
        f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, light, saturation)
    )


def com_color(rgb: str) -> int:
    """COM's integer of ``RRGGBB``: blue, green, red."""
    return int(rgb[4:6] + rgb[2:4] + rgb[0:2], 16)


def rgb_tuple(rgb: str) -> tuple[int, int, int]:
    """Red, green and blue of ``RRGGBB``."""
    return int(rgb[0:2], 16), int(rgb[2:4], 16), int(rgb[4:6], 16)


def rgb_from_com(number: int) -> str:
    """``RRGGBB`` of COM's integer."""
    text = f"{int(number):06X}"
    return text[4:6] + text[2:4] + text[0:2]


def stored_color(value: Any) -> str | None:
    """``RRGGBB`` of the colours that xlwings accepts; None takes a fill away."""
    if value is None:
        return None
    if isinstance(value, str):
        return value.removeprefix("#").upper()
    if isinstance(value, int):
        return rgb_from_com(value)
    red, green, blue = value
    return f"{red:02X}{green:02X}{blue:02X}"
