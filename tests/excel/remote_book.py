"""Excel on the web: what its client sends to xlwings, and what it does with the actions it gets.

``remote_json`` makes the payload that ``xw.Book(json=...)`` opens; ``replay`` carries out the
actions of ``book.json()`` on the workbook's cells. Evidence: xlwings/js/xlwings.ts, the client for
Office Scripts that xlwings ships, for both directions; xlwings/pro/_xlremote.py for the keys that
it reads of the Office.js client and for the actions that it queues; Microsoft, "Excel.Range values"
(a text that starts with ``=``, ``+`` or ``-`` is a formula, null leaves a cell as it is, and the
array must have the range's size).

Payload: rows from A1 to the last used cell; whole numbers are ints, because JSON says 5 for 5.0; a
blank is ""; an error is its text; a number under a date format is ``2017-02-06T00:00:00.000Z``,
counted from 30 December 1899 also in workbooks that count from 1904. Names of a sheet carry their
scope. The client for Office Scripts sends neither ``visibility`` nor ``notes``, and only names of
one range. ``custom_dates=False`` is a client that takes custom date formats (dd/mm/yyyy) for
numbers, as those do that go by the format's category.

Actions: ``setValues`` takes texts as typed (typed_text.py); an action that is not modelled, or that
the Office Scripts client does not know, raises.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import xlwings as xw
from cell_model import BookModel, CellModel, NameModel, NotCalculated, SheetModel, a1, load_model
from live_files import Cells, cells_of_model, plain_value
from live_names import add_name
from live_range import Range
from live_reference import absolute, plain_areas
from live_session import Session
from live_sheets import Sheet, set_state
from live_values import stored_format
from openpyxl.styles.numbers import BUILTIN_FORMATS_REVERSE
from shown_color import stored_color
from typed_text import EPOCH, ErrorValue

OFFICE_JS, OFFICE_SCRIPTS = "Office.js", "Microsoft Office Scripts"
Action = dict[str, Any]


class Payload(dict[str, Any]):
    """What a client sends; it remembers the file, because xlwings changes the payload."""

    path: Path


def remote_json(
    path: str | Path, client: str = OFFICE_JS, custom_dates: bool = True
) -> dict[str, Any]:
    """The payload for ``xw.Book(json=...)`` of the workbook at ``path``."""
    model = load_model(path)
    assert model.active is not None
    made = Payload(client=client, version=xw.__version__)
    made.path = Path(path)
    made["book"] = {
        "name": model.name,
        "active_sheet_index": model.sheets.index(model.active),
        "selection": absolute((*model.active.active_cell, *model.active.active_cell)).replace(
            "$", ""
        ),
    }
    found = [_name(model, name, client) for name in model.names]
    made["names"] = [each for each in found if each is not None]
    made["sheets"] = [_sheet(sheet, client, custom_dates) for sheet in model.sheets]
    if client == OFFICE_JS:
        made["book"]["calculation"] = "Automatic"
    return made


def open_remote(path: str | Path, client: str = OFFICE_JS, custom_dates: bool = True) -> xw.Book:
    """The workbook at ``path`` as xlwings has it on a server."""
    return xw.Book(json=remote_json(path, client, custom_dates))


def _sheet(sheet: SheetModel, client: str, custom_dates: bool) -> dict[str, Any]:
    _, _, bottom, right = sheet.used
    look = sheet.look
    made: dict[str, Any] = {
        "name": sheet.name,
        "values": [
            [_sent(look(row, column), custom_dates) for column in range(1, right + 1)]
            for row in range(1, bottom + 1)
        ],
        "pictures": [],
        "tables": [],
    }
    if client == OFFICE_JS:
        states = {"visible": "Visible", "hidden": "Hidden", "veryHidden": "VeryHidden"}
        made |= {"visibility": states[sheet.state], "shapes": [], "charts": [], "pivot_tables": []}
        made["used_range_address"] = absolute(sheet.used).replace("$", "") if sheet.cells else None
        made["notes"] = [{"address": a1(*at)} for at in sheet.notes]
        made |= {"print_area": None, "show_gridlines": True}
    return made


def _sent(cell: CellModel, custom_dates: bool) -> Any:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, NotCalculated):
        raise RuntimeError(f"the value of {cell.formula}: nothing here calculates it")
    if isinstance(value, ErrorValue):
        return value.code
    if not isinstance(value, float):
        return value
    if cell.shows_date and (custom_dates or cell.number_format in BUILTIN_FORMATS_REVERSE):
        moment = EPOCH + timedelta(milliseconds=round(value * 86_400_000))
        return moment.isoformat(timespec="milliseconds") + "Z"
    return plain_value(value)


def _name(model: BookModel, name: NameModel, client: str) -> dict[str, Any] | None:
    found = plain_areas(name.refers_to.removeprefix("="), name.sheet or model.sheets[0])
    is_range = found is not None and len(found[1]) == 1
    if client == OFFICE_SCRIPTS and not is_range:
        return None
    made: dict[str, Any] = {"name": name.name, "sheet_index": None, "address": None}
    if found is not None and is_range:
        made["sheet_index"] = model.sheets.index(found[0])
        made["address"] = absolute(found[1][0]).replace("$", "")
    made["scope_sheet_name"] = name.sheet.name if name.sheet else None
    made["scope_sheet_index"] = model.sheets.index(name.sheet) if name.sheet else None
    made["book_scope"] = name.sheet is None
    if client == OFFICE_JS:
        made["refers_to"] = name.refers_to
    return made


@dataclass(slots=True)
class Replayed:
    """The workbook after the actions, and what the person saw."""

    model: BookModel
    alerts: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    saved: bool = False

    @property
    def cells(self) -> Cells:
        return cells_of_model(self.model)


def cells_of_remote(book: xw.Book) -> Cells:
    """Every cell of a remote book once its client has carried out the actions queued so far."""
    return replay(book.impl.api, book.json()["actions"]).cells


def replay(payload: dict[str, Any] | str | Path, actions: list[Action]) -> Replayed:
    """Carry out the actions on the workbook that the payload was made from.

    Raises NotImplementedError for an action that is not modelled.
    """
    path = payload.path if isinstance(payload, Payload) else payload
    client = payload["client"] if isinstance(payload, Payload) else OFFICE_JS
    assert isinstance(path, str | Path)
    done = Replayed(load_model(path))
    session = Session(books=[done.model])
    for action in actions:
        known = action["func"] in _ACTIONS
        if not known or (client == OFFICE_SCRIPTS and action["func"] not in _script_actions()):
            raise NotImplementedError(f"{client} does not know the action {action['func']}")
        done.done[action["func"]] += 1
        _ACTIONS[action["func"]](done, session, action)
    return done


def _script_actions() -> set[str]:
    """The actions of the client that xlwings ships."""
    text = (Path(xw.__file__).parent / "js" / "xlwings.ts").read_text(encoding="utf-8")
    return set(re.findall(r"^registerCallback\((\w+)\);", text, re.MULTILINE))


Do = Callable[[Replayed, Session, Action], None]
_ACTIONS: dict[str, Do] = {}


def _action(*names: str) -> Callable[[Do], Do]:
    def note(call: Do) -> Do:
        _ACTIONS.update(dict.fromkeys(names, call))
        return call

    return note


def _target(done: Replayed, action: Action) -> SheetModel:
    return done.model.sheets[action["sheet_position"]]


def _range(done: Replayed, session: Session, action: Action) -> Range:
    sheet = Sheet(session, _target(done, action))
    row, column = action["start_row"] + 1, action["start_column"] + 1
    return sheet.range((row, column, action["row_count"], action["column_count"]))


@_action("setValues")
def _set_values(done: Replayed, session: Session, action: Action) -> None:
    target = _range(done, session, action)
    rows, columns = action["row_count"], action["column_count"]
    if len(action["values"]) != rows or any(len(row) != columns for row in action["values"]):
        raise ValueError(f"values of another size than {rows} by {columns}")
    for down, row in enumerate(action["values"]):
        for across, value in enumerate(row):
            if not (value is None or isinstance(value, bool | int | float | str)):
                raise TypeError(f"{type(value).__name__} is nothing that JSON has")
            if value is not None:
                target._write_cell(target.row + down, target.column + across, value, (0, 0))


@_action("setFormula")
def _set_formula(done: Replayed, session: Session, action: Action) -> None:
    _range(done, session, action)._write(action["values"])


@_action("setNumberFormat")
def _set_number_format(done: Replayed, session: Session, action: Action) -> None:
    _range(done, session, action)._put("number_format", stored_format(action["args"][0]))


@_action("setRangeColor")
def _set_color(done: Replayed, session: Session, action: Action) -> None:
    _range(done, session, action)._put("fill", stored_color(action["args"][0]))


@_action("setFontProperty")
def _set_font(done: Replayed, session: Session, action: Action) -> None:
    name, value = action["args"]
    facet = {"color": "font_color", "name": "font_name"}.get(name, name)
    plain = stored_color(value) if name == "color" else value
    _range(done, session, action)._put(facet, plain)


@_action("setWrapText")
def _set_wrap(done: Replayed, session: Session, action: Action) -> None:
    _range(done, session, action)._put("wrap", bool(action["args"][0]))


@_action("setBorderProperty")
def _set_border(done: Replayed, session: Session, action: Action) -> None:
    side, attribute, value = action["args"]
    if side == "edge_bottom" and attribute == "line_style":
        _range(done, session, action)._put("border", "thin" if value else None)


@_action("setColumnWidth")
def _set_width(done: Replayed, session: Session, action: Action) -> None:
    if action["args"][0] < 0:
        raise ValueError("a width is not negative")


@_action("rangeClearContents")
def _clear_contents(done: Replayed, session: Session, action: Action) -> None:
    _range(done, session, action)._write(None)


@_action("addSheet")
def _add_sheet(done: Replayed, session: Session, action: Action) -> None:
    at, name = action["args"]
    if done.model.sheet(name) is not None:
        raise ValueError(f"there is a sheet {name} already")
    done.model.sheets.insert(at, SheetModel(name, done.model, is_new=True))


@_action("setSheetName")
def _name_sheet(done: Replayed, session: Session, action: Action) -> None:
    sheet = _target(done, action)
    assert sheet.is_new, "renaming a sheet of the file is not modelled"
    sheet.name = action["args"][0]


@_action("setSheetVisibility")
def _show_sheet(done: Replayed, session: Session, action: Action) -> None:
    numbers = {"Visible": -1, "Hidden": 0, "VeryHidden": 2}
    set_state(_target(done, action), numbers[action["args"][0]])


@_action("activateSheet")
def _activate(done: Replayed, session: Session, action: Action) -> None:
    Sheet(session, done.model.sheets[action["args"][0]]).activate()


@_action("sheetDelete")
def _delete_sheet(done: Replayed, session: Session, action: Action) -> None:
    Sheet(session, _target(done, action)).delete()


@_action("sheetClearContents")
def _clear_sheet(done: Replayed, session: Session, action: Action) -> None:
    Sheet(session, _target(done, action)).clear_contents()


@_action("namesAdd")
def _add_name(done: Replayed, session: Session, action: Action) -> None:
    position = action["sheet_position"]
    name, refers_to = action["args"]
    if any(each.name.lower() == name.lower() for each in done.model.names):
        raise ValueError(f"there is a name {name} already")  # Office.js: ItemAlreadyExists
    add_name(done.model, name, refers_to, None if position is None else done.model.sheets[position])


@_action("nameDelete")
def _delete_name(done: Replayed, session: Session, action: Action) -> None:
    name, book_scope, at = action["args"][2], action["args"][4], action["args"][5]
    sheet = None if book_scope else done.model.sheets[at]
    found = [each for each in done.model.names if each.name == name and each.sheet is sheet]
    done.model.names.remove(found[0])


@_action("setNameRefersTo")
def _move_name(done: Replayed, session: Session, action: Action) -> None:
    name, book_scope, at, refers_to = action["args"]
    sheet = None if book_scope else done.model.sheets[at]
    found = [each for each in done.model.names if each.name == name and each.sheet is sheet]
    found[0].refers_to = refers_to


@_action("alert")
def _alert(done: Replayed, session: Session, action: Action) -> None:
    done.alerts.append(action["args"][0])


@_action("save")
def _save(done: Replayed, session: Session, action: Action) -> None:
    done.saved = True


@_action("setAutofit", "setSheetAutofit", "setScreenUpdating", "setCalculation", "calculate")
def _unseen(done: Replayed, session: Session, action: Action) -> None:
    """Widths, redrawing and calculation are not modelled; they change no cell's value."""
