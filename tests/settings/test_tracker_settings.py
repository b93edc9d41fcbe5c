"""Settings about action logs, plans and decisions, on the sheet and in xlgov.toml."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from xlgov.settings.file import read_text
from xlgov.settings.keys import KEYS, TRACKERS
from xlgov.settings.page import settings_sheet
from xlgov.settings.sheet import read_sheet
from xlgov.settings.values import Settings

TOML = """
[trackers]
due_soon = 14
last_meeting = 2019-02-28
previous = "plan-2017.xlsx"
complete = true
leads = ["NP", "CS"]

[trackers.status]
"Done" = "closed"

[trackers.columns]
"actions.action" = "D"
"""


def test_a_table_of_the_file_is_read() -> None:
    (statement,) = read_text(TOML, "log.xlsx")
    assert statement.problems == []
    assert statement.values == {
        "due_soon": 14,
        "last_meeting": date(2019, 2, 28),
        "previous": "plan-2017.xlsx",
        "complete": True,
        "leads": ("NP", "CS"),
        "status_words": {"done": "closed"},
        "columns": {"actions.action": "D"},
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[trackers.status]\n"Done" = "finished"', "expected one of not started, ongoing, closed"),
        ("[trackers]\ndue_son = 3", "did you mean 'due_soon'"),
        ("trackers = 3", "expected a table [trackers]"),
        ("[risk]\ndue_soon = 3", "put it under [trackers]"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, said: str) -> None:
    (statement,) = read_text(text, "log.xlsx")
    (problem,) = statement.problems
    assert said in problem and "xlgov.toml line" in problem


def test_the_page_made_for_a_log_reads_back_the_same(new_book: Any) -> None:
    stated = Settings(
        due_soon=14,
        last_meeting=date(2019, 2, 28),
        previous="plan-2017.xlsx",
        leads=("NP", "CS"),
        from_white=True,
        status_words={"done": "closed"},
    )
    sheet, _ = settings_sheet(stated, kinds=("actions",))
    titles = {row[0] for row in sheet.rows if row}
    assert {"Logs and plans", "Status words", "Accepted findings"} <= titles
    assert "Bands" not in titles
    statement = read_sheet(new_book().add("xlgov", sheet.rows))
    assert statement is not None and statement.problems == []
    for key in KEYS:
        if key.table == TRACKERS and getattr(stated, key.name) is not None:
            assert statement.values[key.name] == getattr(stated, key.name)
    assert statement.values["status_words"] == {"done": "closed"}
