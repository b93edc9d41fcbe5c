"""What the search for registers asks with and answers with: vocabulary, layouts, records.

A domain states its vocabulary once (fields with their heading synonyms); ``grid.table`` and
``grid.form`` find where those fields stand. A record is then only addresses: reading and writing
a field goes through the same cell, whether the register is a table or a set of forms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

# What the cells under a heading must look like for the heading to mean a field. ``score``: a short
# mark (3, "3 - Likely", "Likely"); ``number``: the same with a figure in it; ``word``: the same
# without; ``text``: anything but figures; ``name``: a short label that tells records apart.
Holds = Literal["", "score", "number", "word", "text", "name", "date"]


class Field(NamedTuple):
    """One thing to find: its name in the domain and the headings that people give it.

    ``words`` are normalised headings (lower case, no punctuation, singular). A field that occurs
    once per assessment has a ``group`` (``inherent``, ``current``, ``future``) and its name is
    ``group.measure``; then ``words`` are those of the measure alone and the group's own words are
    looked for in the same heading or in the merged band above. ``needed`` fields make a register:
    without all of them a sheet is none.

    Earlier words are stronger: where two headings could be the same field, the earlier word wins.
    The empty word stands for the group's word alone (a column headed *Residual risk*). Fields may
    share a word; what the cells below hold (``holds``) then decides. A field may stand in the cell
    of another (``within``), as a date does in *Update 31 January 2017* under *Status*.
    What is assessed after it may be a group of its own (``leads_to``): scores to the right of the
    controls are the current ones where words leave it open.
    """

    name: str
    words: tuple[str, ...]
    group: str = ""
    needed: bool = False
    holds: Holds = ""
    within: str = ""
    leads_to: str = ""


def headed(name: str, words: str, *, needed: bool = False, holds: Holds = "") -> Field:
    """A field and the headings that people give it, strongest first, with a bar between them.

    >>> headed("owner", "action owner | owner | lead").words
    ('action owner', 'owner', 'lead')
    """
    listed = tuple(" ".join(word.split()) for word in words.split("|"))
    return Field(name, listed, needed=needed, holds=holds)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The fields of one kind of register, and the words of its groups.

    ``groups`` maps a group to its band words (``current``: current, residual, net ...). A word in
    two groups goes to the first that no plainer word of the same sheet has taken. A group that no
    field belongs to is recognised and left alone (*previous rating*).
    ``default_group`` takes the measures of a register with no bands at all.

    ``needed``: of every tuple at least one must be found; measures without their group
    (``impact``) must be found in one and the same group. Where nothing is measured, a record is a
    row in which the first needed field found and one field more are filled. ``fillers`` are words
    to leave out of a heading, step by step, until the rest is known. ``letters`` are the measures
    that a single letter may stand for, and ``sequences`` runs of letters that mean a run of
    measures; both count only beside other measures. ``family`` are measures that are one set, and
    count only where at least ``family_size`` of them stand together. ``subject`` are words that
    make a doubtful sheet worth asking about. Of the fields in ``brief`` the domain asks no more
    than whether they are filled, or what a short answer says: long texts in them need not be read.
    """

    kind: str
    fields: tuple[Field, ...]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    default_group: str = ""
    needed: tuple[tuple[str, ...], ...] = ()
    fillers: tuple[tuple[str, ...], ...] = ()
    letters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sequences: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    family: tuple[str, ...] = ()
    family_size: int = 4
    subject: tuple[str, ...] = ()
    brief: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Record:
    """One record's cells: field name to (row, column) of the cell that holds its value."""

    cells: Mapping[str, tuple[int, int]]
    row: int = 0  # a table's record: its row; the columns are shared with all other records
    columns: Mapping[str, int] = field(default_factory=dict)

    def at(self, name: str) -> tuple[int, int] | None:
        """Row and column of a field's cell; None where this register does not have the field."""
        if self.row:
            column = self.columns.get(name)
            return None if column is None else (self.row, column)
        return self.cells.get(name)


class Layout(NamedTuple):
    """A register that was found: where, how it is laid out, and its records in sheet order.

    ``headings`` maps each field found to its heading as printed (``Current / Likelihood``).
    ``grid`` columns needed to read it are ``columns`` (None: the sheet is small, read whole).
    """

    kind: str
    sheet: str
    form: Literal["table", "form"]
    headings: Mapping[str, str]
    records: Sequence[Record]
    header_rows: tuple[int, ...] = ()
    columns: frozenset[int] | None = None


class Unsure(NamedTuple):
    """A sheet that looks like a register but cannot be read with certainty; nothing is touched.

    ``seen`` are the headings seen, as (address, text). ``missing`` are needed fields not found.
    ``message`` says what was seen, what is missing or tied, and how to map it in settings.
    """

    kind: str
    sheet: str
    seen: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    message: str


class Search(NamedTuple):
    """The answer for a workbook: registers found, sheets to ask about, sheets left alone."""

    layouts: tuple[Layout, ...]
    unsure: tuple[Unsure, ...] = ()
    left_alone: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether no register was found."""
        return not self.layouts

    @property
    def sheets(self) -> tuple[str, ...]:
        """Sheets with a register, in book order."""
        return tuple(dict.fromkeys(layout.sheet for layout in self.layouts))
