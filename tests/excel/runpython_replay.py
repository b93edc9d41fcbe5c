"""RunPython replayed: the command line that a macro builds, in a process that has Excel open.

``RunPython`` starts Python with the code and, after it, which workbook it came from
(xlwings/xlwings.bas, ExecuteWindows: ``--wb="NAME" --from_xl=1 --app="..." --hwnd="..."``). Here
the process is a fresh one too: nothing that the tests have imported is there. Its sitecustomize
opens the workbook in the stand-in for Excel (live_engine.py) and saves it when Python ends.

``windows_arguments`` splits a command line as programs on Windows do (Microsoft, "Parsing C
command-line arguments"), so that the quotes of the line that the VBA builds are tested as well.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
HWND = "20898"
_APP = r"C:\Program Files\Microsoft Office\root\Office16\Microsoft Excel"


class Replayed(subprocess.CompletedProcess[str]):
    """A finished process, and what its Excel showed: boxes, status bar, settings at the end."""

    prompts: list[str]
    status_bar: Any
    said: list[str]  # in the status bar, in order
    screen_updating: bool
    calculation: str
    calls: dict[str, int]


def replay_runpython(
    command: str,
    path: str | Path,
    env: Mapping[str, str] | None = None,
    *,
    with_api: bool = False,
    answers: tuple[str, ...] = (),
) -> Replayed:
    """Run the Python code ``command`` as a macro of the workbook at ``path`` does.

    ``env`` is added to the environment. The workbook is saved at its path afterwards.
    """
    name = Path(path).name
    arguments = ["-B", "-c", command, f"--wb={name}", "--from_xl=1", f"--app={_APP}"]
    return _run([*arguments, f"--hwnd={HWND}"], path, env, with_api, answers)


def replay_command_line(
    line: str,
    path: str | Path,
    env: Mapping[str, str] | None = None,
    *,
    with_api: bool = False,
    answers: tuple[str, ...] = (),
) -> Replayed:
    """Run a whole command line that VBA has built; its first word is the interpreter."""
    return _run(windows_arguments(line)[1:], path, env, with_api, answers)


def _run(
    arguments: list[str],
    path: str | Path,
    env: Mapping[str, str] | None,
    with_api: bool,
    answers: tuple[str, ...],
) -> Replayed:
    report = Path(path).with_name(f"{Path(path).name}.replay")
    report.unlink(missing_ok=True)
    paths = [str(HERE / "bootstrap"), str(HERE), str(HERE.parents[1])]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([*paths, os.environ.get("PYTHONPATH", "")]),
        "PYTHONUTF8": "1",
        "REPLAY_WORKBOOK": str(path),
        "REPLAY_REPORT": str(report),
        "REPLAY_API": "1" if with_api else "",
        "REPLAY_ANSWERS": json.dumps(answers),
        **(env or {}),
    }
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        cwd=Path(path).parent,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    found = Replayed(done.args, done.returncode, done.stdout, done.stderr)
    said = json.loads(report.read_text(encoding="utf-8")) if report.is_file() else {}
    report.unlink(missing_ok=True)
    for name in ("prompts", "status_bar", "said", "screen_updating", "calculation", "calls"):
        setattr(found, name, said.get(name))
    return found


def open_workbook_for_macro() -> None:
    """Called in the new process: open the workbook, and save it at the end."""
    from live_engine import open_live, session_of
    from live_files import save_live

    path = os.environ["REPLAY_WORKBOOK"]
    answers = tuple(json.loads(os.environ.get("REPLAY_ANSWERS") or "[]"))
    book = open_live(path, bool(os.environ.get("REPLAY_API")), answers)
    session = session_of(book)
    session.calls.clear()
    time.sleep = lambda seconds: None  # nobody reads the status bar here

    def end() -> None:
        said = {
            "prompts": [each.words for each in session.prompts],
            "status_bar": session.status_bar,
            "said": [value for name, value in session.changes if name == "status_bar" and value],
            "screen_updating": session.screen_updating,
            "calculation": session.calculation,
            "calls": dict(session.calls),
        }
        Path(os.environ["REPLAY_REPORT"]).write_text(json.dumps(said), encoding="utf-8")
        save_live(book, path)

    atexit.register(end)


def windows_arguments(line: str) -> list[str]:
    """A command line split into arguments as a program on Windows splits it."""
    arguments: list[str] = []
    at, size = 0, len(line)
    while at < size:
        if line[at] in " \t":
            at += 1
            continue
        text, quoted = "", False
        while at < size and (quoted or line[at] not in " \t"):
            slashes = 0
            while at < size and line[at] == "\\":
                slashes, at = slashes + 1, at + 1
            if at < size and line[at] == '"':
                text += "\\" * (slashes // 2)
                if slashes % 2:
                    text += '"'
                elif quoted and line[at + 1 : at + 2] == '"':
                    text, at = text + '"', at + 1
                else:
                    quoted = not quoted
                at += 1
            else:
                text += "\\" * slashes
                if at < size and (quoted or line[at] not in " \t"):
                    text, at = text + line[at], at + 1
        arguments.append(text)
    return arguments
