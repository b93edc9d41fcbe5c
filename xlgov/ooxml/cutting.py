"""A part's bytes cut at known places, without searching them."""

from __future__ import annotations

from collections.abc import Iterator

from xlgov.ooxml.scan import IrregularSheet


class Cutting:
    """A part's bytes given up to a place, or a length of them taken out."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = b""
        self._at = 0
        self.place = 0

    def until(self, stop: int) -> Iterator[bytes]:
        """The bytes from here to ``stop``; raises IrregularSheet where they end before."""
        while self.place < stop:
            if self._at == len(self._held):
                self._held, self._at = next(self._chunks, b""), 0
                if not self._held:
                    raise IrregularSheet
            end = min(len(self._held), self._at + stop - self.place)
            self.place += end - self._at
            piece, self._at = self._held[self._at : end], end
            yield piece

    def take(self, length: int) -> bytes:
        """So many bytes from here."""
        return b"".join(self.until(self.place + length))

    def rest(self) -> bytes:
        """All that is left."""
        return b"".join((self._held[self._at :], *self._chunks))
