"""Our conditional formats: put in place, recognised again, replaced; theirs are left alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from applied import apply_to, rule, text_of
from handmade import MAKERS, SHEET, STYLES, plain, swap, write_package
from written import SOFFICE, convert

from xlgov.changes import ChangeSet, FormatRule
from xlgov.errors import EditError
from xlgov.ooxml.apply import apply_changes
from xlgov.ooxml.outline import SHEET_ORDER
from xlgov.ooxml.reader import open_workbook
from xlgov.ooxml.rules import same_rules

BANDS = (
    rule("N5:N20", "N5<=6", fill="92D050"),
    rule("N5:N20", 'AND(N5>13,N5<>"")', fill="FF0000", font_color="FFFFFF", bold=True),
    rule("B2:B9 D2:D9", "B2>$D$1", border="medium", kind="tolerance"),
)
OTHERS = "formats of others with extended priorities"


def formatted(*rules: FormatRule, drop: Sequence[str] = ()) -> ChangeSet:
    return ChangeSet(formats=rules, drop_formats=drop)


def blocks(parts: dict[str, str]) -> list[str]:
    return re.findall(r"<conditionalFormatting.*?</conditionalFormatting>", parts[SHEET])


def own(path: Path) -> Sequence[FormatRule]:
    with open_workbook(path) as book:
        return book.own_rules("Register")


def children(parts: dict[str, str]) -> list[str]:
    """Names of the sheet's children in order."""
    bare = re.sub(r"<sheetData>.*</sheetData>", "<sheetData/>", parts[SHEET], flags=re.DOTALL)
    depth, found = 0, []
    for closing, name, ending in re.findall(r"<(/?)([\w:]+)[^>]*?(/?)>", bare):
        if not closing and depth == 1:
            found.append(name)
        depth += 0 if ending else -1 if closing else 1
    return found


def test_a_rule_is_written_so(tmp_path: Path) -> None:
    after = apply_to(tmp_path, plain(), formatted(BANDS[1]))
    assert blocks(after) == [
        '<conditionalFormatting sqref="N5:N20"><cfRule type="expression" dxfId="0" priority="1">'
        '<formula>AND(AND(N5&gt;13,N5&lt;&gt;""),N("xlgov:band")=0)</formula></cfRule>'
        "</conditionalFormatting>"
    ]
    # In a differential format a solid fill's colour is its background.
    assert (
        '<dxfs count="1"><dxf><font><b/><color rgb="FFFFFFFF"/></font><fill><patternFill '
        'patternType="solid"><fgColor rgb="FFFF0000"/><bgColor rgb="FFFF0000"/></patternFill>'
        "</fill></dxf></dxfs>"
    ) in after[STYLES]


@pytest.mark.parametrize(
    "name",
    [
        "plain",
        OTHERS,
        "merged ranges",
        "a table",
        "a sheet without rows",
        "elements that no standard knows",
    ],
)
def test_formats_stand_where_the_schema_wants_them(tmp_path: Path, name: str) -> None:
    after = apply_to(tmp_path, MAKERS[name](), formatted(*BANDS))
    known = [each for each in children(after) if each in SHEET_ORDER]
    assert known.count("conditionalFormatting") >= 3
    assert known == sorted(known, key=SHEET_ORDER.index)


def test_priorities_are_unique_and_behind_all_of_theirs(tmp_path: Path) -> None:
    after = apply_to(tmp_path, MAKERS[OTHERS](), formatted(*BANDS))
    assert re.findall(r'priority="(\d+)"', after[SHEET]) == ["4", "2", "10", "11", "12", "9"]


def test_rules_are_recognised_as_they_were_asked_for(tmp_path: Path) -> None:
    apply_to(tmp_path, MAKERS[OTHERS](), formatted(*BANDS))
    assert same_rules(own(tmp_path / "after.xlsx"), BANDS)
    with open_workbook(tmp_path / "after.xlsx") as book:
        shown = [(each.kind, each.ours) for each in book.formats("Register")]
    assert sorted(shown) == sorted(
        [("colorScale", False), ("expression", False), ("dataBar", False)]
        + [("expression", True)] * 3
    )


