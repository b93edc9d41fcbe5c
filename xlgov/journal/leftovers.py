"""What killed saves of an earlier run have left beside the workbooks: deleted before the next run.

Why not only by the next save of the same workbook, which deletes it too: there may be none, where
somebody has saved the workbook since and nothing in it is wrong now.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from xlgov.errors import XlgovError
from xlgov.ooxml.lock import TEMP_PREFIX, only_saver, saver_prefix
from xlgov.ooxml.patience import Patience
from xlgov.ooxml.save import BACKUP_MARK
from xlgov.remote.path import RemotePath

_AT_ONCE = Patience(())


def clear_leftovers(workbooks: Iterable[Path]) -> None:
    """Delete the temporary and lock files of killed saves, and backups, of these workbooks.

    Those of a save that is under way stay, and so do those in folders that may not be read or
    written. Each folder is listed once, so that a run over a network drive is not held up.
    """
    linked = _clear({path for path in workbooks if not isinstance(path, RemotePath)})
    if linked:
        _clear({Path(os.path.realpath(path)) for path in linked})


def _clear(workbooks: set[Path]) -> set[Path]:
    """Clear up beside each; gives those that are links, whose files lie elsewhere."""
    folders: dict[Path, set[Path]] = defaultdict(set)
    for path in workbooks:
        folders[path.parent].add(path)
    linked: set[Path] = set()
    for folder, within in folders.items():
        left = []
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith(TEMP_PREFIX):
                    left.append(folder / entry.name)
                elif entry.is_symlink():
                    linked.add(folder / entry.name)
        if left:
            for path in within:
                _clear_beside(path, left)
    return linked & workbooks


def _clear_beside(path: Path, left: Iterable[Path]) -> None:
    backup = path.with_name(f"{path.stem}{BACKUP_MARK}{path.suffix}")
    prefixes = saver_prefix(path), saver_prefix(backup)
    own = [each for each in left if each.name.startswith(prefixes)]
    if own:
        with suppress(OSError, XlgovError), only_saver(path, _AT_ONCE):
            for each in own:
                if each.suffix == ".tmp":
                    each.unlink(missing_ok=True)
