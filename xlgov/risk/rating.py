"""What one assessment's scores amount to, and what its cells should show.

Why verdicts and not findings: an assessment is shared by every risk that has the same scores, so
what is said of it names no risk and no cell. ``findings`` adds the risk; ``preview`` turns a
verdict that has a value into a cell change. There is no second place that compares a rating.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from xlgov.grid.cells import CellError, is_blank
from xlgov.risk.assessment import Assessment, AssessmentName, Score
from xlgov.risk.label import match_case, rewrite_label
from xlgov.risk.scale import Scheme
from xlgov.risk.verdict import Rated, Verdict, Written, correct, leave_formula
from xlgov.risk.words import Words, word_key


@dataclass(slots=True)
class Rater:
    """Rates the assessments of one register, each combination of scores once.

    Without a scheme nothing is computed and no rating is compared. ``fillable`` are the
    assessments whose blank ratings are filled.
    """

    scheme: Scheme | None
    likelihood_words: Words
    impact_words: Words
    fillable: frozenset[AssessmentName] = frozenset(("inherent", "current", "future"))
    _rated: dict[int, tuple[Assessment, Rated]] = field(default_factory=dict)

    def rate(self, assessment: Assessment) -> Rated:
        """The rating of an assessment and everything wrong with its scores."""
        known = self._rated.get(id(assessment))
        if known is None:
            # The assessment is kept with its answer so that its id is not given to another.
            known = self._rated[id(assessment)] = (assessment, self._work_out(assessment))
        return known[1]

    def _work_out(self, assessment: Assessment) -> Rated:
        if not _is_given(assessment):
            return Rated(None, False, False)
        verdicts: list[Verdict] = []
        likelihood = self._read_likelihood(assessment, verdicts)
        impact, driver = self._read_impact(assessment, verdicts)
        computed = None
        if self.scheme is not None and likelihood is not None and impact is not None:
            computed = self.scheme.rate(likelihood, impact)
            because = f"likelihood {likelihood}, impact {impact}{driver} gives {computed}"
            self._compare_rating(assessment, computed, because, verdicts)
        else:
            self._check_lone_rating(assessment, verdicts)
        rating: int | float | None = computed
        if rating is None:
            rating = self._standing_rating(assessment)
        if rating is not None:
            self._compare_level(assessment, rating, verdicts)
        return Rated(rating, computed is not None, True, tuple(verdicts))

    def _standing_rating(self, assessment: Assessment) -> int | float | None:
        """The rating typed there: a slip of the pen must not take a risk off the board list."""
        number = assessment.rating.number if assessment.rating else None
        if number is None or self.scheme is None:
            return number
        return number if self.scheme.lowest <= number <= self.scheme.highest else None

    def _read_likelihood(self, assessment: Assessment, verdicts: list[Verdict]) -> int | None:
        score = assessment.likelihood
        if score is None:
            return None
        return self._read(assessment, "likelihood", score, self.likelihood_words, verdicts)

    def _read_impact(
        self, assessment: Assessment, verdicts: list[Verdict]
    ) -> tuple[int | None, str]:
        """The impact, and in brackets the categories that drive it where those are kept."""
        kept = [(name, score) for name, score in assessment.categories if not score.is_absent]
        if not kept:
            measure, score = "impact", assessment.impact
            if score is None and assessment.categories:
                measure, score = assessment.categories[0]
            if score is None:
                return None, ""
            return self._read(assessment, measure, score, self.impact_words, verdicts), ""
        read = [
            (name, self._read(assessment, name, score, self.impact_words, verdicts))
            for name, score in kept
        ]
        numbers = [number for _, number in read if number is not None]
        if len(numbers) < len(read):
            return None, ""  # the one that cannot be read may be the highest
        highest = max(numbers)
        drivers = " and ".join(name.capitalize() for name, number in read if number == highest)
        self._compare_impact(assessment, highest, drivers, verdicts)
        return highest, f" ({drivers})"

    def _read(
        self,
        assessment: Assessment,
        measure: str,
        score: Score,
        words: Words,
        verdicts: list[Verdict],
    ) -> int | None:
        what = f"{assessment.name} {measure}"
        scale = f"1 to {self.scheme.size}" if self.scheme else "a whole number"
        if score.problem is None:
            number = int(score.number or 0)
            if self.scheme is None or self.scheme.holds(number):
                return number
            verdicts.append(
                Verdict(
                    "score-out-of-range",
                    measure,
                    f"{what} is {score.shown}; the scale is {scale}",
                    remedy=f"Enter a score of {scale}, or state the scale in the settings",
                )
            )
        elif score.is_absent:
            if not (score.formula and score.raw is None):  # a formula nobody has calculated yet
                also = assessment.rating
                stands = ""
                if also is not None and also.number is not None:
                    stands = f"; its rating {also.shown} cannot be checked"
                shown = "blank" if is_blank(score.raw) else score.shown
                verdicts.append(
                    Verdict(
                        "score-missing",
                        measure,
                        f"{what} is {shown}{stands}",
                        remedy=f"Enter {scale}",
                    )
                )
        else:
            said = score.problem.reason or f"expected {scale} or one of {_list_words(words)}"
            verdicts.append(
                Verdict(
                    "score-unreadable",
                    measure,
                    f"{what} is {score.shown}; {said}",
                    remedy="Correct the cell, or add the word to the scale in the settings",
                )
            )
        return None

    def _compare_impact(
        self, assessment: Assessment, highest: int, drivers: str, verdicts: list[Verdict]
    ) -> None:
        score = assessment.impact
        if score is None or (score.formula and score.raw is None):
            return
        because = f"the highest category is {drivers} at {highest}"
        what = f"{assessment.name} impact"
        if score.problem is not None and not score.is_absent:
            verdicts.append(
                Verdict(
                    "score-unreadable",
                    "impact",
                    f"{what} is {score.shown}; {because}",
                    remedy=f"Enter {highest}",
                )
            )
        elif score.number == highest:
            return
        elif score.formula:
            verdicts.append(
                leave_formula(
                    "impact-formula-disagrees",
                    "impact",
                    f"{what} formula shows {score.shown}; {because}",
                )
            )
        elif is_blank(score.raw):
            verdicts.append(
                correct("score-missing", "impact", f"{what} is blank; {because}", highest, because)
            )
        else:
            after = self._rewrite_impact(score, highest)
            verdicts.append(
                correct(
                    "impact-disagrees",
                    "impact",
                    f"{what} shows {score.shown}; {because}",
                    after,
                    because,
                )
            )

    def _rewrite_impact(self, score: Score, highest: int) -> Written | None:
        if not isinstance(score.raw, str):
            return highest
        words = self.impact_words
        known = [word for word, number in words.items() if number == score.number]
        new = next((word for word, number in words.items() if number == highest), "")
        return rewrite_label(score.raw, highest, known, new.capitalize())

    def _compare_rating(
        self, assessment: Assessment, computed: int, because: str, verdicts: list[Verdict]
    ) -> None:
        score = assessment.rating
        if score is None or (score.formula and score.raw is None) or score.number == computed:
            return
        what = f"{assessment.name} rating"
        kind = score.problem.kind if score.problem else ""
        if score.formula and kind != "level":
            verdicts.append(
                leave_formula(
                    "rating-formula-disagrees",
                    "rating",
                    f"{what} formula shows {score.shown}; {because}",
                )
            )
        elif kind == "blank":
            after: Written | None = computed if assessment.name in self.fillable else None
            verdicts.append(
                correct("score-missing", "rating", f"{what} is blank; {because}", after, because)
            )
        elif kind == "level":
            self._compare_word("rating", score, computed, what, verdicts)
        elif kind:
            verdicts.append(
                Verdict(
                    "score-unreadable",
                    "rating",
                    f"{what} is {score.shown}; {because}",
                    remedy=f"Enter {computed}",
                )
            )
        else:
            after = self._rewrite_rating(score, computed)
            verdicts.append(
                correct(
                    "rating-disagrees",
                    "rating",
                    f"{what} shows {score.shown}; {because}",
                    after,
                    because,
                )
            )

    def _check_lone_rating(self, assessment: Assessment, verdicts: list[Verdict]) -> None:
        """A rating that cannot be compared is still worth a word when it cannot be read."""
        score = assessment.rating
        if score is None or score.problem is None or score.is_absent or score.formula:
            return
        if score.problem.kind != "level":
            said = score.problem.reason or "expected a number"
            verdicts.append(
                Verdict(
                    "score-unreadable",
                    "rating",
                    f"{assessment.name} rating is {score.shown}; {said}",
                    remedy="Correct the cell",
                )
            )

    def _rewrite_rating(self, score: Score, computed: int) -> Written | None:
        """The new rating in the old one's form; None where that would leave a wrong word."""
        if not isinstance(score.raw, str):
            return computed
        scheme, new = self.scheme, self.scheme.band(computed) if self.scheme else None
        known: list[str] = []
        if scheme and scheme.bands_assumed:  # the word must show that these are its edges
            old = scheme.band(score.number or 0)
            known = [old.name] if old else []
        elif scheme:
            known = [band.name for band in scheme.bands]
        return rewrite_label(score.raw, computed, known, new.name if new else "")

    def _compare_level(
        self, assessment: Assessment, rating: int | float, verdicts: list[Verdict]
    ) -> None:
        score = assessment.band
        if score is not None and not score.is_absent:
            self._compare_word("band", score, rating, f"{assessment.name} level", verdicts)

    def _compare_word(
        self,
        measure: str,
        score: Score,
        rating: int | float,
        what: str,
        verdicts: list[Verdict],
    ) -> None:
        """A level in words against the band, where the office's own words and edges are known."""
        scheme = self.scheme
        if scheme is None or scheme.bands_assumed or not isinstance(score.raw, str):
            return
        band = scheme.band(rating)
        names = {word_key(each.name) for each in scheme.bands}
        said = word_key(score.raw)
        if band is None or said not in names or said == word_key(band.name):
            return
        because = f"rating {rating} is {band.name}"
        if score.formula:
            verdicts.append(
                leave_formula(
                    "rating-formula-disagrees",
                    measure,
                    f"{what} formula shows {score.shown}; {because}",
                )
            )
            return
        after = match_case(score.raw.strip(), band.name)
        verdicts.append(
            correct(
                "rating-disagrees",
                measure,
                f"{what} shows {score.shown}; {because}",
                after,
                because,
            )
        )


def _category_scores(assessment: Assessment) -> tuple[Score, ...]:
    return tuple(score for _, score in assessment.categories)


def _is_given(assessment: Assessment) -> bool:
    """Whether any score was given. Errors, zeros and blanks shown by formulas give nothing."""
    scores = (assessment.likelihood, assessment.impact, *_category_scores(assessment))
    if any(score is not None and not _is_idle(score) for score in scores):
        return True
    return assessment.rating is not None and not _is_idle(assessment.rating)


def _is_idle(score: Score) -> bool:
    if score.is_absent:
        return True
    return score.formula and (score.number == 0 or isinstance(score.raw, CellError))


def _list_words(words: Words) -> str:
    """The words of a scale in the order of their scores, the first of each score."""
    first: dict[int, str] = {}
    for word, score in words.items():
        first.setdefault(score, word)
    return ", ".join(first[score].capitalize() for score in sorted(first))
