"""Another kind of tracker is one module of under 40 lines and one line among the headings."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

import xlgov
from tests.tracker.test_decisions import write
from xlgov import kinds, operations, wanted

MODULE = '''
"""Gifts and hospitality: what was offered, to whom, by whom, and what was done with it."""

from xlgov.grid.records import Vocabulary, headed
from xlgov.tracker.examination import Examination
from xlgov.tracker.kind import Tracker

LIMIT = 50  # pounds; above it the Chief Executive agrees
CODES = {
    "gift-unanswered": ("warning", "Gift neither accepted nor declined"),
    "gift-not-agreed": ("error", "Gift accepted without agreement"),
}
VOCABULARY = Vocabulary(
    kind="register of gifts",
    fields=(
        headed("gift", "gift or hospitality | gift | hospitality offered | offer"),
        headed("date", "date offered | date of offer | date"),
        headed("donor", "donor | offered by | from | provider", needed=True),
        headed("value", "estimated value | value | worth"),
        headed("answer", "accepted or declined | accepted | decision | action taken"),
        headed("agreed", "agreed by | authorised by"),
    ),
    needed=(("gift",),),
)


def examine(examination: Examination) -> None:
    for entry in examination.entries:
        accepted = entry.text("answer").casefold().startswith(("accepted", "yes"))
        examination.counts["accepted"] += accepted
        if not entry.says("answer"):
            examination.find("gift-unanswered", entry, "answer", "has no answer")
        elif accepted and (entry.number("value") or 0) > LIMIT and not entry.says("agreed"):
            examination.find("gift-not-agreed", entry, "agreed", f"is over \\u00a3{LIMIT}")


GIFTS = Tracker("gifts", "Gifts", "gift", VOCABULARY, CODES, examine, reference="gift")
'''
ROWS = [
    ("Register of gifts and hospitality",),
    (),
    ("Date", "Gift or hospitality", "Offered by", "Value (\u00a3)", "Accepted?", "Agreed by"),
    (date(2017, 5, 2), "Dinner", "A supplier", 80, "Accepted", None),
    (date(2017, 5, 9), "Pen", "A school", 3, "Accepted", None),
    (date(2017, 6, 1), "Tickets", "A club", 120, "Declined", None),
    (date(2017, 6, 8), "Book", "A council", 15, None, None),
    (date(2017, 7, 1), "Reception", "A firm", 60, "Accepted", "Chief Executive"),
]


@pytest.fixture
def gifts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kind, written as its module would be, and added as one name."""
    module = ModuleType("xlgov.tracker.gifts")
    exec(compile(MODULE, "gifts.py", "exec"), module.__dict__)
    every = (*kinds.KINDS, kinds.tracker_kind("gifts", module.VOCABULARY, lambda _: module.GIFTS))
    monkeypatch.setattr(kinds, "KINDS", every)
    monkeypatch.setattr(operations, "KINDS", every)
    monkeypatch.setattr(wanted, "KINDS", every)


def test_the_module_of_another_kind_has_under_40_lines() -> None:
    lines = [line for line in MODULE.strip().splitlines() if line.strip()]
    assert len(lines) < 40


def test_another_kind_is_recognised_checked_and_read(gifts: None, tmp_path: Path) -> None:
    path = write(tmp_path / "gifts.xlsx", {"Gifts": ROWS})
    changes = xlgov.preview(path, as_of=date(2017, 11, 15))
    (report,) = changes.reports
    assert (report.kind, report.records, report.headline) == ("gifts", 5, "3 accepted")
    assert [(each.severity, each.code, each.address) for each in changes.findings] == [
        ("error", "gift-not-agreed", "F4"),
        ("warning", "gift-unanswered", "E7"),
    ]
    table = xlgov.read(path)["gifts"]
    assert list(table["gift"]) == ["Dinner", "Pen", "Tickets", "Book", "Reception"]
    assert table["date"][0] == date(2017, 5, 2)
    assert list(table["address"])[:2] == ["B4", "B5"]


def test_without_its_module_the_sheet_is_left_alone(tmp_path: Path) -> None:
    changes = xlgov.preview(write(tmp_path / "gifts.xlsx", {"Gifts": ROWS}))
    assert (list(changes.reports), list(changes.findings)) == ([], [])


def test_another_kind_leaves_the_samples_as_they_were(gifts: None) -> None:
    samples = Path(__file__).parents[2] / "workbooks"
    found = {r.kind for path in samples.glob("*.xlsx") for r in xlgov.preview(path).reports}
    assert "gifts" not in found
