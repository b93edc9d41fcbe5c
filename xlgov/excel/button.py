"""The button: look, ask once, write, keep what stood there. Nothing is shown when all is right."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xlgov.changes import CellChange, ChangeSet, Finding, split_corrected
from xlgov.excel.asking import ask, put, tell
from xlgov.excel.judging import judge_live
from xlgov.excel.last import Written, keep_last, read_last, take_back, written_by
from xlgov.excel.live import LiveWorkbook
from xlgov.excel.writing import apply_live, quiet
from xlgov.report import plain

if TYPE_CHECKING:
    from xlwings import App, Book

    from xlgov.settings import Settings

TITLE = "xlgov"
UP_TO_DATE = "xlgov: already up to date"
_MOST_NAMED = 3  # changes that the box names
_MOST_LISTED = 20  # lines of the list; a message box holds about a thousand characters
_REMOTE = "remote"
_WITHOUT_BOXES = ("Microsoft Office Scripts",)


def recalculate(
    book: Book, settings: Settings | None = None, *, ask_first: bool = True
) -> ChangeSet:
    """Recalculate and format an open workbook; gives what was done, empty where nothing was.

    The same change set as a refresh of the file would have. Where something would change, one box
    asks first, unless ``ask_first`` is false or this Excel shows no boxes to a program; otherwise
    the status bar says that all is up to date. The book is not saved. What stood in the cells is
    kept on the sheet ``xlgov``, for ``undo``.

    Raises XlgovError (the settings are wrong, Excel refuses a change); nothing is written then.
    """
    with ExitStack() as opened:
        live = LiveWorkbook(book, opened)
        changes = judge_live(live, settings)
        if changes.is_empty:
            _say(book.app, UP_TO_DATE)
            return changes
        if ask_first and not _is_agreed(book.app, changes):
            _say(book.app, "xlgov: nothing was changed")
            return ChangeSet(findings=changes.findings, reports=changes.reports)
        cells = written_by(changes, live)
        apply_live(changes, live)
        if cells:
            with quiet(book.app):
                keep_last(book, live, cells, datetime.now().replace(microsecond=0))
    _say(book.app, f"xlgov: {say_done(changes)}")
    if _is_remote(book.app) and book.api.get("client") not in _WITHOUT_BOXES:
        _ask(book.app, say_done(changes), "ok")  # there is no status bar to say it in
    return changes


def judge(book: Book, settings: Settings | None = None) -> ChangeSet:
    """What ``recalculate`` would do to an open workbook, and what it finds. Writes nothing."""
    with ExitStack() as opened:
        return judge_live(LiveWorkbook(book, opened), settings)


def undo(book: Book) -> list[Written]:
    """Take back what the last recalculation wrote; gives the cells that it leaves alone.

    A cell that somebody has changed since keeps what they typed. Colours by rule stay.
    """
    with ExitStack() as opened:
        live = LiveWorkbook(book, opened)
        cells = read_last(live)
        if not cells:
            _say(book.app, "xlgov: there is no recalculation to take back")
            return []
        with quiet(book.app):
            left = take_back(book, live, cells)
    done = len(cells) - len(left)
    words = f"{done} cell{'s' if done != 1 else ''} as before the last recalculation"
    if left:
        words += f"; {len(left)} changed since and left alone"
    _say(book.app, f"xlgov: {words}")
    return left


def mark(book: Book, since: str | Path) -> Path:
    """Mark, in a copy of an open workbook, what changed since an older version; the copy's path.

    The copy is ``NAME (changes marked).xlsx`` beside the book; it is opened, the book stays as it
    is.

    Raises XlgovError where the book was never saved on this machine, or a file cannot be read.
    """
    from xlgov.errors import UsageError
    from xlgov.versions import mark as mark_file

    with ExitStack() as opened:
        path = LiveWorkbook(book, opened).path
    if path is None:
        raise UsageError(
            f"{book.name} is not saved on this PC (it is new, or lies on SharePoint); save a copy "
            "in a folder of this PC and mark that one."
        )
    copy = path.with_name(f"{path.stem} (changes marked){path.suffix}")
    if not tell(lambda: book.api.SaveCopyAs(str(copy))):
        copy.write_bytes(path.read_bytes())  # as it was last saved
    mark_file(copy, since, copy, backup=False)
    book.app.books.open(str(copy))
    return copy


def _is_agreed(app: App, changes: ChangeSet) -> bool:
    """Whether the person at the screen wants the changes; so it is where nobody can be asked."""
    if _is_remote(app):
        return True  # a box there answers after this program has ended
    answer = _ask(app, f"{say_box(changes)}\n\n{_CHOICES}", "yes_no_cancel")
    if answer == "no":
        answer = _ask(app, f"{say_list(changes)}\n\nRecalculate?", "ok_cancel")
    return answer in (None, "yes", "ok")


def _is_remote(app: App) -> bool:
    return ask(lambda: app.engine.type) == _REMOTE


_CHOICES = "Yes: recalculate.   No: show the list.   Cancel: change nothing."


def _ask(app: App, words: str, buttons: str) -> str | None:
    return ask(lambda: app.alert(words, title=TITLE, buttons=buttons))


def _say(app: App, words: str) -> None:
    if not _is_remote(app):
        put(app, "status_bar", words)


def say_box(changes: ChangeSet) -> str:
    """What would change, and how much there is to look at, in one or two lines."""
    named = [_say_change(change) for change in changes.cells[:_MOST_NAMED]]
    more = len(changes.cells) - len(named)
    said = "; ".join(named) + (f"; and {more:,} more" if more else "")
    if not changes.cells:
        said = "Colours and other formats"
    return f"{said}. {_say_rest(changes)}".strip()


def say_list(changes: ChangeSet) -> str:
    """Every change and finding on a line of its own, as many as a box holds."""
    left = _left(changes)
    lines = [_say_change(change) for change in changes.cells[:_MOST_LISTED]]
    lines += [finding.message for finding in left[: _MOST_LISTED - len(lines)]]
    more = len(changes.cells) + len(left) - len(lines)
    return "\n".join([*lines, *([f"and {more:,} more"] if more else [])])


def say_done(changes: ChangeSet) -> str:
    """What was done, for the status bar."""
    cells = len(changes.cells)
    done = f"{cells:,} cell{'s' if cells != 1 else ''} recalculated" if cells else "formats set"
    return f"{done}. {_say_rest(changes)}".strip()


def _say_rest(changes: ChangeSet) -> str:
    """How many findings are left for a person; notes are worth knowing, not looking at."""
    left = sum(1 for finding in _left(changes) if finding.severity != "note")
    return f"{left:,} thing{'s' if left != 1 else ''} to look at." if left else ""


def _left(changes: ChangeSet) -> list[Finding]:
    written = ((change.sheet, change.address) for change in changes.cells)
    return split_corrected(changes.findings, written)[1]


def _say_change(change: CellChange) -> str:
    """A change as ``SR1.2 current 8 -> 9``; by its cell where its record is not known."""
    what = change.record or f"{change.sheet}!{change.address}"
    word = change.field.partition(".")[0]
    said = f" {word}" if word in _ASSESSMENTS else ""
    return f"{what}{said} {_short(change.before)} -> {_short(change.after)}"


_ASSESSMENTS = ("inherent", "current", "future")


def _short(value: object) -> str:
    text = "blank" if value is None or value == "" else str(plain(value))
    return text if len(text) <= 30 else f"{text[:29]}…"
