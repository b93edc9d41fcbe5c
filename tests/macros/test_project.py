"""The VBA project: what readers of other people find in it, and what stands already in one."""

from __future__ import annotations

import builtins
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlgov.errors import EditError
from xlgov.macros import merge
from xlgov.macros.compound import write_compound
from xlgov.macros.compression import compress
from xlgov.macros.project import MODULES, add_to_project, project_bytes, read_sources

NAMES = ("ThisWorkbook", "Sheet1", "Tabelle2", "Chart3")


def modules_by_oletools(project: bytes) -> dict[str, str]:
    """The text of each module as olevba finds it."""
    olevba = pytest.importorskip("oletools.olevba", reason="oletools is not installed")
    parser = olevba.VBA_Parser("vbaProject.bin", data=project)
    found = {name: text for _, _, name, text in parser.extract_macros()}
    parser.close()
    return {Path(name).stem: text.replace("\r\n", "\n") for name, text in found.items()}


def read_project(project: bytes) -> tuple[Any, Any]:
    """The container and the project as pyOpenVBA reads them."""
    pytest.importorskip("pyopenvba", reason="pyOpenVBA is not installed")
    from pyopenvba.cfb import CFB
    from pyopenvba.vba import parse_vba_project

    container = CFB.from_bytes(project)
    return container, parse_vba_project(container)


def test_every_module_reads_back_identical() -> None:
    found = modules_by_oletools(project_bytes(NAMES))
    assert {name: found[name] for name in MODULES} == read_sources()
    assert set(found) == {*NAMES, *MODULES}


def test_there_is_a_module_for_the_workbook_and_each_sheet() -> None:
    found = modules_by_oletools(project_bytes(NAMES))
    bases = {name: found[name].split("0{000208")[1][:2] for name in NAMES}
    assert bases == {"ThisWorkbook": "19", "Sheet1": "20", "Tabelle2": "20", "Chart3": "21"}
    other = modules_by_oletools(project_bytes(("Book", "Diagramm1"), charts=["Diagramm1"]))
    assert "00020821" in other["Diagramm1"] and "00020819" in other["Book"]


def test_another_reader_finds_no_fault() -> None:
    container, project = read_project(project_bytes(NAMES))
    assert project.validate(container) == []
    assert project.module_names() == [*NAMES, *MODULES]
    assert project.references == [] and project.code_page == 1252
    assert not project.protection.has_password
    kinds = [module.kind.name for module in project.modules]
    assert kinds == ["other"] * 4 + ["standard"] * len(MODULES)


def test_there_is_no_compiled_code() -> None:
    container, project = read_project(project_bytes(NAMES))
    assert all(module.text_offset == 0 for module in project.modules)
    cache = container.get_stream_in_storage("VBA", "_VBA_PROJECT")
    assert cache == bytes.fromhex("cc61ffff000000")


def test_the_container_is_strict() -> None:
    olefile = pytest.importorskip("olefile", reason="olefile is not installed")
    file = olefile.OleFileIO(project_bytes(NAMES), raise_defects=olefile.DEFECT_POTENTIAL)
    assert file.parsing_issues == []
    text = file.openstream("PROJECT").read().decode("cp1252")
    assert text.count("Document=") == 4 and text.count("\r\nModule=") == len(MODULES)
    assert text.endswith("XlgovAdvice=0, 0, 0, 0, C\r\n")
    file.close()


def test_the_same_names_give_the_same_bytes() -> None:
    assert project_bytes(NAMES) == project_bytes(list(NAMES))
    assert project_bytes(NAMES) != project_bytes(NAMES[:2])


@pytest.mark.parametrize(
    ("names", "page"),
    [(("ThisWorkbook", "Übersicht"), 1252), (("ЭтаКнига", "Лист1"), 1251), (("表1",), 932)],
)
def test_code_names_in_other_scripts_choose_the_code_page(
    names: tuple[str, ...], page: int
) -> None:
    _, project = read_project(project_bytes(names))
    assert project.code_page == page
    assert project.module_names()[: len(names)] == list(names)


