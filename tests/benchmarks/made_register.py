"""A plausible risk register of any length: 20 columns of text, 10 of numbers, 3 of formulas.

Why made and not found: no published register has 100,000 risks. What costs time is kept true to
life: nearly every text is different and as long as people write them, ratings are looked up in the
matrix, about one rating in twenty is stale, some references stand twice or out of place, and the
usual few risks lack an owner or a recent review. The same size gives the same workbook each time.

Run as a process of its own (``python -m tests.benchmarks.made_register ROWS STRINGS FILE``); beside
the workbook it leaves ``FILE.json`` with the cells that are stale and what they should show.
"""

from __future__ import annotations

import json
import random
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import xlsxwriter

Strings = Literal["inline", "shared"]

SHEET = "Risk register"
AS_OF = date(2017, 2, 6)
HEADER_ROW = 4  # as Excel counts; risks follow
STALE_SHARE = 0.05

_VOCABULARY = """
the of and to in for a with by on at from not that this which are is be may can will has
service public force partner funding demand officer staff plan review board report budget
savings capital estate vehicle custody victim witness community rural road safety crime
prevention neighbourhood response control room call handling digital evidence data quality
system supplier contract procurement legal duty inspection finding recommendation audit
assurance committee panel commissioner strategy delivery project programme milestone slip
delay loss reduced increased insufficient failure unable lack absence turnover recruitment
training vetting sickness wellbeing morale capacity capability skills succession resilience
continuity incident cyber breach information sharing agreement collaboration regional
national government settlement grant precept reserves inflation pension liability claim
insurance reputation confidence trust complaint scrutiny transparency engagement
consultation media election devolution merger change reform legislation policy guidance
standard performance target outcome harm threat vulnerability exploitation domestic abuse
fraud serious organised violence drugs firearms terrorism flooding weather environment
energy carbon fleet building maintenance health security access equipment uniform technology
mobile network server backup recovery supplier licence upgrade migration testing weekly
monthly quarterly annual agreed monitored escalated reviewed updated approved planned
completed
"""
_WORDS = _VOCABULARY.split()
_DEPARTMENTS = (
    "Corporate", "Finance", "Estates", "People", "Digital", "Operations", "Partnerships",
    "Custody", "Contact", "Investigations",
)  # fmt: skip
_STATUSES = ("Open", "Open", "Open", "Open - monitor", "Treat", "Tolerate", "Closed")

# Heading, and how many words its texts have; 0 where the text is made another way.
_TEXTS = (
    ("Risk reference", 0), ("Department", 0), ("Objective", 7), ("Risk description", 18),
    ("Causes", 13), ("Effects", 13), ("Risk owner", 0), ("Senior lead", 0),
    ("Controls in place", 20), ("Controls assurance", 12), ("Future actions", 16), ("Status", 0),
    ("Stakeholders", 5), ("Dependencies", 6), ("Review notes", 14), ("Minutes extract", 12),
    ("Lessons", 10), ("Evidence held", 8), ("Location", 0), ("Comments", 11),
)  # fmt: skip
_NUMBERS = (
    "Inherent likelihood", "Inherent impact", "Inherent rating",
    "Current likelihood", "Current impact", "Current rating",
    "Future likelihood", "Future impact", "Future rating",
    "Last reviewed",
)  # fmt: skip
_FORMULAS = ("Completeness", "Simple product", "Days since review")
_RATINGS = ("inherent", "current", "future")


