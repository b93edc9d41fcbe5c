"""The sample dashboard: every published figure follows from its own months, read cell by cell.

Plain arithmetic and openpyxl only: neither the package under test nor the modules that made the
workbook take part in a recalculation.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.workbooks.dashboard_cells import (
    FIGURES,
    ROOT,
    SHEETS,
    Months,
    Reading,
    month,
    open_book,
    published,
    readings,
    settings,
    shown,
)

DOMESTIC_ABUSE = "Satisfaction with Service Delivery - Domestic Abuse"

# The printed figures that the months do not give: each contradicts another printed figure of the
# same twelve months. Indicator, column, printed, and what the months give.
DIFFERENT = {
    (DOMESTIC_ABUSE, "rolling12", "84.8%", "85.7%"),
    ("Sickness - Police Officer", "rolling12", "9.4", "9.1"),
    ("Sickness - Police Staff", "rolling12", "10.0", "9.9"),
}
FIXED = {
    DOMESTIC_ABUSE: 85.2,
    "999 calls answered within 10 seconds": 95.1,
    "Sickness - Police Officer": 9.4,
}


def window(column: str, end: int) -> range:
    """The months of a figure, where the year begins in April."""
    year = end - (end - 3) % 12
    years = {"current": 0, "minus1yr": 1, "minus2yr": 2, "minus3yr": 3}
    if column in years:
        return range(end - 12 * years[column], end - 12 * years[column] + 1)
    return {
        "fytd": range(year, end + 1),
        "fytd_minus1": range(year - 12, end - 11),
        "rolling12": range(end - 11, end + 1),
        "baseline": range(year - 12, year),
    }[column]


def combine(months: Months, how: str, over: range) -> Fraction | None:
    """A window's figure; None unless every month has a reading."""
    if how == "latest":
        return months[over[-1]].value if over[-1] in months else None
    if any(when not in months for when in over):
        return None
    total = sum((months[when].value for when in over), Fraction())
    if how == "ratio":
        return total / sum(months[when].denominator or 0 for when in over)
    return total / len(over) if how == "mean" else total


def test_every_published_figure_follows_from_the_months_but_for_three(
    capsys: pytest.CaptureFixture[str],
) -> None:
    matched: dict[str, int] = dict.fromkeys(FIGURES, 0)
    different = set()
    for row in published():
        name, end = row["indicator"], month(row["period_end"])
        stated = settings()[name]
        for column in FIGURES:
            if row[column] == "-":
                continue
            got = combine(readings()[name], stated["Combine"], window(column, end))
            if row[column] == "n/a":
                assert got is None, (name, column)
                continue
            if column == "baseline" and stated["Fixed baseline"] is not None:
                per = 100 if stated["Unit"] == "percent" else 1
                got = Fraction(str(stated["Fixed baseline"])) / per
            assert got is not None, (name, column)
            if shown(got, row[column]) == row[column]:
                matched[column] += 1
            else:
                different.add((name, column, row[column], shown(got, row[column])))
    with capsys.disabled():
        print(f"\npublished figures that follow from the sample's months: {matched}")
        for name, column, printed, got in sorted(different):
            print(f"  differs: {name}, {column}: printed {printed}, the months give {got}")
    assert different == DIFFERENT
    assert sum(matched.values()) == sum(
        row[column] not in ("-", "n/a") for row in published() for column in FIGURES
    ) - len(DIFFERENT)


def test_the_three_fixed_baselines_contradict_the_year_before() -> None:
    stated = {n: r["Fixed baseline"] for n, r in settings().items() if r["Fixed baseline"]}
    assert stated == FIXED
    for row in published():
        if row["indicator"] in FIXED:
            assert row["baseline"] != row["fytd_minus1"]


def test_windows_and_pooling_by_hand() -> None:
    march = month("Mar-18")
    assert (window("fytd", march), window("rolling12", march)) == (
        range(march - 11, march + 1),
    ) * 2
    june = month("Jun-17")
    assert len(window("fytd", june)) == 3
    assert window("baseline", june)[0] == month("Apr-16")
    months = {0: Reading(Fraction(1), 2, ("", "")), 1: Reading(Fraction(9), 10, ("", ""))}
    assert combine(months, "ratio", range(2)) == Fraction(10, 12)
    assert combine(months, "mean", range(2)) == 5
    assert combine(months, "sum", range(3)) is None
    assert shown(Fraction(97, 139), "0.0%") == "69.8%"


