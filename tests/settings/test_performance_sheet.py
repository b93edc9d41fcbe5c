"""The sections of the settings sheet about a dashboard: read as people keep them, and made."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.settings.performance_rows import DASHBOARD, OUTCOME_RATE
from xlgov.changes import SheetChange
from xlgov.errors import SettingsError
from xlgov.settings import SETTINGS_FILE, IndicatorRule, Settings, load_settings
from xlgov.settings.indicators import (
    COMBINE_WORDS,
    DIRECTION_WORDS,
    RULE_KEYS,
    SHARED_KEYS,
    SIGNIFICANT_WORDS,
    TEST_WORDS,
)
from xlgov.settings.keys import KEYS
from xlgov.settings.page import settings_sheet

PERFORMANCE = ("Performance",)
INDICATORS = ("Indicators",)
TOTALS = (("Totals",), ("Total", "Parts"))
SHARES = (("Shares",), ("Share", "Part", "Whole"))


def read(new_book: Any, *rows: Sequence[Any], codes: Mapping[str, str] | None = None) -> Settings:
    return load_settings(new_book().add("xlgov", rows, codes=codes), None)


def problems_of(new_book: Any, *rows: Sequence[Any]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read(new_book, *rows)
    return str(caught.value).splitlines()


def rule(new_book: Any, heading: str, value: Any) -> IndicatorRule:
    rows = [INDICATORS, ("Indicator", heading), ("Crime", value)]
    return read(new_book, *rows).indicators["Crime"]


def made(settings: Settings, **options: Any) -> tuple[SheetChange, Any]:
    return settings_sheet(settings, kinds=("kpi",), **options)


def row_of(sheet: SheetChange, text: str) -> int:
    return next(number for number, row in enumerate(sheet.rows, 1) if row and row[0] == text)


def test_a_sheet_of_performance_alone_is_read(new_book: Any) -> None:
    rows = [
        ("Dashboard settings", None, "agreed in April"),
        PERFORMANCE,
        ("Key", "Value"),
        ("Reporting month", date(2018, 3, 1)),
        ("Financial year starts", "April"),
        ("Force", "Cambridgeshire"),
        ("judgement", "icon"),
        ("Average test", "xmr"),
        (),
        ("Benchmark limit", 4),
        INDICATORS,
        (),
        ("Measure", "How it combines", "Polarity", "Lag", "Aliases", "Notes"),
        ("All crime", "Total", "Lower is better", 0, "Crime; Recorded\ncrime", "ask Ann"),
        (),
        ("999 calls in\n10 seconds", "rate", "-", None, "-", None),
        *TOTALS,
        ("Juveniles", "14 and under; 15-17"),
        ("Change", "2019/20; - 2018/19"),
        *SHARES,
        ("Recruited %", "Recruited", "Applications"),
        ("Monthly average", "12 months", 12),
    ]
    settings = read(new_book, *rows)
    assert replace(settings, sources={}) == Settings(
        month=date(2018, 3, 1),
        year_start=4,
        force="Cambridgeshire",
        judgement="icon",
        all_indicators=IndicatorRule(average_test="xmr", benchmark_limit=4),
        indicators={
            "All crime": IndicatorRule(
                combine="sum", direction="down", lag=0, names=("Crime", "Recorded", "crime")
            ),
            "999 calls in 10 seconds": IndicatorRule(combine="ratio", direction="none"),
        },
        totals={"Juveniles": ("14 and under", "15-17"), "Change": ("2019/20", "- 2018/19")},
        shares={
            "Recruited %": ("Recruited", "Applications"),
            "Monthly average": ("12 months", "12"),
        },
    )
    assert settings.sources["month"] == "xlgov!B4"
    assert settings.sources["all_indicators.average_test"] == "xlgov!B8"
    assert settings.sources["indicators.All crime.names"] == "xlgov!E14"
    assert settings.sources["totals.Juveniles"] == "xlgov!B19"


def test_columns_may_stand_in_any_order_with_the_name_last(new_book: Any) -> None:
    headings = [key.headings[-1] for key in RULE_KEYS]
    values = [
        *("Ratio", "%", "1", "up", "25", "20.5%", 3, "proportion", 0, "points", "2.5", "relative"),
        *(5, "XMR", "Apr-16; April 2017", "no", "Violence with Injury;\nViolence without Injury"),
        *("Outcome rate, all crime", "Police recorded crime"),
    ]
    rows = [INDICATORS, (*headings[::-1], "KPI"), (*values[::-1], "All Crime Outcome Rate")]
    assert read(new_book, *rows).indicators == {"All Crime Outcome Rate": OUTCOME_RATE}


def test_every_heading_and_word_means_one_thing() -> None:
    headings = [word.casefold() for key in RULE_KEYS for word in key.headings]
    assert len(headings) == len(set(headings))
    for table in (COMBINE_WORDS, DIRECTION_WORDS, TEST_WORDS, SIGNIFICANT_WORDS):
        every = [word for word, also in table.items() for word in (word, *also)]
        assert len(every) == len(set(every))


@pytest.mark.parametrize(
    ("code", "value", "unit", "target"),
    [
        ("0.0%", 0.951, "percent", 95.1),
        ("0%", 0.07, "%", 7),
        ("0.0%", 0.951, "fraction", 0.951),
        ("0.0%", 0.951, None, 95.1),
        ('0.0"%"', 95.1, "percent", 95.1),
        ("General", 95.1, "Per cent", 95.1),
        ("General", "95.1 %", "percent", 95.1),
        ("General", "95.1%", "fraction", 0.951),
        ("#,##0", "1,250", "crimes", 1250),
    ],
)
def test_a_target_shown_as_per_cent_keeps_what_is_meant(
    new_book: Any, code: str, value: Any, unit: str | None, target: float
) -> None:
    rows = [INDICATORS, ("Indicator", "Target", "Unit"), ("Rate", value, unit)]
    settings = read(new_book, *rows, codes={"B3": code})
    assert settings.indicators["Rate"].target == target


def test_a_limit_shown_as_per_cent_is_in_per_cent(new_book: Any) -> None:
    rows = [PERFORMANCE, ("Key", "Value"), ("Benchmark limit", 0.04), ("Peer limit", "5%")]
    of_all = read(new_book, *rows, codes={"B3": "0%"}).all_indicators
    assert (of_all.benchmark_limit, of_all.peer_limit) == (4, 5)


@pytest.mark.parametrize(
    "value", [date(2016, 4, 1), date(2016, 4, 30), "Apr-16", "April 2016", "2016-04", "30/04/2016"]
)
def test_a_chart_starts_anew_in_a_month_however_it_is_typed(new_book: Any, value: Any) -> None:
    assert rule(new_book, "Rebase", value).rebase == (date(2016, 4, 1),)


def test_a_date_that_1st_april_became_is_a_month(new_book: Any) -> None:
    settings = read(new_book, PERFORMANCE, ("Financial year starts", date(2024, 4, 1)))
    assert settings.year_start == 4


def test_a_dash_states_nothing_but_a_direction(new_book: Any) -> None:
    assert rule(new_book, "Direction", "n/a") == IndicatorRule(direction="none")
    rows = [INDICATORS, ("Indicator", "Target", "Direction"), ("Crime", "-", "-"), ("Hate", "-")]
    assert read(new_book, *rows).indicators == {"Crime": IndicatorRule(direction="none")}


def test_the_sheet_and_the_file_are_merged_field_by_field(tmp_path: Path, new_book: Any) -> None:
    (tmp_path / SETTINGS_FILE).write_text(
        "[kpi]\naverage_limit = 2\npeer_limit = 3\n"
        "[kpi.indicators.'hate crime']\ntarget = '7%'\nlag = 1\n[kpi.totals]\nKSI = 'a;b'\n"
        "[kpi.shares]\naverage = ['Calls', 4]\n"
    )
    rows = [
        PERFORMANCE,
        ("Average limit", 1),
        INDICATORS,
        ("Indicator", "Unit", "Lag"),
        ("Hate  Crime", "fraction", 2),
        *TOTALS,
        ("ksi", "fatal; serious"),
        *SHARES,
        ("Average", None, 12),
    ]
    settings = load_settings(new_book().add("xlgov", rows), tmp_path / "d.xlsx")
    assert settings.all_indicators == IndicatorRule(average_limit=1, peer_limit=3)
    assert settings.indicators == {"Hate Crime": IndicatorRule(unit="fraction", target=0.07, lag=2)}
    assert settings.totals == {"ksi": ("fatal", "serious")}
    assert settings.shares == {"Average": ("Calls", "12")}
    assert settings.sources["indicators.Hate Crime.target"] == "xlgov.toml line 5"
    assert settings.sources["indicators.Hate Crime.lag"] == "xlgov!C5"


def test_words_beside_a_sheet_without_sections_are_notes(new_book: Any) -> None:
    rows = [("Source", "HMIC"), ("Unit", "Performance team"), ("Monthly", "yes")]
    assert read(new_book, *rows) == Settings()
    assert read(new_book, ("Reporting month", "Mar-18")).month == date(2018, 3, 1)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ((PERFORMANCE, ("Forse", "Kent")), "A2: unknown key 'Forse'; did you mean 'force'?"),
        ((PERFORMANCE, ("Target", 3)), "A2: target belongs to one indicator; give it a column in"),
        ((PERFORMANCE, ("Month", "soon")), "B2: month is 'soon'; expected a month such as Mar-18"),
        ((PERFORMANCE, ("Average test", "t")), "B2: average_test is 't'; expected spread, relat"),
        ((PERFORMANCE, ("Peer limit", "-4%")), "B2: peer_limit is '-4%'; expected a number, 0 or"),
        ((("Scheme",), ("Unit", "x")), "A2: unit stands in the wrong place; put it under Perform"),
        ((("Scheme",), ("Month", 3), ("Unit",)), "B2: month is 3; expected a month such as"),
        (
            (PERFORMANCE, ("Lag", 1), ("Months late", 2)),
            "B3: 'lag' is stated twice (also at xlgov!B2)",
        ),
        (
            (INDICATORS, ("Indicator", "Taget"), ("Crime", 3)),
            "B2: unknown heading 'Taget'; did you mean 'target'?",
        ),
        (
            (INDICATORS, ("Indicator", "Lag", "Months late"), ("Crime", 3)),
            "C2: Months late has a column here and at xlgov!B2; keep one of them",
        ),
        (
            (INDICATORS, ("Crime", "sum", "percent")),
            "A2: the headings of section 'Indicators' are not found; expected Indicator and any",
        ),
        (
            (("Themes",), ("Theme", "Target"), ("VICTIMS", 3)),
            "B2: unknown heading 'Target'; known headings are theme, combine, unit, ",
        ),
        (
            (INDICATORS, ("Indicator", "Unit"), (None, "%")),
            "A3: this row has no indicator; give it one, or clear the row",
        ),
        (
            (INDICATORS, ("Indicator", "Combine"), ("Crime", "sum up")),
            "B3: combine of 'Crime' is 'sum up'; expected sum, ratio, mean or latest",
        ),
        (
            (INDICATORS, ("Indicator", "Lag"), ("Crime", 1), ("CRIME", 2)),
            "B4: lag of 'CRIME' is stated twice (also at xlgov!B3)",
        ),
        ((*TOTALS, ("A", "B; A")), "B3: 'A' is one of its own parts; take it out of them"),
        ((*TOTALS, (None, "B; A")), "A3: this row has no total; give it one, or clear the row"),
        ((*TOTALS, ("A", date(2017, 1, 31))), "B3: parts of 'A' is 2017-01-31; expected names"),
        ((*SHARES, ("A", "B", None)), "B3: the share 'A' has no whole"),
        ((*SHARES, ("A", True, "B")), "B3: part of 'A' is yes; expected a label"),
        ((*SHARES, (None, "B", "C")), "A3: this row has no share; give it one, or clear the row"),
        ((("Indicator",),), "A1: unknown section 'Indicator'; did you mean 'Indicators'?"),
    ],
)
def test_a_mistake_is_named_with_its_cell(
    new_book: Any, rows: tuple[Sequence[Any], ...], problem: str
) -> None:
    found = problems_of(new_book, *rows)
    assert len(found) == 1
    assert found[0].startswith(f"xlgov!{problem}")


def test_a_percentage_that_is_no_word_is_shown_as_it_looks(new_book: Any) -> None:
    rows = [INDICATORS, ("Indicator", "Lag"), ("Crime", 0.125)]
    with pytest.raises(SettingsError, match=r"^xlgov!B3: lag of 'Crime' is 12\.5%; expected a wh"):
        read(new_book, *rows, codes={"B3": "0.0%"})


def test_a_page_that_was_made_reads_back_the_same(new_book: Any) -> None:
    book = new_book().write(*made(DASHBOARD))
    assert replace(load_settings(book, None), sources={}) == DASHBOARD


@pytest.mark.parametrize("heading", ["Indicator", "KPI", "Measure"])
def test_rows_and_columns_may_be_put_in(new_book: Any, heading: str) -> None:
    sheet, _ = made(DASHBOARD)
    rows: list[tuple[Any, ...]] = []
    for row in sheet.rows:
        texts = [str(value) if type(value) in (int, float) else value for value in row]
        if texts[:1] == ["Indicator"]:
            texts[0] = heading
        if len(texts) > 1:
            texts.insert(1, None)
        rows += [tuple(texts), (), (None, " ")]
    assert replace(read(new_book, *rows), sources={}) == DASHBOARD


def test_a_page_of_nothing_stated_states_nothing(new_book: Any) -> None:
    names = {"themes": ["VICTIMS"], "indicators": ["All crime", "Hate crime"]}
    sheet, styles = made(Settings(), **names)
    assert row_of(sheet, "All crime") == row_of(sheet, "Indicators") + 3
    assert replace(load_settings(new_book().write(sheet, styles), None), sources={}) == Settings()


def test_a_page_lists_each_name_once(new_book: Any) -> None:
    sheet, _ = made(DASHBOARD, themes=["Victims", "CRIME"], indicators=["hate  crime", "Burglary"])
    firsts = [row[0] for row in sheet.rows if row]
    assert "Victims" not in firsts
    assert "hate  crime" not in firsts
    assert firsts.index("Burglary") == firsts.index("Hate Crime") + 1


def test_each_kind_of_register_has_its_own_sections() -> None:
    of_risk = {"Scheme", "Matrix", "Bands", "Colours", "Likelihood words", "Impact words"}
    of_risk |= {"Columns"}
    of_kpi = {"Performance", "Themes", "Indicators", "Totals", "Shares"}
    for kinds, expected in (
        (("risk",), of_risk),
        ((), of_risk),
        (("kpi",), of_kpi),
        (("kpi", "risk"), of_risk | of_kpi),
    ):
        sheet, _ = settings_sheet(Settings(), kinds=kinds)
        firsts = [row[0] for row in sheet.rows if len(row) == 1]
        assert {"Accepted findings", *expected} == {
            title for title in firsts if title in of_risk | of_kpi | {"Accepted findings"}
        }


def test_every_key_stands_once_and_is_explained() -> None:
    for kinds in (("kpi",), ("risk", "kpi")):
        sheet, _ = settings_sheet(DASHBOARD, kinds=kinds)
        keys = [key.name for key in KEYS if set(key.kinds) & set(kinds)]
        keys += [key.name for key in SHARED_KEYS]
        explained = [row[0] for row in sheet.rows if len(row) == 3 and len(str(row[2])) > 18]
        assert sorted(explained) == sorted(keys)


def test_the_page_says_what_grey_means_above_the_keys() -> None:
    sheet, styles = made(Settings(), remarks={"Performance": "The month is as printed."})
    line = row_of(sheet, "Performance") + 1
    assert "grey" in str(sheet.rows[line - 1][0])
    assert "13 readings" in str(sheet.rows[line - 1][0])
    assert sheet.rows[line] == ("The month is as printed.",)
    assert {style.address for style in styles if style.italic} >= {f"A{line}", f"A{line + 1}"}
    assert len(sheet.widths) == 1 + len(RULE_KEYS)


name = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters=";"),
    min_size=1,
    max_size=9,
).map(lambda text: f"Q{text}")  # no section and no heading begins with Q
names = st.lists(name, min_size=1, max_size=3).map(" ".join)
lists = st.lists(names, max_size=3).map(tuple)
figures = st.none() | st.floats(-1e6, 1e6) | st.integers(-99, 99)
limits = st.none() | st.floats(0, 100)
months = st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(lambda day: day.replace(day=1))
tests = st.none() | st.sampled_from([*TEST_WORDS])
shared = {
    "combine": st.none() | st.sampled_from([*COMBINE_WORDS]),
    "unit": st.none() | names | st.sampled_from(["percent", "fraction"]),
    "decimals": st.none() | st.integers(0, 6),
    "direction": st.none() | st.sampled_from([*DIRECTION_WORDS]),
    "lag": st.none() | st.integers(0, 36),
    "significant": st.none() | st.sampled_from([*SIGNIFICANT_WORDS]),
    "rebase": st.sets(months, max_size=3).map(lambda each: tuple(sorted(each))),
    "screen": st.none() | st.booleans(),
    "source": st.none() | names,
} | {f"{what}_test": tests for what in ("average", "benchmark", "peer")}
shared |= {f"{what}_limit": limits for what in ("average", "benchmark", "peer")}
themed = st.builds(IndicatorRule, **shared)
own = st.builds(IndicatorRule, **shared, target=figures, baseline=figures, names=lists)


def of(rules: Any) -> Any:
    rules = rules.filter(lambda each: each != IndicatorRule())
    folded = st.lists(names, max_size=3, unique_by=lambda each: " ".join(each.casefold().split()))
    return folded.flatmap(lambda each: st.fixed_dictionaries(dict.fromkeys(each, rules)))


@given(
    st.builds(
        Settings,
        month=st.none() | months,
        year_start=st.none() | st.integers(1, 12),
        force=st.none() | names,
        judgement=st.none() | st.sampled_from(["off", "font", "icon"]),
        all_indicators=themed,
        themes=of(themed),
        indicators=of(own),
        totals=of(st.just(IndicatorRule(lag=1))).map(
            lambda each: {f"all {total}": ("14 and under", "- 15-17") for total in each}
        ),
        shares=of(st.just(IndicatorRule(lag=1))).map(
            lambda each: {f"one of {name}": ("14 and under", "12") for name in each}
        ),
        as_of=st.none() | st.dates(date(1900, 3, 1), date(2199, 12, 31)),
        day_first=st.none() | st.booleans(),
    )
)
def test_whatever_is_in_force_reads_back_the_same(new_book: Any, office: Settings) -> None:
    book = new_book().write(*made(office))
    assert replace(load_settings(book, None), sources={}) == office


cells = st.none() | st.booleans() | st.integers(-3, 30) | st.floats() | st.text(max_size=5)
cells |= st.sampled_from(["Performance", "Themes", "Indicators", "Totals", "Scheme", "Indicator"])
cells |= st.sampled_from(["Total", "Theme", "Parts", "Target", "Lag", "Unit", "Key", "Value", "5%"])
cells |= st.dates(date(1950, 1, 1), date(2050, 1, 1))


@given(st.lists(st.lists(cells, max_size=5), max_size=12))
def test_no_sheet_makes_it_fail_but_with_cells_named(new_book: Any, rows: list[list[Any]]) -> None:
    try:
        read(new_book, *rows)
    except SettingsError as error:
        assert all(line.startswith("xlgov!") for line in str(error).splitlines())
