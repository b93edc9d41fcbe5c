"""The whole story on files: samples corrected, right registers left quiet, others left alone."""

from __future__ import annotations

import csv
import pickle
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import make
import pytest
from risk_facts import read_risks

import xlgov
from tests.ooxml.compare import Edited, compare
from tests.plain_registers import (
    SMALL_SCORES,
    parts,
    product,
    rank,
    rows_of,
    values,
    write_register,
)
from xlgov.changes import SEVERITIES
from xlgov.errors import ChangedError, DamagedError, EditError, SettingsError, UsageError
from xlgov.ooxml.reader import open_workbook
from xlgov.settings import Settings

ROOT = Path(__file__).parents[1]
SAMPLES = (make.FORMS, make.TABLE)
AS_OF = date(2017, 2, 6)
NO_FUTURE_SCORE = ["SR2.1", "SR3.3", "SR4.1", "SR4.2", "SR4.3", "SR4.4"]
NOT_LOWERED = ["SR3.3", "SR3.5"]
BOARD = [("SR3.3", 18), ("SR3.5", 14), ("SR4.4", 14)]


@pytest.fixture(params=SAMPLES)
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a sample in an empty folder, with the settings for its date."""
    shutil.copy(ROOT / "workbooks" / "xlgov.toml", tmp_path)
    return Path(shutil.copy(ROOT / "workbooks" / request.param, tmp_path))


@pytest.fixture
def ranked(tmp_path: Path) -> Path:
    """A small register rated by the published ranks, with one slip in E4 (10 is right)."""
    rows = rows_of(rank)
    rows[0][4] = 4
    return write_register(tmp_path / "ranked.xlsx", rows)


def reference_above(cells: dict[tuple[str, str], Any], sheet: str, address: str) -> str:
    """The reference nearest above or beside a cell, in the columns where samples keep it."""
    for row in range(int(re.sub("[A-Z]", "", address)), 0, -1):
        for column in "AD":
            value = cells.get((sheet, f"{column}{row}"))
            if isinstance(value, str) and re.fullmatch(r"SR\d\.\d", value):
                return value
    raise AssertionError(f"no reference above {address}")


def written_sheets(changes: xlgov.ChangeSet) -> Edited:
    """What a change set says it does, for the independent judge."""
    cells: dict[str, set[str]] = {}
    for change in changes.cells:
        cells.setdefault(change.sheet, set()).add(change.address)
    sheets = {rule.sheet for rule in changes.formats} | set(changes.drop_formats)
    return Edited(values=cells, formats=frozenset(sheets))


def findings_by_code(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in xlgov.check(path):
        found.setdefault(finding.code, []).append(finding.record)
    return found


# The samples


def test_stale_ratings_of_the_samples_are_corrected_and_nothing_else_changes(sample: Path) -> None:
    before = values(sample)
    original = shutil.copy(sample, sample.with_name("original.xlsx"))
    changes = xlgov.refresh(sample, backup=False)
    after = values(sample)
    different = {cell for cell in {*before, *after} if before.get(cell) != after.get(cell)}
    found = Counter(
        (reference_above(after, *cell), before[cell], after[cell]) for cell in different
    )
    assert found == Counter(
        (each.reference, each.shown, each.right) for each in make.STALE[sample.name]
    )
    touched = compare(Path(original), sample, written_sheets(changes))
    assert touched == {"xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"}


@pytest.fixture(scope="module")
def as_printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The samples as they would be with every rating right."""
    folder = tmp_path_factory.mktemp("printed")
    shutil.copy(ROOT / "workbooks" / "xlgov.toml", folder)
    make.make_forms(folder / make.FORMS, read_risks())
    make.make_table(folder / make.TABLE, read_risks())
    return {name: folder / name for name in SAMPLES}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_register_as_printed_is_quiet(as_printed: dict[str, Path], name: str) -> None:
    changes = xlgov.preview(as_printed[name], as_of=AS_OF)
    assert changes.cells == ()
    assert findings_by_code(as_printed[name]) == {
        "actions-no-future-score": NO_FUTURE_SCORE,
        "controls-not-lowered": NOT_LOWERED,
    }
    assert {finding.severity for finding in changes.findings} == {"note"}
    (report,) = changes.reports
    assert [(item.record, item.rating) for item in report.board] == BOARD
    assert (report.records, report.tolerance) == (16, "13")


