"""Which of the workbooks that are found are wanted: --include and --exclude."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlgov.sources import Choice, find_workbooks

PLACES = (
    "risks.xlsx",
    "Draft risks.xlsm",
    "east/risks.xlsx",
    "east/archive/2016/risks.xlsx",
    "west/actions.xlsx",
    "west/archive.xlsx",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for place in PLACES:
        path = tmp_path / "all" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    return tmp_path


def found(*paths: str, **choice: tuple[str, ...]) -> list[str]:
    sources = find_workbooks(paths, choice=Choice(**choice))
    return [source.path.as_posix() for source in sources]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({}, [*PLACES]),
        ({"exclude": ("archive",)}, [p for p in PLACES if "archive/" not in p]),
        ({"exclude": ("archive*",)}, [p for p in PLACES if "archive" not in p]),
        ({"exclude": ("draft*", "east")}, ["risks.xlsx", *PLACES[4:]]),
        ({"include": ("east/*.xlsx",)}, ["east/risks.xlsx"]),
        ({"include": ("east/**",)}, [p for p in PLACES if p.startswith("east")]),
        ({"include": ("east/",)}, [p for p in PLACES if p.startswith("east")]),
        ({"include": ("**/risks.xlsx",)}, [PLACES[0], *PLACES[2:4]]),
        ({"include": ("*/*",)}, [p for p in PLACES if "/" in p]),
        (
            {"include": ("risks.*", "west"), "exclude": ("archive",)},
            [p for p in PLACES if "Draft" not in p and "archive/" not in p],
        ),
        ({"include": ("EAST\\archive",)}, ["east/archive/2016/risks.xlsx"]),
        ({"include": ("nothing",)}, []),
    ],
)
def test_globs_are_of_the_place_below_the_folder(
    choice: dict[str, tuple[str, ...]], expected: list[str]
) -> None:
    assert sorted(found("all", **choice)) == sorted(f"all/{place}" for place in expected)


@pytest.mark.usefixtures("folder")
def test_a_glob_of_paths_is_chosen_from_below_its_last_plain_folder() -> None:
    assert found("all/**/*.xlsx", exclude=("all", "east")) == [
        "all/risks.xlsx",
        "all/west/actions.xlsx",
        "all/west/archive.xlsx",
    ]
    assert found("all/e*", include=("archive",)) == ["all/east/archive/2016/risks.xlsx"]


@pytest.mark.usefixtures("folder")
def test_a_file_that_is_named_is_wanted_whatever_the_choice() -> None:
    assert found("all/risks.xlsx", "gone.xlsx", exclude=("*",)) == ["all/risks.xlsx", "gone.xlsx"]
