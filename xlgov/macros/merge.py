"""Our modules put among somebody's own macros. The only place that knows pyOpenVBA.

Why so many refusals: macros are work of people. A module of theirs under a name of ours stays, a
signature that we would break stays, and a project that they locked is not opened.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from xlgov.errors import EditError, SignedError

if TYPE_CHECKING:
    from pyopenvba import ExcelFile

_PART = "xl/vbaProject.bin"
_BEGINNING = "xlgov"


def merge_modules(existing: bytes, sources: Mapping[str, str], mark: str) -> bytes:
    """A project with these modules in it, in place of older ones that carry the mark.

    The bytes that were given come back where they are there already. Raises EditError and
    SignedError, as ``add_to_project`` says.
    """
    try:
        from pyopenvba import ExcelFile
        from pyopenvba.exceptions import PyOpenVBAError
    except ImportError as error:
        raise EditError(
            "this workbook has macros already, and adding ours to them needs one more library: run "
            "pip install xlgov[macros], and try again. Or use the add-in, which leaves the "
            "workbook as it is: xlgov addin."
        ) from error

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "macros.xlsm"
        with zipfile.ZipFile(path, "w") as package:
            package.writestr(_PART, existing)
        try:
            with ExcelFile(path) as file:
                if not _put_modules(file, sources, mark):
                    return existing
                file.save()
            with zipfile.ZipFile(path) as package:
                return package.read(_PART)
        except (PyOpenVBAError, ValueError, KeyError, IndexError) as error:
            raise EditError(
                f"the macros of this workbook could not be read ({error}); nothing was written. "
                "Open it in Excel, save it, and try again; or use the add-in: xlgov addin."
            ) from error


def _put_modules(file: ExcelFile, sources: Mapping[str, str], mark: str) -> bool:
    """Change the project in memory; whether there was anything to change."""
    project = file.vba_project()
    standing = {module.name: module.source for module in project.modules}
    ours = {name for name, text in standing.items() if _is_ours(name, text, mark)}
    wanted = {name: _as_stored(text) for name, text in sources.items()}
    gone = ours - wanted.keys()
    changed = [name for name, text in wanted.items() if standing.get(name) != text]
    if not (gone or changed):
        return False
    if file.vba_signature().present:
        raise SignedError(
            "the macros of this workbook are signed, which any change makes invalid; nothing was "
            "written. Ask who signed them to add the button, or use the add-in: xlgov addin."
        )
    if project.protection is not None and project.protection.has_password:
        raise EditError(
            "the macros of this workbook are locked with a password; nothing was written. Unlock "
            "them in Excel (Alt+F11, Tools, VBAProject Properties, Protection), save, and try "
            "again; or use the add-in: xlgov addin."
        )
    _refuse_taken(standing, ours, sources)
    for name in sorted(gone):
        project.delete_module(name)
    for name in changed:
        if name in ours:
            project.delete_module(name)
        project.add_module(name, wanted[name])
    return True


def _as_stored(text: str) -> str:
    return text.replace("\n", "\r\n")


def _is_ours(name: str, text: str, mark: str) -> bool:
    return name.casefold().startswith(_BEGINNING) and mark in text


def _refuse_taken(standing: Mapping[str, str], ours: set[str], sources: Mapping[str, str]) -> None:
    """Raise EditError where a module or macro of theirs has a name of ours."""
    theirs = {name: text for name, text in standing.items() if name not in ours}
    modules = {name.casefold() for name in sources}
    taken = [name for name in theirs if name.casefold() in modules]
    if taken:
        raise EditError(
            f"the macros of this workbook have a module {taken[0]} of their own, which is a name "
            "that ours need; nothing was written. Rename it in Excel (Alt+F11), save, and try "
            "again; or use the add-in: xlgov addin."
        )
    procedures = {name for text in sources.values() for name in _list_procedures(text)}
    known = {name.casefold() for name in procedures}
    for module, text in theirs.items():
        for name in _list_procedures(text):
            if name.casefold() in known:
                raise EditError(
                    f"the macros of this workbook have {name} of their own, in {module}, and so "
                    "have ours; nothing was written. Rename it in Excel (Alt+F11), save, and try "
                    "again; or use the add-in: xlgov addin."
                )


def _list_procedures(source: str) -> Iterator[str]:
    """The names of the public procedures in the text of a module."""
    for line in source.splitlines():
        words = line.replace("(", " ").split()
        if words[:1] == ["Public"]:
            words = words[1:]
        if words[:1] in (["Sub"], ["Function"]) and len(words) > 1:
            yield words[1]
