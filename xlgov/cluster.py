"""The workers of a Dask cluster as an executor: a run's files, worked on by other computers.

Why no more than that: a run needs of a cluster what it needs of any executor, a function called
elsewhere. Workers see workbooks, settings and log by the same paths as this computer, so a run over
several computers is of files on a share or a store.

A worker that is killed loses nothing: the file that it was at is as it was or whole, and the
scheduler gives it to another worker (at most ``distributed.scheduler.allowed-failures`` times;
then that file's outcome is an error that says so).
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xlgov import __version__
from xlgov.errors import UsageError

if TYPE_CHECKING:
    from distributed import Client

_PATIENCE = 60  # seconds; a computer that is begun for the run takes most of a minute


@contextmanager
def cluster_executor(address: str) -> Iterator[Executor]:
    """The workers of the scheduler at ``address``, such as ``tcp://10.0.0.5:8786``.

    Raises UsageError where ``distributed`` is not installed, nobody answers there, or a worker has
    another version of this library or none.
    """
    try:
        from distributed import Client
    except ImportError:
        raise UsageError(
            '--dask needs the library distributed: pip install "xlgov[dask]"'
        ) from None
    try:
        client = Client(address, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"no Dask scheduler answers at {address} ({error}). Expected an address such as "
            "tcp://10.0.0.5:8786; start one with: dask scheduler"
        ) from error
    with client:
        _wait_for_worker(client, address)
        _refuse_other_versions(client.run(_version, on_error="return"))
        # Not pure: what a refresh gives is not to be had from an earlier one of the same file.
        executor: Executor = client.get_executor(pure=False)
        yield executor


def _wait_for_worker(client: Client, address: str) -> None:
    """Wait for the first: of no workers, none has another version.

    With a piece of work, as there are clusters that begin their workers when there is some.
    """
    answer = client.submit(_version, pure=False)
    try:
        answer.exception(timeout=_PATIENCE)  # that of a worker without this library is said next
    except TimeoutError:
        raise UsageError(
            f"the Dask scheduler at {address} has no worker that answers in {_PATIENCE} seconds; "
            f"start some with: dask worker {address}"
        ) from None


def _version() -> str:
    """Of the worker that this is called on."""
    from xlgov import __version__ as its

    return its


def _refuse_other_versions(said: dict[str, object]) -> None:
    wrong = [
        f"{worker} has {'none' if isinstance(each, BaseException) else each}"
        for worker, each in sorted(said.items())
        if each != __version__
    ]
    if wrong:
        raise UsageError(
            f"these Dask workers have another xlgov than this one ({__version__}): "
            f"{'; '.join(wrong)}. Install the same version on each."
        )
