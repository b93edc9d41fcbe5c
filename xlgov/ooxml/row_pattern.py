"""One search for a whole plain row, made for the columns that are asked for.

Why: taken cell by cell, a cell costs a dozen steps of Python, and a register of 100,000 rows has
millions. A pattern that spells out the row's columns in their order takes all its cells in one step
and holds each of them to the common form on the way. It matches only rows that it understands
completely, so what it does not match is simply taken the other way.

Why branches with an empty end and not ``?``: inside a repeat the regex engine saves every group at
each step, which for a row of twenty columns takes longer than the search.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from xlgov.grid.cells import column_letters

GROUPS = 4  # of each column: attributes (None: no cell), formula, tag before content, content
_MOST_COLUMNS = 60
_WIDEST = 200  # the last column that is spelled out; a register is narrower


def row_pattern(prefix: str, columns: Collection[int]) -> re.Pattern[bytes] | None:
    """A pattern that matches a plain row; None where columns are too many or too far out.

    Its first group is the row's number, then come ``GROUPS`` for each column in order. The
    attributes of a self-closing cell end with a slash; content is the raw text of ``v`` or of the
    only ``t``, as the tag before it says, None where there is none.
    """
    order = sorted(columns)
    if not order or len(order) > _MOST_COLUMNS or order[-1] > _WIDEST:
        return None
    p = re.escape(prefix.encode())
    letters = {column: column_letters(column).encode() for column in range(1, order[-1] + 1)}
    formula = b"<%bf(?: [\\w:.-]+=\"[^\"<>&']*+\")* ?(?:/>|>[^<]*+</%bf>)" % (p, p)
    opened = b'(?:<%bv>|<%bis><%bt(?: xml:space="preserve"|)>)' % (p, p, p)
    closed = b"(?:</%bv>|</%bt></%bis>)" % (p, p, p)
    empty = b"<%bv ?/>" % p
    end = b"</%bc>" % p
    inside = b"(?:(?:%b|)(?:%b[^<]*+%b|%b|)%b|)" % (formula, opened, closed, empty, end)
    kept = b"(?:(%b|)(?:(%b)([^<]*+)%b|%b|)%b|)" % (formula, opened, closed, empty, end)

    def cell(name: bytes, attributes: bytes, rest: bytes) -> bytes:
        return b'<%bc r="%b\\1"%b>%b' % (p, name, attributes, rest)

    pieces = [b'<%brow r="([1-9][0-9]{0,6})"(?: [\\w:.-]+="[^"<>]*+")* ?>' % p]
    for column, name in letters.items():
        if column in columns:
            pieces.append(b"(?:%b|)" % cell(name, b"([^<>]*+)", kept))
        else:
            pieces.append(b"(?:%b|)" % cell(name, b"[^<>]*+", inside))
    own = b"(?!(?:%b)[0-9])" % b"|".join(letters[column] for column in order)
    pieces.append(b"(?:%b)*" % cell(own + b"[A-Z]{1,3}", b"[^<>]*+", inside))
    pieces.append(b"</%brow>\\s*" % p)
    return re.compile(b"".join(pieces))
