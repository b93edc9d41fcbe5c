"""What the pages of a dashboard say against each other, as they are printed.

Why as printed and not as computed: these are the contradictions that a reader of the paper meets.
A refresh corrects most of them; the finding says what was wrong before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from math import inf, isclose
from typing import NamedTuple

from xlgov.changes import Finding
from xlgov.grid.cells import Value, is_blank
from xlgov.grid.sheet import Workbook
from xlgov.kpi.codes import make_finding
from xlgov.kpi.dashboard import Dashboard, Row
from xlgov.kpi.headings import Meaning
from xlgov.kpi.number_format import decimals, is_percent, rounded, show
from xlgov.kpi.period import APRIL, YEAR, Month


class Shown(NamedTuple):
    """What a cell shows: its value and its number format."""

    value: Value
    code: str

    def __str__(self) -> str:
        if isinstance(self.value, int | float) and not isinstance(self.value, bool):
            return show(self.value, self.code)
        return "nothing" if is_blank(self.value) else str(self.value).strip()

    @property
    def number(self) -> float | None:
        if isinstance(self.value, int | float) and not isinstance(self.value, bool):
            return self.value
        return None

    @property
    def as_shown(self) -> float:
        """Its number as the page has it: 82.5 also where the cell holds 0.825."""
        return (self.number or 0.0) * (100 if is_percent(self.code) else 1)


def shown_in(workbook: Workbook, dashboard: Dashboard, row: Row, meaning: Meaning) -> Shown:
    """What a row shows in one of its columns."""
    cell = dashboard.grids[row.sheet].cell(row.row, row.section.columns[meaning])
    return Shown(cell.value, workbook.number_format(cell.style))


def is_alike(one: Shown, other: Shown) -> bool:
    """Whether two cells show the same, as far as the coarser of them shows it."""
    if one.number is None or other.number is None:
        return str(one).casefold() == str(other).casefold()
    places = min(_places(one.code), _places(other.code))
    first, second = one.as_shown, other.as_shown
    if places == inf:
        return isclose(first, second, rel_tol=1e-9)
    return rounded(first, int(places)) == rounded(second, int(places))


def _places(code: str) -> float:
    """Decimals that a format shows; a General cell shows all it has."""
    places = decimals(code)
    return inf if places is None else places


def check_pages(
    workbook: Workbook, dashboard: Dashboard, rows_of: Mapping[str, Sequence[Row]]
) -> list[Finding]:
    """Where the summary and a page of detail show different things for one indicator."""
    findings = []
    for name, rows in rows_of.items():
        first, *others = rows
        for other in others:
            for meaning in first.section.columns:
                if meaning not in other.section.columns or meaning.holds == "label":
                    continue
                here = shown_in(workbook, dashboard, first, meaning)
                there = shown_in(workbook, dashboard, other, meaning)
                if is_alike(here, there) or is_blank(here.value) or is_blank(there.value):
                    continue
                findings.append(
                    make_finding(
                        "pages-disagree",
                        f"{meaning.title}: {first.sheet} shows {here}, {other.sheet} shows {there}",
                        record=name,
                        sheet=first.sheet,
                        address=first.address(meaning),
                        remedy="See which one is right; a refresh gives both what the readings say",
                        related=(f"{other.sheet}!{other.address(meaning)}",),
                    )
                )
    return findings


def check_year_end(
    workbook: Workbook,
    dashboard: Dashboard,
    rows_of: Mapping[str, Sequence[Row]],
    months: Mapping[str, Month],
    start: int = APRIL,
    fixed: Collection[str] = (),
) -> list[Finding]:
    """Year to date and rolling 12 months are one figure in the last month of a financial year.

    ``fixed`` are the indicators whose baseline is a figure stated in the settings: there the office
    has decided, and a difference is worth knowing and no error.
    """
    findings = []
    pairs = (
        (Meaning("fytd"), Meaning("rolling")),
        (Meaning("fytd", 1), Meaning("rolling", 1)),
        (Meaning("fytd", 1), Meaning("baseline")),
    )
    for name, rows in rows_of.items():
        if months[name].plus(1).month != start:
            continue
        said: set[tuple[str, str]] = set()
        for row in rows:
            for one, other in pairs:
                columns = row.section.columns
                if one not in columns or other not in columns:
                    continue
                here = shown_in(workbook, dashboard, row, one)
                there = shown_in(workbook, dashboard, row, other)
                if here.number is None or there.number is None or is_alike(here, there):
                    continue
                if (one.title, other.title) in said:
                    continue  # the page of detail repeats it
                said.add((one.title, other.title))
                findings.append(
                    make_finding(
                        "baseline-differs"
                        if name in fixed and other == Meaning("baseline")
                        else "year-end-disagrees",
                        f"{one.title} shows {here}, {other.title} {there}; in {months[name]} "
                        f"both are the same {YEAR} months",
                        record=name,
                        sheet=row.sheet,
                        address=row.address(other),
                        remedy="Correct the one that is wrong",
                        related=(f"{row.sheet}!{row.address(one)}",),
                    )
                )
    return findings


def check_detail(dashboard: Dashboard, rows_of: Mapping[str, Sequence[Row]]) -> list[Finding]:
    """Indicators of the summary that have no page of detail, where most others have one."""
    summary = summary_sheet(dashboard)
    shown = {
        name: rows for name, rows in rows_of.items() if any(row.sheet == summary for row in rows)
    }
    without = [name for name, rows in shown.items() if all(row.sheet == summary for row in rows)]
    if not without or len(without) * 2 >= len(shown):
        return []
    return [
        make_finding(
            "detail-missing",
            "no page of detail has it",
            record=name,
            sheet=summary,
            address=_first_on(summary, shown[name]),
            remedy="Add one, or accept that it has none",
        )
        for name in without
    ]


def _first_on(sheet: str, rows: Iterable[Row]) -> str:
    row = next(row for row in rows if row.sheet == sheet)
    return row.address(min(row.section.columns, key=lambda each: row.section.columns[each]))


def summary_sheet(dashboard: Dashboard) -> str:
    """The sheet with the most rows; the first of those that are even."""
    counts: dict[str, int] = {}
    for row in dashboard.rows():
        counts[row.sheet] = counts.get(row.sheet, 0) + 1
    return max(counts, key=lambda sheet: counts[sheet], default="")
