"""What a formula's cell shows is made another: its type and value change, and no other byte."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from applied import apply_to, cell
from handmade import SHEET, Parts, plain, swap, with_chain, write_package
from hypothesis import given
from hypothesis import strategies as st

from xlgov.changes import Cached, CellChange, ChangeSet, StyleChange
from xlgov.errors import EditError
from xlgov.grid.cells import CellError
from xlgov.ooxml.apply import apply_changes
from xlgov.ooxml.cached import parsed_with_cached, with_cached
from xlgov.ooxml.cell import render_cached
from xlgov.ooxml.reader import open_workbook

CHAIN = "xl/calcChain.xml"
SHARED = (
    '<c r="B2"><f>A2*2</f><v>6</v></c>',
    '<c r="B2"><f t="shared" ref="B2:B7" si="0">A2*2</f><v>6</v></c>',
)


def showing(address: str, value: Cached) -> ChangeSet:
    return ChangeSet(cells=(CellChange("Register", address, None, value),))


def put_shown(folder: Path, value: object, parts: Parts | None = None) -> str:
    """The XML of B2, whose formula is to show a value."""
    changes = showing("B2", Cached(value))  # type: ignore[arg-type]  # wrong ones are refused
    return cell(apply_to(folder, parts or plain(), changes), "B2")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (7, '<c r="B2"><f>A2*2</f><v>7</v></c>'),
        (1 / 3, '<c r="B2"><f>A2*2</f><v>0.3333333333333333</v></c>'),
        (True, '<c r="B2" t="b"><f>A2*2</f><v>1</v></c>'),
        ("a<b & _x0041_", '<c r="B2" t="str"><f>A2*2</f><v>a&lt;b &amp; _x005F_x0041_</v></c>'),
        ("", '<c r="B2" t="str"><f>A2*2</f><v></v></c>'),
        ("=1+1", '<c r="B2" t="str"><f>A2*2</f><v>=1+1</v></c>'),
        (CellError("#N/A"), '<c r="B2" t="e"><f>A2*2</f><v>#N/A</v></c>'),
    ],
)
def test_a_formula_shows_a_value_of_each_type(tmp_path: Path, value: object, written: str) -> None:
    assert put_shown(tmp_path, value) == written
    with open_workbook(tmp_path / "after.xlsx") as workbook:
        shown = workbook.grid("Register").cell(2, 2)
    assert (shown.value, shown.formula) == (None if value == "" else value, True)


def test_nothing_but_the_value_changes(tmp_path: Path) -> None:
    before = plain()
    after = apply_to(tmp_path, before, showing("B2", Cached(7)))
    was = {name: content.decode() for name, content in before.items()}
    assert after == {**was, SHEET: was[SHEET].replace("<v>6</v>", "<v>7</v>")}


@pytest.mark.parametrize(
    ("held", "written"),
    [
        ('<c r="B2" s="1"><f>A2*2</f></c>', '<c r="B2" s="1"><f>A2*2</f><v>7</v></c>'),
        ('<c r="B2"><f>A2*2</f><v/></c>', '<c r="B2"><f>A2*2</f><v>7</v></c>'),
        ('<c r="B2" t="str"><f/><v>x</v></c>', '<c r="B2"><f/><v>7</v></c>'),
        ('<c r="B2" t="e" vm="1"><f>A2*2</f><v>#N/A</v></c>', '<c r="B2"><f>A2*2</f><v>7</v></c>'),
        (
            '<c r="B2"><!-- a --><f>A2*2</f><v>6</v></c>',
            '<c r="B2"><!-- a --><f>A2*2</f><v>7</v></c>',
        ),
        ('<c r="B2"><v>6</v><f>A2*2</f></c>', '<c r="B2"><v>7</v><f>A2*2</f></c>'),
        ("<c r='B2'\n><f>A2*2</f> <v>6</v></c>", "<c r='B2'\n><f>A2*2</f> <v>7</v></c>"),
        (
            '<c r="B2" t="inlineStr"><f>A2*2</f><is><t>x</t></is></c>',
            '<c r="B2"><f>A2*2</f><v>7</v></c>',
        ),
        (
            '<c r="B2"><f><![CDATA[A2<3]]></f><v><![CDATA[6]]></v></c>',
            '<c r="B2"><f><![CDATA[A2<3]]></f><v>7</v></c>',
        ),
    ],
)
def test_a_formula_is_found_however_its_cell_is_written(
    tmp_path: Path, held: str, written: str
) -> None:
    parts = swap(plain(), SHEET, (SHARED[0], held))
    changed = apply_to(tmp_path, parts, showing("B2", Cached(7)))
    assert changed[SHEET] == parts[SHEET].decode().replace(held, written)


def test_a_shared_formula_stays_shared(tmp_path: Path) -> None:
    child = '<c r="B7"><f t="shared" si="0"/><v>3</v></c>'
    parts = swap(plain(), SHEET, SHARED, ('<c r="B7" t="s"><v>2</v></c>', child))
    both = ChangeSet(cells=showing("B2", Cached(8)).cells + showing("B7", Cached(9)).cells)
    after = apply_to(tmp_path, parts, both)
    assert cell(after, "B2") == SHARED[1].replace("<v>6", "<v>8")
    assert cell(after, "B7") == child.replace("<v>3", "<v>9")


def test_the_first_cell_of_an_array_formula_keeps_it(tmp_path: Path) -> None:
    array = '<c r="B2" cm="1"><f t="array" ref="B2:B4">A2:A4*2</f><v>6</v></c>'
    parts = swap(plain(), SHEET, (SHARED[0], array))
    assert put_shown(tmp_path, 7, parts) == array.replace("<v>6", "<v>7")


def test_the_calculation_chain_keeps_the_cell(tmp_path: Path) -> None:
    parts = with_chain(plain())
    after = apply_to(tmp_path, parts, showing("B2", Cached(7)))
    assert after[CHAIN].encode() == parts[CHAIN]


def test_a_style_and_a_shown_value_change_together(tmp_path: Path) -> None:
    changes = ChangeSet(
        cells=showing("B2", Cached(7)).cells, styles=(StyleChange("Register", "B2", bold=True),)
    )
    after = cell(apply_to(tmp_path, plain(), changes), "B2")
    assert re.fullmatch(r'<c r="B2" s="\d+"><f>A2\*2</f><v>7</v></c>', after)
    with open_workbook(tmp_path / "after.xlsx") as workbook:
        assert b"<b/>" in workbook.styles.font(workbook.grid("Register").cell(2, 2).style)[0]


def test_the_same_value_again_changes_no_byte(tmp_path: Path) -> None:
    path = write_package(tmp_path / "book.xlsx", plain())
    apply_changes(showing("B2", Cached(7)), path)
    before = path.read_bytes()
    apply_changes(showing("B2", Cached(7)), path, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == before


@pytest.mark.parametrize("address", ["A2", "A4", "H9", "B9"])
def test_a_cell_without_a_formula_is_refused(tmp_path: Path, address: str) -> None:
    path = write_package(tmp_path / "book.xlsx", plain())
    before = path.read_bytes()
    with pytest.raises(EditError, match=f"{address} holds no formula"):
        apply_changes(showing(address, Cached(7)), path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), None, "x" * 40_000, CellError("oops"), [1]]
)
def test_a_value_that_no_formula_shows_is_refused(tmp_path: Path, value: object) -> None:
    with pytest.raises(EditError, match=r"Register!B2"):
        put_shown(tmp_path, value)


values = st.one_of(
    st.integers(-(10**17), 10**17),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.text(st.sampled_from("a <&>'\"_x0041é\n"), max_size=9),
    st.sampled_from(["#N/A", "#DIV/0!"]).map(CellError),
)
insides = st.tuples(
    st.sampled_from(["<f>A1&lt;2</f>", "<f/>", '<f t="shared" si="1"/>', '<f ca="1" >A1</f>']),
    st.sampled_from(["", "<v>1</v>", "<v/>", '<v xml:space="preserve"> </v>']),
)
tags = st.sampled_from(['<c r="B2">', '<c r="B2" s="3" t="str">', '<c t="b" r="B2" vm="2" >'])


@given(values, insides, tags, st.sampled_from(["", "x:"]))
def test_both_ways_write_the_same(
    value: int | float | str | bool | CellError, inside: tuple[str, str], tag: str, prefix: str
) -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    plain_raw = tag + "".join(inside) + "</c>"
    raw = re.sub(r"<(/?)(?=[cfv])", rf"<\g<1>{prefix}", plain_raw).encode()
    mark = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    root = f'<{prefix}worksheet {mark}="{main}">'.encode()
    cached = Cached(value)
    kind, shown = render_cached(cached, prefix)
    careful = parsed_with_cached(raw, root, kind, shown, "here")
    assert with_cached(raw, root, prefix, cached, "here") == careful
    assert with_cached(careful, root, prefix, cached, "here") == careful
