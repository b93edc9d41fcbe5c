"""Which cells of a register get a formula of ours, and what those that stand should show.

Why a typed rating becomes a formula only where Python rates it too: a formula over scores that
cannot be read is blank, and the rating that a person had typed would be gone. Why the lists are
asked as well: what a formula shows in Excel is what it finds there, and a stored value that
differs would change the moment that the file is opened.
"""

from __future__ import annotations

from collections.abc import Sequence

from xlgov.changes import CellChange, Formula, StyleChange
from xlgov.grid.cells import address as cell_address
from xlgov.grid.cells import column_letters, is_blank
from xlgov.grid.sheet import Workbook
from xlgov.risk.assessment import Assessment, Score
from xlgov.risk.formulas import (
    Case,
    band_formula,
    highest_formula,
    lookup_key,
    rating_formula,
)
from xlgov.risk.giving import CellsGiven, Giving
from xlgov.risk.native import FormulaPlan
from xlgov.risk.rating import Rater
from xlgov.risk.register import Register, Risk
from xlgov.risk.scale import Scheme
from xlgov.risk.words import word_key

NEW = "formula"  # the measure of a change that makes a right value a formula
_REASONS = {"rating": "scores", "impact": "categories", "band": "rating"}

Place = tuple[int, int]
Shown = int | str


def give_formulas(
    workbook: Workbook,
    register: Register,
    rater: Rater,
    plan: FormulaPlan,
    corrections: Sequence[CellChange],
) -> CellsGiven:
    """The corrections of a register, with formulas in place of values where they can stand."""
    giving = Giving(workbook, register, plan, rater, corrections)
    if plan.is_sound and plan.scheme is not None and rater.scheme is not None:
        for risk in register.risks:
            for assessment in risk.assessments():
                _OneAssessment(giving, plan.scheme, risk, assessment).give()
    return CellsGiven(list(giving.changes.values()), giving.styles, giving.findings())


