"""A long part inflated in a thread, a little ahead of who takes its pieces.

Why: inflating leaves Python's lock to others, so on a second processor it costs a large sheet no
time at all. Why in long blocks: whoever takes the pieces holds that lock for milliseconds on end,
and a thread that asked for it at every short piece would only wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from queue import Queue
from threading import Event, Thread

BLOCK = 2 << 20  # bytes of a block that is made at once
_MOST_WAITING = 3  # blocks


def make_ahead(blocks: Iterator[bytes], chunk: int) -> Iterator[bytes]:
    """The same bytes in pieces of at most ``chunk``; an error comes after the pieces before it.

    Stopping early is allowed: the thread has ended when the iterator is closed.
    """
    waiting: Queue[bytes | BaseException | None] = Queue(_MOST_WAITING)
    is_left = Event()

    def make() -> None:
        end: BaseException | None = None
        try:
            for block in blocks:
                waiting.put(block)
                if is_left.is_set():
                    return
        except BaseException as error:  # it is raised where the pieces are taken
            end = error
        waiting.put(end)

    thread = Thread(target=make, name="xlgov inflates", daemon=True)
    thread.start()
    try:
        while isinstance(block := waiting.get(), bytes):
            for at in range(0, len(block), chunk):
                yield block[at : at + chunk]
        if block is not None:
            raise block
    finally:
        is_left.set()
        while thread.is_alive():  # it may wait for room
            while not waiting.empty():
                waiting.get()
            thread.join(0.001)
