"""The registers of a workbook: tables first, forms where no table tells more, the rest left alone.

Why a sheet is asked about so rarely: a list of questions about rotas and budgets is read once and
never again. A sheet is *unsure* only when it is plainly a register that cannot be read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from xlgov.errors import SettingsError
from xlgov.grid.cells import address, column_letters
from xlgov.grid.form import FormSearch, find_forms
from xlgov.grid.header import Header
from xlgov.grid.headings import Lexicon
from xlgov.grid.records import Layout, Search, Unsure, Vocabulary
from xlgov.grid.sheet import Grid, Workbook
from xlgov.grid.table import columns_to_read, find_headers, lay_out
from xlgov.grid.view import View

FIRST_LOOK = 400  # rows in which a header is looked for
# A line of headings inside a form reads as a table of one record.
MOST_RECORDS_OF_A_FORM_LINE = 2


def find_registers(
    workbook: Workbook,
    vocabulary: Vocabulary,
    mapping: Mapping[str, str] | None = None,
    *,
    skip: Collection[str] = (),
) -> Search:
    """Find every register of a workbook, as tables or as forms.

    ``mapping`` (settings, ``columns``) maps a field to its heading as printed or to the letters of
    its column, and always wins. Sheets in ``skip`` are not looked at and not mentioned.

    Raises SettingsError where the mapping names a field that the vocabulary does not have.
    """
    mapping = mapping or {}
    known = {field.name for field in vocabulary.fields}
    strange = sorted(set(mapping) - known)
    if strange:
        raise SettingsError(
            f"columns: {', '.join(strange)} is no field of a {vocabulary.kind}; "
            f"expected one of {', '.join(sorted(known))}"
        )
    lexicon = Lexicon.of(vocabulary)
    layouts: list[Layout] = []
    unsure: list[Unsure] = []
    left_alone: list[str] = []
    unmet = dict(mapping)
    for info in workbook.sheets:
        if info.name in skip:
            continue
        found, doubt = _search_sheet(workbook, info.name, lexicon, mapping, unmet)
        layouts += found
        if doubt is not None:
            unsure.append(doubt)
        if not found and doubt is None:
            left_alone.append(info.name)
    if unmet and layouts:
        sheets = dict.fromkeys(layout.sheet for layout in layouts)
        unsure = [
            _unsure_of_mapping(sheet, layouts, unmet, vocabulary) for sheet in sheets
        ] + unsure
        layouts = []
    return Search(tuple(layouts), tuple(unsure), tuple(left_alone))


def expected_columns(
    grid: Grid, vocabularies: Iterable[Vocabulary], mapping: Mapping[str, str]
) -> tuple[frozenset[int], frozenset[int]]:
    """The columns that a search will ask for, told from the first rows; and those read briefly.

    A guess, so that a reader can take them on its way through a large sheet: merged ranges, which
    come at a sheet's end, are not known yet. None where no table is certain without them. Of
    several kinds the first that finds a table here counts, as the sheet will be its own.
    """
    view = View.of(grid)
    for vocabulary in vocabularies:
        known = {field.name for field in vocabulary.fields}
        own = {name: said for name, said in mapping.items() if name in known}
        tables = find_headers(view, Lexicon.of(vocabulary), own).tables
        if tables:
            return columns_to_read(tables, vocabulary)
    return frozenset(), frozenset()


def _search_sheet(
    workbook: Workbook,
    sheet: str,
    lexicon: Lexicon,
    mapping: Mapping[str, str],
    unmet: dict[str, str],
) -> tuple[list[Layout], Unsure | None]:
    """What one sheet holds; takes out of ``unmet`` the mapped fields that stand on it."""
    grid = workbook.grid(sheet, rows=FIRST_LOOK)
    view = View.of(grid)
    search = find_headers(view, lexicon, mapping)

    def read(columns: frozenset[int], brief: frozenset[int]) -> Grid:
        return grid if grid.is_complete else workbook.grid(sheet, columns=columns, brief=brief)

    layouts = lay_out(search.tables, sheet, lexicon, read) if search.tables else []
    for header in [*search.tables, *([search.doubtful] if search.doubtful else [])]:
        for name in header.mapped:
            unmet.pop(name, None)
    if sum(len(layout.records) for layout in layouts) > MOST_RECORDS_OF_A_FORM_LINE:
        return layouts, None
    forms = _search_forms(workbook, view, lexicon, mapping)
    for name in forms.mapped:
        unmet.pop(name, None)
    if forms.layout is not None and _tells_more(forms.layout, layouts):
        return [forms.layout], None
    if layouts:
        return layouts, None
    if forms.ties:
        return [], _unsure_form(forms, sheet, lexicon.vocabulary)
    if search.doubtful is not None:
        return [], _unsure(search.doubtful, sheet, lexicon.vocabulary)
    return [], None


def _tells_more(forms: Layout, tables: Sequence[Layout]) -> bool:
    """Whether forms explain a sheet better than tables do: a table sees one line of a form."""

    def count(layout: Layout) -> int:
        return sum("." in name for name in layout.headings)

    return all(count(forms) > count(table) for table in tables)


def _search_forms(
    workbook: Workbook, view: View, lexicon: Lexicon, mapping: Mapping[str, str]
) -> FormSearch:
    """Forms in the first rows of a sheet; where it goes on, forms of all of it."""
    forms = find_forms(view, lexicon, mapping)
    if view.grid.is_complete or (forms.layout is None and not forms.ties):
        return forms
    return find_forms(View.of(workbook.grid(view.sheet)), lexicon, mapping)


def _unsure_form(forms: FormSearch, sheet: str, vocabulary: Vocabulary) -> Unsure:
    said = []
    for name, cells in forms.ties.items():
        places = ", ".join(address(*cell) for cell in cells)
        said.append(f"{places} could each be {name}")
    seen = tuple((address(*cell), text) for cell, text in forms.seen)
    shown = ", ".join(f"{place} {text!r}" for place, text in seen)
    example = ", ".join(f'{name} = "the label"' for name in forms.ties)
    return Unsure(
        kind=vocabulary.kind,
        sheet=sheet,
        seen=seen,
        missing=(),
        message=(
            f"{sheet} looks like forms of a {vocabulary.kind}, but {'; '.join(said)}. "
            f"Labels seen in the first form: {shown}. Nothing was changed. Say above or beside "
            f"the scores which assessment they are (Inherent, Current, Future), or name each "
            f"label in settings, under columns, for example {example}"
        ),
    )


def _unsure_of_mapping(
    sheet: str, layouts: Sequence[Layout], unmet: Mapping[str, str], vocabulary: Vocabulary
) -> Unsure:
    """A register was found, but settings name headings that no sheet has: nothing is guessed."""
    seen: list[tuple[str, str]] = []
    for layout in layouts:
        if layout.sheet == sheet:
            record = layout.records[0]
            for name, text in layout.headings.items():
                place = record.at(name)
                if place:
                    row = layout.header_rows[-1] if layout.header_rows else place[0]
                    seen.append((address(row, place[1]), text))
    wishes = ", ".join(f"{name} = {wish!r}" for name, wish in unmet.items())
    shown = ", ".join(f"{place} {text!r}" for place, text in seen)
    return Unsure(
        kind=vocabulary.kind,
        sheet=sheet,
        seen=tuple(seen),
        missing=tuple(unmet),
        message=(
            f"{sheet} looks like a {vocabulary.kind}, but settings say {wishes}, and no sheet has "
            f"such a heading. Headings seen: {shown}. Nothing was changed. Correct the heading "
            f"or the letters under columns in settings, or take the line out"
        ),
    )


def _unsure(header: Header, sheet: str, vocabulary: Vocabulary) -> Unsure:
    """The question about a header that is nearly one, with the exact way to answer it."""
    said = []
    for name, columns in header.ties.items():
        places = ", ".join(column_letters(column) for column in columns)
        said.append(f"columns {places} could each be {name}")
    if header.missing:
        said.append(f"no heading was found for {', '.join(header.missing)}")
    wanted = [*header.ties, *header.missing]
    letters = {name: column_letters(columns[0]) for name, columns in header.ties.items()}
    example = ", ".join(f'{name} = "{letters.get(name, "F")}"' for name in wanted)
    seen = ", ".join(f"{place} {text!r}" for place, text in header.seen)
    return Unsure(
        kind=vocabulary.kind,
        sheet=sheet,
        seen=header.seen,
        missing=header.missing,
        message=(
            f"{sheet} looks like a {vocabulary.kind}, but {'; '.join(said)}. "
            f"Headings seen: {seen}. Nothing was changed. Say in settings, under columns, which "
            f"column is which, by its heading or its letters, for example {example}"
        ),
    )
