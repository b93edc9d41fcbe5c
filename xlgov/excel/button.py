"""The button: look, ask once, write, keep what stood there. Nothing is shown when all is right."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from xlgov.changes import CellChange, ChangeSet, Finding, Formula, split_corrected
from xlgov.excel.asking import ask, put, tell
from xlgov.excel.cells import Undoing
from xlgov.excel.judging import judge_live
from xlgov.excel.last import Written, keep_last, read_last, take_back, written_by
from xlgov.excel.live import LiveWorkbook
from xlgov.excel.writing import apply_live
from xlgov.report.changes import change_lines
from xlgov.report.values import plain

if TYPE_CHECKING:
    from xlwings import App, Book

    from xlgov.settings import Settings

TITLE = "xlgov"
SAID_BY_US = "xlgov: "  # how all begins that stands in the status bar
_UP_TO_DATE = "already up to date"
_MOST_NAMED = 3  # changes that the box names
_MOST_LISTED = 20  # lines of the list; a message box holds about a thousand characters
_NOT_KEPT = " It cannot be taken back here: Excel does not let the sheet xlgov be written."
_REMOTE = "remote"
_WITHOUT_BOXES = ("Microsoft Office Scripts",)


def recalculate(
    book: Book, settings: Settings | None = None, *, ask_first: bool = True
) -> ChangeSet:
    """Recalculate and format an open workbook; gives what was done, empty where nothing was.

    The same change set as a refresh of the file would have. Where something would change, one box
    asks first, unless ``ask_first`` is false or this Excel shows no boxes to a program; otherwise
    the status bar says that all is up to date; the buttons give it back to Excel, other callers do
    so by ``book.app.status_bar = False``. The book is not saved. What stood in the cells is kept on
    the sheet ``xlgov``, for ``undo``.

    Raises XlgovError (the settings are wrong, Excel refuses a change); nothing is written then.
    """
    with ExitStack() as opened:
        live = LiveWorkbook(book, opened)
        changes = judge_live(live, settings)
        if changes.is_empty:
            _say(book.app, _UP_TO_DATE)
            return changes
        if ask_first and not _is_agreed(book.app, changes):
            return ChangeSet(findings=changes.findings, reports=changes.reports)
        keeping = _Keeping(live, written_by(changes, live))
        apply_live(changes, live, keeping.keep)
    done = say_done(changes) + ("" if keeping.is_kept else _NOT_KEPT)
    _say(book.app, done)
    if _is_remote(book.app) and book.api.get("client") not in _WITHOUT_BOXES:
        _ask(book.app, done, "ok")  # there is no status bar to say it in
    return changes


@dataclass(slots=True)
class _Keeping:
    """Keeps what stands before it is overwritten, where Excel lets us."""

    live: LiveWorkbook
    cells: list[Written]
    is_kept: bool = True

    def keep(self, written: Undoing) -> None:
        if not self.cells:
            return
        try:
            keep_last(self.live, self.cells, datetime.now().replace(microsecond=0), written)
        except Exception:  # a protected structure or sheet must not stop the recalculation
            self.is_kept = False


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
            _say(book.app, "there is no recalculation to take back")
            return []
        left = take_back(live, cells)
    done = len(cells) - len(left)
    words = f"{done} cell{'s' if done != 1 else ''} as before the last recalculation"
    if left:
        words += f"; {len(left)} changed since and left alone"
    _say(book.app, words)
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
    copy = _free_name(path)
    with TemporaryDirectory() as folder:
        now = Path(folder) / path.name
        if not tell(lambda: book.api.SaveCopyAs(str(now))):
            now.write_bytes(path.read_bytes())  # as it was last saved
        mark_file(now, since, copy, backup=False)
    if not copy.exists():
        raise UsageError(f"No register was recognised in {book.name} or {Path(since).name}.")
    book.app.books.open(str(copy))
    return copy


def _free_name(path: Path) -> Path:
    """The name of a marked copy beside a workbook: the first that is not taken."""
    for number in count(1):
        mark = "changes marked" if number == 1 else f"changes marked {number}"
        copy = path.with_name(f"{path.stem} ({mark}){path.suffix}")
        if not copy.exists():
            return copy
    raise AssertionError("numbers end nowhere")


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
        put(app, "status_bar", f"{SAID_BY_US}{words}")


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
    lines = [_say_change(change) for change in changes.cells]
    lines += change_lines(replace(changes, cells=()))
    lines += [finding.message for finding in left]
    more = max(len(lines) - _MOST_LISTED, 0)
    lines = lines[:_MOST_LISTED]
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
    assessment, _, measure = change.field.partition(".")
    words = [what]
    if assessment in _ASSESSMENTS:
        words += [assessment] if measure == "rating" else [assessment, measure]
    return f"{' '.join(words)} {_short(change.before)} -> {_short(change.after)}"


_ASSESSMENTS = ("inherent", "current", "future")


def _short(value: object) -> str:
    if isinstance(value, Formula):
        value = value.cached
    if isinstance(value, float):
        return f"{value:.6g}"
    text = str(plain(value)).strip() if value is not None else ""
    return (text if len(text) <= 30 else f"{text[:29]}…") or "blank"
