"""The lines of a delivery plan: one activity each, with its action, theme, status and direction.

Why lines are not rows with all cells filled: one priority action may have several activities below
it, its cells merged over them or left blank; its theme is a band across the table; and one cell
may hold the status as its colour and the direction of travel as its text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from xlgov.grid.cells import is_blank
from xlgov.grid.headings import normalise
from xlgov.grid.records import Layout, Record, Search
from xlgov.grid.sheet import Grid, Workbook
from xlgov.settings.values import Settings
from xlgov.tracker.entry import Entry
from xlgov.tracker.rag import Key, Status, find_key, read_fill, read_letter, read_word
from xlgov.tracker.travel import Travel, read_travel, split_arrow

# What a line that only goes on with its action takes from the line above it.
_SHARED = ("reference", "action", "theme", "opcc_lead", "delivery_lead", "opportunities")
_OWN = ("activity_reference", "activity", "status", "direction")
_ACTION_WORDS = frozenset(
    ("action", "key action", "action required", "action point", "activity", "planned activity")
)
_LOG_FIELDS = ("due", "raised")
_STRONG_STATUS = re.compile(r"\b(?:b?rag|delivery|direction)\b", re.IGNORECASE)
_SUB_REFERENCE = re.compile(r"\s*([A-Za-z]{0,4}\d+(?:\.\d+)+)[.):]?\s+(?=\S)")
_THEME = re.compile(
    r"(?:(?:plan|priority|strategic)\s+)?(?:theme|pillar)\s*\d*\s*[:\-\u2013]\s*(?=\S)",
    re.IGNORECASE,
)
_LONGEST_BAND = 80
_ROWS_ABOVE_HEADER = 2
_NOT_APPLICABLE = frozenset(("-", "\u2013", "\u2014", "n/a", "na", "not applicable"))


class Line(NamedTuple):
    """One activity of a plan. ``entry.label`` is its activity's reference, else its action's.

    ``status_field`` is the field whose cell holds the status, ``travel_field`` the one for the
    direction: the same where one cell holds both. ``by_word`` tells a status in words from one that
    is a fill. ``unread`` is text in the status's cell that is neither status nor direction.
    ``typed`` is the text that states the direction, "" for none. A line that shares its status's
    cell with the line above is ``repeated`` there.
    """

    entry: Entry
    theme: str
    status_field: str
    travel_field: str
    status: Status | None = None
    fill: Status | None = None
    by_word: bool = False
    unread: str = ""
    travel: Travel | None = None
    typed: str = ""
    is_excused: bool = False  # the cell says that it has no status: n/a
    repeated: bool = False

    @property
    def reference(self) -> str:
        """Reference of the action, without a full stop at its end; "" for none."""
        return self.entry.text("reference").rstrip(".")

    @property
    def action(self) -> str:
        return self.entry.text("action")

    @property
    def activity(self) -> str:
        """The activity's text without its reference."""
        text = self.entry.text("activity")
        found = _SUB_REFERENCE.match(text)
        return text[found.end() :] if found else text


def refine_plans(workbook: Workbook, search: Search) -> Search:
    """Only the layouts that are plans, each with the lines that go on with an action."""
    kept, dropped = [], []
    for layout in map(_with_actions, search.layouts):
        if _is_plan(layout):
            whole = _with_sub_rows(workbook, layout)
            if whole.records:
                kept.append(whole)
                continue
        dropped.append(layout.sheet)
    sheets = {layout.sheet for layout in kept}
    left = tuple(dict.fromkeys(sheet for sheet in dropped if sheet not in sheets))
    return search._replace(layouts=tuple(kept), left_alone=(*search.left_alone, *left))