class _OneAssessment:
    """The cells of one assessment of one risk."""

    def __init__(self, giving: Giving, scheme: Scheme, risk: Risk, assessment: Assessment) -> None:
        self.giving = giving
        self.plan = giving.plan
        self.scheme = scheme
        self.risk = risk
        self.assessment = assessment
        self.kept = [each for each in assessment.categories if not each[1].is_absent]
        self.highest = self._highest()
        self.are_listed = all(self._is_listed(each, True) for _, each in assessment.categories)

    def give(self) -> None:
        """Formulas and their values for impact, rating and level, in the order they depend."""
        impact = self._give_impact()
        rating = self._give_rating(impact)
        self._give_band(rating)

    # --- reading

    def _number(self, score: Score | None) -> int | None:
        if score is None or score.problem is not None or score.number is None:
            return None
        number = int(score.number)
        return number if self.scheme.holds(number) else None

    def _highest(self) -> int | None:
        numbers = [self._number(score) for _, score in self.kept]
        known = [number for number in numbers if number is not None]
        return max(known) if known and len(known) == len(numbers) else None

    def _is_listed(self, score: Score | None, category: bool = False) -> bool:
        """Whether a formula reads a score's cell as Python does."""
        if score is None:
            return False
        is_likelihood = score is self.assessment.likelihood
        words = self.plan.spellings.likelihood if is_likelihood else self.plan.spellings.impact
        key = lookup_key(score.raw)
        if key is None:
            return True  # an error: both give nothing
        if words.get(key, 0) != (self._number(score) or 0):
            return False
        is_known = score.is_absent or self._number(score) is not None
        return not category or is_known == (not key or key in words)

    def _at(self, measure: str) -> Place | None:
        return self.risk.record.at(f"{self.assessment.name}.{measure}")

    def _cell(self, measure: str) -> str:
        """A measure's address; the row of a table's record is left open."""
        place = self._at(measure)
        if place is None:
            return ""
        return f"{column_letters(place[1])}\0" if self.risk.record.row else cell_address(*place)

    def _own(self, measure: str) -> str | None:
        place = self._at(measure)
        return self.giving.register.own_formulas.get((self.risk.sheet, place)) if place else None

    def _correction(self, measure: str) -> CellChange | None:
        place = self._at(measure)
        key = self.risk.sheet, cell_address(*place) if place else ""
        return self.giving.changes.get(key)

    # --- giving

    def _give_impact(self) -> bool:
        """Whether the impact cell holds a formula of ours by now."""
        score = self.assessment.impact
        if score is None or not self.assessment.categories:
            return False
        cells = tuple(self._cell(name) for name, _ in self.assessment.categories)
        text = self.giving.text(highest_formula, self.risk, cells)
        own = self._own("impact")
        if own is not None:
            return self._update("impact", own, text, _shown(self.highest), self.are_listed)
        if not self.plan.writes or self.highest is None or not self._may_become(score, "impact"):
            return False
        return self._write("impact", score, text, self.highest, self.are_listed)

    def _give_rating(self, impact_is_own: bool) -> int | None:
        """The number that the rating cell shows by now, where a formula may go by it."""
        score = self.assessment.rating
        if score is None:
            return None
        likelihood = self._number(self.assessment.likelihood)
        own = self._own("rating")
        is_own_impact = self._own("impact") is not None
        impact = self.highest
        if not self.kept:
            impact = None if is_own_impact else self._number(self.assessment.impact)
        computed = None
        if likelihood is not None and impact is not None:
            computed = self.scheme.rate(likelihood, impact)
        impacts, are_listed = self._impacts(impact_is_own)
        if not impacts or self.assessment.likelihood is None:
            return self._standing_rating(score)
        are_listed = are_listed and self._is_listed(self.assessment.likelihood)
        text = self.giving.text(
            rating_formula, self.risk, self.scheme.scoring, self._cell("likelihood"), impacts
        )
        if own is not None:
            self._update("rating", own, text, _shown(computed), are_listed)
            return computed
        is_new = (
            self.plan.writes
            and computed is not None
            and self._may_become(score, "rating")
            and self._write("rating", score, text, computed, are_listed)
        )
        return computed if is_new else self._standing_rating(score)

    def _impacts(self, impact_is_own: bool) -> tuple[tuple[str, ...], bool]:
        """The cells to take the impact from, and whether a formula reads them as Python does."""
        categories = self.assessment.categories
        of_categories = tuple(self._cell(name) for name, _ in categories)
        score = self.assessment.impact
        if impact_is_own:
            return (self._cell("impact"),), self.are_listed
        if score is not None and not self.kept:
            return (self._cell("impact"),), self._is_listed(score)
        if score is not None and self._shows_highest(score):
            return (self._cell("impact"),), True
        return of_categories, self.are_listed

    def _shows_highest(self, score: Score) -> bool:
        """Whether the impact cell, not ours, shows the highest category, once it is corrected."""
        correction = self._correction("impact")
        if correction is None:
            return score.number == self.highest and self._is_listed(score)
        key = lookup_key(correction.after if isinstance(correction.after, int | str) else None)
        return self.plan.spellings.impact.get(key or "", 0) == self.highest

    def _standing_rating(self, score: Score) -> int | None:
        """The number typed, or of a formula of theirs, where it is the right one."""
        rated = self.giving.rater.rate(self.assessment).rating
        is_number = isinstance(score.raw, int | float) and score.number is not None
        after = self._correction("rating")
        if after is not None and type(after.after) is int:
            return after.after
        return int(rated) if is_number and rated is not None and score.number == rated else None

    def _give_band(self, rating: int | None) -> None:
        score = self.assessment.band
        if score is None:
            return
        own = self._own("band")
        if own is not None:
            case: Case = next((c for c in ("UPPER", "LOWER") if f"({c}(" in own.upper()), "")
            shown = self._band_name(rating, case)
            text = self.giving.text(band_formula, self.risk, self._cell("rating"), case)
            self._update("band", own, text, shown, self.plan.has_bands and bool(text))
            return
        if not self.plan.writes or score.formula or not isinstance(score.raw, str):
            return
        names = {word_key(band.name) for band in self.scheme.bands}
        if self.scheme.bands_assumed or word_key(score.raw) not in names:
            return
        bare = score.raw.strip()
        case = "UPPER" if len(bare) > 1 and bare.isupper() else "LOWER" if bare.islower() else ""
        shown = self._band_name(rating, case)
        if not self.plan.has_bands or not shown:
            if not self._is_unrated():
                self._leave("band")
            return
        text = self.giving.text(band_formula, self.risk, self._cell("rating"), case)
        self._write("band", score, text, shown, True)

    def _is_unrated(self) -> bool:
        return self.giving.rater.rate(self.assessment).rating is None

    def _band_name(self, rating: int | None, case: Case) -> str:
        band = self.scheme.band(rating) if rating is not None else None
        if band is None:
            return ""
        cases = {"UPPER": band.name.upper(), "LOWER": band.name.lower()}
        return cases.get(case, band.name)

    def _may_become(self, score: Score, measure: str) -> bool:
        """Whether a typed cell may become a formula; one in words is left, and noted."""
        if score.formula or self._at(measure) is None:
            return False
        if is_blank(score.raw):
            return self._correction(measure) is not None
        if score.number is None:
            if score.problem is not None and score.problem.kind == "level":
                self._leave(measure)
            return False
        if isinstance(score.raw, str) and word_key(score.raw).strip("0123456789. "):
            self._leave(measure)
            return False
        return True

    def _leave(self, measure: str) -> None:
        self.giving.typed.append((self.risk.sheet, self._address(measure)))

    def _address(self, measure: str) -> str:
        place = self._at(measure)
        return cell_address(*place) if place else ""

    def _update(self, measure: str, own: str, text: str, shown: Shown, are_listed: bool) -> bool:
        """Bring a formula of ours up to date; one that has no value yet is given one."""
        score = self.assessment.score(measure)
        place = self.risk.sheet, self._address(measure)
        if not are_listed:
            if measure != "band":
                self.giving.unlisted.append(place)
            return True
        is_same = own == text or _bare(own) == _bare(text)
        raw = None if score is None or is_blank(score.raw) else score.raw
        if is_same and (raw == shown or (raw is None and shown == "")):
            return True
        reason = f"the {_REASONS[measure]} give {shown if shown != '' else 'nothing'}"
        if measure == "band":
            reason = reason.replace("give", "gives")
        self._change(measure, raw, Formula(own if is_same else text, shown), reason)
        return True

    def _write(self, measure: str, score: Score, text: str, shown: Shown, are_listed: bool) -> bool:
        """Put a formula in place of a typed value; whether it can stand there."""
        if not are_listed or "\0" in text:
            return False
        known = self._correction(measure)
        reason = "a formula on the xlgov sheet gives it from now on"
        if known is not None and known.reason:
            reason = f"{known.reason}; {reason}"
        is_new = isinstance(score.raw, str) and measure != "band"
        same = score.raw == shown or (is_new and score.number == shown)
        self._change(measure, score.raw, Formula(text, shown), reason, is_right=same)
        place = self._at(measure)
        if place and self.giving.is_text_cell(self.risk.sheet, place):
            self.giving.styles.append(
                StyleChange(self.risk.sheet, cell_address(*place), number_format="General")
            )
        return True

    def _change(
        self, measure: str, before: object, after: Formula, reason: str, is_right: bool = False
    ) -> None:
        place = self.risk.sheet, self._address(measure)
        kind = NEW if is_right else "level" if measure == "band" else measure
        field = f"{self.assessment.name}.{measure}"
        self.giving.changes[place] = CellChange(
            *place, before, after, reason, kind, self.risk.label, field
        )


def _shown(number: int | None) -> Shown:
    return "" if number is None else number


def _bare(text: str) -> str:
    return text.replace(" ", "").upper()
