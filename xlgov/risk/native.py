"""Whether a workbook can rate itself, and what its settings sheet needs for that.

Why one scheme or none: the formulas look ratings up in one matrix, which the settings sheet states
for the whole workbook. Where registers are rated in different ways, or one of them was refused,
stating one scheme would rewrite the other, so no formula is written, and that is said.

Why the bands stay blank on a sheet that is added here: nobody has looked at it, and edges that are
assumed must not become stated by our own hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from xlgov.changes import Finding, SheetChange, StyleChange
from xlgov.grid.cells import address
from xlgov.grid.records import Search
from xlgov.grid.sheet import Workbook
from xlgov.risk.codes import make_finding
from xlgov.risk.formulas import BANDS_NAME, MATRIX_NAME
from xlgov.risk.in_force import FIELDS, settings_in_force
from xlgov.risk.register import Register
from xlgov.risk.scale import Scheme
from xlgov.risk.scheme import Choice
from xlgov.risk.spellings import disagreeing_word, is_in_force, list_spellings
from xlgov.settings.layout import Page
from xlgov.settings.page import add_bands, add_matrix, settings_sheet
from xlgov.settings.sections import BANDS, MATRIX
from xlgov.settings.sheet import settings_sheet_name
from xlgov.settings.spellings import (
    Spellings,
    add_spellings,
    find_place,
    named_area,
    read_spellings,
)
from xlgov.settings.values import Settings

NO_SPELLINGS = Spellings({}, {})
FORMULAS = "formulas"  # the extra that is asked for


class FormulaPlan(NamedTuple):
    """What the formulas of a workbook can rely on.

    ``scheme`` is that of all registers, ``spellings`` the lists in force, ``has_bands`` whether the
    settings sheet names the bands. ``writes`` says that typed ratings become formulas. ``sheets``
    and ``styles`` are what the settings sheet needs first. Without ``is_sound`` formulas of ours
    have nothing to look up in: they are left alone.
    """

    scheme: Scheme | None = None
    spellings: Spellings = NO_SPELLINGS
    has_bands: bool = False
    writes: bool = False
    is_sound: bool = False
    sheets: tuple[SheetChange, ...] = ()
    styles: tuple[StyleChange, ...] = ()
    findings: tuple[Finding, ...] = ()


def plan_formulas(
    workbook: Workbook,
    settings: Settings,
    search: Search,
    registers: Sequence[Register],
    choices: Sequence[Choice],
) -> FormulaPlan:
    """The plan, for a workbook where formulas are asked for or some of ours stand."""
    scheme, doubt = _one_scheme(registers, choices)
    if scheme is None:
        is_said = not doubt or FORMULAS not in settings.extras
        return FormulaPlan(findings=() if is_said else (_not_written(doubt),))
    if FORMULAS in settings.extras:
        return _prepare(workbook, settings, search, registers, scheme)
    standing = read_spellings(workbook)
    if standing is None or not _has_matrix(workbook, scheme):
        return FormulaPlan(findings=(_broken(registers),))
    return FormulaPlan(scheme, standing, _has_bands(workbook, scheme), is_sound=True)


def _one_scheme(
    registers: Sequence[Register], choices: Sequence[Choice]
) -> tuple[Scheme | None, str]:
    """The scheme of all registers; else why there is none, unless it has been said already."""
    schemes = [choice.scheme for choice in choices if choice.scheme is not None]
    if not schemes:
        return None, ""
    if len(schemes) < len(choices):
        return None, "one of the registers is scored in a way that is not known here"
    first = schemes[0]
    if any((each.scoring, each.table()) != (first.scoring, first.table()) for each in schemes):
        return None, "the registers of this workbook are scored in different ways"
    word = disagreeing_word(registers)
    if word:
        return None, f"the word {word!r} stands for different scores in two registers"
    if any(each.bands != first.bands for each in schemes):
        first = first._replace(bands=(), bands_assumed=True)
    return first, ""


def _prepare(
    workbook: Workbook,
    settings: Settings,
    search: Search,
    registers: Sequence[Register],
    scheme: Scheme,
) -> FormulaPlan:
    """The plan where formulas are asked for, with all that the settings sheet lacks."""
    wanted = list_spellings(registers, scheme.size)
    standing = settings_sheet_name(workbook)
    known_bands = bool(scheme.bands) and not scheme.bands_assumed
    plan = FormulaPlan(scheme, wanted, known_bands, writes=True, is_sound=True)
    if standing is None:
        stated, remarks = settings_in_force(workbook, settings, search, confirm=False)
        new, styles = settings_sheet(stated, fields=FIELDS, remarks=remarks, spellings=wanted)
        return plan._replace(sheets=(new,), styles=styles)
    has_matrix, has_bands = _has_matrix(workbook, scheme), _has_bands(workbook, scheme)
    held = read_spellings(workbook)
    if held is not None and is_in_force(held, wanted, registers, scheme.size):
        wanted = held
        if has_matrix and (has_bands or not known_bands):
            return plan._replace(spellings=held, has_bands=has_bands)
    place = find_place(workbook, standing)
    lacks_matrix = not has_matrix and MATRIX.title not in place.titles
    lacks_bands = known_bands and not has_bands and BANDS.title not in place.titles
    if place.obstacle or not (has_matrix or lacks_matrix):
        doubt = place.obstacle or (
            f"the matrix on the sheet {standing} is not named {MATRIX_NAME}, or not with "
            "likelihood 1 in its first row and impact 1 in its first column"
        )
        return FormulaPlan(findings=(_not_written(doubt),))
    if wanted is held and not (lacks_matrix or lacks_bands):
        return plan._replace(spellings=wanted, has_bands=has_bands)
    page = Page(first_row=place.first_row)
    stated = replace(settings, matrix=scheme.table(), bands=scheme.bands if known_bands else None)
    if lacks_matrix:
        add_matrix(page, stated)
    if lacks_bands:
        add_bands(page, stated)
    add_spellings(page, wanted)
    page.rows.extend(place.tail)
    change = SheetChange(standing, page.rows, names=page.names, first_row=place.first_row)
    return plan._replace(
        spellings=wanted,
        has_bands=has_bands or lacks_bands,
        sheets=(change,),
        styles=tuple(replace(style, sheet=standing) for style in page.styles),
    )


def _has_matrix(workbook: Workbook, scheme: Scheme) -> bool:
    """Whether the settings sheet's named matrix is that of the scheme, where one is needed."""
    if scheme.scoring != "matrix":
        return True
    area = named_area(workbook, MATRIX_NAME)
    if area is None:
        return False
    sheet, place = area
    grid = workbook.grid(sheet)
    shown = [
        [grid.value(row, column) for column in range(place.left, place.right + 1)]
        for row in range(place.top, place.bottom + 1)
    ]
    return shown == [list(row) for row in scheme.table()]


def _has_bands(workbook: Workbook, scheme: Scheme) -> bool:
    """Whether the settings sheet's named bands are those of the scheme, and stated."""
    area = named_area(workbook, BANDS_NAME)
    if area is None or scheme.bands_assumed or not scheme.bands:
        return False
    sheet, place = area
    grid = workbook.grid(sheet)
    shown = [
        tuple(grid.value(row, place.left + number) for number in range(3))
        for row in range(place.top, place.bottom + 1)
    ]
    filled = [row for row in shown if any(value is not None for value in row)]
    return sorted(filled, key=str) == sorted(
        ((band.name, band.lowest, band.highest) for band in scheme.bands), key=str
    )


def _not_written(doubt: str) -> Finding:
    return make_finding(
        "formulas-not-written",
        f"No formulas are written: {doubt}",
        remedy="State one scheme in the xlgov sheet, or keep the ratings as values",
    )


def _broken(registers: Sequence[Register]) -> Finding:
    sheet, (row, column) = next(place for register in registers for place in register.own_formulas)
    return make_finding(
        "formulas-without-lists",
        "The rating formulas do not find what they look up on the xlgov sheet",
        sheet=sheet,
        address=address(row, column),
        remedy="Refresh with --write formulas, which puts it back",
    )
