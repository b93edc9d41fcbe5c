"""One cell's XML: reading its value, and rendering a new one.

Why inline strings: text written into the shared table would touch a second part, and the table's
counts, for every text; an inline string is read by Excel, LibreOffice and every library, and
Excel moves it to the table by itself at the next save.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from functools import lru_cache

from xlgov.changes import Cached, Formula, MarkedText, NewValue, RichText, StoredCell, TextRun
from xlgov.errors import EditError
from xlgov.grid.cells import CellError, Value, serial_from_date
from xlgov.ooxml.markup import (
    attributes_of,
    edit_tag,
    escape_attribute,
    escape_text,
    is_character,
    opened_tag,
    unescape_text,
    whole_number,
)
from xlgov.ooxml.scan import IrregularSheet, ParsedCell
from xlgov.ooxml.strings import Texts, content_of, holding, text_of

LONGEST_TEXT = 32_767
LONGEST_FORMULA = 8192
_COLOR = re.compile("[0-9A-Fa-f]{6}")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NUMBER = re.compile(r"\s*+[+-]?(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?\s*+", re.ASCII)
_ATTRIBUTES = re.compile(rb'((?: [\w:.-]+="[^"<>]*")*) ?')


class SharedText(int):
    """Index of a shared string that has not been looked up yet."""


Raw = Value | SharedText


@lru_cache(maxsize=4096)
def style_and_type(attributes: bytes) -> tuple[int, str]:
    """Style index and type of a cell from the attributes after its address, once per spelling.

    Raises IrregularSheet where they are not of the common form.
    """
    if not _ATTRIBUTES.fullmatch(attributes):
        raise IrregularSheet
    found = attributes_of(b"<c" + attributes + b">")
    return style_index(found), found.get("t", "n")


def style_index(attributes: dict[str, str]) -> int:
    """Style index of a cell or row; 0 where there is none or it is no number."""
    return whole_number(attributes.get("s")) or 0


class ValueReader:
    """Reads the inside of cells of the common form, for one prefix."""

    def __init__(self, prefix: str, date_1904: bool = False) -> None:
        self._date_1904 = date_1904
        p = re.escape(prefix.encode())
        # What a cell of the common form holds: a formula, then its value or the text in line.
        # Anything more, or in another order, is for the parser to read. Possessive throughout, so
        # that no content can make a search of it long.
        formula = rb"\s*+(?:(%b)\s*+)?" % holding(p, b"f")
        self._inside = re.compile(rb"%b(?:%b)?\s*+" % (formula, holding(p, b"v", b"([^<]*+)")))
        self._texts = Texts(p)
        self._in_line = re.compile(
            rb"%b(?:<%bis ?/>|<%bis>(%b)</%bis>)?\s*+" % (formula, p, p, self._texts.pattern, p)
        )
        self._plain = (b"<" + prefix.encode() + b"v>", b"</" + prefix.encode() + b"v>")

    def value(self, kind: str, inside: bytes) -> tuple[Raw, bool]:
        """(value, has a formula) of a cell's inside. Raises IrregularSheet where it holds more."""
        opening, closing = self._plain
        if kind in ("n", "s") and inside.startswith(opening) and inside.endswith(closing):
            bare = inside[len(opening) : -len(closing)]
            if bare.isdigit() and len(bare) < 10:
                return (SharedText(bare) if kind == "s" else int(bare)), False
        found = (self._in_line if kind == "inlineStr" else self._inside).fullmatch(inside)
        if found is None:
            raise IrregularSheet
        formula = found[1] is not None
        if kind == "inlineStr":
            return self._texts.read(found[2] or b"") or None, formula
        content = found[2]
        if content is None:
            return None, formula
        if kind == "str":
            return text_of(content) or None, formula
        return typed_value(kind, content_of(content), self._date_1904), formula


def typed_value(kind: str, text: str, date_1904: bool = False) -> Raw:
    """A cell's value from its type letter and the text of ``v``."""
    if kind == "n":
        number = float(text) if _NUMBER.fullmatch(text) else math.nan
        if not math.isfinite(number):
            return text.strip() or None
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    if kind == "s":
        index = whole_number(text)
        return None if index is None else SharedText(index)
    if kind == "b":
        return text.strip() in ("1", "true") if text.strip() else None
    if kind == "e":
        return CellError(text) if text.strip() else None
    if kind == "d":
        try:
            return serial_from_date(datetime.fromisoformat(text.strip()), date_1904)
        except ValueError:
            return text.strip() or None
    return unescape_text(text) or None


