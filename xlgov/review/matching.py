"""Which record of the old version is which of the new one.

Why the reference decides and likeness only helps where there is none: two risks may say nearly the
same, and a guess that joins them hides one that was removed. What only looks renumbered is said,
and a person decides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from xlgov.changes import Finding, coded_finding
from xlgov.review.codes import CODES
from xlgov.review.held import plain_text
from xlgov.review.records import Recorded

NEARLY = 0.8  # of 1: texts so alike are one record's where it has no reference
_UNLIKE = 0.3  # of 1: texts less alike are two records' where both sheets stand in both versions
_RAREST = 6  # words of a text by which its like is looked for


@dataclass(slots=True)
class Pairing:
    """The records of one kind in both versions: pairs, those of one only, and what was doubtful."""

    pairs: list[tuple[Recorded, Recorded]] = field(default_factory=list)
    removed: list[Recorded] = field(default_factory=list)
    new: list[Recorded] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def pair_records(old: Sequence[Recorded], new: Sequence[Recorded]) -> Pairing:
    """Pairs by reference; those without one by their text."""
    pairing = Pairing()
    before, after = _by_key(old), _by_key(new)
    shared = {each.sheet for each in old} & {each.sheet for each in new}
    left_old = [each for each in old if not each.key]
    left_new = [each for each in new if not each.key]
    for key in dict.fromkeys((*after, *before)):
        olds, news = before.get(key, []), after.get(key, [])
        if len(olds) == len(news) == 1 and not _are_strangers(olds[0], news[0], shared):
            pairing.pairs.append((olds[0], news[0]))
            continue
        if not (len(olds) == len(news) == 1):
            pairing.findings += _repeated(olds, news)
            for are_one in (_stand_and_read_alike, _read_alike, _stand_alike, _are_any):
                _pair_in_order(olds, news, are_one, pairing)
        left_old += olds
        left_new += news
    _pair_by_text(left_old, left_new, pairing)
    pairing.removed, pairing.new = left_old, left_new
    pairing.findings += _renumbered(left_old, left_new)
    return pairing


def _by_key(records: Iterable[Recorded]) -> dict[str, list[Recorded]]:
    found: dict[str, list[Recorded]] = {}
    for each in records:
        if each.key:
            found.setdefault(each.key, []).append(each)
    return found


def _are_strangers(old: Recorded, new: Recorded, shared: set[str]) -> bool:
    """Whether one reference is two records: on two sheets that both versions have, other texts.

    Two registers of one workbook may both count from 1.
    """
    if old.named or old.sheet == new.sheet or not {old.sheet, new.sheet} <= shared:
        return False
    return _likeness(old.subject, new.subject) < _UNLIKE


def _pair_in_order(
    olds: list[Recorded],
    news: list[Recorded],
    are_one: Callable[[Recorded, Recorded], bool],
    pairing: Pairing,
) -> None:
    """Pairs of records that a test calls one, first with first; they leave both lists."""
    for old in list(olds):
        twin = next((new for new in news if are_one(old, new)), None)
        if twin is not None:
            pairing.pairs.append((old, twin))
            olds.remove(old)
            news.remove(twin)


def _stand_alike(old: Recorded, new: Recorded) -> bool:
    return old.sheet == new.sheet


def _read_alike(old: Recorded, new: Recorded) -> bool:
    return old.subject == new.subject


def _stand_and_read_alike(old: Recorded, new: Recorded) -> bool:
    return _stand_alike(old, new) and _read_alike(old, new)


def _are_any(old: Recorded, new: Recorded) -> bool:
    return True


def _repeated(olds: Sequence[Recorded], news: Sequence[Recorded]) -> list[Finding]:
    """A finding where a reference stands more than once on a sheet."""
    for version, records in (("new", news), ("old", olds)):
        for sheet, count in Counter(each.sheet for each in records).items():
            if count < 2:
                continue
            here = [each for each in records if each.sheet == sheet]
            places = [f"{sheet}!{each.address}" for each in here]
            return [
                coded_finding(
                    CODES,
                    "reference-repeated",
                    f"{here[0].reference} stands {count} times in the {version} version; its "
                    f"records were compared in the order in which they stand",
                    record=here[0].reference,
                    sheet=sheet if version == "new" else "",
                    address=here[0].address if version == "new" else "",
                    remedy="Give each record a reference of its own",
                    related=tuple(places[1:] if version == "new" else places),
                )
            ]
    return []


def _pair_by_text(olds: list[Recorded], news: list[Recorded], pairing: Pairing) -> None:
    """Pairs where one or both have no reference: equal texts first, then nearly equal ones."""
    nameless = [each for each in (*olds, *news) if not each.key]
    if not nameless or not olds or not news:
        return
    subjects = {id(each): plain_text(each.subject).casefold() for each in (*olds, *news)}

    def may_be_one(old: Recorded, new: Recorded) -> bool:
        return not (old.key and new.key) and bool(subjects[id(old)] and subjects[id(new)])

    by_text: dict[str, list[Recorded]] = {}
    for old in olds:
        by_text.setdefault(subjects[id(old)], []).append(old)
    taken: set[int] = set()

    def pair(old: Recorded, new: Recorded) -> None:
        pairing.pairs.append((old, new))
        taken.update((id(old), id(new)))

    for new in news:
        same = by_text.get(subjects[id(new)], ())
        twin = next((o for o in same if id(o) not in taken and may_be_one(o, new)), None)
        if twin is not None:
            pair(twin, new)
    like = _Likes([each for each in olds if id(each) not in taken], subjects)
    for new in news:
        if id(new) in taken:
            continue
        near = [o for o in like.of(subjects[id(new)]) if id(o) not in taken and may_be_one(o, new)]
        rated = [(_likeness(subjects[id(o)], subjects[id(new)]), -i) for i, o in enumerate(near)]
        if rated and max(rated)[0] >= NEARLY:
            pair(near[-max(rated)[1]], new)
    olds[:] = [each for each in olds if id(each) not in taken]
    news[:] = [each for each in news if id(each) not in taken]


class _Likes:
    """Finds the records whose text shares a rare word with another, without comparing all."""

    def __init__(self, records: Sequence[Recorded], subjects: dict[int, str]) -> None:
        self.with_word: dict[str, list[Recorded]] = defaultdict(list)
        for each in records:
            for word in set(subjects[id(each)].split()):
                self.with_word[word].append(each)

    def of(self, text: str) -> list[Recorded]:
        """Records that share one of the text's rarest words, in their order of likelihood."""
        words = [word for word in set(text.split()) if word in self.with_word]
        words.sort(key=lambda word: (len(self.with_word[word]), word))
        shared: Counter[int] = Counter()
        known: dict[int, Recorded] = {}
        for word in words[:_RAREST]:
            for each in self.with_word[word][:50]:
                shared[id(each)] += 1
                known[id(each)] = each
        return [known[key] for key, _ in shared.most_common(5)]


def _likeness(one: str, other: str) -> float:
    """How alike two texts are, 0 to 1, word by word."""
    return SequenceMatcher(None, one.casefold().split(), other.casefold().split(), False).ratio()


def _renumbered(olds: Sequence[Recorded], news: Sequence[Recorded]) -> list[Finding]:
    """A finding for each record removed and another that is new with the same text."""
    by_text = {each.subject.casefold(): each for each in olds if each.key and each.subject}
    findings = []
    for new in news:
        old = by_text.get(new.subject.casefold()) if new.key and not new.named else None
        if old is None:
            continue
        findings.append(
            coded_finding(
                CODES,
                "record-renumbered",
                f"{new.label} is new and {old.label} is gone; both say {new.title!r}, so they look "
                "like one record that was renumbered",
                record=new.label,
                sheet=new.sheet,
                address=new.address,
                remedy="Give it its old reference, or leave it where it is another record",
                related=(f"{old.sheet}!{old.address}",),
            )
        )
    return findings
