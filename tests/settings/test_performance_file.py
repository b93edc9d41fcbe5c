"""[kpi] of xlgov.toml: rules of indicators, and the line of every mistake."""

from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.settings.performance_rows import DASHBOARD
from xlgov.errors import SettingsError
from xlgov.settings import SETTINGS_FILE, IndicatorRule, Settings, load_settings
from xlgov.settings import file as settings_file
from xlgov.settings.indicators import RULE_KEYS

WHOLE = """\
[kpi]
month = "2018-03"
year_start = "April"
force = "Cambridgeshire"
judgement = "font"
average_test = "spread"
average_limit = 1
significant = "outcome"
[kpi.themes."VICTIMS"]
direction = "up"
rebase = "Apr-16"
screen = true
[kpi.indicators."All Crime  Outcome Rate"]
combine = "ratio"
unit = "percent"
decimals = 1
direction = "up"
target = 25
baseline = 20.5
lag = 3
average-test = "proportion"
average_limit = 0
benchmark_test = "points"
benchmark_limit = 2.5
peer_test = "relative"
peer_limit = 5
significant = "xmr"
rebase = ["2017-04", 2016-04-01]
screen = false
parts = ["Violence with Injury", "Violence  without Injury"]
names = ["Outcome rate, all crime"]
source = "Police recorded crime"
[kpi.indicators]
"Hate Crime" = {direction = "none", target = -0.25, decimals = 0}
[kpi.totals]
"Juveniles" = ["14 and under", "15-17"]
KSI = "Fatal; Serious"
"""


@pytest.fixture
def load(tmp_path: Path, new_book: Any) -> Any:
    def read(text: str, name: str = "dashboard.xlsx", **options: Any) -> Settings:
        (tmp_path / SETTINGS_FILE).write_text(dedent(text), encoding="utf-8")
        return load_settings(new_book(), tmp_path / name, **options)

    return read


