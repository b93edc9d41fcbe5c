"""The VBA project that goes into a workbook or the add-in, made from the text files in ``vba/``.

Why it is made when it is needed and not shipped as a binary: a project has a module for the
workbook and for every sheet, under the code names of that workbook, and a reviewer who has read the
text has then read everything. It holds no compiled code, which [MS-OVBA] forbids other writers than
Office: what the text says is what runs. It refers to no library besides those of VBA and Excel
themselves, and states no path. The same names give the same bytes.

Why another library adds to macros that stand already: rewriting somebody's project means reading
all that Office may have put there, and pyOpenVBA does that well. It is needed for nothing else.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

from xlgov.errors import EditError
from xlgov.macros.compound import write_compound
from xlgov.macros.compression import compress
from xlgov.macros.merge import merge_modules

MARK = "' Part of xlgov."  # stands in each of our modules and tells them from other people's
MODULES = (
    *("XlgovMain", "XlgovPython", "XlgovRatings", "XlgovCells", "XlgovScheme"),
    *("XlgovScores", "XlgovWords", "XlgovFunctions", "XlgovAdvice"),
)

_BOOK_CLASS = "0{00020819-0000-0000-C000-000000000046}"
_SHEET_CLASS = "0{00020820-0000-0000-C000-000000000046}"
_CHART_CLASS = "0{00020821-0000-0000-C000-000000000046}"
# Western first; our own modules are plain ASCII, so the code names alone decide.
_CODE_PAGES = (1252, 1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258, 932, 936, 949, 950)
_PROJECT_NAME = "VBAProject"
_LOCALE = 0x0409
# Protection and password, stated as none. They are scrambled with the identifier, so the three
# lines go together with it; as Excel writes them for a project that nobody protects.
_IDENTITY = (
    'ID="{E73B243E-09A5-4CB0-B261-A37357B461D3}"',
    'CMG="DFDD63469DFA78FE78FE78FE78FE"',
    'DPB="BEBC02A73E591C5A1C5A1C"',
    'GC="9D9F2184DF62E062E09D"',
)


@cache
def read_sources() -> dict[str, str]:
    """The text of each of our modules by its name, with line feeds alone at the ends of lines."""
    folder = files("xlgov.macros") / "vba"
    return {
        name: (folder / f"{name}.bas").read_text("ascii").replace("\r\n", "\n") for name in MODULES
    }


def project_bytes(code_names: Sequence[str], charts: Iterable[str] | None = None) -> bytes:
    """A VBA project for a workbook: our modules, and one for the workbook and for each sheet.

    ``code_names`` are the workbook's own and then those of its sheets in order; ``charts`` are
    those of chart sheets. Without it they are told as Excel names them: ``Chart`` and a number.

    Raises EditError where a name is given twice or is that of a module of ours.
    """
    taken = {name.casefold() for name in MODULES} | {_PROJECT_NAME.casefold()}
    for name in code_names:
        if name.casefold() in taken:
            raise EditError(
                f"the code name {name} of the workbook or of a sheet is taken twice, or is one of "
                "the macros' own; change it in Excel (Alt+F11, Properties, Name), save, and try "
                "again."
            )
        taken.add(name.casefold())
    if charts is None:
        charts = [name for name in code_names if name[:5] == "Chart" and name[5:].isdecimal()]
    page = _choose_page(code_names)
    documents = {
        name: _document(name, _class_of(place, name in charts))
        for place, name in enumerate(code_names)
    }
    sources = documents | read_sources()
    encoding = f"cp{page}"
    streams = {name: _compress_text(text, encoding) for name, text in sources.items()}
    return write_compound(
        {
            "VBA": {
                "_VBA_PROJECT": struct.pack("<HHBH", 0x61CC, 0xFFFF, 0, 0),
                "dir": compress(_directory(documents, page, encoding)),
                **streams,
            },
            "PROJECT": _describe(documents).encode(encoding),
            "PROJECTwm": _unicode_names(sources, encoding),
        }
    )


@cache
def _own_streams() -> tuple[bytes, ...]:
    """Our modules as they stand in a project of ours, each in one piece."""
    return tuple(_compress_text(text, "ascii") for text in read_sources().values())


def _compress_text(text: str, encoding: str) -> bytes:
    return compress(text.replace("\n", "\r\n").encode(encoding))


def _class_of(place: int, is_chart: bool) -> str:
    if place == 0:
        return _BOOK_CLASS
    return _CHART_CLASS if is_chart else _SHEET_CLASS


def _choose_page(names: Iterable[str]) -> int:
    """The first code page that has all letters of the names."""
    text = "".join(names)
    for page in _CODE_PAGES:
        try:
            text.encode(f"cp{page}")
        except UnicodeEncodeError:
            continue
        return page
    raise EditError(
        "the code names of the workbook and its sheets are in scripts that no one code page has, "
        f"which macros need ({', '.join(names)}); change them in Excel (Alt+F11, Properties, "
        "Name), save, and try again."
    )


def _document(name: str, of_class: str) -> str:
    """The module of a workbook or sheet, which holds no code."""
    stated = {
        "GlobalNameSpace": False,
        "Creatable": False,
        "PredeclaredId": True,
        "Exposed": True,
        "TemplateDerived": False,
        "Customizable": True,
    }
    lines = [f'Attribute VB_Name = "{name}"', f'Attribute VB_Base = "{of_class}"']
    lines += [f"Attribute VB_{key} = {value}" for key, value in stated.items()]
    return "\n".join(lines) + "\n"


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HI", kind, len(content)) + content


def _directory(documents: Iterable[str], page: int, encoding: str) -> bytes:
    """The ``dir`` stream, [MS-OVBA] 2.3.4.2: what the project is, and its modules."""
    is_document = frozenset(documents)
    names = [*documents, *MODULES]
    project = (
        _record(0x0001, struct.pack("<I", 3)),  # 64-bit Windows, as Excel says on all of them
        _record(0x0002, struct.pack("<I", _LOCALE)),
        _record(0x0014, struct.pack("<I", _LOCALE)),
        _record(0x0003, struct.pack("<H", page)),
        _record(0x0004, _PROJECT_NAME.encode("ascii")),
        _record(0x0005) + _record(0x0040),  # description
        _record(0x0006) + _record(0x003D),  # help file
        _record(0x0007, struct.pack("<I", 0)),
        _record(0x0008, struct.pack("<I", 0)),
        # The version: a length of four is stated, and six bytes follow.
        struct.pack("<HIIH", 0x0009, 4, 1, 0),
        _record(0x000C) + _record(0x003C),  # constants
        _record(0x000F, struct.pack("<H", len(names))),
        _record(0x0013, struct.pack("<H", 0xFFFF)),
    )
    modules = (_module(name, 0x0022 if name in is_document else 0x0021, encoding) for name in names)
    return b"".join([*project, *modules, _record(0x0010)])


def _module(name: str, kind: int, encoding: str) -> bytes:
    narrow, wide = name.encode(encoding), name.encode("utf-16-le")
    return b"".join(
        (
            _record(0x0019, narrow) + _record(0x0047, wide),
            _record(0x001A, narrow) + _record(0x0032, wide),
            _record(0x001C) + _record(0x0048),  # description
            _record(0x0031, struct.pack("<I", 0)),  # the source stands at the stream's start
            _record(0x001E, struct.pack("<I", 0)),
            _record(0x002C, struct.pack("<H", 0xFFFF)),
            _record(kind),
            _record(0x002B),
        )
    )


def _describe(documents: Iterable[str]) -> str:
    """The ``PROJECT`` stream, [MS-OVBA] 2.3.1, in text."""
    documents = list(documents)
    identity, *protection = _IDENTITY
    lines = [
        identity,
        *(f"Document={name}/&H00000000" for name in documents),
        *(f"Module={name}" for name in MODULES),
        f'Name="{_PROJECT_NAME}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        *protection,
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{name}=0, 0, 0, 0, C" for name in (*documents, *MODULES)),
    ]
    return "".join(f"{line}\r\n" for line in lines)


def _unicode_names(names: Iterable[str], encoding: str) -> bytes:
    """The ``PROJECTwm`` stream: each module's name in the code page and in Unicode."""
    pairs = (name.encode(encoding) + b"\0" + name.encode("utf-16-le") + b"\0\0" for name in names)
    return b"".join(pairs) + b"\0\0"


def add_to_project(existing: bytes) -> bytes:
    """Somebody's project with our modules added, or brought up to date; all else in it stays.

    The bytes that were given come back where nothing is to be done. Needs pyOpenVBA, except where
    our modules stand in it as we write them.

    Raises EditError where it is not installed, where the project cannot be read, is signed or
    locked, or has a module or macro of its own under a name of ours.
    """
    if all(stream in existing for stream in _own_streams()):
        return existing
    return merge_modules(existing, read_sources(), MARK)
