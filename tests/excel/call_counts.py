"""Counts every call that reaches a stand-in for Excel, by class and name.

Each is a message to another process in real Excel, so a test can say that 10,000 rows take as many
as 100. Reading a property counts as ``Range.raw_value``, setting it as ``Range.raw_value=``.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

_COUNTED = ("__call__", "__len__", "__iter__")


class HasCalls(Protocol):
    @property
    def _calls(self) -> Counter[str]: ...


T = TypeVar("T", bound=type)


def counted(made: T) -> T:
    """Class decorator: its own public methods and properties are counted in ``self._calls``."""
    for name, attribute in list(vars(made).items()):
        if name.startswith("_") and name not in _COUNTED:
            continue
        label = f"{made.__name__}.{name}"
        if isinstance(attribute, property):
            getter = attribute.fget and _counting(attribute.fget, label)
            setter = attribute.fset and _counting(attribute.fset, label + "=")
            setattr(made, name, property(getter, setter, doc=attribute.__doc__))
        elif callable(attribute) and not isinstance(attribute, type):
            setattr(made, name, _counting(attribute, label))
    return made


def _counting(call: Callable[..., Any], label: str) -> Callable[..., Any]:
    @functools.wraps(call)
    def count(self: HasCalls, *args: Any, **named: Any) -> Any:
        self._calls[label] += 1
        return call(self, *args, **named)

    return count
