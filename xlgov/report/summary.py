"""What a refresh did, in one clause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from xlgov.changes import Cached, ChangeSet, FormatRule
from xlgov.kpi.written import ROUNDED
from xlgov.report.changes import number_formats
from xlgov.report.findings import with_remedy
from xlgov.report.texts import count

_LEFT_ALONE = ("scheme-unclear", "register-unclear", "readings-missing", "readings-elsewhen")
_FORMULA = "formula"  # the measure of a cell that was right, and gets a formula


def _coloured(rules: Iterable[FormatRule]) -> str:
    """What the formats of ours show, in a clause."""
    rules = list(rules)
    kinds = {rule.kind for rule in rules}
    said = []
    if any(rule.kind == "band" and rule.fill for rule in rules):
        said.append("rating cells coloured by band")
    elif kinds & {"band", "tolerance"}:
        said.append("ratings above tolerance in bold")
    if any(kind.startswith("significant") for kind in kinds):
        said.append("significant changes in grey")
    if any(kind.endswith(("better", "worse")) for kind in kinds):
        said.append("better and worse marked")
    known = ("band", "tolerance", "significant", "better", "worse")
    if any(not kind.startswith(known) for kind in kinds):
        said.append("statuses coloured")
    return ", ".join(said)


def summary(changes: ChangeSet) -> str:
    """What a refresh did, in one clause after the file's name."""
    rounded = sum(1 for change in changes.cells if change.measure == ROUNDED)
    formulas = sum(1 for change in changes.cells if change.measure == _FORMULA)
    shown_by_formulas = sum(1 for each in changes.cells if isinstance(each.after, Cached))
    other = [
        each
        for each in changes.cells
        if each.measure not in (ROUNDED, _FORMULA) and not isinstance(each.after, Cached)
    ]
    corrected = Counter(c.measure or "cell" for c in other if c.before is not None)
    filled = Counter(c.measure or "cell" for c in other if c.before is None)
    done = [f"{_listed(corrected)} corrected"] if corrected else []
    done += [f"{_listed(filled)} filled in"] if filled else []
    done += [f"{count(rounded, ROUNDED)} given in full"] if rounded else []
    done += [f"{count(formulas, 'cell')} given a formula"] if formulas else []
    if shown_by_formulas:
        done.append(f"{count(shown_by_formulas, 'formula')} brought up to date")
    shown = len(number_formats(changes))
    done += [f"{count(shown, 'number format')} set"] if shown else []
    done += [f"sheet {sheet.name!r} written" for sheet in changes.sheets]
    done += [f"{count(len(changes.notes), 'note')} written"] if changes.notes else []
    done += ["names for the button brought up to date"] if changes.names else []
    coloured = _coloured(changes.formats)
    last = ""
    if changes.formats and not done:
        done.append(coloured)
    elif changes.formats:
        last = f" ({coloured})"
    elif changes.drop_formats:
        done.append("colours of ours removed")
    unclear = [each for each in changes.findings if each.code in _LEFT_ALONE]
    doubts = [with_remedy(each) for each in unclear]
    months = [report.month for report in changes.reports if report.month]
    of_month = f" [reporting month {months[0]}]" if months else ""
    if done:
        left = [f"{each.sheet} left alone: {with_remedy(each)}" for each in unclear]
        return "; ".join([f"{', '.join(done)}; nothing else changed{last}{of_month}", *left])
    if doubts:
        return f"left alone: {'; '.join(doubts)}"
    return f"already up to date{of_month}" if changes.reports else "nothing recognised; left alone"


def _listed(counts: Counter[str]) -> str:
    """
    >>> _listed(Counter({"rating": 5, "impact": 1}))
    '5 ratings and 1 impact'
    """
    return " and ".join(count(number, noun) for noun, number in counts.most_common())
