"""The words that offices head the columns of a risk register with.

Why so many words for so few things: every office has its own template. The lists come from
registers of police, councils, health bodies and projects; a word is here only where it means one
thing in a register, or where the cells below can tell which. Earlier words are stronger.
"""

from __future__ import annotations

from xlgov.grid.records import Field, Holds, Vocabulary

GROUPS = ("inherent", "current", "future")
CATEGORIES = (
    "political",
    "economic",
    "social",
    "technological",
    "environmental",
    "legislative",
    "organisation",
)

_PLAIN: tuple[tuple[str, Holds, str], ...] = (
    (
        "reference",
        "name",
        """
        reference | ref | risk reference | risk ref | reference number | ref number | ref no |
        reference no | risk id | id | risk number | risk no | risk ref no | risk ref number |
        risk reference number | risk identifier | identifier | unique id | unique reference |
        unique identifier | id number | id no | risk code | uid | urn | no | number | nr | num |
        item no | item | code | serial | serial no | s no | sn | sr no | sl no | log no | line |
        line no | raid id | raid ref | corporate risk | strategic risk | risk
        """,
    ),
    (
        "description",
        "text",
        """
        risk description | description | description of risk | risk statement | risk detail |
        detail of risk | statement of risk | risk definition | risk and description |
        risk description and context | principal risk | strategic risk | corporate risk | key risk
        | risk event | event | uncertain event | risk | risk identified | identified risk | hazard
        | hazard description | threat | risk or issue | risk issue | issue | what could go wrong |
        what can go wrong | risk title and description | risk title | risk name | title |
        risk summary | summary | short description | name of risk | title of risk | detail |
        concern | there is a risk that | opportunity | risk area
        """,
    ),
    (
        "objective",
        "",
        """
        objective | strategic objective | corporate objective | plan objective |
        business objective | linked objective | related objective | objective at risk |
        link to objective | corporate priority | strategic priority | priority theme |
        strategic aim | strategic theme | strategic goal | corporate plan objective |
        corporate aim | bap objective | project objective | principal objective
        """,
    ),
    (
        "status",
        "",
        """
        status | risk status | current status | register status | state | open closed |
        open or closed | status open closed
        """,
    ),
    (
        "status_date",
        "date",
        """
        status date | date of status | last updated | date updated | updated | date last updated |
        last update | date of last update | updated on | last reviewed | date last reviewed |
        last review | last review date | date of last review | date reviewed | reviewed |
        reviewed on | update date | date of update | risk updated | date risk reviewed |
        date assessed | date of assessment | assessment date
        """,
    ),
    (
        "causes",
        "text",
        """
        cause | risk cause | cause of risk | source | source of risk | risk source | trigger |
        risk trigger | root cause | key cause | potential cause | driver | risk driver |
        because of | due to | vulnerability | cause trigger | contributory factor | possible cause
        | reason
        """,
    ),
    (
        "effects",
        "text",
        """
        effect | consequence | risk effect | potential effect | potential consequence |
        effect of risk | consequence of risk | potential impact | impact description |
        description of impact | risk impact | impact | outcome | result | leading to | result in
        | resulting in | impact of risk | consequence description | possible consequence |
        possible impact | impact on objective | impact detail | implication | this would result in
        | likely consequence | key consequence
        """,
    ),
    (
        "owner",
        "",
        """
        risk owner | owner | executive lead | exec lead | lead | risk lead | lead officer |
        lead director | executive owner | executive director | accountable officer |
        accountable executive | accountable owner | accountable | responsible officer |
        responsible owner | responsible person | responsible | responsibility |
        responsible director | person responsible | who is responsible | assigned to | actionee |
        risk manager | managed by | owned by | owner of risk | lead manager | director | sro |
        officer | department owner | lead executive | chief officer lead | chief officer |
        business owner | board lead | lead name | owner name | by whom | who | action owner |
        owner and lead
        """,
    ),
    (
        "second_owner",
        "",
        """
        senior lead | senior risk lead | operational lead | delegated owner | deputy lead |
        senior responsible officer | senior manager | operational owner | second owner |
        deputy owner | control owner | delegated lead | local lead | senior owner | lead officer |
        risk manager | action owner
        """,
    ),
    (
        "controls",
        "",
        """
        control in place | control | existing control | current control | key control |
        control measure | existing control measure | internal control | risk control |
        control already in place | current control in place | existing control in place |
        current control measure | control and mitigation | current mitigation |
        existing mitigation | mitigation in place | mitigating control | safeguard |
        current action and control | current control and mitigation | key control in place |
        current arrangement | existing arrangement | control mechanism | risk treatment |
        mitigating factor | mitigation | mitigation to date | mitigation control |
        what are we doing | what are we already doing | what are we doing now | mitigating measure
        | mitigation measure | mitigation strategy
        """,
    ),
    (
        "assurance",
        "",
        """
        control assurance | assurance | assurance on control | source of assurance |
        assurance source | assurance of control | key assurance | assurance in place |
        positive assurance | assurance received | line of assurance | assurance provided |
        evidence of assurance
        """,
    ),
    (
        "future_actions",
        "",
        """
        future action | further action | action planned | planned action | mitigating action |
        action plan | further action required | action required | additional action |
        further mitigation | additional control | further control | planned mitigation |
        planned control | mitigation action | additional mitigation | future mitigation |
        future control | further action needed | action | further action planned |
        action to be taken | next step | treatment plan | risk treatment plan | mitigation plan |
        risk response | response plan | proposed action | required action | action to mitigate |
        action to mitigate risk | further action to mitigate | further mitigating action |
        further control required | additional control required | action to address gap |
        planned improvement | additional action required | outstanding action | risk action |
        response | recommended action | what more will we do | what more need to be done |
        what further action is needed | future planned action | action and timescale |
        action in progress | mitigation | mitigation strategy | mitigation measure |
        risk mitigation | risk mitigation plan | contingency plan | further risk treatment |
        action still to be taken | future risk control | proposed control
        """,
    ),
)
_WITHIN = {"status_date": "status"}
_LEADS_TO = {"controls": "current", "future_actions": "future"}

