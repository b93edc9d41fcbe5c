"""Notes of ours are written, changed and removed; everybody else's words stay theirs."""

from __future__ import annotations

import re
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest
from applied import apply_to, text_of
from compare import Edited, compare
from handmade import BOOK, HEAD, MAIN, MAKERS, REL, SHEET, TYPES, Parts, plain, rels, swap, types
from handmade import write_package as write
from openpyxl import load_workbook
from plain_book import SHEET_RELS, STRICT_MAIN, STRICT_REL
from test_corpus import CORPUS, FILES
from written import SOFFICE, by_openpyxl, convert, features

from xlgov.changes import CellChange, ChangeSet, FormatRule, NoteChange, SheetChange
from xlgov.errors import DamagedError, EditError, XlgovError
from xlgov.ooxml import comments as comments_module
from xlgov.ooxml.apply import apply_changes
from xlgov.ooxml.measures import Measures, note_anchor
from xlgov.ooxml.notes import new_notes, same_note
from xlgov.ooxml.reader import open_workbook
from xlgov.ooxml.vml import NoteDrawing, empty_drawing

COMMENTS, DRAWING = "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"
WORDS = 'Higher: 12% <above> & "over"\n v 1yr average _x0041_ é'


def note(address: str, text: str | None, sheet: str = "Register") -> ChangeSet:
    return ChangeSet(notes=(NoteChange(sheet, address, text),))


def found(path: Path, sheet: str = "Register") -> dict[tuple[int, int], tuple[str, str]]:
    with open_workbook(path) as workbook:
        return {cell: tuple(each) for cell, each in workbook.notes(sheet).items()}  # type: ignore[misc]


def opened(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_workbook(path)


def by_excel(*more: tuple[str, str], drawing: str = "") -> Parts:
    """Notes as Excel writes them: of Jo in B2 and D2, a button beside them."""
    shape = (
        '<v:shape id="_x0000_s{}" type="#_x0000_t202" style=\'position:absolute;\r\n  '
        'margin-left:48pt;z-index:1;visibility:hidden\' fillcolor="#ffffe1"><v:textbox><div></div>'
        '</v:textbox>\r\n  <x:ClientData ObjectType="Note">\r\n   <x:Anchor>\r\n    1, 0, 0, 0, 3,'
        " 16, 0, 19</x:Anchor>\r\n   <x:Row>{}</x:Row>\r\n   <x:Column>{}</x:Column>\r\n  "
        "</x:ClientData>\r\n </v:shape>"
    )
    button = (
        '<v:shape id="Button_x0020_1" o:spid="_x0000_s1027" type="#_x0000_t201" o:button="t">'
        '<v:textbox><div><font face="Arial">Re-<br>calculate</font></div></v:textbox>'
        '<x:ClientData ObjectType="Button"><x:FmlaMacro>[0]!Go</x:FmlaMacro></x:ClientData>'
        "</v:shape>"
    )
    vml = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml"\r\n xmlns:o="urn:schemas-microsoft-com:office'
        ':office"\r\n xmlns:x="urn:schemas-microsoft-com:office:excel">\r\n <o:shapelayout '
        'v:ext="edit">\r\n  <o:idmap v:ext="edit" data="1"/>\r\n </o:shapelayout><v:shapetype '
        'id="_x0000_t202" coordsize="21600,21600"/>'
        f"{shape.format(1025, 1, 1)}{shape.format(1026, 1, 3)}{button}</xml>"
    )
    comments = (
        f'{HEAD}<comments xmlns="{MAIN}" xmlns:mc="http://schemas.openxmlformats.org/markup-'
        'compatibility/2006" mc:Ignorable="xr" xmlns:xr="urn:xr"><authors><author>Jo</author>'
        '</authors><commentList><comment ref="B2" authorId="0" shapeId="0" xr:uid="{1}"><text><r>'
        '<rPr><b/></rPr><t>Jo:</t></r><r><t xml:space="preserve">\nours? </t></r></text>'
        '</comment><comment ref="D2" authorId="0"><text><t>two</t></text></comment>'
        "</commentList></comments>"
    )
    parts = swap(plain(), SHEET, ("</worksheet>", '<legacyDrawing r:id="rId2"/></worksheet>'))
    listed = types((f"/{COMMENTS}", comments_module._TYPE)).replace(
        b"<Override",
        b'<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'vmlDrawing"/><Override',
        1,
    )
    return {
        **parts,
        TYPES: listed,
        SHEET_RELS: rels(
            ("comments", f"/{COMMENTS}"), ("vmlDrawing", "../drawings/vmlDrawing1.vml"), *more
        ),
        COMMENTS: comments.encode(),
        DRAWING: (drawing or vml).encode(),
    }