def test_months_are_whole_and_without_gaps_and_no_numerator_is_above_its_denominator() -> None:
    for row in published():
        name, months = row["indicator"], readings()[row["indicator"]]
        assert sorted(months) == list(range(min(months), month(row["period_end"]) + 1))
        begins = {"minus2yr": "Apr-16", "minus3yr": "Apr-15"}
        missing = [begins[c] for c in begins if row[c] == "n/a"]
        assert min(months) == month(missing[0] if missing else "Jul-13")
        places = {"days": 100, "minutes": 10}.get(row["unit"], 1)
        for reading in months.values():
            assert (reading.value * places).denominator == 1, name
            if reading.denominator is not None:
                assert 0 <= reading.value <= reading.denominator
                assert isinstance(reading.denominator, int)


def test_outcome_rates_are_of_the_recorded_crimes() -> None:
    assert readings()["Burglary Dwelling Outcome Rate"][month("Mar-18")][:2] == (97, 139)
    for rate, crime in (
        ("All Crime Outcome Rate", "All Recorded Crime"),
        ("Burglary Dwelling Outcome Rate", "Burglary Dwelling"),
        ("Domestic Abuse Outcome Rate", "Domestic Abuse"),
        ("Serious Sexual Offences Outcome Rate", "Serious Sexual Offences"),
        ("Cyber Crime Outcome Rate", "Cyber crime"),
        ("Hate Crime Outcome Rate", "Hate Crime"),
    ):
        recorded = {when: r.value for when, r in readings()[crime].items()}
        assert {when: r.denominator for when, r in readings()[rate].items()} == recorded


def test_effective_cracked_and_ineffective_trials_are_all_trials() -> None:
    kinds = [readings()[f"{kind} Trial rate"] for kind in ("Effective", "Cracked", "Ineffective")]
    for when in kinds[0]:
        trials = {kind[when].denominator for kind in kinds}
        assert trials == {sum(kind[when].value for kind in kinds)}
        assert all(60 <= (number or 0) <= 150 for number in trials)


def test_all_crime_is_more_than_its_parts_together() -> None:
    parts = ("Violence with Injury", "Violence without Injury", "Burglary Dwelling")
    parts += ("Serious Sexual Offences", "Drugs Offences")
    for when, total in readings()["All Recorded Crime"].items():
        assert total.value > sum(readings()[part][when].value for part in parts)


def test_the_missing_survey_of_march_2018_has_numerator_0() -> None:
    reading = readings()[DOMESTIC_ABUSE][month("Mar-18")]
    assert (reading.value, reading.denominator) == (0, 12)


def test_an_invented_month_is_never_0_nor_far_from_the_months_around_it() -> None:
    """Printed months may be; the invented ones are no news."""
    for row in published():
        name, end = row["indicator"], month(row["period_end"])
        months = readings()[name]
        printed = {end - 12 * years for years in range(4)}
        rates = {w: float(r.value / (r.denominator or 1)) for w, r in months.items()}
        for when, rate in rates.items():
            near = [rates[w] for w in range(when - 6, when + 7) if w in rates and w not in printed]
            if when in printed or name == "Perception of high ASB":
                continue
            assert rate > 0, name
            middle = sum(near) / len(near)
            spread = (sum((n - middle) ** 2 for n in near) / (len(near) - 1)) ** 0.5
            assert abs(rate - middle) <= 3 * spread, (name, when)


@pytest.fixture
def makers() -> Iterator[None]:
    """The modules that make the sample can be imported."""
    sys.path.insert(0, str(ROOT / "workbooks"))
    try:
        yield
    finally:
        sys.path.remove(str(ROOT / "workbooks"))


def test_no_published_judgement_has_a_part_in_the_months(
    makers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    module: Any = importlib.import_module("kpi_readings")
    before = module.make_readings()
    blind = [
        replace(i, printed={f: t if f in FIGURES else "" for f, t in i.printed.items()})
        for i in module.read_indicators()
    ]
    monkeypatch.setattr(module, "read_indicators", lambda: blind)
    after = module.make_readings()
    for name, made in before.items():
        assert (after[name].values, after[name].denominators) == (made.values, made.denominators)


def test_the_workbook_has_the_same_bytes_each_time(makers: None, tmp_path: Path) -> None:
    make: Any = importlib.import_module("kpi_dashboard").make_dashboard
    for name in ("one.xlsx", "two.xlsx"):
        make(tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_every_readings_sheet_says_first_that_its_months_are_illustrative() -> None:
    for name in SHEETS:
        assert str(open_book()[f"{name} data"]["A1"].value).startswith("Illustrative: the months")
