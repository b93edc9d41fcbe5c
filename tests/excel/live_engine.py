"""A stand-in for Excel on Windows behind xlwings' plugin interface, over a workbook's cells.

Why: no Excel runs where the tests run, and what breaks in Excel is what a mock would hide. The real
xlwings code runs (converters, ``xw.apps``, ``Book.caller``); only the objects below it are ours.
Each answers as the one of the same name in xlwings/_xlwindows.py does; what is not modelled raises
NotImplementedError, as ``xlwings.base_classes`` does. Modelled besides cells (live_range.py) and
sheets (live_sheets.py):

- settings such as ``screen_updating`` take what Excel takes; ``session.changes`` has their history;
- ``status_bar`` is False when Excel has it; ``alert`` answers from a script, or yes or ok, and
  keeps what it asked; a button that a box does not have is an error in the test.

Every call is counted by name in ``book.impl.calls`` (call_counts.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlwings as xw
from call_counts import counted
from cell_model import BookModel, SheetModel, load_model
from live_names import Names
from live_range import Range
from live_session import ANSWERS, HWND, Prompt, Session, active_sheet, api_object
from live_sheets import Sheet, Sheets
from live_values import clean, com_datetime
from typed_text import ComError
from xlwings import base_classes


class Engine:
    """What ``xw.engines`` holds: one Excel."""

    name = "excel"
    type = "desktop"

    def __init__(self, session: Session) -> None:
        self.session = session
        self.apps = Apps(session)

    @staticmethod
    def prepare_xl_data_element(x: Any, options: Any) -> Any:
        """xlwings/_xlwindows.py, Engine.prepare_xl_data_element."""
        if x is None or (isinstance(x, float) and x != x):
            return ""
        return com_datetime(x)

    @staticmethod
    def clean_value_data(
        data: Any, datetime_builder: Any, empty_as: Any, number_builder: Any, err_to_str: bool
    ) -> list[list[Any]]:
        return [
            [clean(c, datetime_builder, empty_as, number_builder, err_to_str) for c in row]
            for row in data
        ]


class Apps(base_classes.Apps):
    def __init__(self, session: Session) -> None:
        self._session = session

    def keys(self) -> list[int]:
        return [HWND]

    def __iter__(self) -> Iterator[App]:
        yield App(self._session)

    def __len__(self) -> int:
        return 1

    def __getitem__(self, pid: int) -> App:
        if pid != HWND:
            raise KeyError("Could not find an Excel instance with this PID.")
        return App(self._session)


def _setting(name: str, kinds: tuple[type, ...] = (bool,)) -> property:
    def get(self: App) -> Any:
        return getattr(self._session, name)

    def put(self: App, value: Any) -> None:
        if not isinstance(value, kinds):
            raise ComError(f"{value!r} is no value for {name}")
        self._session.changes.append((name, value))
        setattr(self._session, name, value)

    return property(get, put)


@counted
class App(base_classes.App):
    def __init__(self, session: Session) -> None:
        self._session, self._calls = session, session.calls

    screen_updating = _setting("screen_updating")
    display_alerts = _setting("display_alerts")
    enable_events = _setting("enable_events")
    interactive = _setting("interactive")
    status_bar = _setting("status_bar", (str, bool))

    @property
    def api(self) -> Any:
        return api_object(self._session, self)

    @property
    def engine(self) -> Engine:
        return Engine(self._session)

    @property
    def calculation(self) -> str:
        return self._session.calculation

    @calculation.setter
    def calculation(self, value: str) -> None:
        if value not in ("automatic", "manual", "semiautomatic"):
            raise KeyError(value)
        self._session.changes.append(("calculation", value))
        self._session.calculation = value

    def calculate(self) -> None:
        self._session.changes.append(("calculate", True))

    visible = _setting("visible")

    @property
    def version(self) -> str:
        return "16.0"

    @property
    def hwnd(self) -> int:
        return HWND

    @property
    def pid(self) -> int:
        return HWND

    @property
    def books(self) -> Books:
        return Books(self._session)

    @property
    def selection(self) -> Range:
        sheet = active_sheet(self._session)
        return Range(Sheet(self._session, sheet), [(*sheet.active_cell, *sheet.active_cell)])

    def activate(self, steal_focus: bool = False) -> None:
        """Brings a window to the front."""

    def alert(
        self, prompt: Any, title: Any, buttons: str | None, mode: str | None, callback: Any
    ) -> str:
        known = ANSWERS[buttons]
        answer = self._session.answers.pop(0) if self._session.answers else known[0]
        if answer not in known:
            raise AssertionError(f"the script says {answer!r} to a box with {known}: {prompt}")
        words = ("" if prompt is None else str(prompt), "" if title is None else str(title))
        self._session.prompts.append(Prompt(*words, buttons, mode, answer))
        return answer


@counted
class Books(base_classes.Books):
    def __init__(self, session: Session) -> None:
        self._session, self._calls = session, session.calls

    @property
    def active(self) -> Book:
        return Book(self._session, self._session.books[0])

    def __call__(self, name_or_index: int | str) -> Book:
        books = self._session.books
        if isinstance(name_or_index, int):
            if 1 <= name_or_index <= len(books):
                return Book(self._session, books[name_or_index - 1])
        else:
            for each in books:
                if each.name.lower() == name_or_index.lower():
                    return Book(self._session, each)
        raise KeyError(name_or_index)

    def __len__(self) -> int:
        return len(self._session.books)

    def __iter__(self) -> Iterator[Book]:
        return iter([Book(self._session, each) for each in self._session.books])

    def open(self, fullname: str, *others: Any, **named: Any) -> Book:
        if not Path(fullname).is_file():
            raise ComError(f"{fullname} could not be found")
        model = load_model(fullname)
        self._session.books.insert(0, model)
        return Book(self._session, model)


@counted
class Book(base_classes.Book):
    def __init__(self, session: Session, model: BookModel) -> None:
        self._session, self._model, self._calls = session, model, session.calls

    @property
    def calls(self) -> Counter[str]:
        """How often each method and property of the engine was used."""
        return self._session.calls

    def _api_of(self, thing: Any) -> Any:
        return api_object(self._session, thing)

    def _sheet(self, model: SheetModel) -> Sheet:
        return Sheet(self._session, model)

    @property
    def api(self) -> Any:
        return self._api_of(self)

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def fullname(self) -> str:
        return str(self._model.path)

    @property
    def sheets(self) -> Sheets:
        return Sheets(self._session, self._model)

    @property
    def names(self) -> Names:
        return Names(self)

    @property
    def app(self) -> App:
        return App(self._session)

    def activate(self) -> None:
        self._session.books.remove(self._model)
        self._session.books.insert(0, self._model)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        from live_files import save_model

        save_model(self._model, Path(path) if path else self._model.path)

    def close(self) -> None:
        self._session.books.remove(self._model)


def open_live(path: str | Path, with_api: bool = False, answers: tuple[str, ...] = ()) -> xw.Book:
    """The workbook at ``path``, open in a stand-in for Excel that ``xw.apps`` and others find.

    ``answers`` are given to the boxes that it shows, one after the other; then yes or ok.
    A second book opens in the same Excel.
    """
    session = current_session() or start_session()
    session.with_api = with_api
    session.answers += answers
    session.books.insert(0, load_model(path))
    return xw.books.active


def start_session() -> Session:
    """Make a stand-in for Excel the active engine."""
    session = Session()
    engines: Any = xw.engines
    engines.active = xw.Engine(impl=Engine(session))
    engines.add(engines.active)
    return session


def current_session() -> Session | None:
    active = xw.engines.active
    return active.impl.session if active is not None and isinstance(active.impl, Engine) else None


def stop_session() -> None:
    """Take the stand-in away, with all its books."""
    session = current_session()
    if session is not None:
        engines: Any = xw.engines
        engines.engines.remove(engines.active)
        del engines.engines_by_name[Engine.name]
        engines.active = None  # as xlwings has it on a machine without Excel
    if hasattr(xw.Book, "_mock_caller"):
        del xw.Book._mock_caller


def session_of(book: xw.Book) -> Session:
    """The Excel that a live book is open in: its prompts, settings and counts of calls."""
    found: Session = book.impl._session
    return found


__all__ = ["Session", "open_live", "session_of", "start_session", "stop_session"]
