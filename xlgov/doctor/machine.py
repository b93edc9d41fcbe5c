"""The outside world as the checks ask for it, and the machine that this runs on.

Why so few questions: whatever can be asked here must be described for every machine in the tests.
Paths are texts, since a Windows PC is described on any system.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Any, Literal, Protocol

WINDOWS, MAC = "Windows", "Darwin"
_VARIABLE = re.compile(r"%([^%\s]+)%")


@dataclass(frozen=True, slots=True)
class Ran:
    """How a child process went. ``problem`` says why it did not run to its end."""

    code: int = 0
    output: str = ""
    problem: Literal["", "missing", "blocked", "slow"] = ""


class Machine(Protocol):
    """What the checks may ask. Nothing here changes anything."""

    @property
    def system(self) -> str:
        """``Windows``, ``Darwin`` (a Mac), ``Linux``, ..."""

    @property
    def python(self) -> str:
        """The path of the Python that this runs in."""

    @property
    def python_version(self) -> str:
        """Its version and bitness: ``3.11.4, 64-bit``."""

    @property
    def home(self) -> str:
        """The user's home folder."""

    @property
    def folder(self) -> str:
        """The current folder."""

    def environment(self, name: str) -> str:
        """An environment variable; "" where it is not set."""

    def installed(self, package: str) -> str | None:
        """The version of a package of this Python; None where it is not installed."""

    def registry(self, key: str) -> Mapping[str, int | str]:
        """The values of a registry key (``HKCU\\Software\\...``) by name; the default is ""."""

    def subkeys(self, key: str) -> Sequence[str]:
        """The names of the keys below a registry key."""

    def exists(self, path: str) -> bool:
        """Whether there is a file or folder."""

    def names(self, folder: str) -> Sequence[str]:
        """The names of what is in a folder; none where there is none or it may not be read."""

    def read(self, path: str) -> bytes | None:
        """What a file holds; None where there is none or it may not be read."""

    def find(self, program: str) -> str | None:
        """The path of a program on the search path."""

    def run(self, arguments: Sequence[str], seconds: float) -> Ran:
        """Run a program and wait for it, no longer than so many seconds."""


class ThisMachine:
    """The machine that this runs on."""

    @property
    def system(self) -> str:
        return platform.system()

    @property
    def python(self) -> str:
        return sys.executable or ""

    @property
    def python_version(self) -> str:
        bits = 64 if sys.maxsize > 2**32 else 32
        return f"{platform.python_version()}, {bits}-bit"

    @property
    def home(self) -> str:
        return str(Path.home())

    @property
    def folder(self) -> str:
        return str(Path.cwd())

    def environment(self, name: str) -> str:
        return os.environ.get(name, "")

    def installed(self, package: str) -> str | None:
        try:
            return metadata.version(package)
        except metadata.PackageNotFoundError:
            return None

    def registry(self, key: str) -> Mapping[str, int | str]:
        values: dict[str, int | str] = {}
        if sys.platform == "win32":
            import winreg

            with _open_key(key) as opened:
                for index in range(winreg.QueryInfoKey(opened)[1] if opened else 0):
                    name, value, _ = winreg.EnumValue(opened, index)
                    if isinstance(value, int | str):
                        values[name] = value
        return values

    def subkeys(self, key: str) -> Sequence[str]:
        names: list[str] = []
        if sys.platform == "win32":
            import winreg

            with _open_key(key) as opened:
                count = winreg.QueryInfoKey(opened)[0] if opened else 0
                names = [winreg.EnumKey(opened, index) for index in range(count)]
        return names

    def exists(self, path: str) -> bool:
        try:
            return Path(path).exists()
        except (OSError, ValueError):
            return False

    def names(self, folder: str) -> Sequence[str]:
        try:
            return sorted(os.listdir(folder))
        except (OSError, ValueError):
            return []

    def read(self, path: str) -> bytes | None:
        try:
            with open(path, "rb") as file:
                return file.read()
        except (OSError, ValueError):
            return None

    def find(self, program: str) -> str | None:
        return shutil.which(program)

    def run(self, arguments: Sequence[str], seconds: float) -> Ran:
        try:
            done = subprocess.run(
                list(arguments),
                capture_output=True,
                text=True,
                errors="replace",
                stdin=subprocess.DEVNULL,
                timeout=seconds,
                cwd=tempfile.gettempdir(),  # where no folder of ours lends a hand with an import
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Ran(problem="slow")
        except FileNotFoundError:
            return Ran(problem="missing")
        except OSError:  # refused by the system: rights, a policy, an antivirus
            return Ran(problem="blocked")
        return Ran(done.returncode, done.stdout + done.stderr)


if sys.platform == "win32":
    from contextlib import contextmanager

    @contextmanager
    def _open_key(key: str) -> Iterator[Any]:
        import winreg

        root, _, below = key.partition("\\")
        roots = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}
        roots["HKCR"] = winreg.HKEY_CLASSES_ROOT
        # Excel of 64 bits looks at the 64-bit part, whatever Python this is.
        rights = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        try:
            opened = winreg.OpenKey(roots[root], below, 0, rights)
        except OSError:
            yield None
            return
        with opened:
            yield opened


def this_machine() -> Machine:
    """The machine that this runs on."""
    return ThisMachine()


def place(machine: Machine, *parts: str) -> str:
    """A path of the machine from its parts."""
    return str(_path(machine, *parts))


def folder_of(machine: Machine, path: str) -> str:
    """The folder that a file is in."""
    return str(_path(machine, path).parent)


def is_within(machine: Machine, path: str, folder: str, *, below: bool = True) -> bool:
    """Whether a file is in a folder, or in one below it."""
    if not folder.strip():
        return False
    parents = [str(each).casefold() for each in _path(machine, path).parents]
    wanted = str(_path(machine, folder)).casefold()
    return wanted in (parents if below else parents[:1])


def is_same_path(machine: Machine, first: str, second: str) -> bool:
    """Whether two texts name one path; case counts on Linux only."""
    texts = [str(_path(machine, each)) for each in (first, second)]
    if machine.system in (WINDOWS, MAC):
        texts = [each.casefold() for each in texts]
    return texts[0] == texts[1]


def is_absolute(machine: Machine, path: str) -> bool:
    """Whether a path is a whole one, and not a program's name."""
    return _path(machine, path).is_absolute()


def expanded(machine: Machine, text: str) -> str:
    """A text with its ``%VARIABLES%`` filled in; one that is not set stays."""
    return _VARIABLE.sub(lambda found: machine.environment(found[1]) or found[0], text)


def value_of(machine: Machine, key: str, name: str) -> int | str | None:
    """A registry value by its name in any case; None where it is not set."""
    for each, value in machine.registry(key).items():
        if each.casefold() == name.casefold():
            return value
    return None


def switch_of(machine: Machine, key: str, name: str) -> int | None:
    """A registry value that is a number, also where it is kept as text."""
    value = value_of(machine, key, name)
    if isinstance(value, str):
        return int(value) if value.strip().isdecimal() else None
    return value


def _path(machine: Machine, *parts: str) -> PurePath:
    kind = PureWindowsPath if machine.system == WINDOWS else PurePosixPath
    return kind(*parts)
