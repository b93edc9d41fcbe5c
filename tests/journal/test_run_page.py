"""The page and the table of a run: what they say, in which order, and that text stays text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date
from html.parser import HTMLParser
from typing import Any

from tests.journal.logged import at, rating, record
from xlgov.changes import BoardItem, Finding
from xlgov.journal.page import page
from xlgov.journal.record import ChangedCell, RunRecord, RunStart
from xlgov.journal.table import split_findings, table_lines

START = RunStart("r1", at(3), "anna", "refresh", {}, "o1", 4)
HOSTILE = "</td><script>alert('1')</script><img src=x onerror=alert(2)>&amp; \"'"
STALE = Finding("error", "rating-stale", "SR3.3", "Register", "N130", "shows 8, not 9", "Refresh")
OWNER = Finding(
    "warning", "no-owner", "SR3.4", "Register", "B146", "SR3.4 has no owner", "Name one"
)


def named(name: str, **other: Any) -> RunRecord:
    return record(3, "a", "b", path=f"all/{name}", absolute=f"/all/{name}", **other)


class Reader(HTMLParser):
    """The elements of a page, in order, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_text_of_workbooks_and_people_stays_text() -> None:
    every = ChangedCell(*[HOSTILE] * 8)
    one = named(
        HOSTILE,
        changes=(every,),
        findings=(Finding("error", HOSTILE, *[HOSTILE] * 5, related=(HOSTILE,), title=HOSTILE),),
        above_tolerance=(BoardItem(HOSTILE, 20, HOSTILE, HOSTILE),),
        error={"code": HOSTILE, "message": HOSTILE},
        as_of=date(2017, 2, 6),
        as_of_source=HOSTILE,
        month=HOSTILE,
    )
    start = replace(START, who=HOSTILE, command=HOSTILE, xlgov=HOSTILE)
    said = Reader(page(start, [one], stopped=True))
    assert said.open == []
    allowed = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "table"}
    allowed |= {"thead", "tbody", "tr", "th", "td", "a", "br", "span"}
    assert {tag for tag, _ in said.tags} <= allowed
    names = {name for _, attributes in said.tags for name, _ in attributes}
    assert names <= {"class", "id", "href", "charset", "name", "content", "lang"}
    links = [value for tag, a in said.tags for name, value in a if name == "href" and value]
    assert links == ["#file-1"]
    assert sum(HOSTILE in text for text in said.texts) > 10


def test_a_page_is_of_one_file_and_says_the_worst_first() -> None:
    records = [
        named("quiet.xlsx", outcome="unchanged"),
        named("rota.xlsx", outcome="not recognised"),
        named("corrected.xlsx", changes=(rating(8, 9),), findings=(STALE,), outcome="refreshed"),
        named("doubtful.xlsx", findings=(OWNER,), outcome="unchanged"),
        named("bad.xlsx", outcome="failed", error={"code": "damaged", "message": "cut short"}),
    ]
    text = page(START, records, zone=UTC)
    assert "http" not in text and "src=" not in text and "@import" not in text
    order = [text.index(f"all/{name}.xlsx") for name in ("bad", "doubtful", "corrected", "quiet")]
    assert order == sorted(order)
    words = " ".join(" ".join(Reader(text).texts).split())
    assert "xlgov refresh, 3 May 2017" in words and "Begun 21:00 by anna" in words
    assert "Failed 1" in words and "Findings corrected 1" in words
    assert "Warnings to look at 1" in words and "Errors to look at" not in words
    assert "no register recognised" in words and "cut short" in words
    assert "Register!N130 SR3.3 current.rating 8 9" in words


def test_a_run_that_was_stopped_says_so_on_its_page() -> None:
    text = page(START, [named("a.xlsx", outcome="unchanged")], stopped=True)
    assert "The run was stopped; 3 of 4 files were not begun." in " ".join(text.split())


def test_a_long_list_is_cut_and_says_where_the_rest_is() -> None:
    changes = [ChangedCell("S", f"A{n}", "", "", "", n, n + 1, "") for n in range(1000)]
    text = page(START, [named("a.xlsx", changes=tuple(changes), outcome="refreshed")])
    assert "and 800 more in the log" in text and "A199<" in text and "A200<" not in text


def test_only_what_a_run_has_put_right_counts_as_corrected() -> None:
    done = named("a.xlsx", changes=(rating(8, 9),), findings=(STALE, STALE, OWNER))
    assert split_findings(replace(done, outcome="refreshed")) == ([STALE, OWNER], [STALE])
    assert split_findings(replace(done, outcome="failed")) == ([STALE, STALE, OWNER], [])


def test_the_table_counts_and_lists_what_somebody_must_see() -> None:
    unclear = Finding("warning", "scheme-unclear", "", "Register", "", "The ratings are products")
    records = [
        named("a.xlsx", changes=(rating(8, 9),), findings=(STALE, OWNER), outcome="refreshed"),
        named("b.xlsx", outcome="failed", error={"code": "in-use", "message": "open in Excel"}),
        named("rota.xlsx", outcome="not recognised"),
        named("c.xlsx", findings=(unclear,), outcome="unchanged"),
    ]
    assert table_lines(records, 1200, stopped=True) == [
        "refreshed           1",
        "unchanged           1",
        "not recognised      1",
        "failed              1",
        "not begun       1,196",
        "files in all    1,200",
        "cells changed       1",
        "findings left       2",
        "",
        "Failed (1)",
        "  all/b.xlsx: open in Excel",
        "",
        "Left alone (2)",
        "  all/rota.xlsx: no register recognised",
        "  all/c.xlsx: The ratings are products",
    ]
