"""Handing functions to Excel through xlwings, with the help that Excel shows for each argument.

Why xlwings is not imported here: Excel's *Import Functions* comes with xlwings loaded, so a module
that is imported without it is not being imported for Excel, and needs neither the half second nor
pandas, which xlwings loads. Then, and wherever xlwings cannot publish functions, they stay plain.

Why xlwings sees no type hints: it takes them for conversions of its own.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from xlgov.errors import XlgovError
from xlgov.excel.functions.cells import refusal

CATEGORY = "xlgov"
CALLER = "caller"  # the argument for which xlwings hands over the calling cell; nobody types it

P = ParamSpec("P")
R = TypeVar("R")


def worksheet_function(**helps: str) -> Callable[[Callable[P, R]], Callable[P, R | str]]:
    """Make a function answer as a cell should, and publish it where Excel is asking.

    ``helps`` is a line of help for every argument but ``caller``. The first paragraph of the
    docstring is what Excel shows of the function. An error becomes a sentence in the cell.

    Why every exception: what is not caught here, Excel shows as a stack trace in each cell.
    """

    def publish(function: Callable[P, R]) -> Callable[P, R | str]:
        @wraps(function)
        def answered(*given: P.args, **named: P.kwargs) -> R | str:
            try:
                return function(*given, **named)
            except XlgovError as error:
                return refusal(str(error).partition("\n")[0])
            except Exception as error:
                return refusal(_say_failure(error))

        xlwings: Any = sys.modules.get("xlwings")
        return answered if xlwings is None else _register(xlwings, answered, helps)

    return publish


def _register(xlwings: Any, function: Callable[P, R], helps: Mapping[str, str]) -> Callable[P, R]:
    function.__annotations__ = {}
    about = inspect.getdoc(function) or ""
    function.__doc__ = " ".join(about.partition("\n\n")[0].split())
    published: Any = function
    for name, text in helps.items():
        published = xlwings.arg(name, ndim=2, err_to_str=True, doc=text)(published)
    registered: Callable[P, R] = xlwings.func(published, category=CATEGORY)  # last: arg resets it
    return registered


def _say_failure(error: Exception) -> str:
    if type(error).__name__ == "com_error":  # of pywin32, which is on Windows only
        return "Excel was busy and could not be asked; press Ctrl+Alt+F9 to calculate again"
    if isinstance(error, ImportError):
        return f"{error.name or 'a library'} is missing on this PC; install xlgov again"
    return f"a mistake in xlgov ({type(error).__name__}, {error}); please report it"
