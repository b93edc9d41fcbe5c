"""The command line: options in, text or JSON out, errors as exit codes. No logic of its own.

Exit codes, worst first: 3 a file could not be read or written, 2 usage or settings, 4 nothing in
any path was recognised, 1 findings at or above ``--fail-on``, 0.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from xlgov.errors import FileError, UsageError, XlgovError

if TYPE_CHECKING:
    from xlgov.batch import Examined, Outcome
    from xlgov.changes import ChangeSet
    from xlgov.sources import Source

NOTHING_RECOGNISED = 4
_WORST_FIRST = (3, 2, NOTHING_RECOGNISED, 1, 0)
_SEVERITY = {"error": 0, "warning": 1}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    _speak_utf8()
    options = _parser().parse_args(arguments)
    try:
        code = int(options.run(options))
        if sys.stdout is not None:
            sys.stdout.flush()  # a broken pipe is to be met here, not when Python ends
        return code
    except XlgovError as error:
        print(f"xlgov: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("xlgov: stopped; every file is either as it was or finished.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"xlgov: {where}{error.strerror or error}", file=sys.stderr)
        return FileError.exit_code


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _parser() -> argparse.ArgumentParser:
    from xlgov import __version__

    parser = argparse.ArgumentParser(
        prog="xlgov",
        description="Keeps a governance office's own Excel workbooks right; loses nothing in them.",
    )
    parser.add_argument("--version", action="version", version=f"xlgov {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    refresh = _command(commands, "refresh", _refresh, "recalculate and format in place")
    _add_paths(refresh)
    refresh.add_argument("--out", type=Path, metavar="DIR", help="write there, leave the source")
    refresh.add_argument("--dry-run", action="store_true", help="show, write nothing")
    refresh.add_argument("--no-backup", action="store_true", help="keep no copy from before")
    refresh.add_argument("--jobs", type=_positive, default=1, metavar="N", help="processes")
    refresh.add_argument(
        "--break-signature", action="store_true", help="change a digitally signed file all the same"
    )
    _add_judging(refresh, default="never")
    _add_extras(refresh)

    preview = _command(commands, "preview", _preview, "show what refresh would do")
    _add_paths(preview)
    _add_judging(preview, default="never")
    _add_extras(preview)

    check = _command(commands, "check", _check, "show findings only")
    _add_paths(check)
    check.add_argument("--jobs", type=_positive, default=1, metavar="N", help="processes")
    _add_judging(check, default="error")

    read = _command(commands, "read", _read, "show the records as tables")
    read.add_argument("file", metavar="FILE")
    read.add_argument("--csv", type=Path, metavar="DIR", help="write one CSV file per kind")
    read.add_argument("--json", action="store_true", help="print JSON")

    diff = _command(commands, "diff", _diff, "show what changed between two versions")
    diff.add_argument("old", metavar="OLD")
    diff.add_argument("new", metavar="NEW")
    told = diff.add_mutually_exclusive_group()
    told.add_argument("--json", action="store_true", help="print one JSON document")
    told.add_argument("--paper", action="store_true", help="print sentences for a covering paper")
    diff.add_argument(
        "--out", type=Path, metavar="DIR", help="write a copy of NEW there with a list of changes"
    )

    mark = _command(commands, "mark", _mark, "mark what changed since an older version, in red")
    mark.add_argument("new", metavar="NEW")
    mark.add_argument("--since", required=True, metavar="OLD", help="the version to compare with")
    _add_target(mark)

    unmark = _command(commands, "unmark", _unmark, "take those marks off again")
    unmark.add_argument("file", metavar="FILE")
    unmark.add_argument(
        "--all-red", action="store_true", help="all red words in registers, also those by hand"
    )
    _add_target(unmark)

    init = _command(commands, "init", _init, "add the settings sheet")
    init.add_argument("file", metavar="FILE")
    init.add_argument("--out", type=Path, metavar="DIR", help="write there, leave the source")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    words: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=words, description=words.capitalize() + ".")
    parser.set_defaults(run=run)
    return parser


def _add_target(parser: argparse.ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--out", type=Path, metavar="DIR", help="write there, leave the source")
    where.add_argument("--in-place", action="store_true", help="write into the file itself")
    parser.add_argument("--no-backup", action="store_true", help="keep no copy from before")
    parser.add_argument(
        "--break-signature", action="store_true", help="change a digitally signed file all the same"
    )


def _add_paths(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help="workbook, folder or glob")


def _add_judging(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument(
        "--as-of", type=_day, metavar="DATE", help="day to judge dates by (YYYY-MM-DD)"
    )
    parser.add_argument(
        "--stale-after", type=_positive, metavar="DAYS", help="age at which a status is stale"
    )
    parser.add_argument(
        "--month", type=_month, metavar="MONTH", help="reporting month of a dashboard (2018-03)"
    )
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning", "never"),
        default=default,
        help=f"findings that give exit code 1 (default {default})",
    )


def _add_extras(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--reasons", action="store_true", help="add a sheet with the reason of each comparison"
    )
    parser.add_argument("--notes", action="store_true", help="write the reasons as cell notes")
    parser.add_argument(
        "--charts", action="store_true", help="add a sheet that sums up the control charts"
    )
    parser.add_argument(
        "--repair", action="store_true", help="show numbers displayed as dates of 1900 as numbers"
    )


def _month(text: str) -> str:
    from xlgov.kpi.month_text import parse_month

    if parse_month(text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no month such as 2018-03")
    return text


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date such as 2017-02-06") from None


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


def _refresh(options: argparse.Namespace) -> int:
    from xlgov.batch import run_each
    from xlgov.sources import find_workbooks, plan_targets

    sources = find_workbooks(options.paths, options.out)
    targets = plan_targets(sources, options.out) if options.out else {}
    if options.dry_run:
        return _look(options, _print_previewed, sources)
    work = partial(_refresh_one, options=_plain_options(options), targets=targets)
    outcomes = _reported(
        run_each(work, [source.path for source in sources], options.jobs), options, _print_refreshed
    )
    return _exit_code(outcomes, sources, options.fail_on)


def _plain_options(options: argparse.Namespace) -> dict[str, object]:
    """What a worker process needs of the options (a parser's own values do not travel)."""
    return {
        **_judging(options),
        "backup": not options.no_backup,
        "break_signature": options.break_signature,
    }


def _judging(options: argparse.Namespace) -> dict[str, object]:
    """The keywords of ``preview`` that a command takes."""
    names = ("as_of", "stale_after", "month", "reasons", "notes", "charts", "repair")
    return {name: getattr(options, name) for name in names if hasattr(options, name)}


def _refresh_one(path: Path, options: dict[str, object], targets: dict[Path, Path]) -> ChangeSet:
    from xlgov.operations import refresh

    target = targets.get(path)
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
    return refresh(path, target, **options)  # type: ignore[arg-type]  # keywords of refresh


def _examine_one(path: Path, options: dict[str, object]) -> Examined:
    from xlgov.operations import examine

    return examine(path, **options)  # type: ignore[arg-type]  # keywords of examine


def _preview_one(path: Path, options: dict[str, object]) -> ChangeSet:
    from xlgov.operations import preview

    return preview(path, **options)  # type: ignore[arg-type]  # keywords of preview


def _preview(options: argparse.Namespace) -> int:
    return _look(options, _print_previewed)


def _check(options: argparse.Namespace) -> int:
    from xlgov.sources import find_workbooks

    sources = find_workbooks(options.paths)
    if len(sources) < 2:
        return _look(options, _print_checked, sources)
    from xlgov.batch import run_each
    from xlgov.operations import compare_files

    work = partial(_examine_one, options=_judging(options))
    each = run_each(work, [source.path for source in sources], options.jobs)
    outcomes = _reported(each, options, _print_checked, compare_files, _print_between)
    return _exit_code(outcomes, sources, options.fail_on)


def _look(
    options: argparse.Namespace,
    show: Callable[[Outcome, bool], None],
    sources: Sequence[Source] | None = None,
) -> int:
    from xlgov.batch import run_each
    from xlgov.sources import find_workbooks

    if sources is None:
        sources = find_workbooks(options.paths)
    work = partial(_preview_one, options=_judging(options))
    outcomes = _reported(run_each(work, [source.path for source in sources]), options, show)
    return _exit_code(outcomes, sources, options.fail_on)


def _reported(
    outcomes: Iterable[Outcome],
    options: argparse.Namespace,
    show: Callable[[Outcome, bool], None],
    finish: Callable[[list[Outcome]], list[Outcome]] | None = None,
    show_end: Callable[[Sequence[Outcome]], None] | None = None,
) -> list[Outcome]:
    """Print outcomes as they come (text) or together at the end (JSON); gives them all.

    ``finish`` completes them when all are there, and ``show_end`` prints what that added.
    """
    from xlgov.report import document

    done = []
    named = len(options.paths) > 1 or not Path(options.paths[0]).is_file()
    for outcome in outcomes:
        done.append(outcome)
        if options.json:
            continue
        if outcome.error is not None:
            _print_error(outcome.path, outcome.error)
        else:
            show(outcome, named)
        if sys.stdout is not None:
            sys.stdout.flush()
    if finish is not None:
        done = finish(done)
    if options.json:
        print(json.dumps(document(done), ensure_ascii=False, indent=2))
    elif show_end is not None:
        show_end(done)
    return done


def _print_error(path: Path, error: XlgovError) -> None:
    """An error with its file before it, unless the message begins with it."""
    text = str(error)
    print(text if text.startswith(str(path)) else f"{path}: {text}", file=sys.stderr)


def _print_refreshed(outcome: Outcome, named: bool) -> None:
    from xlgov.report import summary

    print(f"{outcome.path.name}: {summary(outcome.changes)}")


def _print_checked(outcome: Outcome, named: bool) -> None:
    from xlgov.report import finding_lines, head_lines

    lines = head_lines(outcome.changes) + finding_lines(outcome.changes)
    if not outcome.is_recognised and not lines:
        lines = ["no register recognised; left alone"]
    if named:
        print(f"{outcome.path}:")
    for line in lines:
        print(line)


def _print_between(outcomes: Sequence[Outcome]) -> None:
    """What was found between the files, and the page of counts."""
    from xlgov.report import between_lines
    from xlgov.review.counts import count_records, counts_lines

    counted = [count_records(each.path.name, each.changes) for each in outcomes]
    for lines in (between_lines(outcomes), counts_lines(counted)):
        if lines:
            print()
        for line in lines:
            print(line)


def _print_previewed(outcome: Outcome, named: bool) -> None:
    from xlgov.report import change_lines, recognised_lines

    _print_checked(outcome, named)
    for line in recognised_lines(outcome.changes) + change_lines(outcome.changes):
        print(line)
    if outcome.is_recognised and outcome.changes.is_empty:
        print("A refresh would change nothing.")


def _exit_code(outcomes: Sequence[Outcome], sources: Sequence[Source], fail_on: str) -> int:
    codes = {0}
    for outcome in outcomes:
        if outcome.error is not None:
            codes.add(outcome.error.exit_code)
        severities = [finding.severity for finding in outcome.findings]
        if any(_SEVERITY.get(each, 2) <= _SEVERITY.get(fail_on, -1) for each in severities):
            codes.add(1)
    if not any(outcome.is_recognised for outcome in outcomes):
        codes.add(NOTHING_RECOGNISED)
        if not sources:
            print("xlgov: no .xlsx or .xlsm file in these paths.", file=sys.stderr)
    return next(code for code in _WORST_FIRST if code in codes)


def _read(options: argparse.Namespace) -> int:
    from xlgov.operations import read_rows

    path = _file(options.file)
    tables = read_rows(path)
    if not tables:
        print(f"{path.name}: no register recognised.", file=sys.stderr)
        return NOTHING_RECOGNISED
    from xlgov.report import print_tables, tables_document, write_csv

    if options.csv:
        for written in write_csv(tables, options.csv, path.stem):
            print(written)
    elif options.json:
        print(json.dumps(tables_document(tables), ensure_ascii=False, indent=2))
    else:
        print_tables(tables)
    return 0


def _diff(options: argparse.Namespace) -> int:
    from xlgov.versions import diff

    old, new = _file(options.old), _file(options.new)
    target = _target(options.out, new)
    if target is not None and any(target.resolve() == each.resolve() for each in (old, new)):
        raise UsageError(f"{target} is one of the two versions itself. Name another folder.")
    difference = diff(old, new, out=target)
    if options.json:
        from xlgov.review.document import difference_document

        document = difference_document(difference, str(old), str(new))
        print(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        from xlgov.review.telling import tell_findings, tell_lines, tell_paper

        for line in tell_paper(difference) if options.paper else tell_lines(difference):
            print(line)
        for line in tell_findings(difference):
            print(line, file=sys.stderr)
    if target is not None:
        print(f"{target}: sheet 'xlgov changes' added", file=sys.stderr)
    if difference.is_unrecognised:
        print(f"xlgov: no register recognised in {old.name} or {new.name}.", file=sys.stderr)
        return NOTHING_RECOGNISED
    return 0


def _mark(options: argparse.Namespace) -> int:
    from xlgov.report import count, finding_lines
    from xlgov.versions import mark

    new, old = _file(options.new), _file(options.since)
    target = _single_target(options.out, new)
    if target is not None and target.exists() and target.samefile(old):
        raise UsageError(f"{target} is the old version itself. Name another folder.")
    difference, changes = mark(
        new,
        old,
        target,
        backup=not options.no_backup,
        break_signature=options.break_signature,
    )
    if difference.is_unrecognised:
        print(f"xlgov: no register recognised in {new.name}.", file=sys.stderr)
        return NOTHING_RECOGNISED
    for line in finding_lines(changes):
        print(line, file=sys.stderr)
    records = count(len(difference.changes), "changed record")
    done = f"{records} since {old.name}, marked"
    if difference.is_empty:
        done = f"nothing changed since {old.name}"
    elif changes.is_empty:
        done += " already"
    print(f"{target or new}: {done}")
    return 0


def _unmark(options: argparse.Namespace) -> int:
    from xlgov.report import count, finding_lines
    from xlgov.versions import unmark

    path = _file(options.file)
    target = _single_target(options.out, path)
    changes = unmark(
        path,
        target,
        all_red=options.all_red,
        backup=not options.no_backup,
        break_signature=options.break_signature,
    )
    for line in finding_lines(changes):
        print(line, file=sys.stderr)
    done = "no marks to take off" if changes.is_empty else count(len(changes.cells), "cell")
    print(f"{target or path}: {done}{'' if changes.is_empty else ' as before the marks'}")
    return 0


def _single_target(out: Path | None, path: Path) -> Path | None:
    """As ``_target``; refuses a target that is the file itself."""
    from xlgov.sources import Source, plan_targets

    if out is None:
        return None
    target = plan_targets([Source(path, Path(path.name))], out)[path]
    out.mkdir(parents=True, exist_ok=True)
    return target


def _init(options: argparse.Namespace) -> int:
    from xlgov.operations import init

    path = _file(options.file)
    target = _target(options.out, path)
    init(path, target)
    print(f"{target or path}: sheet 'xlgov' added; edit it in Excel, then refresh")
    return 0


def _target(out: Path | None, path: Path) -> Path | None:
    """The file of the same name in the folder ``out``, which is made; None without one."""
    if out is None:
        return None
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file; expected a folder. Name another.")
    out.mkdir(parents=True, exist_ok=True)
    return out / path.name


def _file(text: str) -> Path:
    path = Path(text)
    if path.is_dir():
        raise UsageError(f"{text} is a folder; name one workbook.")
    if not path.is_file():
        raise UsageError(f"no such file: {text}. Check the spelling; spaces need quotes.")
    return path
