"""How a number format shows a number: its decimals, its per cent sign, and when two look alike.

Why decimal arithmetic: Excel shows a half rounded away from zero, after it has taken the number
to 15 significant digits. Binary rounding to even would call 0.285 and 0.29 different where the
page shows both as 0.29. Only the format's first section counts: what it shows of a positive number.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from math import isfinite
from typing import NamedTuple

from xlgov.grid.sheet import is_date_format

_WIDE = Context(prec=400, rounding=ROUND_HALF_UP)  # room for every number that a cell can hold
_GENERAL_DIGITS = 10  # significant digits that a cell without a format has room for

# Quoted text, an escaped, padded or repeated character, a colour or condition: shown as they are.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DIGITS = re.compile(r"[0#?][0#?,]*(?:\.([0#?]*))?|\.([0#?]+)")


class _Shape(NamedTuple):
    """Decimals as shown and the power of ten between cell and page; None decimals: General."""

    decimals: int | None
    power: int = 0


def decimals(code: str) -> int | None:
    """Decimals that a number format shows; None for ``General``, text and dates.

    >>> decimals("0.0%"), decimals("#,##0"), decimals("General"), decimals("mmm-yy")
    (1, 0, None, None)
    """
    return _shape(code).decimals


def is_percent(code: str) -> bool:
    """Whether a number format shows a fraction as per cent.

    >>> is_percent("0.0%"), is_percent('0.0"%"')
    (True, False)
    """
    return "%" in _bare(code)


def show(value: float, code: str = "General") -> str:
    """A number as its format shows it, thousands grouped, for a sentence.

    >>> show(4988, "0"), show(0.825, "0.0%"), show(-2.5, "0"), show(4838.25)
    ('4,988', '82.5%', '-3', '4,838.25')
    """
    return show_number(value, *_shape(code)) + ("%" if is_percent(code) else "")


def show_number(value: float, places: int | None, power: int = 0) -> str:
    """A number times ten to ``power``, to so many decimals; None shows what it has.

    >>> show_number(0.0314, 1, power=2), show_number(1234.5678, None)
    ('3.1', '1,234.5678')
    """
    if not isfinite(value):
        return str(value)
    shown = _rounded(value, _Shape(places, power))
    text = f"{shown + 0:,f}"  # adding 0 turns a rounded -0 into 0
    return text.rstrip("0").rstrip(".") if places is None and "." in text else text


def same_shown(first: float, second: float, code: str) -> bool:
    """Whether two numbers look the same in a cell of this format.

    >>> same_shown(0.8254, 0.825, "0.0%"), same_shown(0.8254, 0.82, "0.0%")
    (True, False)
    """
    if not (isfinite(first) and isfinite(second)):
        return first == second
    shape = _shape(code)
    return _rounded(first, shape) == _rounded(second, shape)


def agrees(held: float, exact: float, code: str) -> bool:
    """Whether the number in a cell is the exact one, as far as the cell shows it.

    Without a format the cell shows what was typed, so its own decimals decide.

    >>> agrees(82.5, 82.4961, "General"), agrees(82.5, 82.6, "General"), agrees(15, 15.2, "0")
    (True, False, True)
    """
    if decimals(code) is not None or not isfinite(held):
        return same_shown(held, exact, code)
    typed = -int(Decimal(f"{held:.{_GENERAL_DIGITS}g}").normalize().as_tuple().exponent)
    return rounded(exact, max(typed, 0)) == rounded(held, max(typed, 0))


def half_unit(code: str) -> float | None:
    """Half of the last unit shown, as the cell holds it: how far rounding moves a number at most.

    >>> half_unit("0.0%"), half_unit("0"), half_unit("General")
    (0.0005, 0.5, None)
    """
    shape = _shape(code)
    if shape.decimals is None:
        return None
    return float(Decimal("0.5").scaleb(-shape.decimals - shape.power))


def rounded(value: float, places: int) -> float:
    """A number to so many decimals, a half away from zero.

    >>> rounded(0.285, 2), rounded(-2.5, 0)
    (0.29, -3.0)
    """
    return float(_rounded(value, _Shape(places))) if isfinite(value) else value


def _rounded(value: float, shape: _Shape) -> Decimal:
    exact = Decimal(f"{value:.15g}").scaleb(shape.power, _WIDE)
    if shape.decimals is None:
        general = Decimal(f"{value:.{_GENERAL_DIGITS}g}").scaleb(shape.power, _WIDE)
        return general.normalize(_WIDE)
    return exact.quantize(Decimal(1).scaleb(-shape.decimals), context=_WIDE)


@lru_cache(maxsize=512)
def _shape(code: str) -> _Shape:
    bare = _bare(code)
    power = 2 * bare.count("%")
    match = _DIGITS.search(bare)
    if match is None or "E" in bare.upper() or "/" in bare or is_date_format(code):
        return _Shape(None, power)
    whole = match[0].partition(".")[0]
    thousands = len(whole) - len(whole.rstrip(",")) if match[1] is None else 0
    return _Shape(len(match[1] or match[2] or ""), power - 3 * thousands)


@lru_cache(maxsize=512)
def _bare(code: str) -> str:
    """The first section of a format without what it shows as it is."""
    return _LITERAL.sub("", code).partition(";")[0]
