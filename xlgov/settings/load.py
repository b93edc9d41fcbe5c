"""What is stated about a workbook, nearest source first, and the as-of date that follows from it.

Why one error for all problems: whoever edits settings wants the whole list, not one round per
mistake. Each problem names its cell or line, since the two sources look the same from outside. Why
what reads them is imported inside: most workbooks have neither source, and a run over one small
workbook is mostly its start.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from xlgov.errors import SettingsError
from xlgov.grid.sheet import Workbook
from xlgov.settings.values import SETTINGS_FILE, SETTINGS_SHEET, Settings, settings_sheet_name

if TYPE_CHECKING:
    from xlgov.settings.statement import Statement


def load_settings(
    workbook: Workbook,
    path: str | Path | None,
    *,
    fields: Collection[str] | None = None,
    findings: Collection[str] | None = None,
) -> Settings:
    """What an office states about a workbook: its sheet ``xlgov``, then ``xlgov.toml`` beside it.

    Nearest wins key by key; colours, words and columns entry by entry; the rules of indicators and
    themes field by field, by name; accepted findings of both count. What neither states is None or
    empty. ``path`` is the workbook's file; None (a book that was never saved) reads the sheet only.
    Where ``fields`` and ``findings`` are given, a column mapping and an accepted finding must name
    one of them.

    Raises SettingsError with every problem at once, a line each, naming its cell or line.
    """
    if settings_sheet_name(workbook) is None and not _is_beside(path):
        return Settings()
    from xlgov.settings import merged
    from xlgov.settings.file import read_file
    from xlgov.settings.sheet import read_sheet

    from_file: tuple[Statement, ...] = ()
    if path is not None:
        book = Path(path)
        from_file = read_file(book.parent / SETTINGS_FILE, book.name)
    stated = (s.values["day_first"] for s in from_file if "day_first" in s.values)
    from_sheet = read_sheet(workbook, next(stated, True))
    statements = (*([from_sheet] if from_sheet else ()), *from_file)
    settings = merged.merge_statements(statements)
    problems = [problem for statement in statements for problem in statement.problems]
    problems.extend(merged.judge_settings(settings))
    if fields is not None:
        problems.extend(merged.unknown_fields(settings, fields))
    if findings is not None:
        problems.extend(merged.unknown_findings(settings, findings))
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


def _is_beside(path: str | Path | None) -> bool:
    """Whether an ``xlgov.toml`` may be beside a workbook: whatever stands there is to be read."""
    if path is None:
        return False
    try:
        (Path(path).parent / SETTINGS_FILE).lstat()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True


def resolve_as_of(
    option: date | None, settings: Settings, printed: tuple[date, str] | None, today: date
) -> tuple[date, str]:
    """The as-of date and where it came from, nearest first.

    ``option`` is ``--as-of``; ``printed`` is what ``grid.asof.printed_as_of`` found. A date on the
    workbook's settings sheet, or in a Settings made by hand, goes before a printed one; a date in
    ``xlgov.toml`` goes after it.

    >>> stated = Settings(as_of=date(2017, 2, 6), sources={"as_of": "xlgov.toml line 1"})
    >>> resolve_as_of(None, stated, None, date(2024, 5, 1))
    (datetime.date(2017, 2, 6), 'from xlgov.toml')
    """
    if option is not None:
        return option, "from --as-of"
    source = settings.sources.get("as_of", "")
    if settings.as_of is not None and not source.startswith(SETTINGS_FILE):
        return settings.as_of, f"from the {SETTINGS_SHEET} sheet" if source else "from the settings"
    if printed is not None:
        return printed[0], f"from {printed[1]}"
    if settings.as_of is not None:
        return settings.as_of, f"from {SETTINGS_FILE}"
    return today, "today"