def in_conversation() -> Parts:
    office = "http://schemas.microsoft.com/office/2017/10/relationships"
    parts = by_excel(("threadedComment", "../threadedComments/threadedComment1.xml"))
    parts = swap(parts, COMMENTS, ("<author>Jo<", "<author>tc={2}<"), (">two<", ">[Threaded]<"))
    parts = swap(parts, SHEET_RELS, (f"{REL}/threaded", f"{office}/threaded"))
    parts = swap(
        parts,
        "xl/_rels/workbook.xml.rels",
        ("</Relationships>", f'<Relationship Id="rId9" Type="{office}/person" '
         'Target="persons/person.xml"/></Relationships>'),
    )  # fmt: skip
    return {
        **parts,
        "xl/persons/person.xml": b'<personList><person displayName="Sam" id="{7}"/></personList>',
        "xl/threadedComments/threadedComment1.xml": (
            b'<ThreadedComments><threadedComment ref="D2" personId="{7}" id="{2}"><text>why?</text>'
            b'</threadedComment><threadedComment ref="D2" personId="{8}" parentId="{2}"><text>so'
            b"</text></threadedComment></ThreadedComments>"
        ),
    }


# Adding


def test_a_note_in_a_sheet_that_has_none(tmp_path: Path) -> None:
    after = apply_to(tmp_path, plain(), note("C3", WORDS))
    compare(tmp_path / "before.xlsx", tmp_path / "after.xlsx", Edited(notes={"Register": {"C3"}}))
    comment = load_workbook(tmp_path / "after.xlsx")["Register"]["C3"].comment
    assert (comment.author, comment.text) == ("xlgov", WORDS.replace("_x0041_", "_x005F_x0041_"))
    assert found(tmp_path / "after.xlsx") == {(3, 3): ("xlgov", WORDS)}
    assert '<legacyDrawing r:id="rId2"/></worksheet>' in after[SHEET]
    assert f'Type="{REL}/comments" Target="../comments1.xml"' in after[SHEET_RELS]
    assert after[TYPES].count('<Default Extension="vml" ') == 1
    assert f'PartName="/{COMMENTS}"' in after[TYPES]
    assert "visibility:hidden" in after[DRAWING]
    assert "<x:Row>2</x:Row><x:Column>2</x:Column>" in after[DRAWING]


def test_notes_between_those_of_others_leave_every_other_byte(tmp_path: Path) -> None:
    changes = ChangeSet(notes=tuple(NoteChange("Register", n, n) for n in ("E9", "C2", "A1")))
    after = apply_to(tmp_path, by_excel(), changes)
    touched = compare(
        tmp_path / "before.xlsx",
        tmp_path / "after.xlsx",
        Edited(notes={"Register": {"A1", "C2", "E9"}}),
    )
    assert touched == {COMMENTS, DRAWING.lower()}
    assert re.findall('ref="([A-Z0-9]+)"', after[COMMENTS]) == ["A1", "B2", "C2", "D2", "E9"]
    assert "<author>Jo</author><author>xlgov</author></authors>" in after[COMMENTS]
    assert after[COMMENTS].count('authorId="1"') == 3
    assert re.findall(r'"_x0000_s(\d+)"', after[DRAWING]) == [
        "1025", "1026", "1027", "1028", "1029", "1030"
    ]  # fmt: skip
    again = apply_changes(changes, tmp_path / "after.xlsx")
    assert again is False


