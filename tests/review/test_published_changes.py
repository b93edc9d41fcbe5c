"""The changes that a covering paper of 2017 lists, made in the sample register and found again.

The paper lists what changed in words; the texts put in here are made up from those words.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest

import xlgov
from tests.conftest import ShowTable
from xlgov.review.difference import Difference
from xlgov.review.telling import added_and_removed, tell_lines, tell_paper

ROOT = Path(__file__).parents[2]
REGISTER = ROOT / "workbooks" / "strategic-risk-register.xlsx"
SHEET = "Register"

# Where a form has each text: rows below its reference, and the column.
PLACES = {
    "causes": (9, "B"),
    "controls": (13, "B"),
    "assurance": (13, "G"),
    "actions": (13, "O"),
}
FIELDS = {kind: kind for kind in PLACES} | {"actions": "future_actions"}
DELETED = {"13"}  # the one that the paper calls a deletion


class Published(NamedTuple):
    order: str
    record: str
    kind: str
    words: str


def _published() -> list[Published]:
    with (Path(__file__).parent / "risk_changes_2017.csv").open(encoding="utf-8") as file:
        return [
            Published(row["order"], row["register_ref"], row["kind"], row["change_paraphrase"])
            for row in csv.DictReader(file)
        ]


PUBLISHED = _published()


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Difference:
    """The sample register against one in which every published change was made."""
    sheet = openpyxl.load_workbook(REGISTER)[SHEET]
    forms = {sheet.cell(row, 4).value: row for row in range(1, sheet.max_row + 1)}
    edits = []
    for change in PUBLISHED:
        below, column = PLACES[change.kind]
        address = f"{column}{forms[change.record] + below}"
        before = sheet[address].value
        after = "\n".join([*([before] if before else []), f"• {change.words}"])
        if change.order in DELETED:
            after = "\n".join(before.splitlines()[1:])
        edits.append(xlgov.CellChange(SHEET, address, before, after))
    new = tmp_path_factory.mktemp("published") / "after.xlsx"
    xlgov.apply(xlgov.ChangeSet(cells=edits), REGISTER, new)
    return xlgov.diff(REGISTER, new)


def test_the_paper_lists_22_changes_of_13_risks() -> None:
    assert len(PUBLISHED) == 22
    assert len({change.record for change in PUBLISHED}) == 13


@pytest.mark.parametrize("change", PUBLISHED, ids=lambda each: f"{each.record}-{each.kind}")
def test_a_published_change_is_found_with_its_words_alone(
    change: Published, found: Difference, show_table: ShowTable
) -> None:
    fields = [
        field
        for record in found.changes
        for field in record.fields
        if (record.record, field.field) == (change.record, FIELDS[change.kind])
    ]
    told = added_and_removed(fields[0]) if fields else ([], [])
    shown = "; ".join([*(f"added {t!r}" for t in told[0]), *(f"removed {t!r}" for t in told[1])])
    line = f"{change.order:>2} {change.record} {change.kind:<9} {shown or 'NOT FOUND':.110}"
    show_table("changes of the 2017 register, published and found", [line])
    assert len(fields) == 1
    if change.order in DELETED:
        assert told[0] == [] and len(told[1]) == 1
    else:
        assert told == ([change.words], [])


def test_nothing_but_the_published_changes_is_found(found: Difference) -> None:
    assert {(r.record, f.field) for r in found.changes for f in r.fields} == {
        (change.record, FIELDS[change.kind]) for change in PUBLISHED
    }
    assert {each.what for each in found.changes} == {"changed"}
    assert found.findings == ()


def test_the_risks_that_did_not_change_are_named_in_one_line(found: Difference) -> None:
    assert found.unchanged == {"risk": ("SR2.2", "SR3.2", "SR3.6")}
    assert tell_lines(found)[-1] == "  Not changed: SR2.2, SR3.2, SR3.6"


def test_the_paragraphs_stand_in_the_order_of_the_register(found: Difference) -> None:
    *paragraphs, rest = tell_paper(found)
    assert len(paragraphs) == len(PUBLISHED)
    order = [paragraph.partition(",")[0] for paragraph in paragraphs]
    assert order == sorted(order)
    assert paragraphs[0] == (
        "SR1.1, Controls in place: added 'Mention of communications teams added'."
    )
    assert rest == "Not changed: SR2.2, SR3.2, SR3.6."


def test_words_put_into_a_sentence_are_told_without_the_sentence(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(REGISTER)[SHEET]
    after = str(sheet["B18"].value).replace(" liaise closely", " and partners liaise closely")
    assert after != sheet["B18"].value
    edit = xlgov.CellChange(SHEET, "B18", None, after)
    xlgov.apply(xlgov.ChangeSet(cells=[edit]), REGISTER, tmp_path / "new.xlsx")
    lines = tell_lines(xlgov.diff(REGISTER, tmp_path / "new.xlsx"))
    assert lines[1].startswith("  SR1.1  Controls in place: added 'and partners'")


def test_the_same_register_as_forms_and_as_a_table_differs_only_in_what_is_typed() -> None:
    table = REGISTER.with_name("strategic-risk-register-table.xlsx")
    found = xlgov.diff(REGISTER, table)
    assert {each.what for each in found.changes} == {"changed"}
    fields = [field for record in found.changes for field in record.fields]
    assert all(" ".join(str(f.before).split()) != " ".join(str(f.after).split()) for f in fields)
    assert not {f.field for f in fields} & {"reference", "status", "status_date", "owner"}
    for field in fields:
        if field.field == "description":  # the table has a title above each
            assert str(field.after).endswith(str(field.before))
    # Ratings that were typed into either and that their scores do not give.
    rated = {r.record for r in found.changes for f in r.fields if f.kind == "score"}
    stale = {
        each.record
        for path in (REGISTER, table)
        for each in xlgov.check(path)
        if each.code.startswith(("rating-", "impact-"))
    }
    assert rated <= stale
    assert sorted(f.code for f in found.findings) == ["column-in-one", "column-in-one"]
