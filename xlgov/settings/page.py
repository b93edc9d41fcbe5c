"""Making the settings sheet: what is in force, laid out for a person to read and edit in Excel.

Why everything is written and not only what differs: the sheet is how an office sees its scheme,
and what is on it stays in force when the built-in defaults change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from xlgov.changes import NewValue, SheetChange, StyleChange
from xlgov.grid.cells import Range, address
from xlgov.settings import sections
from xlgov.settings.sections import Section
from xlgov.settings.statement import KEYS
from xlgov.settings.typed import is_rgb
from xlgov.settings.values import COLORS, SETTINGS_SHEET, Settings

WIDTHS = (30.0, *[20.0] * 7)
DATE_FORMAT = "dd/mm/yyyy"
HEADING_FILL = "DDEBF7"

_USE = (
    "This sheet says how xlgov reads and rates the registers of this workbook. "
    "Change a value here, save, and refresh.",
    "Keep the section titles in column A. Rows may be added or left blank; "
    "what is left blank follows xlgov.toml, then the defaults.",
)


@dataclass(slots=True)
class _Page:
    rows: list[tuple[NewValue, ...]] = field(default_factory=list)
    styles: list[StyleChange] = field(default_factory=list)
    names: list[tuple[str, str]] = field(default_factory=list)

    def add(self, *values: NewValue) -> int:
        """Append a row; its number."""
        self.rows.append(values)
        number = len(self.rows)
        for column, value in enumerate(values, start=1):
            if isinstance(value, date):
                self.style(number, column, number_format=DATE_FORMAT)
        return number

    def style(
        self,
        row: int,
        column: int,
        *,
        bold: bool | None = None,
        italic: bool | None = None,
        fill: str | None = None,
        font_color: str | None = None,
        border: str | None = None,
        number_format: str | None = None,
    ) -> None:
        self.styles.append(
            StyleChange(
                SETTINGS_SHEET,
                address(row, column),
                number_format=number_format,
                font_color=font_color,
                fill=fill,
                bold=bold,
                italic=italic,
                border=border,
            )
        )

    def paint(self, row: int, column: int, rgb: str) -> None:
        """Fill a cell and keep its text readable on the fill."""
        self.style(row, column, fill=rgb, font_color=_ink(rgb), border="thin")

    def open(self, section: Section, remark: str = "") -> None:
        """A blank row, the section's title, its lines of use, its column headings."""
        if self.rows:
            self.add()
        title = self.add(section.title)
        self.style(title, 1, bold=True, fill=HEADING_FILL)
        for line in (section.use, remark):
            if line:
                self.style(self.add(line), 1, italic=True)
        if section.columns:
            headings = [words[0] for words in section.columns.values()]
            row = self.add(*headings)
            for column in range(1, len(headings) + 1):
                self.style(row, column, bold=True)

    def table(self, rows: Iterable[Sequence[NewValue]]) -> tuple[int, int]:
        """Rows, or one blank row to type into; the first and last row number."""
        numbers = [self.add(*row) for row in rows] or [self.add()]
        return numbers[0], numbers[-1]

    def name(self, name: str, top: int, left: int, bottom: int, right: int) -> None:
        first, last = str(Range(top, left, top, left)), str(Range(bottom, right, bottom, right))
        self.names.append((name, f"{_fixed(first)}:{_fixed(last)}"))


def settings_sheet(
    settings: Settings, *, fields: Sequence[str] = (), remarks: Mapping[str, str] | None = None
) -> tuple[SheetChange, tuple[StyleChange, ...]]:
    """The sheet ``xlgov`` that states ``settings``, and the look of its cells.

    Give the settings in force, every key filled; a key that is None is left blank on the sheet
    and so not stated. ``fields`` are the fields that may be mapped: those without a mapping are
    listed with a blank heading. ``remarks`` is one more line under a section, by its title
    (``Bands``: "The edges other than 13 are assumed").

    Defined names: ``xlgov_matrix`` (the ratings only), ``xlgov_bands`` (name, from, to, colour),
    ``xlgov_scores`` (words and scores, likelihood then impact), and each half of it as
    ``xlgov_likelihood`` and ``xlgov_impact``.
    """
    remarks = remarks or {}
    page = _Page()
    page.style(page.add("xlgov settings"), 1, bold=True)
    for line in _USE:
        page.style(page.add(line), 1, italic=True)

    page.open(sections.SCHEME, remarks.get(sections.SCHEME.title, ""))
    for key in KEYS:
        page.add(key.name, _plain_value(getattr(settings, key.name)), key.meaning)

    page.open(sections.MATRIX, remarks.get(sections.MATRIX.title, ""))
    _add_matrix(page, settings)

    page.open(sections.BANDS, remarks.get(sections.BANDS.title, ""))
    bands = settings.bands or ()
    top, bottom = page.table((b.name, b.lowest, b.highest, b.color) for b in bands)
    for row, band in enumerate(bands, start=top):
        page.paint(row, 4, settings.color(band.color))
    page.name("xlgov_bands", top, 1, bottom, 4)

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

    page.open(sections.ACCEPTED, remarks.get(sections.ACCEPTED.title, ""))
    page.table(
        (a.reference, a.finding, a.reason or None, a.agreed_by or None, a.review_date)
        for a in settings.accepted
    )
    sheet = SheetChange(SETTINGS_SHEET, page.rows, names=page.names, widths=WIDTHS)
    return sheet, tuple(page.styles)


def _add_matrix(page: _Page, settings: Settings) -> None:
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


def _plain_value(value: object) -> NewValue:
    """A value as a person types it: yes and no in place of TRUE and FALSE."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or isinstance(value, (str, int, date)):
        return value
    raise TypeError(f"a settings cell cannot hold {value!r}")


def _by_score(words: Mapping[str, int]) -> list[tuple[str, int]]:
    """Words lowest score first, with a capital where that reads back the same."""
    shown = []
    for word, score in sorted(words.items(), key=lambda pair: pair[1]):
        capital = word[:1].upper() + word[1:]
        shown.append((capital if capital.lower() == word else word, score))
    return shown


def _ink(rgb: str) -> str:
    """Black or white, whichever reads better on a fill (luminance as in WCAG 2)."""
    if not is_rgb(rgb):
        return "000000"
    parts = [int(rgb[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "000000" if light > 0.179 else "FFFFFF"


def _fixed(cell: str) -> str:
    """``B2`` as ``$B$2``."""
    letters = cell.rstrip("0123456789")
    return f"${letters}${cell[len(letters) :]}"
