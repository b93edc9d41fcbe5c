"""Action logs, delivery plans, decisions, estates and demand risks: one module per kind.

Why they are imported one by one, when first wanted: nearly every workbook has none of them or one,
and a run over one small workbook is mostly its start. A kind is a module with the kind's name, and
in it the tracker in capitals (``actions.ACTIONS``); its headings stand in ``headings``, in the
order of the search.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlgov.tracker.kind import Tracker

    TRACKERS: tuple[Tracker, ...]


def load_tracker(name: str) -> Tracker:
    """A kind of tracker by its name, with all that it is made of."""
    tracker: Tracker = getattr(import_module(f"xlgov.tracker.{name}"), name.upper())
    return tracker


def __getattr__(name: str) -> Any:
    """``TRACKERS``: every kind, in the order in which they take sheets."""
    if name != "TRACKERS":
        raise AttributeError(f"module 'xlgov.tracker' has no attribute {name!r}")
    from xlgov.tracker.headings import VOCABULARIES

    return tuple(map(load_tracker, VOCABULARIES))
