"""The folder of the chaos run: workbooks as an office has them, and what a refresh makes of each.

Why the truth is found beforehand: of every version of every workbook, also of those that somebody
will save midway, an undisturbed refresh of a copy says what its new self is, byte for byte.
"""

from __future__ import annotations

import hashlib
import io
import os
import random
import re
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import xlsxwriter

ROOT = Path(__file__).parents[2]
SETTINGS = "xlgov.toml"
REFRESH = (sys.executable, "-m", "xlgov", "refresh")
JUDGING = ("--as-of", "2018-06-01")  # so that midnight changes nothing

_FOLDERS = ("", "Force North", "Région Île-de-France", "2017-18/Q4 (final)", "deep/er/still")
_WITH_SETTINGS = ("Force North", "2017-18/Q4 (final)")
_NAMES = (
    "Risk register {:04}.xlsx", "Registre des risques – été {:04}.xlsx", "Maßnahmen {:04}.xlsx",
    "a'b & c, 100% #{:04}.xlsx", "リスク {:04}.xlsx", "risks_{:04}.XLSX",
    "{:04} " + 150 * "x" + ".xlsx",
)  # fmt: skip
_SAMPLES = (
    (2, "performance-dashboard"), (12, "strategic-risk-register"),
    (12, "strategic-risk-register-table"), (10, "force-demand-risk"), (5, "panel-registers"),
    (10, "action-log"), (4, "actions-from-minutes"), (3, "delivery-plan-2017-11"),
    (3, "delivery-plan-2018-05"), (5, "finance-and-workforce"),
)  # fmt: skip
_MADE = ((26, "register"), (4, "rota"), (4, "budget"), (4, "broken"))
_FORMS: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")  # of accents: Windows', and macOS's
_SAVED_MIDWAY = (0, 0, 0, 0, 0, 0, 1, 1, 2)  # how many more versions of a workbook there will be
_PLAIN_NUMBER = re.compile(rb'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?><v>)([1-4])(</v></c>)')


@dataclass(slots=True)
class Book:
    """A workbook by its place in the folder; its versions and what a refresh makes of each.

    ``old`` and ``new`` are SHA-256 by version: 0 is there at the beginning, the others are saved
    midway. ``held``: "read-only" or "locked" from beginning to end, "linked" where the place is a
    symbolic link, else "".
    """

    place: str
    kind: str
    held: str = ""
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Library:
    """All workbooks, and the folders in which their versions are kept, before and after."""

    books: list[Book]
    kept: Path

    def version(self, book: Book, number: int) -> Path:
        return self.kept / f"old-{number}" / book.place

    def refreshed(self, book: Book, number: int) -> Path:
        return self.kept / f"new-{number}" / book.place

    @property
    def size(self) -> int:
        return sum(self.version(book, 0).stat().st_size for book in self.books)


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def make_library(kept: Path, number: int, seed: int) -> Library:
    """So many workbooks in ``kept``, their versions, and what each of them becomes."""
    rng = random.Random(seed)
    library = Library([], kept)
    right: list[Book] = []
    versions = 0
    for index, (place, held) in enumerate(_places(rng, number)):
        kind = _drawn(rng, (*_SAMPLES, *_MADE))
        book = Book(place, kind, held)
        library.books.append(book)
        more = 0 if held else rng.choice(_SAVED_MIDWAY)
        for version in range(1 + more):
            path = library.version(book, version)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_content(rng, kind, f"{index}-{version}"))
        versions = max(versions, 1 + more)
        if kind != "broken" and not held and rng.random() < 0.12:
            right.append(book)
    _make_right(library, right)
    for version in range(versions):
        _add_settings(kept / f"old-{version}")
        _refresh_copy(kept / f"old-{version}", kept / f"new-{version}")
    for book in library.books:
        while (path := library.version(book, len(book.old))).exists():
            book.new.append(sha(library.refreshed(book, len(book.old))))
            book.old.append(sha(path))
    return library


