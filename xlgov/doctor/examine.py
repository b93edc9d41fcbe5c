"""The checks in the order in which a person would make them."""

from __future__ import annotations

from pathlib import Path

from xlgov.doctor.addin import check_addin, find_addins, in_start_folder, recorded_hash
from xlgov.doctor.check import Check
from xlgov.doctor.excel import check_excel, find_excel
from xlgov.doctor.interpreter import (
    check_install,
    check_interpreter,
    check_python,
    check_script,
    check_xlwings,
)
from xlgov.doctor.machine import Machine, is_absolute, place, this_machine
from xlgov.doctor.trust import check_defender, check_locations, check_macros, check_projects
from xlgov.doctor.workbook import check_mark, check_place, is_web_address


def examine_machine(
    workbook: Path | str | None = None,
    machine: Machine | None = None,
    *,
    record: str | None = None,
) -> list[Check]:
    """Everything that might stop the button on a machine, this one unless another is given.

    ``workbook`` is a file, or a web address as a text; None looks at the current folder. ``record``
    is the SHA-256 of this version's add-in; None takes the recorded one. Nothing is changed, and
    no network is used. The same checks come back on every machine, in the same order.
    """
    machine = machine or this_machine()
    record = record or recorded_hash()
    named = None if workbook is None else str(workbook)
    if named is not None and not is_web_address(named) and not is_absolute(machine, named):
        named = place(machine, machine.folder, named)
    excel = find_excel(machine)
    started, interpreter = check_interpreter(machine, excel)
    addins = find_addins(machine, excel)[0] if excel else []
    loose = [each for each in addins if excel and not in_start_folder(machine, excel, each)]
    files = [named] if named is not None and not is_web_address(named) else []
    return [
        check_python(machine),
        check_install(),
        check_xlwings(machine, excel),
        check_excel(machine, excel),
        *started,
        check_script(machine, excel),
        check_addin(machine, excel, record),
        check_macros(machine, excel, named),
        check_locations(machine, excel),
        check_projects(machine, excel),
        *check_defender(machine, excel, interpreter),
        check_mark(machine, excel, [*files, *loose], named),
        check_place(machine, excel, named),
    ]
