"""Which scheme rates a register: settings, the workbook's own matrix, or the vote of its ratings.

Why a vote that can only refuse: the ratings already typed are the best witnesses of how an
office scores. Where another scheme explains more of them than the one that would be used, or
where that one explains less than half, writing would rewrite somebody's register by a rule that
is not theirs. Then there is no scheme, and one finding says in words how to state it. A handful
of stale ratings changes nothing: the built-in matrix has to be beaten, not to be perfect. Fewer
than three ratings can beat it, but their mere disagreement is no sign of another scheme.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple

from xlgov.changes import Finding
from xlgov.grid.asof import is_our_own
from xlgov.grid.records import Layout
from xlgov.grid.sheet import Grid, Workbook
from xlgov.risk.codes import make_finding
from xlgov.risk.key import find_tolerance, read_bands
from xlgov.risk.matrix import OwnMatrix, find_matrices
from xlgov.risk.register import Register
from xlgov.risk.scale import BANDS, BUILT_IN, SIZE, TOLERANCE, Scheme, rank_matrix
from xlgov.risk.vote import (
    FEWEST_RATINGS,
    LARGEST_SIZE,
    STATE,
    Tally,
    count_explained,
    find_rival,
    size_in_headings,
)
from xlgov.settings.values import Settings

_GLANCE_ROWS = 300


class Choice(NamedTuple):
    """The scheme of one register, or the finding that says why there is none."""

    scheme: Scheme | None
    finding: Finding | None = None
    remarks: tuple[str, ...] = ()
    unread: bool = False  # most scores are in words that no scale here has


class Key(NamedTuple):
    """What the workbook says of its own scheme: its matrices, and the sheets to look up more.

    ``glances`` are the first rows of every sheet; ``wordings`` those that may be a key: not the
    forms, and of a table's sheet only what stands above its headings.
    """

    matrices: tuple[OwnMatrix, ...]
    glances: Mapping[str, Grid]
    wordings: tuple[Grid, ...]


def read_key(workbook: Workbook, registers: Sequence[Register]) -> Key:
    """A glance at every sheet, hidden ones too, but not at our own."""
    layouts = [layout for register in registers for layout in register.layouts]
    forms = {layout.sheet for layout in layouts if layout.form == "form"}
    headers: dict[str, int] = {}
    for layout in layouts:
        if layout.form == "table":
            first = min(layout.header_rows, default=1)
            headers[layout.sheet] = min(first, headers.get(layout.sheet, first))
    glances = {
        info.name: workbook.grid(info.name, rows=_GLANCE_ROWS)
        for info in workbook.sheets
        if not is_our_own(info.name)
    }
    wordings = tuple(
        _cut_above(grid, headers[name]) if name in headers else grid
        for name, grid in glances.items()
        if name not in forms
    )
    searched = [_without_records(grid, layouts) for grid in glances.values()]
    return Key(tuple(find_matrices(searched)), glances, wordings)


def _without_records(grid: Grid, layouts: Sequence[Layout]) -> Grid:
    """A glance without the rows of tables: scores side by side make squares by chance."""
    taken: dict[int, list[tuple[int, int]]] = {}
    last = max(grid.rows(), default=0)
    for layout in layouts:
        if layout.sheet != grid.sheet or layout.form != "table" or not layout.columns:
            continue
        width = min(layout.columns), max(layout.columns)
        for record in takewhile(lambda each: each.row <= last, layout.records):
            taken.setdefault(record.row, []).append(width)
    if not taken:
        return grid
    rest = Grid(grid.sheet, merges=grid.merges, is_complete=False)
    for number, column in grid.columns.items():
        for place, row in enumerate(column.rows):
            spans = taken.get(row, ())
            if not any(left <= number <= right for left, right in spans):
                formula = row in column.formulas
                rest.put(row, number, column.values[place], formula, column.styles[place])
    return rest


def _cut_above(grid: Grid, row: int) -> Grid:
    """The cells of a grid above a row."""
    above = Grid(grid.sheet, merges=grid.merges, is_complete=False)
    for cell in grid.cells():
        if cell.row >= row:
            break
        above.put(cell.row, cell.column, cell.value, cell.formula, cell.style)
    return above


def choose_scheme(
    workbook: Workbook, register: Register, settings: Settings, key: Key | None = None
) -> Choice:
    """The scheme that rates a register, nearest statement first; none where it is in doubt.

    A scheme that settings state is followed whatever the ratings say; only scores beyond its
    scale in most rows stop it.
    """
    key = read_key(workbook, [register]) if key is None else key
    tally = Tally.of(register)
    unread, scored, words = tally.unread_scores()
    if unread * 2 > scored:
        return _refuse_words(register, unread, scored, words)._replace(unread=True)
    size = size_in_headings(register)
    if settings.scoring is not None or settings.matrix is not None:
        choice = _choose_stated(register, settings, key, tally, size)
    else:
        choice = _choose_found(register, key, tally, size)
    scheme = choice.scheme
    if scheme is None:
        return choice
    beyond, rows = tally.count_beyond(scheme.size)
    if beyond * 2 > rows:
        return _refuse_scores(register, scheme.size, beyond, rows)
    scheme, remarks = _add_bands(workbook, scheme, settings, key)
    return Choice(scheme, None, (*choice.remarks, *remarks))


def _choose_stated(
    register: Register, settings: Settings, key: Key, tally: Tally, size: int | None
) -> Choice:
    source = settings.sources.get("scoring") or settings.sources.get("matrix") or "settings"
    scoring = settings.scoring or "matrix"
    if scoring == "matrix":
        if settings.matrix is not None:
            source = settings.sources.get("matrix", source)
            return Choice(Scheme("matrix", len(settings.matrix), settings.matrix, source=source))
        own = _choose_own(register, key, tally)
        return own if own is not None else Choice(Scheme(source=source))
    if size is None:
        beyond, rows = tally.count_beyond(SIZE)
        size = LARGEST_SIZE if beyond * 2 > rows else SIZE
    return Choice(Scheme(scoring, size, source=source))


def _choose_found(register: Register, key: Key, tally: Tally, size: int | None) -> Choice:
    own = _choose_own(register, key, tally)
    if own is not None:
        return own
    beyond, rows = tally.count_beyond(SIZE)
    if beyond * 2 > rows:
        return _refuse_scores(register, SIZE, beyond, rows)
    ballot = tally.ballot()
    filled = sum(ballot.values())
    built_in = count_explained(ballot, rank_matrix(SIZE))
    rival = find_rival(ballot, built_in)
    if rival is not None:
        return _refuse(register, rival.message, rival.remedy)
    if filled >= FEWEST_RATINGS and built_in * 2 < filled:
        return _refuse(register, _none_fits(built_in, filled, "the built-in matrix"), STATE)
    if size is not None and size != SIZE:
        return _refuse(
            register,
            f"The headings give scores of 1 to {size}; the default here is a ranked matrix of "
            f"scores 1 to {SIZE}",
            STATE,
        )
    return Choice(Scheme(), None, ("rated by the built-in matrix of 1 to 25",))


# --- the workbook's own matrix


def _choose_own(register: Register, key: Key, tally: Tally) -> Choice | None:
    """The workbook's matrix that explains most ratings; None where it has no matrix."""
    tables = [(square, table) for square in key.matrices for table in square.tables()]
    if not tables:
        return None
    ballot = tally.ballot()
    ranked = sorted(tables, key=lambda pair: -count_explained(ballot, pair[1]))
    square, table = ranked[0]
    explained = count_explained(ballot, table)
    equals = {
        other for _, other in ranked if count_explained(ballot, other) == explained
    }  # in doubt only where they differ and the ratings do not tell them apart
    if len(equals) > 1:
        if rank_matrix(SIZE) in equals:
            square, table = next(pair for pair in ranked if pair[1] == rank_matrix(SIZE))
        elif any(len(each.tables()) > 1 and set(each.tables()) <= equals for each, _ in ranked):
            return _refuse(
                register,
                f"The matrix at {square.place} does not say which edge is likelihood",
                "Write Likelihood and Impact beside its edges, or put it in the xlgov sheet",
            )
        else:
            places = " and ".join(
                dict.fromkeys(each.place for each, other in ranked if other in equals)
            )
            return _refuse(register, f"The workbook has different matrices at {places}", STATE)
    filled = sum(ballot.values())
    rival = find_rival(ballot, explained)
    if rival is not None and explained * 2 < filled:
        return _refuse(
            register,
            f"{rival.message.split(';')[0]}; the matrix at {square.place} gives others",
            rival.remedy,
        )
    if filled >= FEWEST_RATINGS and explained * 2 < filled:
        message = _none_fits(explained, filled, f"the matrix at {square.place}")
        return _refuse(register, message, STATE)
    scheme = Scheme("matrix", len(table), table, source=square.place)
    return Choice(scheme, None, (f"rated by the matrix at {square.place}",))


