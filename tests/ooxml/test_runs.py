"""Words of a cell made red and put back: its other runs, its neighbours and its bytes stay."""

from __future__ import annotations

import random
import re
from pathlib import Path

import odd_surroundings  # noqa: F401  registers workbooks with oddities
import odd_xml  # noqa: F401  as above
import pytest
from applied import cell, text_of
from handmade import MAKERS, SHEET, STRINGS, Parts, plain, swap, write_package
from hypothesis import given
from hypothesis import strategies as st

from xlgov.changes import CellChange, ChangeSet, MarkedText, StoredCell, StyleChange
from xlgov.errors import EditError
from xlgov.ooxml.apply import apply_changes
from xlgov.ooxml.marking import MarkedCells
from xlgov.ooxml.reader import open_workbook
from xlgov.ooxml.runs import mark_item, read_item, render_item, shown_runs
from xlgov.ooxml.shown_fill import backgrounds

FONT = (("sz", b'<sz val="9"/>'), ("rFont", b'<rFont val="Arial"/>'))
RED = b'<color rgb="FFFF0000"/>'


def marked(inside: bytes, *spans: tuple[int, int], prefix: str = "", **look: object) -> bytes:
    item = read_item(inside, prefix, "B7")
    mark = MarkedText(item.text, spans, **look)  # type: ignore[arg-type]  # looks by name
    return render_item(mark_item(item, mark, FONT, prefix, "B7"), prefix)


def test_a_word_of_a_plain_text_is_red_in_the_font_of_the_cell() -> None:
    assert marked(b"<t>Director and team liaise.</t>", (9, 17)) == (
        b'<r><t xml:space="preserve">Director </t></r>'
        b'<r><rPr><sz val="9"/>' + RED + b'<rFont val="Arial"/></rPr><t>and team</t></r>'
        b'<r><rPr><sz val="9"/><rFont val="Arial"/></rPr>'
        b'<t xml:space="preserve"> liaise.</t></r>'
    )


def test_a_run_keeps_its_own_properties_and_only_its_colour_goes() -> None:
    before = (
        b'<r><rPr><b/><sz val="14"/><color theme="4" tint="0.5"/><rFont val="X"/>'
        b'<scheme val="minor"/></rPr><t>bold words</t></r>'
    )
    assert marked(before, (5, 10)) == (
        b'<r><rPr><b/><sz val="14"/><color theme="4" tint="0.5"/><rFont val="X"/>'
        b'<scheme val="minor"/></rPr><t xml:space="preserve">bold </t></r>'
        b'<r><rPr><b/><sz val="14"/>' + RED + b'<rFont val="X"/><scheme val="minor"/></rPr>'
        b"<t>words</t></r>"
    )


def test_one_mark_over_two_runs_and_two_marks_in_one_run() -> None:
    both = b"<r><t>one two </t></r><r><rPr><i/></rPr><t>three four</t></r>"
    item = read_item(both, "", "B7")
    done = mark_item(item, MarkedText(item.text, ((4, 13), (14, 18))), FONT, "", "B7")
    assert [(run.text, b"FF0000" in b"".join(raw for _, raw in run.properties or ())) for run in
            done.runs] == [
        ("one ", False), ("two ", True), ("three", True), (" ", False), ("four", True)
    ]  # fmt: skip


def test_runs_that_no_mark_touches_keep_their_bytes_and_phonetic_text_stays_behind() -> None:
    odd = b'<r ><rPr><outline  val = "1"/></rPr><t xml:space="preserve">a </t></r>'
    rest = '<rPh sb="0" eb="1"><t>ア</t></rPh><phoneticPr fontId="1"/>'.encode()
    done = marked(odd + b"<r><t>new</t></r>" + rest, (2, 5))
    assert done.startswith(odd)
    assert done.endswith(rest)


def test_bold_and_underlined_where_red_would_not_show() -> None:
    done = marked(b"<t>High</t>", (0, 4), color=None, bold=True, underline=True)
    assert done == (b'<r><rPr><b/><u/><sz val="9"/><rFont val="Arial"/></rPr><t>High</t></r>')


