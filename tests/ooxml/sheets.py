"""Sheets and edits at random, for the properties that hold for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st

from xlgov.changes import Formula, RichText, TextRun
from xlgov.grid.cells import address
from xlgov.ooxml.edits import KEEP, CellEdit

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
COLUMNS = (1, 2, 3, 4, 26, 27, 16_384)

texts = st.text(st.sampled_from("ab é<&>\"'_x0041\n\t=1😀"), max_size=12)
numbers = st.one_of(
    st.integers(-(10**6), 10**17), st.floats(-1e9, 1e9, allow_nan=False), st.just(1e300)
)
number_texts = st.one_of(
    numbers.map(repr),
    st.sampled_from(["", " 5 ", "1E3", "007", "-0", "abc", "9" * 16, "9" * 30, "1_0", "٣"]),
)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@dataclass(frozen=True)
class MadeSheet:
    """A sheet's XML, and whether it is of the common form."""

    raw: bytes
    regular: bool
    masters: frozenset[tuple[int, int]]  # first cells of shared and array formulas


@dataclass
class _Draft:
    """What a sheet's cells agree on while they are drawn."""

    p: str
    odd: bool
    shared: int = 0
    regular: bool = True


def _cell(draw: st.DrawFn, draft: _Draft, row: int, column: int) -> tuple[str, bool]:
    p = draft.p
    kind = draw(
        st.sampled_from(["n", "n", "blank", "empty", "s", "str", "inlineStr", "rich", "b", "e", "f",
                         "master", "child", "array", "d", "phonetic"])
    )  # fmt: skip
    mark = draw(st.sampled_from(["", "", ' s="1"', ' s="2"', ' s="99"', ' s="-1"']))
    more = draw(st.sampled_from(["", "", ' ph="1"', ' vm="1"', ' cm="1"']))
    inside, kind_mark, master = "", "", False
    text = escaped(draw(texts))
    if kind == "n":
        kind_mark = draw(st.sampled_from(["", ' t="n"']))
        inside = f"<{p}v>{draw(number_texts)}</{p}v>"
    elif kind == "s":
        kind_mark = ' t="s"'
        inside = f"<{p}v>{draw(st.sampled_from(['0', '1', '2', '77', '-1', 'x']))}</{p}v>"
    elif kind == "str":
        kind_mark = ' t="str"'
        value = draw(st.sampled_from([f"<{p}v>{text}</{p}v>", "", f"<{p}v/>", f"<{p}v></{p}v>"]))
        inside = f"<{p}f>A1</{p}f>{value}"
    elif kind == "inlineStr":
        kind_mark = ' t="inlineStr"'
        space = draw(st.sampled_from(["", ' xml:space="preserve"']))
        inside = draw(st.sampled_from(
            [f"<{p}is><{p}t{space}>{text}</{p}t></{p}is>", f"<{p}is/>", f"<{p}is><{p}t/></{p}is>"]
        ))  # fmt: skip
    elif kind == "rich":
        kind_mark = ' t="inlineStr"'
        inside = (
            f'<{p}is><{p}r><{p}rPr><{p}b/><{p}sz val="9"/></{p}rPr><{p}t>{text}</{p}t></{p}r>'
            f"<{p}r><{p}t>end</{p}t></{p}r></{p}is>"
        )
    elif kind == "phonetic":
        kind_mark = ' t="inlineStr"'
        inside = f'<{p}is><{p}t>{text}</{p}t><{p}rPh sb="0" eb="1"><{p}t>no</{p}t></{p}rPh></{p}is>'
    elif kind in ("b", "e", "d"):
        kind_mark = f' t="{kind}"'
        value = {"b": "1", "e": "#DIV/0!", "d": "2017-02-06T12:00:00"}[kind]
        inside = draw(st.sampled_from([f"<{p}v>{value}</{p}v>", f"<{p}v/>", f"<{p}v></{p}v>"]))
    elif kind == "f":
        inside = f"<{p}f>SUM(A1:B2)&amp;{text}</{p}f><{p}v>3</{p}v>"
    elif kind == "master":
        draft.shared += 1
        master = True
        inside = f'<{p}f t="shared" ref="A1:D9" si="{draft.shared}">A100+$B$1</{p}f><{p}v>1</{p}v>'
    elif kind == "child":
        inside = f'<{p}f t="shared" si="{draw(st.integers(0, 3))}"/><{p}v>1</{p}v>'
    elif kind == "array":
        master = True
        area = draw(st.sampled_from([address(row, column), f"{address(row, column)}:XFD9"]))
        inside = f'<{p}f t="array" ref="{area}">A1</{p}f><{p}v>1</{p}v>'
    attributes = f'r="{address(row, column)}"{mark}{kind_mark}{more}'
    if draft.odd and draw(st.integers(0, 9)) == 0:
        draft.regular = False
        attributes = draw(st.sampled_from([
            attributes.replace('"', "'"),
            f'{mark}{kind_mark} r="{address(row, column)}"'.strip(),
            attributes.replace(" ", "  "),
            attributes.replace(" ", "\n"),
            attributes.lower() if kind != "inlineStr" else attributes.replace('"', "'"),
        ]))  # fmt: skip
        if attributes == f'r="{address(row, column)}"':
            draft.regular = True
    if not inside:
        blank = draw(st.sampled_from(["", " "]))
        return f"<{p}c {attributes}{blank}/>" if kind == "blank" else (
            f"<{p}c {attributes}></{p}c>"
        ), master  # fmt: skip
    return f"<{p}c {attributes}>{inside}</{p}c>", master


