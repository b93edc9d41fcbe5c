"""The tables about the samples, shown at the end of the run when tests pass too."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

TABLE = "samples"  # the property under which a test reports one table


@pytest.fixture
def show_samples(
    record_property: Callable[[str, object], None],
) -> Callable[[str, Sequence[str]], None]:
    """Report a table, title and lines, to stand at the end of the run."""
    return lambda title, lines: record_property(TABLE, (title, *lines))


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
