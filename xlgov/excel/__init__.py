"""xlgov inside Excel: the button's work on an open workbook, through xlwings."""

from xlgov.excel.button import judge, mark, recalculate, undo
from xlgov.excel.caller import check_caller, mark_caller, recalculate_caller, undo_caller

__all__ = [
    "check_caller",
    "judge",
    "mark",
    "mark_caller",
    "recalculate",
    "recalculate_caller",
    "undo",
    "undo_caller",
]
