"""A run that keeps its own record: what is left to do, the log, the progress, the table, the page.

Why the end is written on the way out, whatever the way: Ctrl-C, a full disk and the last file all
leave a run that says what was done. While it is being written, Ctrl-C waits.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

from xlgov.batch import Outcome, Refreshed, Work, run_each
from xlgov.changes import ChangeSet
from xlgov.errors import UsageError
from xlgov.interrupts import put_off
from xlgov.journal.file import RunLog, start_run, write_page
from xlgov.journal.leftovers import clear_leftovers
from xlgov.journal.progress import ProgressLine
from xlgov.journal.record import RunRecord, record_outcome
from xlgov.journal.table import table_lines
from xlgov.ooxml.file_hash import hash_file

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from xlgov.journal.since import Earlier


class Run:
    """A run over workbooks, as a context: begins its log on entering, ends it on leaving.

    First it deletes what killed saves of an earlier run have left beside the workbooks.

    ``options`` are those that decide on the result: another run's work is as good as this one's
    where they are the same. ``targets`` are where results go, where not to the file itself.
    ``resume`` passes by what ``log`` says is done and unchanged. ``report`` is a page to write.
    ``progress`` is a stream for how far it is. ``earlier`` are older reports of the files, which
    say since when records are above tolerance. ``done`` are the files passed by, ``paths`` those
    left, ``records`` those that have an outcome, in the order of the paths at the end.

    Raises UsageError (no log to resume by, or one that cannot be a file), FileError (a log that
    cannot be written).
    """

    def __init__(
        self,
        command: str,
        options: Mapping[str, Any],
        paths: Sequence[Path],
        *,
        targets: Mapping[Path, Path] | None = None,
        log: Path | None = None,
        resume: bool = False,
        report: Path | None = None,
        progress: TextIO | None = None,
        earlier: Mapping[Path, Sequence[Earlier]] | None = None,
        zone: tzinfo | None = None,
    ) -> None:
        if resume and log is None:
            raise UsageError("--resume needs --log: the log says what is done already.")
        self.start = start_run(command, options, len(paths))
        self.targets = targets or {}
        self.log = RunLog(log, self.start) if log else None
        self.done: Mapping[Path, RunRecord] = {}
        self.problems: tuple[str, ...] = ()
        if resume and log is not None and os.path.lexists(log):
            from xlgov.journal.reading import read_log
            from xlgov.journal.resume import done_already

            said = read_log([log])
            self.problems = said.problems
            self.done = done_already(said, paths, self.start.options_hash, self.targets)
        self.paths = [path for path in paths if path not in self.done]
        self.records: list[RunRecord] = []
        self.progress = ProgressLine(len(self.paths), progress) if progress else None
        self._all = list(paths)
        self._report = report
        self._earlier = earlier or {}
        self._zone = zone
        self._outcomes: Generator[Outcome, None, None] | None = None
        self._is_finished = False

    def __enter__(self) -> Run:
        clear_leftovers(self.targets.get(path, path) for path in self._all)
        if self.log is None:
            return self
        try:
            with put_off():
                self.log.begin()
        except KeyboardInterrupt:
            self.log.end((), finished=False)
            raise
        return self

    def each(
        self, work: Work, jobs: int = 1, executor: Executor | None = None
    ) -> Generator[Outcome, None, None]:
        """The outcomes of what is left to do, in the order of the paths; see ``run_each``."""
        outcomes = run_each(work, self.paths, jobs, executor=executor, on_done=self._take)
        self._outcomes = outcomes
        for outcome in outcomes:
            yield self._with_since(outcome)

    def _with_since(self, outcome: Outcome) -> Outcome:
        earlier = self._earlier.get(outcome.path)
        if not earlier:
            return outcome
        from xlgov.journal.since import with_since

        return replace(outcome, changes=with_since(outcome.changes, earlier))

    def _take(self, outcome: Outcome) -> None:
        target = self.targets.get(outcome.path)
        record = record_outcome(self._with_since(outcome), self.start, target)
        self.records.append(record)
        if self.log is not None:
            self.log.add(record)
        if self.progress is not None:
            self.progress.advance()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._outcomes is not None:
            self._outcomes.close()  # files that have begun are finished and recorded first
        if self.progress is not None:
            self.progress.clear()
        order = {str(path): number for number, path in enumerate(self._all)}
        self.records.sort(key=lambda each: order[each.path])
        self._is_finished = len(self.records) == len(self.paths)
        with put_off():
            self._write_end()

    def _write_end(self) -> None:
        if self.log is not None:
            self.log.end(self.records, self._is_finished)
        if self._report is not None:
            from xlgov.journal.page import page

            text = page(self.start, self.all_records, stopped=self.is_stopped, zone=self._zone)
            write_page(self._report, text)

    @property
    def is_stopped(self) -> bool:
        """Whether it ended before every file had its turn."""
        return not self._is_finished

    @property
    def all_records(self) -> list[RunRecord]:
        """The records of all files, what an earlier run had done too, in the order of the paths."""
        made = {each.path: each for each in self.records}
        found = (self.done.get(path) or made.get(str(path)) for path in self._all)
        return [each for each in found if each is not None]

    def table_lines(self) -> list[str]:
        """The table at the end."""
        total = len(self._all)
        return table_lines(self.records, total, done=self.done, stopped=self.is_stopped)


def note_result(
    changes: ChangeSet, path: Path, target: Path | None, written: str = ""
) -> Refreshed:
    """What a refresh has done, with the hash of the file that it left. Raises OSError.

    ``written`` is that hash where the save has said it. Without it the file is read again, and one
    that somebody has saved since would be taken for what the refresh left.
    """
    if written:
        return Refreshed(changes, written)
    if changes.is_empty and changes.source_hash:
        return Refreshed(changes, changes.source_hash)
    return Refreshed(changes, hash_file(target or path))
