"""The keys with one value: name, table, reader and meaning of each, for both sources.

Why one table: a key of the settings sheet and of ``xlgov.toml`` is named and read by the same
line. A new key is one field of ``Settings`` and one line here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xlgov.settings.months import read_month, read_month_number
from xlgov.settings.typed import (
    read_day,
    read_days,
    read_names,
    read_one_of,
    read_scoring,
    read_text,
    read_whole,
    read_yes_no,
)

TRACKERS = "trackers"  # the table of xlgov.toml about logs and plans


@dataclass(frozen=True, slots=True)
class Key:
    """A key with one value: its name (also in ``Settings``), its table in ``xlgov.toml``.

    ``words`` are other names of it on the settings sheet; ``kinds`` the kinds of register that
    it matters to.
    """

    name: str
    table: str
    read: Callable[[object, bool], object]
    meaning: str
    kinds: tuple[str, ...] = ("risk",)
    words: tuple[str, ...] = ()


KEYS: tuple[Key, ...] = (
    Key(
        "scoring",
        "risk",
        read_scoring,
        "How likelihood and impact make a rating: matrix (the one below), product or sum",
    ),
    Key(
        "tolerance",
        "risk",
        read_whole,
        "A current rating above this goes to the executive board",
    ),
    Key(
        "tolerance_inclusive",
        "risk",
        read_yes_no,
        "yes: a rating equal to the tolerance counts as above it; no: only a greater one",
    ),
    Key(
        "as_of",
        "",
        read_day,
        "The date the workbook speaks of; blank: a printed date, else xlgov.toml, else today",
        ("risk", "kpi", TRACKERS),
    ),
    Key("stale_after", "", read_days, "Days after which a status date is too old"),
    Key(
        "day_first",
        "",
        read_yes_no,
        "How dates typed as text are read. yes: 03/04/2017 is 3 April; no: it is 4 March",
        ("risk", "kpi", TRACKERS),
    ),
    Key(
        "month",
        "kpi",
        read_month,
        "The reporting month, such as Mar-18; blank: the one that the dashboard prints",
        ("kpi",),
        ("reporting month",),
    ),
    Key(
        "year_start",
        "kpi",
        read_month_number,
        "The month in which the financial year starts; blank: April",
        ("kpi",),
        ("financial year starts", "financial year start", "year starts"),
    ),
    Key(
        "force",
        "kpi",
        read_text,
        "This force's name, as the table of similar forces has it",
        ("kpi",),
        ("this force", "our force"),
    ),
    Key(
        "judgement",
        "kpi",
        read_one_of({"off": (), "font": (), "icon": ()}),
        "How better and worse are shown on comparisons: off, font or icon",
        ("kpi",),
        ("better and worse", "judgment"),
    ),
    Key(
        "due_soon",
        TRACKERS,
        read_days,
        "Days before its target date from which an action counts as due soon; blank: 30",
        (TRACKERS,),
    ),
    Key(
        "last_meeting",
        TRACKERS,
        read_day,
        "The day the board last met; blank: the latest meeting in the log itself",
        (TRACKERS,),
    ),
    Key(
        "previous",
        TRACKERS,
        read_text,
        "The file of the report before this one, in the same folder; for directions of travel",
        (TRACKERS,),
        ("previous report", "last report"),
    ),
    Key(
        "complete",
        TRACKERS,
        read_yes_no,
        "yes: a list of decisions has all of them, so a missing number is a gap",
        (TRACKERS,),
    ),
    Key(
        "from_white",
        TRACKERS,
        read_yes_no,
        "yes: a move from or to White has a direction; no: it is no change",
        (TRACKERS,),
    ),
    Key(
        "leads",
        TRACKERS,
        read_names,
        "Who may lead, with semicolons between them; blank: anybody",
        (TRACKERS,),
    ),
)
