"""The shape of the library: who may import whom, what start-up may load, what names stay free."""

from __future__ import annotations

import ast
import importlib
import os
import pkgutil
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import xlgov

ROOT = Path(xlgov.__file__).parent
SAMPLE = ROOT.parent / "workbooks" / "strategic-risk-register.xlsx"
PUBLIC_FUNCTIONS = (
    *("apply", "check", "diff", "init", "mark", "preview", "read", "refresh", "unmark"),
)
OUTSIDE = ("openpyxl", "pandas", "scipy", "xlwings", "fsspec", "distributed")
HEAVY = (*OUTSIDE, "numpy")

# What a module or folder at the top may import of ours, besides itself; and for those that stand
# above the domain, and see all of it, what they must not: the command line and its printing.
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "interrupts": set(),
    "grid": {"errors"},
    "changes": {"errors", "grid"},
    "settings": {"errors", "grid", "changes"},
    "risk": {"errors", "grid", "changes", "settings"},
    "kpi": {"errors", "grid", "changes", "settings"},
    "tracker": {"errors", "grid", "changes", "settings"},
    "ooxml": {"errors", "interrupts", "grid", "changes"},
    "recalculation": {"errors", "grid", "changes", "ooxml"},
    "review": {"errors", "grid", "changes", "settings", "risk", "kpi", "tracker"},
}
MUST_NOT_IMPORT: dict[str, set[str]] = {
    "remote": {"risk", "kpi", "tracker", "operations", "batch", "sources", "cli", "report"},
    "cluster": {"operations", "batch", "sources", "cli", "report"},
    "sources": {"risk", "kpi", "tracker", "settings", "operations", "batch", "cli", "report"},
    "kinds": {"operations", "batch", "cli", "report"},
    "present": {"wanted", "operations", "batch", "cli", "report", "excel"},
    "wanted": {"ooxml", "present", "operations", "batch", "cli", "report", "excel"},
    "asked": {"operations", "versions", "batch", "cli", "report", "excel", "macros"},
    "judging": {"operations", "versions", "batch", "cli", "report", "excel", "macros"},
    "operations": {"versions", "cli", "report", "excel", "macros"},
    "versions": {"cli", "report", "excel", "macros"},
    "excel": {"cli", "batch", "macros"},
    "journal": {"operations", "versions", "cli", "excel", "macros", "doctor"},
    "workers": {"risk", "kpi", "tracker", "settings", "operations", "cli", "report"},
    "batch": {"risk", "kpi", "tracker", "settings", "operations", "cli", "report"},
    "report": {"cli"},
    "macros": {"cli", "batch", "report", "excel"},
    "doctor": {"cli", "batch", "report", "excel"},
    "cli": set(),
}


def module_files() -> dict[str, Path]:
    """Every module of ours by its dotted name within the package."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in ROOT.rglob("*.py")
    }


def imports_of(module: str, tree: ast.AST) -> Iterator[tuple[str, ast.stmt]]:
    """Full names of all that a module imports, in functions and for type checkers too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = node.module or ""
            if node.level:
                above = ["xlgov", *module.split(".")][: -node.level]
                start = ".".join([*above, start]).rstrip(".")
            yield from ((f"{start}.{alias.name}", node) for alias in node.names)


def ours_imported_by(module: str, text: str) -> set[str]:
    """First names below xlgov that a module imports: ``grid`` for xlgov.grid.cells."""
    homes = {name.split(".")[0] for name in module_files()}
    found = set()
    for name, _ in imports_of(module, ast.parse(text)):
        if name.split(".")[0] == "xlgov":
            first = name.split(".")[1] if "." in name else "__init__"
            found.add(first if first in homes else "__init__")
    return found


def refused(module: str, text: str) -> set[str]:
    home = module.split(".")[0]
    imported = ours_imported_by(module, text) - {home}
    if home in MAY_IMPORT:
        return imported - MAY_IMPORT[home]
    return imported & MUST_NOT_IMPORT[home]


@pytest.mark.parametrize(
    ("module", "text", "expected"),
    [
        ("risk.rating", "from xlgov.ooxml.reader import open_workbook", {"ooxml"}),
        ("risk.rating", "from xlgov import ooxml, errors", {"ooxml"}),
        ("ooxml.save", "def f():\n    import xlgov.settings.load", {"settings"}),
        ("ooxml.save", "from ..risk import scale\nfrom . import parts", {"risk"}),
        ("grid.cells", "from xlgov import Settings", {"__init__"}),
        ("changes", "from xlgov.grid.cells import Value\nimport re", set()),
    ],
)
def test_an_import_in_the_wrong_direction_is_seen(
    module: str, text: str, expected: set[str]
) -> None:
    assert refused(module, text) == expected


def test_imports_point_one_way() -> None:
    files = {name: path for name, path in module_files().items() if not name.startswith("__")}
    assert {name.split(".")[0] for name in files} == {*MAY_IMPORT, *MUST_NOT_IMPORT}
    wrong = {name: refused(name, path.read_text("utf-8")) for name, path in files.items()}
    assert {name: found for name, found in wrong.items() if found} == {}


def test_each_outside_library_lives_in_one_place_and_inside_functions() -> None:
    homes: dict[str, set[str]] = {name: set() for name in OUTSIDE}
    for module, path in module_files().items():
        tree = ast.parse(path.read_text("utf-8"))
        late = {
            inner
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            or (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
            for inner in ast.walk(node)
        }
        for name, statement in imports_of(module, tree):
            library = name.split(".")[0]
            assert library not in HEAVY or statement in late, f"{module} loads {library} at once"
            if library in homes:
                homes[library].add(module)
    assert homes["pandas"] == {"operations"}
    assert homes["openpyxl"] == set(), "no workbook of a user's is read or saved by it"
    in_excel = homes.pop("xlwings")
    assert {module.split(".")[0] for module in in_excel} == {"excel"}
    assert all(len(modules) <= 1 for modules in homes.values()), homes


def test_public_functions_stay_callable_after_every_submodule_is_imported() -> None:
    for module in pkgutil.walk_packages(xlgov.__path__, "xlgov."):
        if module.name != "xlgov.__main__":
            importlib.import_module(module.name)
    assert [name for name in PUBLIC_FUNCTIONS if not callable(getattr(xlgov, name))] == []
    assert not {*xlgov.__all__} & {name.split(".")[0] for name in module_files()}


@pytest.mark.parametrize("arguments", [("--help",), ("refresh", "book.xlsx")])
def test_start_up_and_a_refresh_load_no_large_library(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    shutil.copy(SAMPLE, tmp_path / "book.xlsx")
    code = (
        "import sys, xlgov.cli\n"
        f"try:\n    code = xlgov.cli.main({arguments!r})\n"
        "except SystemExit as stop:\n    code = stop.code\n"
        f"print('loaded:', code, *(name for name in {HEAVY!r} if name in sys.modules))\n"
    )
    run = [sys.executable, "-W", "error", "-c", code]
    path = {**os.environ, "PYTHONPATH": str(ROOT.parent)}
    done = subprocess.run(run, capture_output=True, text=True, cwd=tmp_path, env=path)
    assert done.stdout.endswith("loaded: 0\n"), done.stderr
