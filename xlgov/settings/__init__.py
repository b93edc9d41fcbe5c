"""What an office states about its registers: the sheet ``xlgov``, then ``xlgov.toml`` beside it.

What writes that sheet is in ``page``, and imported where it is wanted: a refresh rarely does.
"""

from __future__ import annotations

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
]
