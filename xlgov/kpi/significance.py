"""The comparisons that ask how easily chance alone would give the difference.

Why scipy: these are textbook tests with corners of their own, and a library that everybody checks
is safer than ours. It is imported only when one of them runs.
"""

from __future__ import annotations

from xlgov.kpi.verdict import Evidence, Outcome, Wording, conclude, known, refuse

ALPHA = 0.05  # two-sided, so at 95%
FEWEST_EXPECTED = 5  # cases expected in each of the four groups, for the z test to be accurate


def compare_proportion(
    cases: float | None,
    total: float | None,
    other_cases: float | None,
    other_total: float | None,
    wording: Wording,
) -> Outcome:
    """Two proportions by the pooled z test, two-sided at 95%.

    The months of the two must not overlap. A blank, a total of 0, or more cases than the total
    give no verdict.

    >>> words = Wording("{:.1%}".format, comparator="the baseline", points=100)
    >>> compare_proportion(30, 40, 80, 100, words).reason
    '75.0% (30 of 40) is 5.0 percentage points (6.3%) below the baseline of 80.0% (80 of 100); \
chance alone would give so large a difference in 51.5% of cases (significant below \
5%), so Comparable'
    """
    current, problem = _divide(cases, total, "current")
    comparator, other_problem = _divide(other_cases, other_total, "comparator's")
    if current is None or comparator is None or not total or not other_total:
        missing = problem or other_problem
        return refuse("proportion", current, comparator, wording, missing)
    assert cases is not None and other_cases is not None
    pooled = (cases + other_cases) / (total + other_total)
    if 0 < pooled < 1:
        from scipy.stats import chi2_contingency

        # The square of the pooled z is this chi-squared without continuity correction.
        table = [[cases, total - cases], [other_cases, other_total - other_cases]]
        p_value = float(chi2_contingency(table, correction=False).pvalue)
    else:
        p_value = 1.0  # nobody or everybody on both sides
    clause = _say_chance(p_value)
    expected = min(total, other_total) * min(pooled, 1 - pooled)
    if expected < FEWEST_EXPECTED and p_value < 1:
        clause += f" (roughly, with fewer than {FEWEST_EXPECTED} cases expected in a group)"
    evidence = Evidence(
        clause,
        p_value=p_value,
        significant=p_value < ALPHA,
        detail=_say_parts(cases, total),
        other_detail=_say_parts(other_cases, other_total),
    )
    return conclude("proportion", current, comparator, wording, evidence)


def compare_poisson(
    count: float | None,
    months: float,
    other_count: float | None,
    other_months: float,
    wording: Wording,
) -> Outcome:
    """Two counts over so many months each, by the exact conditional binomial test.

    Two-sided at 95%. The figures compared are per month. The months must not overlap. A blank, no
    months, or what is no whole count gives no verdict.

    >>> words = Wording("{:.1f}".format, comparator="the 2016/17 monthly average")
    >>> compare_poisson(9, 1, 48, 12, words).reason
    '9.0 (9 in 1 month) is 125.0% above the 2016/17 monthly average of 4.0 (48 in 12 months); \
chance alone would give so large a difference in 4.0% of cases (significant below 5%), so Higher'
    """
    current, problem = _average(count, months, "current")
    comparator, other_problem = _average(other_count, other_months, "comparator's")
    if current is None or comparator is None:
        return refuse("poisson", current, comparator, wording, problem or other_problem)
    assert count is not None and other_count is not None
    both = round(count) + round(other_count)
    p_value = 1.0
    if both:
        from scipy.stats import binomtest

        share = months / (months + other_months)
        p_value = float(binomtest(round(count), both, share).pvalue)
    evidence = Evidence(
        _say_chance(p_value),
        p_value=p_value,
        significant=p_value < ALPHA,
        detail=_say_months(count, months),
        other_detail=_say_months(other_count, other_months),
    )
    return conclude("poisson", current, comparator, wording, evidence)


def _divide(cases: float | None, total: float | None, whose: str) -> tuple[float | None, str]:
    """A proportion, or None and what is wrong with it."""
    cases, total = known(cases), known(total)
    if cases is None or total is None:
        return None, f"the {whose} numerator or denominator is missing"
    if total <= 0:
        return None, f"the {whose} denominator is {total:g}"
    if not 0 <= cases <= total:
        return None, f"the {whose} numerator, {cases:g}, is not between 0 and {total:g}"
    return cases / total, ""


def _average(count: float | None, months: float, whose: str) -> tuple[float | None, str]:
    """A count per month, or None and what is wrong with it."""
    count = known(count)
    if count is None:
        return None, f"the {whose} count is missing"
    if months <= 0:
        return None, f"the {whose} count covers no month"
    if count < 0 or not float(count).is_integer():
        return None, f"the {whose} figure, {count:g}, is not a whole count"
    return count / months, ""


def _say_parts(cases: float, total: float) -> str:
    return f"{_say_count(cases)} of {_say_count(total)}"


def _say_months(count: float, months: float) -> str:
    return f"{_say_count(count)} in {months:g} month{'' if months == 1 else 's'}"


def _say_count(count: float) -> str:
    return f"{count:,.0f}" if float(count).is_integer() else f"{count:,.2f}"


def _say_chance(p_value: float) -> str:
    how_often = "less than 0.1%" if p_value < 0.001 else f"{p_value:.1%}"
    return (
        f"chance alone would give so large a difference in {how_often} of cases "
        f"(significant below {ALPHA:.0%})"
    )