def test_an_author_of_ours_is_used_again(tmp_path: Path) -> None:
    apply_to(tmp_path, by_excel(), note("A1", "one"))
    apply_changes(note("A2", "two"), tmp_path / "after.xlsx")
    after = text_of(tmp_path / "after.xlsx")[COMMENTS]
    assert after.count("<author>") == 2
    assert after.count('authorId="1"') == 2


def test_the_buttons_of_a_sheet_without_notes_stay_in_their_drawing(tmp_path: Path) -> None:
    vml = (
        '<xml xmlns:a="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:'
        'office"><a:line id="Line" o:spid="_x0000_s2049"/><!-- <a:shape> --></xml>\n'
    )
    parts = by_excel(drawing=vml)
    links = rels(("printerSettings", "p.bin"), ("vmlDrawing", "../drawings/vmlDrawing1.vml"))
    before = {**{n: c for n, c in parts.items() if n != COMMENTS}, SHEET_RELS: links,
              TYPES: types(("/xl/drawings/vmlDrawing1.vml", "application/vnd.openxmlformats-"
                            "officedocument.vmlDrawing"))}  # fmt: skip
    after = apply_to(tmp_path, before, note("A2", "x"))
    assert after[SHEET] == before[SHEET].decode()
    start, end = after[DRAWING].split("<a:shapetype", 1)
    assert start == vml.removesuffix("</xml>\n")
    assert end.endswith("</a:shape></xml>\n")
    assert '<a:shape id="_x0000_s2050"' in end
    assert 'xmlns:x="urn:schemas-microsoft-com:office:excel"' in end
    assert 'Id="rId3"' in after[SHEET_RELS]
    with zipfile.ZipFile(tmp_path / "after.xlsx") as file:
        assert NoteDrawing(file.read(DRAWING), DRAWING).shapes.keys() == {(2, 1)}


def test_pictures_of_a_header_are_another_drawing(tmp_path: Path) -> None:
    parts = swap(by_excel(), SHEET, ("<legacyDrawing ", "<legacyDrawingHF "))
    parts = swap(parts, SHEET_RELS, (f'Target="/{COMMENTS}"', 'Target="x" TargetMode="External"'))
    after = apply_to(tmp_path, parts, note("A2", "x"))
    assert after[DRAWING] == parts[DRAWING].decode()
    assert '<legacyDrawing r:id="rId4"/><legacyDrawingHF r:id="rId2"/>' in after[SHEET]
    assert 'data="2"' in after["xl/drawings/vmlDrawing2.vml"]  # block 1 is the header's


