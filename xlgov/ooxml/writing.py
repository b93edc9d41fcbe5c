"""A workbook's parts and sheets written out as a file: what every change of a package ends in."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from xlgov.ooxml.reader import WorkbookFile
from xlgov.ooxml.save import replace_file
from xlgov.ooxml.scan import IrregularSheet
from xlgov.ooxml.sheet import SheetEditor


def write_workbook(
    workbook: WorkbookFile, editors: Mapping[str, SheetEditor], file: BinaryIO
) -> None:
    """Write the package; a sheet that turns out irregular is taken the careful way instead."""
    parts = workbook.parts
    for _ in range(len(editors) + 1):
        for part, editor in editors.items():
            parts.put(part, editor.carefully() if not editor.is_fast else editor.stream)
        try:
            file.seek(0)
            file.truncate()
            parts.package.write(file, parts.replaced, parts.added, parts.removed)
            return
        except IrregularSheet:
            continue  # that editor is no longer fast


def copy_unchanged(source: Path, target: Path) -> None:
    """Leave the target with the bytes of the source; nothing to do where they are one file."""
    if target.exists() and target.samefile(source):
        return

    def write(file: BinaryIO) -> None:
        with source.open("rb") as original:
            shutil.copyfileobj(original, file, 1 << 20)

    replace_file(target, write, lambda _: None, like=source)


def fingerprint(path: Path) -> tuple[int, ...] | None:
    """What tells a file that was saved again from the one that was opened."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino
