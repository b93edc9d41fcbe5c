"""The commands over workbooks, folders and globs: refresh, preview, check."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from xlgov.cli.codes import NOTHING_RECOGNISED, WORST_FIRST
from xlgov.cli.one_book import examine_one, preview_one, refresh_one
from xlgov.errors import UsageError, XlgovError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from xlgov.batch import Outcome
    from xlgov.journal.since import Earlier
    from xlgov.sources import Source

_LONG_RUN = 20  # workbooks; a shorter run is over before anybody asks how far it is
_SEVERITY = {"error": 0, "warning": 1}


def refresh(options: argparse.Namespace) -> int:
    from xlgov.remote.path import read_path
    from xlgov.sources import plan_targets

    if options.dask:
        _name_in_full(options)
    out = None if options.out is None else read_path(options.out)
    sources = _find(options, out)
    targets = {} if out is None else plan_targets(sources, out)
    if options.update_formulas:
        from xlgov.recalculation import find_libreoffice

        find_libreoffice()  # without it no file is touched
    if options.dry_run:
        return _look(options, _print_previewed, sources)
    if len(sources) < 2 and not (options.log or options.report or options.since or options.dask):
        if options.resume:
            raise UsageError("--resume needs --log: the log says what is done already.")
        from xlgov.batch import run_each

        work = partial(refresh_one, options=_plain_options(options), targets=targets, log=None)
        each = run_each(work, [source.path for source in sources])
        outcomes = _reported(each, options, _print_refreshed)
        return _exit_code(outcomes, sources, options.fail_on)
    return _refresh_many(options, sources, targets)


def _refresh_many(
    options: argparse.Namespace, sources: Sequence[Source], targets: dict[Path, Path]
) -> int:
    """A run over several workbooks, or one that is to be recorded."""
    from xlgov.journal.run import Run

    is_long = len(sources) >= _LONG_RUN and not options.json
    run = Run(
        "refresh",
        {**_judging(options), "update_formulas": options.update_formulas},
        [source.path for source in sources],
        targets=targets,
        log=options.log,
        resume=options.resume,
        report=options.report,
        progress=sys.stderr if is_long else None,
        earlier=_read_earlier(options, sources),
    )
    for line in run.problems:
        print(f"xlgov: {line}", file=sys.stderr)
    work = partial(refresh_one, options=_plain_options(options), targets=targets, log=run.log)
    clear = run.progress.clear if run.progress else None
    try:
        with _executor(options.dask) as executor, run:
            each = run.each(work, options.jobs, executor)
            outcomes = _reported(each, options, _print_refreshed, clear=clear)
    finally:
        if is_long or options.log or options.report or run.is_stopped:
            for line in run.table_lines():
                print(line, file=sys.stderr)
    return _exit_code(outcomes, sources, options.fail_on, done=len(run.done))


def _read_earlier(
    options: argparse.Namespace, sources: Sequence[Source]
) -> Mapping[Path, Sequence[Earlier]] | None:
    """The reports of older versions, each as of its own day and month."""
    if options.since is None:
        return None
    from xlgov.batch import run_each
    from xlgov.journal.since import read_earlier

    asked = {
        name: value for name, value in _judging(options).items() if name not in ("as_of", "month")
    }
    look = partial(preview_one, options=asked)
    return read_earlier(
        Path(options.since), sources, lambda paths: run_each(look, paths, options.jobs)
    )


def _executor(address: str | None) -> AbstractContextManager[Executor | None]:
    """The cluster to work on, where one is named."""
    if address is None:
        return nullcontext()
    from xlgov.cluster import cluster_executor

    return cluster_executor(address)


def _name_in_full(options: argparse.Namespace) -> None:
    """Make every path one that means the same in another folder: workers have their own."""
    from xlgov.remote.path import full_text, read_path

    options.paths = [full_text(read_path(each)) for each in options.paths]
    if options.out is not None:
        options.out = full_text(read_path(options.out))
    if options.log is not None:
        options.log = options.log.absolute()


def _find(options: argparse.Namespace, out: Path | None = None) -> list[Source]:
    """The workbooks that the paths and patterns of a command name."""
    from xlgov.sources import Choice, find_workbooks

    choice = Choice(tuple(options.include), tuple(options.exclude))
    return find_workbooks(options.paths, out, choice)


def _plain_options(options: argparse.Namespace) -> dict[str, object]:
    """What a worker process needs of the options (a parser's own values do not travel)."""
    return {
        **_judging(options),
        "backup": not options.no_backup,
        "break_signature": options.break_signature,
        "update_formulas": options.update_formulas,
    }


def _judging(options: argparse.Namespace) -> dict[str, object]:
    """The keywords of ``preview`` that a command takes."""
    names = ("as_of", "stale_after", "month", "reasons", "notes", "charts", "repair", "write")
    return {name: getattr(options, name) for name in names if hasattr(options, name)}


def preview(options: argparse.Namespace) -> int:
    return _look(options, _print_previewed)


def check(options: argparse.Namespace) -> int:
    sources = _find(options)
    if len(sources) < 2:
        return _look(options, _print_checked, sources)
    from xlgov.batch import run_each
    from xlgov.operations import compare_files

    work = partial(examine_one, options=_judging(options))
    each = run_each(work, [source.path for source in sources], options.jobs)
    outcomes = _reported(each, options, _print_checked, compare_files, _print_between)
    return _exit_code(outcomes, sources, options.fail_on)


def _look(
    options: argparse.Namespace,
    show: Callable[[Outcome, bool], None],
    sources: Sequence[Source] | None = None,
) -> int:
    from xlgov.batch import run_each

    if sources is None:
        sources = _find(options)
    work = partial(preview_one, options=_judging(options))
    outcomes = _reported(run_each(work, [source.path for source in sources]), options, show)
    return _exit_code(outcomes, sources, options.fail_on)


def _reported(
    outcomes: Iterable[Outcome],
    options: argparse.Namespace,
    show: Callable[[Outcome, bool], None],
    finish: Callable[[list[Outcome]], list[Outcome]] | None = None,
    show_end: Callable[[Sequence[Outcome]], None] | None = None,
    clear: Callable[[], None] | None = None,
) -> list[Outcome]:
    """Print outcomes as they come (text) or together at the end (JSON); gives them all.

    ``finish`` completes them when all are there, and ``show_end`` prints what that added.
    ``clear`` takes a line of progress off the terminal before others are printed there.
    """
    done = []
    named = len(options.paths) > 1 or not Path(options.paths[0]).is_file()
    for outcome in outcomes:
        done.append(outcome)
        if options.json:
            continue
        if clear is not None:
            clear()
        if outcome.error is not None:
            _print_error(outcome.path, outcome.error)
        else:
            show(outcome, named)
        if sys.stdout is not None:
            sys.stdout.flush()
    if finish is not None:
        done = finish(done)
    if options.json:
        from xlgov.report.documents import document

        print(json.dumps(document(done), ensure_ascii=False, indent=2))
    elif show_end is not None:
        show_end(done)
    return done


def _print_error(path: Path, error: XlgovError) -> None:
    """An error with its file before it, unless the message begins with it."""
    text = str(error)
    print(text if text.startswith(str(path)) else f"{path}: {text}", file=sys.stderr)


def _print_refreshed(outcome: Outcome, named: bool) -> None:
    from xlgov.report.summary import summary

    print(f"{outcome.path.name}: {summary(outcome.changes)}")


def _print_checked(outcome: Outcome, named: bool) -> None:
    from xlgov.report.findings import finding_lines, head_lines

    lines = head_lines(outcome.changes) + finding_lines(outcome.changes)
    if not outcome.is_recognised and not lines:
        lines = ["no register recognised; left alone"]
    if named:
        print(f"{outcome.path}:")
    for line in lines:
        print(line)


def _print_between(outcomes: Sequence[Outcome]) -> None:
    """What was found between the files, and the page of counts."""
    from xlgov.report.findings import between_lines
    from xlgov.review.counts import count_records, counts_lines

    counted = [count_records(each.path.name, each.changes) for each in outcomes]
    for lines in (between_lines(outcomes), counts_lines(counted)):
        if lines:
            print()
        for line in lines:
            print(line)


def _print_previewed(outcome: Outcome, named: bool) -> None:
    from xlgov.report.changes import change_lines, recognised_lines

    _print_checked(outcome, named)
    for line in recognised_lines(outcome.changes) + change_lines(outcome.changes):
        print(line)
    if outcome.is_recognised and outcome.changes.is_empty:
        print("A refresh would change nothing.")


def _exit_code(
    outcomes: Sequence[Outcome], sources: Sequence[Source], fail_on: str, done: int = 0
) -> int:
    """The worst of the outcomes; ``done`` are files that an earlier run has dealt with."""
    codes = {0}
    for outcome in outcomes:
        if outcome.error is not None:
            codes.add(outcome.error.exit_code)
        severities = [finding.severity for finding in outcome.findings]
        if any(_SEVERITY.get(each, 2) <= _SEVERITY.get(fail_on, -1) for each in severities):
            codes.add(1)
    if not done and not any(outcome.is_recognised for outcome in outcomes):
        codes.add(NOTHING_RECOGNISED)
        if not sources:
            print("xlgov: no .xlsx or .xlsm file in these paths.", file=sys.stderr)
    return next(code for code in WORST_FIRST if code in codes)
