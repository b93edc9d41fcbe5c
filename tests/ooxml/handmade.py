"""Workbooks written by hand: one plain package, and every oddity that files in the wild have."""

from __future__ import annotations

import broken_books
import odd_parts
import odd_rows
import odd_surroundings
import odd_xml
from odd_surroundings import a_table, with_chain
from plain_book import (
    BOOK,
    BOOK_RELS,
    HEAD,
    MAIN,
    MAKERS,
    REFUSED,
    REL,
    SHEET,
    STRICT_MAIN,
    STRINGS,
    STYLES,
    TYPES,
    Parts,
    plain,
    rels,
    swap,
    types,
    write_package,
)

ODDITIES = (odd_xml, odd_parts, odd_rows, odd_surroundings, broken_books)  # importing lists them

__all__ = [
    "BOOK",
    "BOOK_RELS",
    "HEAD",
    "MAIN",
    "MAKERS",
    "ODDITIES",
    "REFUSED",
    "REL",
    "SHEET",
    "STRICT_MAIN",
    "STRINGS",
    "STYLES",
    "TYPES",
    "Parts",
    "a_table",
    "plain",
    "rels",
    "swap",
    "types",
    "with_chain",
    "write_package",
]