def test_a_full_block_of_numbers_takes_another_that_no_drawing_has() -> None:
    drawing = NoteDrawing(empty_drawing(1), "x")
    cells = {(row, 1): (0,) * 8 for row in range(1, 1101)}
    edited = drawing.edited([], cells, {}, {1025, 5000}, {2, 4})
    assert b'data="1,5"' in edited
    numbers = [int(each) for each in re.findall(rb'"_x0000_s(\d+)"', edited)]
    assert len(set(numbers)) == 1100
    assert {each // 1024 for each in numbers} == {1, 5}
    assert 1025 not in numbers


@pytest.mark.parametrize("name", [
    "strict namespaces", "a prefix on every element", "a prefix in the relationships too",
    "a sheet in utf16", "a sheet without rows", "attributes on lines of their own",
    "elements that no standard knows", "a table", "pretty printed parts",
])  # fmt: skip
def test_a_note_in_workbooks_of_other_forms(tmp_path: Path, name: str) -> None:
    after = apply_to(tmp_path, MAKERS[name](), note("C3", WORDS))
    path = tmp_path / "after.xlsx"
    with open_workbook(path) as workbook:
        sheet = workbook.sheets[0].name
        assert workbook.notes(sheet) == {(3, 3): ("xlgov", WORDS)}
        part = workbook.find_sheet(sheet).part
    compare(tmp_path / "before.xlsx", path, Edited(notes={sheet: {"C3"}}))
    if name == "strict namespaces":
        assert f'<comments xmlns="{STRICT_MAIN}">' in after[COMMENTS]
        folder, _, last = part.rpartition("/")
        assert f"{STRICT_REL}/comments" in after[f"{folder}/_rels/{last}.rels"]
    apply_changes(note("C3", None, sheet), path)
    left = text_of(path)
    assert left.pop(TYPES)  # keeps the ending vml, which is then of no part
    before = {n: raw.decode("utf-8", "replace") for n, raw in MAKERS[name]().items()}
    assert {n: text for n, text in before.items() if n != TYPES} == left


def test_a_note_in_a_merged_range_belongs_to_its_first_cell(tmp_path: Path) -> None:
    merged = '</sheetData><mergeCells><mergeCell ref="B3:D4"/></mergeCells>'
    apply_to(tmp_path, swap(plain(), SHEET, ("</sheetData>", merged)), note("D4", "x"))
    assert found(tmp_path / "after.xlsx") == {(3, 2): ("xlgov", "x")}
    assert apply_changes(note("C3", "x"), tmp_path / "after.xlsx") is False


def test_notes_cells_and_formats_of_one_sheet_together(tmp_path: Path) -> None:
    changes = ChangeSet(
        cells=(CellChange("Register", "C3", None, 5),),
        formats=(FormatRule("Register", "C3:C9", "C3>1", fill="FFC000"),),
        notes=(NoteChange("register", "c3", "five"), NoteChange("xlgov", "B2", "why")),
        sheets=(SheetChange("xlgov", [["a"]]),),
    )
    apply_to(tmp_path, plain(), changes)
    path = tmp_path / "after.xlsx"
    assert found(path) == {(3, 3): ("xlgov", "five")}
    assert found(path, "xlgov") == {(2, 2): ("xlgov", "why")}
    first = path.read_bytes()
    apply_changes(changes, path)
    assert path.read_bytes() == first
    apply_changes(ChangeSet(sheets=(SheetChange("xlgov", remove=True),)), path)
    assert not any("2" in name for name in text_of(path) if "omments" in name or "vml" in name)
    assert found(path) == {(3, 3): ("xlgov", "five")}


# Changing and removing


def test_a_note_of_ours_gets_another_text_and_keeps_its_box(tmp_path: Path) -> None:
    apply_to(tmp_path, by_excel(), note("C2", "one"))
    path = tmp_path / "after.xlsx"
    parts = {name: text.encode() for name, text in text_of(path).items()}
    moved = re.sub(rb"<x:Anchor>[0-9, ]*</x:Anchor>(?=.*<x:Row>1</x:Row><x:Column>2<)",
                   b"<x:Anchor>9, 9, 9, 9, 19, 9, 19, 9</x:Anchor>", parts[DRAWING])  # fmt: skip
    write(path, {**parts, DRAWING: moved})
    apply_changes(note("C2", "two " * 400), path)
    assert found(path)[2, 3] == ("xlgov", "two " * 400)
    assert text_of(path)[DRAWING].encode() == moved


def test_a_box_as_we_made_it_follows_a_longer_text(tmp_path: Path) -> None:
    apply_to(tmp_path, by_excel(), note("C2", "one"))
    path = tmp_path / "after.xlsx"
    before = text_of(path)[DRAWING]
    apply_changes(note("C2", "two " * 100), path)
    after = text_of(path)[DRAWING]
    assert after != before
    anchor = note_anchor(Measures([], {2: 40}), (2, 3), "two " * 100)
    assert f"<x:Anchor>{', '.join(map(str, anchor))}</x:Anchor>" in after
    apply_changes(note("C2", "one"), path)
    assert text_of(path)[DRAWING] == before


def test_a_removed_note_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    before = by_excel()
    apply_to(tmp_path, before, note("C2", "one"))
    path = tmp_path / "after.xlsx"
    apply_changes(note("C2", None), path)
    after = text_of(path)
    author = after.pop(COMMENTS).replace("<author>xlgov</author>", "")
    assert author == before.pop(COMMENTS).decode()
    assert after == {name: raw.decode() for name, raw in before.items()}
    assert apply_changes(note("C2", None), path) is False


def test_the_parts_go_with_the_last_note(tmp_path: Path) -> None:
    before = {name: raw.decode() for name, raw in plain().items()}
    apply_to(tmp_path, plain(), note("C2", "one"))
    apply_changes(note("C2", None), tmp_path / "after.xlsx")
    after = text_of(tmp_path / "after.xlsx")
    assert re.sub('<Default Extension="vml"[^>]*>', "", after.pop(TYPES)) == before.pop(TYPES)
    assert after == before


def test_a_note_of_ours_that_lost_its_box_gets_one_with_the_next(tmp_path: Path) -> None:
    apply_to(tmp_path, plain(), note("C2", "one"))
    path = tmp_path / "after.xlsx"
    parts = {name: text.encode() for name, text in text_of(path).items()}
    write(path, {**parts, DRAWING: empty_drawing(1)})
    apply_changes(note("C3", "two"), path)
    shapes = NoteDrawing(text_of(path)[DRAWING].encode(), DRAWING).shapes
    assert shapes.keys() == {(2, 3), (3, 3)}


# What is not ours


@pytest.mark.parametrize("text", ["mine", None, "\nours? "])
def test_the_note_of_another_author_is_never_touched(tmp_path: Path, text: str | None) -> None:
    changes = ChangeSet(notes=(*note("A1", "x").notes, *note("B2", text).notes))
    with pytest.raises(EditError, match="Register!B2 has a note by Jo, which is not ours"):
        apply_to(tmp_path, by_excel(), changes)
    assert not (tmp_path / "after.xlsx").exists()


def test_a_conversation_is_never_touched(tmp_path: Path) -> None:
    with pytest.raises(EditError, match=r"Register!D2 has a note by Sam \(in a conversation\)"):
        apply_to(tmp_path, in_conversation(), note("D2", "x"))
    after = apply_to(tmp_path, in_conversation(), note("A1", "x"))
    before = in_conversation()
    assert {n for n, raw in before.items() if after[n] != raw.decode()} == {COMMENTS, DRAWING}
    compare(tmp_path / "before.xlsx", tmp_path / "after.xlsx", Edited(notes={"Register": {"A1"}}))


def test_everybodys_notes_are_read(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", in_conversation())
    assert found(path) == {
        (2, 2): ("somebody (in a conversation)", "Jo:\nours? "),
        (2, 4): ("Sam (in a conversation)", "why?\nso"),
    }
    path = write(tmp_path / "book.xlsx", by_excel())
    assert found(path) == {(2, 2): ("Jo", "Jo:\nours? "), (2, 4): ("Jo", "two")}
    assert found(write(tmp_path / "book.xlsx", plain())) == {}


def test_notes_that_stand_are_known_before(tmp_path: Path) -> None:
    apply_to(tmp_path, by_excel(), note("C2", "one\r\ntwo"))
    stands = [NoteChange("Register", "C2", "one\ntwo"), NoteChange("register", "A9", None)]
    new = [
        NoteChange("Register", "C2", "one"),
        NoteChange("Register", "C2", None),
        NoteChange("Register", "B2", None),
        NoteChange("Register", "D2", "two"),
        NoteChange("xlgov", "A1", "of a sheet to come"),
    ]
    with open_workbook(tmp_path / "after.xlsx") as workbook:
        assert all(same_note(workbook, each) for each in stands)
        assert new_notes(workbook, [*stands, *new]) == tuple(new)
        notes = workbook.notes("Register")
        assert [notes[2, column].is_ours for column in (2, 3, 4)] == [False, True, False]


# What cannot be


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * 32_768, "the note has 32,768 characters; a note holds at most 32,767"),
        ("😀" * 16_384, "holds at most 32,767"),
        ("  ", "a note needs a text"),
        ("a\ud800", "half a character"),
    ],
    ids=["long", "long in Excel's count", "blank", "half a character"],
)
def test_a_text_that_no_note_can_hold_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(EditError, match=f"Register!A1: .*{said}"):
        apply_to(tmp_path, plain(), note("A1", text))


