"""Two versions of a workbook compared, record by record, in the order of the new one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from xlgov.changes import Finding, coded_finding
from xlgov.grid.records import Record
from xlgov.kpi.headings import Meaning
from xlgov.kpi.pages import Shown, is_alike
from xlgov.review.codes import CODES
from xlgov.review.difference import Difference, Direction, FieldChange, RecordChange, What
from xlgov.review.held import MEASURES, Held, Plain, as_dates, is_same, kind_of_change, number_in
from xlgov.review.matching import Pairing, pair_records
from xlgov.review.records import Page, Recorded, Version, reference_key

CURRENT = Meaning("month").title
_FACTORS = tuple(measure for measure in MEASURES if measure != "rating")


def compare(old: Version, new: Version) -> Difference:
    """What differs between two versions of a workbook."""
    changes: list[RecordChange] = []
    unchanged: dict[str, tuple[str, ...]] = {}
    findings: list[Finding] = []
    for kind in dict.fromkeys((*new.records, *old.records)):
        olds, news = old.records.get(kind, ()), new.records.get(kind, ())
        pairing = pair_records(olds, news)
        found = _Comparison(old, new, pairing)
        listed = found.in_order(olds, news)
        changes += (each for each in listed if isinstance(each, RecordChange))
        unchanged[kind] = tuple(each for each in listed if isinstance(each, str))
        findings += pairing.findings
        findings += found.missing_results()
        findings += _moved(pairing)
        findings += _only_in_one(kind, olds, news)
    return Difference(tuple(changes), unchanged, tuple(findings))


class _Comparison:
    """The records of one kind, pair by pair."""

    def __init__(self, old: Version, new: Version, pairing: Pairing) -> None:
        self.day_first = new.day_first
        self.one_calendar = old.date_1904 == new.date_1904
        self.old_of = {id(after): before for before, after in pairing.pairs}
        self.new_of = {id(before): after for before, after in pairing.pairs}
        self.plans: dict[tuple[int, ...], list[tuple[str, int, int]]] = {}
        # Cells whose formula has no result, by version: old, new.
        self.resultless: dict[str, list[tuple[str, str]]] = {"old": [], "new": []}

    def in_order(
        self, olds: Sequence[Recorded], news: Sequence[Recorded]
    ) -> list[RecordChange | str]:
        """A change or, for a record that is alike, its reference; removed ones by neighbours."""
        after: dict[int, list[Recorded]] = {}
        neighbour = 0
        for each in olds:
            if id(each) in self.new_of:
                neighbour = id(self.new_of[id(each)])
            else:
                after.setdefault(neighbour, []).append(each)
        listed: list[RecordChange | str] = [_removed(each) for each in after.get(0, ())]
        for each in news:
            before = self.old_of.get(id(each))
            listed.append(_new(each) if before is None else self._changed(before, each))
            listed += (_removed(gone) for gone in after.get(id(each), ()))
        return listed

    def _changed(self, old: Recorded, new: Recorded) -> RecordChange | str:
        fields = tuple(_computed(self._fields(old, new)))
        if not fields:
            return new.label
        return _record_change(new, "changed", fields)

    def _plan(self, old: Recorded, new: Recorded) -> list[tuple[str, int, int]]:
        """The fields to compare; those of one table are the same for all its rows."""
        parts = (*old.parts, *new.parts)
        if not all(record.row for _, record in parts):
            return _shared_fields(old, new)
        pages = tuple(id(page) for page, _ in parts)
        if pages not in self.plans:
            self.plans[pages] = _shared_fields(old, new)
        return self.plans[pages]

    def _fields(self, old: Recorded, new: Recorded) -> Iterable[FieldChange]:
        typed = list(self._typed_fields(old, new))
        yield from typed
        told = {(each.sheet, each.address) for each in typed if _has_words(each)}
        for name, now in new.stated.items():
            was = old.stated.get(name)
            if was is None or (now.sheet, now.address) in told:
                continue
            if not is_same(was, now):
                yield _field_change(name, was, now)

    def _typed_fields(self, old: Recorded, new: Recorded) -> Iterable[FieldChange]:
        for name, was_part, now_part in self._plan(old, new):
            old_page, old_record = old.parts[was_part]
            page, record = new.parts[now_part]
            was, now = old_page.raw(old_record, name), page.raw(record, name)
            if was == now and self.one_calendar and type(was) is type(now):
                continue
            if name == page.reference and reference_key(was) == reference_key(now):
                continue
            if self._lacks_result(old_page, old_record, page, record, name):
                continue
            apart = _stands_apart(old_page, name) != _stands_apart(page, name)
            if name in page.within and not apart:
                continue  # its host's text says it
            before, after = old_page.held(old_record, name, apart), page.held(record, name, apart)
            if page.shows_figures and _show_alike(before, after):
                continue
            if not is_same(before, after, self.day_first):
                yield _field_change(name, before, after, self.day_first)

    def _lacks_result(
        self, old_page: Page, old_record: Record, page: Page, record: Record, name: str
    ) -> bool:
        """Whether a formula without its result makes the two versions of a field incomparable.

        A program that does not calculate saves formulas so: that is not a blank.
        """
        lacking = False
        for version, each, its in (("old", old_page, old_record), ("new", page, record)):
            if each.lacks_result(its, name):
                cell = each.held(its, name)
                self.resultless[version].append((cell.sheet, cell.address))
                lacking = True
        return lacking

    def missing_results(self) -> Iterable[Finding]:
        """A finding for each version in which formulas could not be compared."""
        for version, cells in self.resultless.items():
            if not cells:
                continue
            number = len(cells)
            what = "1 formula has no result" if number == 1 else f"{number} formulas have no result"
            is_new = version == "new"
            yield coded_finding(
                CODES,
                "result-missing",
                f"{what} stored in the {version} version, so what they show was not compared",
                sheet=cells[0][0] if is_new else "",
                address=cells[0][1] if is_new else "",
                remedy="Open it in Excel and save it, so that the results are stored",
            )


def _has_words(change: FieldChange) -> bool:
    texts = f"{change.before or ''}{change.after or ''}"
    return any(letter.isalpha() for letter in texts)


def _shared_fields(old: Recorded, new: Recorded) -> list[tuple[str, int, int]]:
    """The fields that both have, each with the parts of the records that it is read from.

    A form may have no cell for a field that its register has: that is a blank.
    """
    shared = []
    for name in new.names():
        was, now = old.part(name), new.part(name)
        if name != "indicator" and was is not None and now is not None:
            shared.append((name, was, now))
    return shared


def _stands_apart(page: Page, name: str) -> str:
    """How a field shares its cell: as the guest, as the host, or not."""
    return "guest" if name in page.within else "host" if name in page.within.values() else ""


def _show_alike(old: Held, new: Held) -> bool:
    """Whether two cells of a dashboard show the same number, whatever its hidden decimals."""
    if number_in(old.value) is None or number_in(new.value) is None:
        return False
    return is_alike(_shown(old), _shown(new))


def _shown(held: Held) -> Shown:
    return Shown(number_in(held.value), held.number_format)


def _field_change(name: str, old: Held, new: Held, day_first: bool = True) -> FieldChange:
    before, after = as_dates(old.value, new.value, day_first)
    kind = kind_of_change(old, new)
    return FieldChange(
        name,
        " ".join((new.heading or old.heading).split()),
        new.sheet,
        new.address,
        old.sheet,
        old.address,
        before,
        after,
        kind,
        _direction(before, after) if kind in ("score", "number") else "",
        number_format=new.number_format if new.address else old.number_format,
    )


def _direction(before: Plain, after: Plain) -> Direction:
    was, now = number_in(before), number_in(after)
    if was is None or now is None:
        return ""
    return "up" if now > was else "down"


def _computed(fields: Iterable[FieldChange]) -> Iterable[FieldChange]:
    """Each rating marked that follows from a likelihood or impact that changed with it."""
    listed = list(fields)
    moved = {each.field.partition(".")[0] for each in listed if each.field.endswith(_FACTORS)}
    for each in listed:
        group, _, measure = each.field.partition(".")
        yield replace(each, computed=True) if measure == "rating" and group in moved else each


def _new(record: Recorded) -> RecordChange:
    blank = Held(None, "text")
    fields = (_field_change(name, blank, held) for name, held in _filled(record))
    return _record_change(record, "new", tuple(fields))


def _removed(record: Recorded) -> RecordChange:
    blank = Held(None, "text")
    fields = (_field_change(name, held, blank) for name, held in _filled(record))
    return _record_change(record, "removed", tuple(fields))


def _filled(record: Recorded) -> Iterable[tuple[str, Held]]:
    """The fields of a record that are not blank; what stands in another's cell is not told twice.

    A field that is its name or reference is not among them.
    """
    for name in record.names():
        source = record.source(name)
        page = source[0] if source else None
        if page is None or page.is_history or name in (page.reference, *page.within):
            continue
        held = record.held(name)
        if held.value is not None:
            yield name, held


def _record_change(record: Recorded, what: What, fields: tuple[FieldChange, ...]) -> RecordChange:
    return RecordChange(
        record.kind, record.label, record.title, what, record.sheet, record.address, fields
    )


def _only_in_one(
    kind: str, olds: Sequence[Recorded], news: Sequence[Recorded]
) -> Iterable[Finding]:
    """Findings for a register, or for filled columns of one, that only one version has."""
    if not olds or not news:
        version, records = ("new", news) if news else ("old", olds)
        yield coded_finding(
            CODES,
            "register-in-one",
            f"Only the {version} version has a register of the kind {kind} that is recognised, so "
            f"all its records are {'new' if news else 'removed'}",
            sheet=records[0].sheet if news else "",
            address=records[0].address if news else "",
            remedy="Where the other version has one too, map its columns on the sheet xlgov",
        )
        return
    for version, records, others in (("new", news, olds), ("old", olds, news)):
        known = {name for each in _pages(others) for name in each.headings}
        alone: dict[str, tuple[Page, Recorded]] = {}
        for each in records:
            for page, record in each.parts:
                if page.is_history:
                    continue
                for name in page.headings:
                    if name not in known and name not in alone and page.holds(record, name):
                        alone[name] = page, each
        for page in {id(page): page for page, _ in alone.values()}.values():
            names = [name for name in alone if alone[name][0] is page]
            printed = ", ".join(" ".join(page.headings[name].split()) for name in names)
            yield coded_finding(
                CODES,
                "column-in-one",
                f"Only the {version} version has {printed}; not compared",
                sheet=page.sheet if version == "new" else "",
                address=alone[names[0]][1].held(names[0]).address if version == "new" else "",
            )


def _moved(pairing: Pairing) -> Iterable[Finding]:
    """A finding for a dashboard that speaks of another month in the new version."""
    for old, new in pairing.pairs:
        before, after = old.held(CURRENT), new.held(CURRENT)
        if not (new.named and before.heading and after.heading):
            continue
        if before.heading != after.heading:
            yield coded_finding(
                CODES,
                "month-moved",
                f"The dashboard moved from {before.heading} to {after.heading}, so most figures "
                "are of other months",
                sheet=after.sheet,
                address=after.address,
            )
        return


def _pages(records: Iterable[Recorded]) -> Iterable[Page]:
    return {id(page): page for each in records for page, _ in each.parts}.values()
