"""Every register, tracker and table of the papers: where its sample is, and what becomes of it.

``tests/facts/inventory.csv`` has a row for each, with the sample's sheet or the reason why there
is none.
"""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

import xlgov
from tests.conftest import ShowTable
from xlgov import ChangeSet
from xlgov.changes import Report

ROOT = Path(__file__).parents[2]
WORKBOOKS = ROOT / "workbooks"
LEFT_OUT = {"narrative", "timetable", "count", "list"}  # kinds of things that are no register


class Thing(NamedTuple):
    name: str
    kind: str
    sample: str
    left_out: str


def read_inventory() -> list[Thing]:
    with (ROOT / "tests" / "facts" / "inventory.csv").open(encoding="utf-8", newline="") as file:
        return [Thing(**row) for row in csv.DictReader(file)]


INVENTORY = read_inventory()
SAMPLES = [thing for thing in INVENTORY if thing.sample]


@cache
def preview(name: str) -> ChangeSet:
    return xlgov.preview(WORKBOOKS / name)


def recognised_as(sample: str) -> str:
    """What the sheet of a sample is read as; "" where nothing says so."""
    name, _, sheet = sample.partition("!")
    for report in preview(name).reports:
        line = next((each for each in said(report) if mentions(each, sheet)), "")
        if sheet in report.sheets or line:
            return f"{report.title}: {line}" if line else report.title
    return ""


def said(report: Report) -> list[str]:
    return [each for each in (*report.recognised, *report.remarks) if not each.startswith(" ")]


def mentions(line: str, sheet: str) -> bool:
    return line.startswith((f"{sheet} is read as", f"{sheet} has")) or f" {sheet}!" in line


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Counter[str]:
    """The cells that a refresh changed on each sheet; a second one has changed no byte."""
    folder = tmp_path_factory.mktemp("inventory")
    shutil.copy(WORKBOOKS / "xlgov.toml", folder)
    names = {thing.sample.partition("!")[0] for thing in SAMPLES}
    for name in names:
        shutil.copy(WORKBOOKS / name, folder)
    done: Counter[str] = Counter()
    for name in sorted(names):
        first = xlgov.refresh(folder / name, backup=False)
        once = (folder / name).read_bytes()
        again = xlgov.refresh(folder / name, backup=False)
        assert again.is_empty
        assert (folder / name).read_bytes() == once
        done.update(f"{name}!{cell.sheet}" for cell in first.cells)
    return done


def test_the_inventory_says_of_each_thing_where_it_is_or_why_not() -> None:
    assert len(INVENTORY) == len({thing.name for thing in INVENTORY}) == 44
    for thing in INVENTORY:
        assert bool(thing.sample) != bool(thing.left_out), thing.name
        if thing.left_out:
            assert thing.kind in LEFT_OUT, thing.name
    assert {thing.sample.partition("!")[0] for thing in SAMPLES} == {
        path.name for path in WORKBOOKS.glob("*.xlsx")
    }


@pytest.mark.parametrize("thing", SAMPLES, ids=lambda thing: thing.name)
def test_the_sample_of_each_thing_is_recognised(thing: Thing) -> None:
    assert recognised_as(thing.sample)


def test_a_sheet_that_is_not_in_the_workbook_is_not_recognised() -> None:
    assert recognised_as("strategic-risk-register.xlsx!Register of interests") == ""
    assert recognised_as("finance-and-workforce.xlsx!xlgov") == ""


def test_a_table_of_all_of_them(refreshed: Counter[str], show_table: ShowTable) -> None:
    lines = [f"{len(SAMPLES)} with a sample, {len(INVENTORY) - len(SAMPLES)} left out; "]
    lines[0] += "cells that a refresh changed, and none by a second one"
    for thing in INVENTORY:
        if thing.left_out:
            lines.append(f"{thing.name:<47.47} left out: {thing.left_out}")
            continue
        name, _, sheet = thing.sample.partition("!")
        findings = [each for each in preview(name).findings if each.sheet == sheet]
        counts = Counter(each.severity for each in findings)
        number = ", ".join(f"{counts[severity]} {severity}s" for severity in counts) or "none"
        lines.append(
            f"{thing.name:<47.47} {thing.sample:<47.47} {recognised_as(thing.sample):<50.50} "
            f"{refreshed[thing.sample]:>3} cells, findings: {number}"
        )
    show_table("registers, trackers and tables of the papers", lines)
    assert len(lines) == 45
