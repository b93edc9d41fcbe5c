"""Making the settings sheet: what is in force, laid out for a person to read and edit in Excel.

Why everything is written and not only what differs: the sheet is how an office sees its scheme,
and what is on it stays in force when the built-in defaults change.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from xlgov.changes import SheetChange, StyleChange
from xlgov.settings import sections
from xlgov.settings.indicators import RULE_KEYS
from xlgov.settings.keys import KEYS, TRACKERS
from xlgov.settings.layout import Page, page_value
from xlgov.settings.performance_page import add_performance
from xlgov.settings.spellings import Spellings, add_spellings
from xlgov.settings.values import COLORS, SETTINGS_SHEET, Settings

WIDTHS = (30.0, *[20.0] * 7)
WIDE = (30.0, *[20.0] * len(RULE_KEYS))

_USE = (
    "This sheet says how xlgov reads and judges this workbook. "
    "Change a value here, save, and refresh.",
    "Keep the section titles in column A. Rows may be added or left blank; "
    "what is left blank follows xlgov.toml, then the defaults.",
)


def settings_sheet(
    settings: Settings,
    *,
    kinds: Collection[str] = ("risk",),
    fields: Sequence[str] = (),
    themes: Sequence[str] = (),
    indicators: Sequence[str] = (),
    remarks: Mapping[str, str] | None = None,
    spellings: Spellings | None = None,
) -> tuple[SheetChange, tuple[StyleChange, ...]]:
    """The sheet ``xlgov`` that states ``settings``, and the look of its cells.

    Give the settings in force, every key filled; a key that is None is left blank on the sheet
    and so not stated. ``kinds`` are the kinds of register that the workbook has: ``risk`` and
    ``kpi`` have sections of their own, all others one in common; without any, those of ``risk``
    are made.
    ``fields`` are the fields that may be mapped: those without a mapping are listed with a blank
    heading, and so are ``themes`` and ``indicators`` without a rule. ``remarks`` is one more line
    under a section, by its title (``Bands``: "The edges other than 13 are assumed").
    ``spellings`` are those that formulas of ours look scores up in.

    Defined names, of the sections for risk: ``xlgov_scoring`` (one cell), ``xlgov_matrix`` (the
    ratings only), ``xlgov_bands`` (name, from, to, colour), ``xlgov_scores`` (words and scores,
    likelihood then impact), and each half of it as ``xlgov_likelihood`` and ``xlgov_impact``.
    """
    remarks = remarks or {}
    of_kpi = "kpi" in kinds
    of_trackers = bool(set(kinds) - {"risk", "kpi"})
    of_risk = "risk" in kinds or not (of_kpi or of_trackers)
    page = Page()
    page.style(page.add("xlgov settings"), 1, bold=True)
    for line in _USE:
        page.style(page.add(line), 1, italic=True)
    if of_risk:
        _add_risk(page, settings, fields, remarks)
    if of_kpi:
        keys = [key for key in KEYS if "kpi" in key.kinds]
        here = [key for key in keys if not (of_risk and "risk" in key.kinds)]
        add_performance(page, settings, here, themes, indicators, remarks)
    if of_trackers:
        _add_trackers(page, settings, shared=not (of_risk or of_kpi))

    page.open(sections.ACCEPTED, remarks.get(sections.ACCEPTED.title, ""))
    page.table(
        (a.reference, a.finding, a.reason or None, a.agreed_by or None, a.review_date)
        for a in settings.accepted
    )
    if spellings is not None:
        add_spellings(page, spellings)
    sheet = SheetChange(
        SETTINGS_SHEET, page.rows, names=page.names, widths=WIDE if of_kpi else WIDTHS
    )
    return sheet, tuple(page.styles)


def _add_risk(
    page: Page, settings: Settings, fields: Sequence[str], remarks: Mapping[str, str]
) -> None:
    page.open(sections.SCHEME, remarks.get(sections.SCHEME.title, ""))
    for key in KEYS:
        if "risk" in key.kinds:
            row = page.add(key.name, page_value(getattr(settings, key.name)), key.meaning)
            if key.name == "scoring":
                page.name("xlgov_scoring", row, 2, row, 2)

    add_matrix(page, settings, remarks.get(sections.MATRIX.title, ""))
    add_bands(page, settings, remarks.get(sections.BANDS.title, ""))

    page.open(sections.COLORS, remarks.get(sections.COLORS.title, ""))
    colors = {**COLORS, **settings.colors}
    top, bottom = page.table(colors.items())
    for row, rgb in enumerate(colors.values(), start=top):
        page.paint(row, 2, rgb)

    page.open(sections.LIKELIHOOD, remarks.get(sections.LIKELIHOOD.title, ""))
    top, bottom = page.table(_by_score(settings.likelihood_words))
    page.name("xlgov_likelihood", top, 1, bottom, 2)
    first_word = top
    page.open(sections.IMPACT, remarks.get(sections.IMPACT.title, ""))
    top, bottom = page.table(_by_score(settings.impact_words))
    page.name("xlgov_impact", top, 1, bottom, 2)
    page.name("xlgov_scores", first_word, 1, bottom, 2)

    page.open(sections.COLUMNS, remarks.get(sections.COLUMNS.title, ""))
    unmapped = (name for name in fields if name not in settings.columns)
    page.table([*settings.columns.items(), *((name,) for name in unmapped)])


def _add_trackers(page: Page, settings: Settings, *, shared: bool) -> None:
    """Keys and words of logs and plans; ``shared`` keys too where no other section has them."""
    page.open(sections.LOGS)
    for key in KEYS:
        if TRACKERS in key.kinds and (shared or key.table == TRACKERS):
            page.add(key.name, page_value(getattr(settings, key.name)), key.meaning)
    page.open(sections.STATUSES)
    page.table(settings.status_words.items())


def add_bands(page: Page, settings: Settings, remark: str = "") -> None:
    """The section of the bands; without any, a blank row to type into."""
    page.open(sections.BANDS, remark)
    bands = settings.bands or ()
    top, bottom = page.table((b.name, b.lowest, b.highest, b.color) for b in bands)
    for row, band in enumerate(bands, start=top):
        page.paint(row, 4, settings.color(band.color))
    page.name("xlgov_bands", top, 1, bottom, 4)


def add_matrix(page: Page, settings: Settings, remark: str = "") -> None:
    """The section of the matrix, painted by the bands."""
    page.open(sections.MATRIX, remark)
    if not settings.matrix:
        page.add()
        return
    impacts = range(1, len(settings.matrix[0]) + 1)
    head = page.add("Likelihood (down) and impact", *impacts)
    for column in range(1, len(impacts) + 2):
        page.style(head, column, bold=True)
    for likelihood, ratings in enumerate(settings.matrix, start=1):
        row = page.add(likelihood, *ratings)
        page.style(row, 1, bold=True)
        for column, rating in enumerate(ratings, start=2):
            for band in settings.bands or ():
                if band.lowest <= rating <= band.highest:
                    page.paint(row, column, settings.color(band.color))
                    break
            else:
                page.style(row, column, border="thin")
    page.name("xlgov_matrix", head + 1, 2, head + len(settings.matrix), len(impacts) + 1)


def _by_score(words: Mapping[str, int]) -> list[tuple[str, int]]:
    """Words lowest score first, with a capital where that reads back the same."""
    shown = []
    for word, score in sorted(words.items(), key=lambda pair: pair[1]):
        capital = word[:1].upper() + word[1:]
        shown.append((capital if capital.lower() == word else word, score))
    return shown
