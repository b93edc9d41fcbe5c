"""Settings as one value that is passed in, never a global.

Why None everywhere: None means "not stated", so that the nearest statement wins (the workbook's
own sheet, then ``xlgov.toml`` beside it, then the workbook's own matrix and key, then the
built-in scheme), and so that what was stated can be told from what was assumed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from xlgov.grid.asof import OWN_SHEET
from xlgov.grid.sheet import Workbook

Scoring = Literal["matrix", "product", "sum"]
Combine = Literal["sum", "ratio", "mean", "latest"]
Direction = Literal["up", "down", "none"]
Test = Literal["spread", "relative", "points", "proportion", "poisson", "xmr"]
Significant = Literal["outcome", "xmr"]
Judgement = Literal["off", "font", "icon"]
Extra = Literal["reasons", "notes", "charts", "repair", "formulas"]

_DIVISOR = re.compile(r"\d[\d,]*(\.\d+)?")
SETTINGS_SHEET = OWN_SHEET  # in the workbook, in any case; never read as a register
SETTINGS_FILE = "xlgov.toml"  # beside the workbook
# The lists of spellings on the settings sheet, by which formulas of ours find them.
LIKELIHOOD_NAME = "xlgov_likelihood_spellings"
IMPACT_NAME = "xlgov_impact_spellings"


@dataclass(frozen=True, slots=True)
class Band:
    """A named range of ratings, both ends included, with the name of its colour."""

    name: str
    lowest: int
    highest: int
    color: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding that the office has agreed to live with, until its review date.

    ``finding`` is the finding's code, or ``*`` for any. A blank review date means no end.
    """

    reference: str
    finding: str
    reason: str = ""
    agreed_by: str = ""
    review_date: date | None = None
    where: str = ""


# RGB of the colour names; the papers' key names the colours, these shades are ours.
COLORS: Mapping[str, str] = {
    "green": "92D050",
    "yellow": "FFFF00",
    "amber": "FFC000",
    "red": "FF0000",
    "dark red": "C00000",
}


BLACK, WHITE = "000000", "FFFFFF"


