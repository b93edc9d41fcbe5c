"""Leads of actions and plans who are not in the list of leads that stands in one of the files.

Why half of them must be in it: a list is only of the people that a plan knows if it knows most of
them. One list of initials says nothing of a log that gives organisations.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from xlgov.changes import Finding, FindingCodes, coded_finding
from xlgov.review.file_records import FileRecords, Lead


def check_leads(
    files: Sequence[FileRecords], names: Mapping[str, str], codes: FindingCodes
) -> Iterator[tuple[str, Finding]]:
    """Leads that no list has, with the path of their file. Its own list goes before all others."""
    lists = [file for file in files if file.leads_place is not None]
    for file in files:
        chosen = [file] if file.listed_leads else lists
        known = frozenset().union(file.listed_leads, *(each.listed_leads for each in chosen))
        named = {lead.words for lead in file.leads}
        strange = {words for words in named if not _is_known(words, known)}
        if not chosen or not strange or len(strange) * 2 > len(named):
            continue
        said: set[tuple[str, str]] = set()
        for lead in file.leads:
            if lead.words in strange and (lead.words, lead.record) not in said:
                said.add((lead.words, lead.record))
                yield file.path, _strange(lead, chosen, names, codes)


def _is_known(words: str, known: Collection[str]) -> bool:
    """Whether a list has this lead, or each of several whose initials stand side by side."""
    return words in known or all(word in known for word in words.split())


def _strange(
    lead: Lead, lists: Sequence[FileRecords], names: Mapping[str, str], codes: FindingCodes
) -> Finding:
    return coded_finding(
        codes,
        "lead-not-listed",
        f"{lead.record} is led by {lead.text}, not in the list of leads in "
        f"{' or '.join(names[each.path] if each.leads_place else 'settings' for each in lists)}",
        record=lead.record,
        sheet=lead.place.sheet,
        address=lead.place.address,
        remedy="Correct the lead, or add it to the list",
        related=tuple(
            f"{names[each.path]}!{each.leads_place}" for each in lists if each.leads_place
        ),
    )
