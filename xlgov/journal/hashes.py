"""Hashes that tell whether a workbook, its settings or a run's options are still the same.

Why a text of our own and no ``repr``: the hash of settings is compared over years and versions of
Python, so it hangs on the values alone: not on the order of a mapping, nor on the cell or line
that a value was stated in.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

from xlgov.ooxml.file_hash import hash_file
from xlgov.settings.values import SETTINGS_FILE

_PLACES = ("sources", "where")  # where a value was stated, which is no part of it


def hash_where_readable(path: str | os.PathLike[str]) -> str:
    """As ``hash_file``; "" where the file is not there or may not be read."""
    try:
        return hash_file(path)
    except OSError:
        return ""


def hash_settings_file(workbook: str | os.PathLike[str]) -> str:
    """The hash of the settings file beside a workbook; "" without one."""
    return hash_where_readable(Path(workbook).parent / SETTINGS_FILE)


def hash_values(value: object) -> str:
    """The hash of settings or options, the same wherever they were stated.

    >>> hash_values({"a": 1, "b": None}) == hash_values({"b": None, "a": 1})
    True
    >>> hash_values({"a": 1}) == hash_values({"a": "1"})
    False
    """
    text = json.dumps(_plain(value), ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        named = {each.name: getattr(value, each.name) for each in fields(value)}
        return _plain({name: of for name, of in named.items() if name not in _PLACES})
    if isinstance(value, Mapping):
        return {str(key): _plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, set | frozenset):
        return sorted(str(each) for each in value)
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float) else str(value)
