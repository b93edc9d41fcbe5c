"""Peer figures in the three layouts, rates, means and ranks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.risk.fake import FakeWorkbook, Made
from tests.risk.registers import read_facts
from xlgov.kpi.peers import PeerFigures, Peers, find_peers
from xlgov.settings.values import IndicatorRule, Settings

OURS = "Cambridgeshire"
SETTINGS = Settings(force=OURS)
FORCES = [fact["force"] for fact in read_facts("most_similar_forces.csv")]
COUNTS = dict(zip([OURS, *FORCES], (90, 80, 70, 110, 60, 90, 130, 100), strict=True))
PEOPLE = dict(zip([OURS, *FORCES], (900, 1600, 1700, 600, 1100, 2300, 500, 700), strict=True))
MEAN = sum(COUNTS[force] for force in FORCES) / len(FORCES)


def pct(value: float) -> Made:
    return Made(value, format="0.0%")


def down(forces: Sequence[str] = (OURS, *FORCES), population: bool = False) -> list[list[Any]]:
    heads = ["Force", *(["Population"] if population else []), "All crime", "Outcome rate"]
    rows: list[list[Any]] = [["Peers"], heads]
    for force in forces:
        people = [PEOPLE[force] * 1000] if population else []
        rows.append([force, *people, COUNTS[force], pct(COUNTS[force] / 1000)])
    return rows


def across() -> list[list[Any]]:
    return [
        ["Indicator", OURS, *FORCES, "MSF average"],
        ["All crime", *COUNTS.values(), None],
        ["Outcome rate", *(pct(value / 1000) for value in COUNTS.values()), pct(0.1)],
    ]


def long() -> list[list[Any]]:
    rows: list[list[Any]] = [["Indicator", "Force", "Month", "Value"]]
    for force, count in COUNTS.items():
        rows.append(["All crime", force, "Feb-18", 1])
        rows.append(["All crime", force, "Mar-18", count])
        rows.append(["Outcome rate", force, "Mar-18", pct(count / 1000)])
    return rows


def peers(rows: Sequence[Sequence[Any]], settings: Settings = SETTINGS) -> Peers:
    return find_peers(FakeWorkbook({"MSF": rows}), settings)


def figures(rows: Sequence[Sequence[Any]], name: str = "All crime", **more: Any) -> PeerFigures:
    found = peers(rows).figures(name, **more)
    assert found is not None
    return found


@pytest.mark.parametrize("rows", [down(), across(), long()], ids=["down", "across", "long"])
def test_every_layout_gives_the_same_figures(rows: list[list[Any]]) -> None:
    found = peers(rows)
    assert (found.sheets, found.findings) == (("MSF",), [])
    crime = figures(rows)
    assert crime.own == 90
    assert crime.peers == tuple((force, COUNTS[force]) for force in FORCES)
    assert crime.mean == pytest.approx(MEAN)
    assert (crime.rank, crime.group_size) == (4, 8)  # 130, 110, 100, then 90 twice
    assert (crime.per_thousand, crime.in_percent) == (False, False)
    rate = figures(rows, "Outcome rate", counts=False)
    assert rate.in_percent
    assert rate.own == pytest.approx(0.09)


def test_a_printed_mean_goes_before_ours_and_is_no_force() -> None:
    rate = figures(across(), "Outcome rate", counts=False)
    assert rate.mean == pytest.approx(0.1)
    assert len(rate.peers) == 7
    rows = [*down(), ["Most similar group average", 85, None], ["National", 500, None]]
    crime = figures(rows)
    assert (crime.mean, crime.group_size) == (85, 8)


def test_the_nation_is_neither_a_peer_nor_their_mean() -> None:
    crime = figures([*down(), ["England and Wales", 5000, pct(0.1)]])
    assert crime.mean == pytest.approx(MEAN)
    assert crime.group_size == 8


def test_populations_make_rates_of_counts_only() -> None:
    rows = down(population=True)
    crime = figures(rows, counts=True)
    assert crime.per_thousand
    assert crime.own == pytest.approx(90 / 900)
    rates = [COUNTS[force] / PEOPLE[force] for force in FORCES]
    assert crime.mean == pytest.approx(sum(rates) / 7)
    assert crime.rank == 1 + sum(rate > 0.1 for rate in rates)
    assert not figures(rows, counts=False).per_thousand
    assert not figures(rows, "Outcome rate", counts=True).per_thousand


def test_one_missing_population_leaves_counts() -> None:
    rows = down(population=True)
    rows[5][1] = "n/a"
    assert not figures(rows).per_thousand


def test_populations_may_be_a_row() -> None:
    rows = across()
    rows.insert(1, ["Population (mid-2017)", *(1000 * n for n in PEOPLE.values()), None])
    found = figures(rows)
    assert found.per_thousand
    assert found.own == pytest.approx(0.1)


def test_missing_peers_are_left_out_and_too_few_are_said() -> None:
    rows = down()
    rows[3][2] = "n/a"
    rows[4][2] = None
    found = peers(rows)
    assert not found.findings
    rate = found.figures("Outcome rate", counts=False)
    assert rate is not None
    assert len(rate.peers) == 5
    for row in rows[3:8]:
        row[2] = "-"
    found = peers(rows)
    assert [(f.code, f.record, f.address) for f in found.findings] == [
        ("peers-unclear", "Outcome rate", "C2")
    ]
    rate = found.figures("Outcome rate", counts=False)
    assert rate is not None
    assert (rate.mean, rate.rank) == (None, None)


def test_a_force_that_nobody_named_is_asked_for_once() -> None:
    found = peers(down(), Settings())
    assert [finding.code for finding in found.findings] == ["peers-unclear"]
    assert "State force = Cambridgeshire" in found.findings[0].remedy
    assert found.figures("All crime") is None
    crime = peers([*down(), ["MSF average", 85, None]], Settings()).figures("All crime")
    assert crime is not None
    assert (crime.own, crime.peers, crime.mean, crime.rank) == (None, (), 85, None)


def test_a_force_spelled_otherwise_is_asked_for_with_the_nearest() -> None:
    found = peers(down(), Settings(force="Cambridgeshire Police"))
    assert [finding.code for finding in found.findings] == ["peers-unclear"]
    assert "the table has Cambridgeshire" in found.findings[0].message


def test_a_table_of_the_others_only_needs_no_own_row() -> None:
    found = peers(down(FORCES))
    assert not found.findings
    crime = found.figures("All crime")
    assert crime is not None
    assert (crime.own, crime.rank, crime.mean) == (None, None, pytest.approx(MEAN))


def test_own_name_tells_a_table_without_such_a_heading() -> None:
    rows = down()
    rows[1][0] = "Area"
    assert figures(rows).own == 90
    districts = [["Area", "All crime"], ["North", 1], ["South", 2], ["East", 3], ["West", 4]]
    assert find_peers(FakeWorkbook({"Areas": districts}), SETTINGS) == Peers(
        force=OURS, rules=SETTINGS.indicators
    )


def test_two_forces_are_no_group() -> None:
    assert not peers(down([OURS, FORCES[0]])).tables
    rows = [["Indicator", OURS, "England"], ["All crime", 3, 4], ["Fraud", 3, 4]]
    assert not peers(rows).tables


def test_other_names_of_an_indicator_are_found() -> None:
    rules = {"Police recorded crime": IndicatorRule(names=("All crime",))}
    found = peers(down(), Settings(force=OURS, indicators=rules))
    assert found.figures("Police recorded crime") is not None
    assert found.figures("ALL CRIMES") is not None
    assert found.figures("Fraud") is None


def test_ties_share_a_rank() -> None:
    rows = [["Force", "All crime"], [OURS, 5], ["A force", 5], ["B force", 7], ["C force", 1]]
    assert figures(rows).rank == 2
    assert str(figures(rows).place) == "MSF!B2"


def test_skipped_sheets_are_not_looked_at() -> None:
    workbook = FakeWorkbook({"MSF": down()})
    assert not find_peers(workbook, SETTINGS, skip=["MSF"]).tables
