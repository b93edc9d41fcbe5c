"""The same figure in two dashboards: one indicator, one month, one column, two values.

Why the coarser of two precisions: 82.5 on one page and 83 on another are the same figure. A copy
of a dashboard under the same name elsewhere is another version of it, and may differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from xlgov.changes import Finding, FindingCodes, coded_finding
from xlgov.kpi.number_format import rounded, show_number
from xlgov.review.file_records import Figure, FileRecords

_Key = tuple[str, str, str]


def check_figures(
    files: Sequence[FileRecords], names: Mapping[str, str], codes: FindingCodes
) -> Iterator[tuple[str, Finding]]:
    """Figures that an earlier file of the run gives another value, with the path of the file."""
    first: dict[_Key, list[tuple[FileRecords, Figure]]] = {}
    for file in files:
        for key, figure in _single(file.figures).items():
            others = first.setdefault(key, [])
            for other, earlier in others:
                if _is_version(file, other) or not _same_theme(figure, earlier):
                    continue
                if not _agree(figure, earlier):
                    yield file.path, _differs(figure, other, earlier, names, codes)
                break
            others.append((file, figure))


def _single(figures: Iterable[Figure]) -> dict[_Key, Figure]:
    """The figures by what they are; one that a file itself gives two values is left out."""
    found: dict[_Key, Figure | None] = {}
    for figure in figures:
        key = figure.indicator, figure.month, figure.column
        known = found.setdefault(key, figure)
        if known is not None and not _agree(known, figure):
            found[key] = None
    return {key: figure for key, figure in found.items() if figure is not None}


def _is_version(one: FileRecords, other: FileRecords) -> bool:
    return Path(one.path).name.casefold() == Path(other.path).name.casefold()


def _same_theme(one: Figure, other: Figure) -> bool:
    return not one.theme or not other.theme or one.theme == other.theme


def _agree(one: Figure, other: Figure) -> bool:
    places = min(one.places, other.places)
    return rounded(one.shown, places) == rounded(other.shown, places)


def _differs(
    figure: Figure,
    other: FileRecords,
    earlier: Figure,
    names: Mapping[str, str],
    codes: FindingCodes,
) -> Finding:
    return coded_finding(
        codes,
        "figure-differs-between-files",
        f"{figure.label}, {figure.column}, {figure.month}: "
        f"{show_number(figure.shown, figure.places)} here, "
        f"{show_number(earlier.shown, earlier.places)} in {names[other.path]}",
        record=figure.label,
        sheet=figure.place.sheet,
        address=figure.place.address,
        remedy="Find out which of the two is right, and correct the other",
        related=(f"{names[other.path]}!{earlier.place}",),
    )
