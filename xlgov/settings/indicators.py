"""The keys of an indicator's rule: name, heading, reader and meaning of each, for both sources.

Why one table: a heading of the settings sheet and a key of ``xlgov.toml`` that mean the same are
read and judged by the same line; the page writes its headings from here too. A new key is one
field of ``IndicatorRule`` and one line here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xlgov.settings.figures import read_figure, read_limit
from xlgov.settings.months import read_months
from xlgov.settings.typed import (
    NO_ANSWER,
    read_names,
    read_number_in,
    read_one_of,
    read_text,
    read_unit,
    read_yes_no,
)

MOST_DECIMALS = 6
LONGEST_LAG = 36  # months
CHART_READINGS = 13  # from so many on, a control chart says what is significant

COMBINE_WORDS = {
    "sum": ("total", "count", "add", "added", "added up"),
    "ratio": ("rate", "proportion", "percentage", "numerator / denominator"),
    "mean": ("average", "avg"),
    "latest": ("last", "level", "snapshot"),
}
DIRECTION_WORDS = {
    "up": (
        *("higher", "high", "higher is better", "high is good", "up is good", "more", "rise"),
        *("increase", "increasing", "increase is better", "maximise", "↑"),
    ),
    "down": (
        *("lower", "low", "lower is better", "low is good", "down is good", "less", "fewer"),
        *("decrease", "decreasing", "decrease is better", "reduce", "reduction", "fall"),
        *("minimise", "↓"),
    ),
    "none": ("neutral", "neither", "either", "no direction", "↔", *NO_ANSWER),
}
TEST_WORDS = {
    "spread": ("standard deviation", "standard deviations"),
    "relative": ("percent", "per cent", "%"),
    "points": ("percentage points", "% points"),
    "proportion": ("proportions", "two proportions"),
    "poisson": (),
    "xmr": ("spc", "control chart", "control limits"),
}
SIGNIFICANT_WORDS = {
    "outcome": ("higher or lower",),
    "xmr": ("spc", "control chart", "special cause"),
}


@dataclass(frozen=True, slots=True)
class RuleKey:
    """A field of ``IndicatorRule``: the headings it may have, ours first, and its reader.

    ``own`` keys belong to one indicator; the others may be stated for a theme or for all too.
    """

    name: str
    headings: tuple[str, ...]
    read: Callable[[object, bool], object]
    meaning: str
    own: bool = False


_TEST = read_one_of(TEST_WORDS)
_TESTS = "spread, relative, points, proportion, poisson or xmr"
RULE_KEYS: tuple[RuleKey, ...] = (
    RuleKey(
        "combine",
        ("Combine", "combines", "how it combines", "aggregation", "aggregated by"),
        read_one_of(COMBINE_WORDS),
        "How months make a longer period: sum, ratio, mean or latest",
    ),
    RuleKey(
        "unit",
        ("Unit", "units", "unit of measure"),
        read_unit,
        "The unit of figures, a word; percent: 82.5 is 82.5%, fraction: 0.825 is",
    ),
    RuleKey(
        "decimals",
        ("Decimals", "decimal places", "dp"),
        read_number_in(0, MOST_DECIMALS),
        f"Decimals that are shown, 0 to {MOST_DECIMALS}",
    ),
    RuleKey(
        "direction",
        ("Desired direction", "direction", "polarity", "good is"),
        read_one_of(DIRECTION_WORDS),
        "Which way is better: up, down or none",
    ),
    RuleKey("target", ("Target", "target figure"), read_figure, "The target, in the unit", True),
    RuleKey(
        "baseline",
        ("Fixed baseline", "baseline", "baseline figure"),
        read_figure,
        "A fixed figure in place of the rolling 12 months of last year's end, in the unit",
        True,
    ),
    RuleKey(
        "lag",
        ("Months late", "lag", "lag in months", "reporting lag"),
        read_number_in(0, LONGEST_LAG),
        "How many months the readings come after the reporting month",
    ),
    RuleKey(
        "average_test",
        ("Average test", "test against average", "test against the average"),
        _TEST,
        f"How a month is compared with its average: {_TESTS}",
    ),
    RuleKey(
        "average_limit",
        ("Average limit", "limit against average", "limit against the average"),
        read_limit,
        "Up to how much is Comparable: standard deviations, per cent or percentage points",
    ),
    RuleKey(
        "benchmark_test",
        ("Benchmark test", "baseline test"),
        _TEST,
        f"How the rolling 12 months are compared with the baseline: {_TESTS}",
    ),
    RuleKey(
        "benchmark_limit",
        ("Benchmark limit", "baseline limit"),
        read_limit,
        "Up to how much is Comparable",
    ),
    RuleKey(
        "peer_test",
        ("Peer test", "msf test", "peers test"),
        _TEST,
        f"How the force is compared with its peers: {_TESTS}",
    ),
    RuleKey(
        "peer_limit",
        ("Peer limit", "msf limit", "peers limit"),
        read_limit,
        "Up to how much is Comparable",
    ),
    RuleKey(
        "significant",
        ("Significant", "significant change", "grey", "grey means"),
        read_one_of(SIGNIFICANT_WORDS),
        "What a grey comparison with an average means: outcome or xmr, as above",
    ),
    RuleKey(
        "rebase",
        ("Rebase", "rebase months", "rebase at", "rebased"),
        read_months,
        "Months in which a control chart starts anew: Apr-16; Apr-17",
    ),
    RuleKey(
        "screen",
        ("Screen", "screened", "screen outliers"),
        read_yes_no,
        "yes: a control chart's limits leave out its largest jumps",
    ),
    RuleKey(
        "parts",
        ("Parts", "made of", "adds up from", "components"),
        read_names,
        "The indicators that add up to this one, with semicolons between them",
        True,
    ),
    RuleKey(
        "names",
        ("Other names", "names", "other name", "also known as", "aliases"),
        read_names,
        "Other names of the indicator, with semicolons between them",
        True,
    ),
    RuleKey(
        "source", ("Source", "data source", "source line"), read_text, "Where readings come from"
    ),
)
SHARED_KEYS: tuple[RuleKey, ...] = tuple(key for key in RULE_KEYS if not key.own)