def test_blanks_new_lines_and_escapes_come_out_as_they_went_in() -> None:
    done = marked(b"<t>  a_x000D_\nb_x005F_x0041_ &amp; c </t>", (5, 6))
    again = read_item(done, "", "B7")
    assert again.text == "  a\r\nb_x0041_ & c "
    assert b"_x000D_" in done and b"_x005F_x0041_" in done and b"&amp;" in done


def test_elements_under_a_prefix_are_read_and_written_under_it() -> None:
    done = marked(b"<x:r><x:rPr><x:b/></x:rPr><x:t>one two</x:t></x:r>", (4, 7), prefix="x:")
    assert b'<x:rPr><x:b/><x:color rgb="FFFF0000"/></x:rPr><x:t>two</x:t>' in done


@pytest.mark.parametrize("spans", [((0, 0),), ((3, 9),), ((2, 4), (1, 2)), ((0, 3), (2, 4))])
def test_spans_that_do_not_fit_the_text_are_refused(spans: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(EditError, match="do not fit the text"):
        marked(b"<t>text</t>", *spans)


letters = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\ufffe\uffff"))


@given(st.lists(st.tuples(letters, st.booleans()), max_size=8), st.data())
def test_marks_never_change_the_text_nor_how_the_rest_looks(
    pieces: list[tuple[str, bool]], chosen: st.DataObject
) -> None:
    from xlgov.ooxml.cell import text_element

    style = "<rPr><b/></rPr>"
    inside = "".join(f"<r>{style * b}{text_element(t, '')}</r>" for t, b in pieces).encode()
    item = read_item(inside, "", "B7")
    assert item.text == "".join(text for text, _ in pieces)
    edges = sorted(chosen.draw(st.sets(st.integers(0, len(item.text)), max_size=6)))
    spans = tuple(zip(edges[::2], edges[1::2], strict=False))
    done = mark_item(item, MarkedText(item.text, spans), FONT, "", "B7")
    again = read_item(render_item(done, ""), "", "B7")
    assert again.text == item.text
    bold = [b for text, b in pieces for _ in text]
    at = 0
    for run in shown_runs(again, FONT, ""):
        for place in range(at, at + run.length):
            assert run.flags[0] is bold[place]
            inside_span = any(start <= place < end for start, end in spans)
            assert (run.color == "FF0000") is inside_span
        at += run.length


# In a workbook


def mark_cells(source: Path, out: Path, *marks: tuple[str, str, tuple[int, int]]) -> ChangeSet:
    """Mark spans of cells of the first sheet; gives the change set that puts them back."""
    with open_workbook(source) as workbook:
        sheet = workbook.sheets[0].name
        seen = MarkedCells(workbook).see(sheet, [address for address, *_ in marks])
    cells = [CellChange(sheet, a, text, MarkedText(text, (span,))) for a, text, span in marks]
    apply_changes(ChangeSet(cells=cells), source, out)
    return ChangeSet(cells=[CellChange(sheet, a, t, seen[a].stored) for a, t, _ in marks])


def test_other_cells_that_share_a_string_do_not_change(tmp_path: Path) -> None:
    shares = swap(plain(), SHEET, ('<c r="D1" s="1"/>', '<c r="D1" s="1" t="s"><v>0</v></c>'))
    source = write_package(tmp_path / "before.xlsx", shares)
    back = mark_cells(source, tmp_path / "marked.xlsx", ("A1", "Risk & owner", (7, 12)))
    before, after = text_of(source), text_of(tmp_path / "marked.xlsx")
    assert after[STRINGS] == before[STRINGS]
    assert cell(after, "D1") == cell(before, "D1")
    assert "fullCalcOnLoad" not in after["xl/workbook.xml"], "no value has changed"
    assert '<t xml:space="preserve">Risk &amp; </t>' in cell(after, "A1")
    apply_changes(back, tmp_path / "marked.xlsx", tmp_path / "back.xlsx")
    assert text_of(tmp_path / "back.xlsx") == before


def without_dimension(path: Path) -> dict[str, str]:
    """The parts; a dimension that was too small was made true by the first edit, and stays so."""
    return {
        name: re.sub(r"<(\w+:)?dimension[^>]*>", "", text) for name, text in text_of(path).items()
    }


@pytest.mark.parametrize("name", MAKERS)
def test_any_workbook_is_given_back_byte_for_byte(name: str, tmp_path: Path) -> None:
    source = write_package(tmp_path / "before.xlsx", MAKERS[name]())
    with open_workbook(source) as workbook:
        sheet = workbook.sheets[0].name
        cells = MarkedCells(workbook)
        shown = [
            c for c in workbook.grid(sheet).cells() if cells.anchor(sheet, c.address) == c.address
        ]
        seen = cells.see(sheet, [c.address for c in shown])
        texts = [c for c in shown if seen[c.address].is_text][:4]
        numbers = [c for c in shown if isinstance(c.value, int | float)][:3]
    wanted = [
        CellChange(sheet, c.address, c.value, MarkedText(str(c.value), ((0, len(str(c.value))),)))
        for c in texts
    ]
    styled = [StyleChange(sheet, c.address, font_color="FF0000") for c in numbers]
    assert all(seen[c.address].value == c.value for c in (*texts, *numbers))
    asked = ChangeSet(cells=wanted, styles=styled)
    if asked.is_empty:
        pytest.skip("no cell to mark")
    apply_changes(asked, source, tmp_path / "marked.xlsx")
    stored = [
        CellChange(
            sheet,
            c.address,
            c.value,
            StoredCell(seen[c.address].stored.record, c.value, style_only=c in numbers),
        )
        for c in (*texts, *numbers)
    ]
    apply_changes(ChangeSet(cells=stored), tmp_path / "marked.xlsx", tmp_path / "back.xlsx")
    before, after = without_dimension(source), without_dimension(tmp_path / "back.xlsx")
    differing = {n for n in before if before[n] != after[n]} | (after.keys() - before.keys())
    assert {n for n in differing if "styles" not in n.lower()} <= (
        {"[Content_Types].xml", "xl/_rels/workbook.xml.rels"} if len(after) > len(before) else set()
    )


def test_five_hundred_runs_of_32767_characters_are_marked_and_given_back(tmp_path: Path) -> None:
    words = random.Random(4)
    pieces = [f"{words.choice('abc')}{n:03}" + " word" * 12 + "\n" for n in range(500)]
    text = "".join(pieces)[:32_767].ljust(32_767, ".")
    cuts = [text[start : start + 66] for start in range(0, 32_767, 66)]
    runs = "".join(
        f'<r><rPr><sz val="{8 + n % 3}"/><color rgb="FF00{n:04X}"/><rFont val="Arial"/></rPr>'
        f'<t xml:space="preserve">{piece}</t></r>'
        for n, piece in enumerate(cuts)
    )
    rich = swap(plain(), SHEET, ("<is><t>in line</t></is>", f"<is>{runs}</is>"))
    source = write_package(tmp_path / "before.xlsx", rich)
    back = mark_cells(source, tmp_path / "marked.xlsx", ("A4", text, (100, 30_000)))
    after = text_of(tmp_path / "marked.xlsx")
    assert cell(after, "A4").count('<color rgb="FFFF0000"/>') == len(
        [n for n in range(len(cuts)) if n * 66 < 30_000 and (n + 1) * 66 > 100]
    )
    apply_changes(back, tmp_path / "marked.xlsx", tmp_path / "back.xlsx")
    assert text_of(tmp_path / "back.xlsx") == text_of(source)


def test_what_the_cell_does_not_read_is_not_marked(tmp_path: Path) -> None:
    source = write_package(tmp_path / "before.xlsx", plain())
    for address, text, said in (
        ("A1", "Another text", "reads 'Risk & owner'"),
        ("C4", "ab", "C4 holds no text of its own"),
        ("A2", "3", "A2 holds no text of its own"),
        ("Z99", "x", "Z99 is no cell"),
    ):
        change = CellChange("Register", address, text, MarkedText(text, ((0, 1),)))
        with pytest.raises(EditError, match=said):
            apply_changes(ChangeSet(cells=[change]), source, tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()


def test_a_stored_cell_that_was_tampered_with_is_refused(tmp_path: Path) -> None:
    source = write_package(tmp_path / "before.xlsx", plain())
    change = CellChange("Register", "A1", None, StoredCell('{"what": 1}', "x"))
    with pytest.raises(EditError, match="what was kept of this cell cannot be read"):
        apply_changes(ChangeSet(cells=[change]), source, tmp_path / "out.xlsx")


def test_the_family_of_a_font_is_not_taken_for_a_formula(tmp_path: Path) -> None:
    run = '<is><r><rPr><family val="2"/></rPr><t>in line</t></r></is>'
    rich = swap(plain(), SHEET, ("<is><t>in line</t></is>", run))
    with open_workbook(write_package(tmp_path / "before.xlsx", rich)) as workbook:
        assert not workbook.grid("Register").has_formula(4, 1)


# What is seen behind a cell


RULES = (
    '<conditionalFormatting sqref="A1:D7"><cfRule type="{kind}" dxfId="{look}" priority="{place}"'
    "{more}>{formulas}</cfRule></conditionalFormatting>"
)
LOOKS = (
    '<dxfs count="2"><dxf><fill><patternFill patternType="solid"><bgColor rgb="FFFFC000"/>'
    '</patternFill></fill></dxf><dxf><font><color rgb="FFFFFFFF"/></font><fill><patternFill>'
    '<bgColor rgb="FFC00000"/></patternFill></fill></dxf></dxfs></styleSheet>'
)


def with_rule(kind: str, formulas: str, look: int = 0, more: str = "", place: int = 1) -> Parts:
    block = RULES.format(kind=kind, look=look, place=place, more=more, formulas=formulas)
    changed = swap(plain(), SHEET, ("<pageMargins", f"{block}<pageMargins"))
    return swap(changed, "xl/styles.xml", ("</styleSheet>", LOOKS))


@pytest.mark.parametrize(
    ("kind", "formulas", "more", "fills"),
    [
        ("cellIs", "<formula>2</formula>", ' operator="greaterThan"', ["FFC000", None]),
        ("cellIs", "<formula>2</formula><formula>3</formula>", ' operator="between"',
         ["FFC000", None]),
        ("expression", '<formula>AND(ISNUMBER(A1),A1&gt;=3,A1&lt;=9)</formula>', "",
         ["FFC000", None]),
        ("expression", '<formula>AND(AND(ISNUMBER(A1),A1&lt;2),N("xlgov:band")=0)</formula>', "",
         [None, "FFC000"]),
        ("expression", "<formula>$A$2&gt;2</formula>", "", ["FFC000", "FFC000"]),
        ("expression", '<formula>A1 = "x, y"</formula>', "", [None, None]),
        ("expression", "<formula>VLOOKUP(A1,Z:Z,1)&gt;0</formula>", "", [None, None]),
        ("containsText", "<formula>TRUE</formula>", "", [None, None]),
    ],
)  # fmt: skip
def test_the_rule_that_holds_gives_the_colour(
    kind: str, formulas: str, more: str, fills: list[str | None], tmp_path: Path
) -> None:
    source = write_package(tmp_path / "a.xlsx", with_rule(kind, formulas, more=more))
    with open_workbook(source) as workbook:
        found = backgrounds(workbook, "Register", {(2, 1): 1, (7, 1): 0})
    assert [found[place].fill for place in ((2, 1), (7, 1))] == fills


def test_a_rule_that_colours_the_text_is_told(tmp_path: Path) -> None:
    parts = with_rule("cellIs", "<formula>2</formula>", 1, ' operator="greaterThan"')
    with open_workbook(write_package(tmp_path / "a.xlsx", parts)) as workbook:
        found = backgrounds(workbook, "Register", {(2, 1): 1, (7, 1): 0})
    assert (found[2, 1].fill, found[2, 1].colors_text) == ("C00000", True)
    assert (found[7, 1].fill, found[7, 1].colors_text) == (None, False)
