"""What an office states about its registers: the sheet ``xlgov``, then ``xlgov.toml`` beside it.

What writes that sheet is imported when it is first wanted: a refresh rarely does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlgov.settings.load import load_settings, resolve_as_of
from xlgov.settings.values import (
    COLORS,
    SETTINGS_FILE,
    SETTINGS_SHEET,
    Accepted,
    Band,
    IndicatorRule,
    Scoring,
    Settings,
)

if TYPE_CHECKING:
    from xlgov.settings.page import settings_sheet

__all__ = [
    "COLORS",
    "SETTINGS_FILE",
    "SETTINGS_SHEET",
    "Accepted",
    "Band",
    "IndicatorRule",
    "Scoring",
    "Settings",
    "load_settings",
    "resolve_as_of",
    "settings_sheet",
]


def __getattr__(name: str) -> Any:
    if name != "settings_sheet":
        raise AttributeError(f"module 'xlgov.settings' has no attribute {name!r}")
    from xlgov.settings.page import settings_sheet

    return settings_sheet
