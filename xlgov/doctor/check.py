"""One thing looked at, and the list of them as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

State = Literal["ok", "fix", "not here", "unknown"]

_NO_EXCEL = "Excel is not on this machine"


@dataclass(frozen=True, slots=True)
class Check:
    """What was found, a clause. ``state`` fix: it would stop the button; ``fix`` is what to do."""

    name: str
    state: State
    found: str
    fix: str = ""


def no_excel(name: str) -> Check:
    """The answer of every check that is about Excel, where there is none."""
    return Check(name, "not here", f"{_NO_EXCEL}: nothing to check")


def exit_code(checks: Iterable[Check]) -> int:
    """1 where something would stop the button, else 0."""
    return int(any(check.state == "fix" for check in checks))


def print_checks(checks: Sequence[Check]) -> str:
    """A line for each check, then the fixes, then the verdict.

    >>> print(print_checks([Check("Python", "ok", "3.11.4"), Check("xlwings", "fix", "missing",
    ... "Install it.")]))
    ok        Python   3.11.4
    fix       xlwings  missing
    <BLANKLINE>
    To fix:
    1. xlwings: Install it.
    <BLANKLINE>
    1 thing would stop the button.
    """
    width = max((len(check.name) for check in checks), default=0)
    lines = [f"{check.state:<8}  {check.name:<{width}}  {check.found}" for check in checks]
    fixes = [f"{check.name}: {check.fix}" for check in checks if check.state == "fix"]
    if fixes:
        lines += ["", "To fix:", *(f"{number}. {fix}" for number, fix in enumerate(fixes, 1))]
    return "\n".join([*lines, "", _verdict(checks, len(fixes))])


def checks_as_json(checks: Sequence[Check]) -> dict[str, Any]:
    """``{"checks": [{"name", "state", "found", "fix"}], "stops": how many would}``."""
    listed = [
        {"name": each.name, "state": each.state, "found": each.found, "fix": each.fix or None}
        for each in checks
    ]
    return {"checks": listed, "stops": sum(each.state == "fix" for each in checks)}


def _verdict(checks: Sequence[Check], count: int) -> str:
    if count:
        return f"{count} thing{'' if count == 1 else 's'} would stop the button."
    if any(check.found.startswith(_NO_EXCEL) for check in checks):
        return (
            f"{_NO_EXCEL}, so there is no button to stop; xlgov refresh, check and the other "
            "commands work here."
        )
    if any(check.state == "unknown" for check in checks):
        return "Nothing found here would stop the button; what is unknown could not be looked at."
    return "Nothing here would stop the button."
