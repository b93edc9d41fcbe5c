"""Machines as literal values: what the checks may ask, and nothing that has to be there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from xlgov import __version__
from xlgov.doctor import Ran

ADDIN = b"the add-in of this version"
RECORD = sha256(ADDIN).hexdigest()

PYTHON = "C:\\Program Files\\Python311\\python.exe"
PROFILE = "C:\\Users\\jo"
XLSTART = f"{PROFILE}\\AppData\\Roaming\\Microsoft\\Excel\\XLSTART"
PROGRAM = "C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE"
REGISTER = f"{PROFILE}\\Documents\\register.xlsm"
DEFENDER = "Windows Defender\\Windows Defender Exploit Guard\\ASR\\Rules"
EXCEL_KEYS: Mapping[str, Mapping[str, int | str]] = {
    "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\App Paths\\excel.exe": {"": PROGRAM},
    "HKCR\\Excel.Application\\CurVer": {"": "Excel.Application.16"},
    "HKLM\\Software\\Microsoft\\Office\\ClickToRun\\Configuration": {
        "VersionToReport": "16.0.17328.20184"
    },
}


def answers(**changed: Any) -> Ran:
    """What the button's Python answers where all is well, but for what is changed."""
    told = {"python": PYTHON, "xlgov": __version__, "xlwings": True, "pywin32": True, **changed}
    return Ran(0, json.dumps(told) + "\n")


@dataclass
class Described:
    """A machine. ``files`` are paths and what they hold; ``runs`` how a program's start goes."""

    system: str = "Windows"
    python: str = PYTHON
    python_version: str = "3.11.4, 64-bit"
    home: str = PROFILE
    folder: str = f"{PROFILE}\\Documents"
    variables: Mapping[str, str] = field(default_factory=dict)
    packages: Mapping[str, str] = field(
        default_factory=lambda: {"xlwings": "0.37.8", "pywin32": "306"}
    )
    keys: Mapping[str, Mapping[str, int | str]] = field(default_factory=lambda: EXCEL_KEYS)
    files: Mapping[str, bytes] = field(default_factory=dict)
    programs: Mapping[str, str] = field(default_factory=lambda: {"python": PYTHON})
    runs: Mapping[str, Ran] = field(default_factory=lambda: {PYTHON: answers()})
    started: list[Sequence[str]] = field(default_factory=list)

    def environment(self, name: str) -> str:
        return self.variables.get(name, "")

    def installed(self, package: str) -> str | None:
        return self.packages.get(package)

    def registry(self, key: str) -> Mapping[str, int | str]:
        known = {each.casefold(): values for each, values in self.keys.items()}
        return known.get(key.casefold(), {})

    def subkeys(self, key: str) -> Sequence[str]:
        start = key.casefold() + "\\"
        below = [each[len(start) :] for each in self.keys if each.casefold().startswith(start)]
        return list(dict.fromkeys(each.partition("\\")[0] for each in below))

    def exists(self, path: str) -> bool:
        return path in self.files or path in self.runs

    def names(self, folder: str) -> Sequence[str]:
        below = [each.removeprefix(f"{folder}/") for each in self.files if each != folder]
        return [each for each in below if "/" not in each]

    def read(self, path: str) -> bytes | None:
        return self.files.get(path)

    def find(self, program: str) -> str | None:
        return self.programs.get(program)

    def run(self, arguments: Sequence[str], seconds: float) -> Ran:
        self.started.append(arguments)
        assert 0 < seconds < 60
        return self.runs[arguments[0]]
