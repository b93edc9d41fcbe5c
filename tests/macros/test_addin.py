"""The ribbon add-in: what is inside, beside what the add-ins have that xlwings ships."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from xlgov.errors import InUseError, UsageError
from xlgov.macros.addin import ADDIN_NAME, addin_bytes, make_addin
from xlgov.macros.project import project_bytes, read_sources

RIBBON = "{http://schemas.microsoft.com/office/2006/01/customui}"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


@pytest.fixture(scope="module")
def parts() -> dict[str, bytes]:
    return parts_of(addin_bytes())


def shipped() -> list[dict[str, bytes]]:
    xlwings = pytest.importorskip("xlwings", reason="xlwings is not installed")
    folder = Path(xlwings.__file__).parent
    found = [folder / "addin" / "xlwings.xlam", folder / "quickstart_addin_ribbon.xlam"]
    return [parts_of(path.read_bytes()) for path in found]


def related(content: bytes) -> set[tuple[str, str]]:
    root = ElementTree.fromstring(content)
    return {(each.attrib["Type"], each.attrib["Target"]) for each in root}


def test_nothing_else_is_inside(parts: dict[str, bytes]) -> None:
    assert list(parts) == [
        *("[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "customUI/customUI.xml"),
        *("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"),
        *("xl/styles.xml", "xl/vbaProject.bin"),
    ]
    assert parts["xl/vbaProject.bin"] == project_bytes(("ThisWorkbook", "Sheet1"))


def test_it_is_put_together_as_the_add_ins_of_xlwings(parts: dict[str, bytes]) -> None:
    """The same kinds of relationships and types, and of parts none that theirs have not.

    The tab is related as in the larger one: its namespace goes with that kind of 2006.
    """
    others = shipped()
    for name in ("_rels/.rels", "xl/_rels/workbook.xml.rels"):
        assert related(parts[name]) <= related(others[0][name])
    for other in others:
        assert set(parts) <= set(other)
        types = other["[Content_Types].xml"]
        theirs = re.findall(rb'PartName="([^"]*)" ContentType="([^"]*)"', types)
        root = ElementTree.fromstring(parts["[Content_Types].xml"])
        ours = {
            (each.attrib["PartName"].encode(), each.attrib["ContentType"].encode())
            for each in root.iter(f"{TYPES}Override")
        }
        assert ours <= set(theirs)


def test_every_part_has_a_type_and_every_relationship_a_part(parts: dict[str, bytes]) -> None:
    root = ElementTree.fromstring(parts["[Content_Types].xml"])
    ends = {each.attrib["Extension"] for each in root.iter(f"{TYPES}Default")}
    assert {name.rpartition(".")[2] for name in parts} - {"xml"} <= ends
    for name, folder in (("_rels/.rels", ""), ("xl/_rels/workbook.xml.rels", "xl/")):
        assert {folder + target for _, target in related(parts[name])} <= set(parts)


def test_one_sheet_in_a_hidden_window_with_the_code_names_of_the_project(
    parts: dict[str, bytes],
) -> None:
    book = ElementTree.fromstring(parts["xl/workbook.xml"])
    assert [each.attrib for each in book.iter(f"{MAIN}workbookPr")] == [
        {"codeName": "ThisWorkbook"}
    ]
    assert [view.attrib["visibility"] for view in book.iter(f"{MAIN}workbookView")] == ["hidden"]
    assert len(list(book.iter(f"{MAIN}sheet"))) == 1
    sheet = ElementTree.fromstring(parts["xl/worksheets/sheet1.xml"])
    assert sheet[0].attrib == {"codeName": "Sheet1"} and len(sheet) == 2


def test_the_tab_has_five_buttons_with_tips_and_macros_that_exist(parts: dict[str, bytes]) -> None:
    root = ElementTree.fromstring(parts["customUI/customUI.xml"])
    assert [tab.attrib["label"] for tab in root.iter(f"{RIBBON}tab")] == ["xlgov"]
    buttons = [each.attrib for each in root.iter(f"{RIBBON}button")]
    assert [each["label"] for each in buttons] == [
        *("Recalculate", "Check", "Mark changes since...", "Undo last recalculate", "Help"),
    ]
    main = read_sources()["XlgovMain"]
    for each in buttons:
        assert f"Public Sub {each['onAction']}(ByVal control As Object)\n" in main
        assert each["screentip"] and each["supertip"]
    pictures = {each["imageMso"] for each in buttons}
    assert pictures == {
        *("CalculateNow", "ErrorChecking", "ReviewHighlightChanges"),
        "Undo",
        "Help",
    }
    assert len({each["id"] for each in buttons}) == 5


def test_no_path_no_person_no_date(parts: dict[str, bytes]) -> None:
    for name, content in parts.items():
        assert b"absPath" not in content and b"creator" not in content, name
        found = re.search(rb"[A-Za-z]:\\\\?[A-Za-z]|/(?:home|Users|tmp|work)/", content)
        assert not found or name.endswith(".bin"), name  # there compressed code may look like one
    with zipfile.ZipFile(io.BytesIO(addin_bytes())) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.create_system for info in package.infolist()} == {0}


def test_it_is_the_same_each_time() -> None:
    assert addin_bytes() == addin_bytes()


def test_it_is_written_and_replaced_as_a_whole(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    target = make_addin(folder)
    assert target == folder / ADDIN_NAME and target.read_bytes() == addin_bytes()
    target.write_bytes(b"an older one")
    target.chmod(stat.S_IRUSR | stat.S_IWUSR)
    assert make_addin(folder).read_bytes() == addin_bytes()
    assert [path.name for path in folder.iterdir()] == [ADDIN_NAME]


def test_one_that_excel_has_open_is_left(tmp_path: Path) -> None:
    (tmp_path / ADDIN_NAME).write_bytes(b"an older one")
    (tmp_path / f"~${ADDIN_NAME}").write_bytes(b"\x05Alice".ljust(165, b" "))
    with pytest.raises(InUseError, match="open in Excel"):
        make_addin(tmp_path)
    assert (tmp_path / ADDIN_NAME).read_bytes() == b"an older one"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "here").write_text("x")
    with pytest.raises(UsageError, match="is a file; expected a folder"):
        make_addin(tmp_path / "here")


def test_its_macros_are_read_back_from_the_file(tmp_path: Path) -> None:
    olevba = pytest.importorskip("oletools.olevba", reason="oletools is not installed")
    parser = olevba.VBA_Parser(str(make_addin(tmp_path)))
    found = {name: text.replace("\r\n", "\n") for _, _, name, text in parser.extract_macros()}
    parser.close()
    for name, text in read_sources().items():
        assert found[f"{name}.bas"] == text
