"""Every sensible spelling of each score, for the lists that formulas look scores up in.

Why each is read before it is listed: the lists must never say more than ``score`` reads. What a
person may type and ``score`` reads is endless, so the lists hold the usual forms of every number
and word, and whatever stands in the register.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from xlgov.grid.cells import Value
from xlgov.risk.formulas import LONGEST_AS_TYPED, lookup_key
from xlgov.risk.register import Register
from xlgov.risk.score import ScoreProblem, parse_score
from xlgov.risk.words import NOT_GIVEN, Words
from xlgov.settings.spellings import Spellings

_NUMERALS = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_NUMBERS = ("{n}", "{n}.0", "{n}.00", "0{n}", "+{n}", "({n})", "[{n}]", "L{n}", "I{n}")
_LABELS = (
    *("{w}", "{n} - {w}", "{n}-{w}", "{n} \u2013 {w}", "{n}: {w}", "{n} {w}", "{n}. {w}"),
    *("{n} = {w}", "{n} ({w})", "{n}) {w}", "({n}) {w}", "[{n}] {w}", "{n}/{w}", "{n}.{w}"),
    *("{w} ({n})", "{w} [{n}]", "{w} - {n}", "{w}-{n}", "{w} \u2013 {n}", "{w}: {n}", "{w} {n}"),
    *("{w}({n})", "{w} = {n}", "{w}/{n}", "{r} - {w}", "{r}. {w}", "{r} {w}", "({r}) {w}"),
)
_DASHES = ("\u2013", "\u2014")


def list_spellings(registers: Sequence[Register], size: int) -> Spellings:
    """What may be typed in these registers for a score of 1 to ``size``.

    Their words must agree on every score: see ``disagreeing_word``.
    """
    likelihood: dict[str, int] = {}
    impact: dict[str, int] = {}
    for register in registers:
        likelihood |= register.likelihood_words
        impact |= register.impact_words
    spelled = _typed(registers)
    given_not = [*sorted(NOT_GIVEN), *_DASHES]
    return Spellings(
        _listed(likelihood, size, spelled[0]), _listed(impact, size, [*given_not, *spelled[1]])
    )


def disagreeing_word(registers: Iterable[Register]) -> str:
    """A word that two registers give different scores; "" where there is none."""
    known: tuple[dict[str, int], dict[str, int]] = {}, {}
    for register in registers:
        for held, words in zip(
            known, (register.likelihood_words, register.impact_words), strict=True
        ):
            for word, score in words.items():
                if held.setdefault(word, score) != score:
                    return word
    return ""


def is_in_force(standing: Spellings | None, wanted: Spellings, registers: Sequence[Register],
                size: int) -> bool:  # fmt: skip
    """Whether the lists that stand have all that is wanted, and nothing that is wrong."""
    if standing is None:
        return False
    words: tuple[dict[str, int], dict[str, int]] = {}, {}
    for register in registers:
        words[0].update(register.likelihood_words)
        words[1].update(register.impact_words)
    pairs = ((standing.likelihood, wanted.likelihood), (standing.impact, wanted.impact))
    return all(
        all(held.get(key) == score for key, score in asked.items())
        and all(asked.get(key) == score or _score(key, known, size) == score
                for key, score in held.items())
        for (held, asked), known in zip(pairs, words, strict=True)
    )  # fmt: skip


def _typed(registers: Iterable[Register]) -> tuple[list[str], list[str]]:
    """The texts that stand in the registers' likelihoods and in their impacts, each once."""
    likelihoods: dict[str, None] = {}
    impacts: dict[str, None] = {}
    seen: set[int] = set()
    for register in registers:
        for risk in register.risks:
            for assessment in risk.assessments():
                if id(assessment) in seen:
                    continue
                seen.add(id(assessment))
                scores = [each for _, each in assessment.categories]
                for score, held in (
                    (assessment.likelihood, likelihoods),
                    (assessment.impact, impacts),
                    *((each, impacts) for each in scores),
                ):
                    if score is not None and isinstance(score.raw, str):
                        held[score.raw] = None
    return list(likelihoods), list(impacts)


def _listed(words: Words, size: int, typed: Iterable[str]) -> dict[str, int]:
    """Lookup keys and their scores, by score; of two spellings with one key the first counts."""
    found: dict[str, int] = {}
    candidates = [text for score in range(1, size + 1) for text in _spellings(score, words)]
    for text in (*candidates, *typed):
        score = _score(text, words, size)
        if score is None:
            continue
        for variant in _variants(text):
            key = lookup_key(variant)
            if key and key not in found and _score(variant, words, size) == score:
                found[key] = score
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


def _score(text: Value, words: Words, size: int) -> int | None:
    """The score of a text; 0 where it says that there is none; None where it cannot be read."""
    read = parse_score(text, words)
    if isinstance(read, ScoreProblem):
        return 0 if read.is_absent else None
    return read if 1 <= read <= size else None


def _spellings(score: int, words: Mapping[str, int]) -> Iterator[str]:
    numeral = _NUMERALS[score] if score < len(_NUMERALS) else ""
    yield from (form.format(n=score) for form in _NUMBERS)
    if numeral:
        yield from (numeral, numeral.lower())
    for word in (word for word, meant in words.items() if meant == score):
        for way in dict.fromkeys((word, word.replace(" ", "-"))):
            yield from (form.format(n=score, w=way, r=numeral) for form in _LABELS)


def _variants(text: str) -> Iterable[str]:
    """A short text in every mixture of capitals and small letters: its case counts."""
    bare = " ".join(part for part in text.split(" ") if part)
    if len(bare) > LONGEST_AS_TYPED:
        return (bare,)
    cases = [dict.fromkeys((letter, letter.upper(), letter.lower())) for letter in bare]
    return ("".join(each) for each in product(*cases))
