"""Workbooks that rate themselves, recalculated by LibreOffice: it must give what Python gives."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import xlgov
from tests.ooxml.written import SOFFICE, convert
from tests.plain_registers import HEADINGS, rank
from tests.risk.native import VALUES, cells, formulas, preview, put_row, refresh, write_levels
from xlgov.changes import CellChange
from xlgov.grid.cells import Value
from xlgov.ooxml.reader import open_workbook
from xlgov.risk.preview import search_registers
from xlgov.risk.register import read_registers
from xlgov.risk.score import read_score
from xlgov.risk.words import IMPACT, LIKELIHOOD
from xlgov.wanted import state_settings

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(SOFFICE is None, reason="there is no LibreOffice (soffice) to recalculate"),
]

ROOT = Path(__file__).parents[2] / "workbooks"
SAMPLES = ("strategic-risk-register.xlsx", "strategic-risk-register-table.xlsx")
NOTHING = (None,) * 7


def shown(path: Path) -> dict[tuple[str, str], Value]:
    """Every filled cell of every sheet."""
    with open_workbook(path) as workbook:
        return {
            (info.name, cell.address): cell.value
            for info in workbook.sheets
            for cell in workbook.grid(info.name).cells()
            if cell.value is not None
        }


def recalculated(path: Path, folder: Path) -> Path:
    (made,) = convert([path], folder)
    return made


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[Path, Path]]:
    """The samples with formulas, and as LibreOffice recalculates and saves them."""
    folder = tmp_path_factory.mktemp("native")
    (folder / "in").mkdir()
    shutil.copy(ROOT / "xlgov.toml", folder / "in")
    paths = [Path(shutil.copy(ROOT / name, folder / "in" / name)) for name in SAMPLES]
    for path in paths:
        refresh(path)
    made = convert(paths, folder / "out")
    return {path.name: (path, new) for path, new in zip(paths, made, strict=True)}


@pytest.mark.parametrize("name", SAMPLES)
def test_libreoffice_recalculates_every_cell_of_a_sample_to_our_value(
    samples: Mapping[str, tuple[Path, Path]], name: str
) -> None:
    ours, theirs = samples[name]
    expected, found = shown(ours), shown(theirs)
    calculated = own_formulas(ours)
    assert len(calculated) > 30
    assert {at: found.get(at) for at in calculated} == {at: expected.get(at) for at in calculated}
    typed = {at: v for at, v in expected.items() if isinstance(v, int) and at[0] != "Summary"}
    assert {at: found.get(at) for at in typed} == typed  # a summary waits for its recalculation


def own_formulas(path: Path) -> set[tuple[str, str]]:
    with open_workbook(path) as workbook:
        names = [info.name for info in workbook.sheets]
    every = {(name, at): text for name in names for at, text in formulas(path, name).items()}
    return {place for place, text in every.items() if "xlgov_" in text}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_that_libreoffice_saved_is_still_ours_and_asks_for_nothing(
    samples: Mapping[str, tuple[Path, Path]], name: str, tmp_path: Path
) -> None:
    shutil.copy(ROOT / "xlgov.toml", tmp_path)
    path = Path(shutil.copy(samples[name][1], tmp_path))
    for extras in (VALUES, frozenset({"formulas"})):
        changes = preview(path, extras)  # type: ignore[arg-type]
        assert not (changes.cells or changes.sheets)
        assert not [each for each in changes.findings if "formula" in each.code]


def test_rating_level_and_colour_follow_a_likelihood_that_changes(tmp_path: Path) -> None:
    path = write_levels(
        tmp_path / "register.xlsx",
        [
            (2, 3, None, 1, None, None, None, None, 3, 9, "Medium"),
            (1, *NOTHING, 2, 3, "LOW"),
            ("Likely", *NOTHING, 3, 13, "medium"),
        ],
    )
    refresh(path)
    changed = [("C4", 5), ("D4", "5 - Catastrophic"), ("C5", " PROBABLE "), ("C6", "?")]
    xlgov.apply(xlgov.ChangeSet([CellChange("Register", at, None, v) for at, v in changed]), path)
    found = cells(recalculated(path, tmp_path / "out"))
    assert [found.get(f"{letter}4") for letter in "KLM"] == [5, rank(5, 5), "Critical"]
    assert [found.get(f"{letter}5") for letter in "KLM"] == [2, rank(5, 2), "MEDIUM-HIGH"]
    assert [found.get(f"{letter}6") for letter in "KLM"] == [3, None, None]
    again = refresh(path, VALUES)
    assert {c.address for c in again.cells} == {"K4", "L4", "M4", "L5", "M5", "L6", "M6"}
    ours = cells(path)
    assert {at: ours.get(at) for at in found if at[0] in "KLM"} == {
        at: value for at, value in found.items() if at[0] in "KLM"
    }


def test_the_colours_compare_the_recalculated_rating_with_the_tolerance(tmp_path: Path) -> None:
    """The rules of ours as LibreOffice sees them: bold above 13, by a formula beside the register.

    A conditional format has no value of its own in a file, so its test is calculated in a cell.
    """
    path = write_levels(tmp_path / "register.xlsx", [(1, *NOTHING, 3, 6, "Low")] * 2)
    changes = refresh(path)
    above = [rule.formula for rule in changes.formats if rule.bold]
    assert above and all("L4" in each for each in above)
    (blank,) = {f"OR({','.join(each.replace('L4', 'L5') for each in above)})"}
    tests = [
        xlgov.CellChange("Register", "Q4", None, xlgov.Formula(f"OR({','.join(above)})", False)),
        xlgov.CellChange("Register", "Q5", None, xlgov.Formula(blank, False)),
    ]
    xlgov.apply(xlgov.ChangeSet([*tests, CellChange("Register", "C4", None, 5)]), path)
    xlgov.apply(xlgov.ChangeSet([CellChange("Register", "C5", None, None)]), path)
    found = cells(recalculated(path, tmp_path / "out"))
    assert (found["L4"], found["Q4"]) == (rank(5, 3), True)
    assert (found.get("L5"), found["Q5"]) == (None, False)  # a blank of a formula is no number


# Anything typed

WORDS = [*LIKELIHOOD, *IMPACT, "severe", "rare", "high", "tbc", "n/a", "none", "-", "--", "nil"]
FORMS = ("{n}", "{w}", "{n} - {w}", "{w} ({n})", "{n}. {w}", "{w}:{n}", "({n})", "{n}{w}", "{r}")
NUMERALS = ("", "I", "II", "III", "IV", "V", "VI")
SLIGHTLY_OVER = 3.0000000000000004  # which Excel and LibreOffice show as 3
BLANKS = ("", " ", "  ", "\u00a0", "\n")
CASES = (str.upper, str.lower, str.title, str.swapcase, str)


@st.composite
def spelled(draw: st.DrawFn) -> Value:
    """A score as people type it, rightly or wrongly."""
    number, word = draw(st.integers(0, 6)), draw(st.sampled_from(WORDS))
    text = draw(st.sampled_from(FORMS)).format(n=number, w=word, r=NUMERALS[number])
    text = draw(st.sampled_from(CASES))(text)
    return draw(st.sampled_from(BLANKS)) + text + draw(st.sampled_from(BLANKS))


ODD = st.sampled_from(
    ["?", "*", "~", "~?", "l*", "lik?ly", "L??ely", ">2", "<>", "=3", "3*", "i", "v", "x", "I", "V",
     "Iii", "iV", "X", "TRUE", "1e0", "3,0", "three", "3 - ", "- 3", "\u0663", "\u2163", "3\u200b"]
)  # fmt: skip
ANYTHING: st.SearchStrategy[Value] = st.one_of(
    st.integers(-1, 7),
    st.sampled_from([None, True, False, 3.0, 3.5, SLIGHTLY_OVER, 45000, 1e20]),
    spelled(),
    ODD,
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=8),
)


def examples(count: int) -> list[tuple[Value, Value]]:
    """Pairs of likelihood and impact, made by hypothesis, the same in every run."""
    made: list[tuple[Value, Value]] = []

    @settings(
        max_examples=count,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.tuples(ANYTHING, ANYTHING))
    def take(pair: tuple[Value, Value]) -> None:
        made.append(pair)

    take()
    return made


def rated(path: Path) -> dict[int, int | None]:
    """What Python gives for the likelihood and impact that stand in each row."""
    with open_workbook(path) as workbook:
        stated = state_settings(workbook, path, None, None)
        (register,) = read_registers(workbook, search_registers(workbook, stated).layouts, stated)
    typed = cells(path)
    found: dict[int, int | None] = {}
    for row in (int(at[1:]) for at in typed if at[0] == "A" and at != "A1"):
        first = read_score(typed.get(f"C{row}"), register.likelihood_words, 5)
        second = read_score(typed.get(f"D{row}"), register.impact_words, 5)
        found[row] = None
        if isinstance(first, int) and isinstance(second, int):
            found[row] = rank(first, second)
    return found


def is_excused(value: Value) -> bool:
    """What LibreOffice reads in its own way: its TRUE is a 1, and 3.0000000000000004 shows as 3."""
    return isinstance(value, bool) or value == SLIGHTLY_OVER


def write_pairs(path: Path, pairs: list[tuple[Value, Value]]) -> Path:
    (path.parent / "xlgov.toml").write_text(
        '[risk]\nscoring = "matrix"\n'
        "matrix = [[1, 3, 6, 10, 15], [2, 5, 9, 14, 19], [4, 8, 13, 18, 22], "
        "[7, 12, 17, 21, 24], [11, 16, 20, 23, 25]]\n"
    )
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Register")
        sheet.write_row(0, 0, HEADINGS)
        for number, (likelihood, impact) in enumerate(pairs, start=1):
            sheet.write_row(number, 0, [f"R{number}", f"The thing of row {number} goes wrong"])
            put_row(sheet, number, 2, (likelihood, impact))
            sheet.write(number, 4, 1)
            sheet.write(number, 5, "Head of Audit")
    return path


def scale(cycle: int) -> Iterator[tuple[int, int]]:
    for number in range(cycle):
        yield number % 5 + 1, number // 5 % 5 + 1


def test_whatever_is_typed_libreoffice_rates_it_as_python_does(tmp_path: Path) -> None:
    """The scores stand in the register when the formulas are written."""
    odd = examples(500)
    pairs: list[tuple[Value, Value]] = [*odd, *scale(len(odd) + 25)]
    path = write_pairs(tmp_path / "register.xlsx", pairs)
    by_python = rated(path)
    refresh(path)
    texts, ours = formulas(path), cells(path)
    found = cells(recalculated(path, tmp_path / "out"))
    for row, (likelihood, impact) in enumerate(pairs, start=2):
        expected = by_python[row]
        at = f"E{row}"
        if expected is None:
            assert at not in texts and found[at] == 1, (likelihood, impact)
        else:
            assert found[at] == ours[at] == expected, (likelihood, impact)
    assert len([at for at in texts if at in found]) > 500


def test_whatever_is_typed_later_is_rated_as_python_does_or_stays_blank(tmp_path: Path) -> None:
    """The formulas stand when the scores are typed: they know no more than the lists."""
    odd = examples(500)
    # As many rows again stay as they are: a register most of which is unknown words is refused.
    path = write_pairs(tmp_path / "register.xlsx", list(scale(2 * len(odd) + 100)))
    refresh(path)
    typed = [
        CellChange("Register", f"{letter}{row}", None, value)
        for row, pair in enumerate(odd, start=2)
        for letter, value in zip("CD", pair, strict=True)
    ]
    xlgov.apply(xlgov.ChangeSet(typed), path)
    found = cells(recalculated(path, tmp_path / "out"))
    rows = {row: rating for row, rating in rated(path).items() if row < len(odd) + 2}
    excused = {row for row, pair in enumerate(odd, start=2) if any(map(is_excused, pair))}
    wrong = {row for row in rows if found.get(f"E{row}") not in (None, rows[row])}
    assert wrong <= excused, {odd[row - 2]: found.get(f"E{row}") for row in wrong}
    assert sum(found.get(f"E{row}") is not None for row in rows) >= 30
    # A run with formulas lists what is new; then both agree on every row.
    changes = refresh(path)
    assert [sheet.name for sheet in changes.sheets] == ["xlgov"]
    ours, found = cells(path), cells(recalculated(path, tmp_path / "again"))
    assert {row: ours.get(f"E{row}") for row in set(rows) - excused} == {
        row: rows[row] for row in set(rows) - excused
    }
    assert {row: found.get(f"E{row}") for row in set(rows) - excused} == {
        row: rows[row] for row in set(rows) - excused
    }
    assert preview(path).is_empty


def test_the_highest_of_random_categories_is_what_python_takes(tmp_path: Path) -> None:
    chance = random.Random(5)
    given_not = (None, None, None, "n/a", "-", " ")
    known = (1, 2, 3, 4, 5, "3 - Moderate", "SIGNIFICANT", "4", "minor (2)")
    rows: list[Any] = []
    for _ in range(200):
        several = [chance.choice(given_not if chance.random() < 0.5 else known) for _ in range(7)]
        several[0] = several[0] or 1
        rows.append((chance.randint(1, 5), *several, None, None, None))
    path = write_levels(tmp_path / "register.xlsx", rows)
    refresh(path)
    typed = [
        CellChange("Register", f"{'DEFGHIJ'[row % 7]}{row}", None, chance.choice([5, "awful", "?"]))
        for row in range(4, 204, 3)
    ]
    xlgov.apply(xlgov.ChangeSet(typed), path)
    found = cells(recalculated(path, tmp_path / "out"))
    refresh(path, VALUES)
    ours = cells(path)
    for row in range(4, 204):
        for letter in "KL":
            assert found.get(f"{letter}{row}") == ours.get(f"{letter}{row}"), row
    blanks = [row for row in range(4, 204) if ours.get(f"K{row}") is None]
    assert 10 < len(blanks) < 100
