"""Why each comparison came out as it did: a sheet of our own, or cell notes, on request.

Why not beside the figures: nothing of ours stands on a page that prints. The sheet has the change
as a number and per cent, since those are what a covering paper quotes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from xlgov.changes import NewValue, NoteChange, SheetChange, StyleChange
from xlgov.grid.cells import address
from xlgov.kpi.chart_summary import ChartLine, list_charts
from xlgov.kpi.computation import Computation
from xlgov.kpi.dashboard import Row
from xlgov.kpi.headings import Meaning
from xlgov.kpi.indicator import Indicator
from xlgov.kpi.verdict import judge

REASONS_SHEET = "xlgov reasons"
CHARTS_SHEET = "xlgov charts"

_HEADINGS = (
    "Indicator",
    "Theme",
    "Column",
    "Month",
    "Outcome",
    "Better or worse",
    "Significant",
    "Figure",
    "Compared with",
    "Change",
    "Change %",
    "Cell",
    "Why",
)
_WIDTHS = (44.0, 16.0, 24.0, 10.0, 13.0, 15.0, 12.0, 12.0, 14.0, 12.0, 11.0, 30.0, 150.0)
_FIGURES = (8, 9, 10)  # columns in the indicator's unit
_SHARE = 11
_CHART_WIDTHS = (44.0, 22.0, 20.0, 12.0, 12.0, 12.0, 12.0, 12.0, 12.0, 10.0, 110.0)
_CHART_FIGURES = (5, 6, 7, 8, 9)


class Reason(NamedTuple):
    """One comparison of one indicator, and the cell that shows it."""

    row: Row
    meaning: Meaning
    computation: Computation

    @property
    def cell(self) -> str:
        return f"{self.row.sheet}!{self.row.address(self.meaning)}"


Page = tuple[SheetChange, list[StyleChange]]


def reasons_page(reasons: Iterable[Reason]) -> Page:
    """The sheet of reasons: a row per comparison that was decided, or could not be.

    A comparison that stands on several pages is one row with all its cells.
    """
    shown: dict[tuple[int, Meaning], list[Reason]] = {}
    for each in reasons:
        shown.setdefault((id(each.computation), each.meaning), []).append(each)
    rows: list[Sequence[NewValue]] = [_HEADINGS]
    styles = [_bold(REASONS_SHEET, column) for column in range(1, len(_HEADINGS) + 1)]
    for group in shown.values():
        why = group[0].computation.result(group[0].meaning).reason
        rows.append((*_line(group[0]), ", ".join(each.cell for each in group), why))
        code = _number_format_of(group[0])
        styles += [_shown(REASONS_SHEET, len(rows), column, code) for column in _FIGURES]
        styles.append(_shown(REASONS_SHEET, len(rows), _SHARE, "0.0%"))
    return SheetChange(REASONS_SHEET, tuple(rows), widths=_WIDTHS, frozen=1), styles


def _line(reason: Reason) -> tuple[NewValue, ...]:
    computation, meaning = reason.computation, reason.meaning
    result, indicator = computation.result(meaning), computation.indicator
    theme = reason.row.theme or indicator.theme or None
    outcome = result.outcome
    decided: tuple[NewValue, ...] = (None,) * 7
    if outcome is not None and outcome.verdict is not None:
        decided = (
            outcome.verdict,
            judge(outcome, indicator.direction),
            "yes" if computation.is_significant(meaning) else None,
            outcome.current,
            outcome.comparator,
            outcome.change,
            outcome.change_share,
        )
    month = str(computation.month)
    return (reason.row.label, theme, meaning.title, month, *decided)


def reason_notes(reasons: Iterable[Reason]) -> list[NoteChange]:
    """The same sentences as notes on the comparison cells."""
    return [
        NoteChange(
            each.row.sheet,
            each.row.address(each.meaning),
            _sentence(each.computation.result(each.meaning).reason),
        )
        for each in reasons
    ]


def charts_page(computations: Iterable[Computation]) -> Page:
    """The sheet of control charts: a row per indicator that has a reading."""
    lines, codes = [], []
    for each in computations:
        if not any(month <= each.month for month in each.series.readings):
            continue
        lines.append(
            ChartLine(
                each.indicator.name,
                each.indicator.theme,
                str(each.month),
                each.chart(),
                each.indicator.target,
                each.indicator.show_average,
            )
        )
        codes.append(number_format(each.indicator, averaged=True))
    rows = list_charts(lines)
    styles = [_bold(CHARTS_SHEET, column) for column in range(1, len(rows[0]) + 1)]
    # A theme has a row of its own, with nothing but its name.
    places = [place for place, row in enumerate(rows, start=1) if row[1] is not None][1:]
    for place, code in zip(places, codes, strict=True):
        styles += [_shown(CHARTS_SHEET, place, column, code) for column in _CHART_FIGURES]
    return SheetChange(CHARTS_SHEET, tuple(rows), widths=_CHART_WIDTHS, frozen=1), styles


def number_format(indicator: Indicator, *, averaged: bool = False) -> str:
    """A number format for figures of the indicator; with a decimal more for averages of counts."""
    places = indicator.decimals
    if indicator.is_percent:
        places = 1 if places is None else places
        return f"0.{'0' * places}%" if places else "0%"
    places = (places or 0) + (1 if averaged else 0)
    return f"#,##0.{'0' * places}" if places else "#,##0"


def _number_format_of(reason: Reason) -> str:
    """The format of a comparison's figures: peers may be compared by rates per 1,000."""
    peers = reason.computation.peers
    if reason.meaning.measure == "peers" and peers is not None and peers.per_thousand:
        return "#,##0.00"
    return number_format(reason.computation.indicator)


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}."


def _bold(sheet: str, column: int) -> StyleChange:
    return StyleChange(sheet, address(1, column), bold=True)


def _shown(sheet: str, row: int, column: int, code: str) -> StyleChange:
    return StyleChange(sheet, address(row, column), number_format=code)
