"""Force demand risks: functions with a label and a score for a year or two, and what is done.

Why tables are joined: scores stand in one table, owners and mitigation in a summary of their own,
and only the area's code or name leads from one to the other. Why no scores are computed: they come
from another process, and the paper only reports them.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlgov.changes import BoardItem, FindingCodes
from xlgov.grid.records import Search
from xlgov.grid.sheet import Workbook
from xlgov.settings.values import Settings
from xlgov.tracker.demand_reading import Area, closest, join_areas, read_areas, readable_tables
from xlgov.tracker.demand_scale import DemandScale, choose_scale
from xlgov.tracker.entry import Entry
from xlgov.tracker.examination import Examination
from xlgov.tracker.headings import DEMAND as VOCABULARY
from xlgov.tracker.kind import Row, Tracker

CODES: FindingCodes = {
    "demand-label-differs": ("warning", "Label that does not fit its score"),
    "demand-label-assumed": ("note", "Label at a score that the papers never print"),
    "demand-label-unknown": ("warning", "Label that is not of the scale"),
    "demand-score-beyond": ("warning", "Demand score beyond the scale"),
    "demand-score-missing": ("note", "Demand risk without a score"),
    "demand-scores-differ": ("warning", "Same area and year with two scores"),
    "demand-not-in-summary": ("warning", "Above tolerance and not in the summary"),
    "demand-no-owner": ("warning", "Demand risk above tolerance without an owner"),
    "demand-no-mitigation": ("warning", "Demand risk above tolerance without mitigation"),
}

_LABEL_COLORS = ("green", "yellow", "amber", "red", "dark red")


def keep_demand(workbook: Workbook, found: Search) -> Search:
    """Without tables of functions that have no scores of demand, and no summary of such."""
    return found._replace(layouts=readable_tables(workbook, found.layouts))


def list_scores(
    workbook: Workbook, settings: Settings, registers: list[list[Entry]]
) -> Iterator[Row]:
    """Label and score of each line by year, as ``score_2019_20``; ``score`` without a year."""
    for register in registers:
        for area in read_areas(register):
            row: Row = {}
            for year, each in area.scores.items():
                end = f"_{year}_{(year + 1) % 100:02d}" if year else ""
                row |= {f"label{end}": each.label or None, f"score{end}": each.score}
            yield row


def examine(examination: Examination) -> None:
    """Labels, movement, tolerance, and who does what about those above it."""
    areas = [area for register in examination.registers for area in read_areas(register)]
    labels = [each.label for area in areas for each in area.scores.values() if each.label]
    scale = choose_scale(labels, examination.settings)
    if scale is None:
        said = ", ".join(dict.fromkeys(labels)) or "none"
        examination.remarks.append(f"Labels are not of the scale known here ({said}): left alone")
        return
    examination.tolerance = scale.limit
    for area in areas:
        _check_scores(examination, area, scale)
    joined = join_areas(areas)
    for group in joined:
        _check_years(examination, group)
    _say_movement(examination, joined)
    _check_above(examination, joined, scale)


def _check_scores(examination: Examination, area: Area, scale: DemandScale) -> None:
    for each in area.scores.values():
        band = None if each.score is None else scale.band(each.score)
        named = scale.named(each.label) if each.label else None
        if band is not None:
            for name in {each.label_field, each.score_field}:
                examination.shade(area.entry, name, f"demand-{band.color.replace(' ', '-')}")
        if each.score is not None and band is None:
            highest = max(one.highest for one in scale.bands)
            said = f"has a score of {each.score}; the scale ends at {highest}"
            examination.find("demand-score-beyond", area.entry, each.score_field, said)
        elif each.label and named is None:
            known = ", ".join(one.name for one in scale.bands)
            said = f"has the label {each.label}; expected {known}"
            examination.find("demand-label-unknown", area.entry, each.label_field, said)
        elif each.score is not None and band is not None and named not in (None, band):
            certain = scale.is_printed(each.score)
            code = "demand-label-differs" if certain else "demand-label-assumed"
            more = "" if certain else " by edges that are assumed"
            said = f"is {each.label} at {each.score}{each.of_year}; {each.score} is {band.name}"
            examination.find(code, area.entry, each.label_field, f"{said}{more}")


def _check_years(examination: Examination, group: list[Area]) -> None:
    """The same area and year in two tables."""
    first: dict[int, tuple[Area, int]] = {}
    for area in group:
        for year, each in area.scores.items():
            if each.score is None or not year:
                continue
            other, score = first.setdefault(year, (area, each.score))
            if score != each.score:
                where = f"{other.entry.sheet}!{other.entry.address(other.scores[year].score_field)}"
                said = f"has {each.score}{each.of_year} here and {score} in {where}"
                examination.find(
                    "demand-scores-differ", area.entry, each.score_field, said, related=(where,)
                )


def _say_movement(examination: Examination, joined: list[list[Area]]) -> None:
    """How many went up, down or stayed, and which."""
    moved: dict[str, list[str]] = {"up": [], "down": [], "the same": []}
    for group in joined:
        scores = {
            year: each.score
            for area in group
            for year, each in area.scores.items()
            if year and each.score is not None
        }
        if len(scores) > 1:
            *_, before, now = (scores[year] for year in sorted(scores))
            way = "up" if now > before else "down" if now < before else "the same"
            moved[way].append(f"{group[0].name} {before} to {now}")
    for way, names in moved.items():
        examination.counts[way] += len(names)
        if names:
            examination.remarks.append(f"{way.capitalize()}: {', '.join(names)}")


def _check_above(examination: Examination, joined: list[list[Area]], scale: DemandScale) -> None:
    summarised = [group for group in joined if any(area.says_what_is_done for area in group)]
    has_owners = any(area.entry.has("owner") for group in joined for area in group)
    has_mitigation = any(area.entry.has("mitigation") for group in joined for area in group)
    latest = max((year for group in joined for a in group for year in a.scores), default=0)
    for group in joined:
        scored = [a for a in group if (each := a.scored(latest)) and each.score is not None]
        if not scored:
            if group in summarised and not any(area.has_score for area in group):
                said = "is in the summary and has no score in any table"
                examination.find("demand-score-missing", group[0].entry, "function", said)
            continue
        area = scored[0]
        now = area.scored(latest)
        score = now.score if now else None
        if now is None or score is None or not scale.is_above(score):
            continue
        entry = area.entry
        place = entry.address(now.score_field)
        label = next((each.label for each in group if each.code), area.label)
        above = BoardItem(label, score, entry.sheet, place, field=now.score_field)
        examination.board.append(above)
        if not has_owners and not has_mitigation:
            continue
        if not any(each.is_in_summary for each in group):
            near = closest(area, summarised)
            hint = f"; {near} may be the same area" if near else ""
            said = f"is above tolerance at {score} and is not in the summary of mitigation{hint}"
            remedy = "Give the area the same name or code in both, or add it to the summary"
            examination.find("demand-not-in-summary", entry, "function", said, remedy)
            continue
        _check_answered(examination, group, score, (has_owners, has_mitigation))


def _check_answered(
    examination: Examination, group: list[Area], score: int, asked: tuple[bool, bool]
) -> None:
    place = next((area.entry for area in group if area.is_in_summary), group[0].entry)
    for wanted, name, code, what in (
        (asked[0], "owner", "demand-no-owner", "no owner"),
        (asked[1], "mitigation", "demand-no-mitigation", "no mitigation"),
    ):
        if wanted and not any(area.entry.says(name) for area in group):
            examination.find(code, place, name, f"is above tolerance at {score} and has {what}")


DEMAND = Tracker(
    "demand",
    "Force demand risk",
    "line",
    VOCABULARY,
    CODES,
    examine,
    shades={f"demand-{color.replace(' ', '-')}": color for color in _LABEL_COLORS},
    reference="function",
    refine=keep_demand,
    describe=list_scores,
)
