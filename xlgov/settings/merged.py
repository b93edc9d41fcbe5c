"""Several statements as one Settings, and the problems between keys that are each well formed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from math import isqrt
from typing import Any

from xlgov.settings.performance import OF_ALL, judge_rules, merge_rules
from xlgov.settings.statement import Statement
from xlgov.settings.typed import is_rgb, suggest
from xlgov.settings.values import COLORS, Band, Settings

LARGEST_SCALE = 10  # scores of words, where the size of the scale is not stated
LARGEST_RATING = 10_000  # a band may be open upwards; gaps are not looked for beyond this


def merge_statements(statements: Sequence[Statement]) -> Settings:
    """One Settings of several statements, the nearest first."""
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for statement in reversed(statements):
        for key, value in statement.values.items():
            if isinstance(value, dict):
                values[key] = {**values.get(key, {}), **value}
            elif key == "accepted":
                values[key] = (*value, *values.get(key, ()))
            else:
                values[key] = value
        if "bands" in statement.values:  # bands are stated as a whole
            sources = {key: at for key, at in sources.items() if not key.startswith("bands.")}
        sources.update(statement.sources)
    if "bands" in values:
        values["bands"] = tuple(sorted(values["bands"], key=lambda band: band.lowest))
    rules, places = merge_rules(statements, values.pop(OF_ALL, {}))
    return Settings(**values, **rules, sources={**sources, **places})


def judge_settings(settings: Settings) -> Iterable[str]:
    """Problems between keys that are each well formed."""
    ratings = _ratings(settings)
    sources = settings.sources
    if settings.tolerance is not None:
        highest = max(ratings) if ratings else None
        if settings.tolerance < 1 or (highest is not None and settings.tolerance > highest):
            upper = f"1 to {highest}" if highest is not None else "1 or more"
            yield (
                f"{sources['tolerance']}: tolerance is {settings.tolerance}; expected {upper}, "
                "as the ratings run"
            )
    if settings.bands is not None:
        yield from _judge_bands(settings, settings.bands, ratings)
    size = len(settings.matrix) if settings.matrix else None
    for key in ("likelihood_words", "impact_words"):
        for word, score in getattr(settings, key).items():
            if not 1 <= score <= (size or LARGEST_SCALE):
                yield (
                    f"{sources[f'{key}.{word}']}: the score of {word!r} is {score}; "
                    f"expected 1 to {size or LARGEST_SCALE}"
                )
    yield from judge_rules(settings)


def _ratings(settings: Settings) -> list[int] | None:
    """Every rating that the stated scheme can give, ascending; None where it is not known."""
    if settings.matrix is None:
        return None
    scale = range(1, len(settings.matrix) + 1)
    if settings.scoring == "product":
        return sorted({a * b for a in scale for b in scale})
    if settings.scoring == "sum":
        return sorted({a + b for a in scale for b in scale})
    return sorted({rating for row in settings.matrix for rating in row})


def _judge_bands(
    settings: Settings, bands: Sequence[Band], ratings: list[int] | None
) -> Iterable[str]:
    sources = settings.sources
    highest = max(ratings) if ratings else None
    for band in bands:
        if band.lowest < 1 or (highest is not None and band.highest > highest):
            limits = f"1 to {highest}" if highest is not None else "1 or more"
            yield (
                f"{sources[f'bands.{band.name}']}: band {band.name!r} runs from {band.lowest} to "
                f"{band.highest}; expected {limits}, as the ratings run"
            )
        if not is_rgb(band.color) and band.color not in {**COLORS, **settings.colors}:
            names = [*{**COLORS, **settings.colors}]
            yield (
                f"{sources[f'bands.{band.name}.color']}: band {band.name!r} has the colour "
                f"{band.color!r}; expected RRGGBB such as 92D050 or a known name; "
                f"{suggest(band.color, names, 'names')}"
            )
    reached = bands[0]
    for band in bands[1:]:
        if band.lowest <= reached.highest:
            yield (
                f"{sources[f'bands.{band.name}']}: band {band.name!r} ({band.lowest} to "
                f"{band.highest}) overlaps {reached.name!r} ({reached.lowest} to "
                f"{reached.highest}); let one end below the other"
            )
        reached = max(reached, band, key=lambda b: b.highest)
    homeless = [
        rating
        for rating in (ratings or _likely_ratings(settings, reached.highest))
        if not any(band.lowest <= rating <= band.highest for band in bands)
    ]
    if homeless:
        shown = ", ".join(str(rating) for rating in homeless[:5])
        more = f" and {len(homeless) - 5} more" if len(homeless) > 5 else ""
        yield (
            f"{sources['bands']}: the bands leave a gap: no band holds {shown}{more}; "
            "extend a band so that every rating falls in one"
        )


def _likely_ratings(settings: Settings, top: int) -> Sequence[int]:
    """Ratings up to the highest band where no matrix says them.

    Products skip numbers (7 is none of a 5 x 5 scale's), so a gap there is none.
    """
    top = min(top, LARGEST_RATING)
    if settings.scoring == "product":
        scale = range(1, isqrt(top) + 1)
        return sorted({a * b for a in scale for b in scale})
    first = 2 if settings.scoring == "sum" else 1
    return range(first, top + 1)


def unknown_fields(settings: Settings, fields: Collection[str]) -> Iterable[str]:
    """Mapped columns of fields that no register has."""
    for name in settings.columns:
        if name not in fields:
            yield (
                f"{settings.sources[f'columns.{name}']}: unknown field {name!r}; "
                f"{suggest(name, fields, 'fields')}"
            )


def unknown_findings(settings: Settings, findings: Collection[str]) -> Iterable[str]:
    """Accepted findings of which there is no such kind."""
    for accepted in settings.accepted:
        if accepted.finding != "*" and accepted.finding not in findings:
            yield (
                f"{accepted.where}: unknown finding {accepted.finding!r}; "
                f"{suggest(accepted.finding, findings, 'findings')}"
            )
