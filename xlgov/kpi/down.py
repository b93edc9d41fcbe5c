"""Readings with the months down the rows and an indicator, or one part of it, in each column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from xlgov.grid.cells import address
from xlgov.kpi.line import Cells, Line, Page, column_cells
from xlgov.kpi.measure_words import (
    Part,
    is_name_heading,
    part_in,
    read_part,
    sheet_as_name,
    stated_field,
    tell_parts,
)
from xlgov.kpi.month_axis import Axis
from xlgov.kpi.month_text import parse_month, read_year
from xlgov.kpi.period import Month
from xlgov.kpi.series import Place

_HEADER_ROWS = 8  # rows over the months that may say what the columns are


@dataclass(slots=True)
class Headings:
    """The rows over a block's months; 0 where there is none.

    ``stated`` are rows that say in the column of months what they hold: Unit, Target.
    """

    name: int = 0
    part: int = 0
    theme: int = 0
    title: str = ""
    stated: dict[str, int] = field(default_factory=dict)


def read_down(page: Page, axes: Sequence[Axis]) -> list[Line]:
    """The lines of every block of a page whose months run down."""
    lines: list[Line] = []
    for axis in axes:
        above = max((one.last for one in axes if one.last < axis.first), default=0)
        beside = [one.line for one in axes if one.line > axis.line and _same_rows(one, axis)]
        right = min(beside) - 1 if beside else max(page.grid.columns)
        lines += _read_block(page, axis, above, right)
    return lines


def _same_rows(one: Axis, other: Axis) -> bool:
    return one.first <= other.last and other.first <= one.last


def _read_block(page: Page, axis: Axis, above: int, right: int) -> list[Line]:
    filled = {} if _are_of_records(page, axis) else _read_columns(page, axis, right)
    if not filled:
        return []
    headings = _find_headings(page, axis, above, filled)
    months = frozenset(month for _, month in axis.months)
    named: list[tuple[int, str, Place, Part | None]] = []
    for column in filled:
        name, place = _name(page, headings, column, axis)
        part = read_part(page.text(headings.part, column)) if headings.part else None
        if read_part(name) and not part:
            part, name = read_part(name), headings.title or sheet_as_name(page.name)
        if name:
            named.append((column, name, place, part))
    title = _title_part(page, axis, headings)
    lines = []
    for (column, _, place, part), (name, suffix) in zip(
        named, tell_parts([name for _, name, _, _ in named]), strict=True
    ):
        stated = {key: page.printed(row, column) for key, row in headings.stated.items()}
        theme = stated.pop("theme", "") or _banner(page, headings.theme, column, axis.line)
        stated = {key: text for key, text in stated.items() if text}
        own = part or suffix or title
        lines.append(Line(name, place, own, months, filled[column], theme, stated, page.grid))
    if lines:
        _report_axis(page, axis, filled)
    return lines


def _are_of_records(page: Page, axis: Axis) -> bool:
    """Whether the months are dates of what is named left of them, such as actions."""
    rows = [row for row, _ in axis.months]
    for column in page.grid.columns:
        if column < axis.line and not any(page.grid.value(row, column) is None for row in rows):
            texts = [text for row in rows if (text := page.text(row, column))]
            if texts and not all(read_year(text) or parse_month(text) for text in texts):
                return True
    return False


def _read_columns(page: Page, axis: Axis, right: int) -> dict[int, Cells]:
    """The columns of readings right of the months, in order."""
    by_row = dict(axis.months)
    found: dict[int, Cells] = {}
    for column in sorted(page.grid.columns):
        if not axis.line < column <= right:
            continue
        held, cells = Cells(), column_cells(page.grid, column)
        for row, value, style in zip(cells.rows, cells.values, cells.styles, strict=True):
            month = by_row.get(row)
            if month is not None and value is not None:
                page.take(held, month, row, column, value, style)
        if held.are_readings:
            found[column] = held
    return found


def _find_headings(page: Page, axis: Axis, above: int, filled: dict[int, Cells]) -> Headings:
    """What each row over the months holds, from the nearest up to a blank row or another block."""
    headings = Headings()
    apart = False  # beyond a blank row only a title is looked for
    for row in range(axis.first - 1, max(axis.first - 1 - _HEADER_ROWS, above), -1):
        label = page.merged_text(row, axis.line)
        over = [page.merged_text(row, column) for column in filled]
        texts = [text for text in over if text]
        field_name = stated_field(label) if label else None
        if (
            field_name
            and field_name not in headings.stated
            and any(page.printed(row, column) for column in filled)
        ):
            headings.stated[field_name] = row
        elif not page.grid.row(row):
            if apart:
                break
            apart = bool(headings.name or headings.part)
        elif not texts:
            known = headings.name or headings.part
            if label and known and not headings.title and not read_year(label):
                headings.title = label
        elif not headings.name and not headings.part and _are_parts(texts):
            headings.part = row
        elif not headings.name:
            headings.name = row
        elif not headings.theme and not headings.title:
            if apart or _is_title(page, row, axis, filled):
                headings.title = texts[0]
            else:
                headings.theme = row
    if headings.part and not headings.name:
        headings.name, headings.part = headings.part, 0
    return headings


def _are_parts(texts: Sequence[str]) -> bool:
    """Whether the nearest row of headings is one of parts below a row of names."""
    return all(read_part(text) for text in texts)


def _is_title(page: Page, row: int, axis: Axis, filled: dict[int, Cells]) -> bool:
    """Whether a row of one text speaks of the whole block: it begins over the months."""
    columns = [column for column in page.grid.row(row) if page.text(row, column)]
    first, last = min(filled), max(filled)
    return len(columns) == 1 and (
        columns[0] <= axis.line or (columns[0] == first < last and not _is_merged(page, row, first))
    )


def _is_merged(page: Page, row: int, column: int) -> bool:
    return page.grid.merge_at(row, column) is not None


def _name(page: Page, headings: Headings, column: int, axis: Axis) -> tuple[str, Place]:
    """The name over a column; the name over its left neighbour where parts tell two apart."""
    row = headings.name
    if not row:
        return "", Place(page.name, axis.first, column)
    place = column
    while headings.part and place > axis.line + 1 and not page.text(row, place):
        place -= 1
    merge = page.grid.merge_at(row, place)
    if merge is not None:
        text = page.text(merge.top, merge.left)
        return text, Place(page.name, merge.top, merge.left)
    return page.text(row, place), Place(page.name, row, place)


def _banner(page: Page, row: int, column: int, months: int) -> str:
    """The text over a column in a row of banners: its own, or the nearest to the left."""
    for place in range(column, months, -1) if row else ():
        text = page.text(row, place)
        if text:
            return text
    return ""


def _title_part(page: Page, axis: Axis, headings: Headings) -> Part | None:
    corner = page.merged_text(headings.name, axis.line) if headings.name else ""
    for text in (headings.title, corner):
        part = part_in(text) if text and not is_name_heading(text) else None
        if part:
            return part
    return None


def _report_axis(page: Page, axis: Axis, filled: dict[int, Cells]) -> None:
    seen: dict[Month, int] = {}
    for row, month in axis.months:
        first = seen.setdefault(month, row)
        if first == row:
            continue
        differ = sum(
            spot.number != cells.spots[month].number
            for cells in filled.values()
            for _, spot in cells.twice
            if spot.row == row
        )
        also = f"{differ} of {len(filled)} columns differ" if differ else "the readings are equal"
        page.find(
            "month-twice",
            "",
            row,
            axis.line,
            f"{month.name} stands in rows {first} and {row}; {also}, and the first is used",
            "Correct the month, or remove one of the rows",
            (address(first, axis.line),),
        )
    for row, printed, due in axis.broken:
        if any(page.grid.value(row, column) is not None for column in filled):
            page.find(
                "month-unreadable",
                "",
                row,
                axis.line,
                f"The heading {printed!r} stands where {due.name} is due; its row is not read",
                f"Write the month, such as {due}",
            )
