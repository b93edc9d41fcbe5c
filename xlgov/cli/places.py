"""One workbook named on the command line, and where its copy goes."""

from __future__ import annotations

from pathlib import Path

from xlgov.errors import UsageError


def plan_single(out: Path | None, path: Path) -> Path | None:
    """As ``plan_copy``; refuses a target that is the file itself."""
    from xlgov.sources import Source, plan_targets

    if out is None:
        return None
    target = plan_targets([Source(path, Path(path.name))], out)[path]
    out.mkdir(parents=True, exist_ok=True)
    return target


def plan_copy(out: Path | None, path: Path) -> Path | None:
    """The file of the same name in the folder ``out``, which is made; None without one."""
    if out is None:
        return None
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file; expected a folder. Name another.")
    out.mkdir(parents=True, exist_ok=True)
    return out / path.name


def find_file(text: str) -> Path:
    path = Path(text)
    if path.is_dir():
        raise UsageError(f"{text} is a folder; name one workbook.")
    if not path.is_file():
        raise UsageError(f"no such file: {text}. Check the spelling; spaces need quotes.")
    return path
