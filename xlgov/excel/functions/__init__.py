"""Worksheet functions: ``RISK_RATING``, ``RISK_BAND``, ``KPI_COMPARE``, ``KPI_ROLLING12``.

In Excel on Windows: state ``xlgov.excel.functions`` as *UDF Modules* on the xlwings ribbon, then
*Import Functions*. Anywhere else they are plain functions, on values, lists or lists of rows.

A function that cannot answer gives a text that begins with ``#N/A:`` and says why. A blank score or
rating gives "". Fill a column with one formula over its whole range where that is possible: a range
is read and answered in one call.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from xlgov.errors import SettingsError
from xlgov.excel.functions.cells import Answers, read_block, refusal
from xlgov.excel.functions.performance import (
    compare,
    read_combining,
    read_method,
    read_month,
    roll_twelve,
    take_windows,
)
from xlgov.excel.functions.publish import worksheet_function
from xlgov.excel.functions.rating import name_bands, rate_cells
from xlgov.excel.functions.readings import read_readings
from xlgov.excel.functions.stated import BAND_ROWS, MATRIX, Stated, read_stated, stated_by
from xlgov.grid.cells import is_blank
from xlgov.kpi.number_text import is_no_reading, read_number

__all__ = ["KPI_COMPARE", "KPI_ROLLING12", "RISK_BAND", "RISK_RATING"]


@worksheet_function(
    likelihood="The likelihood: 1 to 5, a word of the scale (Likely), both (3 - Likely), or a "
    "range of them.",
    impact="The impact: 1 to 5, a word of the scale (Moderate), both, or a range of the same "
    "shape as the likelihoods.",
    matrix="Leave out to rate by this workbook's xlgov sheet, or without one by the built-in "
    "matrix. Or a square range of ratings: likelihoods down, impacts across.",
)
def RISK_RATING(likelihood: Any, impact: Any, matrix: Any = None, caller: Any = None) -> Answers:
    """The rating of a likelihood and an impact, by this workbook's own scheme.

    Ranges of the same shape give a rating for each pair; a single cell goes with any range. Blank
    or ``n/a`` in either gives "". Excel recalculates by itself when ``matrix`` is a range that
    changes; after a change on the xlgov sheet alone, press Ctrl+Alt+F9. ``caller`` is the calling
    cell, an xlwings range; None rates by the built-in scheme.

    >>> RISK_RATING(2, 3), RISK_RATING("Likely", "5 - Catastrophic"), RISK_RATING(None, 3)
    (9, 22, '')
    >>> RISK_RATING([[1], [5]], [[1], [5]])
    [[1], [25]]
    """
    scores = read_block(likelihood), read_block(impact)
    return rate_cells(*scores, _scheme(caller, MATRIX, matrix))


@worksheet_function(
    rating="The rating: a number, a number beside its level (High (18)), or a range of them.",
    bands="Leave out for the bands of this workbook's xlgov sheet, or without one the built-in "
    "ones. Or a range with a row for each band: name, lowest, highest rating.",
)
def RISK_BAND(rating: Any, bands: Any = None, caller: Any = None) -> Answers:
    """The name of the band that a rating is in, by this workbook's own scheme.

    A range gives a band for each cell. Blank gives "". ``bands`` and ``caller`` as ``matrix`` and
    ``caller`` of ``RISK_RATING``.

    >>> RISK_BAND(13), RISK_BAND([9, 23]), RISK_BAND(26)
    ('Medium', ['Medium', 'Critical'], '#N/A: no band holds 26; the bands run from 1 to 25')
    """
    return name_bands(read_block(rating), _scheme(caller, BAND_ROWS, bands))


@worksheet_function(
    current="The figure to compare, or its months. Where the reference is in words: the whole row "
    "or column of monthly readings, oldest first, ending with the current month.",
    reference="The figure or the months to compare with. Or in words: 1 year, 3 years (the average "
    "month a year before), rolling 12 (with the baseline), FYTD (with the year before).",
    method="Leave out, or spread, relative, points, proportion, poisson or xmr, with its limit "
    "where it has one: relative 5. Usual: spread for a month against 12 or more, else relative 4.",
    denominators="Leave out for counts. For a rate, the denominators of current, cell for cell: "
    "then current holds the numerators.",
    reference_denominators="Leave out for counts, or where the reference is in words. For a rate, "
    "the denominators of reference, cell for cell.",
    month="Needed for rolling 12 and FYTD only: any date in the month of the last reading.",
)
def KPI_COMPARE(
    current: Any,
    reference: Any,
    method: Any = None,
    denominators: Any = None,
    reference_denominators: Any = None,
    month: Any = None,
) -> str:
    """Higher, Lower or Comparable: a figure against another, or against earlier months.

    Readings are monthly, in one row or column, oldest first. Several cells count as their average
    month; with denominators as the sum of numerators over the sum of denominators. Percentages are
    fractions, as cells in a % format hold them. Two windows of percentages need denominators to be
    exact. Any blank in a window gives no outcome and says which. In words: *1 year* and *3 years*
    compare the last reading with the average month of the 12 or 36 that end a year before it;
    *rolling 12* the last twelve with the baseline, the twelve to the last March; *FYTD* April to
    the last reading with the same months of the year before. These four need readings that reach
    back far enough.

    >>> KPI_COMPARE(4988, [4475, 5201] * 6)
    'Comparable'
    >>> KPI_COMPARE(0.159, 0.2), KPI_COMPARE([*range(100, 124)], "1 year")
    ('Lower', 'Higher')
    >>> KPI_COMPARE([1, 2, 3], "1 year")
    '#N/A: 1 year needs 24 readings, the last of the current month; 3 are given'
    """
    test, limit = read_method(_one(method))
    below = None if denominators is None else read_block(denominators)
    words = _one(reference)
    if isinstance(words, str) and words.strip() and not _is_figure(words):
        readings = read_readings(read_block(current), "readings", below)
        now, then, test = take_windows(readings, words, read_month(_one(month)), test)
    else:
        of_then = None if reference_denominators is None else read_block(reference_denominators)
        now = read_readings(read_block(current), "current figure", below)
        then = read_readings(read_block(reference), "reference", of_then)
    outcome = compare(now, then, test, limit)
    return outcome.verdict or refusal(outcome.reason)


@worksheet_function(
    readings="The twelve monthly readings, in one row or column. For a rate, the numerators.",
    denominators="Leave out for counts. For a rate, the twelve denominators, cell for cell.",
    combine="Leave out for counts and rates. mean for averages that have no denominators, such as "
    "minutes.",
)
def KPI_ROLLING12(readings: Any, denominators: Any = None, combine: Any = None) -> float | str:
    """The rolling 12 months: the sum of twelve readings, or sum over sum with denominators.

    A rate comes as a fraction, for a cell in a % format. Anything but twelve full readings gives no
    figure and says why; a zero is a reading, a blank, ``n/a`` or ``-`` is none.

    >>> KPI_ROLLING12([10] * 12), KPI_ROLLING12([1] * 12, [4] * 12)
    (120, 0.25)
    >>> KPI_ROLLING12([10] * 11 + [None])
    '#N/A: the 12th of the 12 readings is blank'
    """
    below = None if denominators is None else read_block(denominators)
    found = read_readings(read_block(readings), "readings", below)
    return roll_twelve(found, read_combining(_one(combine)))


def _scheme(caller: Any, name: str, given: Any) -> Stated:
    """The scheme of the calling workbook, but for what an argument gives.

    Raises SettingsError where that is blank or cannot be read.
    """
    stated = stated_by(caller)
    if given is None:
        return stated
    rows = read_block(given).rows
    if all(is_blank(each) for row in rows for each in row):
        raise SettingsError("the range given for the scheme is blank; leave it out, or fill it")
    read = read_stated({name: rows})
    return (
        replace(stated, table=read.table) if name == MATRIX else replace(stated, bands=read.bands)
    )


def _one(given: Any) -> Any:
    """The value of an argument that is a single cell; any other as it is."""
    block = read_block(given)
    return block.rows[0][0] if block.is_one else given


def _is_figure(text: str) -> bool:
    """Whether a text is a reading rather than a comparison in words."""
    return is_no_reading(text) or read_number(text) is not None
