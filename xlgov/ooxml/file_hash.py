"""The hash of a file, which tells a workbook from what it was before somebody saved it."""

from __future__ import annotations

import hashlib
import os


def hash_file(path: str | os.PathLike[str]) -> str:
    """Hexadecimal SHA-256 of a file. Raises OSError."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