@st.composite
def sheets(draw: st.DrawFn, odd: bool = False) -> MadeSheet:
    """A sheet; with ``odd``, often not of the common form."""
    p = draw(st.sampled_from(["", "", "x:"]))
    draft = _Draft(p, odd)
    masters = set()
    rows = []
    gap = draw(st.sampled_from(["", "", "\n  "]))
    for number in sorted(draw(st.sets(st.sampled_from([1, 2, 3, 5, 8, 9, 400, 1_048_576])))):
        attributes = f'r="{number}"' + draw(
            st.sampled_from(["", ' spans="1:4"', ' s="2" customFormat="1"', ' ht="30" hidden="1"'])
        )
        columns = sorted(draw(st.sets(st.sampled_from(COLUMNS))))
        if not columns:
            closing = draw(st.sampled_from(["/>", " />", f"></{p}row>"]))
            rows.append(f"<{p}row {attributes}{closing}")
            continue
        cells = []
        for column in columns:
            cell, master = _cell(draw, draft, number, column)
            cells.append(cell)
            if master:
                masters.add((number, column))
        if odd and draw(st.integers(0, 9)) == 0:
            draft.regular = False
            cells.append(draw(st.sampled_from(["<!-- </x:c> -->", "<?p i?>"])))
        rows.append(f"<{p}row {attributes}>{gap}{gap.join(cells)}{gap}</{p}row>")
    body = gap + gap.join(rows) + gap if rows else ""
    opening, closing = f"<{p}sheetData>", f"</{p}sheetData>"
    whole = opening + body + closing
    if not body:
        whole = draw(st.sampled_from([whole, f"<{p}sheetData/>", f"<{p}sheetData />"]))
    dimension = draw(st.sampled_from(["", f'<{p}dimension ref="B2:C3"/>']))
    columns_mark = f'<{p}cols><{p}col min="2" max="3" style="2" width="9"/></{p}cols>'
    around = f' xmlns{":" + p[:-1] if p else ""}="{MAIN}"'
    raw = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{p}worksheet{around}>{dimension}'
        f'{draw(st.sampled_from(["", columns_mark]))}{whole}<{p}pageMargins left="1"/>'
        f"</{p}worksheet>"
    )
    return MadeSheet(raw.encode(), draft.regular, frozenset(masters))


new_values: st.SearchStrategy[Any] = st.one_of(
    st.just(KEEP),
    st.none(),
    st.booleans(),
    numbers,
    texts,
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    st.datetimes(datetime(1904, 1, 2), datetime(2100, 1, 1)),
    st.builds(Formula, st.sampled_from(["A1*2", 'IF(A1<2,"a&b","")']), st.one_of(numbers, texts)),
    st.builds(
        lambda one, two: RichText((TextRun(one, bold=True, color="FF0000"), TextRun(two))),
        texts,
        texts,
    ),
)


@st.composite
def edits(draw: st.DrawFn) -> dict[int, dict[int, CellEdit]]:
    """Edits of cells that are there, are missing, stand before the first or behind the last."""
    rows = draw(st.sets(st.sampled_from([1, 2, 3, 4, 5, 6, 8, 9, 399, 400, 1_048_576]), min_size=1))
    found: dict[int, dict[int, CellEdit]] = {}
    for row in rows:
        for column in draw(st.sets(st.sampled_from([*COLUMNS, 5, 30]), min_size=1, max_size=4)):
            style = draw(st.sampled_from([None, None, 0, 2]))
            value = draw(new_values)
            if value is KEEP and style is None:
                style = 1
            found.setdefault(row, {})[column] = CellEdit(value, style)
    return found


class OneSheet:
    """A package of one part, given out in pieces of any size; it stands in for Parts too."""

    def __init__(self, raw: bytes, chunk: int = 1 << 20) -> None:
        self._raw = raw
        self._chunk = chunk

    @property
    def package(self) -> OneSheet:
        return self

    def stream(self, part: str) -> Iterator[bytes]:
        for at in range(0, len(self._raw), self._chunk):
            yield self._raw[at : at + self._chunk]

    def read(self, part: str) -> bytes:
        return self._raw

    def raw(self, part: str) -> bytes:
        return self._raw

    def pending(self, part: str) -> None:
        return None


def addresses(found: Mapping[int, Mapping[int, CellEdit]]) -> tuple[set[str], set[str]]:
    """Addresses of the cells that get a value, and of those that get a style."""
    listed = [(address(r, c), edit) for r, cells in found.items() for c, edit in cells.items()]
    return (
        {name for name, edit in listed if edit.value is not KEEP},
        {name for name, edit in listed if edit.style is not None},
    )
