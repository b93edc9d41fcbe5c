"""The kinds of register: what is found does not depend on the signs that spare a search."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import xlgov
from xlgov.changes import Preview
from xlgov.errors import XlgovError
from xlgov.grid.records import Search
from xlgov.grid.sheet import Workbook
from xlgov.grid.signs import Signs
from xlgov.kinds import KINDS, RISK, search_kinds
from xlgov.kpi.preview import preview_dashboard
from xlgov.kpi.search import Found
from xlgov.kpi.tables import list_indicators, list_monthly
from xlgov.ooxml.reader import open_workbook
from xlgov.settings import Settings
from xlgov.tracker import TRACKERS, load_tracker
from xlgov.tracker.headings import VOCABULARIES
from xlgov.wanted import state_settings

ROOT = Path(xlgov.__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "corpus" / "poi"
SAMPLES = sorted((ROOT / "workbooks").glob("*.xls[xm]"))
GOLDEN = sorted((ROOT / "tests" / "golden").glob("*/before.xls[xm]"))
AS_OF = date(2019, 6, 11)


def hold_together(workbook: Workbook, settings: Settings) -> Counter[tuple[bool, bool]]:
    """Search each kind with and without signs; counts (has signs, is found) of the kinds."""
    counts: Counter[tuple[bool, bool]] = Counter()
    signs, taken = Signs(workbook), set[str]()
    searched = search_kinds(workbook, settings)
    for kind in KINDS:
        skip = frozenset(taken)
        has_signs = kind.has_signs(signs, settings, skip)
        found = kind.search(workbook, settings, skip)
        assert (searched[kind.name].sheets, searched[kind.name].is_empty) == (
            found.sheets,
            found.is_empty,
        )
        if not has_signs:
            if isinstance(found, Search):
                assert searched[kind.name] == found
            else:
                assert preview_dashboard(workbook, settings, AS_OF, found) == Preview()
                rows = [
                    list_rows(workbook, settings, found)
                    for list_rows in (list_indicators, list_monthly)
                ]
                assert rows == [[], []]
            empty = searched[kind.name]
            assert kind.preview(workbook, settings, AS_OF, empty) == Preview()
            assert [rows(workbook, settings, empty) for rows in kind.tables.values()] == [
                [] for _ in kind.tables
            ]
        counts[has_signs, not found.is_empty] += 1
        taken.update(found.sheets)
    return counts


@pytest.mark.parametrize(
    "path", [*SAMPLES, *GOLDEN], ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_signs_change_nothing_of_what_is_found(path: Path) -> None:
    with open_workbook(path) as workbook:
        counts = hold_together(workbook, state_settings(workbook, path, None, None))
    assert counts[False, False] >= 2, "no kind is spared"
    assert not counts[False, True]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the public corpus is not beside the checkout")
def test_signs_change_nothing_of_what_is_found_in_public_workbooks() -> None:
    counts: Counter[tuple[bool, bool]] = Counter()
    for path in sorted(CORPUS.glob("*.xls[xm]")):
        try:
            with open_workbook(path) as workbook:
                counts += hold_together(workbook, Settings())
        except XlgovError:
            continue  # damaged on purpose
    assert counts[False, False] > 300
    assert not counts[False, True]


def test_columns_that_settings_name_are_looked_for_without_signs() -> None:
    def asked(settings: Settings) -> set[str]:
        return {kind.name for kind in KINDS if kind.has_signs(signs, settings, ())}

    with open_workbook(ROOT / "workbooks" / "action-log.xlsx") as workbook:
        signs = Signs(workbook)
        assert {RISK, "actions"} <= asked(Settings())
        more = asked(Settings(columns={"estates.area": "B"})) - asked(Settings())
    assert more == {"estates"}


def test_every_kind_of_tracker_has_its_name_and_its_headings() -> None:
    assert [each.name for each in TRACKERS] == list(VOCABULARIES)
    for name, vocabulary in VOCABULARIES.items():
        tracker = load_tracker(name)
        assert (tracker.name, tracker.vocabulary) == (name, vocabulary)
    assert [kind.name for kind in KINDS] == [RISK, "kpi", *VOCABULARIES]


def test_what_a_kind_keeps_of_nothing_is_nothing() -> None:
    nothing = Search((), left_alone=("One", "Two"))
    with open_workbook(SAMPLES[0]) as workbook:
        for tracker in TRACKERS:
            assert tracker.refine is None or tracker.refine(workbook, nothing) == nothing
    assert (Found().sheets, Found().is_empty) == ((), True)


# Light: words by which a kind is known, and the names of its findings.
LIGHT = {
    *("kpi", "kpi.codes", "kpi.signs", "kpi.written"),
    *("tracker", "tracker.headings", "tracker.action_words", "tracker.plan_headings"),
}


@pytest.mark.parametrize(
    ("sample", "kinds"),
    [
        ("strategic-risk-register", set()),
        ("delivery-plan-2018-05", {"tracker.delivery"}),
        ("actions-from-minutes", {"tracker.actions"}),
        ("performance-dashboard", {"kpi.search"}),
    ],
)
def test_a_refresh_imports_the_kinds_that_a_workbook_may_hold(
    sample: str, kinds: set[str], tmp_path: Path
) -> None:
    source = ROOT / "workbooks" / f"{sample}.xlsx"
    code = (
        "import sys, xlgov\n"
        f"xlgov.refresh({str(source)!r}, {str(tmp_path / 'out.xlsx')!r})\n"
        "print(*(name for name in sys.modules if name.startswith(('xlgov.kpi', 'xlgov.tracker'))))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    loaded = {name.removeprefix("xlgov.") for name in done.stdout.split()} - LIGHT
    every = {"kpi.search", *(f"tracker.{name}" for name in VOCABULARIES)}
    assert loaded & every == kinds
    assert kinds or not loaded
