"""What a register must have to be one, asked of a vocabulary."""

from __future__ import annotations

from collections.abc import Mapping

from xlgov.grid.records import Vocabulary


def needed_plain(vocabulary: Vocabulary) -> frozenset[str]:
    """Needed fields that are no measure: those that tell one record from another."""
    plain = {f.name for f in vocabulary.fields if not f.group}
    return frozenset(name for names in vocabulary.needed for name in names if name in plain)


def needed_measures(vocabulary: Vocabulary) -> tuple[tuple[str, ...], ...]:
    """What a rating is made from: of every tuple, one measure must be found."""
    plain = {f.name for f in vocabulary.fields if not f.group}
    return tuple(names for names in vocabulary.needed if plain.isdisjoint(names))


def factors_of(vocabulary: Vocabulary) -> tuple[str, ...]:
    """All measures that a rating may be made from."""
    return tuple(name for names in needed_measures(vocabulary) for name in names)


def missing_from(found: Mapping[str, object], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Needed fields that were not found; measures must come together in one group."""
    missing = [f.name for f in vocabulary.fields if f.needed and f.name not in found]
    measures = needed_measures(vocabulary)
    for names in vocabulary.needed:
        if names not in measures and not any(name in found for name in names):
            missing.append(names[0])
    own = {f.group: None for f in vocabulary.fields if f.group}
    lacks = [
        [
            f"{group}.{names[0]}"
            for names in measures
            if not any(f"{group}.{name}" in found for name in names)
        ]
        for group in own
    ]
    if lacks and all(lacks):
        fewest = min(map(len, lacks))
        default = [lack for lack in lacks if len(lack) == fewest]
        missing += next(
            (x for x in default if x[0].startswith(vocabulary.default_group + ".")), default[0]
        )
    return tuple(missing)