def test_the_same_rules_again_change_no_byte(tmp_path: Path) -> None:
    apply_to(tmp_path, plain(), formatted(*BANDS))
    after = tmp_path / "after.xlsx"
    first = after.read_bytes()
    assert apply_changes(formatted(*BANDS), after) is False
    lower = (rule("N5:N12 N13:N20", "N5 <= 6", fill="92d050"), *BANDS[1:])
    assert apply_changes(formatted(*lower), after) is False
    with_sign = (rule("N5:N20", "=N5<=6", fill="92D050"), *BANDS[1:])
    assert apply_changes(formatted(*with_sign), after) is False
    assert after.read_bytes() == first


def test_sheets_are_compared_as_excel_compares_them(tmp_path: Path) -> None:
    other = replace(rule("A1:A3", "A1>1", kind="tolerance"), sheet="REGISTER")
    apply_to(tmp_path, plain(), formatted(BANDS[0], other))
    assert same_rules(own(tmp_path / "after.xlsx"), [BANDS[0], other])


def test_only_rules_of_the_same_kind_are_replaced(tmp_path: Path) -> None:
    apply_to(tmp_path, MAKERS[OTHERS](), formatted(*BANDS))
    before = blocks(text_of(tmp_path / "after.xlsx"))
    new = rule("N5:N30", "N5<=7", fill="92D050")
    apply_changes(formatted(new), tmp_path / "after.xlsx")
    assert same_rules(own(tmp_path / "after.xlsx"), [new, BANDS[2]])
    after = blocks(text_of(tmp_path / "after.xlsx"))
    assert [each for each in after if "xlgov" not in each] == [
        each for each in before if "xlgov" not in each
    ]


def test_rules_are_removed_and_the_sheet_is_as_it_was(tmp_path: Path) -> None:
    apply_to(tmp_path, MAKERS[OTHERS](), formatted(*BANDS))
    apply_changes(formatted(drop=["Register"]), tmp_path / "after.xlsx")
    assert text_of(tmp_path / "after.xlsx")[SHEET] == MAKERS[OTHERS]()[SHEET].decode()


def test_rules_made_by_hand_are_kept_by_a_refresh_and_not_doubled(tmp_path: Path) -> None:
    mine = rule("A1:A9", "A1>1", fill="FF0000", kind="rule")
    apply_to(tmp_path, plain(), formatted(mine, BANDS[0]))
    after = tmp_path / "after.xlsx"
    assert apply_changes(formatted(mine), after) is False
    apply_changes(formatted(drop=["Register"]), after)
    assert same_rules(own(after), [mine])
    other = rule("A1:A9", "A1>2", fill="FF0000", kind="rule")
    apply_changes(formatted(other), after)
    assert same_rules(own(after), [mine, other])


def test_a_rule_of_ours_in_one_block_with_theirs_goes_alone(tmp_path: Path) -> None:
    theirs = '<cfRule type="expression" priority="1"><formula>N5=1</formula></cfRule>'
    apply_to(tmp_path, plain(), formatted(BANDS[0]))
    parts = {name: text.encode() for name, text in text_of(tmp_path / "after.xlsx").items()}
    mixed = swap(parts, SHEET, ('"N5:N20"><cfRule', f'"N5:N20">{theirs}<cfRule'))
    path = write_package(tmp_path / "mixed.xlsx", mixed)
    apply_changes(formatted(drop=["Register"]), path)
    assert blocks(text_of(path)) == [
        f'<conditionalFormatting sqref="N5:N20">{theirs}</conditionalFormatting>'
    ]


