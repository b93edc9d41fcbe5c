"""On which line of a TOML text each key stands.

Why a scan of our own: ``tomllib`` says where a text is not TOML, and nothing about where a key
stands once it is; a person who is told "tolerance is wrong" needs the line. The text has been
accepted by ``tomllib`` before it comes here, so the scan only follows its form.
"""

from __future__ import annotations

import re

Path = tuple[str | int, ...]

_BLANKS = re.compile(r"[ \t]*")
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.DOTALL
)
_BARE_VALUE = re.compile(r"[^,\]}\r\n#]*")
_ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([btnfr"\\]))')
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


def locate_keys(text: str) -> dict[Path, int]:
    """Line number, from 1, of every table, key and array element, by its path.

    >>> locate_keys('[risk]\\nbands = [\\n {name = "Low"}]')[("risk", "bands", 0, "name")]
    3
    """
    return _Scan(text).lines


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.lines: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}
        self._line, self._counted = 1, 0
        table: Path = ()
        self._skip(_SPACE)
        while self.place < len(text):
            if text[self.place] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_SPACE)

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.place)
        if match is None or (match.end() == self.place and pattern is _BARE_KEY):
            raise ValueError(f"line {self._line_now()} cannot be followed")
        self.place = match.end()
        return match[0]

    def _line_now(self) -> int:
        self._line += self.text.count("\n", self._counted, self.place)
        self._counted = self.place
        return self._line

    def _note(self, path: Path) -> None:
        self.lines.setdefault(path, self._line_now())

    def _header(self) -> Path:
        """``[table]`` or ``[[array]]``; names below an array of tables go to its last element."""
        double = self.text.startswith("[[", self.place)
        self.place += 2 if double else 1
        parts = self._key()
        self.place += 2 if double else 1
        path: Path = ()
        for number, part in enumerate(parts, start=1):
            path = (*path, part)
            self._note(path)
            if double and number == len(parts):
                self.counts[path] = self.counts.get(path, 0) + 1
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
                self._note(path)
        return path

    def _pair(self, table: Path) -> None:
        parts = self._key()
        path = table
        for part in parts:
            path = (*path, part)
            self._note(path)
        self.place += 1  # the equals sign
        self._skip(_BLANKS)
        self._value(path)

    def _key(self) -> list[str]:
        parts = []
        while True:
            self._skip(_BLANKS)
            if self.text[self.place] in "\"'":
                quoted = self._skip(_STRING)
                parts.append(_unescape(quoted[1:-1]) if quoted[0] == '"' else quoted[1:-1])
            else:
                parts.append(self._skip(_BARE_KEY))
            self._skip(_BLANKS)
            if self.text[self.place] != ".":
                return parts
            self.place += 1

    def _value(self, path: Path) -> None:
        first = self.text[self.place]
        if first in "\"'":
            self._skip(_STRING)
        elif first in "[{":
            self.place += 1
            self._skip(_SPACE)
            number = 0
            while self.text[self.place] not in "]}":
                if first == "[":
                    self._note((*path, number))
                    self._value((*path, number))
                else:
                    self._pair(path)
                number += 1
                self._skip(_SPACE)
                if self.text[self.place] == ",":
                    self.place += 1
                    self._skip(_SPACE)
            self.place += 1
        else:
            self._skip(_BARE_VALUE)


def _unescape(text: str) -> str:
    return _ESCAPE.sub(
        lambda found: _ESCAPED[found[3]] if found[3] else chr(int(found[1] or found[2], 16)),
        text,
    )