def _make_right(library: Library, right: list[Book]) -> None:
    """Workbooks that are right already: what a refresh has left."""
    folder = library.kept / "right"
    for book in right:
        (folder / book.place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(library.version(book, 0), folder / book.place)
    if right:
        _add_settings(folder)
        _refresh_in_place(folder)
    for book in right:
        shutil.copy2(folder / book.place, library.version(book, 0))


def _refresh_copy(old: Path, new: Path) -> None:
    shutil.copytree(old, new)
    _refresh_in_place(new)


def _refresh_in_place(folder: Path) -> None:
    command = [*REFRESH, str(folder), "--jobs", "2", "--no-backup", *JUDGING]
    done = subprocess.run(command, capture_output=True, text=True, env=environment())
    if done.returncode not in (0, 3, 4):  # 3: the broken ones, 4: none that is a register
        raise SystemExit(f"the undisturbed refresh ended with {done.returncode}:\n{done.stderr}")


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def _add_settings(folder: Path) -> None:
    for name in _WITH_SETTINGS:
        if (folder / name).is_dir():
            (folder / name / SETTINGS).write_text("as_of = 2017-02-06\n", encoding="utf-8")


def lay_out(library: Library, folder: Path, elsewhere: Path) -> None:
    """The folder as it is when the run begins. What links lead to is put ``elsewhere``."""
    shutil.copytree(library.kept / "old-0", folder)
    elsewhere.mkdir()
    for book in library.books:
        path = folder / book.place
        if book.held == "read-only":
            path.chmod(0o444)
        elif book.held == "locked":
            owner_file(path).write_bytes(owner_content("Anna Board"))
        elif book.held == "linked":
            path.rename(elsewhere / path.name)
            path.symlink_to(os.path.relpath(elsewhere / path.name, path.parent))
        else:
            path.chmod(0o640 if len(book.place) % 2 else 0o664)


def owner_file(path: Path) -> Path:
    """What Excel puts beside a workbook that somebody has open."""
    return path.with_name(f"~${path.name}")


def owner_content(name: str) -> bytes:
    narrow, wide = name.encode("cp1252"), name.encode("utf-16-le")
    first = bytes([len(narrow)]) + narrow.ljust(54)
    return first + len(name).to_bytes(2, "little") + wide.ljust(108, b" ")


def _drawn(rng: random.Random, weighted: tuple[tuple[int, str], ...]) -> str:
    weights = [weight for weight, _ in weighted]
    return rng.choices([name for _, name in weighted], weights)[0]


def _places(rng: random.Random, number: int) -> Iterator[tuple[str, str]]:
    """Places below the folder, and how each is held. Two of them differ only in case."""
    for index in range(number):
        held = rng.choices(("", "read-only", "locked", "linked"), (94, 2, 2, 2))[0]
        folder = "links" if held == "linked" else rng.choice(_FOLDERS)
        name = rng.choice(_NAMES).format(index)
        if index in (0, 1):
            folder, name, held = "", ("PAIR.xlsx", "pair.xlsx")[index], ""
        yield unicodedata.normalize(rng.choice(_FORMS), os.path.join(folder, name)), held


def _content(rng: random.Random, kind: str, mark: str) -> bytes:
    maker = _MAKERS.get(kind)
    if maker is not None:
        return maker(rng, mark)
    return _varied((ROOT / "workbooks" / f"{kind}.xlsx").read_bytes(), rng, mark)


def _varied(content: bytes, rng: random.Random, mark: str) -> bytes:
    """A sample with some of its scores otherwise, and a mark that makes its bytes its own."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            part = old.read(entry)
            if entry.filename.startswith("xl/worksheets/sheet"):
                part = _PLAIN_NUMBER.sub(lambda found: _another_score(found, rng), part)
            elif entry.filename == "docProps/core.xml":
                end = b"</cp:coreProperties>"
                said = f"<cp:contentStatus>Draft {mark}</cp:contentStatus>".encode()
                part = part.replace(end, said + end)
            new.writestr(entry, part, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _another_score(found: re.Match[bytes], rng: random.Random) -> bytes:
    if rng.random() > 0.1:
        return found[0]
    return found[1] + str(rng.randint(1, 4)).encode() + found[3]


def _sheet_of(title: str, rows: list[list[object]], mark: str) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.set_properties({"status": f"Draft {mark}"})
        sheet = book.add_worksheet(title.split()[-1].capitalize())
        sheet.write("A1", title)
        for number, row in enumerate(rows, start=2):
            sheet.write_row(number, 0, row)
    return made.getvalue()


def _register(rng: random.Random, mark: str) -> bytes:
    """A small register, its ratings those of the published ranks but for some that are stale."""
    order = sorted((a + b, b) for a in range(1, 6) for b in range(1, 6))
    rows: list[list[object]] = [
        ["Ref", "Risk description", "Likelihood", "Impact", "Risk score", "Risk owner"]
    ]
    for number, (_, b) in enumerate(rng.sample(order, 20), start=1):
        a = rng.randint(1, 5)
        rating = order.index((a + b, b)) + 1
        if rng.random() < 0.2:
            rating = rng.randint(1, 25)
        rows.append([f"R{number}", f"Thing {number} of {mark} goes wrong", a, b, rating, "Audit"])
    return _sheet_of("Corporate risk register", rows, mark)


def _rota(rng: random.Random, mark: str) -> bytes:
    days = ["Mon", "Tue", "Wed", "Thu", "Fri"]
    rows: list[list[object]] = [["Name", *days]]
    rows += [[f"Person {n}", *(rng.choice("ELN-") for _ in days)] for n in range(12)]
    return _sheet_of("Rota", rows, mark)


def _budget(rng: random.Random, mark: str) -> bytes:
    rows: list[list[object]] = [["Line", "Pay", "Non-pay", "Total"]]
    for number in range(15):
        pay, other = rng.randrange(10**6), rng.randrange(10**5)
        rows.append([f"Line {number}", pay, other, pay + other])
    return _sheet_of("Budget", rows, mark)


def _broken(rng: random.Random, mark: str) -> bytes:
    whole = bytearray(_register(rng, mark))
    kind = rng.choice(("cut", "empty", "page", "noise", "flipped", "other zip"))
    if kind == "cut":
        return bytes(whole[: rng.randrange(100, len(whole) - 30)])
    if kind == "page":
        return f"<html><table><tr><td>{mark}</td></tr></table></html>".encode()
    if kind == "noise":
        return rng.randbytes(3000)
    if kind == "flipped":
        for _ in range(20):
            whole[rng.randrange(200, len(whole) - 900)] ^= 0xFF
        return bytes(whole)
    if kind == "other zip":
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as file:
            file.writestr("notes.txt", mark)
        return made.getvalue()
    return b""


_MAKERS: dict[str, Callable[[random.Random, str], bytes]] = {
    "register": _register,
    "rota": _rota,
    "budget": _budget,
    "broken": _broken,
}
