"""What holds for all tests, and the tables that a run shows at its end."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

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

ShowTable = Callable[[str, Sequence[str]], None]  # title and lines, shown at the end of the run
TABLE = "table"  # the property under which a test reports a title and its lines
ROW = "lossless"  # the property under which a test reports one row of the table


@pytest.fixture
def show_table(record_property: Callable[[str, object], None]) -> ShowTable:
    """Report a table, or lines of one, by its title; it stands at the end of the run."""
    return lambda title, lines: record_property(TABLE, (title, *lines))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show every reported table at the end of the run, also when all tests pass."""
    tables: dict[str, list[str]] = defaultdict(list)
    for title, *lines in _reported(terminalreporter, TABLE):
        tables[title] += lines
    for title, lines in tables.items():
        terminalreporter.section(title)
        for line in lines:
            terminalreporter.write_line(line)
    _show_edits(terminalreporter)


def _reported(terminalreporter: pytest.TerminalReporter, wanted: str) -> Iterator[Any]:
    """What tests have reported under a property."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, value in report.user_properties:
                if name == wanted and report.when == "call":
                    yield value


def _show_edits(terminalreporter: pytest.TerminalReporter) -> None:
    """File, way, edits and outcome of every workbook that was edited."""
    rows = list(_reported(terminalreporter, ROW))
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
