"""The command line: options in, text or JSON out, errors as exit codes. No logic of its own.

Exit codes, worst first: 3 a file could not be read or written, 2 usage or settings, 4 nothing in
any path was recognised, 1 findings at or above ``--fail-on``, 0. Ctrl-C gives 130.

Why nearly nothing is imported up here: a Ctrl-C while Python imports is answered in words only
once ``main`` has begun.
"""

from __future__ import annotations

import os
import sys

from xlgov.cli.codes import NOTHING_RECOGNISED

TYPE_CHECKING = False  # as type checkers know it; importing ``typing`` would take a while
if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["NOTHING_RECOGNISED", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code.

    Without ``arguments`` it is what this process is for: they are those of its command line, and
    a Ctrl-C that comes when all is said does nothing.
    """
    try:
        try:
            return _answer(arguments)
        finally:
            if arguments is None:
                from xlgov.interrupts import have_done

                have_done()
    except (KeyboardInterrupt, RuntimeError) as error:
        from xlgov.interrupts import came_of_one

        if not came_of_one(error):
            raise
        _say_last("xlgov: stopped; every file is either as it was or finished.")
        return 130


def _answer(arguments: Sequence[str] | None) -> int:
    if arguments is None:
        from xlgov.interrupts import raise_anew

        raise_anew()
    from xlgov.cli.options import make_parser
    from xlgov.errors import FileError, XlgovError

    _speak_utf8()
    options = make_parser().parse_args(arguments)
    try:
        code = int(options.run(options))
        if sys.stdout is not None:
            sys.stdout.flush()  # a broken pipe is to be met here, not when Python ends
        return code
    except XlgovError as error:
        _say_last(f"xlgov: {error}")
        return error.exit_code
    except BrokenPipeError:  # the reader of a pipe has seen enough
        _say_last("")
        return 0
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _say_last(f"xlgov: {where}{error.strerror or error}")
        return FileError.exit_code


def _say_last(text: str) -> None:
    """Print a last line to people; what cannot be printed is dropped, as where output is a file on
    a full disk: Python would meet it again as it ends, with a stack trace and a code of its own.
    """
    for stream, last in ((sys.stdout, ""), (sys.stderr, text)):
        if stream is None:
            continue
        try:
            if last:
                print(last, file=stream)
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
