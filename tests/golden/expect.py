"""Writes what a refresh makes of golden workbooks: ``python -m tests.golden.expect CASE...``.

Look at ``expected.json`` and open ``after.xlsx`` before you commit them: this script believes
whatever the library does.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import xlgov
from xlgov.report.summary import summary
from xlgov.report.values import plain

HERE = Path(__file__).parent
AS_OF = date(2018, 3, 31)


def refresh_case(folder: Path, desk: Path) -> tuple[Path, xlgov.ChangeSet]:
    """Refresh a copy of a case on an empty desk; the new file, and what was done and found.

    Dates are judged as of 31 March 2018 unless the case itself states another day.
    """
    path = Path(shutil.copy(folder / "before.xlsx", desk / "book.xlsx"))
    if (folder / "xlgov.toml").exists():
        shutil.copy(folder / "xlgov.toml", desk)
    is_stated = xlgov.preview(path).as_of_source != "today"
    return path, xlgov.refresh(path, as_of=None if is_stated else AS_OF, backup=False)


def in_words(changes: xlgov.ChangeSet) -> dict[str, Any]:
    """A change set as it stands in ``expected.json``, for people to read and compare."""
    rules = Counter(f"{rule.sheet}!{rule.range}" for rule in changes.formats)
    return {
        "summary": summary(changes),
        "as_of": f"{changes.as_of} {changes.as_of_source}",
        "above_tolerance": [
            f"{item.record} {item.rating} {item.sheet}!{item.address}"
            for report in changes.reports
            for item in report.board
        ],
        "changes": [
            f"{each.sheet}!{each.address}: {json.dumps(plain(each.before))} -> "
            f"{json.dumps(plain(each.after))}, {each.reason}"
            for each in changes.cells
        ],
        "findings": [
            f"{each.severity} {each.code} {each.record} {each.sheet}!{each.address}: {each.message}"
            for each in changes.findings
        ],
        "formats": [f"{place}: {number} rules" for place, number in rules.items()],
    }


def main() -> None:
    names = sys.argv[1:] or sorted(path.parent.name for path in HERE.glob("*/before.xlsx"))
    for name in names:
        with tempfile.TemporaryDirectory() as desk:
            path, changes = refresh_case(HERE / name, Path(desk))
            shutil.copy(path, HERE / name / "after.xlsx")
        text = json.dumps(in_words(changes), indent=2, ensure_ascii=False)
        (HERE / name / "expected.json").write_text(text + "\n", encoding="utf-8")
        print(f"{name}: {summary(changes)}")


if __name__ == "__main__":
    main()