def _add_bands(
    workbook: Workbook, scheme: Scheme, settings: Settings, key: Key
) -> tuple[Scheme, tuple[str, ...]]:
    """The scheme with its bands and tolerance: stated, else the workbook's own, else built in."""
    squares = [square for square in key.matrices if scheme.table() in square.tables()]
    # The matrix's own sheet speaks first.
    grids = [key.glances[name] for name in dict.fromkeys(square.sheet for square in squares)]
    grids += [grid for grid in key.wordings if all(grid.sheet != own.sheet for own in grids)]
    remarks: list[str] = []
    bands, bands_source = settings.bands or (), settings.sources.get("bands", "settings")
    for square in squares:
        if not bands:
            bands, remark = read_bands(workbook, square, grids)
            bands_source = square.place
            remarks += [remark] if remark else []
    assumed = not bands and scheme.is_built_in_ranking
    if assumed:
        bands, bands_source = BANDS, BUILT_IN
    tolerance, source = settings.tolerance, settings.sources.get("tolerance", "settings")
    inclusive = bool(settings.tolerance_inclusive)
    if tolerance is None:
        found = find_tolerance(grids, scheme.lowest, scheme.highest)
        if found is not None:
            tolerance, source = found.rating, found.place
            if settings.tolerance_inclusive is None:
                inclusive = found.inclusive
        elif scheme.is_built_in_ranking:
            tolerance, source = TOLERANCE, BUILT_IN
    return (
        scheme._replace(
            bands=bands,
            bands_source=bands_source if bands else "",
            bands_assumed=assumed,
            tolerance=tolerance,
            inclusive=inclusive,
            tolerance_source=source if tolerance is not None else "",
        ),
        tuple(remarks),
    )


