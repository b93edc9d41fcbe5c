"""The people of the chaos run: they open workbooks, save them, and close folders to others.

Why a saved file changes places with the old one in one step (``renameat2``): what it replaced is
then known for certain, and is judged too.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from chaos_books import Book, Library, owner_content, owner_file, sha
from chaos_ledger import Ledger, Saved
from chaos_machine import Disk, exchange_names

Later = Callable[[float, Callable[[], None]], None]  # in so many seconds, do this
SaveAs = Callable[[Book, str], None]


class People:
    """What people do to workbooks, at once or some time ``later``; all of it goes into a ledger."""

    def __init__(
        self, library: Library, disk: Disk, ledger: Ledger, rng: random.Random, later: Later
    ) -> None:
        self._library = library
        self._disk = disk
        self._folder = disk.place / "books"
        self._ledger = ledger
        self._rng = rng
        self._later = later
        self._version = {book.place: 0 for book in library.books}
        self._open: set[str] = set()
        self._closed: set[Path] = set()

    def open_one(self, book: Book) -> None:
        """Somebody opens a workbook and closes it again, without saving."""
        if book.held or book.place in self._open:
            return
        self._put_owner_file(book)
        self._later(self._rng.uniform(0.1, 3), lambda: self._take_owner_file(book))

    def close_folder(self, book: Book) -> None:
        """Nobody may write into a workbook's folder for a while."""
        folder = (self._folder / book.place).parent
        if folder in self._closed:
            return
        mode = folder.stat().st_mode
        folder.chmod(0o555)
        self._closed.add(folder)
        self._ledger.counts["folders closed"] += 1

        def open_again() -> None:
            folder.chmod(mode)
            self._closed.discard(folder)

        self._later(self._rng.uniform(0.1, 1.5), open_again)

    def save_one(self, books: list[Book]) -> None:
        """Somebody, or a synchronised folder, saves the next version of one of these workbooks."""
        book = next((each for each in books if self._next_version(each)), None)
        if book is None or book.place in self._open:
            return
        way = self._rng.choice(("synchronised", "synchronised", "Excel", "in place"))
        if way == "synchronised":
            self._exchange(book, way)
            return
        self._put_owner_file(book)
        save = self._exchange if way == "Excel" else self._overwrite
        # Nobody saves within half a second of opening: a save of ours that began before is over.
        self._later(self._rng.uniform(0.6, 1.5), lambda: self._save_and_close(book, way, save))

    def _save_and_close(self, book: Book, way: str, save: SaveAs) -> None:
        with suppress(OSError):
            save(book, way)
        self._later(self._rng.uniform(0, 0.5), lambda: self._take_owner_file(book))

    def _put_owner_file(self, book: Book) -> None:
        path = owner_file(self._folder / book.place)
        try:
            path.write_bytes(owner_content("Tormentor"))
        except OSError:  # the disk is full
            path.unlink(missing_ok=True)
            raise
        self._open.add(book.place)
        self._ledger.counts["owner files"] += 1

    def _take_owner_file(self, book: Book) -> None:
        owner_file(self._folder / book.place).unlink()
        self._open.discard(book.place)

    def _next_version(self, book: Book) -> int:
        """0 where there is no other."""
        version = self._version[book.place] + 1
        return version if version < len(book.old) else 0

    def _exchange(self, book: Book, way: str) -> None:
        version = self._next_version(book)
        path = self._folder / book.place
        beside = path.with_name(secrets.token_hex(4).upper())
        try:
            beside.write_bytes(self._library.version(book, version).read_bytes())
            beside.chmod(path.stat().st_mode & 0o777)
            replaced = exchange_names(beside, path)
        finally:
            beside.unlink(missing_ok=True)
        self._note_saved(book, version, replaced, way)

    def _overwrite(self, book: Book, way: str) -> None:
        if self._disk.is_full:
            return
        version = self._next_version(book)
        path = self._folder / book.place
        replaced = sha(path)
        with path.open("r+b") as file:
            file.truncate(0)
            file.write(self._library.version(book, version).read_bytes())
        self._note_saved(book, version, replaced, way)

    def _note_saved(self, book: Book, version: int, replaced: str, way: str) -> None:
        self._version[book.place] = version
        self._ledger.saved.append(Saved(book, version, replaced, way))
        self._ledger.counts[f"saved midway ({way})"] += 1
