"""The sections of the settings sheet: their headings and columns, for reading and for making."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xlgov.settings.indicators import CHART_READINGS, RULE_KEYS, SHARED_KEYS


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its title in column A, its columns by field with the headings they may have.

    The first heading of each column is the one that we write. ``use`` is the line below the title.
    """

    title: str
    columns: Mapping[str, tuple[str, ...]]
    use: str = ""
    also: tuple[str, ...] = ()


SCHEME = Section(
    "Scheme",
    {"key": ("Key", "setting"), "value": ("Value",), "meaning": ("What it means", "meaning")},
    also=("scheme and dates", "risk"),
)
MATRIX = Section(
    "Matrix",
    {},
    "The rating of each likelihood (down the side) and impact (along the top).",
    ("rating matrix", "risk matrix"),
)
BANDS = Section(
    "Bands",
    {
        "name": ("Name", "band"),
        "from": ("From", "lowest", "min", "minimum"),
        "to": ("To", "highest", "max", "maximum"),
        "color": ("Colour", "color"),
    },
    "Every rating falls in one band. A colour is a name from Colours below, or RRGGBB.",
)
COLORS = Section(
    "Colours",
    {"name": ("Name", "colour", "color"), "rgb": ("RRGGBB", "rgb", "hex")},
    "The shade of each colour name.",
    ("colors",),
)
LIKELIHOOD = Section(
    "Likelihood words",
    {"word": ("Word", "words", "label"), "score": ("Score", "level", "number")},
    "Words that people type for a likelihood, and the score each stands for.",
    ("likelihood scale",),
)
IMPACT = Section(
    "Impact words",
    {"word": ("Word", "words", "label"), "score": ("Score", "level", "number")},
    "Words that people type for an impact, and the score each stands for.",
    ("impact scale",),
)
COLUMNS = Section(
    "Columns",
    {
        "field": ("Field", "key"),
        "heading": ("Heading or letters", "heading", "column", "heading or column letters"),
    },
    "Where a column is not found by its heading: the heading as printed, or letters such as F.",
    ("column mapping",),
)
ACCEPTED = Section(
    "Accepted findings",
    {
        "reference": ("Reference", "ref", "risk"),
        "finding": ("Finding", "code"),
        "reason": ("Reason",),
        "agreed_by": ("Agreed by",),
        "review_date": ("Review date", "review"),
    },
    "Findings that the office lives with until the review date; finding is a code, or * for any.",
    ("accepted",),
)
PERFORMANCE = Section(
    "Performance",
    SCHEME.columns,
    "A grey comparison is a significant change. outcome: it says Higher or Lower; xmr: the month "
    f"is a special cause on a control chart; blank: xmr from {CHART_READINGS} readings on, else "
    "outcome. Rolling and peer comparisons always go by their outcome.",
    ("performance settings",),
)
THEMES = Section(
    "Themes",
    {
        "name": ("Theme", "theme name", "priority"),
        **{key.name: key.headings for key in SHARED_KEYS},
    },
    "What holds for every indicator of a theme, unless the indicator itself says otherwise.",
)
INDICATORS = Section(
    "Indicators",
    {
        "name": ("Indicator", "measure", "kpi", "performance indicator", "indicator name"),
        **{key.name: key.headings for key in RULE_KEYS},
    },
    "One row per indicator. Give target and baseline in the unit; put semicolons between parts, "
    "names and months. Columns that you do not need may go.",
    ("kpis", "performance indicators"),
)
TOTALS = Section(
    "Totals",
    {"name": ("Total", "subtotal", "label"), "parts": ("Parts", "made of", "adds up from")},
    "Labels of derived tables that add up from others, with semicolons between the parts; a part "
    "with - before it is taken off.",
    ("subtotals", "totals and subtotals"),
)
SHARES = Section(
    "Shares",
    {
        "name": ("Share", "percentage", "quotient"),
        "part": ("Part", "numerator", "divide"),
        "whole": ("Whole", "denominator", "by"),
    },
    "Labels of derived tables that are one figure divided by another; the whole may be a number, "
    "such as 12 for a monthly average.",
    ("percentages", "shares and averages"),
)
LOGS = Section(
    "Logs and plans",
    SCHEME.columns,
    "For action logs, delivery plans, decisions and estates.",
    ("trackers", "action logs and plans"),
)
STATUSES = Section(
    "Status words",
    {"word": ("Word", "words", "label"), "status": ("Status", "means", "meaning")},
    "Words of your own for a status: not started, ongoing, closed, noted; red, yellow, green, "
    "white.",
    ("words for statuses",),  # "statuses" would be taken for the field "status" under Columns
)
LAST = Section(
    "Last recalculation",
    {
        "sheet": ("Sheet",),
        "cell": ("Cell",),
        "before": ("Before",),
        "after": ("After",),
        "format": ("Number format before",),
        "row": ("Row begins with",),
    },
    "What the button in Excel wrote last, and what stood there: for Undo last recalculate.",
)
LIKELIHOOD_SPELLINGS = Section(
    "Likelihood spellings",
    {"word": ("Spelling",), "score": ("Score",)},
    "Made by xlgov for its formulas: every way of typing a likelihood that they know. State words "
    "of your own under Likelihood words, above; what is typed here is lost.",
)
IMPACT_SPELLINGS = Section(
    "Impact spellings",
    {"word": ("Spelling",), "score": ("Score",)},
    "Made by xlgov for its formulas, likewise; 0 is no impact given. State words of your own under "
    "Impact words, above.",
)
SPELLINGS = (LIKELIHOOD_SPELLINGS, IMPACT_SPELLINGS)  # not read: they follow from the words
RULES = (THEMES, INDICATORS)  # wide: each column is found by its heading, and each must be known
SECTIONS = (
    *(SCHEME, PERFORMANCE, MATRIX, BANDS, COLORS, LIKELIHOOD, IMPACT, COLUMNS),
    *(THEMES, INDICATORS, TOTALS, SHARES, LOGS, STATUSES, ACCEPTED, *SPELLINGS, LAST),
)


def plain(text: str) -> str:
    """A title or heading for comparison: lower case, single spaces, no colon at the end."""
    return " ".join(text.lower().split()).rstrip(" :")