def parsed_value(cell: ParsedCell, date_1904: bool = False) -> tuple[Raw, bool]:
    """(value, has a formula) of a cell that the parser read."""
    kind = cell.attributes.get("t", "n")
    formula = cell.formula is not None
    if kind == "inlineStr":
        return unescape_text(cell.inline or "") or None, formula
    if cell.value is None:
        return None, formula
    return typed_value(kind, cell.value, date_1904), formula


def refuse_unwritable(value: NewValue, where: str, date_1904: bool = False) -> None:
    """Raise EditError for a value that no cell can hold."""
    if isinstance(value, StoredCell):
        return  # it stood there
    if isinstance(value, Cached):
        _refuse_cached(value, where)
        return
    if isinstance(value, MarkedText):
        if value.color is not None and not is_color(value.color):
            raise EditError(
                f"{where}: the colour {value.color!r} is not of the form RRGGBB, as FF0000."
            )
    elif isinstance(value, Formula):
        _refuse_formula(value, where)
    elif isinstance(value, (str, RichText)):
        _refuse_text(str(value), where)
        for run in value.runs if isinstance(value, RichText) else ():
            _refuse_run(run, where)
    elif isinstance(value, (int, float)):
        try:
            finite = math.isfinite(value)
        except OverflowError:  # an integer beyond any float
            finite = False
        if not finite:
            raise EditError(f"{where}: {value} is no number that a cell can hold; give another.")
    elif isinstance(value, date):
        try:
            possible = math.isfinite(serial_from_date(value, date_1904))
        except ValueError:
            possible = False
        if not possible:
            first = "1 January 1904" if date_1904 else "1 January 1900"
            raise EditError(
                f"{where}: {value} is no date that the workbook can hold; its dates begin on "
                f"{first}. Write it as text."
            )
    elif value is not None:
        raise EditError(
            f"{where}: a value of type {type(value).__name__} cannot be written; give a number, "
            "text, bool, date, None, Formula or RichText."
        )


def _refuse_text(text: str, where: str) -> None:
    # Excel counts UTF-16 units.
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 > LONGEST_TEXT:
        raise EditError(
            f"{where}: the text has {len(text):,} characters; a cell holds at most "
            f"{LONGEST_TEXT:,}. Shorten it."
        )
    if _SURROGATE.search(text):
        raise EditError(f"{where}: the text {text[:40]!r} holds half a character; correct it.")


def _refuse_formula(formula: Formula, where: str) -> None:
    text, cached = formula.text.removeprefix("="), formula.cached
    if not text.strip() or len(text) > LONGEST_FORMULA or not is_plain(text):
        raise EditError(
            f"{where}: a formula has 1 to {LONGEST_FORMULA:,} characters and no control "
            f"characters; check {formula.text[:40]!r}."
        )
    if cached is not None:
        if not isinstance(cached, (int, float, str)):
            raise EditError(
                f"{where}: a formula's result is a number, text or bool, not a "
                f"{type(cached).__name__}; leave it out, or give one of these."
            )
        refuse_unwritable(cached, where)


def _refuse_cached(cached: Cached, where: str) -> None:
    value: object = cached.value
    if isinstance(value, CellError):
        if not is_plain(value.code) or not value.code.startswith("#"):
            raise EditError(f"{where}: {value.code[:40]!r} is no error value, as #N/A is.")
    elif isinstance(value, int | float | str):
        refuse_unwritable(value, where)
    else:
        raise EditError(
            f"{where}: a formula shows a number, text, bool or error value, not a "
            f"{type(value).__name__}; give one of these."
        )


def _refuse_run(run: TextRun, where: str) -> None:
    if run.color and not is_color(run.color):
        raise EditError(f"{where}: the colour {run.color!r} is not of the form RRGGBB, as FF0000.")
    if run.size is not None and not 1 <= run.size <= 409:
        raise EditError(f"{where}: the font size {run.size} is outside 1 to 409.")
    if run.font and (not is_plain(run.font) or len(run.font) > 31):
        raise EditError(f"{where}: {run.font[:40]!r} is no name of a font.")


