"""One Excel and the person in front of it: its books, its settings, what it showed, what was asked.

The objects of the engine are made anew for every question, as those of xlwings are; what they stand
for is here and in cell_model.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cell_model import NOT_CALCULATED, BookModel, SheetModel
from xlwings import base_classes

HWND = 20_898
ANSWERS: dict[str | None, tuple[str, ...]] = {
    None: ("ok",),
    "ok": ("ok",),
    "ok_cancel": ("ok", "cancel"),
    "yes_no": ("yes", "no"),
    "yes_no_cancel": ("yes", "no", "cancel"),
}
Evaluate = Callable[[SheetModel, int, int, str], Any]


@dataclass(slots=True)
class Prompt:
    """A box that was shown, and the button that was pressed."""

    words: str
    title: str
    buttons: str | None
    mode: str | None
    answer: str


@dataclass(slots=True)
class Session:
    """One Excel: its books, settings, and the person in front of it."""

    books: list[BookModel] = field(default_factory=list)
    with_api: bool = False
    answers: list[str] = field(default_factory=list)  # to the next boxes; then yes or ok
    prompts: list[Prompt] = field(default_factory=list)
    visible: bool = True
    screen_updating: bool = True
    display_alerts: bool = True
    enable_events: bool = True
    interactive: bool = True
    calculation: str = "automatic"
    status_bar: Any = False
    calls: Counter[str] = field(default_factory=Counter)
    evaluate: Evaluate = lambda sheet, row, column, formula: NOT_CALCULATED
    changes: list[tuple[str, Any]] = field(default_factory=list)  # of settings, in order


def active_sheet(session: Session) -> SheetModel:
    found = session.books[0].active
    assert found is not None
    return found


class _NoApi:
    """Stands for Excel's own objects where they are not modelled: true, and nothing else."""

    def __getattr__(self, name: str) -> Any:
        raise NotImplementedError(f"api.{name}: opened without api")


def api_object(session: Session, thing: Any) -> Any:
    """Excel's own object behind one of ours."""
    if session.with_api:
        from com_objects import com_object

        return com_object(session, thing)
    if isinstance(thing, base_classes.Range):
        return _NoApi()  # xlwings looks whether a range has one before it writes to it
    raise NotImplementedError("opened without api")
