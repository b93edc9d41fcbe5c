"""What formulas show after a change, computed by a real engine on a temporary copy.

Above the writer of files and below ``operations``: it turns a change set into one that also says
what the formulas of the workbook show once the changes are made.
"""

from xlgov.recalculation.libreoffice import Engine, LibreOffice, find_libreoffice
from xlgov.recalculation.update import update_formulas

__all__ = ["Engine", "LibreOffice", "find_libreoffice", "update_formulas"]
