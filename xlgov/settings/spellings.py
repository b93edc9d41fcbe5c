"""The lists of spellings on the settings sheet, in which formulas of ours look scores up.

Why lists and no cleverness in a formula: what a person may type for a score is decided in one
place, in Python; a formula that tried the same would decide otherwise. The lists are made, never
read as settings, and stand last so that they can grow. Where somebody keeps rows of their own below
them, they are left alone, and that is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xlgov.changes import NewValue
from xlgov.grid.cells import Range, is_blank
from xlgov.grid.sheet import Grid, Workbook, cell_date
from xlgov.settings import sections
from xlgov.settings.layout import Page
from xlgov.settings.rows import Rows
from xlgov.settings.statement import Statement
from xlgov.settings.values import IMPACT_NAME as IMPACT_NAME  # formulas ask for them here too
from xlgov.settings.values import LIKELIHOOD_NAME as LIKELIHOOD_NAME
from xlgov.settings.values import SETTINGS_SHEET

_ROOM = 20  # blank rows between the lists and what the button keeps below them


@dataclass(frozen=True, slots=True)
class Spellings:
    """What may be typed for a likelihood and for an impact, and the score it stands for.

    A spelling has no outer blanks; one of five characters or more is in lower case. A score of 0
    says that none is given (``n/a``).
    """

    likelihood: Mapping[str, int]
    impact: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """A settings sheet that stands: its name, where the lists may begin, and what must follow them.

    ``first_row`` is 0 where they cannot be written, and ``obstacle`` says why. ``titles`` are the
    sections that it has.
    """

    sheet: str
    first_row: int
    tail: tuple[tuple[NewValue, ...], ...] = ()
    obstacle: str = ""
    titles: frozenset[str] = frozenset()


def add_spellings(page: Page, spellings: Spellings) -> None:
    """Both lists, each a section with its name."""
    for section, name, words in (
        (sections.LIKELIHOOD_SPELLINGS, LIKELIHOOD_NAME, spellings.likelihood),
        (sections.IMPACT_SPELLINGS, IMPACT_NAME, spellings.impact),
    ):
        page.open(section)
        top, bottom = page.table(words.items())
        page.name(name, top, 1, bottom, 2)


def read_spellings(workbook: Workbook) -> Spellings | None:
    """The lists that stand, found by their names; None where they cannot be looked scores up in."""
    lists = []
    for name in (LIKELIHOOD_NAME, IMPACT_NAME):
        area = named_area(workbook, name)
        if area is None or area[1].right != area[1].left + 1:
            return None
        sheet, place = area
        grid = workbook.grid(sheet)
        words: dict[str, int] = {}
        for row in range(place.top, place.bottom + 1):
            word, score = grid.value(row, place.left), grid.value(row, place.right)
            if not isinstance(word, str) or type(score) is not int or word in words:
                return None
            words[word] = score
        lists.append(words)
    return Spellings(*lists)


def named_area(workbook: Workbook, name: str) -> tuple[str, Range] | None:
    """The sheet and cells of the settings sheet that a workbook's name refers to, if it does so."""
    names = {each.casefold(): target for each, target in workbook.names().items()}
    sheet, mark, cells = names.get(name.casefold(), "").strip().rpartition("!")
    sheet = sheet.strip("'")
    if not mark or sheet.strip().casefold() != SETTINGS_SHEET:
        return None
    known = [each.name for each in workbook.sheets if each.name.casefold() == sheet.casefold()]
    try:
        area = Range.parse(cells)
    except ValueError:
        return None
    return (known[0], area) if known and area.cell_count < _MOST_CELLS else None


_MOST_CELLS = 100_000  # of a name that means a table, not whole columns


def find_place(workbook: Workbook, sheet: str) -> Standing:
    """Where the lists may stand on a settings sheet: last, but for what the button keeps there."""
    parts = Rows(workbook, sheet, Statement()).split()
    titles = frozenset(section.title for section, _ in parts if section is not None)
    grid = workbook.grid(sheet)
    of_ours = (*sections.SPELLINGS, sections.LAST)
    first = len(parts)
    while first and parts[first - 1][0] in of_ours:
        first -= 1
    last, mine = parts[first:], [rows[0] for s, rows in parts if s in sections.SPELLINGS]
    below = [rows for section, rows in last if section is sections.LAST]
    lists = [(section, rows) for section, rows in last if section in sections.SPELLINGS]
    if len(lists) < len(mine) or (lists and last[-1][0] in sections.SPELLINGS and below):
        return _blocked(sheet, mine[0], titles)
    for name in (LIKELIHOOD_NAME, IMPACT_NAME):
        area = named_area(workbook, name)
        own = [rows for _, rows in lists if area is not None and area[1].top in rows]
        if area is not None and any(row > area[1].bottom for rows in own for row in rows):
            return _blocked(sheet, max(own[0]), titles)
    tail = tuple(_values(workbook, grid, row) for rows in below for row in _run(rows))
    blank: tuple[tuple[NewValue, ...], ...] = ((),) * _ROOM
    if lists:
        start = lists[0][1][0]
    elif below:
        start = below[0][0]
    else:
        start = max(grid.rows(), default=-1) + 2
    return Standing(sheet, start, (*blank, *tail) if tail else (), titles=titles)


def _blocked(sheet: str, row: int, titles: frozenset[str]) -> Standing:
    said = (
        f"rows of your own stand below the lists of spellings on the sheet {sheet} (row {row}); "
        "move them above the section Likelihood spellings"
    )
    return Standing(sheet, 0, obstacle=said, titles=titles)


def _run(rows: list[int]) -> range:
    return range(rows[0], rows[-1] + 1)


def _values(workbook: Workbook, grid: Grid, row: int) -> tuple[NewValue, ...]:
    """A row's values as they can be written again."""
    found: list[NewValue] = []
    for column in range(1, max(grid.columns, default=0) + 1):
        cell = grid.cell(row, column)
        moment = cell_date(workbook, cell)
        value = cell.value
        if moment is not None:
            found.append(moment)
        elif is_blank(value) or value is None:
            found.append(None)
        else:
            found.append(value if isinstance(value, bool | int | float | str) else str(value))
    return tuple(found)