def make_register(path: Path, risks: int, strings: Strings) -> None:
    """Write the workbook and the list of its stale ratings."""
    chance = random.Random(risks)
    options = {"constant_memory": strings == "inline"}  # XlsxWriter then writes inline strings
    book = xlsxwriter.Workbook(path, options)
    sheet = book.add_worksheet(SHEET)
    wrap = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    score = book.add_format({"align": "center", "valign": "top", "border": 1})
    day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "border": 1})
    heading = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#D9E1F2"})
    title = book.add_format({"bold": True, "font_size": 16})
    last = HEADER_ROW + risks - 1  # 0-based row of the last risk
    sheet.freeze_panes(HEADER_ROW, 1)
    sheet.set_column(1, 19, 28)
    sheet.autofilter(HEADER_ROW - 1, 0, last, 32)
    sheet.data_validation(
        HEADER_ROW, 20, last, 21, {"validate": "integer", "criteria": "between",
                                   "minimum": 1, "maximum": 5}
    )  # fmt: skip
    sheet.write_string(0, 0, "Corporate risk register", title)
    sheet.write_string(1, 0, f"As at {AS_OF.day} {AS_OF:%B %Y}")
    for column, text in enumerate((*(name for name, _ in _TEXTS), *_NUMBERS, *_FORMULAS)):
        sheet.write_string(HEADER_ROW - 1, column, text, heading)
    weights = [1 / (place + 8) for place in range(len(_WORDS))]
    spoken = chance.choices(_WORDS, weights, k=200_000)
    stale: list[tuple[str, int]] = []
    for number in range(1, risks + 1):
        row = HEADER_ROW + number - 1
        texts = [_text(name, words, number, chance, spoken) for name, words in _TEXTS]
        for column, text in enumerate(texts):
            if text:
                sheet.write_string(row, column, text, wrap)
            else:
                sheet.write_blank(row, column, None, wrap)
        inherent = chance.randint(2, 5), chance.randint(2, 5)
        current = chance.randint(1, inherent[0]), chance.randint(1, inherent[1])
        future = chance.randint(1, current[0]), chance.randint(1, current[1])
        column = 20
        for likelihood, impact in (inherent, current, future):
            right = rank(likelihood, impact)
            shown = right
            if chance.random() < STALE_SHARE:
                shown = right - 1 if right > 1 else right + 1
                stale.append((f"{_letters(column + 2)}{row + 1}", right))
            sheet.write_number(row, column, likelihood, score)
            sheet.write_number(row, column + 1, impact, score)
            sheet.write_number(row, column + 2, shown, score)
            column += 3
        age = chance.randint(101, 400) if chance.random() < 0.02 else chance.randint(1, 95)
        reviewed = AS_OF - timedelta(days=age)
        sheet.write_number(row, 29, (reviewed - date(1899, 12, 30)).days, day)
        at = row + 1
        sheet.write_formula(row, 30, f"=COUNTA(A{at}:T{at})", score, sum(map(bool, texts)))
        sheet.write_formula(row, 31, f"=X{at}*Y{at}", score, current[0] * current[1])
        as_of = f"DATE({AS_OF.year},{AS_OF.month},{AS_OF.day})"
        sheet.write_formula(row, 32, f"={as_of}-AD{at}", score, age)
    book.close()
    path.with_suffix(".json").write_text(json.dumps({"sheet": SHEET, "stale": stale}))


def rank(likelihood: int, impact: int) -> int:
    """The rating of the published matrix: its cells in order of L + I, then of I.

    Stated here a second time, so that the library's own arithmetic is not its witness.
    """
    cells = sorted((i + j, j, i) for i in range(1, 6) for j in range(1, 6))
    return cells.index((likelihood + impact, impact, likelihood)) + 1


def _text(name: str, words: int, number: int, chance: random.Random, spoken: list[str]) -> str:
    if name == "Risk reference":
        slip = chance.random()
        if slip < 0.0005:
            number = max(1, number - 1)  # used twice
        elif slip < 0.001:
            number += chance.randint(1, 400)  # out of place
        return f"R{number:06d}"
    if name == "Department":
        return chance.choice(_DEPARTMENTS)
    if name in ("Risk owner", "Senior lead"):
        return "" if chance.random() < 0.003 else f"Head of {chance.choice(_DEPARTMENTS)}"
    if name == "Status":
        return chance.choice(_STATUSES)
    if name == "Location":
        return f"Site {chance.randint(1, 60)}, {chance.choice(_DEPARTMENTS)} wing"
    if name in ("Review notes", "Comments", "Future actions") and chance.random() < 0.15:
        return ""
    start = chance.randrange(len(spoken) - 60)
    count = max(2, round(chance.gauss(words, words / 3)))
    text = " ".join(spoken[start : start + count])
    return f"{text[:1].upper()}{text[1:]} ({chance.randint(1, 9999)})."


def _letters(column: int) -> str:
    text = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        text = chr(65 + rest) + text
        column -= 1
    return text


if __name__ == "__main__":
    kind: Strings = "shared" if sys.argv[2] == "shared" else "inline"
    make_register(Path(sys.argv[3]), int(sys.argv[1]), kind)