def test_the_longest_text_and_control_characters_come_back(tmp_path: Path) -> None:
    for text in ("x" * 32_767, "a\x0b\x1f\tb ", "=1+1", "\n<r>&amp;</r>"):
        apply_to(tmp_path, plain(), note("A1", text))
        assert found(tmp_path / "after.xlsx") == {(1, 1): ("xlgov", text)}


def test_one_cell_given_two_notes_is_refused(tmp_path: Path) -> None:
    changes = ChangeSet(notes=(*note("A1", "x").notes, *note("a1", "y").notes))
    with pytest.raises(EditError, match="Register!A1 is given two different notes"):
        apply_to(tmp_path, plain(), changes)


@pytest.mark.parametrize("drawing", ["<xml><v:shape>", "text", "<xml ><v:shape id='a'></xml>"])
def test_a_drawing_that_is_cut_off_is_refused(tmp_path: Path, drawing: str) -> None:
    with pytest.raises(EditError, match="is cut off or no drawing"):
        apply_to(tmp_path, by_excel(drawing=drawing), note("A1", "x"))


def test_a_drawing_that_is_missing_is_refused(tmp_path: Path) -> None:
    parts = {name: raw for name, raw in by_excel().items() if name != DRAWING}
    with pytest.raises(EditError, match="names a drawing of its notes that is not in the file"):
        apply_to(tmp_path, parts, note("A1", "x"))


