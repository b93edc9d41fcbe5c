"""Where a workbook's ratings stand and what they are rated by, as defined names for macros.

Why names and not addresses: the button's macro works without Python and must not guess. Excel moves
what a name refers to when rows and columns are inserted, so what was sure here stays right. Only
cells whose scheme is known are named, and no row that was not read as a record: a total or an
average between the records would be rated too.

A name has areas of one column each; those of a group correspond, area by area and row by row.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from xlgov.grid.cells import column_letters, is_blank
from xlgov.grid.records import Search
from xlgov.grid.sheet import Grid, Workbook
from xlgov.risk.assessment import ASSESSMENTS, AssessmentName
from xlgov.risk.headings import CATEGORIES
from xlgov.risk.register import Register, Risk, read_registers
from xlgov.risk.scale import Scheme
from xlgov.risk.scheme import choose_scheme, read_key
from xlgov.settings.accepted import ANY
from xlgov.settings.values import SETTINGS_SHEET, Settings

MOST_AREAS = 30  # of a name; more cells make a further group
_RANGE = re.compile(
    r"xlgov_r[0-9]+_(?:likelihood|impact|rating|band|category[0-9]+)", re.IGNORECASE
)
_REWRITES = frozenset({"rating-disagrees", "impact-disagrees", "score-missing", ANY})

Names = tuple[tuple[str, str], ...]  # (defined name, what it refers to, without "=")
_Cells = tuple[tuple[int, int, int], ...]  # (first row, last row, column) of each field of an area


class RatingNames(NamedTuple):
    """Names of the cells to rate, and of the scheme, for what the settings sheet does not name."""

    ranges: Names = ()
    scheme: Names = ()


def settle_names(
    named: RatingNames, standing: Iterable[str], hidden: Iterable[str]
) -> tuple[Names, tuple[str, ...]]:
    """The names to define in a workbook that has these, and those of ours that are to go.

    Names of the scheme that are shown are people's, or the settings sheet's, and stay: only a
    hidden one is ours to replace. ``hidden`` are those of ``standing`` that Excel does not list.
    """
    ours = {name.casefold(): name for name in hidden}
    theirs = {name.casefold() for name in standing} - ours.keys()
    scheme = tuple(each for each in named.scheme if each[0] not in theirs)
    kept = {name for name, _ in named.ranges}
    gone = tuple(ours[key] for key in ours if is_range_name(key) and key not in kept)
    return (*named.ranges, *scheme), gone


def is_range_name(name: str) -> bool:
    """Whether a defined name is one of those that ``name_ratings`` gives to cells."""
    return _RANGE.fullmatch(name) is not None


def name_ratings(workbook: Workbook, settings: Settings, search: Search) -> RatingNames:
    """The names by which macros rate the registers of a workbook; none where that is in doubt.

    Where registers differ, those are named that are rated as the first of which the scheme is
    sure. Records of which the office has accepted a rating that disagrees are left out.
    """
    registers = read_registers(workbook, search.layouts, settings)
    if not registers:
        return RatingNames()
    key = read_key(workbook, registers)
    choices = [choose_scheme(workbook, register, settings, key) for register in registers]
    sure = [
        (register, choice.scheme)
        for register, choice in zip(registers, choices, strict=True)
        if choice.scheme is not None
    ]
    if not sure:
        return RatingNames()
    first, scheme = sure[0]
    groups: list[_Group] = []
    for register, its in sure:
        if _rates_alike(its, scheme) and _reads_alike(register, first):
            groups += _groups(workbook, register, scheme, settings)
    ranges = [
        (f"xlgov_r{number}_{name}", text)
        for number, group in enumerate(groups, start=1)
        for name, text in group.references()
    ]
    return RatingNames(tuple(ranges), tuple(_name_scheme(workbook, scheme, first)))


def _rates_alike(one: Scheme, other: Scheme) -> bool:
    same = (one.scoring, one.table(), one.bands) == (other.scoring, other.table(), other.bands)
    return same and one.bands_assumed == other.bands_assumed


def _reads_alike(register: Register, first: Register) -> bool:
    """Whether the words of the first register's scores are those of this one, where it has any."""
    words = register.likelihood_words, register.impact_words
    return words == (first.likelihood_words, first.impact_words) or not any(
        isinstance(score.raw, str)
        for risk in register.risks
        for assessment in risk.assessments()
        for score in (
            assessment.likelihood,
            assessment.impact,
            *(each for _, each in assessment.categories),
        )
        if score is not None
    )


# --- the scheme


def _name_scheme(
    workbook: Workbook, scheme: Scheme, register: Register
) -> Iterator[tuple[str, str]]:
    """The scheme as constants; how ratings are scored as the settings sheet's own cell."""
    has_sheet = any(info.name.casefold() == SETTINGS_SHEET for info in workbook.sheets)
    stated = _scoring_cell(workbook) if has_sheet else ""
    yield "xlgov_scoring", stated or _constant(scheme.scoring)
    if scheme.scoring == "matrix":
        yield "xlgov_matrix", _table(scheme.table())
    else:
        yield "xlgov_size", _constant(scheme.size)
    if scheme.bands:
        bands = [(band.name, band.lowest, band.highest, band.color) for band in scheme.bands]
        yield "xlgov_bands", _table(bands)
    for name, words in (
        ("xlgov_likelihood", register.likelihood_words),
        ("xlgov_impact", register.impact_words),
    ):
        if words:
            yield name, _table(words.items())


