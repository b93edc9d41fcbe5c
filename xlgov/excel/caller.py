"""What the macros call: the workbook whose button was pressed, and errors as one sentence.

Why the book is looked for by hand: xlwings cuts the workbook's name off at an equals sign, which a
file name may have.

Why the status bar is given back here, after a moment: what a program puts there hides Excel's own
words (Ready, Edit, Calculate) until the program takes it away. A macro timed for later (OnTime)
would do so without a wait, but Excel opens a workbook again that was closed before its time came,
and on macOS the macro does not know when this program is done. This program is there on both.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import sleep
from typing import TYPE_CHECKING

from xlgov.errors import UsageError, XlgovError
from xlgov.excel.asking import ask, get, put
from xlgov.excel.button import SAID_BY_US, TITLE, judge, mark, recalculate, say_list, undo

if TYPE_CHECKING:
    from xlwings import App, Book

_READING = 2.0  # seconds that a line in the status bar is left to be read


def find_caller() -> Book:
    """The workbook whose macro started this program.

    Raises UsageError where no macro did, or the workbook is closed already.
    """
    import xlwings

    if hasattr(xlwings.Book, "_mock_caller"):
        return xlwings.Book.caller()
    name, window = _argument("--wb"), _argument("--hwnd")
    if not name:
        raise UsageError("This runs from the button in a workbook; in Python use xlgov.refresh.")
    apps = list(xlwings.apps)
    of_window = [app for app in apps if window and str(get(app, "hwnd")) == window]
    for app in of_window or apps:
        for book in app.books:
            if book.name.casefold() == name.casefold():
                return book
    if "=" not in name:
        return xlwings.Book.caller()
    raise UsageError(f"{name} is not open in Excel; open it and press the button again.")


def _argument(name: str) -> str:
    """The value of a command line argument, whatever signs it has; "" without it."""
    given = (arg.partition("=") for arg in sys.argv)
    return next((value.strip().strip('"') for key, _, value in given if key == name), "")


def recalculate_caller() -> None:
    """The button *Recalculate*."""
    _run(lambda book: recalculate(book))


def check_caller() -> None:
    """The button *Check*: the findings in a box; nothing is written."""

    def show(book: Book) -> None:
        changes = judge(book)
        words = say_list(changes)
        ask(lambda: book.app.alert(words or "Nothing to look at: all is as it should be.", TITLE))

    _run(show)


def mark_caller(since: str) -> None:
    """The button *Mark changes since...*: in a copy, which is opened."""
    _run(lambda book: mark(book, since))


def undo_caller() -> None:
    """The button *Undo last recalculate*."""
    _run(lambda book: undo(book))


def _run(work: Callable[[Book], object]) -> None:
    """Do the work on the calling workbook; whatever goes wrong is one sentence in a box."""
    book = find_caller()
    try:
        work(book)
    except XlgovError as error:
        _show(book, str(error))
    except Exception as error:  # a traceback says nothing to the person at the button
        said = " ".join(str(error).split()) or "no reason given"
        _show(
            book,
            f"Something went wrong that xlgov does not know: {type(error).__name__}, {said[:200]}. "
            "Check the workbook before you save it, and run xlgov doctor.",
        )
    try:
        _give_back_status_bar(book.app)
    except Exception:  # Excel is closed or busy by now; what was asked for is done
        return


def _give_back_status_bar(app: App) -> None:
    """Leave what we have put into the status bar to be read, then let Excel have it again."""
    said = get(app, "status_bar")
    if isinstance(said, str) and said.startswith(SAID_BY_US):
        sleep(_READING)
        if get(app, "status_bar") == said:
            put(app, "status_bar", False)


def _show(book: Book, words: str) -> None:
    if ask(lambda: book.app.alert(words, TITLE, "ok", "critical") or "shown") is None:
        print(f"xlgov: {words}", file=sys.stderr)
