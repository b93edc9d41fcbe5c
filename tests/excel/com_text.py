"""A range as XML Spreadsheet, which Excel gives for xlRangeValueXMLSpreadsheet.

Rows and cells that hold and show nothing are left out, and those that a merged cell covers; the
next one then has its index (Microsoft, "XML Spreadsheet Reference"; files that Excel saved). Styles
and types of values are not modelled.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from cell_model import SheetModel
from rule_model import Area

_HEAD = """<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:html="http://www.w3.org/TR/REC-html40">
 <Styles><Style ss:ID="Default" ss:Name="Normal"><Font ss:FontName="Calibri"/></Style></Styles>
"""


def spreadsheet_text(sheet: SheetModel, area: Area) -> str:
    """The text of an area; places in it are counted from its first cell."""
    top, left, bottom, right = area
    rows = []
    for row in range(top, bottom + 1):
        cells = list(_cells(sheet, row, left, right))
        if cells:
            rows.append(f'   <Row ss:Index="{row - top + 1}">\n{"".join(cells)}   </Row>\n')
    size = f'ss:ExpandedColumnCount="{right - left + 1}" ss:ExpandedRowCount="{bottom - top + 1}"'
    return (
        f'{_HEAD} <Worksheet ss:Name="{escape(sheet.name)}">\n'
        f'  <Table {size} ss:DefaultRowHeight="15">\n'
        f'   <Column ss:Width="54" ss:Span="3"/>\n{"".join(rows)}'
        "  </Table>\n </Worksheet>\n</Workbook>\n"
    )


def _cells(sheet: SheetModel, row: int, left: int, right: int) -> Iterator[str]:
    following = left
    for column in range(left, right + 1):
        merge = sheet.merge_at(row, column)
        if merge is not None and merge[:2] != (row, column):
            continue
        cell = sheet.cells.get((row, column))
        if cell is None and merge is None:
            continue
        stated = f' ss:Index="{column - left + 1}"' if column != following else ""
        following = column + 1
        if merge is not None:
            across, down = merge[3] - merge[1], merge[2] - merge[0]
            stated += f' ss:MergeAcross="{across}"' if across else ""
            stated += f' ss:MergeDown="{down}"' if down else ""
            following += across
        if cell is not None and cell.formula is not None:
            stated += f' ss:Formula="{escape(cell.formula, {chr(34): "&quot;"})}"'
        held = None if cell is None else cell.value
        value = "" if held is None else f'<Data ss:Type="String">{escape(str(held))}</Data>'
        yield f"    <Cell{stated}>{value}</Cell>\n"
