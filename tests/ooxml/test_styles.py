"""One facet of one cell's style changes; every other facet and every other cell keeps its own."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from applied import apply_to, cell, put, rule, styled
from handmade import BOOK_RELS, MAIN, MAKERS, SHEET, STRICT_MAIN, STYLES, TYPES, plain, swap
from openpyxl import load_workbook

from xlgov.changes import ChangeSet, StyleChange
from xlgov.errors import EditError
from xlgov.ooxml.apply import apply_changes
from xlgov.ooxml.colors import tinted
from xlgov.ooxml.reader import open_workbook


def records(parts: dict[str, str], name: str) -> list[str]:
    """The records of a list of the styles part."""
    inside = re.search(rf"<{name}[^>]*>(.*?)</{name}>", parts[STYLES], re.DOTALL)
    one = {"cellXfs": "xf", "fonts": "font", "fills": "fill", "borders": "border", "dxfs": "dxf",
           "numFmts": "numFmt"}[name]  # fmt: skip
    return re.findall(rf"<{one}\b(?:[^>]*/>|.*?</{one}>)", inside[1] if inside else "", re.DOTALL)


OLD = '<xf numFmtId="164" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1">'
CENTRED = '<alignment horizontal="center"/></xf>'


@pytest.mark.parametrize(
    ("facets", "written"),
    [
        (
            {"number_format": "0.00"},
            '<xf numFmtId="2" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" '
            'applyNumberFormat="1">' + CENTRED,
        ),
        (
            {"number_format": "0.000"},
            '<xf numFmtId="165" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" '
            'applyNumberFormat="1">' + CENTRED,
        ),
        (
            {"bold": False},
            '<xf numFmtId="164" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1">'
            + CENTRED,
        ),
        (
            {"fill": "ffc000"},
            '<xf numFmtId="164" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" '
            'applyFill="1">' + CENTRED,
        ),
        (
            {"border": "thin"},
            '<xf numFmtId="164" fontId="1" fillId="0" borderId="1" xfId="0" applyFont="1" '
            'applyBorder="1">' + CENTRED,
        ),
        (
            {"wrap": True},
            '<xf numFmtId="164" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" '
            'applyAlignment="1"><alignment horizontal="center" wrapText="1"/></xf>',
        ),
    ],
)
def test_one_facet_is_changed_and_the_others_are_kept(
    tmp_path: Path, facets: dict[str, Any], written: str
) -> None:
    after = apply_to(tmp_path, plain(), styled("A2", **facets))
    assert cell(after, "A2") == '<c r="A2" s="3"><v>3</v></c>'
    assert records(after, "cellXfs")[3] == written
    assert records(after, "cellXfs")[:3] == records(text(plain()), "cellXfs")


def text(parts: dict[str, bytes]) -> dict[str, str]:
    return {name: content.decode() for name, content in parts.items()}


def test_a_font_keeps_what_was_not_asked_for_in_the_schemas_order(tmp_path: Path) -> None:
    after = apply_to(
        tmp_path, plain(), styled("A2", font_color="00b050", italic=True, underline=True)
    )
    assert records(after, "fonts")[2] == (
        '<font><b/><i/><u/><sz val="11"/><color rgb="FF00B050"/><name val="Calibri"/></font>'
    )


def test_a_style_that_has_the_facet_already_is_left(tmp_path: Path) -> None:
    before = text(plain())
    for facets in ({"bold": True}, {"number_format": '0.0" days"'}, {"wrap": False}):
        after = apply_to(tmp_path, plain(), styled("A2", **facets))
        assert after == before
        (tmp_path / "after.xlsx").unlink()


def test_an_equal_style_is_used_again(tmp_path: Path) -> None:
    changes = ChangeSet(
        styles=tuple(
            StyleChange("Register", address, number_format="0.000", bold=True)
            for address in ("A7", "B7", "A1", "Z99")
        )
    )
    after = apply_to(tmp_path, plain(), changes)
    assert len(records(after, "cellXfs")) == 4
    assert cell(after, "Z99") == '<c r="Z99" s="3"/>'
    again = tmp_path / "after.xlsx"
    first = again.read_bytes()
    assert apply_changes(changes, again) is False
    assert again.read_bytes() == first


def test_two_changes_of_one_cell_are_one_style(tmp_path: Path) -> None:
    changes = ChangeSet(
        styles=(*styled("A7", bold=True).styles, *styled("A7", fill="FF0000").styles)
    )
    after = apply_to(tmp_path, plain(), changes)
    assert len(records(after, "cellXfs")) == 4
    assert 'fontId="2" fillId="2"' in records(after, "cellXfs")[3]


def test_wrapping_is_switched_off_and_stays_off(tmp_path: Path) -> None:
    wrapped = ('<alignment horizontal="center"/>', '<alignment horizontal="center" wrapText="1"/>')
    after = apply_to(tmp_path, swap(plain(), STYLES, wrapped), styled("A2", wrap=False))
    assert '<alignment horizontal="center" wrapText="0"/>' in records(after, "cellXfs")[3]
    assert apply_changes(styled("A2", wrap=False), tmp_path / "after.xlsx") is False


def test_a_new_code_takes_no_number_that_another_style_relies_on(tmp_path: Path) -> None:
    parts = swap(plain(), STYLES, ('<xf numFmtId="14"', '<xf numFmtId="165"'))
    after = apply_to(tmp_path, parts, styled("A7", number_format='0.0"%"<&'))
    assert '<numFmt numFmtId="166" formatCode="0.0&quot;%&quot;&lt;&amp;"/>' in after[STYLES]


@pytest.mark.parametrize("name", ["no styles part", "an empty styles part",
                                  "a styles part of nothing but its root", "empty lists of styles",
                                  "a styles relationship without its part"])  # fmt: skip
def test_cells_without_a_style_stay_plain_where_the_workbook_had_no_styles(
    tmp_path: Path, name: str
) -> None:
    changes = ChangeSet(
        cells=put("A1", "x").cells,
        styles=styled("A7", bold=True, fill="FF0000", border="thin", number_format="0.000").styles,
    )
    parts = MAKERS[name]()
    # openpyxl reads no index beyond the table.
    parts[SHEET] = re.sub(rb' s="\d"', b"", parts[SHEET])
    after = apply_to(tmp_path, parts, changes)
    book = load_workbook(tmp_path / "after.xlsx")
    changed, other = book["Register"]["A7"], book["Register"]["A1"]
    assert (changed.font.b, changed.number_format) == (True, "0.000")
    assert (changed.fill.fgColor.rgb, changed.border.left.style) == ("FFFF0000", "thin")
    assert (other.font.b, other.number_format, other.fill.patternType) == (False, "General", None)
    assert other.style == "Normal"
    part = next(n for n in after if n.startswith("xl/") and "tyles" in n)
    assert after[TYPES].count(f'PartName="/{part}"') == 1
    assert after[BOOK_RELS].count("/styles") == 1


@pytest.mark.parametrize(("index", "table"), [("3", 5), ("40", 42), ("65490", 4), ("²", 4)])
def test_a_cell_whose_index_is_beyond_the_table_never_shows_a_format_of_ours(
    tmp_path: Path, index: str, table: int
) -> None:
    parts = swap(plain(), SHEET, ('<c r="A5" s="2">', f"<c r='A5' s = '{index}'>"))
    after = apply_to(tmp_path, parts, styled("A7", bold=True))
    formats = records(after, "cellXfs")
    assert len(formats) == table
    assert set(formats[3:-1]) <= {formats[0]}
    assert cell(after, "A7") == f'<c r="A7" s="{table - 1}"><v>1.5</v></c>'


def test_styles_made_for_a_strict_workbook_are_strict(tmp_path: Path) -> None:
    parts = {name: raw for name, raw in MAKERS["strict namespaces"]().items() if name != STYLES}
    after = apply_to(tmp_path, parts, styled("A7", bold=True))
    assert STRICT_MAIN in after[STYLES]
    assert MAIN not in after[STYLES]


@pytest.mark.parametrize("facets", [
    {"fill": "#FF0000"}, {"font_color": 'FF0000" x="'}, {"border": "wavy"}, {"number_format": ""},
    {"number_format": "0" * 256}, {"number_format": "0\x00"},
])  # fmt: skip
def test_a_facet_that_no_style_can_have_is_refused(tmp_path: Path, facets: dict[str, Any]) -> None:
    with pytest.raises(EditError, match="Register!A2"):
        apply_to(tmp_path, plain(), styled("A2", **facets))


def test_no_more_styles_than_excel_allows(tmp_path: Path) -> None:
    more = "".join(
        f'<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="{n}"/>' for n in range(65_487)
    )
    parts = swap(plain(), STYLES, ("</cellXfs>", f"{more}</cellXfs>"))
    with pytest.raises(EditError, match="65,490 cell formats"):
        apply_to(tmp_path, parts, styled("A2", bold=False))


def test_a_large_styles_part_is_parsed_once_and_not_for_every_format(tmp_path: Path) -> None:
    more = "".join(
        f'<xf numFmtId="{n % 50}" fontId="0" fillId="0" borderId="0" xfId="0" applyFont="1">'
        f'<alignment horizontal="left" indent="{n}"/></xf>'
        for n in range(15_000)
    )
    parts = swap(plain(), STYLES, ("</cellXfs>", f"{more}</cellXfs>"))
    assert len(parts[STYLES]) > 1_500_000
    looks = ("FF0000", "FFC000", "FFFF00", "92D050", "00B050", "7030A0")
    changes = ChangeSet(
        styles=tuple(
            StyleChange("Register", f"A{n}", fill=fill, number_format=f"0.{'0' * n}", bold=True)
            for n, fill in enumerate(looks, start=1)
        ),
        formats=tuple(rule(f"B{n}", "TRUE", fill=fill) for n, fill in enumerate(looks, start=1)),
    )
    started = time.process_time()
    one = apply_to(tmp_path, parts, styled("A1", bold=True))
    alone = time.process_time() - started
    (tmp_path / "after.xlsx").unlink()
    started = time.process_time()
    after = apply_to(tmp_path, parts, changes)
    together = time.process_time() - started
    assert len(records(after, "cellXfs")) == 15_003 + 6 > len(records(one, "cellXfs"))
    assert together < 2 * alone + 0.5


# Reading


def test_number_formats_and_fills_are_read(tmp_path: Path) -> None:
    fills = (
        '<fills count="2">',
        '<fills count="4"><fill><patternFill/></fill><fill><patternFill/></fill><fill><patternFill '
        'patternType="solid"><fgColor theme="4" tint="0.8"/></patternFill></fill><fill><patternFill'
        ' patternType="solid"><fgColor indexed="10"/></patternFill></fill>',
    )
    parts = swap(plain(), STYLES, fills, ('numFmtId="14" fontId="0" fillId="0"',
                                          'numFmtId="14" fontId="0" fillId="2"'))  # fmt: skip
    apply_to(tmp_path, parts, put("A1", 1))
    with open_workbook(tmp_path / "after.xlsx") as book:
        assert [book.number_format(style) for style in (0, 1, 2, 99)] == [
            "General", '0.0" days"', "dd/mm/yyyy", "General"
        ]  # fmt: skip
        assert [book.fill(style) for style in (0, 2)] == [None, "DAE3F3"]


@pytest.mark.parametrize(
    ("rgb", "tint", "shown"),
    [("4472C4", 0, "4472C4"), ("4472C4", -0.5, "203764"), ("FFFFFF", -0.05, "F2F2F2"),
     ("000000", 0.5, "808080"), ("FF0000", 1, "FFFFFF")],
)  # fmt: skip
def test_a_tint_is_what_excel_shows(rgb: str, tint: float, shown: str) -> None:
    found = tinted(rgb, tint)
    differences = [abs(int(found[n : n + 2], 16) - int(shown[n : n + 2], 16)) for n in (0, 2, 4)]
    assert max(differences) <= 1, found
