"""A URL in the place of a path: it names a file elsewhere, and nothing here is opened by it.

Why a Path: a run's outcomes, log and page carry paths, and need no more of one than its text, its
name and its folder. The text is the URL.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from xlgov.errors import UsageError

_URL = re.compile(r"([a-z][a-z0-9+.-]+)://(.*)", re.IGNORECASE | re.DOTALL)  # C:/ is a drive

if TYPE_CHECKING:
    _SystemPath = Path
else:
    _SystemPath = type(Path())


class RemotePath(_SystemPath):
    """A file or folder elsewhere.

    >>> path = RemotePath("s3://office/2017/Register.xlsx")
    >>> str(path), path.name, str(path.parent / "xlgov.toml")
    ('s3://office/2017/Register.xlsx', 'Register.xlsx', 's3://office/2017/xlgov.toml')
    """

    @property
    def scheme(self) -> str:
        """How it is reached: ``s3``."""
        return self.parts[0].rstrip(":").lower()

    def __str__(self) -> str:
        scheme, _, rest = super().__str__().replace(os.sep, "/").partition("/")
        return f"{scheme}//{rest}"

    def __eq__(self, other: object) -> bool:
        """As the store has it: capitals count, on Windows too."""
        return isinstance(other, RemotePath) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


def full_text(path: str | os.PathLike[str]) -> str:
    """A path as it reads from anywhere: the URL, or the absolute path on this computer."""
    return str(path) if isinstance(path, RemotePath) else os.path.abspath(path)


def read_path(text: str) -> Path:
    """The path that a person names: a RemotePath where it is a URL, save of this computer.

    Raises UsageError for a URL that holds a password, or names no place before the first slash.

    >>> read_path("sftp://server/registers"), read_path("C:/registers/a.xlsx").name
    (RemotePath('sftp://server/registers'), 'a.xlsx')
    >>> read_path("file:///srv/Risk%20register.xlsx").name
    'Risk register.xlsx'
    """
    match = _URL.fullmatch(text)
    if match is None:
        return Path(text)
    scheme, rest = match.groups()
    if scheme.lower() == "file":
        from urllib.request import url2pathname  # here: it loads all of http

        return Path(url2pathname(rest.removeprefix("localhost")))
    host = rest.partition("/")[0]
    if ":" in host.rpartition("@")[0]:
        shown = f"{scheme}://{host.partition(':')[0]}@{host.rpartition('@')[2]}"
        raise UsageError(
            f"the URL that begins {shown} holds a password, which would stand in logs and reports; "
            "use a key, or put the password in fsspec's configuration."
        )
    if not host and scheme.lower() != "memory":
        raise UsageError(f"{text} names no server or store; write it after {scheme}://")
    return RemotePath(text)