@pytest.mark.parametrize("name", SAMPLES)
def test_all_printed_ratings_are_reproduced(as_printed: dict[str, Path], name: str) -> None:
    table = xlgov.read(as_printed[name])["risk"].set_index("reference")
    with (ROOT / "workbooks" / "facts" / "risk_register.csv").open(encoding="utf-8") as file:
        facts = list(csv.DictReader(file))
    printed = {
        (fact["reference"], group): int(fact[f"{group}_R"])
        for fact in facts
        for group in ("inherent", "current", "future")
        if fact[f"{group}_R"]
    }
    assert len(printed) == 37
    for (reference, group), rating in printed.items():
        assert table.loc[reference, f"{group}_computed"] == rating
        assert table.loc[reference, f"{group}_rating"] == rating


def test_refreshing_a_sample_twice_changes_no_byte_and_opens_nothing_for_writing(
    sample: Path,
) -> None:
    xlgov.refresh(sample)
    once, saved = sample.read_bytes(), sample.stat().st_mtime_ns
    sample.chmod(0o444)  # writing would now be refused
    try:
        again = xlgov.refresh(sample)
    finally:
        sample.chmod(0o644)
    assert again.is_empty
    assert sample.read_bytes() == once
    assert sample.stat().st_mtime_ns == saved
    names = {path.name for path in sample.parent.iterdir()}
    assert names == {sample.name, f"{sample.stem} (before xlgov).xlsx", "xlgov.toml"}


# Registers that are scored another way


def half_page() -> list[tuple[str, list[list[Any]], str]]:
    four = ("Ref", "Risk", "Likelihood (1-4)", "Impact (1-4)", "Risk score", "Risk owner")
    return [
        ("product", rows_of(product), "These ratings are likelihood × impact"),
        ("sum", rows_of(lambda a, b: a + b), "These ratings are likelihood + impact"),
        ("four by four", rows_of(product, SMALL_SCORES), "These ratings are likelihood × impact"),
        ("four by four sums", rows_of(int.__add__, SMALL_SCORES), "likelihood + impact"),
        ("four by four stated", [four, *rows_of(lambda a, b: 0, SMALL_SCORES)], "1 to 4"),
    ]


@pytest.mark.parametrize(("name", "rows", "sentence"), half_page(), ids=lambda each: str(each)[:20])
def test_a_register_scored_another_way_is_left_byte_for_byte_with_one_sentence(
    tmp_path: Path, name: str, rows: list[list[Any]], sentence: str
) -> None:
    if isinstance(rows[0], tuple):
        blank = [[*row[:4], None, *row[5:]] for row in rows[1:]]
        path = write_register(tmp_path / "other.xlsx", blank, rows[0])
    else:
        path = write_register(tmp_path / "other.xlsx", rows)
    bytes_before, saved = path.read_bytes(), path.stat().st_mtime_ns
    changes = xlgov.refresh(path)
    assert changes.is_empty
    assert path.read_bytes() == bytes_before and path.stat().st_mtime_ns == saved
    assert [path.name] == [each.name for each in tmp_path.iterdir()]
    (finding,) = changes.findings
    assert (finding.code, finding.severity) == ("scheme-unclear", "warning")
    assert sentence in finding.message and "No rating is written" in finding.message
    assert "xlgov sheet" in finding.remedy


def test_a_ranked_four_by_four_register_is_left_alone_too(tmp_path: Path) -> None:
    order = sorted((a + b, b) for a in range(1, 5) for b in range(1, 5))
    rows = rows_of(lambda a, b: order.index((a + b, b)) + 1, SMALL_SCORES)
    path = write_register(tmp_path / "ranks.xlsx", rows)
    before = path.read_bytes()
    (finding,) = xlgov.refresh(path).findings
    assert "4 x 4" in finding.message
    assert path.read_bytes() == before


