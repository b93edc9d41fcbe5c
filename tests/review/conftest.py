"""The table of published changes against those that were found, shown when tests pass too."""

from __future__ import annotations

import pytest

TABLE = "published changes"  # the property under which a test reports one line


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show every reported line, at the end of the run."""
    lines = [
        line
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        for name, line in report.user_properties
        if name == TABLE and report.when == "call"
    ]
    if lines:
        terminalreporter.section("changes of the 2017 register, published and found")
        for line in lines:
            terminalreporter.write_line(line)
