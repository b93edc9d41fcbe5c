"""Nearest wins, and where the as-of date comes from."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from xlgov.errors import SettingsError
from xlgov.settings import SETTINGS_FILE, Settings, load_settings, resolve_as_of
from xlgov.settings.merged import judge_settings, merge_statements

SHEET = [
    ("Scheme",),
    ("tolerance", 12),
    ("as_of", date(2017, 3, 1)),
    ("Colours",),
    ("green", "00FF00"),
    ("Accepted findings",),
    ("SR1", "*"),
]
FILE = """\
as_of = 2017-02-06
stale_after = 50
[risk]
tolerance = 10
[risk.columns]
owner = "G"
[colors]
green = "111111"
teal = "008080"
[[accepted]]
reference = "SR2"
finding = "no-owner"
"""


def test_nearest_wins_key_by_key(tmp_path: Path, new_book: Any) -> None:
    (tmp_path / SETTINGS_FILE).write_text(FILE)
    settings = load_settings(new_book().add("xlgov", SHEET), tmp_path / "r.xlsx")
    assert (settings.tolerance, settings.as_of) == (12, date(2017, 3, 1))
    assert (settings.stale_after, settings.columns) == (50, {"owner": "G"})
    assert settings.colors == {"green": "00FF00", "teal": "008080"}
    assert [(row.reference, row.where) for row in settings.accepted] == [
        ("SR1", "xlgov!A7"),
        ("SR2", "xlgov.toml line 10"),
    ]
    assert settings.sources["tolerance"] == "xlgov!B2"
    assert settings.sources["stale_after"] == "xlgov.toml line 2"
    assert settings.sources["colors.green"] == "xlgov!B5"
    assert settings.sources["colors.teal"] == "xlgov.toml line 9"


def test_the_bands_of_one_source_replace_those_of_another_whole(
    tmp_path: Path, new_book: Any
) -> None:
    (tmp_path / SETTINGS_FILE).write_text(
        '[risk]\nbands = [{name = "All", from = 1, to = 9, color = "red"}]'
    )
    rows = [("Bands",), ("Low", 1, 4, "green"), ("High", 5, 9, "red")]
    settings = load_settings(new_book().add("xlgov", rows), tmp_path / "r.xlsx")
    assert [band.name for band in settings.bands or ()] == ["Low", "High"]
    assert "bands.All" not in settings.sources


def test_bands_are_judged_by_the_scheme_of_whichever_source(tmp_path: Path, new_book: Any) -> None:
    (tmp_path / SETTINGS_FILE).write_text("[risk]\nmatrix = [[1, 3], [2, 4]]")
    book = new_book().add("xlgov", [("Bands",), ("All", 1, 5, "red")])
    with pytest.raises(SettingsError, match=r"^xlgov!A2: band 'All' runs from 1 to 5; expected 1 "):
        load_settings(book, tmp_path / "r.xlsx")


def test_problems_of_both_sources_are_told_at_once(tmp_path: Path, new_book: Any) -> None:
    (tmp_path / SETTINGS_FILE).write_text("stale_after = 0")
    book = new_book().add("xlgov", [("Scheme",), ("tolerance", "x")])
    with pytest.raises(SettingsError) as caught:
        load_settings(book, tmp_path / "r.xlsx")
    places = [line.split(":")[0] for line in str(caught.value).splitlines()]
    assert places == ["xlgov!B2", "xlgov.toml line 1"]


def test_text_dates_on_the_sheet_follow_the_file_where_the_sheet_is_silent(
    tmp_path: Path, new_book: Any
) -> None:
    (tmp_path / SETTINGS_FILE).write_text("day_first = false")
    book = new_book().add("xlgov", [("Scheme",), ("as_of", "3/4/2017")])
    assert load_settings(book, tmp_path / "r.xlsx").as_of == date(2017, 3, 4)


def test_the_nearest_as_of_wins_and_says_where_it_is_from() -> None:
    option, sheet, printed = date(2017, 1, 1), date(2017, 1, 2), date(2017, 1, 3)
    file, today = date(2017, 1, 4), date(2017, 1, 5)
    on_sheet = Settings(as_of=sheet, sources={"as_of": "xlgov!B4"})
    in_file = Settings(as_of=file, sources={"as_of": "xlgov.toml line 1"})
    title = (printed, "Dashboard!A1")
    assert resolve_as_of(option, on_sheet, title, today) == (option, "from --as-of")
    assert resolve_as_of(None, on_sheet, title, today) == (sheet, "from the xlgov sheet")
    assert resolve_as_of(None, in_file, title, today) == (printed, "from Dashboard!A1")
    assert resolve_as_of(None, in_file, None, today) == (file, "from xlgov.toml")
    assert resolve_as_of(None, Settings(), None, today) == (today, "today")


def test_a_date_given_by_a_caller_counts_as_the_settings_sheet() -> None:
    given = Settings(as_of=date(2017, 1, 2))
    assert resolve_as_of(None, given, (date(2017, 1, 3), "A!A1"), date(2017, 1, 5)) == (
        date(2017, 1, 2),
        "from the settings",
    )


def test_where_nothing_is_stated_settings_are_those_of_no_statement(
    tmp_path: Path, new_book: Any
) -> None:
    assert load_settings(new_book(), tmp_path / "risks.xlsx") == Settings()
    assert merge_statements(()) == Settings()
    assert not [*judge_settings(Settings())]


def test_what_stands_in_place_of_the_file_is_told(tmp_path: Path, new_book: Any) -> None:
    (tmp_path / "xlgov.toml").mkdir()
    with pytest.raises(SettingsError, match="it cannot be read"):
        load_settings(new_book(), tmp_path / "risks.xlsx")


def test_what_reads_settings_is_imported_only_where_something_is_stated(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from tests.grid.literal import Book\n"
        "from xlgov.settings import load_settings\n"
        f"load_settings(Book(), {str(tmp_path / 'risks.xlsx')!r})\n"
        "print(*(name for name in sys.modules if name.startswith(('xlgov.settings', 'tomllib'))))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True
    )
    assert set(done.stdout.split()) == {
        *("xlgov.settings", "xlgov.settings.load", "xlgov.settings.values")
    }