_LIKELIHOOD = """
    likelihood | probability | frequency | chance | likelyhood | liklihood | likelihod |
    likelihoood | probabilty | probability of occurrence | likelihood of occurrence | prob | lhood
    | l hood | l score | p score | how likely
"""
_IMPACT = """
    impact | consequence | severity | magnitude | risk impact | consequence severity |
    severity of impact | impact severity | imp | sev | conseq | con | i score | c score |
    overall impact | highest impact | worst impact | max impact | maximum impact | effect | harm |
    potential severity
"""
_RATING = """
    rating | risk rating | score | risk score | rpn | risk priority number | risk level | level |
    level of risk | total | total score | overall | risk factor | exposure | risk exposure |
    priority score | risk index | risk value | risk magnitude | rr | rs | risk |
    likelihood x impact | impact x likelihood | l x i | lxi | i x l | ixl | li |
    probability x impact | impact x probability | p x i | pxi | pi score | pi |
    likelihood x consequence | consequence x likelihood | l x c | lxc | c x l | cxl |
    likelihood x severity | severity x likelihood | l x s | lxs | s x l | sxl |
    probability x severity | p x s | pxs | l x i r | l x i score | severity | risk grading |
    grading | grade | risk grade | raw score | combined score | overall score | overall rating |
    risk evaluation
"""
_BAND = """
    band | risk band | banding | rag | rag rating | rag status | risk rag | colour | risk colour |
    rating | risk rating | risk level | level | level of risk | risk grading | grading | grade |
    risk grade | overall | overall rating | risk | score | risk score | exposure | risk exposure |
    risk evaluation | severity
"""
_CATEGORY_WORDS = {
    "political": "political | politic",
    "economic": "economic | economical | economy | financial | finance",
    "social": "social | societal | community | socio cultural | sociological",
    "technological": "technological | technology | technical | ict",
    "environmental": "environmental | environment",
    "legislative": "legislative | legal | legislation | regulatory | law",
    "organisation": """
        organisation | organisational | organization | organizational | operational |
        organisation and people | organisational people
    """,
}

