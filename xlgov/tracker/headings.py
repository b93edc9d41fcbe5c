"""The words that offices head the columns of every kind of tracker with. Earlier are stronger.

Why apart from the kinds: most workbooks hold none of these, which these words tell, and what a kind
is made of is imported only where they say that a sheet may be one.
"""

from __future__ import annotations

from collections.abc import Mapping

from xlgov.grid.records import Vocabulary, headed
from xlgov.tracker.action_words import VOCABULARY as ACTIONS
from xlgov.tracker.plan_headings import VOCABULARY as DELIVERY

DECISIONS = Vocabulary(
    kind="list of decisions",
    fields=(
        headed(
            "subject",
            """
            subject | decision subject | decision title | subject of decision | title | topic |
            decision area | matter | item | description
            """,
        ),
        headed(
            "record",
            """
            decision record number | decision record no | decision record | decision number |
            decision no | decision reference | decision ref | decision notice | record number |
            record no | record | reference number | reference no | reference | ref no | ref |
            number | no
            """,
            needed=True,
        ),
        headed(
            "date",
            """
            date of decision | decision date | date decided | date signed | date made | date taken
            | date approved | date
            """,
        ),
        headed(
            "decision",
            """
            decision | decision made | decision taken | detail of decision | summary of decision |
            decision summary | outcome | resolution
            """,
        ),
        headed("source", "source | notified in | paper | report | background paper"),
    ),
    needed=(("subject",),),
    fillers=(("the", "of", "pcc", "commissioner", "s"),),
)

FORWARD = Vocabulary(
    kind="list of forthcoming decisions",
    fields=(
        headed(
            "decision",
            """
            decision area | forthcoming decision | area of decision | decision required |
            decision expected | anticipated decision | proposed decision | key decision |
            decision to be made | decision to be taken | likely decision | future decision |
            decision
            """,
        ),
        headed("area", "area | theme | subject | topic | business area | portfolio"),
        headed(
            "reports",
            """
            background report | background paper | background document | report and paper | report
            | paper | supporting paper
            """,
        ),
        headed(
            "timescale",
            """
            anticipated timescale | timescale | expected timescale | anticipated date |
            expected date | anticipated decision date | expected decision date |
            date decision expected | date expected | decision due | likely date | timing | when
            """,
            needed=True,
        ),
    ),
    needed=(("decision",),),
    fillers=(("the", "of", "for", "likely", "and"),),
)

AGENDA = Vocabulary(
    kind="agenda plan",
    fields=(
        headed("date", "meeting date | date of meeting | date and time | date"),
        headed("time", "time | start time | start"),
        headed("venue", "venue | location | place | meeting place | room", needed=True),
        headed("type", "meeting type | type of meeting | type | event | meeting | purpose"),
        headed("theme", "theme | deep dive | focus | topic"),
        headed("items", "agenda item | item | agenda | business | item of business | content"),
        headed("owner", "report owner | owner | lead | report author | presenter | by whom"),
        headed("status", "status | held | outcome of meeting | meeting status"),
    ),
    needed=(("date",),),
    fillers=(("the", "of", "and", "s"),),
)

ESTATES = Vocabulary(
    kind="estates update",
    fields=(
        headed(
            "asset",
            """
            asset | property | site | building | premise | asset name | property name | address |
            station | site name | building name | name of asset | location
            """,
        ),
        headed("section", "section | category | group | status of asset"),
        headed("tenure", "tenure | freehold leasehold | freehold or leasehold | ownership | title"),
        headed(
            "area",
            """
            floor area | gross internal area | gia | net internal area | nia | floor space |
            floorspace | internal area | floor area m2 | floor area sqm | floor area sq m |
            floor area sq ft | floor area square metre | size m2 | size | area m2 | area sqm |
            area sq m
            """,
            needed=True,
        ),
        headed("facilities", "facility | accommodation | type of accommodation | description"),
        headed("use", "current use | use | present use | occupation | occupancy | status"),
        headed(
            "update",
            """
            current situation update | current situation | issue or update | issue and update |
            issue option | issue | update | progress | option | comment | position
            """,
        ),
        headed(
            "timescale",
            """
            timescale | timescale and next step | target date | expected date | completion date |
            date expected | due date | timing | milestone | next step
            """,
        ),
        headed("source", "source | paper | document | report"),
    ),
    needed=(("asset",),),
    fillers=(("the", "of", "and", "approx", "approximate"),),
)

# Two of each, since a table has one or two years; which is which the headings' years say.
DEMAND = Vocabulary(
    kind="force demand risk",
    fields=(
        headed(
            "function",
            """
            function | force function | demand function | demand area | area of demand | fms area
            | fms function | business function | policing function | function area |
            area function | force management statement area | area
            """,
            needed=True,
        ),
        headed("code", "code | fms code | function code | fms ref | reference | ref", holds="name"),
        *(
            headed(
                f"{which}_label",
                """
                risk label | label | demand risk label | demand risk | risk | risk level | level
                | band | demand risk level | rag
                """,
                holds="word",
            )
            for which in ("a", "b")
        ),
        *(
            headed(
                f"{which}_score",
                """
                risk score | demand risk score | score | demand score | demand risk | risk |
                risk rating | rating
                """,
                holds="number",
            )
            for which in ("a", "b")
        ),
        headed("owner", "owner | risk owner | chief officer owner | chief officer | lead"),
        headed(
            "mitigation",
            """
            mitigation | mitigation summary | mitigating action | summary of mitigation |
            mitigation and action | action taken | what is being done | action
            """,
        ),
    ),
    needed=(("function",),),
    fillers=(
        ("the", "of", "in", "for", "fms", "s", "summary"),
        tuple(str(year) for year in range(2010, 2040)),
    ),
)

# By the name of the kind, in the order of the search: a sheet belongs to the first that takes it.
VOCABULARIES: Mapping[str, Vocabulary] = {
    "delivery": DELIVERY,
    "actions": ACTIONS,
    "decisions": DECISIONS,
    "forward": FORWARD,
    "agenda": AGENDA,
    "estates": ESTATES,
    "demand": DEMAND,
}
