"""The commands and their options, and how their texts are read.

Why the commands' own modules are named as text: each is imported when it runs, so that ``--help``
and a refresh load no more than they need.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path


def make_parser() -> argparse.ArgumentParser:
    from xlgov import __version__

    parser = argparse.ArgumentParser(
        prog="xlgov",
        description="Keeps a governance office's own Excel workbooks right; loses nothing in them.",
    )
    parser.add_argument("--version", action="version", version=f"xlgov {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    refresh = _command(commands, "refresh", "books", "recalculate and format in place")
    _add_paths(refresh)
    refresh.add_argument("--out", metavar="DIR", help="write there, leave the source")
    refresh.add_argument("--dry-run", action="store_true", help="show, write nothing")
    refresh.add_argument("--no-backup", action="store_true", help="keep no copy from before")
    shared = refresh.add_mutually_exclusive_group()
    shared.add_argument("--jobs", type=_positive, default=1, metavar="N", help="processes")
    shared.add_argument("--dask", metavar="ADDRESS", help="share the work over a Dask cluster")
    refresh.add_argument(
        "--break-signature", action="store_true", help="change a digitally signed file all the same"
    )
    refresh.add_argument("--log", type=Path, metavar="FILE", help="add the run's record to this")
    refresh.add_argument(
        "--resume", action="store_true", help="pass by what --log says is done and unchanged"
    )
    refresh.add_argument("--report", type=Path, metavar="FILE", help="write a page of the run")
    refresh.add_argument(
        "--since", metavar="OLDER", help="older versions: a folder, file or log, to say since when"
    )
    refresh.add_argument(
        "--update-formulas",
        action="store_true",
        help="also bring up to date what formulas show, computed by LibreOffice",
    )
    _add_judging(refresh, default="never")
    _add_extras(refresh)

    preview = _command(commands, "preview", "books", "show what refresh would do")
    _add_paths(preview)
    _add_judging(preview, default="never")
    _add_extras(preview)

    check = _command(commands, "check", "books", "show findings only")
    _add_paths(check)
    check.add_argument("--jobs", type=_positive, default=1, metavar="N", help="processes")
    _add_judging(check, default="error")

    read = _command(commands, "read", "records", "show the records as tables")
    read.add_argument("file", metavar="FILE")
    read.add_argument("--csv", type=Path, metavar="DIR", help="write one CSV file per kind")
    read.add_argument("--json", action="store_true", help="print JSON")

    diff = _command(commands, "diff", "versions", "show what changed between two versions")
    diff.add_argument("old", metavar="OLD")
    diff.add_argument("new", metavar="NEW")
    told = diff.add_mutually_exclusive_group()
    told.add_argument("--json", action="store_true", help="print one JSON document")
    told.add_argument("--paper", action="store_true", help="print sentences for a covering paper")
    diff.add_argument(
        "--out", type=Path, metavar="DIR", help="write a copy of NEW there with a list of changes"
    )

    mark = _command(
        commands, "mark", "versions", "mark what changed since an older version, in red"
    )
    mark.add_argument("new", metavar="NEW")
    mark.add_argument("--since", required=True, metavar="OLD", help="the version to compare with")
    _add_target(mark)

    unmark = _command(commands, "unmark", "versions", "take those marks off again")
    unmark.add_argument("file", metavar="FILE")
    unmark.add_argument(
        "--all-red", action="store_true", help="all red words in registers, also those by hand"
    )
    _add_target(unmark)

    init = _command(commands, "init", "records", "add the settings sheet")
    init.add_argument("file", metavar="FILE")
    init.add_argument("--out", type=Path, metavar="DIR", help="write there, leave the source")

    log = _command(commands, "log", "log", "say who changed what, and when")
    log.add_argument(
        "words", nargs="+", metavar="LOG [WORD]", help="logs or folders of them, then a question"
    )
    log.add_argument("--record", default="", metavar="REF", help="reference of a record")
    log.add_argument("--measure", default="", help="such as rating")
    log.add_argument("--assessment", default="", help="inherent, current or future")
    log.add_argument("--since", type=_day, metavar="DATE", help="from this day (YYYY-MM-DD)")
    log.add_argument("--until", type=_day, metavar="DATE", help="up to this day")
    log.add_argument("--file", default="", metavar="NAME", help="the end of a workbook's path")
    log.add_argument(
        "--by-hand", action="store_true", help="only what people did between runs, as far as told"
    )
    log.add_argument("--json", action="store_true", help="print JSON")

    addin = _command(commands, "addin", "macros", "make xlgov.xlam, the ribbon add-in for Excel")
    addin.add_argument("--out", type=Path, metavar="DIR", required=True, help="write there")

    button = _command(commands, "button", "macros", "make FILE.xlsm with a button in it")
    button.add_argument("file", metavar="FILE")
    button.add_argument("--out", type=Path, metavar="DIR", help="write there, not beside FILE")

    doctor = _command(commands, "doctor", "macros", "say what would stop the button on this PC")
    doctor.add_argument("file", metavar="FILE", nargs="?", help="a workbook with a button")
    doctor.add_argument("--json", action="store_true", help="print one JSON document")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    home: str,
    words: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=words, description=words.capitalize() + ".")
    parser.set_defaults(run=_runner(home, name))
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
    parser.add_argument("paths", nargs="+", metavar="PATH", help="workbook, folder, glob or URL")
    for name, what in (("include", "only"), ("exclude", "not")):
        parser.add_argument(
            f"--{name}",
            action="append",
            default=[],
            metavar="GLOB",
            help=f"{what} workbooks whose place in a folder is so (repeatable)",
        )


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
    parser.add_argument(
        "--write",
        choices=("values", "formulas"),
        default="values",
        help="ratings as values, or as formulas on the settings sheet's matrix",
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


def _runner(home: str, name: str) -> Callable[[argparse.Namespace], int]:
    """The function of a command's name in its module, imported when it is called."""

    def run(options: argparse.Namespace) -> int:
        code: int = getattr(import_module(f"xlgov.cli.{home}"), name)(options)
        return code

    return run
