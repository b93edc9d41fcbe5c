"""The collector of cyclic garbage, asked to come less often while a workbook is open.

Why: a register of 100,000 rows becomes a million objects, next to none of them in cycles, and the
collector's default is to look at them again and again: measured, a sixth of the time of a refresh.
What has no cycle is freed at once all the same.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_NEW_OBJECTS = 300_000  # between two rounds; the interpreter's default is some hundreds


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """For the time of a ``with``. A collector that is off, or rarer still, is left alone."""
    first, *others = gc.get_threshold()
    if not 0 < first < _NEW_OBJECTS:
        yield
        return
    gc.set_threshold(_NEW_OBJECTS, *others)
    try:
        yield
    finally:
        gc.set_threshold(first, *others)
