"""Every published figure is computed anew from the sample's monthly readings, as it was printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ShowTable
from tests.kpi.recomputed import (
    LETTERS,
    SUMMARY,
    Recomputed,
    address_of,
    as_printed,
    read_cells,
    recompute,
    rows_of,
    spoil,
)
from tests.workbooks.dashboard_cells import FIGURES, SHEETS, published

DOMESTIC_ABUSE = "Satisfaction with Service Delivery - Domestic Abuse"

# Why a figure is not as printed. A miss that is not here fails, and so does one here that is none.
EXPLAINED = {
    (DOMESTIC_ABUSE, "rolling12"): (
        "in March these are the twelve months of FYTD, printed as 85.7%; the readings follow FYTD"
    ),
    ("Sickness - Police Officer", "rolling12"): (
        "in March these are the twelve months of FYTD, printed as 9.1; the readings follow FYTD"
    ),
    ("Sickness - Police Staff", "rolling12"): (
        "in March these are the twelve months of FYTD, printed as 9.9; the readings follow FYTD"
    ),
}


def missed(result: Recomputed) -> dict[tuple[str, str], tuple[str, str]]:
    """Printed and computed, where they differ, by indicator and column; all cells are compared."""
    found = {}
    for row in published():
        for column in FIGURES:
            got = as_printed(result.figure(row["indicator"], column), row[column])
            if got != row[column]:
                found[row["indicator"], column] = (row[column], got)
    return found


def test_every_published_figure_is_recomputed_as_printed_or_the_miss_is_explained(
    recomputed: Recomputed, show_table: ShowTable
) -> None:
    misses = missed(recomputed)
    lines = [f"{'column':<14}{'printed':>8}{'matched':>8}{'missed':>8}{'n/a':>6}{'-':>4}"]
    counted: list[tuple[int, ...]] = []
    for column in FIGURES:
        cells = [row[column] for row in published()]
        numbers = [cell for cell in cells if cell not in ("n/a", "-")]
        wrong = sum(1 for _, of in misses if of == column)
        counts = (len(numbers), len(numbers) - wrong, wrong, cells.count("n/a"), cells.count("-"))
        counted.append(counts)
        lines.append(_row(column, counts))
    total = tuple(sum(column) for column in zip(*counted, strict=True))
    lines.append(_row("all", total))
    lines += [
        f"  {name}, {column}: printed {printed}, computed {got}; "
        f"{EXPLAINED.get((name, column), 'NOT EXPLAINED')}"
        for (name, column), (printed, got) in misses.items()
    ]
    show_table("published figures, all spoiled and computed anew from the readings", lines)
    assert set(misses) == set(EXPLAINED)
    assert total == (319, 316, 3, 11, 6)


def _row(name: str, counts: tuple[int, ...]) -> str:
    return f"{name:<14}" + "".join(
        f"{count:>{width}}" for count, width in zip(counts, (8, 8, 8, 6, 4), strict=True)
    )


def test_the_spoiled_workbook_shows_none_of_the_published_figures(tmp_path: Path) -> None:
    spoil(tmp_path / "spoiled.xlsx", "n/a")
    cells = read_cells(tmp_path / "spoiled.xlsx", SUMMARY)[SUMMARY]
    for row in published():
        for column in FIGURES:
            expected = "-" if row[column] == "-" else "n/a"
            assert cells[address_of(cells, row["indicator"], column)] == expected


def test_what_stood_in_a_cell_before_makes_no_difference(
    recomputed: Recomputed, tmp_path: Path
) -> None:
    """Old numbers give way too, also where there is no value: those become n/a."""
    from_ones = recompute(tmp_path, 1)
    assert from_ones.spoiled == recomputed.spoiled == 796
    assert from_ones.cells == recomputed.cells


def test_the_pages_of_detail_agree_with_the_summary_after_a_refresh(
    recomputed: Recomputed,
) -> None:
    compared = 0
    for sheet in SHEETS:
        for row in rows_of(recomputed.cells[sheet]):
            if row[0] is None or row[0] == "Indicator" or row[1] is None:
                continue
            for column, letter in LETTERS.items():
                if column != "msf":
                    assert row[ord(letter) - ord("A")] == recomputed.figure(row[0], column)
            compared += 1
    assert compared == 33


@pytest.mark.parametrize(
    ("value", "printed", "expected"),
    [
        (0.0625, "0.0%", "6.3%"),
        (0.2835, "0.0%", "28.4%"),
        (14.5, "15", "15"),
        (1028.5, "1,029", "1,029"),
        (9.949999, "9.9", "9.9"),
        (12, "0.0%", "1,200.0%"),
        ("n/a", "0.0%", "n/a"),
    ],
)
def test_figures_are_rounded_half_away_from_zero(
    value: float | str, printed: str, expected: str
) -> None:
    assert as_printed(value, printed) == expected
