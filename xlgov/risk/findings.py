"""What is wrong with a register, needs a decision, or is worth knowing.

Why a check asks for its column first: a register without an owner column has decided not to keep
owners there; sixteen findings about it would hide the one that matters. A closed risk is checked
for its scores and its reference only: nobody owes it a review or an action.

A warning that nothing was assessed is its own code, apart from the error of a score that is
missing beside others: the first is work not done, the second a slip.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from xlgov.changes import BoardItem, Finding
from xlgov.grid.dates import say_date
from xlgov.risk.assessment import Assessment
from xlgov.risk.codes import make_finding
from xlgov.risk.rating import Rater
from xlgov.risk.register import Register, Risk
from xlgov.risk.scale import Scheme
from xlgov.risk.verdict import Rated

STALE_AFTER = 100  # days: a quarter and a week


def check_risks(
    register: Register, rater: Rater, as_of: date, stale_after: int = STALE_AFTER
) -> Iterator[Finding]:
    """Everything about single risks, in register order."""
    assessed = _assessed(register, rater)
    quiet: set[tuple[int, int, int, bool]] = set()  # of these assessments there is nothing to say
    for risk in register.risks:
        key = (id(risk.inherent), id(risk.current), id(risk.future), risk.closed)
        if key not in quiet:
            said = [*_check_scores(risk, rater, assessed), *_compare_assessments(risk, rater)]
            if not said:
                quiet.add(key)
            yield from said
        yield from _check_actions(risk, rater)
        yield from _check_owner(risk)
        yield from _check_status(risk, as_of, stale_after)


def list_board(register: Register, rater: Rater) -> tuple[BoardItem, ...]:
    """Open risks whose current rating is above tolerance, the highest first."""
    items = []
    for risk in register.risks:
        rating = _rating(rater, risk.current)
        if not risk.closed and rating is not None and _is_above(rater.scheme, rating):
            items.append(
                BoardItem(
                    risk.label,
                    rating,
                    risk.sheet,
                    _rating_address(risk, "current"),
                    field="current.rating",
                )
            )
    return tuple(sorted(items, key=lambda item: -item.rating))


def _assessed(register: Register, rater: Rater) -> frozenset[str]:
    """The assessments that anybody in this register has made; current is always expected."""
    made = {"current"}
    for risk in register.risks:
        if len(made) == 3:
            break
        made.update(each.name for each in risk.assessments() if rater.rate(each).given)
    return frozenset(made - {"future"})


def _check_scores(risk: Risk, rater: Rater, assessed: frozenset[str]) -> Iterator[Finding]:
    for assessment in risk.assessments():
        rated = rater.rate(assessment)
        if not rated.given:
            if assessment.name in assessed and not risk.closed and not _is_waived(assessment):
                yield _finding(
                    "assessment-missing",
                    risk,
                    f"has no {assessment.name} score",
                    address=_first_address(risk, assessment),
                    remedy="Enter likelihood and impact",
                )
            continue
        for verdict in rated.verdicts:
            yield _finding(
                verdict.code,
                risk,
                verdict.text,
                address=risk.address(f"{assessment.name}.{verdict.measure}"),
                remedy=verdict.remedy,
                related=_score_addresses(risk, assessment, but=verdict.measure),
            )


def _compare_assessments(risk: Risk, rater: Rater) -> Iterator[Finding]:
    inherent, current = _rating(rater, risk.inherent), _rating(rater, risk.current)
    future = _rating(rater, risk.future)
    if inherent is not None and current is not None:
        related = (_rating_address(risk, "inherent"),)
        if current > inherent:
            yield _finding(
                "current-above-inherent",
                risk,
                f"current rating {current} is above inherent {inherent}; "
                "controls cannot raise a risk",
                address=_rating_address(risk, "current"),
                remedy="Score the inherent risk again, as it would be without controls",
                related=related,
            )
        elif current == inherent and not risk.closed and not _is_lowest(rater.scheme, current):
            yield _finding(
                "controls-not-lowered",
                risk,
                f"current rating {current} equals inherent; controls have not lowered the risk",
                address=_rating_address(risk, "current"),
                remedy="Look at whether the controls work, or score again",
                related=related,
            )
    if current is not None and future is not None and future > current:
        yield _finding(
            "future-above-current",
            risk,
            f"future rating {future} is above current {current}; actions cannot raise a risk",
            address=_rating_address(risk, "future"),
            remedy="Score the future risk again, as it will be after the planned actions",
            related=(_rating_address(risk, "current"),),
        )


def _check_actions(risk: Risk, rater: Rater) -> Iterator[Finding]:
    if risk.closed or risk.acted_on is None:
        return
    current = _rating(rater, risk.current)
    if not risk.acted_on:
        if current is not None and rater.scheme and rater.scheme.above_tolerance(current):
            yield _finding(
                "above-tolerance-no-action",
                risk,
                f"current rating {current} is above tolerance ({rater.scheme.tolerance_words}) "
                "and has no future action",
                address=risk.address("future_actions"),
                remedy="Enter the planned actions, or record that the risk is accepted",
                related=(_rating_address(risk, "current"),),
            )
        return
    future = risk.future
    if future is not None and not rater.rate(future).given and not _is_waived(future):
        address = _first_address(risk, future)
        yield _finding(
            "actions-no-future-score",
            risk,
            "lists future actions but has no future score",
            address=address,
            remedy="Score the risk as it will be after the actions",
            related=tuple(
                other for other in _score_addresses(risk, future, but="") if other != address
            ),
        )


def _check_owner(risk: Risk) -> Iterator[Finding]:
    if risk.owned is False and not risk.closed:
        field = "owner" if risk.has("owner") else "second_owner"
        yield _finding(
            "no-owner", risk, "has no owner", address=risk.address(field), remedy="Enter the owner"
        )


def _check_status(risk: Risk, as_of: date, stale_after: int) -> Iterator[Finding]:
    if risk.closed:
        return
    status = risk.status
    if status.state == "missing":
        yield _finding(
            "status-date-missing",
            risk,
            "has no status date",
            address=risk.address("status_date"),
            remedy="Enter the date of the last review",
        )
    elif status.state == "unreadable":
        yield _finding(
            "status-date-unreadable",
            risk,
            f"status date is '{status.text}', which is no date",
            address=risk.address("status_date"),
            remedy="Enter a date such as 31/01/2017",
        )
    elif status.state == "read" and status.day is not None:
        age = (as_of - status.day).days
        if age > stale_after:
            yield _finding(
                "status-stale",
                risk,
                f"status is of {say_date(status.day)}, {age} days before "
                f"{say_date(as_of)}; the limit is {stale_after}",
                address=risk.address("status_date"),
                remedy="Review the risk and date its status",
            )


def check_date_order(register: Register) -> Iterator[Finding]:
    """One finding for each sheet with a date that cannot have its day first."""
    seen = set()
    for risk in register.risks:
        if risk.status.state != "month-first" or risk.sheet in seen:
            continue
        seen.add(risk.sheet)
        yield make_finding(
            "date-order",
            f"Status date '{risk.status.text}' cannot have its day first, so dates written in "
            "figures in this column are not read",
            sheet=risk.sheet,
            address=risk.address("status_date"),
            remedy="Put `day_first = no` in the xlgov sheet if months come first; else correct it",
        )


def _finding(
    code: str,
    risk: Risk,
    text: str,
    *,
    address: str,
    remedy: str,
    related: tuple[str, ...] = (),
) -> Finding:
    return make_finding(
        code,
        f"{risk.label} {text}",
        record=risk.label,
        sheet=risk.sheet,
        address=address,
        remedy=remedy,
        related=related,
    )


def _rating(rater: Rater, assessment: Assessment | None) -> int | float | None:
    rated: Rated | None = None if assessment is None else rater.rate(assessment)
    return None if rated is None else rated.rating


def _is_above(scheme: Scheme | None, rating: int | float) -> bool:
    return scheme is not None and scheme.above_tolerance(rating)


def _is_lowest(scheme: Scheme | None, rating: int | float) -> bool:
    return scheme is not None and rating == scheme.lowest


def _is_waived(assessment: Assessment) -> bool:
    """Whether somebody wrote on purpose that there is no score (``n/a``)."""
    scores = (assessment.likelihood, assessment.impact, assessment.rating)
    return any(score is not None and _says_none(score.problem) for score in scores)


def _says_none(problem: object) -> bool:
    return getattr(problem, "kind", "") == "not-given"


def _rating_address(risk: Risk, name: str) -> str:
    return risk.address(f"{name}.rating") or risk.address(f"{name}.likelihood")


def _first_address(risk: Risk, assessment: Assessment) -> str:
    """The first cell to fill: likelihood, else impact, else the rating itself."""
    return next(iter(_score_addresses(risk, assessment, but="")), "")


def _score_addresses(risk: Risk, assessment: Assessment, but: str) -> tuple[str, ...]:
    measures = ("likelihood", "impact", "rating")
    found = (risk.address(f"{assessment.name}.{each}") for each in measures if each != but)
    return tuple(place for place in found if place)