@pytest.mark.parametrize("formula", [
    'N("xlgov:band")=0', 'AND(A1,N("xlgov")=0)', 'OR(A1,N("xlgov:band")=0)',
    'AND(A1,N("xlgov:band")=0)+1', "xlgov:band", 'AND(A1,N("xlgov:band")=1)',
])  # fmt: skip
def test_nothing_else_counts_as_ours(tmp_path: Path, formula: str) -> None:
    block = (
        '<conditionalFormatting sqref="A1"><cfRule type="expression" priority="1"><formula>'
        f"{formula}</formula></cfRule></conditionalFormatting>"
    )
    parts = swap(plain(), SHEET, ("</sheetData>", f"</sheetData>{block}"))
    path = write_package(tmp_path / "theirs.xlsx", parts)
    assert own(path) == []
    assert apply_changes(formatted(drop=["Register"]), path) is False


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ([rule("A1:A4", "A1>1")], [rule("A1:A2", "A1>1"), rule("A3:A4", "A3>1")], True),
        ([rule("A1:B4", "A1>1")], [rule("A1:A4", "A1>1"), rule("B1:B4", "B1>1")], True),
        ([rule("A1:A4", "$A1>1")], [rule("A1:A2", "$A1>1"), rule("A3:A4", "$A3>1")], True),
        ([rule("A1:A4", "A$1>1")], [rule("A1:A2", "A$1>1"), rule("A3:A4", "A$1>1")], True),
        ([rule("A1:A4", 'A1="A1"')], [rule("A1:A2", 'A1="A1"'), rule("A3:A4", 'A3="A1"')], True),
        ([rule("A1:A4", "A1>1")], [rule("A1:A4", "A2>1")], False),
        ([rule("A1:A4", "A1>1")], [rule("A1:A5", "A1>1")], False),
        ([rule("A1:A4", "A1>1")], [rule("A1:A4", "A1>1", kind="tolerance")], False),
        ([rule("A1:A4", "A1>1", fill="FF0000")], [rule("A1:A4", "A1>1", fill="FF0001")], False),
        ([rule("A1:A4", "LOG10(A1)>1")], [rule("A2:A4", "LOG10(A2)>1"), rule("A1", "LOG10(A1)>1")],
         True),
        ([], [], True),
        ([rule("A1", "TRUE")], [], False),
    ],
)  # fmt: skip
def test_rules_are_the_same_however_their_ranges_are_cut(
    one: list[FormatRule], other: list[FormatRule], same: bool
) -> None:
    assert same_rules(one, other) is same
    assert same_rules(other, one) is same


@pytest.mark.parametrize("bad", [
    rule("", "TRUE"), rule("nowhere", "TRUE"), rule("A1", ""), rule("A1", "A1>1\x00"),
    rule("A1", "TRUE", fill="red"), rule("A1", "TRUE", font_color="#FFFFFF"),
    rule("A1", "TRUE", border="wavy"), rule("A1", "TRUE", kind="Band 1"), rule("A1", "1" * 8200),
])  # fmt: skip
def test_a_rule_that_cannot_be_written_or_recognised_is_refused(
    tmp_path: Path, bad: FormatRule
) -> None:
    with pytest.raises(EditError, match="Register"):
        apply_to(tmp_path, plain(), formatted(bad))


def test_thousands_of_formats_do_not_take_long(tmp_path: Path) -> None:
    many = "".join(
        f'<conditionalFormatting sqref="A{n}"><cfRule type="expression" priority="{n}"><formula>'
        f"A{n}&gt;1</formula></cfRule></conditionalFormatting>"
        for n in range(1, 5001)
    )
    parts = swap(plain(), SHEET, ("</sheetData>", f"</sheetData>{many}"))
    after = apply_to(tmp_path, parts, formatted(*BANDS))
    assert len(blocks(after)) == 5003


@pytest.mark.skipif(SOFFICE is None, reason="there is no LibreOffice (soffice) here")
def test_rules_are_recognised_after_libreoffice_saved_the_file(tmp_path: Path) -> None:
    apply_to(tmp_path, MAKERS[OTHERS](), formatted(*BANDS))
    (saved,) = convert([tmp_path / "after.xlsx"], tmp_path / "saved")
    assert same_rules(own(saved), BANDS)
    first = saved.read_bytes()
    assert apply_changes(formatted(*BANDS), saved) is False
    assert saved.read_bytes() == first
    apply_changes(formatted(drop=["Register"]), saved)
    assert own(saved) == []
    assert "colorScale" in text_of(saved)[SHEET]
