"""What an earlier run has done already, so that it need not be done again.

Why content and no times: a file is done where it is, byte for byte, what the run left, and what
decides on the result is as it was: the options, the version, the settings beside it, and the day
where dates are judged by today's.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from xlgov import __version__
from xlgov.journal.hashes import hash_settings_file, hash_where_readable
from xlgov.journal.reading import Log
from xlgov.journal.record import RunRecord
from xlgov.remote.path import full_text

_DONE = ("refreshed", "unchanged", "not recognised")


def done_already(
    log: Log,
    paths: Iterable[Path],
    options_hash: str,
    targets: Mapping[Path, Path] | None = None,
    today: date | None = None,
) -> dict[Path, RunRecord]:
    """The paths that need no run, each with the record that says what became of it.

    ``targets`` are where results go, where that is not the file itself. A file of which the last
    run failed, was interrupted, or is of other options, is not done.
    """
    today = today or date.today()
    last = {record.key: record for record in log.records}
    settings: dict[Path, str] = {}
    done = {}
    for path in paths:
        target = targets.get(path) if targets else None
        record = last.get(os.path.normcase(full_text(target or path)))
        if record is None or record.outcome not in _DONE or not record.hash_after:
            continue
        if record.options_hash != options_hash or record.xlgov != __version__:
            continue
        if record.as_of_source == "today" and record.as_of != today:
            continue
        if path.parent not in settings:
            settings[path.parent] = hash_settings_file(path)
        if record.settings_file != settings[path.parent]:
            continue
        if bool(target) != bool(record.target):
            continue
        if target and (
            record.absolute != full_text(path) or hash_where_readable(path) != record.hash_before
        ):
            continue
        if hash_where_readable(target or path) == record.hash_after:
            done[path] = record
    return done
