"""Lines of readings joined into series, one per indicator, wherever they stand.

Why by name over the whole workbook: numerators and denominators may have a sheet each, and so may
every financial year. Months that do not overlap join without a word; the same month in two places
is a finding, and the first place is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from xlgov.changes import Finding
from xlgov.kpi.codes import make_finding
from xlgov.kpi.line import Line, Spot
from xlgov.kpi.measure_words import Part, is_bare_total, part_in, read_part, theme_of_sheet
from xlgov.kpi.names import normal_name
from xlgov.kpi.period import Month
from xlgov.kpi.series import Place, Reading, Series
from xlgov.settings.values import Settings

Placed = tuple[Spot, Place]
_FRACTION_UP_TO = 1.0
_WORDS: dict[Part, str] = {"numerator": "numerators", "denominator": "denominators"}


def join_lines(
    lines: Sequence[Line], settings: Settings, findings: list[Finding]
) -> tuple[Series, ...]:
    """The series of all lines, in the order of their first cells; ``findings`` grow."""
    lines = [line for line in lines if _part_of(line) != "other"]
    own = {normal_name(name) for name in settings.indicators}
    names = {
        normal_name(other): normal_name(name)
        for name, rule in settings.indicators.items()
        for other in rule.names
        if normal_name(other) not in own
    }
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        groups.setdefault(_key(line, names), []).append(line)
    sheets = {line.sheet for line in lines}
    found = []
    for group in groups.values():
        series = _join(group, findings)
        if series is not None:
            if not series.theme and len(sheets) > 1:
                series.theme = theme_of_sheet(series.place.sheet)
            found.append(series)
    return tuple(found)


def _key(line: Line, names: Mapping[str, str]) -> tuple[str, str]:
    """What lines of one indicator have in common. A bare Total is one in every theme."""
    name = normal_name(line.name)
    return names.get(name, name), normal_name(line.theme) if is_bare_total(line.name) else ""


def _part_of(line: Line) -> Part:
    if line.part is None or (line.part == "value" and part_in(line.sheet)):
        return read_part_of_name(line) or part_in(line.sheet) or "value"
    return line.part


def read_part_of_name(line: Line) -> Part | None:
    """``other`` where a line is named nothing but Target, Mean or the like."""
    return "other" if read_part(line.name) == "other" else None


def _join(group: Sequence[Line], findings: list[Finding]) -> Series | None:
    parts: dict[Part, list[Line]] = {}
    for line in group:
        parts.setdefault(_part_of(line), []).append(line)
    ratio = [part for part in ("numerator", "denominator") if part in parts]
    first = group[0]
    if len(ratio) == 1 and not _without_partner(first.name, parts, findings):
        return None
    merged = {part: _merge(lines, findings) for part, lines in parts.items()}
    series = Series(
        first.name,
        first.place,
        next((line.theme for line in group if line.theme), ""),
        months=frozenset().union(*(line.months for line in group)),
        stated={key: text for line in reversed(group) for key, text in line.stated.items()},
    )
    values = merged.get("value", {})
    values = _of_one_kind(first.name, values, findings)
    tops, bottoms = merged.get("numerator", {}), merged.get("denominator", {})
    for month in sorted({*values, *tops, *bottoms}):
        if month in tops or month in bottoms:
            top, bottom = tops.get(month), bottoms.get(month)
            series.readings[month] = Reading(
                None,
                top[0].number if top else None,
                bottom[0].number if bottom else None,
                top[1] if top else None,
                bottom[1] if bottom else None,
            )
        else:
            spot, place = values[month]
            series.readings[month] = Reading(spot.number, None, None, place)
    plain = [spot for month, (spot, _) in values.items() if month not in tops]
    series.in_percent = any(spot.percent for spot in plain)
    return series


def _without_partner(name: str, parts: dict[Part, list[Line]], findings: list[Finding]) -> bool:
    """Report numerators without denominators, or the reverse; whether plain values remain."""
    part: Part = "numerator" if "numerator" in parts else "denominator"
    partner: Part = "denominator" if part == "numerator" else "numerator"
    lines = parts.pop(part)
    place = lines[0].place
    findings.append(
        make_finding(
            "readings-unclear",
            f"{name} has {_WORDS[part]} and no {_WORDS[partner]}; they are not used",
            record=name,
            sheet=place.sheet,
            address=place.address,
            remedy=f"Add its {_WORDS[partner]} under the same name",
        )
    )
    return bool(parts)


def _merge(lines: Sequence[Line], findings: list[Finding]) -> dict[Month, Placed]:
    """The spots of lines of one part; of a month in two places the first."""
    if len(lines) == 1:
        sheet = lines[0].sheet
        return {
            month: (spot, Place(sheet, spot.row, spot.column))
            for month, spot in lines[0].cells.spots.items()
        }
    merged: dict[Month, Placed] = {}
    kept: list[Line] = []
    for line in sorted(lines, key=_are_formulas):
        both = [month for month in line.cells.spots if month in merged]
        if both:
            equal = all(merged[month][0].number == line.cells.spots[month].number for month in both)
            if not (equal and _are_formulas(line)):
                other = next(one for one in kept if both[0] in one.cells.spots)
                findings.append(_twice(other, line, both, equal))
        for month, spot in line.cells.spots.items():
            if month not in merged:
                merged[month] = (spot, line.spot_place(spot))
        kept.append(line)
    return merged


def _are_formulas(line: Line) -> bool:
    """Whether every number of a line is computed, as in a copy that a chart is drawn from."""
    return line.grid is not None and all(
        line.grid.has_formula(spot.row, spot.column) for spot in line.cells.spots.values()
    )


def _twice(first: Line, second: Line, both: Sequence[Month], equal: bool) -> Finding:
    spelled = f" (there {second.name!r})" if second.name != first.name else ""
    months = min(both).name if len(both) == 1 else f"{min(both).name} to {max(both).name}"
    told = "equal" if equal else "different"
    return make_finding(
        "indicator-twice",
        f"{first.name} has readings at {first.place} and at {second.place}{spelled} for {months}, "
        f"{told} ones; the first are used",
        record=first.name,
        sheet=second.place.sheet,
        address=second.place.address,
        remedy="Remove one of them, or give two indicators two names",
        related=(str(first.place),),
    )


def _of_one_kind(
    name: str, values: dict[Month, Placed], findings: list[Finding]
) -> dict[Month, Placed]:
    """Values without those that are a percentage among plain numbers, or the reverse."""
    shown = [month for month, (spot, _) in values.items() if spot.percent]
    plain = [month for month, (spot, _) in values.items() if not spot.percent]
    if not shown or all(abs(values[month][0].number) <= _FRACTION_UP_TO for month in plain):
        return values
    odd = shown if len(shown) < len(plain) else plain
    for month in odd:
        spot, place = values[month]
        printed, other = ("a percentage", "plain numbers")
        if odd is plain:
            printed, other = "a plain number", "percentages"
        findings.append(
            make_finding(
                "reading-unreadable",
                f"{name} {month.name} is {printed} ({spot.number:g}) among {other}; it is not used",
                record=name,
                sheet=place.sheet,
                address=place.address,
                remedy="Write it as the others are written",
            )
        )
    return {month: placed for month, placed in values.items() if month not in odd}


def report_unread(lines: Iterable[Line]) -> list[Finding]:
    """A finding for every cell among readings that holds something else."""
    findings = []
    for line in lines:
        if _part_of(line) == "other":
            continue
        for row, column, value in line.cells.unread:
            place = Place(line.sheet, row, column)
            findings.append(
                make_finding(
                    "reading-unreadable",
                    f"{line.name} has {str(value)!r} where a number or n/a was expected; it "
                    "counts as no reading",
                    record=line.name,
                    sheet=line.sheet,
                    address=place.address,
                    remedy="Write the number, or n/a where there is none",
                )
            )
    return findings
