"""Killed at any moment of a save, the file is the old one or the new one, whole."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from xlgov.ooxml.lock import TEMP_PREFIX

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL (POSIX)")

# Saves again and again in place, in turns with one content and with the other.
CHILD = """
import sys
from pathlib import Path
from xlgov.ooxml.package import Package
from xlgov.ooxml.save import replace_file

target = Path(sys.argv[1])
sheet = "xl/worksheets/sheet1.xml"
contents = [Path(name).read_bytes() for name in sys.argv[2:]]
print("saving", flush=True)
turn = 0
while True:
    turn += 1
    content = contents[turn % 2]
    with Package.open(target) as package:
        def pieces():
            for at in range(0, len(content), 65536):
                yield content[at : at + 65536]

        def verify(temporary):
            with Package.open(temporary) as written:
                assert written.read(sheet) == content
            package.close()

        SAVE(target, lambda file: package.write(file, {sheet: pieces}), verify)
"""
WHOLE = CHILD.replace("SAVE(", "replace_file(")
TORN = CHILD.replace(
    "SAVE(target, lambda file: package.write(file, {sheet: pieces}), verify)",
    "import io; made = io.BytesIO(); package.write(made, {sheet: pieces}); package.close()\n"
    "        with target.open('wb', buffering=4096) as file:\n"
    "            for at in range(0, len(made.getvalue()), 4096):\n"
    "                file.write(made.getvalue()[at : at + 4096])",
)


def make_workbook(folder: Path) -> tuple[Path, list[Path]]:
    source = random.Random(11)
    contents = []
    for number in (1, 2):
        cells = b"".join(
            b'<c r="A%d"><v>%d</v></c>' % (n, source.randrange(10**9)) for n in range(60_000)
        )
        contents.append(folder / f"content{number}")
        contents[-1].write_bytes(b"<worksheet>" + cells + b"</worksheet>")
    target = folder / "saved" / "register.xlsx"
    target.parent.mkdir()
    members = {
        "[Content_Types].xml": b"<Types/>",
        "xl/media/image1.png": source.randbytes(100_000),
        "xl/worksheets/sheet1.xml": contents[0].read_bytes(),
    }
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():  # one date, so that two made files are equal
            member = zipfile.ZipInfo(name, (2017, 2, 6, 9, 30, 0))
            archive.writestr(member, content, zipfile.ZIP_DEFLATED)
    return target, contents


def kill_once(script: str, target: Path, contents: list[Path], wait: float) -> None:
    command = [sys.executable, "-c", script, str(target), *map(str, contents)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as child:
        assert child.stdout is not None and child.stderr is not None
        assert child.stdout.readline() == b"saving\n"
        time.sleep(wait)
        stopped = child.poll()
        child.send_signal(signal.SIGKILL)
        assert stopped is None, child.stderr.read().decode()


def state_of(target: Path) -> str:
    return hashlib.sha256(target.read_bytes()).hexdigest() if target.exists() else "absent"


def kill_often(script: str, folder: Path, times: int) -> tuple[dict[str, int], int]:
    """How often each state was found after a kill, and how often a temporary file was left."""
    target, contents = make_workbook(folder)
    moments = random.Random(20170206)
    states: dict[str, int] = {}
    left = 0
    for _ in range(times):
        kill_once(script, target, contents, moments.uniform(0, 0.25))
        state = state_of(target)
        states[state] = states.get(state, 0) + 1
        if state == "absent" or not zipfile.is_zipfile(target):
            break
        names = sorted(path.name for path in target.parent.iterdir() if path != target)
        assert all(name.startswith(TEMP_PREFIX) for name in names)
        if script == WHOLE:  # the next save takes over the lock, and clears up what was left
            endings = [name.rpartition(".")[2] for name in names]
            assert endings in ([], ["lock"], ["tmp", "lock"]), names
        left += any(name.endswith(".tmp") for name in names)
    assert list(target.parent.glob("*.xls*")) in ([target], [])
    return states, left


def expected_states(folder: Path) -> set[str]:
    """The file as it was made, and as it is after a save with either content."""
    import io

    from xlgov.ooxml.package import Package

    target, contents = make_workbook(folder)
    states = {state_of(target)}
    for content in contents:
        made = io.BytesIO()
        with Package.open(target) as package:
            package.write(made, {"xl/worksheets/sheet1.xml": content.read_bytes()})
        states.add(hashlib.sha256(made.getvalue()).hexdigest())
    return states


def show_it_is_whole(tmp_path: Path, times: int) -> None:
    for name in ("expected", "killed"):
        (tmp_path / name).mkdir()
    expected = expected_states(tmp_path / "expected")
    states, left = kill_often(WHOLE, tmp_path / "killed", times)
    assert sum(states.values()) == times
    assert set(states) <= expected, "a file that is neither the old nor the new one"
    assert len(states) > 1, "no save came to its end: the kills were too early to show anything"
    assert left > times // 20, "hardly a kill hit a save: too late to show anything"


def test_forty_kills_leave_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    show_it_is_whole(tmp_path, 40)


@pytest.mark.slow
def test_three_hundred_kills_leave_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    show_it_is_whole(tmp_path, 300)


@pytest.mark.slow
def test_the_kills_would_find_a_save_that_is_not_whole(tmp_path: Path) -> None:
    (tmp_path / "expected").mkdir()
    (tmp_path / "killed").mkdir()
    expected = expected_states(tmp_path / "expected")
    states, _ = kill_often(TORN, tmp_path / "killed", 200)
    assert not set(states) <= expected