def test_a_product_register_is_rated_once_settings_say_so(tmp_path: Path) -> None:
    rows = rows_of(product)
    rows[3][4] = 21  # the rank of (4, 4); its product is 16
    path = write_register(tmp_path / "product.xlsx", rows)
    assert xlgov.preview(path).cells == ()
    (tmp_path / "xlgov.toml").write_text('[risk]\nscoring = "product"\n', encoding="utf-8")
    changes = xlgov.refresh(path)
    assert [(c.address, c.before, c.after) for c in changes.cells] == [("E7", 21, 16)]
    assert values(path)["Register", "E7"] == 16
    assert [f.code for f in changes.findings] == ["rating-disagrees"]


def test_a_workbook_without_a_register_is_left_alone_without_alarm(tmp_path: Path) -> None:
    path = write_register(
        tmp_path / "rota.xlsx", [["AB", "E", "L"]], ("Name", "Mon", "Tue"), "Rota"
    )
    before = path.read_bytes()
    changes = xlgov.refresh(path)
    assert (changes.reports, changes.findings, changes.is_empty) == ((), (), True)
    assert path.read_bytes() == before
    assert xlgov.read(path) == {}


# A real client

# Otherwise it shows what a file holds for its formulas, whatever the file asks for.
ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


@pytest.fixture(scope="module")
def resaved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The refreshed samples, opened, recalculated and saved again by LibreOffice."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed, so no real client opens the refreshed files")
    folder = tmp_path_factory.mktemp("office")
    (folder / "in").mkdir()
    (folder / "profile" / "user").mkdir(parents=True)
    (folder / "profile" / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE)
    for name in SAMPLES:
        xlgov.refresh(ROOT / "workbooks" / name, folder / "in" / name)
    subprocess.run(
        [
            *(office, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"),
            *("--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder)),
            *(str(folder / "in" / name) for name in SAMPLES),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return {name: folder / name for name in SAMPLES}


def test_libreoffice_recalculates_the_refreshed_forms_to_our_values(
    resaved: dict[str, Path],
) -> None:
    formulas = values(resaved[make.FORMS], cached=False)
    assert formulas["Summary", "D6"] in ("=Register!N34", "=$Register.N34")
    shown = values(resaved[make.FORMS])
    printed = {risk.reference: risk.scores[1].rating for risk in read_risks()}
    summary = {shown["Summary", f"B{row}"]: shown["Summary", f"D{row}"] for row in range(5, 21)}
    assert summary == printed
    assert summary["SR1.2"] == 9


def test_libreoffice_recalculates_the_refreshed_table_to_our_values(
    resaved: dict[str, Path],
) -> None:
    shown = values(resaved[make.TABLE])
    ratings = [risk.scores[1].rating for risk in read_risks()]
    for row in range(29, 34):
        lowest, highest = shown["Chart", f"C{row}"], shown["Chart", f"D{row}"]
        expected = sum(rating is not None and lowest <= rating <= highest for rating in ratings)
        assert shown["Chart", f"E{row}"] == expected


@pytest.mark.parametrize("name", SAMPLES)
def test_no_rule_of_ours_is_doubled_after_libreoffice_saved_the_file(
    resaved: dict[str, Path], name: str, tmp_path: Path
) -> None:
    shutil.copy(ROOT / "workbooks" / "xlgov.toml", tmp_path)
    path = Path(shutil.copy(resaved[name], tmp_path))
    (report,) = xlgov.preview(path).reports
    asked = Counter(
        (rule.kind, rule.formula) for rule in xlgov.preview(ROOT / "workbooks" / name).formats
    )

    def ours() -> Counter[tuple[str, str]]:
        with open_workbook(path) as workbook:
            rules = workbook.own_rules(report.sheets[0])
        return Counter((rule.kind, re.sub(r"\s", "", rule.formula)) for rule in rules)

    found = ours()
    assert sum(found.values()) == sum(asked.values())
    changes = xlgov.refresh(path)
    assert changes.cells == ()
    assert sum(ours().values()) == sum(asked.values())
    assert xlgov.refresh(path).is_empty


# Settings


def settings_cells(path: Path) -> dict[str, Any]:
    return {address: value for (sheet, address), value in values(path).items() if sheet == "xlgov"}


def beside(cells: dict[str, Any], text: str) -> str:
    """The address right of the cell in column A with this text."""
    row = next(a for a, value in cells.items() if value == text and re.fullmatch(r"A\d+", a))
    return f"B{row[1:]}"


def set_cell(path: Path, address: str, value: Any) -> None:
    xlgov.apply(xlgov.ChangeSet(cells=[xlgov.CellChange("xlgov", address, None, value)]), path)


def test_init_states_what_is_in_force_so_that_nothing_changes(sample: Path) -> None:
    before, was = xlgov.preview(sample), values(sample)
    added = xlgov.init(sample)
    assert [sheet.name for sheet in added.sheets] == ["xlgov"]
    after, now = xlgov.preview(sample), values(sample)
    assert (after.cells, after.findings) == (before.cells, before.findings)
    assert (after.as_of, after.as_of_source) == (AS_OF, "from xlgov.toml")
    assert {cell: value for cell, value in now.items() if cell[0] != "xlgov"} == was
    with open_workbook(sample) as workbook:
        assert workbook.sheets[-1].name == "xlgov"
    old, new = parts(sample.with_name(f"{sample.stem} (before xlgov).xlsx")), parts(sample)
    assert {name for name in old if old[name] != new[name]} == {
        *("[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"),
        *("docProps/app.xml", "xl/styles.xml"),
    }
    with pytest.raises(UsageError, match="already has a sheet 'xlgov'"):
        xlgov.init(sample)


def test_a_refresh_follows_the_matrix_on_the_settings_sheet(ranked: Path) -> None:
    xlgov.init(ranked)
    cells = settings_cells(ranked)
    head = next(a for a, v in cells.items() if str(v).startswith("Likelihood (down)"))
    row = int(head[1:])
    assert [cells[f"{column}{row + 4}"] for column in "ABCDEF"] == [
        4,
        *(rank(4, i) for i in range(1, 6)),
    ]
    assert [c.address for c in xlgov.preview(ranked).cells] == ["E4"]
    # Let (4, 4) be 24 and (4, 5) be 21, the other way about.
    set_cell(ranked, f"E{row + 4}", rank(4, 5))
    set_cell(ranked, f"F{row + 4}", rank(4, 4))
    changes = xlgov.refresh(ranked)
    assert {c.address: c.after for c in changes.cells} == {"E4": 10, "E7": rank(4, 5)}
    assert values(ranked)["Register", "E7"] == 24


def test_a_refresh_follows_the_tolerance_on_the_settings_sheet(ranked: Path) -> None:
    xlgov.init(ranked)
    (report,) = xlgov.preview(ranked).reports
    assert [item.rating for item in report.board] == [22, 21, 19, 16]
    set_cell(ranked, beside(settings_cells(ranked), "tolerance"), 20)
    changes = xlgov.refresh(ranked)
    (report,) = changes.reports
    assert report.tolerance == "20"
    assert [item.rating for item in report.board] == [22, 21]
    bold = "".join(rule.formula for rule in changes.formats if rule.bold)
    assert (">20" in bold or ">=21" in bold) and ">=14" not in bold


def test_an_accepted_finding_leaves_the_list_until_its_review_date(sample: Path) -> None:
    xlgov.init(sample)
    cells = settings_cells(sample)
    head = next(a for a, v in cells.items() if v == "Reference")
    row = int(head[1:]) + 1
    agreed = (
        "SR3.3",
        "controls-not-lowered",
        "Being rewritten",
        "Executive Board",
        date(2017, 6, 30),
    )
    for column, value in zip("ABCDE", agreed, strict=True):
        set_cell(sample, f"{column}{row}", value)

    def listed(day: date) -> tuple[list[str], int]:
        changes = xlgov.preview(sample, as_of=day)
        records = [f.record for f in changes.findings if f.code == "controls-not-lowered"]
        return records, changes.reports[0].accepted

    assert listed(date(2017, 6, 30)) == (["SR3.5"], 1)
    assert listed(date(2017, 7, 1)) == (["SR3.3", "SR3.5"], 0)


def test_every_mistake_on_the_settings_sheet_is_named_by_its_cell(ranked: Path) -> None:
    xlgov.init(ranked)
    cells = settings_cells(ranked)
    tolerance, scoring = beside(cells, "tolerance"), beside(cells, "scoring")
    set_cell(ranked, tolerance, "plenty")
    set_cell(ranked, scoring, "products")
    before = ranked.read_bytes()
    with pytest.raises(SettingsError) as caught:
        xlgov.refresh(ranked)
    assert f"xlgov!{tolerance}" in str(caught.value) and "'plenty'" in str(caught.value)
    assert f"xlgov!{scoring}" in str(caught.value) and "product" in str(caught.value)
    assert ranked.read_bytes() == before


def test_settings_given_replace_those_of_the_file(ranked: Path) -> None:
    (ranked.parent / "xlgov.toml").write_text("[risk]\ntolerance = 20\n", encoding="utf-8")
    (report,) = xlgov.preview(ranked).reports
    assert report.tolerance == "20"
    (report,) = xlgov.preview(ranked, Settings(tolerance=5)).reports
    assert report.tolerance == "5"
    changes = xlgov.refresh(ranked, settings=Settings(scoring="product"))
    assert {c.address: c.after for c in changes.cells}["E7"] == 16


# As-of


def test_the_nearest_date_is_the_one_that_ages_are_counted_to(tmp_path: Path) -> None:
    path = write_register(tmp_path / "r.xlsx", rows_of(rank))
    assert xlgov.preview(path).as_of_source == "today"
    (tmp_path / "xlgov.toml").write_text("as_of = 2018-01-31\n", encoding="utf-8")
    assert (xlgov.preview(path).as_of, xlgov.preview(path).as_of_source) == (
        date(2018, 1, 31),
        "from xlgov.toml",
    )
    printed = write_register(
        tmp_path / "p.xlsx", rows_of(rank), title="Corporate risk register as at 30 June 2018"
    )
    assert xlgov.preview(printed).as_of == date(2018, 6, 30)
    assert "Register!A1" in xlgov.preview(printed).as_of_source
    xlgov.init(printed)
    set_cell(printed, beside(settings_cells(printed), "as_of"), date(2018, 7, 31))
    assert xlgov.preview(printed).as_of_source == "from the xlgov sheet"
    assert xlgov.preview(printed).as_of == date(2018, 7, 31)
    assert xlgov.preview(printed, as_of=AS_OF).as_of_source == "from --as-of"


def test_a_time_is_taken_for_its_day_and_text_is_refused(sample: Path) -> None:
    at_noon = xlgov.preview(sample, as_of=datetime(2017, 2, 6, 12, 30))
    assert at_noon == xlgov.preview(sample, as_of=AS_OF)
    with pytest.raises(UsageError, match=r"as_of is '2017-02-06'; expected a datetime\.date"):
        xlgov.preview(sample, as_of="2017-02-06")  # type: ignore[arg-type]  # the mistake tested


def test_a_status_is_stale_from_one_day_after_the_limit(sample: Path) -> None:
    oldest = date(2017, 1, 24)

    def stale(days: int, limit: int | None = None) -> set[str]:
        found = xlgov.check(sample, oldest + timedelta(days=days), stale_after=limit)
        return {f.record for f in found if f.code == "status-stale"}

    assert stale(100) == set()
    assert stale(101) == {"SR3.1", "SR3.3"}
    assert stale(31, 30) == {"SR3.1", "SR3.3"}


# Python


def test_a_change_set_can_be_compared_and_sent_to_another_process(sample: Path) -> None:
    changes = xlgov.preview(sample)
    assert changes == xlgov.preview(sample)
    travelled = pickle.loads(pickle.dumps(changes))
    assert travelled == changes
    assert replace(travelled, cells=()) != changes
    out = sample.with_name("out.xlsx")
    xlgov.apply(travelled, sample, out)
    assert xlgov.preview(out).is_empty


def test_a_preview_writes_nothing(sample: Path) -> None:
    before, saved = sample.read_bytes(), sample.stat().st_mtime_ns
    assert not xlgov.preview(sample).is_empty
    xlgov.check(sample)
    xlgov.read(sample)
    assert (sample.read_bytes(), sample.stat().st_mtime_ns) == (before, saved)
    assert {path.name for path in sample.parent.iterdir()} == {sample.name, "xlgov.toml"}


def test_a_change_set_of_another_state_of_the_file_is_refused(ranked: Path) -> None:
    changes = xlgov.preview(ranked)
    xlgov.apply(
        xlgov.ChangeSet(cells=[xlgov.CellChange("Register", "B4", None, "Edited meanwhile")]),
        ranked,
    )
    edited = ranked.read_bytes()
    with pytest.raises(ChangedError, match=r"ranked\.xlsx has changed since it was previewed"):
        xlgov.apply(changes, ranked)
    with pytest.raises(ChangedError):
        xlgov.apply(changes, ranked, ranked.with_name("out.xlsx"))
    assert ranked.read_bytes() == edited
    assert not ranked.with_name("out.xlsx").exists()


def test_a_hand_made_change_set_is_applied_to_what_the_file_holds(ranked: Path) -> None:
    original = Path(shutil.copy(ranked, ranked.with_name("original.xlsx")))
    by_hand = xlgov.ChangeSet(
        cells=[
            xlgov.CellChange("Register", "B4", "not what stands there", "=1+1"),
            xlgov.CellChange("Register", "H20", None, xlgov.Formula("SUM(E4:E11)", 90)),
            xlgov.CellChange("Register", "F5", None, None),
            xlgov.CellChange("Register", "H21", None, date(2017, 2, 6)),
            xlgov.CellChange("Register", "H22", None, True),
        ],
        styles=[xlgov.StyleChange("Register", "C4", number_format="0.0", bold=True)],
        formats=[xlgov.FormatRule("Register", "B4:B11", 'B4="x"', fill="FFC000")],
    )
    xlgov.apply(by_hand, ranked)
    shown, formulas = values(ranked), values(ranked, cached=False)
    assert shown["Register", "B4"] == "=1+1"
    assert (shown["Register", "H20"], formulas["Register", "H20"]) == (90, "=SUM(E4:E11)")
    assert ("Register", "F5") not in shown
    assert shown["Register", "H21"] == datetime(2017, 2, 6)
    assert shown["Register", "H22"] is True
    cells = {change.address for change in by_hand.cells}
    edited = Edited({"Register": cells}, {"Register": {"C4", "H21"}}, frozenset({"Register"}))
    assert compare(original, ranked, edited)
    assert not ranked.with_name("ranked (before xlgov).xlsx").exists()


def test_edits_that_would_do_damage_are_refused_all_at_once(ranked: Path) -> None:
    before = ranked.read_bytes()
    wrong = [
        xlgov.CellChange("Registre", "A1", None, 1),
        xlgov.CellChange("Register", "1A", None, 1),
        xlgov.CellChange("Register", "B4", None, "x" * 40_000),
    ]
    with pytest.raises(EditError) as caught:
        xlgov.apply(xlgov.ChangeSet(cells=wrong), ranked)
    for place in ("Registre", "1A", "Register!B4"):
        assert place in str(caught.value)
    assert ranked.read_bytes() == before


def test_an_empty_change_set_writes_nothing_and_copies_to_out(ranked: Path) -> None:
    saved, out = ranked.stat().st_mtime_ns, ranked.with_name("copy.xlsx")
    xlgov.apply(xlgov.ChangeSet(), ranked)
    xlgov.apply(xlgov.ChangeSet(), ranked, out)
    assert ranked.stat().st_mtime_ns == saved
    assert out.read_bytes() == ranked.read_bytes()


def test_read_gives_a_row_for_each_record_with_its_place(ranked: Path) -> None:
    table = xlgov.read(ranked)["risk"]
    assert list(table["reference"]) == [f"R{n}" for n in range(1, 9)]
    assert list(table["sheet"].unique()) == ["Register"]
    assert list(table["address"][:2]) == ["A4", "A5"]
    assert list(table["current_rating"][:2]) == [4, rank(2, 5)]
    assert list(table["current_computed"][:2]) == [rank(1, 4), rank(2, 5)]


def test_read_of_a_register_without_risks_gives_no_table(tmp_path: Path) -> None:
    path = write_register(tmp_path / "empty.xlsx", [])
    assert xlgov.read(path) == {}
    assert xlgov.check(path) == []
    assert xlgov.refresh(path).is_empty


def test_check_of_a_file_gives_what_its_preview_found(sample: Path) -> None:
    found = xlgov.check(str(sample))
    assert tuple(found) == xlgov.preview(sample).findings
    severities = [SEVERITIES.index(finding.severity) for finding in found]
    assert severities == sorted(severities) and found


def test_check_of_a_folder_names_each_file_and_is_not_stopped_by_a_bad_one(tmp_path: Path) -> None:
    rows = rows_of(rank)
    rows[1][4] = 1
    write_register(tmp_path / "a.xlsx", rows)
    (tmp_path / "b.xlsx").write_bytes(b"PK\3\4 and no more")
    write_register(tmp_path / "below" / "c.xlsx", rows)
    found = [
        (Path(finding.file).relative_to(tmp_path).as_posix(), finding.code)
        for finding in xlgov.check(tmp_path)
        if finding.severity == "error"
    ]
    assert found == [
        ("a.xlsx", "rating-disagrees"),
        ("b.xlsx", "file-unreadable"),
        ("below/c.xlsx", "rating-disagrees"),
    ]
    with pytest.raises(DamagedError):
        xlgov.check(tmp_path / "b.xlsx")
    with pytest.raises(UsageError, match="does not exist"):
        xlgov.check(tmp_path / "gone")


def test_no_backup_is_left_by_a_refresh_that_failed(ranked: Path) -> None:
    (ranked.parent / "~$ranked.xlsx").write_bytes(b"\x05Maria")
    before = ranked.read_bytes()
    with pytest.raises(xlgov.XlgovError, match="Maria has it open"):
        xlgov.refresh(ranked)
    assert ranked.read_bytes() == before
    assert not ranked.with_name("ranked (before xlgov).xlsx").exists()


def test_the_backup_is_the_file_as_it_was_before_the_first_change(ranked: Path) -> None:
    original = ranked.read_bytes()
    xlgov.init(ranked)
    xlgov.refresh(ranked)
    set_cell(ranked, beside(settings_cells(ranked), "tolerance"), 20)
    xlgov.refresh(ranked)
    assert ranked.with_name("ranked (before xlgov).xlsx").read_bytes() == original
    assert len(list(ranked.parent.iterdir())) == 2


@pytest.fixture(autouse=True)
def nothing_temporary_is_left(tmp_path: Path) -> Iterator[None]:
    yield
    assert list(tmp_path.rglob(".~xlgov-*")) == []


def test_init_does_not_turn_a_refusal_into_a_rewrite(tmp_path: Path) -> None:
    golden = ROOT / "tests" / "golden"
    for case in ("product-register-refused", "two-registers-in-one-book"):
        path = Path(shutil.copy(golden / case / "before.xlsx", tmp_path / f"{case}.xlsx"))
        before = xlgov.preview(path)
        xlgov.init(path)
        after = xlgov.preview(path)
        assert after.cells == before.cells
        assert [f.code for f in after.findings] == [f.code for f in before.findings]
    path = tmp_path / "product-register-refused.xlsx"
    set_cell(path, beside(settings_cells(path), "scoring"), "product")
    assert [(c.before, c.after) for c in xlgov.refresh(path).cells] == [(12, 16)]