def is_color(text: str) -> bool:
    """Whether a text is a colour as this library writes them.

    >>> is_color("FFC000"), is_color("#FFC000"), is_color("red")
    (True, False, False)
    """
    return _COLOR.fullmatch(text) is not None


def is_plain(text: str) -> bool:
    """Whether XML can hold a text as it is: no control characters but tab and new line."""
    return all(is_character(ord(letter)) for letter in text)


def render(value: NewValue, prefix: str, date_1904: bool) -> tuple[str | None, str]:
    """(type attribute, inside) of a cell that holds a value; ("", ) inside makes it blank."""
    p = prefix
    if value is None:
        return None, ""
    if isinstance(value, bool):
        return "b", f"<{p}v>{int(value)}</{p}v>"
    if isinstance(value, (int, float)):
        return None, f"<{p}v>{_number(value)}</{p}v>"
    if isinstance(value, date):  # a datetime is a date
        return None, f"<{p}v>{_number(serial_from_date(value, date_1904))}</{p}v>"
    if isinstance(value, Formula):
        formula = f"<{p}f>{escape_formula(value.text)}</{p}f>"
        if value.cached is None:
            return None, formula
        if isinstance(value.cached, str):
            return "str", f"{formula}<{p}v>{escape_text(value.cached)}</{p}v>"
        kind, cached = render(value.cached, prefix, date_1904)
        return kind, formula + cached
    if isinstance(value, Cached):  # in a sheet that is new it is what the cell holds
        return render_cached(value, prefix)
    if isinstance(value, RichText):
        runs = "".join(_run(run, p) for run in value.runs if run.text)
        return "inlineStr", f"<{p}is>{runs or f'<{p}t></{p}t>'}</{p}is>"
    # A marked text or stored cell is of a cell that stands; in a sheet that is new it is its text.
    return "inlineStr", f"<{p}is>{text_element(str(value), p)}</{p}is>"


def render_cached(cached: Cached, prefix: str) -> tuple[str | None, str]:
    """(type attribute, ``v`` element) of what a formula shows."""
    value, p = cached.value, prefix
    if isinstance(value, CellError):
        return "e", f"<{p}v>{escape_text(value.code)}</{p}v>"
    if isinstance(value, str):
        return "str", f"<{p}v>{escape_text(value)}</{p}v>"
    return render(value, prefix, False)


def escape_formula(text: str) -> str:
    """A formula's text for ``f``, without a leading ``=``."""
    bare = text.removeprefix("=")
    return bare.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _number(value: int | float) -> str:
    if isinstance(value, int) and abs(value) >= 10**15:
        value = float(value)  # Excel keeps 15 digits; a longer integer is read as a float anyway
    # Not repr(value): a subclass (of numpy, an enumeration) may show itself in another way.
    return int.__repr__(value) if isinstance(value, int) else float.__repr__(value)


def text_element(text: str, prefix: str) -> str:
    """A ``t`` element; its outer blanks are kept."""
    keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text or "\t" in text else ""
    return f"<{prefix}t{keep}>{escape_text(text)}</{prefix}t>"


def _run(run: TextRun, prefix: str) -> str:
    p = prefix
    marks = ""
    for name, on in (("b", run.bold), ("i", run.italic), ("strike", run.strike)):
        marks += f"<{p}{name}/>" if on else ""
    if run.color:
        marks += f'<{p}color rgb="FF{run.color.upper()}"/>'
    if run.size:
        marks += f'<{p}sz val="{run.size:g}"/>'
    if run.underline:
        marks += f"<{p}u/>"
    if run.font:
        marks = f'<{p}rFont val="{escape_attribute(run.font)}"/>' + marks
    style = f"<{p}rPr>{marks}</{p}rPr>" if marks else ""
    return f"<{p}r>{style}{text_element(run.text, p)}</{p}r>"


def replace_cell(tag: bytes, kind: str | None, inside: str, style: int | None) -> bytes:
    """A cell's XML from its old opening tag, with a new inside; other attributes stay.

    ``cm`` and ``vm`` belong to the old value (dynamic arrays, rich values) and go with it.
    """
    changes: dict[str, str | None] = {"t": kind, "cm": None, "vm": None}
    if style is not None:
        changes["s"] = str(style)
    edited = edit_tag(tag, changes)
    closed = edited if edited.endswith(b"/>") else edited[:-1] + b"/>"
    return opened_tag(closed, inside.encode()) if inside else closed
