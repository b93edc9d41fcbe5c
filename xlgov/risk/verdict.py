"""What is said of one measure of an assessment, before it is known which risk it is."""

from __future__ import annotations

from typing import NamedTuple

Written = int | str


class Verdict(NamedTuple):
    """Something wrong with one measure of an assessment.

    ``text`` goes on from the risk's reference (``current rating shows 8; ...``). ``after`` is the
    value to write, None where the cell is left alone, and ``reason`` says why it is right.
    """

    code: str
    measure: str
    text: str
    after: Written | None = None
    reason: str = ""
    remedy: str = ""


class Rated(NamedTuple):
    """An assessment with its rating worked out.

    ``rating`` is computed from the scores where they can be read; else the one that stands there,
    where scores are not kept or not given; else None. ``computed`` says which. ``given`` is false
    where nothing at all was given.
    """

    rating: int | float | None
    computed: bool
    given: bool
    verdicts: tuple[Verdict, ...] = ()


def correct(code: str, measure: str, text: str, after: Written | None, because: str) -> Verdict:
    """A typed value that is wrong: to be written, or left to a person where ``after`` is None."""
    remedy = "A refresh corrects it" if after is not None else "Correct the cell"
    return Verdict(code, measure, text, after, because, remedy)


def leave_formula(code: str, measure: str, text: str) -> Verdict:
    """A formula that shows something else; formulas are never overwritten."""
    return Verdict(code, measure, text, remedy="Look at the formula; formulas are left as they are")
