"""The settings that a workbook's register is rated by, every key filled.

For the settings sheet that ``xlgov init`` adds: it starts as what is in force, so that adding it
changes nothing until somebody edits it.
"""

from __future__ import annotations

from dataclasses import replace

from xlgov.grid.sheet import Workbook
from xlgov.risk.findings import STALE_AFTER
from xlgov.risk.headings import VOCABULARY
from xlgov.risk.preview import search_registers
from xlgov.risk.register import read_registers
from xlgov.risk.scale import Scheme, built_in_scheme
from xlgov.risk.scheme import choose_scheme, read_key
from xlgov.risk.score import choose_words
from xlgov.risk.words import IMPACT_SCALES, LIKELIHOOD_SCALES
from xlgov.settings.values import COLORS, Settings

FIELDS = tuple(field.name for field in VOCABULARY.fields)


def settings_in_force(workbook: Workbook, stated: Settings) -> tuple[Settings, dict[str, str]]:
    """The settings in force, and a remark by section where something needs a person.

    A workbook without a register, or whose register fits no scheme, gets the built-in scheme; the
    remark then says that it is a proposal.
    """
    search = search_registers(workbook, stated)
    registers = read_registers(workbook, search.layouts, stated)
    remarks: dict[str, str] = {}
    scheme: Scheme | None = None
    likelihood = choose_words((), LIKELIHOOD_SCALES, stated.likelihood_words)
    impact = choose_words((), IMPACT_SCALES, stated.impact_words)
    if registers:
        key = read_key(workbook, registers)
        choice = choose_scheme(workbook, registers[0], stated, key)
        scheme = choice.scheme
        likelihood, impact = registers[0].likelihood_words, registers[0].impact_words
        if choice.finding is not None:
            remarks["Scheme"] = choice.finding.message
    if scheme is None:
        scheme = built_in_scheme()
        remarks.setdefault("Scheme", "No register was recognised; this is the built-in scheme.")
    if scheme.bands_assumed:
        remarks["Bands"] = "These edges are assumed: please confirm or change them."
    return (
        replace(
            stated,
            as_of=None,  # a date left on the sheet would age unseen
            accepted=(),  # those of xlgov.toml go on counting there
            scoring=scheme.scoring,
            matrix=scheme.table(),
            bands=scheme.bands,
            tolerance=scheme.tolerance,
            tolerance_inclusive=scheme.inclusive,
            stale_after=STALE_AFTER if stated.stale_after is None else stated.stale_after,
            day_first=stated.day_first is not False,
            colors={**COLORS, **stated.colors},
            likelihood_words=dict(likelihood),
            impact_words=dict(impact),
        ),
        remarks,
    )