@dataclass(frozen=True, slots=True)
class IndicatorRule:
    """What an office states of one indicator, of a theme, or of all. None or empty: not stated.

    ``combine`` is how months make a window: counts ``sum``, numerators and denominators make a
    ``ratio``, averages without weights a ``mean``, levels take the ``latest``. ``unit`` is a word;
    ``percent`` means that 82.5 is 82.5%, ``fraction`` that 0.825 is. ``direction`` is the desired
    one. ``target`` and ``baseline`` (a fixed figure) are in the unit. ``lag`` is how many months
    the data come after the dashboard's reporting month. Each comparison has a test and its limit:
    standard deviations for ``spread``, per cent for ``relative``, percentage points for
    ``points``. ``significant`` is what the grey fill means. ``rebase`` are months (first days) in
    which a control chart starts anew; ``screen`` drops its outlying moving ranges. ``parts`` are
    the indicators that add up to this one; ``names`` other names of it; ``source`` a line of text.
    """

    combine: Combine | None = None
    unit: str | None = None
    decimals: int | None = None
    direction: Direction | None = None
    target: float | None = None
    baseline: float | None = None
    lag: int | None = None
    average_test: Test | None = None
    average_limit: float | None = None
    benchmark_test: Test | None = None
    benchmark_limit: float | None = None
    peer_test: Test | None = None
    peer_limit: float | None = None
    significant: Significant | None = None
    rebase: tuple[date, ...] = ()
    screen: bool | None = None
    parts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What an office states about its registers. None or empty: not stated.

    ``matrix[l - 1][i - 1]`` is the rating of likelihood l and impact i. ``bands`` run from the
    lowest up. A rating is above tolerance when it is greater than ``tolerance``, or equal to it
    where ``tolerance_inclusive`` is true. ``likelihood_words`` and ``impact_words`` map an accepted
    spelling (lower case) to its score. ``columns`` maps a field (``current.likelihood``) to a
    heading as printed or to column letters. ``day_first`` says how text dates are read.
    ``stale_after`` is in days. ``sources`` names where each stated key came from
    (``xlgov!B3`` or ``xlgov.toml line 4``).

    Of the performance dashboard: ``month`` is the first day of the reporting month, ``year_start``
    the number of the financial year's first month, ``force`` this force's name among its peers.
    ``judgement`` says how better and worse are shown. ``all_indicators`` is what is stated for
    every indicator, ``themes`` and ``indicators`` for one, by name as printed. ``totals`` maps a
    label of a derived table to the labels that add up to it; one with a minus before it is taken
    off. ``shares`` maps a label to the part and the whole that it is the quotient of. ``extras``
    are what was asked for on top of a refresh: a sheet of reasons, notes on the cells, a sheet of
    control charts, repairs, formulas in place of ratings.

    Of action logs and plans: ``status_words`` maps an office's word (lower case) to the status it
    means, ``due_soon`` is in days, ``last_meeting`` the day the board last met, ``previous`` the
    file of the report before, beside this one. ``complete`` says that a list of decisions has all
    of them, ``from_white`` that a move from or to White has a direction. ``leads`` are the people
    or teams who may lead.
    """

    scoring: Scoring | None = None
    matrix: tuple[tuple[int, ...], ...] | None = None
    bands: tuple[Band, ...] | None = None
    tolerance: int | None = None
    tolerance_inclusive: bool | None = None
    colors: Mapping[str, str] = field(default_factory=dict)
    likelihood_words: Mapping[str, int] = field(default_factory=dict)
    impact_words: Mapping[str, int] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    as_of: date | None = None
    day_first: bool | None = None
    stale_after: int | None = None
    accepted: tuple[Accepted, ...] = ()
    month: date | None = None
    year_start: int | None = None
    force: str | None = None
    judgement: Judgement | None = None
    all_indicators: IndicatorRule = IndicatorRule()
    themes: Mapping[str, IndicatorRule] = field(default_factory=dict)
    indicators: Mapping[str, IndicatorRule] = field(default_factory=dict)
    totals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shares: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    status_words: Mapping[str, str] = field(default_factory=dict)
    due_soon: int | None = None
    last_meeting: date | None = None
    previous: str | None = None
    complete: bool | None = None
    from_white: bool | None = None
    leads: tuple[str, ...] = ()
    extras: frozenset[Extra] = frozenset()
    sources: Mapping[str, str] = field(default_factory=dict)

    def color(self, name: str) -> str:
        """RGB of a colour name; an ``RRGGBB`` passes through."""
        return self.colors.get(name) or COLORS.get(name) or name.lstrip("#").upper()


def split_sign(part: str) -> tuple[int, str]:
    """The sign of a part of a total, and its label.

    >>> split_sign("- 2018/19"), split_sign("2019/20")
    ((-1, '2018/19'), (1, '2019/20'))
    """
    label = part.lstrip("-\u2212").strip()
    return (1, part) if not label or label == part.strip() else (-1, label)


def read_divisor(whole: str) -> float | None:
    """The number that the whole of a share is; None where it is a label.

    >>> read_divisor("12"), read_divisor("1,000"), read_divisor("Applications")
    (12.0, 1000.0, None)
    """
    return float(whole.replace(",", "")) if _DIVISOR.fullmatch(whole) else None


def readable_on(fill: str) -> str:
    """Black or white, whichever stands out more from a fill (contrast as WCAG 2 measures it).

    >>> readable_on("C00000"), readable_on("FFFF00")
    ('FFFFFF', '000000')
    """
    channels = [int(fill[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [
        value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    ]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return WHITE if 1.05 / (light + 0.05) > (light + 0.05) / 0.05 else BLACK


def settings_sheet_name(workbook: Workbook) -> str | None:
    """Name of the workbook's settings sheet as it is written there; None without one."""
    for sheet in workbook.sheets:
        if sheet.name.strip().casefold() == SETTINGS_SHEET:
            return sheet.name
    return None
