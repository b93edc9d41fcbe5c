"""Which of an engine's values are taken, and why the others are not.

``shown`` is what the file shows; ``old`` and ``new`` are what the engine gives for the file as it
is and as changed. In the order of the questions: does it show the new value already; is the formula
one that engines calculate differently; can the engine calculate it at all; does the change alter
it; did the engine agree with the file before (``update`` says when this proves nothing).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from math import isclose

from xlgov.grid.cells import CellError, Value
from xlgov.recalculation.dependence import Place
from xlgov.recalculation.formulas_of import WorkbookFormulas
from xlgov.recalculation.left_alone import Left

# Engines add in different orders, and LibreOffice writes 15 figures of the 17 that a number has.
_CLOSE = 1e-12
_ENGINE_ERROR = re.compile(r"Err:\d{3}")

Shown = Mapping[Place, Value]


@dataclass(slots=True)
class Judgement:
    """The values taken, by place, and the formulas left alone."""

    taken: dict[Place, Value] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)


def judge(
    formulas: WorkbookFormulas,
    reached: Collection[Place],
    shown: Shown,
    old: Shown,
    new: Shown,
    engine: str,
    certain: Collection[Place],
) -> Judgement:
    """Judge every formula of ``shown``. ``reached`` are those that the changes may alter.

    ``certain`` are those whose value is taken although the file does not vouch for the engine.
    """
    waits = formulas.calculation.is_due
    doubtful = formulas.behind_obstacles()
    failed = {at for at in shown if _fails(shown[at], old.get(at), new.get(at))}
    behind_failed = formulas.dependence.reached(failed) - failed
    # As libraries write them that cannot calculate: nothing stored, or 0 throughout the workbook.
    unshown = {at for at in shown if not formulas.cells[at].has_value}
    if waits and all(is_same(each, 0) or each in (None, "") for each in shown.values()):
        unshown = set(shown)
    unshown -= doubtful
    done = Judgement()

    def leave(at: Place, why: str) -> None:
        if at in reached:
            done.left.append(Left(at, why, True))

    for at, before in shown.items():
        obstacle = formulas.obstacle(at)
        if formulas.cells[at].fills.cell_count > 1:  # the other cells cannot be judged by the first
            leave(at, obstacle)
            continue
        if at not in old or at not in new:
            leave(at, obstacle or f"{engine} does not read as formulas")
            continue
        was, now = _typed(old[at], old[at], before), _typed(new[at], old[at], before)
        alters = not is_same(was, now)
        if is_same(now, before) and at not in behind_failed:
            continue
        if obstacle:
            if alters or waits:
                leave(at, obstacle)
        elif at in failed:
            leave(at, f"{engine} cannot calculate (it gives {now})")
        elif at in behind_failed:
            leave(at, f"look at others that {engine} cannot calculate")
        elif _is_error(now) or not (alters or waits):
            continue  # an error that is there already, by whatever name
        elif is_same(was, before) or at in certain or at in unshown:
            done.taken[at] = now
        else:
            why = f"come out differently in {engine} even before any change"
            done.left.append(Left(at, why, at in reached))
    return done


def is_same(one: Value, other: Value) -> bool:
    """Whether two values are the same but for how engines round; "" and a blank are.

    >>> is_same(1 / 3, 0.333333333333333), is_same(True, 1), is_same("", None)
    (True, False, True)
    """
    if one in (None, "") or other in (None, ""):
        return one in (None, "") and other in (None, "")
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return isclose(one, other, rel_tol=_CLOSE, abs_tol=_CLOSE)
    return one == other


def _is_error(value: Value) -> bool:
    if isinstance(value, str):
        return _ENGINE_ERROR.fullmatch(value) is not None
    return isinstance(value, CellError)


def _fails(before: Value, was: Value, now: Value) -> bool:
    """Whether the engine gives an error that the file does not have.

    An error that both have, and that goes by different names in both, is none.
    """
    if not _is_error(now) or is_same(before, now):
        return False
    return not (isinstance(before, CellError) and is_same(was, now))


def _typed(value: Value, old: Value, before: Value) -> Value:
    """An engine's value in the type that the cell shows.

    LibreOffice writes TRUE as 1 where the cell has a number format of its own.
    """
    if isinstance(before, bool) and not isinstance(old, bool) and value in (0, 1):
        return bool(value)
    if isinstance(before, int | float) and not isinstance(before, bool) and isinstance(old, bool):
        return int(value) if isinstance(value, bool) else value
    return value
