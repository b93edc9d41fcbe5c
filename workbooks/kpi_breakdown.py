"""The breakdown tables: arrests and stop searches by age, ethnicity and nationality.

Why there are counts: the papers print percentages and one total. A table that can be checked
needs the counts, so they are chosen: whole numbers that print every percentage and subtotal and
add up to the total. The nationality of stop searches does not fit its printed total, so it has a
base of its own, the largest that fits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, product

from kpi_figure_rows import typed_number
from kpi_repair import Bounds, bounds_of, share_total, total_room
from office_style import OfficeWorkbook
from risk_facts import read_rows
from xlsxwriter.worksheet import Worksheet

PERIODS = ("month_value_mar18", "rolling12_value_to_mar18")
HEADINGS = ("Category", "Mar-18 count", "Mar-18 %", "Rolling 12 count", "Rolling 12 %")
WIDTHS = (250, 104, 92, 120, 100)
HALF = Fraction(1, 2000)
ILLUSTRATIVE = (
    "Percentages and totals are as published. The counts are illustrative: whole numbers that "
    "print those percentages."
)
OWN_BASE = "TOTAL with nationality recorded"

SUBTOTALS: dict[str, tuple[str, ...]] = {
    "Juveniles": ("14 and under", "15-17"),
    "Total America": ("North America", "Central America", "South America"),
    "Europe (excl UK)": ("Northern Europe", "Eastern Europe", "Southern Europe", "Western Europe"),
    "Europe (incl UK)": ("UK", "Europe (excl UK)"),
}
TOTAL_NAMES = {"Arrests": "TOTAL ARRESTS", "Stop searches": "TOTAL"}


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its rows as printed, and for each period the counts by category."""

    title: str
    percentages: Mapping[str, tuple[str, str]]
    totals: tuple[int, int]
    total_name: str
    counts: tuple[Mapping[str, int], Mapping[str, int]]


def read_tables() -> list[Table]:
    """The six tables in printed order."""
    rows = read_rows("breakdown_2018_03.csv")
    totals = {
        row["table"]: tuple(int(typed_number(row[period])) for period in PERIODS)
        for row in rows
        if row["category"] in TOTAL_NAMES.values()
    }
    tables = []
    for (kind, dimension), group in groupby(rows, lambda row: (row["table"], row["dimension"])):
        percentages = {
            row["category"]: (row[PERIODS[0]], row[PERIODS[1]])
            for row in group
            if row["unit"] == "percent"
        }
        month, year = totals[kind]
        name = TOTAL_NAMES[kind]
        if (kind, dimension) == ("Stop searches", "nationality"):
            month, year = (_find_base(percentages, p, of) for p, of in enumerate((month, year)))
            name = OWN_BASE
        counts = [
            found
            for place, of in enumerate((month, year))
            if (found := _find_counts(percentages, place, of)) is not None
        ]
        tables.append(
            Table(f"{kind}: {dimension}", percentages, (month, year), name, (counts[0], counts[1]))
        )
    return tables


def _rooms(percentages: Mapping[str, tuple[str, str]], place: int, total: int) -> dict[str, Bounds]:
    return {
        name: _not_negative(
            bounds_of(Fraction(printed[place].removesuffix("%")) / 100, HALF, total)
        )
        for name, printed in percentages.items()
    }


def _not_negative(bounds: Bounds) -> Bounds:
    return Bounds(max(bounds.lowest, 0), bounds.highest)


def _find_base(percentages: Mapping[str, tuple[str, str]], place: int, largest: int) -> int:
    """The largest number of people of which all percentages can be, and who add up."""
    for total in range(largest, 0, -1):
        if _find_counts(percentages, place, total) is not None:
            return total
    raise ValueError(f"no base up to {largest} has these percentages")