def _with_actions(layout: Layout) -> Layout:
    """A layout whose only text is its activity, as one of actions: the plan has no other word."""
    if "action" in layout.headings or "activity" not in layout.headings:
        return layout

    def renamed(name: str) -> str:
        return "action" if name == "activity" else name

    headings = {renamed(name): text for name, text in layout.headings.items()}
    columns: dict[int, Mapping[str, int]] = {}  # those of a table are the same for all its rows
    records = []
    for record in layout.records:
        if id(record.columns) not in columns:
            columns[id(record.columns)] = {renamed(n): c for n, c in record.columns.items()}
        cells = {renamed(name): cell for name, cell in record.cells.items()}
        records.append(replace(record, cells=cells, columns=columns[id(record.columns)]))
    return layout._replace(headings=headings, records=records)


def _is_plan(layout: Layout) -> bool:
    """Whether headings are those of a plan, and not of an action log or a risk register."""
    headings = layout.headings
    if "risk" in headings or "action" not in headings:
        return False
    is_stated = "direction" in headings or bool(
        _STRONG_STATUS.search(headings.get("status", "").replace("_", " "))
    )
    leads = sum(name in headings for name in ("opcc_lead", "delivery_lead"))
    is_reported = "activity" in headings and leads > 0
    if normalise(headings["action"]) in _ACTION_WORDS:  # an action log has that heading too
        if any(name in headings for name in _LOG_FIELDS):
            return "direction" in headings
        own = leads > 1 or "theme" in headings or "opportunities" in headings
        return is_stated or (is_reported and own)
    return is_stated or is_reported


def _with_sub_rows(workbook: Workbook, layout: Layout) -> Layout:
    grid = workbook.grid(layout.sheet, columns=layout.columns)
    rows = [record.row for record in layout.records]
    ends = [row - 1 for row in rows[1:]] + [max(grid.rows(), default=0)]
    records: list[Record] = []
    for record, end in zip(layout.records, ends, strict=True):
        if not record.row:
            return layout  # forms have no rows below each other
        if not _is_line(workbook, grid, record):
            continue
        records.append(record)
        for row in range(record.row + 1, end + 1):
            found = _sub_row(workbook, grid, records[-1], row, layout.columns)
            if found is None:
                break
            records.append(found)
    return layout._replace(records=tuple(records))


def _is_line(workbook: Workbook, grid: Grid, record: Record) -> bool:
    """Whether a row says more than a key below the table does: two texts side by side."""
    place = record.at("reference")
    if place is not None and any(letter.isdigit() for letter in str(grid.value(*place))):
        return True
    columns = {name: c for name, c in record.columns.items() if name not in ("reference", "action")}
    return any(
        not is_blank(grid.value(record.row, column))
        or (name == "status" and workbook.fill(grid.cell(record.row, column).style) is not None)
        for name, column in columns.items()
    )


def _sub_row(
    workbook: Workbook, grid: Grid, above: Record, row: int, columns: Collection[int] | None
) -> Record | None:
    """The line in a row that goes on with the action above; None where it does not."""
    own = {name: (row, column) for name, (_, column) in _cells_of(above).items()}
    action_above, action = above.at("action"), own["action"]
    merge = grid.merge_at(*action)
    is_merged = merge is not None and action_above is not None and action_above in merge
    if not is_merged and (merge is not None or not is_blank(grid.value(*action))):
        return None
    cells = {
        name: above.at(name) or place if name in _SHARED and _is_free(grid, place) else place
        for name, place in own.items()
    }
    entry = Entry(workbook, Layout("", grid.sheet, "table", {}, ()), grid, Record(cells), "")
    status = next((name for name in ("status", "direction") if name in cells), "")
    colored = bool(status) and entry.fill(status) is not None and not _in_merge(grid, own[status])
    numbered = entry.text("activity_reference") or _SUB_REFERENCE.match(entry.text("activity"))
    stated = any(
        entry.value(name) is not None and not _in_merge(grid, cells[name])
        for name in ("status", "direction")
        if name in cells
    )
    has_reference = "reference" in own and not is_blank(grid.value(*own["reference"]))
    if not (colored or stated or numbered or has_reference):
        return None
    if not any(name in own and not is_blank(entry.value(name)) for name in _OWN) and not colored:
        return None
    return Record(cells)