# A word that stands for two groups goes to the first that the sheet does not name outright:
# beside *inherent* alone a residual risk is the current one, beside *current* the future one.
_AFTER = """
    residual | net | mitigated | post mitigation | after mitigation | with mitigation | after |
    post | revised | post treatment | after treatment | treated | managed | final | reduced |
    following mitigation
"""
_GROUP_WORDS = {
    "inherent": """
        inherent | gross | raw | initial | original | untreated | unmitigated | uncontrolled |
        pre mitigation | before mitigation | premitigation | pre | before | pre control |
        before control | without control | no control | prior to control | prior to mitigation |
        pre treatment | before treatment | absolute | opening | without mitigation |
        before any control | before existing control | baseline | before current control |
        no mitigation | prior to treatment | unmanaged
    """,
    "current": """
        current | present | now | existing | today | actual | with control | controlled |
        after control | with existing control | with current control | after existing control |
        after current control | post control | control in place | with control in place |
        current control | existing control | latest | as is
    """,
    "future": """
        future | target | planned | desired | projected | proposed | predicted | expected |
        forecast | after action | post action | after planned action | after further action |
        after future action | with further action | planned action | further action |
        future action | action plan | further control | additional control | planned control |
        further mitigation | goal | anticipated | aspirational | tolerated
    """,
    "earlier": """
        previous | prior | last | previous quarter | last quarter | last month | previous month |
        last review | last time | last year | previous year | earlier | appetite | risk appetite |
        tolerance | risk tolerance | change in | movement | historic | historical
    """,
}

# Words that may be left out of a heading, in two steps.
_ASIDE = """
    risk | overall | total | assessment | assessed | the | of | a | an | this | that | it | is |
    if | what | in | for | how | occurring | happening | occur | please | select | enter |
    analysis | our | to | on | and | your | be | with
"""
_SCORED = """
    score | rating | level | value | scoring | rated | factor | point | x | mark
"""


def _words(text: str) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in text.split("|"))


# The empty word: a group's word alone (*Residual risk*) heads its rating or its level.
_MEASURES: tuple[tuple[str, Holds, tuple[str, ...]], ...] = (
    ("likelihood", "score", _words(_LIKELIHOOD)),
    ("impact", "score", _words(_IMPACT)),
    ("rating", "number", (*_words(_RATING), "")),
    ("band", "word", (*_words(_BAND), "")),
    *((category, "score", _words(_CATEGORY_WORDS[category])) for category in CATEGORIES),
)

VOCABULARY = Vocabulary(
    kind="strategic risk register",
    fields=(
        *(
            Field(
                name,
                _words(words),
                holds=holds,
                within=_WITHIN.get(name, ""),
                leads_to=_LEADS_TO.get(name, ""),
            )
            for name, holds, words in _PLAIN
        ),
        *(
            Field(f"{group}.{measure}", words, group, holds=holds)
            for group in GROUPS
            for measure, holds, words in _MEASURES
        ),
    ),
    groups={
        "inherent": _words(_GROUP_WORDS["inherent"]),
        "current": (*_words(_GROUP_WORDS["current"]), *_words(_AFTER)),
        "future": (*_words(_GROUP_WORDS["future"]), *_words(_AFTER)),
        "earlier": _words(_GROUP_WORDS["earlier"]),  # no field's: recognised and left alone
    },
    default_group="current",
    needed=(("reference", "description"), ("likelihood",), ("impact", *CATEGORIES)),
    fillers=(_words(_ASIDE), _words(_SCORED)),
    letters={
        "l": ("likelihood",),
        "p": ("likelihood",),
        "f": ("likelihood",),
        "i": ("impact",),
        "c": ("impact",),
        "s": ("impact", "rating"),
        "r": ("rating", "band"),
        "t": ("rating",),
    },
    sequences={
        "pestelo": CATEGORIES,
        "pestle": (
            "political",
            "economic",
            "social",
            "technological",
            "legislative",
            "environmental",
        ),
        "pestel": CATEGORIES[:6],
    },
    family=CATEGORIES,
    subject=("risk",),
    brief=frozenset(name for name, _, _ in _PLAIN) - {"reference", "status", "status_date"},
)
