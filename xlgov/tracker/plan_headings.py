"""The words that offices head the columns of a delivery plan with. Earlier words are stronger.

Why columns of other registers are among them (due, raised, risk): a plan is told from an action log
and from a risk register by what it does not have.
"""

from __future__ import annotations

from xlgov.grid.records import Field, Vocabulary

_WORDS = {
    "reference": """ref | reference | ref no | reference no | reference number | ref number |
        action ref | action reference | action no | action number | objective ref | objective no |
        priority ref | priority no | plan ref | plan reference | unique ref | id | number | no |
        item no | code""",
    "action": """priority action | plan action | key priority action | priority | key priority |
        objective | strategic objective | plan objective | action objective | commitment | pledge |
        aim | deliverable | what we will do | we will | key action | action | action required |
        action point""",
    "theme": "theme | plan theme | priority theme | strategic theme | pillar | workstream",
    "opcc_lead": """opcc lead | pcc lead | opfcc lead | office lead | commissioner lead |
        opcc owner | opcc lead officer | lead | lead officer | senior lead | responsible lead |
        accountable lead | owner | action owner | responsible officer |
        senior responsible owner | sro | sponsor""",
    "delivery_lead": """delivery lead | delivery owner | delivery partner | delivery group |
        lead agency | lead organisation | lead partner | lead body | lead team | force lead |
        constabulary lead | responsible organisation | responsible body | delivered by""",
    "activity_reference": """activity ref | activity reference | activity no | activity number |
        sub ref | sub reference | sub action ref | update ref | milestone ref""",
    "activity": """activity | activity and update | activity update | update | progress |
        progress update | update progress | latest update | progress to date | update on progress |
        current activity | activity to date | current position | commentary | narrative |
        progress commentary | progress narrative | key activity""",
    "status": """delivery status | rag status | rag | rag rating | brag | brag status |
        brag rating | delivery rag | delivery status rag | delivery rag status |
        current rag | status rag | delivery status direction of travel |
        delivery status and direction of travel |
        status and direction of travel | rag and direction of travel | status direction of travel |
        progress status | status | current status""",
    "direction": """direction of travel | direction of travel since last report | travel | dot |
        direction | change since last report | trend | movement since last report""",
    "opportunities": """opportunity | further opportunity | opportunity and next step |
        opportunity next step | next step | further action | planned action | future action |
        remedial action | corrective action | action to get back on track | what next |
        action taken or planned | action taken and planned | action taken""",
    "due": """due date | target date | due | deadline | by when | completion date | date due |
        target completion date | end date""",
    "raised": """date raised | meeting date | date of meeting | meeting | minute | minute ref |
        date of action | meeting raised""",
    "risk": """likelihood | impact | probability | risk | risk description | risk title | severity |
        consequence | risk rating | risk score | inherent | residual""",
}
VOCABULARY = Vocabulary(
    kind="delivery plan",
    fields=tuple(
        Field(name, tuple(" ".join(word.split()) for word in words.split("|")))
        for name, words in _WORDS.items()
    ),
    needed=(("action", "activity"), ("status", "direction", "activity")),
)
