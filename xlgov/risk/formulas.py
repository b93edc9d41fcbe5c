"""The formulas that make a register rate itself: their text, and how ours are told from others.

Why these shapes: they must give in Excel 2010 and in LibreOffice what Python gives, typed scores
and all, and stay blank where Python gives no rating.

* A score is found by EXACT in a list of spellings, so no wildcard counts (a lookup takes ``?`` for
  any letter). Texts under five characters are taken as typed and longer ones in small letters,
  because ``III`` is a numeral, ``i`` a tick, and ``LIKELY`` a word.
* SUMPRODUCT and LOOKUP take whole columns without being array formulas, in every version.
* What is not found is 0, and ``1/(1/n)`` gives n again, exactly up to 48, or an error for 0, which
  becomes a blank in one place: nothing is looked up twice.
* A blank must not hide that the settings sheet has gone: ROWS of its name then shows the error.

A formula is ours where it is, letter for letter, the one that we would write from cells of the same
record. One that somebody has changed is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Literal

from xlgov.grid.cells import CellError, Value
from xlgov.risk.headings import CATEGORIES
from xlgov.settings.values import IMPACT_NAME, LIKELIHOOD_NAME, Scoring

Case = Literal["", "UPPER", "LOWER"]
SCORINGS: tuple[Scoring, ...] = ("matrix", "product", "sum")
CASES: tuple[Case, ...] = ("", "UPPER", "LOWER")
MATRIX_NAME, BANDS_NAME = "xlgov_matrix", "xlgov_bands"
LONGEST_AS_TYPED = 4  # characters of a text of which the case counts

CELL = re.compile(r"(?<![\w.])\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})(?![\w.(])")
_PLACE = "\0{}\0"  # a field in the place of its cell


def lookup_key(value: Value) -> str | None:
    """What the formulas look a score up by; None for an error, which no list has.

    >>> [lookup_key(value) for value in (3, 3.0, " Likely ", "LIKELY  (3)", "iii", "RARE", None)]
    ['3', '3', 'likely', 'likely (3)', 'iii', 'RARE', '']
    """
    if isinstance(value, CellError):
        return None
    if isinstance(value, bool):
        text = str(value).upper()
    elif isinstance(value, int | float):
        text = f"{value:.15g}"
    else:
        text = " ".join(part for part in (value or "").split(" ") if part)
    return text if len(text) <= LONGEST_AS_TYPED else text.lower()


def rating_formula(scoring: Scoring, likelihood: str, impacts: Sequence[str]) -> str:
    """The rating of a likelihood and an impact cell, or of the highest of several categories."""
    first = _score(likelihood, LIKELIHOOD_NAME)
    second = _score(impacts[0], IMPACT_NAME) if len(impacts) == 1 else _highest(impacts)
    if scoring == "matrix":
        return _or_blank(f"INDEX({MATRIX_NAME},{first},{second})", MATRIX_NAME)
    joint = "*" if scoring == "product" else "+"
    return _or_blank(f"{first}{joint}{second}", LIKELIHOOD_NAME)


def highest_formula(categories: Sequence[str]) -> str:
    """The highest of the category cells; blank where none is given, or one cannot be read."""
    return _or_blank(_highest(categories), IMPACT_NAME)


def band_formula(rating: str, case: Case = "") -> str:
    """The name of the band of a rating cell, in the case that it was typed in."""
    found = (
        f"LOOKUP(2,1/(ISNUMBER({rating})*(INDEX({BANDS_NAME},0,2)<={rating})"
        f"*(INDEX({BANDS_NAME},0,3)>={rating})),INDEX({BANDS_NAME},0,1))"
    )
    return _or_blank(f"{case}({found})" if case else found, BANDS_NAME)


def _or_blank(value: str, name: str) -> str:
    return f'IFERROR({value},IF(ROWS({name}),""))'


def _key(cell: str) -> str:
    return f"IF(LEN(TRIM({cell}))<{LONGEST_AS_TYPED + 1},TRIM({cell}),LOWER(TRIM({cell})))"


def _score(cell: str, name: str) -> str:
    found = f"SUMPRODUCT(--EXACT(INDEX({name},0,1),{_key(cell)}),INDEX({name},0,2))"
    return f"1/(1/{found})"


def _highest(cells: Sequence[str]) -> str:
    """A tenth is added to every score that is found: so 0, given on purpose, is not 0, unknown."""
    each = ",".join(
        f"1/(SUMPRODUCT(EXACT(INDEX({IMPACT_NAME},0,1),{_key(cell)})"
        f'*(INDEX({IMPACT_NAME},0,2)+0.1))+(TRIM({cell})="")/10)'
        for cell in cells
    )
    return f"1/(1/INT(1/MIN({each})))"


def gives_impact(text: str) -> bool:
    """Whether a formula of ours is that of a highest category."""
    return text.upper().startswith("IFERROR(1/(1/INT(")


def field_of_own(text: str, field_at: Callable[[str, int], str | None]) -> str | None:
    """What a formula of ours gives: ``rating``, ``impact`` or ``band``; None for another's.

    ``field_at`` gives the measure that a cell (column letters, row) of the record holds.
    """
    if not text.startswith("IFERROR("):
        return None

    def name(match: re.Match[str]) -> str:
        field = field_at(match[1], int(match[2]))
        return match[0] if field is None else _PLACE.format(field)

    return _field_of_skeleton(CELL.sub(name, text.replace(" ", "")))


@lru_cache(maxsize=256)
def _field_of_skeleton(text: str) -> str | None:
    named = dict.fromkeys(re.findall("\0(.*?)\0", text))
    categories = [each for each in named if each in CATEGORIES]
    impacts = ["impact"] if "impact" in named else categories
    placed = [_PLACE.format(each) for each in impacts]
    likelihood, rating = _PLACE.format("likelihood"), _PLACE.format("rating")
    bare = text.replace(" ", "").upper()
    known: Mapping[str, list[str]] = {
        "rating": [rating_formula(s, likelihood, placed) for s in SCORINGS] if placed else [],
        "impact": [highest_formula([_PLACE.format(each) for each in categories])]
        if categories
        else [],
        "band": [band_formula(rating, case) for case in CASES],
    }
    for field, formulas in known.items():
        if bare in (each.upper() for each in formulas):
            return field
    return None
