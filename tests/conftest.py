"""What holds for all tests, and the table of every workbook that the lossless tests edited."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

# A test that passes on a quiet machine must not fail on a busy one: no example has a time limit,
# and chance must not fail one that has to leave many examples out.
settings.register_profile(
    "untimed",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.load_profile("untimed")

ROW = "lossless"  # the property under which a test reports one row of the table


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show file, way, edits and outcome, at the end of the run."""
    rows = [
        row
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        for name, row in report.user_properties
        if name == ROW and report.when == "call"
    ]
    if not rows:
        return
    write = terminalreporter.write_line
    terminalreporter.section("workbooks edited without loss, or refused")
    for group in dict.fromkeys(row[0] for row in rows):
        mine = [row[1:] for row in rows if row[0] == group]
        write(f"{group}: {len(mine)} files")
        for name, way, edits, outcome in mine:
            write(f"  {name:<44.44} {way:<8} {edits:<46} {outcome}")
        counts = Counter(outcome.partition(":")[0] for *_, outcome in mine)
        write("  " + ", ".join(f"{number} {outcome}" for outcome, number in counts.items()))