def test_notes_that_read_back_otherwise_never_replace_the_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "book.xlsx", by_excel())
    before = path.read_bytes()
    right = comments_module._rendered_text
    monkeypatch.setattr(comments_module, "_rendered_text", lambda t, p: right(t + "!", p))
    with pytest.raises(DamagedError, match="the notes of Register"):
        apply_changes(note("A1", "x"), path)
    monkeypatch.undo()
    monkeypatch.setattr(NoteDrawing, "_rendered", lambda *_: b"")
    with pytest.raises(DamagedError, match="the note of Register!A1 has no box"):
        apply_changes(note("A1", "x"), path)
    assert path.read_bytes() == before


# The box


def test_a_box_is_of_a_readable_size_whatever_it_stands_over() -> None:
    plain_sheet = Measures([], {})
    assert note_anchor(plain_sheet, (1, 1), "x") == (1, 15, 0, 2, 5, 59, 5, 2)
    narrow = Measures([(1, 50, 10)], dict.fromkeys(range(1, 9), 200))
    assert note_anchor(narrow, (2, 1), "x") == (1, 9, 0, 15, 31, 9, 0, 115)
    hidden = Measures([(2, 4, 0)], {3: 0, 4: 0})
    left, offset, *_, right, _, bottom, _ = note_anchor(hidden, (4, 1), "x")
    assert (left, offset, right, bottom) == (4, 15, 8, 9)
    longer = note_anchor(plain_sheet, (1, 1), "words " * 100)
    assert longer[6] > 8
    assert note_anchor(plain_sheet, (1, 1), "words " * 9000)[6] <= 26