def _find_counts(
    percentages: Mapping[str, tuple[str, str]], place: int, total: int
) -> dict[str, int] | None:
    """Counts that print every percentage and add up to the total; None where there are none."""
    rooms = _rooms(percentages, place, total)
    grouped = {part for name in SUBTOTALS if name in rooms for part in SUBTOTALS[name]}
    loose = [name for name in rooms if name not in grouped and name not in SUBTOTALS]
    # What is chosen: each lowest subtotal, and parts that stand beside one (UK).
    chosen = [
        name
        for name in rooms
        if name not in loose
        and (
            (name in SUBTOTALS and not set(SUBTOTALS[name]) & set(SUBTOTALS))
            or (name not in SUBTOTALS and _is_beside_subtotal(name))
        )
    ]
    ranges = [_held(name, rooms) for name in chosen]
    middle = total_room(rooms[name] for name in loose)
    best: tuple[float, dict[str, int]] | None = None
    for values in product(*ranges):
        counts = dict(zip(chosen, values, strict=True))
        if any(
            sum(counts[part] for part in parts) not in rooms[name]
            for name, parts in SUBTOTALS.items()
            if name in rooms and name not in chosen
        ):
            continue
        left = total - sum(values)
        if left not in middle:
            continue
        away = sum(
            abs(n - (rooms[name].lowest + rooms[name].highest) / 2) for name, n in counts.items()
        ) + abs(left - (middle.lowest + middle.highest) / 2)
        if best is None or away < best[0]:
            best = away, counts
    if best is None:
        return None
    counts = best[1]
    counts |= _split(total - sum(counts.values()), loose, rooms)
    for name in chosen:
        if name in SUBTOTALS:
            counts |= _split(counts[name], SUBTOTALS[name], rooms)
    for name, parts in SUBTOTALS.items():
        if name in rooms and name not in counts:
            counts[name] = sum(counts[part] for part in parts)
    return counts


def _is_beside_subtotal(name: str) -> bool:
    return any(name in parts and set(parts) & set(SUBTOTALS) for parts in SUBTOTALS.values())


def _held(name: str, rooms: Mapping[str, Bounds]) -> range:
    """What a subtotal may be: as printed, and within what its parts can hold."""
    room = rooms[name]
    if name in SUBTOTALS:
        held = total_room(rooms[part] for part in SUBTOTALS[name])
        room = Bounds(max(room.lowest, held.lowest), min(room.highest, held.highest))
    return range(room.lowest, room.highest + 1)


def _split(total: int, names: Sequence[str], rooms: Mapping[str, Bounds]) -> dict[str, int]:
    drafts = {
        place: (rooms[name].lowest + rooms[name].highest) / 2 for place, name in enumerate(names)
    }
    weights = {
        place: rooms[name].highest - rooms[name].lowest + 0.01 for place, name in enumerate(names)
    }
    shared = share_total(
        total, drafts, weights, {place: rooms[name] for place, name in enumerate(names)}
    )
    return {name: shared[place] for place, name in enumerate(names)}


def add_breakdown(office: OfficeWorkbook) -> None:
    """The sheet ``Breakdown``: six tables, one below the other, every cell typed."""
    sheet = office.add_sheet("Breakdown")
    for column, width in enumerate(WIDTHS):
        sheet.set_column_pixels(column, column, width)
    sheet.set_row(0, 28)
    sheet.write_string(
        0, 0, "Arrests and stop searches, March 2018", office.format("title", font_size=14)
    )
    sheet.write_string(1, 0, ILLUSTRATIVE, office.format("small print"))
    row, breaks = 3, []
    for number, table in enumerate(read_tables()):
        if number and number % 2 == 0:
            breaks.append(row)
        row = _write_table(office, sheet, row, table) + 2
    sheet.set_portrait()
    sheet.set_h_pagebreaks(breaks)
    sheet.fit_to_pages(1, 0)


def _write_table(office: OfficeWorkbook, sheet: Worksheet, row: int, table: Table) -> int:
    """A table from a row on; the row after it."""
    sheet.set_row(row, 22)
    sheet.write_string(row, 0, table.title, office.format("section"))
    for column, text in enumerate(HEADINGS):
        look = "heading" if column else "text heading"
        sheet.write_string(row + 1, column, text, office.format(look))
    row += 2
    for name, printed in table.percentages.items():
        bold = name in SUBTOTALS
        sheet.write_string(row, 0, name, office.format("line", bold=bold))
        for place, text in enumerate(printed):
            count = office.format("score", num_format="#,##0", bold=bold)
            share = office.format("score", num_format="0.0%", bold=bold)
            sheet.write_number(row, 1 + 2 * place, table.counts[place][name], count)
            sheet.write_number(row, 2 + 2 * place, typed_number(text), share)
        row += 1
    sheet.write_string(row, 0, table.total_name, office.format("label"))
    for place, total in enumerate(table.totals):
        count = office.format("label", num_format="#,##0", align="center", indent=0)
        share = office.format("label", num_format="0.0%", align="center", indent=0)
        sheet.write_number(row, 1 + 2 * place, total, count)
        sheet.write_number(row, 2 + 2 * place, 1, share)
    return row + 1
