"""How many of the published Higher, Lower and Comparable the default methods give, and which not.

The months between the published figures are invented, and so are the peers' figures: what is
asserted is what the published figures alone decide, which is the side of a change and the
comparison with the baseline. The rest is shown, and nothing is tuned to raise it.
"""

from __future__ import annotations

from tests.conftest import ShowTable
from tests.kpi.recomputed import FLAGS, OUTCOMES, Recomputed, number_of
from tests.workbooks.dashboard_cells import facts, published
from xlgov.kpi.comparison import DEFAULT_LIMITS, Outcome, Wording, compare_relative

TITLES = {
    "v1yr": "current v 1yr avg (illustrative: invented months)",
    "v3yr": "current v 3yr avg (illustrative: invented months)",
    "perf_v_benchmark": "perf v benchmark, from the unrounded sample (illustrative)",
    "msf": "MSF (illustrative: invented peers, placed as published)",
}
SIDES = {"Higher": 1, "Lower": -1}
NOT_FROM_PRINTED = {
    "Burglary Dwelling Outcome Rate": ("Comparable", "Higher"),
    "Immediate grade incidents - time to respond (mins)": ("Higher", "Comparable"),
    "Community Resolutions": ("Comparable", "Lower"),
    "Satisfaction with Service Delivery - Hate Crime": ("Comparable", "Higher"),
}


def flags(column: str) -> dict[str, str]:
    """The published outcomes of a column, by indicator."""
    return {row["indicator"]: row[column] for row in published() if row[column] in OUTCOMES}


def side(change: float | None) -> int:
    return 0 if not change else 1 if change > 0 else -1


def shortened(sentence: str) -> str:
    for words, short in (
        ("its usual month-to-month spread is", "spread"),
        (" percentage points", " points"),
        ("counts as comparable", "allowed"),
        ("the mean of similar forces", "the peers' mean"),
        (" to 2016/17 monthly average", " to 2016/17 average"),
    ):
        sentence = sentence.replace(words, short)
    return sentence


def test_the_flags_of_the_sample_are_shown_column_by_column(
    recomputed: Recomputed, show_table: ShowTable
) -> None:
    lines = []
    for column in FLAGS:
        expected = flags(column)
        ours = {name: recomputed.judgement(name, column) for name in expected}
        same = sum(ours[name].verdict == flag for name, flag in expected.items())
        lines.append(f"{TITLES[column]}: {same} of {len(expected)}")
        lines += [
            f"  {name}: printed {flag}; {shortened(ours[name].sentence)}"
            for name, flag in expected.items()
            if ours[name].verdict != flag
        ]
        for name, judgement in ours.items():
            assert judgement.sentence.endswith(f"so {judgement.verdict}"), (name, column)
            assert recomputed.figure(name, column) == judgement.verdict
    show_table("published flags and ours, by the default methods", lines)
    assert {column: len(flags(column)) for column in FLAGS} == {
        "v1yr": 40,
        "v3yr": 34,
        "perf_v_benchmark": 38,
        "msf": 11,
    }


def test_every_published_higher_and_lower_is_on_the_side_of_our_change(
    recomputed: Recomputed, show_table: ShowTable
) -> None:
    """Against the year before; the three years before are invented but for one month each."""
    lines = []
    for column in ("v1yr", "v3yr", "perf_v_benchmark"):
        decided = {name: flag for name, flag in flags(column).items() if flag in SIDES}
        changes = {name: recomputed.judgement(name, column).change for name in decided}
        wrong = {name for name, flag in decided.items() if SIDES[flag] != side(changes[name])}
        lines.append(f"{column}: {len(decided) - len(wrong)} of {len(decided)} Higher and Lower")
        lines += [f"  {name}: printed {decided[name]}, ours {changes[name]:+.3g}" for name in wrong]
        if column == "v1yr":
            assert len(decided) == 26
            assert not wrong
    show_table("sides of the published Higher and Lower", lines)


def test_printed_figures_alone_tell_that_the_average_is_of_the_year_before(
    show_table: ShowTable,
) -> None:
    """No invented month has a part: FYTD - 1 and rolling 12 are those two years at a March."""
    against = {"fytd_minus1": set(), "rolling12": set()}  # type: dict[str, set[str]]
    compared = 0
    for row in published():
        if row["v1yr"] not in SIDES or row["period_end"] != "Mar-18":
            continue
        compared += 1
        months = 1 if row["unit"] in ("percent", "minutes") else 12
        for column, wrong in against.items():
            change = number_of(row["current"]) - number_of(row[column]) / months
            if side(change) != SIDES[row["v1yr"]]:
                wrong.add(row["indicator"])
    show_table(
        "sides of v1yr from the printed figures alone",
        [
            f"against the year before (FYTD - 1): {compared - len(against['fytd_minus1'])} "
            f"of {compared}; against this year (rolling 12): "
            f"{compared - len(against['rolling12'])} of {compared}"
        ],
    )
    assert not against["fytd_minus1"]
    assert against["rolling12"] == {
        row["indicator"]
        for row in facts("kpi_discrepancies")
        if row["kind"] == "dashboard internal" and row["field"] == "v1yr"
    }


def benchmark_misses(limit: float) -> dict[str, Outcome]:
    """Where the printed figures alone give another outcome than the printed one."""
    found = {}
    for row in published():
        if row["perf_v_benchmark"] in OUTCOMES:
            words = Wording(lambda figure: f"{figure:g}", comparator="the baseline")
            figures = number_of(row["rolling12"]), number_of(row["baseline"])
            outcome = compare_relative(*figures, words, limit)
            if outcome.verdict != row["perf_v_benchmark"]:
                found[row["indicator"]] = outcome
    return found


def test_four_per_cent_of_the_printed_baseline_gives_34_of_38_benchmark_flags(
    show_table: ShowTable,
) -> None:
    differ = benchmark_misses(DEFAULT_LIMITS["relative"])
    expected = flags("perf_v_benchmark")
    show_table(
        f"perf v benchmark from the printed figures alone: {len(expected) - len(differ)} of "
        f"{len(expected)}",
        [f"  {n}: printed {expected[n]}; {shortened(o.reason)}" for n, o in differ.items()],
    )
    assert len(expected) == 38
    assert {n: (expected[n], o.verdict) for n, o in differ.items()} == NOT_FROM_PRINTED


def test_no_other_limit_near_four_per_cent_would_give_more() -> None:
    fewest = min(len(benchmark_misses(tenths / 10)) for tenths in range(101))
    assert fewest == len(NOT_FROM_PRINTED)
    for limit in (3.3, 4.3):
        assert set(benchmark_misses(limit)) == set(NOT_FROM_PRINTED)
