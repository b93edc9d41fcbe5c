"""A refresh of registers of several sizes against what else does the job, and against the floor.

The job: 33 columns, one rating in twenty stale. ``refresh`` has to find the register and the stale
ratings; openpyxl and wolfxl are told which cells to set; LibreOffice only converts the workbook,
which loads and saves it. The floor inflates and deflates the parts that the refresh changes, with
the same compressor and level, and does nothing else.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.measure import Run, python, run, run_in_turns, say
from xlgov.ooxml.rewrite import COMPRESSION_LEVEL

CONTESTANTS = "tests.benchmarks.contestants"
FLOOR, IN_THREADS, WITH_STRINGS = "inflate + deflate", "the same in threads", "and the strings"
WORKERS = min(4, os.cpu_count() or 1)  # as many threads as the library uses
_TURNS = ((20, 9), (2_000, 7), (20_000, 4))  # up to so many rows, so many turns; above, three
_SLOW = 20_000  # rows from which those that take minutes run once


@dataclass(slots=True)
class Peers:
    """What can be compared with here, and why the others cannot."""

    wolfxl: str | None = None  # an interpreter that has it
    libreoffice: str | None = None
    openpyxl: bool = True
    skipped: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Sized:
    """One size: the runs by name, and the sizes of the files."""

    rows: int
    strings: str
    runs: dict[str, Run]
    source: int
    inflated: int
    output: int


def compare(folder: Path, rows: int, strings: str, peers: Peers, turns: int | None) -> Sized:
    """Every program on a register of so many rows.

    Raises SystemExit where the refresh corrects other cells than the stale ones.
    """
    source = made(folder, rows, strings)
    stale = source.with_suffix(".json")
    target = folder / "written.xlsx"
    refresh = python(CONTESTANTS, "refresh", source, target)
    say(f"{rows:,} rows, {strings} strings")
    _refuse_wrong(run(refresh, bytecode=folder / "bytecode"), stale)
    size = target.stat().st_size
    touched = _touched(source, target)
    commands = {"refresh": refresh}
    floors = {FLOOR: (touched, 1), IN_THREADS: (touched, WORKERS)}
    if strings == "shared":  # they have to be read, though they do not change
        floors[WITH_STRINGS] = ([*touched, "xl/sharedStrings.xml"], 1)
    for name, (parts, workers) in floors.items():
        more = "|".join(parts), COMPRESSION_LEVEL, workers
        commands[name] = python(CONTESTANTS, "recompress", source, target, *more)
    if peers.openpyxl:
        commands["openpyxl"] = python(CONTESTANTS, "openpyxl", source, target, stale)
    if peers.wolfxl:
        script = str(Path(__file__).with_name("contestants.py"))
        given = map(str, (source, target, stale))
        commands["wolfxl"] = [peers.wolfxl, script, "wolfxl", *given]
    if peers.libreoffice:
        commands["LibreOffice"] = convert(peers.libreoffice, folder, source)
    times = turns or next((n for most, n in _TURNS if rows <= most), 3)
    once = ("openpyxl", "LibreOffice") if rows > _SLOW else ()
    runs = run_in_turns(commands, times, bytecode=folder / "bytecode", once=once)
    _refuse_wrong(runs["refresh"], stale)
    with zipfile.ZipFile(source) as package:
        inflated = sum(info.file_size for info in package.infolist())
    return Sized(rows, strings, runs, source.stat().st_size, inflated, size)


def made(folder: Path, rows: int, strings: str) -> Path:
    """The register of that size; beside it the list of its stale ratings."""
    source = folder / f"register-{rows}-{strings}.xlsx"
    if not source.with_suffix(".json").exists():
        say(f"making {source.name}")
        run(
            python("tests.benchmarks.made_register", rows, strings, source),
            bytecode=folder / "bytecode",
        )
    return source


def convert(soffice: str, folder: Path, source: Path) -> list[str]:
    """The command with which LibreOffice loads a workbook and saves it as another."""
    profile = (folder / "profile").resolve().as_uri()
    out = folder / "converted"
    return [
        soffice, "--headless", f"-env:UserInstallation={profile}",
        "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(source),
    ]  # fmt: skip


def find_peers(wolfxl: str | None, without: list[str], folder: Path) -> Peers:
    """The peers that run here. What is skipped is said, and why."""
    peers = Peers(openpyxl="openpyxl" not in without)
    interpreter = wolfxl or python("")[0]
    if "wolfxl" in without:
        peers.skipped.append("wolfxl: left out on request")
    elif subprocess.run([interpreter, "-c", "import wolfxl"], capture_output=True).returncode:
        peers.skipped.append("wolfxl: not installed; name an interpreter that has it, --wolfxl")
    else:
        peers.wolfxl = interpreter
    soffice = shutil.which("soffice")
    if "libreoffice" in without:
        peers.skipped.append("LibreOffice: left out on request")
    elif soffice is None:
        peers.skipped.append("LibreOffice: not installed")
    else:
        peers.libreoffice = soffice
    if not peers.openpyxl:
        peers.skipped.append("openpyxl: left out on request")
    _warm_up(peers, folder)
    return peers


def _warm_up(peers: Peers, folder: Path) -> None:
    """Every program once over a few rows: all are compiled, and have their profile, from then."""
    compare(folder, 20, "inline", peers, 1)


def _refuse_wrong(ours: Run, stale: Path) -> None:
    """A fast refresh that corrects other cells than the stale ones is worth nothing."""
    wanted = sorted(json.loads(stale.read_text())["stale"])
    if ours.said.get("sum") != zlib.crc32(json.dumps(wanted).encode()):
        found = ours.said.get("corrected")
        raise SystemExit(f"the refresh corrected {found} cells; stale are {len(wanted)} others")


def _touched(source: Path, target: Path) -> list[str]:
    """Parts whose content the refresh changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target) as new:
        after = {info.filename: info.CRC for info in new.infolist()}
        return [info.filename for info in old.infolist() if after[info.filename] != info.CRC]
