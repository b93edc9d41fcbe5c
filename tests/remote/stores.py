"""Stores to test on: fsspec's memory, and a folder here that speaks as an SFTP server does."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from fsspec.implementations.local import LocalFileSystem
from fsspec.implementations.memory import MemoryFileSystem
from fsspec.utils import infer_storage_options

from tests.plain_registers import rank, rows_of, write_register

NAME = "Register.xlsx"
BACKUP = "Register (before xlgov).xlsx"
BANDS = b"""as_of = 2017-02-06
[risk]
bands = [{name = "Low", from = 1, to = 13, color = "green"},
         {name = "High", from = 14, to = 25, color = "red"}]
"""


class FolderBySftp(LocalFileSystem):  # type: ignore[misc]  # fsspec has no types
    """What our code uses of fsspec's SFTPFileSystem, on a folder: also its ``ftp``."""

    protocol = ("sftp",)

    @classmethod
    def _strip_protocol(cls, path: Any) -> str:
        return str(infer_storage_options(os.fspath(path))["path"]).rstrip("/")

    @property
    def ftp(self) -> Any:
        return _Ftp

    def put_file(self, local: str, name: str, **_: Any) -> None:
        self.makedirs(os.path.dirname(name), exist_ok=True)
        shutil.copyfile(local, name)

    def mv(self, old: str, new: str, **_: Any) -> None:
        os.replace(old, new)


class _Ftp:
    normalize = staticmethod(os.path.realpath)
    chmod = staticmethod(os.chmod)
    stat = staticmethod(os.stat)


class Shelf:
    """A folder of a store by its URL: its files by name, and every write that it is asked for."""

    def __init__(self, url: str, files: Any) -> None:
        self.url = url
        self.files = files
        self.writes: list[str] = []

    def name(self, name: str) -> str:
        return f"{self.files._strip_protocol(self.url)}/{name}"

    def put(self, name: str, content: bytes) -> bytes:
        self.files.makedirs(self.name(name).rpartition("/")[0], exist_ok=True)
        self.files.pipe_file(self.name(name), content)
        self.writes.clear()
        return content

    def get(self, name: str) -> bytes:
        return bytes(self.files.cat_file(self.name(name)))

    @property
    def names(self) -> list[str]:
        top = self.files._strip_protocol(self.url)
        return sorted(each.removeprefix(f"{top}/") for each in self.files.find(top))


def wrong_register(folder: Path, slip: int = 4) -> bytes:
    """A register with a slip: R1 in E4 (10 is right)."""
    rows = rows_of(rank)
    rows[0][4] = slip
    return write_register(folder / "made.xlsx", rows).read_bytes()


def right_register(folder: Path) -> bytes:
    return write_register(folder / "made.xlsx", rows_of(rank)).read_bytes()


def clear_memory() -> None:
    MemoryFileSystem.store.clear()
    MemoryFileSystem.pseudo_dirs[:] = [""]
