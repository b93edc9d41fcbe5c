"""What a comparison says: Higher, Lower or Comparable, its numbers and its sentence.

Why every outcome carries its sentence: a covering paper quotes it, and an office that disagrees
must see which test with which limit decided. Why it knows no good or bad: that is a separate
value, ``judge``, and never changes Higher or Lower.

Why a tolerance for equality: 0.1 + 0.2 and 0.3 are the same figure to a reader, so two figures
are the same within a billionth of the larger; no office records that finely.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

from xlgov.settings.values import Direction, Test

Verdict = Literal["Higher", "Lower", "Comparable"]

SAME = 1e-9  # of the larger figure
NOTHING = 1e-12  # of anything: what a subtraction leaves where the answer is 0
PERCENT = 100.0


class Wording(NamedTuple):
    """How a comparison is put into words.

    ``show`` prints a figure in the indicator's unit. ``current`` names the current figure ("" for
    none), ``comparator`` the other ("the 2016/17 monthly average"). ``points`` is what a
    difference is multiplied by to give percentage points: 100 for fractions, 1 for figures in per
    cent, None for what is no percentage.
    """

    show: Callable[[float], str]
    current: str = ""
    comparator: str = "the comparator"
    points: float | None = None


class Outcome(NamedTuple):
    """What a test says of two figures, with its evidence.

    ``verdict`` None: the test cannot be made, and ``reason`` says what is missing. ``change`` is
    current minus comparator, ``change_share`` that change over the comparator's size (None where
    it is 0). ``limit`` is the test's own. ``spread`` is the standard
    deviation of the comparator's months; ``p_value`` two-sided; ``lower`` and ``upper`` are the
    figures between which the current one is comparable.
    """

    verdict: Verdict | None
    current: float | None
    comparator: float | None
    change: float | None
    change_share: float | None
    test: Test
    reason: str
    limit: float | None = None
    spread: float | None = None
    p_value: float | None = None
    lower: float | None = None
    upper: float | None = None


def judge(outcome: Outcome, direction: Direction | None) -> Literal["better", "worse"] | None:
    """Whether a verdict is the desired one. None: comparable, not made, or no direction desired."""
    if outcome.verdict not in ("Higher", "Lower") or direction not in ("up", "down"):
        return None
    return "better" if (outcome.verdict == "Higher") == (direction == "up") else "worse"


def say_change(outcome: Outcome, wording: Wording) -> str:
    """The change as number and per cent, as a covering paper quotes it; "" without a change.

    >>> words = Wording("{:,.0f}".format)
    >>> say_change(conclude("relative", 4988, 4838, words, Evidence("up to 4% counts")), words)
    '+150 (+3.1%)'
    """
    if outcome.change is None:
        return ""
    mark = "+" if outcome.change > 0 else "-" if outcome.change < 0 else ""
    if wording.points is None:
        number = wording.show(abs(outcome.change))
    else:
        number = say_points(abs(outcome.change) * wording.points)
    if outcome.change_share is None:
        return f"{mark}{number}"
    return f"{mark}{number} ({mark}{say_share(abs(outcome.change_share))})"


def say_share(share: float) -> str:
    """A share as a per cent with one decimal; one that this would hide is "less than 0.1%"."""
    return f"{share:.1%}" if share == 0 or share >= 0.0005 else "less than 0.1%"


def are_same(first: float, second: float) -> bool:
    """Whether two figures differ by no more than floating-point noise.

    >>> are_same(0.1 + 0.2, 0.3), are_same(0.3, 0.3001)
    (True, False)
    """
    return math.isclose(first, second, rel_tol=SAME, abs_tol=NOTHING)


class Evidence(NamedTuple):
    """What a test found: a clause of the sentence, and the numbers it speaks of.

    Without ``significant``, lying outside ``lower`` to ``upper`` decides. ``detail`` and
    ``other_detail`` say what the two figures were made of ("33 of 40").
    """

    clause: str
    lower: float | None = None
    upper: float | None = None
    limit: float | None = None
    spread: float | None = None
    p_value: float | None = None
    significant: bool | None = None
    detail: str = ""
    other_detail: str = ""


def conclude(
    test: Test, current: float, comparator: float, wording: Wording, evidence: Evidence
) -> Outcome:
    """The outcome of a test that can be made; the side of its verdict is that of the change."""
    change = current - comparator
    significant = evidence.significant
    if significant is None:
        noise = max(SAME * max(abs(current), abs(comparator)), NOTHING)
        lower, upper = evidence.lower, evidence.upper
        significant = (upper is not None and current - upper > noise) or (
            lower is not None and lower - current > noise
        )
    verdict: Verdict = "Comparable"
    if significant and not are_same(current, comparator):
        verdict = "Higher" if change > 0 else "Lower"
    position = _say_position(current, comparator, wording, evidence)
    return Outcome(
        verdict=verdict,
        current=current,
        comparator=comparator,
        change=change,
        change_share=change / abs(comparator) if comparator else None,
        test=test,
        reason=f"{position}; {evidence.clause}, so {verdict}",
        limit=evidence.limit,
        spread=evidence.spread,
        p_value=evidence.p_value,
        lower=evidence.lower,
        upper=evidence.upper,
    )


def refuse(
    test: Test,
    current: float | None,
    comparator: float | None,
    wording: Wording,
    missing: str = "",
    limit: float | None = None,
) -> Outcome:
    """The outcome of a test that cannot be made. Without ``missing``, a figure is missing."""
    change = share = None
    if current is not None and comparator is not None:
        change = current - comparator
        share = change / abs(comparator) if comparator else None
    if not missing:
        other = wording.comparator.rstrip(",")
        absent = "current figure" if current is None else f"figure for {other}"
        missing = f"there is no {absent}"
    reason = f"Not compared with {wording.comparator.rstrip(',')}: {missing}"
    return Outcome(None, current, comparator, change, share, test, reason, limit)


def known(value: float | None) -> float | None:
    """The value; None for NaN too."""
    return None if value is None or math.isnan(value) else value


def say_size(size: float, comparator: float, wording: Wording) -> str:
    """A size in per cent of the comparator; a percentage's in percentage points as well."""
    share = say_share(size / abs(comparator)) if comparator else ""
    if wording.points is not None:
        points = say_points(size * wording.points)
        return f"{points} ({share})" if share else points
    return share or wording.show(size)


def say_points(points: float) -> str:
    """``2.5 percentage points``."""
    number = f"{points:.1f}" if points == 0 or points >= 0.05 else "less than 0.1"
    return f"{number} percentage point{'' if number == '1.0' else 's'}"


def _say_position(current: float, comparator: float, wording: Wording, evidence: Evidence) -> str:
    """``4,988 is 3.1% above the 2016/17 monthly average of 4,838``."""
    made_of = ", ".join(part for part in (wording.current, evidence.detail) if part)
    subject = f"{wording.show(current)} ({made_of})" if made_of else wording.show(current)
    other = f"{wording.comparator} of {wording.show(comparator)}"
    if evidence.other_detail:
        other += f" ({evidence.other_detail})"
    if are_same(current, comparator):
        return f"{subject} equals {other}"
    side = "above" if current > comparator else "below"
    size = say_size(abs(current - comparator), comparator, wording)
    return f"{subject} is {size} {side} {other}"
