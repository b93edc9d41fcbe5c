"""The table at the end of a run: how many of each outcome, and the files that somebody must see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from xlgov.changes import Finding, split_corrected
from xlgov.journal.record import RESULTS, RunRecord

# Findings that say why a register was left as it is.
_WHY_LEFT = ("scheme-unclear", "register-unclear", "readings-missing", "readings-elsewhen")
_MOST = 20  # files that are listed under one heading; the log and the page have all

Counted = Mapping[str, int]


def count_results(records: Sequence[RunRecord], done: int = 0) -> dict[str, int]:
    """How many records have each outcome; ``done`` are those that an earlier run had done."""
    counts: dict[str, int] = {
        result: sum(each.outcome == result for each in records) for result in RESULTS
    }
    if done:
        counts["done already"] = done
    return {result: number for result, number in counts.items() if number}


def table_lines(
    records: Sequence[RunRecord],
    total: int,
    *,
    done: Mapping[Path, RunRecord] | None = None,
    stopped: bool = False,
) -> list[str]:
    """The table. ``total`` is how many files the run was to see, ``done`` those passed by.

    With ``stopped`` it says how many the run did not come to.
    """
    counts = count_results(records, len(done or ()))
    missed = total - sum(counts.values())
    if stopped and missed > 0:
        counts["not begun"] = missed
    cells = sum(len(each.changes) for each in records if each.outcome == "refreshed")
    findings = sum(len(split_findings(each)[0]) for each in records)
    rows = [(result, f"{number:,}") for result, number in counts.items()]
    rows.append(("files in all", f"{total:,}"))
    if cells:
        rows.append(("cells changed", f"{cells:,}"))
    if findings:
        rows.append(("findings left", f"{findings:,}"))
    width = max(len(name) for name, _ in rows)
    digits = max(len(number) for _, number in rows)
    lines = [f"{name:<{width}}  {number:>{digits}}" for name, number in rows]
    failed = [each for each in records if each.outcome == "failed"]
    lines += _listed("Failed", [f"{each.path}: {_error(each)}" for each in failed])
    left = [each for each in records if is_left_alone(each)]
    lines += _listed("Left alone", [f"{each.path}: {why_left_alone(each)}" for each in left])
    return lines


def is_left_alone(record: RunRecord) -> bool:
    """Whether a workbook was read and nothing in it recognised, or not enough to write it."""
    if record.outcome == "not recognised":
        return True
    return record.outcome == "unchanged" and any(f.code in _WHY_LEFT for f in record.findings)


def why_left_alone(record: RunRecord) -> str:
    """Why a workbook was left alone, in words."""
    said = [finding.message for finding in record.findings if finding.code in _WHY_LEFT]
    return "; ".join(dict.fromkeys(said)) or "no register recognised"


def split_findings(record: RunRecord) -> tuple[list[Finding], list[Finding]]:
    """The findings that are left to look at, and those that the run has corrected."""
    written = ((change.sheet, change.address) for change in record.changes)
    done = record.outcome == "refreshed"
    corrected, left = split_corrected(record.findings, written if done else ())
    return left, corrected


def _error(record: RunRecord) -> str:
    return (record.error or {}).get("message", "")


def _listed(heading: str, texts: Sequence[str]) -> list[str]:
    if not texts:
        return []
    shown = [f"  {' '.join(text.split())}" for text in texts[:_MOST]]
    more = [f"  ... and {len(texts) - _MOST:,} more"] if len(texts) > _MOST else []
    return ["", f"{heading} ({len(texts):,})", *shown, *more]
