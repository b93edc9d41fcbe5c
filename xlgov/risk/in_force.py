"""The settings that a workbook's register is rated by, every key filled.

For the settings sheet that ``xlgov init`` adds: it starts as what is in force, so that adding it
changes nothing until somebody edits it. Where no scheme is in force, because a register is scored
in a way that is not known or two registers differ, none is stated: a default written down would
count as the office's own word, and the next refresh would rewrite its ratings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xlgov.grid.records import Search
from xlgov.grid.sheet import Workbook
from xlgov.risk.findings import STALE_AFTER
from xlgov.risk.headings import VOCABULARY
from xlgov.risk.register import read_registers
from xlgov.risk.scale import Scheme
from xlgov.risk.scheme import Choice, choose_scheme, read_key
from xlgov.risk.score import choose_words
from xlgov.risk.words import IMPACT_SCALES, LIKELIHOOD_SCALES
from xlgov.settings.values import COLORS, Settings

FIELDS = tuple(field.name for field in VOCABULARY.fields)


def settings_in_force(
    workbook: Workbook, stated: Settings, search: Search, confirm: bool = True
) -> tuple[Settings, dict[str, str]]:
    """The settings in force, and a remark by section where something needs a person.

    Where the scheme of any register is in doubt, or two differ, or there is no register, scheme
    and bands stay as they were stated, mostly blank: a sheet that stated the built-in scheme would
    rewrite what was refused. Without ``confirm`` edges of bands that are assumed are left blank,
    which keeps them assumed.
    """
    registers = read_registers(workbook, search.layouts, stated)
    remarks: dict[str, str] = {}
    likelihood = choose_words((), LIKELIHOOD_SCALES, stated.likelihood_words)
    impact = choose_words((), IMPACT_SCALES, stated.impact_words)
    scheme: Scheme | None = None
    if registers:
        key = read_key(workbook, registers)
        choices = [choose_scheme(workbook, register, stated, key) for register in registers]
        scheme, remarks["Scheme"] = _common(choices)
        likelihood, impact = registers[0].likelihood_words, registers[0].impact_words
        if any((r.likelihood_words, r.impact_words) != (likelihood, impact) for r in registers):
            # Those of one register would be laid over the other's.
            likelihood, impact = stated.likelihood_words, stated.impact_words
    else:
        remarks["Scheme"] = "No register was recognised; what is left blank follows the defaults."
    settings = replace(
        stated,
        as_of=None,  # a date left on the sheet would age unseen
        accepted=(),  # those of xlgov.toml go on counting there
        stale_after=STALE_AFTER if stated.stale_after is None else stated.stale_after,
        day_first=stated.day_first is not False,
        colors={**COLORS, **stated.colors},
        likelihood_words=dict(likelihood),
        impact_words=dict(impact),
    )
    if scheme is None:
        return settings, remarks
    bands = scheme.bands or None
    if scheme.bands_assumed and confirm:
        remarks["Bands"] = "These edges are assumed: please confirm or change them."
    elif scheme.bands_assumed:
        edges = ", ".join(f"{each.name} {each.lowest}-{each.highest}" for each in scheme.bands)
        remarks["Bands"] = f"Assumed until somebody states them here: {edges}."
        bands = None
    return (
        replace(
            settings,
            scoring=scheme.scoring,
            matrix=scheme.table() if scheme.scoring == "matrix" else None,
            bands=bands,
            tolerance=scheme.tolerance,
            tolerance_inclusive=scheme.inclusive,
        ),
        remarks,
    )


def _common(choices: Sequence[Choice]) -> tuple[Scheme | None, str]:
    """The one scheme of all registers, else none; and what a person should know of it."""
    refusals = [choice.finding for choice in choices if choice.finding is not None]
    if refusals:
        return None, f"{refusals[0].message}. {refusals[0].remedy}."
    schemes = [choice.scheme for choice in choices if choice.scheme is not None]
    same = {
        (each.scoring, each.table(), each.bands, each.tolerance, each.inclusive) for each in schemes
    }
    if len(same) == 1:
        return schemes[0], ""
    return None, "The registers of this workbook are scored in different ways, so none is stated."
