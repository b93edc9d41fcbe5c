"""The codes of the findings about risks: how serious each is, and its kind in words.

Why in one table: the code is what programs and *accepted* findings refer to, so it never changes;
the severity says who has to act. Error: something is wrong. Warning: somebody has to decide.
Note: worth knowing. A finding's title is one line for all the records of its kind.
"""

from __future__ import annotations

from functools import partial

from xlgov.changes import FindingCodes, coded_finding

CODES: FindingCodes = {
    "rating-disagrees": ("error", "Rating disagrees with its scores"),
    "rating-formula-disagrees": ("error", "Rating formula disagrees with its scores"),
    "impact-disagrees": ("error", "Impact is not the highest category"),
    "impact-formula-disagrees": ("error", "Impact formula is not the highest category"),
    "score-missing": ("error", "Score missing"),
    "score-out-of-range": ("error", "Score beyond the scale"),
    "score-unreadable": ("error", "Score cannot be read"),
    "assessment-missing": ("warning", "Not assessed"),
    "current-above-inherent": ("warning", "Current rating above inherent"),
    "future-above-current": ("warning", "Future rating above current"),
    "controls-not-lowered": ("note", "Controls have not lowered the risk"),
    "above-tolerance-no-action": ("warning", "Above tolerance with no future action"),
    "actions-no-future-score": ("note", "Future actions but no future score"),
    "no-owner": ("warning", "No owner"),
    "duplicate-reference": ("error", "Reference used twice"),
    "reference-out-of-order": ("note", "Reference out of order"),
    "reference-missing": ("error", "Reference missing"),
    "status-date-missing": ("warning", "No status date"),
    "status-date-unreadable": ("warning", "Status date cannot be read"),
    "status-stale": ("warning", "Status out of date"),
    "date-order": ("warning", "Dates with the month first"),
    "summary-missing": ("warning", "In the register but not in the summary"),
    "summary-extra": ("warning", "In the summary but not in the register"),
    "scheme-unclear": ("warning", "Scheme unclear"),
    "band-edges-assumed": ("note", "Band edges are assumed"),
    "register-unclear": ("warning", "Register that cannot be read"),
    "rating-left-typed": ("note", "Left as typed, not made a formula"),
    "spelling-not-listed": ("note", "Spelling that the formulas do not know"),
    "formulas-not-written": ("warning", "Formulas not written"),
    "formulas-without-lists": ("warning", "Formulas that cannot look anything up"),
    "accepted-unknown": ("warning", "Accepted finding that does not exist"),
}


make_finding = partial(coded_finding, CODES)