def problems_of(load: Any, text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(text)
    return str(caught.value).splitlines()


def test_every_field_of_a_rule_has_its_key() -> None:
    assert [key.name for key in RULE_KEYS] == [field.name for field in fields(IndicatorRule)]


def test_every_key_is_read_with_its_line(load: Any) -> None:
    settings = load(WHOLE)
    assert replace(settings, sources={}) == DASHBOARD
    assert settings.sources["month"] == "xlgov.toml line 2"
    assert settings.sources["all_indicators.average_limit"] == "xlgov.toml line 7"
    assert settings.sources["themes.VICTIMS"] == "xlgov.toml line 10"
    assert settings.sources["indicators.All Crime Outcome Rate.lag"] == "xlgov.toml line 20"
    assert settings.sources["indicators.Hate Crime.target"] == "xlgov.toml line 34"
    assert settings.sources["totals.KSI"] == "xlgov.toml line 37"


def test_the_example_in_the_documentation_states_every_key(load: Any) -> None:
    assert settings_file.__doc__ is not None
    settings = load(settings_file.__doc__.split("::\n", 1)[1].split("\n``colour``")[0])
    rule = settings.indicators["All Crime Outcome Rate"]
    stated = {field.name for field in fields(rule) if getattr(rule, field.name) not in (None, ())}
    all_of_them = settings.all_indicators
    stated |= {field.name for field in fields(rule) if getattr(all_of_them, field.name) is not None}
    assert {field.name for field in fields(rule)} <= stated
    assert settings.totals == {
        "Juveniles": ("14 and under", "15-17"),
        "Change": ("2019/20", "- 2018/19"),
    }
    assert settings.shares == {
        "Recruited %": ("Recruited", "Applications"),
        "Monthly average": ("12 months", "12"),
    }


def test_a_table_for_one_file_is_merged_field_by_field_with_the_rest(load: Any) -> None:
    text = """\
        [kpi]
        force = "Kent"
        average_limit = 2
        peer_limit = 3
        [kpi.indicators."Hate Crime"]
        unit = "crimes"
        target = 5
        [files."Dashboard.xlsx".kpi]
        average_limit = 1
        [files."Dashboard.xlsx".kpi.indicators."hate  CRIME"]
        target = 7
        """
    settings = load(text)
    assert settings.force == "Kent"
    assert settings.all_indicators == IndicatorRule(average_limit=1, peer_limit=3)
    assert settings.indicators == {"hate CRIME": IndicatorRule(unit="crimes", target=7)}
    assert settings.sources["indicators.hate CRIME.target"] == "xlgov.toml line 11"
    assert settings.sources["indicators.hate CRIME.unit"] == "xlgov.toml line 6"
    other = load(text, name="other.xlsx")
    assert other.indicators == {"Hate Crime": IndicatorRule(unit="crimes", target=5)}


@pytest.mark.parametrize(
    ("text", "month"),
    [
        *((f'"{text}"', date(2018, 3, 1)) for text in ("Mar-18", "March 2018", "31/03/2018")),
        ("2018-03-31", date(2018, 3, 1)),
        ("2018-03-31T09:00:00", date(2018, 3, 1)),
    ],
)
def test_the_month_has_many_spellings(load: Any, text: str, month: date) -> None:
    assert load(f"[kpi]\nmonth = {text}").month == month


@pytest.mark.parametrize("text", ['"April"', '"apr"', "4", '"4"', '"1 April"', '"1st of April"'])
def test_the_year_starts_in_a_month_by_name_or_number(load: Any, text: str) -> None:
    assert load(f"[kpi]\nyear_start = {text}").year_start == 4


@pytest.mark.parametrize(
    ("unit", "target"),
    [('unit = "%"', 95.1), ("", 95.1), ('unit = "fraction"', 0.951), ('unit = "days"', 0.951)],
)
def test_a_target_as_per_cent_is_kept_in_the_unit(load: Any, unit: str, target: float) -> None:
    rule = load(f'[kpi.indicators.A]\ntarget = "95.1%"\n{unit}').indicators["A"]
    assert rule.target == target


def test_the_unit_of_all_decides_where_the_indicator_has_none(load: Any) -> None:
    text = '[kpi]\nunit = "fraction"\n[kpi.indicators.A]\nbaseline = "7%"'
    assert load(text).indicators["A"].baseline == 0.07


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("kpi = 3", "1: kpi is 3; expected a table [kpi]"),
        ("month = 2018-03-01", "1: month stands in the wrong place; put it under [kpi]"),
        ("[kpi]\nas_of = 1", "2: as_of stands in the wrong place; put it above the first table"),
        ("[kpi]\nforc = 1", "2: unknown key 'forc' in [kpi]; did you mean 'force'?"),
        ('[kpi]\nmonth = "03/18"', "2: month is '03/18'; expected a month such as Mar-18"),
        ("[kpi]\nmonth = 2018", "2: month is 2018; expected a month"),
        ("[kpi]\nyear_start = 13", "2: year_start is 13; expected a month such as April, or its"),
        ('[kpi]\nyear_start = "Q2"', "2: year_start is 'Q2'; expected a month such as April"),
        ("[kpi]\njudgement = true", "2: judgement is yes; expected off, font or icon"),
        ("[kpi]\nforce = true", "2: force is yes; expected text"),
        ('[kpi]\naverage_test = "guess"', "2: average_test is 'guess'; expected spread, relative"),
        ("[kpi]\naverage_limit = -1", "2: average_limit is -1; expected a number, 0 or more"),
        ("[kpi]\naverage_limit = nan", "2: average_limit is nan; expected a number, 0 or more"),
        ("[kpi]\nlag = 37", "2: lag is 37; expected a whole number, 0 to 36"),
        ("[kpi]\ndecimals = 7", "2: decimals is 7; expected a whole number, 0 to 6"),
        ("[kpi]\ntarget = 3", "2: target belongs to one indicator; put it under [kpi.indicat"),
        ("[kpi]\nindicators = 3", "2: indicators is 3; expected tables such as [kpi.indicators."),
        ("[kpi.indicators]\nA = 3", "2: 'A' is 3; expected a table such as [kpi.indicators."),
        ('[kpi.indicators." "]\nlag = 1', "1: ' ' is {'lag': 1}; expected a table such as"),
        ("[kpi.themes.A]\nparts = []", "2: parts belongs to one indicator; put it under [kpi.i"),
        (
            "[kpi.indicators.A]\ntargt = 3",
            "2: unknown key 'targt' in [kpi.indicators.A]; did you mean 'target'?",
        ),
        ('[kpi.indicators.A]\ntarget = "x"', "2: target of 'A' is 'x'; expected a number"),
        ("[kpi.indicators.A]\ntarget = true", "2: target of 'A' is yes; expected a number"),
        ("[kpi.indicators.A]\nunit = 1", "2: unit of 'A' is 1; expected a short word such as"),
        ('[kpi.indicators.A]\ncombine = "or"', "2: combine of 'A' is 'or'; expected sum, ratio,"),
        ('[kpi.indicators.A]\ndirection = "x"', "2: direction of 'A' is 'x'; expected up, down o"),
        ("[kpi.indicators.A]\nparts = []", "2: parts of 'A' is []; expected names with semico"),
        ('[kpi.indicators.A]\nrebase = ["Q1"]', "2: rebase of 'A' is ['Q1']; expected months su"),
        (
            "[kpi.indicators.A]\nlag = 1\n[kpi.indicators.a]\nlag = 2",
            "4: lag of 'a' is stated twice (also at xlgov.toml line 2)",
        ),
        ("[kpi.totals]\nA = 3\nB = [true]", "3: parts of 'B' is [yes]; expected names with"),
        ('[kpi.totals]\n" " = "x"', "2: this total has no name; give it one"),
        ('[kpi.totals]\nA = ["B", "a "]', "2: 'A' is one of its own parts; take it out of them"),
        ('[kpi.totals]\nA = ["B", "b"]', "2: 'b' is twice a part of 'A'; name it once"),
        ('[kpi.totals]\nA = ["B", "- b"]', "2: 'b' is twice a part of 'A'; name it once"),
        ('[kpi.totals]\nA = ["B", "-a"]', "2: 'A' is one of its own parts; take it out of them"),
        ('[kpi.shares]\nA = "B"', "2: share 'A' is 'B'; expected the part and the whole, such"),
        ('[kpi.shares]\nA = ["B"]', "2: share 'A' is ['B']; expected the part and the whole"),
        ("[kpi.shares]\nA = [true, 2]", "2: part of 'A' is yes; expected a label"),
        ('[kpi.shares]\nA = ["B", true]', "2: whole of 'A' is yes; expected a label or a number"),
        ('[kpi.shares]\nA = ["B", 0]', "2: the whole of 'A' is 0; nothing can be divided by it"),
        ('[kpi.shares]\nA = ["B", ""]', "2: the share 'A' has no whole; say what it is made from"),
        ('[kpi.shares]\nA = ["B", "a"]', "2: 'A' is a share of itself; name two other labels"),
        ('[kpi.shares]\n" " = ["B", "C"]', "2: this share has no name; give it one"),
        (
            '[kpi.totals]\na = "B"\n[kpi.shares]\nA = ["B", "C"]',
            "4: 'A' is a share and a total; keep one of them",
        ),
        ('[kpi.indicators.A]\nparts = ["A"]', "2: 'A' is one of its own parts; take it out"),
    ],
)
def test_a_mistake_is_named_with_its_line(load: Any, text: str, problem: str) -> None:
    found = problems_of(load, text)
    assert len(found) == 1
    assert found[0].startswith(f"xlgov.toml line {problem}")


def test_totals_that_go_round_in_a_circle_are_told(load: Any) -> None:
    text = """\
        [kpi.totals]
        Europe = ["EU", "Other"]
        EU = ["UK", "Rest"]
        UK = ["europe"]
        World = ["Europe", "Asia"]
        """
    assert problems_of(load, text) == [
        f"xlgov.toml line {line}: {name!r} is a part of its own parts; "
        "a total is made of what is smaller than itself"
        for line, name in ((2, "Europe"), (3, "EU"), (4, "UK"))
    ]


def test_a_label_may_be_part_of_two_totals(load: Any) -> None:
    text = '[kpi.totals]\nKSI = ["Fatal", "Serious"]\nCasualties = ["KSI", "Fatal"]'
    assert set(load(text).totals) == {"KSI", "Casualties"}


def test_every_problem_is_told_at_once(load: Any) -> None:
    text = """\
        [kpi]
        month = 3
        [kpi.indicators.A]
        lag = -1
        [kpi.totals]
        T = "T"
        """
    assert [problem.split(":")[0] for problem in problems_of(load, text)] == [
        "xlgov.toml line 2",
        "xlgov.toml line 4",
        "xlgov.toml line 6",
    ]
