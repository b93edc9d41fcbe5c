"""The as-at or meeting date that a workbook prints on itself."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import pytest

from xlgov.grid.asof import printed_as_of, title_date
from xlgov.grid.cells import Value
from xlgov.grid.sheet import FormatRange, Grid, SheetInfo

DATE_STYLE = 1


class Titles:
    """A workbook of a few sheets; a date is a serial number in DATE_STYLE."""

    date_1904 = False

    def __init__(self, *sheets: tuple[str, str, Sequence[Sequence[Value]]]) -> None:
        self.sheets = [SheetInfo(name, state) for name, state, _ in sheets]
        self._rows = {name: rows for name, _, rows in sheets}

    def grid(
        self, sheet: str, *, rows: int | None = None, columns: Collection[int] | None = None
    ) -> Grid:
        grid = Grid(sheet)
        for number, cells in enumerate(self._rows[sheet], start=1):
            for column, value in enumerate(cells, start=1):
                dated = isinstance(value, int) and value > 40000
                grid.put(number, column, value, style=DATE_STYLE if dated else 0)
        return grid

    def number_format(self, style: int) -> str:
        return "dd/mm/yyyy" if style == DATE_STYLE else "General"

    def fill(self, style: int) -> str | None:
        return None

    def formats(self, sheet: str) -> Sequence[FormatRange]:
        return ()

    def names(self) -> Mapping[str, str]:
        return {}


def one_sheet(*rows: Sequence[Value]) -> Titles:
    return Titles(("Register", "visible", rows))


HEADER = ("Reference", "Risk", "Likelihood", "Impact", "Rating", "Status")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Dashboard as at 31st March 2018", date(2018, 3, 31)),
        ("as at 31/01/2017", date(2017, 1, 31)),
        ("Position at 31 March 2018", date(2018, 3, 31)),
        ("Position as at: 31.03.2018", date(2018, 3, 31)),
        ("AS AT 31/01/2017 (draft 2)", date(2017, 1, 31)),
        ("Risk register (as at 31 January 2017)", date(2017, 1, 31)),
        ("Risk register as of January 31, 2017, version 2", date(2017, 1, 31)),
        ("Business Coordination Board, 6 February 2017", date(2017, 2, 6)),
        ("Business Coordination Board: Monday 6th February 2017", date(2017, 2, 6)),
        ("Business Coordination Board \u2013 6 February 2017 \u2013 item 5", date(2017, 2, 6)),
        ("Board meeting 6 February 2017", date(2017, 2, 6)),
        ("Date of meeting: 6th February 2017", date(2017, 2, 6)),
        ("Meeting date: 06/02/2017", date(2017, 2, 6)),
        ("Report to the meeting held on 6 February 2017", date(2017, 2, 6)),
        ("Performance\nas at\n31 March 2018", date(2018, 3, 31)),
        ("As at 31 March 2018 (agreed by the board, 5 April 2018)", date(2018, 3, 31)),
    ],
)
def test_a_title_states_its_date(text: str, day: date) -> None:
    assert title_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Strategic risk register 2017",
        "Update 31 January 2017",
        "Status: as at 31 January 2017",
        "Next meeting: 6 February 2017",
        "Last board meeting, 6 February 2017",
        "Minutes of the meeting on 6 February 2017",
        "Approved by the board on 6 February 2017",
        "as at March 2018",
        "as at 31/02/2018",
        "Risk board paper, 6 February 2017",
        "As at 31 March 2018 " + "and the work that the office goes on with " * 4,
    ],
)
def test_other_texts_state_none(text: str) -> None:
    assert title_date(text) is None


def test_a_date_above_the_table_is_found_with_its_cell() -> None:
    book = one_sheet(("Strategic risk register",), (None, "as at 31/01/2017"), HEADER)
    assert printed_as_of(book) == (date(2017, 1, 31), "Register!B2")


@pytest.mark.parametrize(
    "label", ["As at", "As at:", "Data as at", "Date of meeting", "Report date"]
)
def test_a_label_takes_the_date_to_its_right(label: str) -> None:
    assert printed_as_of(one_sheet((label, None, 42766))) == (date(2017, 1, 31), "Register!C1")
    assert printed_as_of(one_sheet((label, "31 Jan 2017"))) == (date(2017, 1, 31), "Register!B1")


def test_a_label_takes_no_plain_number() -> None:
    assert printed_as_of(one_sheet(("As at", 31))) is None


def test_a_status_inside_a_record_is_never_the_date() -> None:
    record = ("SR1.1", "Engagement", 1, 4, 10, "as at 31 January 2017")
    assert printed_as_of(one_sheet(HEADER, record)) is None
    assert printed_as_of(one_sheet(("Risks",), HEADER, record, ("as at 31/01/2017",))) is None
    form = ("Reference", "SR1.1", "Status", "As at 31 January 2017")
    assert printed_as_of(one_sheet(form, ("as at 31/01/2017",))) is None
    assert printed_as_of(one_sheet(("Status", "as at 31 January 2017"))) is None


def test_comparison_columns_are_no_title() -> None:
    row = ("Indicator", "As at 31 March 2017", "As at 31 March 2018")
    assert printed_as_of(one_sheet(row)) is None


def test_the_first_visible_sheet_with_a_date_wins() -> None:
    book = Titles(
        ("Lists", "hidden", [("as at 01/01/2001",)]),
        ("xlgov", "visible", [("as at 02/02/2002",)]),
        ("Cover", "visible", [("Register",)]),
        ("Dashboard", "visible", [("as at 31/03/2018",)]),
        ("Detail", "visible", [("as at 31/12/2017",)]),
    )
    assert printed_as_of(book) == (date(2018, 3, 31), "Dashboard!A1")


def test_a_date_far_down_the_sheet_is_no_title() -> None:
    assert printed_as_of(one_sheet(*[("Note",)] * 15, ("as at 31/03/2018",))) is None


def test_month_first_is_followed_when_stated() -> None:
    book = one_sheet(("as at 03/04/2018",))
    assert printed_as_of(book) == (date(2018, 4, 3), "Register!A1")
    assert printed_as_of(book, day_first=False) == (date(2018, 3, 4), "Register!A1")
