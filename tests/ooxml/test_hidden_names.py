"""Hidden names of ours are added and removed; every other name keeps its bytes."""

from __future__ import annotations

from pathlib import Path

from handmade import BOOK, plain, swap, write_package

from xlgov.ooxml.reader import open_workbook

TOP = '<definedName name="Top">Register!$A$1</definedName>'


def after(
    tmp_path: Path, wanted: list[tuple[str, str]], *gone: str, names: str = TOP
) -> tuple[str, bool]:
    """The defined names of the part after naming, and whether it was written at all."""
    path = write_package(tmp_path / "a.xlsx", swap(plain(), BOOK, (TOP, names)))
    with open_workbook(path) as workbook:
        workbook.book.set_hidden_names(wanted, gone)
        text = workbook.parts.raw(BOOK).decode()
        is_written = BOOK in workbook.parts.replaced
    return text.partition("</sheets>")[2].partition("<calcPr")[0], is_written


def test_new_names_go_behind_those_that_stand(tmp_path: Path) -> None:
    found, _ = after(tmp_path, [("xlgov_bands", '{"A & B",1}')])
    ours = '<definedName name="xlgov_bands" hidden="1">{"A &amp; B",1}</definedName>'
    assert found == f"<definedNames>{TOP}{ours}</definedNames>"


def test_a_name_that_refers_to_the_same_stays_as_it_is_written(tmp_path: Path) -> None:
    standing = '<definedName hidden="1" name="xlgov_r1_rating">Register!$D$2</definedName>'
    found, is_written = after(tmp_path, [("xlgov_r1_rating", "'Register'!$D$2")], names=standing)
    assert found == f"<definedNames>{standing}</definedNames>"
    assert not is_written


def test_one_that_refers_elsewhere_is_replaced(tmp_path: Path) -> None:
    standing = '<definedName name="XLGOV_r1_rating">Register!$D$2</definedName>'
    found, _ = after(tmp_path, [("xlgov_r1_rating", "'Register'!$D$3")], names=standing + TOP)
    ours = '<definedName name="xlgov_r1_rating" hidden="1">\'Register\'!$D$3</definedName>'
    assert found == f"<definedNames>{TOP}{ours}</definedNames>"


def test_names_of_a_sheet_alone_are_not_ours_to_remove(tmp_path: Path) -> None:
    local = '<definedName name="xlgov_r1_rating" localSheetId="0">Register!$D$2</definedName>'
    found, is_written = after(tmp_path, [], "xlgov_r1_rating", names=local)
    assert local in found and not is_written


def test_the_list_goes_with_its_last_name(tmp_path: Path) -> None:
    standing = '<definedName name="xlgov_r1_rating" hidden="1">Register!$D$2</definedName>'
    assert after(tmp_path, [], "xlgov_r1_rating", names=standing) == ("", True)


def test_hidden_names_and_the_print_area_are_read(tmp_path: Path) -> None:
    names = (
        '<definedName name="_xlnm.Print_Area" localSheetId="0">Register!$A$1:$D$9</definedName>'
        '<definedName name="a" hidden="1">1</definedName><definedName name="b">2</definedName>'
    )
    path = write_package(tmp_path / "a.xlsx", swap(plain(), BOOK, (TOP, names)))
    with open_workbook(path) as workbook:
        assert workbook.book.hidden_names() == {"a": "1"}
        assert workbook.book.print_area("REGISTER") == "Register!$A$1:$D$9"
        assert workbook.book.print_area("Other") == ""