def _scoring_cell(workbook: Workbook) -> str:
    name = next(each.name for each in workbook.sheets if each.name.casefold() == SETTINGS_SHEET)
    grid = workbook.grid(name, columns={1, 2})
    for row in grid.rows():
        said = grid.value(row, 1)
        if isinstance(said, str) and said.strip().casefold() == "scoring":
            return _area(name, row, row, 2)
    return ""


def _table(rows: Iterable[Iterable[object]]) -> str:
    """An array constant.

    >>> _table([("Low", 1, 6)]), _table([(1, 3), (2, 4)])
    ('{"Low",1,6}', '{1,3;2,4}')
    """
    return "{" + ";".join(",".join(map(_constant, row)) for row in rows) + "}"


def _constant(value: object) -> str:
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return str(value)


# --- the cells


class _Group(NamedTuple):
    """The cells of one assessment on one sheet: fields, and areas with a column for each."""

    sheet: str
    fields: tuple[str, ...]
    areas: tuple[_Cells, ...]

    def references(self) -> Iterator[tuple[str, str]]:
        """Each field's name and areas; categories are counted."""
        category = 0
        for place, field in enumerate(self.fields):
            if field in CATEGORIES:
                category += 1
                field = f"category{category}"
            yield field, ",".join(_area(self.sheet, *cells[place]) for cells in self.areas)


def _area(sheet: str, top: int, bottom: int, column: int) -> str:
    """A reference that Excel moves with its cells.

    >>> _area("Chief's register", 5, 40, 14), _area("SR1", 5, 5, 14)
    ("'Chief''s register'!$N$5:$N$40", "'SR1'!$N$5")
    """
    quoted, letters = sheet.replace("'", "''"), column_letters(column)
    last = f":${letters}${bottom}" if bottom != top else ""
    return f"'{quoted}'!${letters}${top}{last}"


def _groups(
    workbook: Workbook, register: Register, scheme: Scheme, settings: Settings
) -> Iterator[_Group]:
    """The groups of a register, assessment by assessment.

    An assessment that gives its levels in words in place of numbers is left alone.
    """
    agreed = {
        each.reference.strip().casefold()
        for each in settings.accepted
        if each.finding.strip().casefold() in _REWRITES
    }
    risks = [
        risk for risk in register.risks if ANY not in agreed and risk.label.casefold() not in agreed
    ]
    for name in ASSESSMENTS:
        if _is_worded(register, name):
            continue
        of_sheets: dict[tuple[str, tuple[str, ...]], list[_Cells]] = defaultdict(list)
        is_table = register.layouts[0].form == "table"
        found = _down_a_table(workbook, risks, name, scheme) if is_table else None
        for sheet, fields, cells in found or _in_forms(risks, name, scheme):
            of_sheets[sheet, fields].append(cells)
        for (sheet, fields), areas in of_sheets.items():
            for start in range(0, len(areas), MOST_AREAS):
                yield _Group(sheet, fields, tuple(areas[start : start + MOST_AREAS]))


_Found = tuple[str, tuple[str, ...], _Cells]


def _in_forms(risks: Iterable[Risk], name: AssessmentName, scheme: Scheme) -> Iterator[_Found]:
    for risk in risks:
        places = _places(risk, name, scheme)
        if places:
            area = tuple((row, row, column) for row, column in places.values())
            yield risk.sheet, tuple(places), area


def _down_a_table(
    workbook: Workbook, risks: Sequence[Risk], name: AssessmentName, scheme: Scheme
) -> Iterator[_Found]:
    """Stretches of records; rows between them that hold nothing to rate by do not part them."""
    places = _places(risks[0], name, scheme) if risks else {}
    if not places:
        return
    sheet, columns = risks[0].sheet, [column for _, column in places.values()]
    grid = workbook.grid(sheet, columns=set(columns))
    rows = sorted(risk.record.row for risk in risks)
    top = rows[0]
    for row, following in zip(rows, [*rows[1:], 0], strict=True):
        if following and _is_clear(grid, row + 1, following, columns):
            continue
        yield sheet, tuple(places), tuple((top, row, column) for column in columns)
        top = following


def _is_clear(grid: Grid, start: int, stop: int, columns: Sequence[int]) -> bool:
    """Whether nothing stands in these columns from row ``start`` to before ``stop``."""
    return all(
        is_blank(grid.value(row, column)) for row in range(start, stop) for column in columns
    )


def _places(risk: Risk, name: AssessmentName, scheme: Scheme) -> Mapping[str, tuple[int, int]]:
    """The cells of one assessment by field; none where it has no cell for a score or the rating.

    Where categories are kept the impact needs none: it is the highest of them.
    """
    wanted = ["likelihood", "impact", "rating", *CATEGORIES]
    if scheme.bands and not scheme.bands_assumed:  # else no level in words is rewritten
        wanted.insert(3, "band")
    found: dict[str, tuple[int, int]] = {}
    for field in wanted:
        place = risk.record.at(f"{name}.{field}")
        if place is not None and place not in found.values():
            found[field] = place
    has_impact = "impact" in found or any(field in found for field in CATEGORIES)
    return found if has_impact and {"likelihood", "rating"} <= found.keys() else {}


def _is_worded(register: Register, name: AssessmentName) -> bool:
    """Whether the ratings of an assessment are levels in words."""
    return any(
        assessment.rating is not None
        and assessment.rating.problem is not None
        and assessment.rating.problem.kind == "level"
        for risk in register.risks
        for assessment in risk.assessments()
        if assessment.name == name
    )
