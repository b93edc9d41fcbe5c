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
from xlgov.grid.sheet import BRIEF_LENGTH
from xlgov.ooxml.scan import COLUMN, ROW_NUMBER

GROUPS = 2  # of each column: attributes (None: no cell), and what is inside
_MOST_COLUMNS = 60
_PLAIN = b"[^<>x]*+"  # attributes that do not matter, but no xmlns
_WIDEST = 200  # the last column that is spelled out; a register is narrower


def row_pattern(
    prefix: str, columns: Collection[int], brief: Collection[int] = ()
) -> re.Pattern[bytes] | None:
    """A pattern that matches a plain row; None where columns are too many or too far out.

    Its first group is the row's number, then come ``GROUPS`` for each column in order. The
    attributes of a self-closing cell end with a slash; they are for the caller to check. Of a
    column in ``brief`` a long inline text is not taken out: its inside is None.
    """
    order = sorted(columns)
    if not order or len(order) > _MOST_COLUMNS or order[-1] > _WIDEST:
        return None
    p = re.escape(prefix.encode())
    letters = {column: column_letters(column).encode() for column in range(1, order[-1] + 1)}
    # The tags' common bracket stands before the branches, which then differ in their first letter.
    value = b"v(?:>[^<]*+</%bv>| ?/>)" % p
    text = b'%bis><%bt(?: xml:space="preserve"|)>[^<]*+</%bt></%bis>' % (p, p, p, p)
    # Array formulas and data tables are left out: an edit has to know of them.
    formula = b'%bf(?: (?!t="[ad])[\\w:.-]+="[^"<>&\']*+")* ?(?:/>|>[^<]*+</%bf>)' % (p, p)
    inside = b"(?:<(?:%b%b|%b|%b(?:<%b%b|))|)" % (p, value, text, formula, p, value)
    # It begins with a letter or figure, so it is known unread that it is no blank.
    long = b'<%bis><%bt(?: xml:space="preserve"|)>[A-Za-z0-9][^<]{%d}[^<]*+</%bt></%bis>' % (
        (p, p, BRIEF_LENGTH, p, p)
    )
    kept = {False: b"(%b)" % inside, True: b"(?:%b|(%b))" % (long, inside)}
    end = b"</%bc>" % p

    def cell(name: bytes, attributes: bytes, content: bytes) -> bytes:
        return b'<%bc r="%b\\1"%b>(?:%b%b|)' % (p, name, attributes, content, end)

    def other(name: bytes) -> bytes:
        return cell(name, _PLAIN, inside)

    pieces = [b'<%brow r="(%b)"(?: (?!xmlns)[\\w:.-]+="[^"<>]*+")* ?>' % (p, ROW_NUMBER)]
    for column, name in letters.items():
        if column in columns:
            pieces.append(b"(?:%b|)" % cell(name, b"([^<>]*+)", kept[column in brief]))
        else:
            pieces.append(b"(?:%b|)" % other(name))
    own = b"(?!(?:%b)[0-9])" % b"|".join(letters[column] for column in order)
    pieces.append(b"(?:%b)*" % other(own + COLUMN))
    pieces.append(b"</%brow>\\s*" % p)
    return re.compile(b"".join(pieces))
