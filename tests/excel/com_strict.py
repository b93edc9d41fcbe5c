"""What all objects behind ``api`` share: they count, and know only what is modelled."""

from __future__ import annotations

from typing import Any

from live_session import Session


class Refusing:
    """Takes no attribute that it does not have; what it holds itself is given with ``_hold``."""

    def _hold(self, **held: Any) -> None:
        for name, value in held.items():
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"Property '{type(self).__name__}.{name}' can not be set.")


class ComObject(Refusing):
    """Counts what is read and set, in the session's calls."""

    _label = ""
    _session: Session

    def __init__(self, session: Session, **held: Any) -> None:
        self._hold(_session=session, **held)

    def _count(self, name: str) -> None:
        self._session.calls[f"api.{name}"] += 1

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"{self._label or type(self).__name__}.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        known = getattr(type(self), name, None)
        if not isinstance(known, property) or known.fset is None:
            raise AttributeError(f"Property '<unknown>.{name}' can not be set.")
        self._count(f"{self._label}.{name}=")
        known.fset(self, value)
