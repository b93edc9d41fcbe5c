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

from xlgov.changes import Formula, NewValue, RichText, TextRun
from xlgov.errors import EditError
from xlgov.grid.cells import CellError, Value, serial_from_date
from xlgov.ooxml.markup import attributes_of, edit_tag, escape_text, unescape, unescape_text
from xlgov.ooxml.scan import IrregularSheet, ParsedCell
from xlgov.ooxml.strings import text_of

LONGEST_TEXT = 32_767
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
    style = attributes.get("s", "")
    return int(style) if style.isdigit() and len(style) < 9 else 0


class ValueReader:
    """Reads the inside of cells of the common form, for one prefix."""

    def __init__(self, prefix: str) -> None:
        p = re.escape(prefix.encode())
        self._value = re.compile(b"<" + p + b"v(?: [^<>]*)?>([^<]*)</" + p + b"v>")
        self._text = re.compile(b"<" + p + b"t(?: [^<>]*)?>([^<]*)</" + p + b"t>")
        self._phonetic = re.compile(b"<" + p + b"rPh[ >].*?</" + p + b"rPh>", re.DOTALL)
        self._formula = b"<" + prefix.encode() + b"f"
        self._plain = (b"<" + prefix.encode() + b"v>", b"</" + prefix.encode() + b"v>")

    def value(self, kind: str, inside: bytes) -> tuple[Raw, bool]:
        """(value, has a formula) of a cell's inside."""
        opening, closing = self._plain
        if kind in ("n", "s") and inside.startswith(opening) and inside.endswith(closing):
            bare = inside[len(opening) : -len(closing)]
            if bare.isdigit():
                return (SharedText(bare) if kind == "s" else int(bare)), False
        formula = self._formula in inside
        if kind == "inlineStr":
            texts = self._text.findall(self._phonetic.sub(b"", inside))
            return text_of(b"".join(texts)), formula
        found = self._value.search(inside)
        if found is None:
            return None, formula
        if kind == "str":
            return text_of(found[1]), formula
        return typed_value(kind, unescape(found[1].decode())), formula


def typed_value(kind: str, text: str) -> Raw:
    """A cell's value from its type letter and the text of ``v``."""
    if kind == "n":
        try:
            number = float(text)
        except ValueError:
            return text or None
        if not math.isfinite(number):
            return text
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    if kind == "s":
        return SharedText(text) if text.strip().isdigit() else None
    if kind == "b":
        return text.strip() in ("1", "true")
    if kind == "e":
        return CellError(text)
    if kind == "d":
        try:
            moment = datetime.fromisoformat(text.strip())
        except ValueError:
            return text
        return serial_from_date(moment.replace(tzinfo=None))
    return unescape_text(text)


def parsed_value(cell: ParsedCell) -> tuple[Raw, bool]:
    """(value, has a formula) of a cell that the parser read."""
    kind = cell.attributes.get("t", "n")
    formula = cell.formula is not None
    if kind == "inlineStr":
        return (None if cell.inline is None else unescape_text(cell.inline)), formula
    if cell.value is None:
        return None, formula
    return typed_value(kind, cell.value), formula


def refuse_unwritable(value: NewValue, where: str) -> None:
    """Raise EditError for a value that no cell can hold."""
    text = value if isinstance(value, str) else str(value) if isinstance(value, RichText) else ""
    # Excel counts UTF-16 units.
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 > LONGEST_TEXT:
        raise EditError(
            f"{where}: the text has {len(text):,} characters; a cell holds at most "
            f"{LONGEST_TEXT:,}. Shorten it."
        )
    if isinstance(value, float) and not math.isfinite(value):
        raise EditError(f"{where}: {value} is no number that a cell can hold; give a finite one.")
    if isinstance(value, Formula):
        if isinstance(value.cached, str):
            refuse_unwritable(value.cached, where)
        if not value.text or len(value.text) > 8192:
            raise EditError(f"{where}: a formula has 1 to 8,192 characters; check it.")
    known = (int, float, str, bool, date, Formula, RichText)
    if value is not None and not isinstance(value, known):
        raise EditError(
            f"{where}: a value of type {type(value).__name__} cannot be written; give a number, "
            "text, bool, date, None, Formula or RichText."
        )


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
    if isinstance(value, RichText):
        runs = "".join(_run(run, p) for run in value.runs if run.text)
        return "inlineStr", f"<{p}is>{runs or f'<{p}t></{p}t>'}</{p}is>"
    return "inlineStr", f"<{p}is>{_text(value, p)}</{p}is>"


def escape_formula(text: str) -> str:
    """A formula's text for ``f``, without a leading ``=``."""
    bare = text.removeprefix("=")
    return bare.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _number(value: int | float) -> str:
    if isinstance(value, int) and abs(value) >= 10**15:
        value = float(value)  # Excel keeps 15 digits; a longer integer is read as a float anyway
    return repr(value)


def _text(text: str, prefix: str) -> str:
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
        marks = f'<{p}rFont val="{escape_text(run.font)}"/>' + marks
    style = f"<{p}rPr>{marks}</{p}rPr>" if marks else ""
    return f"<{p}r>{style}{_text(run.text, p)}</{p}r>"


def replace_cell(tag: bytes, kind: str | None, inside: str, style: int | None, name: str) -> bytes:
    """A cell's XML from its old opening tag, with a new inside; other attributes stay.

    ``cm`` and ``vm`` belong to the old value (dynamic arrays, rich values) and go with it.
    """
    changes: dict[str, str | None] = {"t": kind, "cm": None, "vm": None}
    if style is not None:
        changes["s"] = str(style)
    edited = edit_tag(tag, changes)
    body = edited[:-2].rstrip() if edited.endswith(b"/>") else edited[:-1]
    if not inside:
        return body + b"/>"
    return body + b">" + inside.encode("utf-8", "surrogatepass") + f"</{name}>".encode()


def restyle_cell(raw: bytes, open_length: int, style: int) -> bytes:
    """A cell's XML with another style index and nothing else changed."""
    return edit_tag(raw[:open_length], {"s": str(style)}) + raw[open_length:]
