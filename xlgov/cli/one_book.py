"""What a command does with one workbook, in whichever process that is.

Why functions of plain values in a module of their own: they are sent to other processes by name,
and those need neither the parser nor what prints. ``options`` are the keywords of ``operations``.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlgov.batch import Examined, Refreshed
    from xlgov.changes import ChangeSet
    from xlgov.journal.file import RunLog


def refresh_one(
    path: Path, options: dict[str, Any], targets: dict[Path, Path], log: RunLog | None
) -> ChangeSet | Refreshed:
    """Refresh a workbook, to its target where it has one, and announce that in the log of a run."""
    from xlgov import operations
    from xlgov.remote.at_hand import to_refresh

    target = targets.get(path)
    with to_refresh(path, target) as (here, result):
        if log is None:
            return operations.refresh(here, result, **options)
        from xlgov.journal.run import note_result

        announce, withdraw = (partial(say, path, target) for say in (log.announce, log.withdraw))
        written = [""]
        changes = operations.refresh(
            here, result, announce=announce, withdraw=withdraw, wrote=written.append, **options
        )
        return note_result(changes, here, result, written[-1])


def examine_one(path: Path, options: dict[str, object]) -> Examined:
    """A workbook's preview, and what to keep of it for a comparison with others."""
    from xlgov.operations import examine
    from xlgov.remote.at_hand import to_read

    with to_read(path) as here:
        found = examine(here, **options)  # type: ignore[arg-type]  # keywords of examine
    return found._replace(records=replace(found.records, path=str(path)))


def preview_one(path: Path, options: dict[str, object]) -> ChangeSet:
    """A workbook's preview."""
    from xlgov import operations
    from xlgov.remote.at_hand import to_read

    with to_read(path) as here:
        return operations.preview(here, **options)  # type: ignore[arg-type]  # keywords of preview
