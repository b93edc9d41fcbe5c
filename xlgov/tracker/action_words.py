"""The words that offices head the columns of an action log with.

Earlier words are stronger. Fields in ``FOREIGN`` are never read: a table that has one is a risk
register, a delivery plan or a list of decisions, which have actions and owners too.
"""

from __future__ import annotations

from xlgov.grid.records import Field, Holds, Vocabulary

_WORDS: tuple[tuple[str, Holds, str], ...] = (
    (
        "reference",
        "",  # a name, but numbers that start again at each meeting are often the same
        """
        action no | action number | action ref | action reference | action id | action ref no |
        action log no | action log ref | ref | reference | ref no | reference no | ref number |
        reference number | id | no | number | log no | log ref | serial no | s no | line no |
        item no | item number | item ref | minute ref | minute reference | minute no |
        minute number | minute
        """,
    ),
    (
        "raised",
        "date",
        """
        meeting date raised | date raised | raised | raised date | date of meeting | meeting date |
        raised on | meeting raised | raised at | date action raised | date of board | board date |
        panel date | committee date | date of panel | date of committee | date agreed | date set |
        date logged | date opened | date added | date assigned | date identified | date created |
        action date | date of action | opened | start date | meeting | date
        """,
    ),
    (
        "agenda_item",
        "",
        """
        agenda item | agenda item no | agenda item number | agenda item title | agenda no |
        agenda number | agenda ref | agenda reference | agenda | item | item title | subject |
        topic | agenda title | agenda heading | agenda topic | title | issue | matter | paper |
        report title | meeting item | discussion item | item of business | item discussed |
        heading | report | area | background | item no | item number | item ref | minute ref |
        minute reference | minute no | minute number | minute | paragraph | paragraph no | para
        """,
    ),
    (
        "action",
        "text",
        """
        action | action required | action agreed | agreed action | action to be taken |
        description of action | action description | action detail | detail of action |
        action point | action item | required action | action and detail | task |
        task description | what | action arising
        """,
    ),
    (
        "owner",
        "",
        """
        owner | action owner | lead | action lead | lead officer | responsible |
        responsible officer | responsible person | person responsible | responsibility |
        responsible lead | responsible owner | lead owner | owner lead | assigned to | allocated to
        | by whom | who | actionee | action by | action for | accountable | accountable officer |
        lead director | owned by | assignee | lead organisation | responsible organisation |
        organisation | officer | by
        """,
    ),
    (
        "target",
        "date",
        """
        revised target date | revised due date | revised deadline | target date | due date | target
        | due | deadline | date due | by when | when | target completion date | due by |
        target for completion | completion due | complete by | to be completed by |
        date for completion | required by | target deadline | expected completion date |
        planned completion date | completion date | timescale | timeframe | due meeting |
        target meeting | report back date | due on | timeline
        """,
    ),
    (
        "first_target",  # stands where there is no later one
        "date",
        """
        original target date | original due date | original deadline | original target |
        initial target date | initial due date | first target date | agreed target date |
        original completion date | target date | due date | deadline | target | due
        """,
    ),
    (
        "update",
        "",
        """
        update | progress | progress update | latest update | update on progress |
        progress to date | latest position | current position | position | action update |
        latest progress | status update | action taken | progress and comment |
        update and comment | comment and update | outcome | result | response | comment | note |
        remark
        """,
    ),
    (
        "update_date",
        "date",
        """
        update date | date of update | date updated | last updated | last update | updated |
        updated on | date last updated | date of last update | latest update date |
        progress date | date of progress | last reviewed | date reviewed
        """,
    ),
    (
        "completed",
        "date",
        """
        date completed | completed | completed date | completed on | date complete |
        date of completion | actual completion date | date closed | closed | closed date |
        closed on | date of closure | closure date | date discharged
        """,
    ),
    (
        "status",
        "",
        """
        status | action status | current status | status of action | state | progress status |
        open closed | open or closed | status open closed | completion status
        """,
    ),
    (
        "risk_reference",
        "",
        """
        risk ref | risk reference | risk no | risk number | risk id | linked risk | related risk |
        link to risk | risk link | strategic risk ref | corporate risk ref | register ref
        """,
    ),
    (
        "other_risk",
        "text",
        """
        risk | risk description | description of risk | risk title | risk event | cause |
        consequence | risk statement | risk category | mitigation | control | control in place |
        existing control
        """,
    ),
    (
        "other_score",
        "",
        """
        likelihood | probability | inherent | residual | risk score | risk rating | risk level |
        current score | target score | risk owner | inherent risk | residual risk | current risk |
        likelihood score | impact score
        """,
    ),
    (
        "other_plan",
        "",
        """
        activity | activity ref | priority action | delivery lead | delivery status | opcc lead |
        milestone | direction of travel | objective | strategic objective | priority theme |
        success measure | wider opportunity | key activity | delivery action
        """,
    ),
    (
        "other_schedule",
        "",
        """
        duration | predecessor | wbs | work breakdown | dependency | resource name | finish date |
        planned finish | duration day | successor
        """,
    ),
    (
        "other_decision",
        "",
        """
        decision | decision record no | decision record number | decision no | decision number |
        decision ref | decision reference | decision record | decision made | decision date |
        date of decision | decision area | record no | decision maker
        """,
    ),
)
FOREIGN = frozenset(name for name, _, _ in _WORDS if name.startswith("other_"))

VOCABULARY = Vocabulary(
    kind="action log",
    fields=tuple(
        Field(name, tuple(" ".join(word.split()) for word in words.split("|")), holds=holds)
        for name, holds, words in _WORDS
    ),
    needed=(
        ("action",),
        ("reference", "agenda_item", "raised"),
        ("owner", "status", "target", "update"),
    ),
    fillers=(("the", "of", "a", "an", "and", "for", "to", "this", "please", "board", "panel"),),
    brief=FOREIGN,
)