# --- the refusal


def _none_fits(explained: int, filled: int, which: str) -> str:
    fit = f"Only {explained}" if explained else "None"
    return f"{fit} of {filled} ratings fit {which}, and no other known scheme fits them better"


def _refuse_scores(register: Register, size: int, beyond: int, rows: int) -> Choice:
    return _refuse(
        register,
        f"{beyond} of {rows} risks have scores beyond 1 to {size}, the scale of the scheme here",
        STATE,
    )


def _refuse_words(register: Register, unread: int, scored: int, words: list[str]) -> Choice:
    listed = ", ".join(repr(word) for word in words[:4]) + (" ..." if len(words) > 4 else "")
    return _refuse(
        register,
        f"{unread} of {scored} risks are scored in words that the scale here does not have "
        f"({listed})",
        "State those words and their scores in the xlgov sheet (xlgov init adds one), under "
        "Likelihood words and Impact words",
    )


def _refuse(register: Register, message: str, remedy: str) -> Choice:
    sheet, place = register.layouts[0].sheet, ""
    for risk in register.risks:
        for assessment in risk.assessments():
            if assessment.rating is not None and assessment.rating.number is not None:
                sheet, place = risk.sheet, risk.address(f"{assessment.name}.rating")
                break
        if place:
            break
    finding = make_finding(
        "scheme-unclear",
        f"{message}. No rating is written",
        sheet=sheet,
        address=place,
        remedy=remedy,
    )
    return Choice(None, finding)
