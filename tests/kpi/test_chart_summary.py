"""The summary of control charts: one row per indicator."""

from typing import Any

import pytest

from xlgov.kpi.chart_summary import HEADINGS, ChartLine, list_charts
from xlgov.kpi.spc import xmr

USUAL = [10, 12] * 10  # mean 11, limits 11 - 5.32 and 11 + 5.32


def row_of(values: list[Any], **wanted: Any) -> dict[str, Any]:
    lines = [ChartLine("Burglary", "", "Mar-18", xmr(values, **wanted))]
    headings, row = list_charts(lines)
    return dict(zip(headings, row, strict=True))  # type: ignore[arg-type]  # headings are text


def test_a_row_has_the_latest_reading_the_lines_and_the_reason() -> None:
    row = row_of(USUAL, desired="down", target=20)
    assert tuple(row) == HEADINGS
    assert (row["Indicator"], row["Latest month"], row["Latest"]) == ("Burglary", "Mar-18", 12)
    assert (row["Mean"], row["Target"], row["Readings"]) == (11, 20, 20)
    assert (row["Lower limit"], row["Upper limit"]) == pytest.approx((5.68, 16.32))
    assert row["Why"] == (
        "The latest reading, 12, is common cause: usual variation around the mean of 11, between "
        "the limits 5.68 and 16.32; the target of 20 is above the limits 5.68 and 16.32, so "
        "consistently passing"
    )


@pytest.mark.parametrize(
    ("last", "desired", "shown"),
    [
        (40, "up", "▲ improvement"),
        (40, "down", "▲ concern"),
        (40, None, "▲ neutral high"),
        (-40, "up", "▼ concern"),
        (-40, "down", "▼ improvement"),
        (-40, None, "▼ neutral low"),
        (11, "up", "• common cause"),
    ],
)
def test_the_variation_icon_shows_the_side_and_the_word_its_meaning(
    last: float, desired: Any, shown: str
) -> None:
    assert row_of([*USUAL, last], desired=desired)["Variation"] == shown


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ({"desired": "up", "target": 5}, "√ passing"),
        ({"desired": "up", "target": 20}, "× failing"),
        ({"desired": "up", "target": 11}, "? hit and miss"),
        ({"desired": "up"}, "-"),
        ({"target": 11}, "-"),
    ],
)
def test_the_assurance_icon_shows_whether_the_target_is_met(
    wanted: dict[str, Any], shown: str
) -> None:
    assert row_of(USUAL, **wanted)["Assurance"] == shown


def test_an_indicator_without_readings_has_blanks_and_says_so() -> None:
    row = row_of([None, None], desired="up", target=3)
    assert (row["Variation"], row["Assurance"]) == ("n/a", "-")
    assert [row[h] for h in ("Latest", "Mean", "Lower limit", "Upper limit")] == [None] * 4
    assert (row["Readings"], row["Why"]) == (0, "There are no readings")


def test_themes_head_their_indicators_in_the_order_given() -> None:
    chart = xmr(USUAL)
    lines = [
        ChartLine("Burglary", "Crime", "Mar-18", chart),
        ChartLine("Robbery", "Crime", "Mar-18", chart),
        ChartLine("999 calls", "Contact", "Mar-18", chart),
        ChartLine("Sickness", "", "Mar-18", chart),
    ]
    rows = list_charts(lines)
    assert [row[0] for row in rows] == [
        *("Indicator", "Crime", "Burglary", "Robbery", "Contact", "999 calls", "Sickness")
    ]
    assert {len(row) for row in rows} == {len(HEADINGS)}
    assert set(rows[1][1:]) == {None}


def test_figures_stay_unrounded_while_the_sentence_has_the_unit() -> None:
    chart = xmr([1 / 3, 2 / 3] * 10, desired="up", target=0.5)
    line = ChartLine("Satisfied", "", "Mar-18", chart, 0.9, lambda figure: f"{figure:.1%}")
    row = dict(zip(HEADINGS, list_charts([line])[1], strict=True))
    assert (row["Latest"], row["Target"]) == (2 / 3, 0.9)
    assert str(row["Why"]).startswith("The latest reading, 66.7%, is common cause")