def test_a_box_stays_within_the_sheet() -> None:
    first, _, top, _, last, _, bottom, _ = note_anchor(
        Measures([], {}), (1_048_576, 16_384), "x"
    )  # fmt: skip
    assert 16_300 < first < last == 16_383
    assert 1_048_500 < top < bottom == 1_048_575


def test_the_widths_and_heights_of_the_sheet_are_heeded(tmp_path: Path) -> None:
    parts = swap(plain(), SHEET, ('width="12"', 'width="100"'), ('ht="30"', 'ht="300"'))
    after = apply_to(tmp_path, parts, note("A2", "x"))
    assert "<x:Anchor>1, 15, 0, 15, 1, 315, 1, 95</x:Anchor>" in after[DRAWING]


# Other clients and other people's files


def test_openpyxl_reads_the_notes_of_workbooks_by_others(tmp_path: Path) -> None:
    for make, sheet in ((features, "Register"), (by_openpyxl, "Actions")):
        path = make(tmp_path / "made.xlsx")
        out = tmp_path / "out.xlsx"
        apply_changes(note("H7", "because", sheet), path, out)
        compare(path, out, Edited(notes={sheet: {"H7"}}))
        book = opened(out)
        comment = book[sheet]["H7"].comment
        assert (comment.author, comment.text) == ("xlgov", "because")
        assert book[sheet]._charts


@pytest.mark.skipif(SOFFICE is None, reason="there is no LibreOffice (soffice)")
def test_libreoffice_shows_the_notes_and_keeps_the_charts(tmp_path: Path) -> None:
    made = {"Register": features(tmp_path / "a.xlsx"), "Actions": by_openpyxl(tmp_path / "b.xlsx")}
    for sheet, path in made.items():
        apply_changes(note("H7", "line <one> &\ntwo", sheet), path)
    strict = write(tmp_path / "c.xlsx", MAKERS["strict namespaces"]())
    apply_changes(note("H7", "line <one> &\ntwo"), strict)
    saved = convert([*made.values(), strict], tmp_path / "saved")
    for path, sheet in zip(saved, ("Register", "Actions", "Register"), strict=True):
        book = opened(path)
        assert book[sheet]["H7"].comment.text == "line <one> &\ntwo"
        if path.name == "a.xlsx":
            assert book[sheet]["B2"].comment.text == "a note"
        assert bool(book[sheet]._charts) is (path.name != "c.xlsx")


@pytest.mark.skipif(not FILES, reason=f"there are no public workbooks in {CORPUS}")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_note_in_a_public_workbook_touches_nothing_else(path: Path, tmp_path: Path) -> None:
    out = tmp_path / f"after{path.suffix}"
    try:
        with open_workbook(path) as workbook:
            sheet = workbook.sheets[0].name
            taken = workbook.notes(sheet)
            merges = workbook.outline(sheet).merges
        row = next(n for n in range(3, 99) if (n, 3) not in taken
                   and not any((n, 3) in merge for merge in merges))  # fmt: skip
        address = f"C{row}"
        assert apply_changes(note(address, WORDS, sheet), path, out, break_signature=True)
    except XlgovError as error:
        assert str(error).endswith(".")
        assert not out.exists()
        return
    compare(path, out, Edited(notes={sheet: {address}}))
    assert found(out, sheet) == {**{c: tuple(n) for c, n in taken.items()},
                                 (row, 3): ("xlgov", WORDS)}  # fmt: skip
    first = out.read_bytes()
    assert apply_changes(note(address, WORDS, sheet), out, break_signature=True) is False
    assert out.read_bytes() == first
    apply_changes(note(address, None, sheet), out, break_signature=True)
    assert found(out, sheet) == {c: tuple(n) for c, n in taken.items()}


def test_the_calculation_of_the_workbook_is_not_asked_for(tmp_path: Path) -> None:
    assert apply_to(tmp_path, plain(), note("A1", "x"))[BOOK] == plain()[BOOK].decode()
