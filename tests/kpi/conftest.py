"""The tables of what was computed against what was published, shown when tests pass too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.kpi.recomputed import Recomputed, ShowTable, recompute

TABLE = "published figures"  # the property under which a test reports one table


@pytest.fixture
def show_table(record_property: Callable[[str, object], None]) -> ShowTable:
    """Report a table, title and lines, to stand at the end of the run."""
    return lambda title, lines: record_property(TABLE, (title, *lines))


@pytest.fixture(scope="session")
def recomputed(tmp_path_factory: pytest.TempPathFactory) -> Recomputed:
    """The sample dashboard, every number of it replaced by n/a, then refreshed with reasons."""
    return recompute(tmp_path_factory.mktemp("recomputed"), "n/a")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show every reported table, at the end of the run."""
    tables = [
        table
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        for name, table in report.user_properties
        if name == TABLE and report.when == "call"
    ]
    for title, *lines in tables:
        terminalreporter.section(title)
        for line in lines:
            terminalreporter.write_line(line)