@pytest.mark.parametrize(
    ("names", "part"),
    [
        (("ThisWorkbook", "xlgovmain"), "xlgovmain"),
        (("ThisWorkbook", "Sheet1", "SHEET1"), "SHEET1"),
        (("ThisWorkbook", "VBAProject"), "VBAProject"),
        (("ЭтаКнига", "表1", "ไทย"), "no one code page"),
    ],
)
def test_names_that_cannot_stand_together_are_refused(names: tuple[str, ...], part: str) -> None:
    with pytest.raises(EditError, match=part):
        project_bytes(names)


# --- the container and the compression


@settings(max_examples=60)
@given(st.binary(max_size=9000) | st.text("ab\r\n ", max_size=9000).map(str.encode))
def test_what_was_compressed_comes_back(text: bytes) -> None:
    pytest.importorskip("pyopenvba", reason="pyOpenVBA is not installed")
    from pyopenvba.vba import decompress

    back = decompress(compress(text))
    assert back[: len(text)] == text
    assert not back[len(text) :].strip(b"\0"), "only a piece stored as it is, is filled up"


@settings(max_examples=40)
@given(
    st.dictionaries(
        st.text("abcdefXYZ_1", min_size=1, max_size=31).map(lambda name: name.lower()),
        st.integers(0, 9000),
        max_size=40,
    )
)
def test_any_streams_come_back(sizes: dict[str, int]) -> None:
    olefile = pytest.importorskip("olefile", reason="olefile is not installed")
    tree = {name: bytes([place % 251]) * size for place, (name, size) in enumerate(sizes.items())}
    content = write_compound({"inside": tree, "after": b"x"} if "inside" not in tree else tree)
    file = olefile.OleFileIO(content.ljust(1536, b"\0"), raise_defects=olefile.DEFECT_POTENTIAL)
    folder = ["inside"] if "inside" not in tree else []
    for name, expected in tree.items():
        assert file.openstream([*folder, name]).read() == expected
    file.close()


def test_a_large_container_has_several_tables() -> None:
    olefile = pytest.importorskip("olefile", reason="olefile is not installed")
    tree = {f"s{number}": bytes([number]) * 60_000 for number in range(40)}
    file = olefile.OleFileIO(write_compound(tree), raise_defects=olefile.DEFECT_POTENTIAL)
    assert all(file.openstream(name).read() == content for name, content in tree.items())
    file.close()
    with pytest.raises(ValueError, match="more than a compound file"):
        write_compound({"large": bytes(8_000_000)})
    with pytest.raises(ValueError, match="over 31 characters"):
        write_compound({"n" * 32: b""})


# --- macros that stand already


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """A workbook with a macro of its own."""
    pyopenvba = pytest.importorskip("pyopenvba", reason="pyOpenVBA is not installed")
    path = tmp_path / "theirs.xlsm"
    with pyopenvba.ExcelFile.create_new(path) as file:
        file.set_module("Module1", 'Public Sub Greet()\r\n    MsgBox "hello"\r\nEnd Sub\r\n')
        file.save()
    return path


def project_of(path: Path) -> bytes:
    with zipfile.ZipFile(path) as package:
        return package.read("xl/vbaProject.bin")


def with_module(path: Path, name: str, text: str) -> bytes:
    from pyopenvba import ExcelFile

    with ExcelFile(path) as file:
        file.vba_project().add_module(name, text)
        file.save()
    return project_of(path)


def test_our_modules_join_theirs(theirs: Path) -> None:
    before = modules_by_oletools(project_of(theirs))
    merged = add_to_project(project_of(theirs))
    found = modules_by_oletools(merged)
    assert {name: found[name] for name in before} == before
    assert {name: found[name] for name in MODULES} == read_sources()
    container, project = read_project(merged)
    assert project.validate(container) == []


