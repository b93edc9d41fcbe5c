"""The codes of the findings about indicators: how serious each is, and its kind in words.

Error: something is wrong. Warning: somebody has to decide. Note: worth knowing.
"""

from __future__ import annotations

from xlgov.changes import Finding, FindingCodes, coded_finding

KIND = "kpi"
CODES: FindingCodes = {
    "figure-stale": ("error", "Figure disagrees with the readings"),
    "figure-formula-disagrees": ("error", "Formula disagrees with the readings"),
    "outcome-stale": ("warning", "Comparison disagrees with the readings"),
    "outcome-formula-disagrees": ("warning", "Comparison formula disagrees with the readings"),
    "figure-lost": ("warning", "Figure that can no longer be computed"),
    "figure-undefined": ("warning", "No windows without denominators"),
    "pages-disagree": ("error", "Pages disagree"),
    "month-heading-differs": ("warning", "Heading of another month"),
    "month-heading-unclear": ("warning", "Headings of different months"),
    "month-moves": ("note", "Dashboard that moves to another month"),
    "title-lags": ("warning", "Title of another month"),
    "readings-elsewhen": ("error", "Month without any reading"),
    "readings-newer": ("note", "Readings after the reporting month"),
    "year-end-disagrees": ("error", "Year to date and rolling 12 disagree at the year's end"),
    "indicator-without-readings": ("error", "On the dashboard without readings"),
    "baseline-differs": ("note", "Stated baseline differs from the year's figure"),
    "readings-missing": ("warning", "Dashboard without monthly readings"),
    "indicator-not-shown": ("note", "Readings that no dashboard shows"),
    "indicator-unknown": ("warning", "Settings for an unknown indicator"),
    "indicator-twice": ("error", "Readings of one indicator in two places"),
    "detail-missing": ("note", "On the dashboard without a detail page"),
    "reading-late": ("warning", "Readings that come late"),
    "reading-unreadable": ("error", "Reading that cannot be read"),
    "month-missing": ("warning", "Month without a reading"),
    "month-twice": ("error", "Month entered twice"),
    "month-unreadable": ("warning", "Month that cannot be read"),
    "readings-unclear": ("warning", "Readings that cannot be told apart"),
    "reading-breaks-history": ("warning", "Reading out of line with its history"),
    "parts-differ": ("error", "Parts that do not add up"),
    "part-missing": ("warning", "Part of a total that is not in its table"),
    "rate-above-one": ("error", "Rate above 100%"),
    "numerator-above-denominator": ("error", "Numerator above denominator"),
    "denominator-small": ("note", "Denominators too small for a rate"),
    "test-impossible": ("warning", "Comparison that its test cannot make"),
    "chart-short": ("note", "Few readings for a control chart"),
    "information-lags": ("warning", "Information sheet of an earlier month"),
    "information-missing": ("note", "Not on the information sheet"),
    "peers-unclear": ("warning", "Peer figures that cannot be read"),
    "derived-stale": ("error", "Derived figure disagrees with its parts"),
    "derived-formula-disagrees": ("error", "Derived formula disagrees with its parts"),
}


def make_finding(
    code: str,
    message: str,
    *,
    record: str = "",
    sheet: str = "",
    address: str = "",
    remedy: str = "",
    related: tuple[str, ...] = (),
) -> Finding:
    """A finding with the severity and title of its code; its message names the record first.

    >>> make_finding("reading-late", "no reading for Mar-18", record="Hate Crime").message
    'Hate Crime: no reading for Mar-18'
    """
    said = f"{record}: {message}" if record and not message.startswith(record) else message
    return coded_finding(
        CODES,
        code,
        said,
        record=record,
        sheet=sheet,
        address=address,
        remedy=remedy,
        related=related,
    )
