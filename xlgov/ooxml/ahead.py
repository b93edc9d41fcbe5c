"""The next pieces of a stream made in a thread while the caller works on the last.

Why: inflating leaves the interpreter free, so that a second processor can do it; a sheet is read
in the time that the slower of the two takes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import islice

_AHEAD = 4  # pieces held at most; with as many first ones the stream is not worth a thread


def run_ahead(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces. What making them raises comes through; stopping early is allowed."""
    first = list(islice(pieces, _AHEAD))
    yield from first
    if len(first) < _AHEAD:
        return
    from concurrent.futures import ThreadPoolExecutor  # here: small workbooks start without

    with ThreadPoolExecutor(1) as pool:
        waiting = deque(pool.submit(next, pieces, b"") for _ in range(_AHEAD))
        while piece := waiting.popleft().result():
            waiting.append(pool.submit(next, pieces, b""))
            yield piece
