"""xlgov keeps a governance office's own Excel workbooks right, and loses nothing in them.

>>> import xlgov
>>> changes = xlgov.ChangeSet(cells=[xlgov.CellChange("Register", "N34", 8, 9, "by hand")])
>>> changes.is_empty
False

The public names are imported when first used, so that ``import xlgov`` and the command line
start at once.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as type checkers know it; importing ``typing`` takes 10 ms
__version__ = "0.1.0"

_HOMES = {
    "xlgov.operations": (
        "apply",
        "check",
        "init",
        "preview",
        "read",
        "refresh",
    ),
    "xlgov.versions": ("diff", "mark", "unmark"),
    "xlgov.changes": (
        "CellChange",
        "ChangeSet",
        "Finding",
        "FormatRule",
        "Formula",
        "NoteChange",
        "RichText",
        "SheetChange",
        "StyleChange",
        "TextRun",
    ),
    "xlgov.settings": ("Settings",),
    "xlgov.errors": ("XlgovError",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

if TYPE_CHECKING:
    from typing import Any

    from xlgov.changes import (
        CellChange,
        ChangeSet,
        Finding,
        FormatRule,
        Formula,
        NoteChange,
        RichText,
        SheetChange,
        StyleChange,
        TextRun,
    )
    from xlgov.errors import XlgovError
    from xlgov.operations import apply, check, init, preview, read, refresh
    from xlgov.settings import Settings
    from xlgov.versions import diff, mark, unmark

__all__ = [
    "CellChange",
    "ChangeSet",
    "Finding",
    "FormatRule",
    "Formula",
    "NoteChange",
    "RichText",
    "Settings",
    "SheetChange",
    "StyleChange",
    "TextRun",
    "XlgovError",
    "apply",
    "check",
    "diff",
    "init",
    "mark",
    "preview",
    "read",
    "refresh",
    "unmark",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'xlgov' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
