"""Asking an engine for what it may not know.

Excel on Windows answers everything; on the web, formulas, colours and merged cells are not part
of what arrives. An engine that does not know something raises, and what is not known is no error.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Answer = TypeVar("Answer")


def ask(question: Callable[[], Answer]) -> Answer | None:
    """The engine's answer; None where it has none."""
    try:
        return question()
    except (NotImplementedError, AttributeError, KeyError):
        return None


def tell(instruction: Callable[[], object]) -> bool:
    """Whether the engine could do what it was told."""
    try:
        instruction()
    except (NotImplementedError, AttributeError, KeyError):
        return False
    return True


def get(thing: object, name: str) -> Any:
    """A property of an engine's object; None where the engine has none."""
    return ask(lambda: getattr(thing, name))


def put(thing: object, name: str, value: object) -> bool:
    """Set a property of an engine's object; whether the engine could."""
    return tell(lambda: setattr(thing, name, value))
