"""The house style of the sample workbooks: one sober look, and settings that make the same bytes.

Why the creation date is fixed and ``calc_on_load`` is off: a fresh run must give the same file,
and a workbook saved by Excel does not ask for a recalculation on loading, so neither do these.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

FONT = "Arial"
INK = "#1F2A37"
GREY = "#5F6B7A"
BAND_FILL = "#D9DEE4"
LABEL_FILL = "#EEF1F4"
LINE = "#9AA5B1"
CHANGED = "#C00000"  # text that has changed since the last report
BODY_SIZE = 9
PIXEL = 0.75  # points
A4_PAPER, A3_PAPER = 9, 8

CREATED = datetime(2017, 1, 31, 9, 0)
BOARD = "Business Coordination Board, Cambridgeshire Police and Crime Commissioner"

Look = dict[str, Any]

_LOOKS: dict[str, Look] = {
    "title": {"bold": True, "font_size": 16, "valign": "vcenter"},
    "subtitle": {"font_size": 10, "font_color": GREY, "valign": "vcenter"},
    "small print": {"font_size": 8, "font_color": GREY, "valign": "vcenter"},
    "section": {"bold": True, "font_size": 11, "valign": "vcenter"},
    "label": {
        "bold": True,
        "bg_color": LABEL_FILL,
        "border": 1,
        "align": "left",
        "valign": "vcenter",
        "indent": 1,
    },
    "line": {"border": 1, "align": "left", "valign": "vcenter", "indent": 1},
    "heading": {
        "bold": True,
        "bg_color": BAND_FILL,
        "border": 1,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
    },
    "text heading": {
        "bold": True,
        "bg_color": BAND_FILL,
        "border": 1,
        "align": "left",
        "valign": "vcenter",
        "indent": 1,
        "text_wrap": True,
    },
    "upright": {
        "bold": True,
        "bg_color": BAND_FILL,
        "border": 1,
        "align": "center",
        "valign": "bottom",
        "rotation": 90,
    },
    "text": {"border": 1, "align": "left", "valign": "top", "text_wrap": True, "indent": 1},
    "middle text": {
        "border": 1,
        "align": "left",
        "valign": "vcenter",
        "text_wrap": True,
        "indent": 1,
    },
    "description": {
        "border": 1,
        "align": "left",
        "valign": "vcenter",
        "text_wrap": True,
        "font_size": 11,
        "indent": 1,
    },
    "score": {"border": 1, "align": "center", "valign": "vcenter", "num_format": "0"},
    "rating": {
        "border": 1,
        "align": "center",
        "valign": "vcenter",
        "num_format": "0",
        "bold": True,
    },
    "date": {"border": 1, "align": "center", "valign": "top", "num_format": "dd/mm/yyyy"},
    "centred": {"border": 1, "align": "center", "valign": "top"},
    "reference": {"border": 1, "bold": True, "valign": "top", "align": "center"},
    "link": {
        "border": 1,
        "bold": True,
        "valign": "vcenter",
        "align": "center",
        "font_color": "#1F4E79",
        "underline": 1,
    },
    "total label": {
        "bold": True,
        "top": 2,
        "bottom": 1,
        "align": "left",
        "valign": "vcenter",
        "indent": 1,
    },
    "total": {
        "bold": True,
        "top": 2,
        "bottom": 1,
        "align": "left",
        "valign": "vcenter",
        "indent": 1,
        "num_format": "0",
    },
}


class OfficeWorkbook:
    """A workbook under way, with its formats by name."""

    def __init__(
        self,
        path: Path,
        title: str,
        subject: str,
        *,
        created: datetime = CREATED,
        keywords: str = "strategic risk, register",
        footer: str = "Strategic risk register",
    ) -> None:
        self.book: Workbook = xlsxwriter.Workbook(
            str(path),
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "default_format_properties": {"font_name": FONT, "font_size": 10},
                "default_row_height": 17,
            },
        )
        self.book.calc_on_load = False
        self.book.set_properties(
            {
                "title": title,
                "subject": subject,
                "author": "Governance office",
                "company": "Office of the Police and Crime Commissioner",
                "category": "Governance",
                "keywords": keywords,
                "comments": "A sample made from published facts; narrative paraphrased.",
                "created": created,
            }
        )
        self._footer = footer
        self._formats: dict[tuple[str, tuple[tuple[str, Any], ...]], Format] = {}

    def format(self, name: str, **changes: Any) -> Format:
        """A named format, with changes; the same request gives the same object."""
        key = (name, tuple(sorted(changes.items())))
        if key not in self._formats:
            look: Look = {
                "font_name": FONT,
                "font_size": BODY_SIZE,
                "font_color": INK,
                "border_color": LINE,
            }
            self._formats[key] = self.book.add_format(look | _LOOKS[name] | changes)
        return self._formats[key]

    def add_sheet(self, name: str, paper: int = A4_PAPER) -> Worksheet:
        """A landscape sheet without grid lines, with the footer that all pages share."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(paper)
        sheet.hide_gridlines(2)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.65)
        sheet.set_footer(
            f'&L&"{FONT},Regular"&8{self._footer}: &A&R&"{FONT},Regular"&8Page &P of &N',
            {"margin": 0.3},
        )
        return sheet

    def close(self) -> None:
        self.book.close()


def join_items(items: tuple[str, ...]) -> str:
    """Several items as bulleted lines, one item as it is.

    >>> join_items(("one", "two"))
    '• one\\n• two'
    """
    return items[0] if len(items) == 1 else "\n".join(f"• {item}" for item in items)
