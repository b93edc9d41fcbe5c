"""Exit codes that several commands give."""

from __future__ import annotations

NOTHING_RECOGNISED = 4
WORST_FIRST = (3, 2, NOTHING_RECOGNISED, 1, 0)
