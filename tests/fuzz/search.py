"""The process of one target: searches for inputs that it does not survive, or replays one.

Called by ``run``: ``python -m tests.fuzz.search TARGET search FOLDER SECONDS SEED`` and ``...
TARGET replay FILE``. For Linux and macOS: the limits are those of the system.
"""

from __future__ import annotations

import faulthandler
import importlib.util
import random
import re
import resource
import sys
import time
import traceback
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.fuzz.mutation import flip, mutate_for

SLOW = 5  # seconds of the processor that an input may take
LARGE = 500 << 20  # bytes that it may take
_STUCK = 60  # seconds by the clock after which an input is given up
_LONGEST = 200_000  # bytes of an input
_MOST_KEPT = 5000  # inputs to change further, where nothing tells which are new

Run = Callable[[bytes], bool]


def main() -> None:
    name, action, place, *rest = sys.argv[1:]
    if action == "replay":
        _replay(name, Path(place))
    elif importlib.util.find_spec("atheris") is None:
        _search_at_random(name, Path(place), float(rest[0]), int(rest[1]))
    else:
        _search_guided(name, Path(place), float(rest[0]), int(rest[1]))


def _replay(name: str, path: Path) -> None:
    """Run one input; the system ends the process where it takes too long."""
    from tests.fuzz.targets import TARGETS

    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + 1 + SLOW
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    TARGETS[name](path.read_bytes())


def _search_guided(name: str, folder: Path, seconds: float, seed: int) -> None:
    import atheris

    with atheris.instrument_imports(include=["xlgov"]):
        from tests.fuzz.targets import TARGETS
    run = TARGETS[name]

    def one(content: bytes) -> None:
        _attempt(run, content, folder)

    def mutate(content: bytes, most: int, chance: int) -> bytes:
        return mutate_for(name, content, most, random.Random(chance), atheris.Mutate)

    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    settings = {
        "max_total_time": f"{seconds:.0f}",
        "seed": seed % 2**31 or 1,
        "timeout": _STUCK,
        "rss_limit_mb": base + (LARGE >> 20),
        "artifact_prefix": f"{folder}/",
        "max_len": _LONGEST,
        "print_final_stats": 1,
    }
    flags = [f"-{key}={value}" for key, value in settings.items()]
    atheris.Setup(["fuzz", str(folder / "corpus"), *flags], one, custom_mutator=mutate)
    atheris.Fuzz()


def _search_at_random(name: str, folder: Path, seconds: float, seed: int) -> None:
    from tests.fuzz.targets import TARGETS

    run = TARGETS[name]
    chance = random.Random(seed)
    pool = [path.read_bytes() for path in sorted((folder / "corpus").iterdir())]
    for content in pool:
        _attempt(run, content, folder)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    resource.setrlimit(resource.RLIMIT_DATA, (used + LARGE, used + LARGE))
    until = time.monotonic() + seconds
    executions = len(pool)
    last = folder / "crash-last"
    while time.monotonic() < until:
        content = chance.choice(pool)
        for _ in range(chance.choice((1, 1, 2, 5))):
            content = mutate_for(name, content, _LONGEST, chance, flip(chance))
        last.write_bytes(content)
        faulthandler.dump_traceback_later(_STUCK, exit=True)
        taken = _attempt(run, content, folder)
        faulthandler.cancel_dump_traceback_later()
        executions += 1
        if taken and chance.random() < 0.02 and len(pool) < _MOST_KEPT:
            pool.append(content)
    last.unlink(missing_ok=True)
    print(f"stat::number_of_executed_units: {executions}", file=sys.stderr)


def _attempt(run: Run, content: bytes, folder: Path) -> bool:
    """Run a target; what it raises is kept once for each place that raised it."""
    began = time.process_time()
    try:
        taken = run(content)
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{Path(frames[-1].filename).stem}-{frames[-1].lineno}"
        if type(error).__name__ == "Broken":
            place = re.sub(r"\W+", "-", str(error))[:40]
        stem = f"finding-{type(error).__name__}-{place}"
        if not (folder / f"{stem}.txt").exists():
            (folder / f"{stem}.input").write_bytes(content)
            (folder / f"{stem}.txt").write_text("".join(traceback.format_exception(error)))
        return False
    if time.process_time() - began > SLOW:
        (folder / f"slow-{zlib.crc32(content):08x}").write_bytes(content)
    return taken


if __name__ == "__main__":
    main()