def test_twice_is_once_among_theirs_and_in_ours(theirs: Path) -> None:
    merged = add_to_project(project_of(theirs))
    assert add_to_project(merged) == merged
    own = project_bytes(NAMES)
    assert add_to_project(own) == own


def test_an_older_module_of_ours_is_replaced_and_one_given_up_goes(theirs: Path) -> None:
    old = read_sources()["XlgovMain"].replace("0.1.0", "0.0.1").replace("\n", "\r\n")
    with_module(theirs, "XlgovMain", old)
    text = old.replace("XlgovMain", "XlgovFormer").replace("Public Sub", "Private Sub")
    with_module(theirs, "XlgovFormer", text)
    found = modules_by_oletools(add_to_project(project_of(theirs)))
    assert found["XlgovMain"] == read_sources()["XlgovMain"]
    assert "XlgovFormer" not in found and "Module1" in found


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("XlgovMain", "Sub Mine()\r\nEnd Sub\r\n", "have a module XlgovMain of their own"),
        ("Other", "Function RISK_BAND(x)\r\nEnd Function\r\n", "have RISK_BAND of their own"),
        ("Other", "Public Sub xlgovundo()\r\nEnd Sub\r\n", "xlgovundo of their own, in Other"),
    ],
)
def test_names_of_theirs_are_not_taken(theirs: Path, name: str, text: str, part: str) -> None:
    with pytest.raises(EditError, match=part):
        add_to_project(with_module(theirs, name, text))


def test_a_private_macro_of_the_same_name_does_no_harm(theirs: Path) -> None:
    there = with_module(theirs, "Other", "Private Sub XlgovUndo()\r\nEnd Sub\r\n")
    assert "Other" in modules_by_oletools(add_to_project(there))


@pytest.mark.parametrize("content", [b"", b"no container", b"\xd0\xcf\x11\xe0" * 300])
def test_what_is_no_project_is_refused_in_words(content: bytes) -> None:
    pytest.importorskip("pyopenvba", reason="pyOpenVBA is not installed")
    with pytest.raises(EditError, match="could not be read"):
        add_to_project(content)


def test_a_locked_project_is_refused(theirs: Path) -> None:
    from pyopenvba.cfb import CFB

    container = CFB.from_bytes(project_of(theirs))
    lines = container.get_stream("PROJECT").split(b"\r\n")
    lines = [b'DPB="' + b"0" * 70 + b'"' if line[:4] == b"DPB=" else line for line in lines]
    container.write_stream("PROJECT", b"\r\n".join(lines))
    with pytest.raises(EditError, match="locked with a password"):
        add_to_project(container.to_bytes())


def test_a_signed_project_is_refused(theirs: Path) -> None:
    from pyopenvba.cfb import CFB

    container = CFB.from_bytes(project_of(theirs))
    container.add_stream_at((), "_VBA_PROJECT_SIGNATURE", b"signed")
    with pytest.raises(merge.SignedError, match="are signed"):
        add_to_project(container.to_bytes())


def test_without_the_library_the_remedy_is_said(
    theirs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = builtins.__import__

    def absent(name: str, *given: Any, **more: Any) -> Any:
        if name.startswith("pyopenvba"):
            raise ImportError(name)
        return plain(name, *given, **more)

    existing = project_of(theirs)
    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(EditError, match=r"pip install xlgov\[macros\]"):
        add_to_project(existing)
    own = project_bytes(NAMES)
    assert add_to_project(own) == own, "ours as we write it needs no library"


def test_a_package_with_the_project_is_what_pyopenvba_opens(tmp_path: Path) -> None:
    pyopenvba = pytest.importorskip("pyopenvba", reason="pyOpenVBA is not installed")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("xl/vbaProject.bin", project_bytes(NAMES))
    path = tmp_path / "own.xlsm"
    path.write_bytes(out.getvalue())
    with pyopenvba.ExcelFile(path) as file:
        assert file.module_names() == [*NAMES, *MODULES]
        assert not file.vba_signature().present