def _cells_of(record: Record) -> dict[str, tuple[int, int]]:
    if record.row:
        return {name: (record.row, column) for name, column in record.columns.items()}
    return dict(record.cells)


def _is_free(grid: Grid, place: tuple[int, int]) -> bool:
    return is_blank(grid.value(*place)) and grid.merge_at(*place) is None


def _in_merge(grid: Grid, place: tuple[int, int]) -> bool:
    """Whether a cell is the rest of a merged one."""
    merge = grid.merge_at(*place)
    return merge is not None and (merge.top, merge.left) != place


def read_key(workbook: Workbook, settings: Settings, registers: Sequence[Sequence[Entry]]) -> Key:
    """The key of the plan's workbook: on the plan's own sheets first."""
    taken: dict[str, set[int]] = {}
    for entry in (entry for register in registers for entry in register):
        rows = taken.setdefault(entry.sheet, set())
        rows.update(row for row, _ in _cells_of(entry.record).values())
    sheets = [*taken, *(info.name for info in workbook.sheets if info.name not in taken)]
    return find_key(workbook, settings, sheets, taken)


def read_lines(
    workbook: Workbook, settings: Settings, entries: Sequence[Entry], key: Key, alone: bool = True
) -> list[Line]:
    """The lines of one register. ``alone``: it is the whole plan, not one theme of it."""
    themes = _themes(workbook, entries, alone)
    manner = _manner(entries, key, settings)
    lines: list[Line] = []
    labels: dict[str, int] = {}
    seen: set[tuple[str, str]] = set()
    for entry, theme in zip(entries, themes, strict=True):
        label = _label(entry)
        if entry.text("reference") or entry.text("activity_reference"):
            goes_on = bool(lines) and _is_same_action(lines[-1].entry, entry)
            labels[label] = labels.get(label, 0) + 1 if goes_on else 1
            if labels[label] > 1:
                label = f"{label} ({labels[label]})"
        line = _read_line(entry._replace(label=label), theme, manner, settings)
        place = (entry.sheet, entry.address(line.status_field))
        lines.append(line._replace(repeated=place in seen))
        seen.add(place)
    return lines


def _is_same_action(one: Entry, other: Entry) -> bool:
    """Whether a line goes on with the action of the line above: merged, blank or repeated."""
    names = ("reference", "action")
    return all(one.text(name) == other.text(name) for name in names)


def _label(entry: Entry) -> str:
    """The activity's reference, else the action's, else the row."""
    reference = entry.text("reference").rstrip(".")
    own = entry.text("activity_reference").rstrip(".")
    found = _SUB_REFERENCE.match(entry.text("activity"))
    if not own and found and reference and found[1].casefold().startswith(reference.casefold()):
        own = found[1]
    if own and reference and own.isdigit():
        own = f"{reference}.{own}"
    row = min(
        (cell[0] for name, cell in _cells_of(entry.record).items() if name in _OWN), default=0
    )
    return own or reference or f"row {row}"


class _Manner(NamedTuple):
    """How a register states status and direction: in which fields, and what its fills mean."""

    status_field: str
    travel_field: str
    key: Key
    rows_are_colored: bool


def _manner(entries: Sequence[Entry], key: Key, settings: Settings) -> _Manner:
    """What the rows of a register have in common.

    Where statuses are words, a cell without a fill is not White; it is only not coloured.
    """
    headings = entries[0].layout.headings if entries else {}
    status_field = "status" if "status" in headings else "direction"
    travel_field = "direction" if "direction" in headings else ""
    texts = [split_arrow(entry.text(status_field)) for entry in entries]
    heading = headings.get(status_field, "").casefold()
    if not travel_field and ("direction" in heading or any(arrow for arrow, _ in texts)):
        travel_field = "status"
    if any(_read_status(rest, status_field, settings) for _, rest in texts):
        key = Key(key.colors)
    return _Manner(status_field, travel_field, key, _are_rows_colored(entries, key, settings))


def _read_status(text: str, field: str, settings: Settings) -> Status | None:
    found = read_word(text, settings.status_words)
    return read_letter(text) if found is None and field == "status" else found


def _read_line(entry: Entry, theme: str, manner: _Manner, settings: Settings) -> Line:
    text = entry.text(manner.status_field)
    arrow, rest = split_arrow(text)
    status = _read_status(rest, manner.status_field, settings)
    is_shared = manner.travel_field == manner.status_field
    is_excused = rest.casefold() in _NOT_APPLICABLE
    is_travel = is_shared and read_travel(text) is not None
    travel, typed = None, ""
    if is_shared and status:
        travel, typed = arrow, text if arrow else ""
    elif manner.travel_field:
        typed = entry.text(manner.travel_field)
        travel = read_travel(typed)
    fill = _status_fill(entry, manner, settings)
    return Line(
        entry,
        theme,
        manner.status_field,
        manner.travel_field,
        status=status or fill,
        fill=fill if entry.fill(manner.status_field) else None,
        by_word=status is not None,
        unread="" if status or is_excused or is_travel else rest,
        travel=travel,
        typed="" if typed.casefold() in _NOT_APPLICABLE else typed,
        is_excused=is_excused,
    )


def _status_fill(entry: Entry, manner: _Manner, settings: Settings) -> Status | None:
    """The status that the cell's fill shows; the shade of a whole row is none, unless rows are."""
    fill = entry.fill(manner.status_field)
    if fill is not None and fill == entry.fill("action") and not manner.rows_are_colored:
        return None
    return read_fill(fill, manner.key, settings)


def _are_rows_colored(entries: Iterable[Entry], key: Key, settings: Settings) -> bool:
    """Whether the office colours whole rows by status: two colours of status or more occur."""
    found = set()
    for entry in entries:
        name = "status" if entry.has("status") else "direction"
        fill = entry.fill(name)
        if fill is not None and fill == entry.fill("action"):
            found.add(read_fill(fill, key, settings))
    return len(found - {None, "White"}) > 1


def _themes(workbook: Workbook, entries: Sequence[Entry], alone: bool) -> Iterator[str]:
    """Each entry's theme: of its column, else of the band above it, else of its sheet."""
    if not entries:
        return
    sheet = entries[0].sheet
    grid = workbook.grid(sheet)
    theme = _band_above_header(workbook, grid, entries[0].layout)
    header = max(entries[0].layout.header_rows, default=0)
    last = header
    for entry in entries:
        rows = [row for name, (row, _) in _cells_of(entry.record).items() if name in _OWN]
        row = max(rows, default=last)
        for between in range(last + 1, row):
            theme = _band(grid, between) or theme
        last = row
        if entry.has("theme"):
            theme = entry.text("theme") or theme
        yield theme or ("" if alone else sheet)


def _band(grid: Grid, row: int) -> str:
    """The text of a row that has nothing else; "" for any other row, and for a footnote."""
    values = [value for value in grid.row(row).values() if not is_blank(value)]
    if len(values) != 1 or not isinstance(values[0], str) or len(values[0]) > _LONGEST_BAND:
        return ""
    text = " ".join(values[0].split())
    return "" if text.endswith((".", ";")) else _THEME.sub("", text, count=1)


def _band_above_header(workbook: Workbook, grid: Grid, layout: Layout) -> str:
    """A band just above the headings; it has a fill, which a title has not."""
    top = min(layout.header_rows, default=1)
    for row in range(top - 1, max(0, top - 1 - _ROWS_ABOVE_HEADER), -1):
        text = _band(grid, row)
        if text:
            column = next(iter(grid.row(row)))
            return text if workbook.fill(grid.cell(row, column).style) is not None else ""
    return ""
