"""LibreOffice as the engine: what goes wrong with it, in words; and, where it is there, its values.

Programs that stand in for it are shell scripts, so those tests need a shell.
"""

from __future__ import annotations

import os
import re
import threading
import time
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import openpyxl
import pandas
import pytest
from calculated import SUMMARY, part, put, rewrite, said, updates, waiting, write_book

import xlgov
from xlgov.changes import Cached, ChangeSet
from xlgov.errors import FileError
from xlgov.recalculation import LibreOffice, find_libreoffice, update_formulas
from xlgov.recalculation.sealed import seal

needs_shell = pytest.mark.skipif(os.name == "nt", reason="the programs are shell scripts")
CELLS = {"A1": 1, "A2": 2, "A3": 3}


def is_there() -> bool:
    try:
        find_libreoffice()
    except xlgov.XlgovError:
        return False
    return True


needs_libreoffice = pytest.mark.skipif(
    not is_there(), reason="there is no LibreOffice (soffice) to calculate"
)


def program(folder: Path, script: str) -> Path:
    path = folder / "program"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@needs_shell
@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("sleep 60 & echo $! > {pid}; wait", r"did not recalculate .* in 0.5 seconds .* stopped"),
        ("kill -9 $$", r"was ended by signal 9 \(it said nothing\)"),
        ("echo no such filter >&2; exit 3", r"ended with code 3 \(no such filter\)"),
        ("echo 'Warning: no java' >&2; echo 'cannot load' >&2", r"could not .* \(cannot load\)"),
        ("true", r"could not recalculate the workbook \(it said nothing\)"),
    ],
)
def test_an_engine_that_fails_is_said_in_words_and_leaves_the_file(
    tmp_path: Path, script: str, message: str
) -> None:
    path = write_book(tmp_path / "book.xlsx", CELLS, {"A1": ("=SUM(Register!A1:A3)", 6)})
    before = path.read_bytes()
    child = tmp_path / "pid"
    engine = LibreOffice(program(tmp_path, script.replace("{pid}", str(child))), timeout=0.5)
    with pytest.raises(FileError, match=message) as refused:
        update_formulas(path, put(A1=5), engine)
    assert "nothing was written" in str(refused.value)
    assert path.read_bytes() == before
    if child.exists():
        assert has_ended(int(child.read_text())), "what the program had started goes on"


def has_ended(process: int) -> bool:
    for _ in range(100):
        try:
            os.kill(process, 0)
            state = Path(f"/proc/{process}/stat")
            if state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z":
                return True  # ended, and nobody has asked how
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@needs_shell
def test_a_program_that_cannot_be_started_is_said(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book.xlsx", CELLS, {"A1": ("=SUM(Register!A1:A3)", 6)})
    with pytest.raises(FileError, match="could not be started"):
        update_formulas(path, put(A1=5), LibreOffice(tmp_path / "absent"))


def linked_book(path: Path, port: int) -> Path:
    """A workbook that links to a workbook, a picture and data elsewhere."""
    write_book(path, CELLS, {"A1": ("=SUM(Register!A1:A3)", 6), "A2": ("=[1]Sheet1!A1+A1", 13)})
    there = f"http://127.0.0.1:{port}"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    link = (
        f'<externalLink xmlns="{main}"><externalBook xmlns:r="{kind}" r:id="rId1"><sheetNames>'
        '<sheetName val="Sheet1"/></sheetNames><sheetDataSet><sheetData sheetId="0"><row r="1">'
        '<cell r="A1"><v>7</v></cell></row></sheetData></sheetDataSet></externalBook>'
        "</externalLink>"
    )
    picture = (
        f'<xdr:wsDr xmlns:xdr="{drawing}/spreadsheetDrawing" xmlns:a="{drawing}/main">'
        "<xdr:oneCellAnchor><xdr:from><xdr:col>3</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1"
        '</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx="9525" cy="9525"/><xdr:pic>'
        '<xdr:nvPicPr><xdr:cNvPr id="2" name="P"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill>'
        f'<a:blip xmlns:r="{kind}" r:link="rId1"/><a:stretch><a:fillRect/></a:stretch>'
        '</xdr:blipFill><xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="9525" cy="9525"/></a:xfrm>'
        '<a:prstGeom prst="rect"/></xdr:spPr></xdr:pic><xdr:clientData/></xdr:oneCellAnchor>'
        "</xdr:wsDr>"
    )
    connections = (
        f'<connections xmlns="{main}"><connection id="1" name="c" type="4" refreshOnLoad="1" '
        f'refreshedVersion="5"><webPr xml="1" url="{there}/data.xml"/></connection></connections>'
    )

    def listed(*targets: tuple[str, str, bool]) -> str:
        marks = "".join(
            f'<Relationship Id="rId{n}" Type="{kind}/{each}" Target="{target}"'
            f"{' TargetMode=' + chr(34) + 'External' + chr(34) if away else ''}/>"
            for n, (each, target, away) in enumerate(targets, start=1)
        )
        return f'<Relationships xmlns="{relations}">{marks}</Relationships>'

    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/externalLinks/externalLink1.xml", link)
        away = listed(("externalLinkPath", f"{there}/book.xlsx", True))
        package.writestr("xl/externalLinks/_rels/externalLink1.xml.rels", away)
        package.writestr("xl/drawings/drawing9.xml", picture)
        package.writestr(
            "xl/drawings/_rels/drawing9.xml.rels", listed(("image", f"{there}/a.png", True))
        )
        package.writestr(
            "xl/worksheets/_rels/sheet2.xml.rels",
            listed(("drawing", "../drawings/drawing9.xml", False)),
        )
        package.writestr("xl/connections.xml", connections)
    form = "application/vnd.openxmlformats-officedocument"
    rewrite(
        path,
        "[Content_Types].xml",
        lambda text: text.replace(
            "</Types>",
            "".join(
                f'<Override PartName="/xl/{name}" ContentType="{form}.{of}+xml"/>'
                for name, of in (
                    ("externalLinks/externalLink1.xml", "spreadsheetml.externalLink"),
                    ("drawings/drawing9.xml", "drawing"),
                    ("connections.xml", "spreadsheetml.connections"),
                )
            )
            + "</Types>",
        ),
    )
    rewrite(
        path,
        "xl/_rels/workbook.xml.rels",
        lambda text: text.replace(
            "</Relationships>",
            f'<Relationship Id="rId98" Type="{kind}/externalLink" '
            'Target="externalLinks/externalLink1.xml"/>'
            f'<Relationship Id="rId99" Type="{kind}/connections" Target="connections.xml"/>'
            "</Relationships>",
        ),
    )
    rewrite(
        path,
        "xl/workbook.xml",
        lambda text: text.replace(
            "</sheets>",
            '</sheets><externalReferences><externalReference r:id="rId98"/></externalReferences>',
        ),
    )
    return rewrite(
        path,
        SUMMARY,
        lambda text: text.replace("</worksheet>", '<drawing r:id="rId1"/></worksheet>'),
    )


def test_a_sealed_copy_leads_nowhere(tmp_path: Path) -> None:
    path = linked_book(tmp_path / "book.xlsx", 9)
    seal(path, tmp_path / "sealed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "sealed.xlsx") as new:
        was = {name: old.read(name) for name in old.namelist()}
        now = {name: new.read(name) for name in new.namelist()}
    assert list(now) == list(was)
    differ = {name for name in now if now[name] != was[name]}
    assert differ == {
        "xl/externalLinks/_rels/externalLink1.xml.rels",
        "xl/drawings/_rels/drawing9.xml.rels",
        "xl/connections.xml",
    }
    assert not any(b"127.0.0.1" in content for content in now.values())


@contextmanager
def listening() -> Iterator[tuple[int, list[str]]]:
    """A server on this computer: its port, and what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *_: object) -> None:
            """Nothing on the screen."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port, asked
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("is_sealed", [True, False])
@pytest.mark.slow
@needs_libreoffice
def test_nothing_is_fetched_from_anywhere(
    tmp_path: Path, is_sealed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_sealed:  # then the settings alone must do
        monkeypatch.setattr(
            "xlgov.recalculation.update.seal", lambda old, new: new.write_bytes(old.read_bytes())
        )
    with listening() as (port, asked):
        path = linked_book(tmp_path / "book.xlsx", port)
        rewrite(
            path,
            SUMMARY,
            lambda text: text.replace(
                "</c></row>",
                f'</c><c r="C2"><f>_xlfn.WEBSERVICE("http://127.0.0.1:{port}/w")</f><v>1</v></c>'
                "</row>",
                2,
            ).replace('<c r="C2">', '<c r="C1">', 1),
        )
        changes = update_formulas(path, put(A1=5))
    assert asked == []
    assert updates(changes) == {"Summary!A1": 10}
    assert [(address, message) for _, address, message in said(changes)] == [
        (
            "A2",
            "Formulas that refer to other workbooks or programs keep the value that they showed "
            "(A2)",
        )
    ]


RATINGS = {f"E{row}": rating for row, rating in enumerate((10, 19, 1, 21, 16, 2, 7, 22), start=4)}
SUMMARIES: dict[str, tuple[str, object]] = {
    "A1": ('=COUNTIF(Register!E4:E11,">13")', 4),
    "A2": ("=SUM(Register!E4:E11)", 98),
    "A3": ("=INDEX(Register!E4:E11,3)", 1),
    "A4": ("=AVERAGE(Register!E4:E11)/7", 1.75),
    "A5": ('=IF(A3>13,"above","within")', "within"),
    "A6": ("=A3>13", False),
    "A7": ("=TODAY()-SUM(Register!E4:E6)", 43000),
    "A8": ("=1/(Register!E6-1)", "#DIV/0!"),
    "A9": ("=10/(Register!E9-5)", -10 / 3),
    "A10": ("=COUNTA(Register!A1:A9)", 0),
    "A11": ('=COUNTIFS(Register!E4:E11,">=20",Register!E4:E11,"<=22")', 2),
    "A12": ("=SUMPRODUCT((Register!E4:E11>13)*1)", 4),
    "A13": ('=TEXT(MAX(Register!E4:E11),"0.0")&" of 25"', "22.0 of 25"),
    "A14": ("=VLOOKUP(22,Register!E4:E11,1,FALSE)", 22),
    "A15": ('=IF(A3<5,"","five or more")', ""),
}
EXPECTED: dict[str, object] = {
    "A1": 5, "A2": 122, "A3": 20, "A4": 122 / 56, "A5": "above", "A6": True, "A7": 43000,
    "A8": 1 / 19, "A9": -10 / 3, "A10": 0, "A11": 3, "A12": 5, "A13": "22.0 of 25", "A14": 22,
    "A15": "five or more",
}  # fmt: skip


def summary_of(path: Path) -> dict[str, object]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sheet = openpyxl.load_workbook(path, data_only=True)["Summary"]
    return {address: sheet[address].value for address in SUMMARIES}


@pytest.mark.slow
@needs_libreoffice
def test_a_summary_is_right_for_readers_that_do_not_recalculate(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book.xlsx", RATINGS, SUMMARIES)
    was, before = part(path, SUMMARY), path.read_bytes()
    changes = put(E6=20, E9=5 + 2)  # was 1 and 2
    stale = tmp_path / "stale.xlsx"
    stale.write_bytes(before)
    xlgov.apply(changes, stale)
    shown = {address: value for address, (_, value) in SUMMARIES.items()}
    assert summary_of(stale) == {**shown, "A8": "#DIV/0!", "A15": None}

    done = update_formulas(path, changes)
    assert path.read_bytes() == before
    xlgov.apply(done, path)
    found = summary_of(path)
    expected = {**EXPECTED, "A2": 98 + 19 + 5, "A9": 5}
    assert found == {**expected, "A4": pytest.approx(122 / 56), "A8": pytest.approx(1 / 19)}
    table = pandas.read_excel(path, sheet_name="Summary", header=None)
    assert list(table[0][:3]) == [5, 122, 20]
    left = [(code, address) for code, address, _ in said(done)]
    assert left == [("formula-not-updated", "A7")]
    now = part(path, SUMMARY)
    for each in done.cells:
        if isinstance(each.after, Cached):
            was, now = without_shown(was, each.address), without_shown(now, each.address)
    assert now == was
    assert 'fullCalcOnLoad="1"' in part(path, "xl/workbook.xml")
    again = update_formulas(path, ChangeSet())
    assert again.is_empty


def without_shown(text: str, address: str) -> str:
    """A sheet without the type and value of one cell."""
    pattern = rf'(<c r="{address}")(?: t="\w+")?(><f>[^<]*</f>)<v>[^<]*</v>'
    bare, count = re.subn(pattern, r"\1\2", text)
    assert count == 1, address
    return bare


@pytest.mark.slow
@needs_libreoffice
def test_a_refresh_without_updating_is_made_good_by_one_with_it(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book.xlsx", RATINGS, {"A2": SUMMARIES["A2"]})
    xlgov.apply(put(E6=20), path)
    xlgov.apply(update_formulas(path, ChangeSet()), path)
    assert "<v>117</v>" in part(path, SUMMARY)


SAMPLES = sorted(
    path
    for path in (Path(__file__).parents[2] / "workbooks").glob("*.xlsx")
    if not path.name.startswith("~$")
)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
@pytest.mark.slow
@needs_libreoffice
def test_the_samples_show_after_a_refresh_what_the_engine_gives(
    sample: Path, tmp_path: Path
) -> None:
    path = tmp_path / sample.name
    path.write_bytes(sample.read_bytes())
    previewed = xlgov.preview(path)
    changes = update_formulas(path, previewed)
    own = {(each.sheet, each.address) for each in previewed.cells}
    for each in changes.cells[len(previewed.cells) :]:
        assert (each.sheet, each.address) not in own
        assert each.before != each.after.value
    xlgov.apply(changes, path)
    assert update_formulas(path, xlgov.preview(path)).is_empty


@pytest.mark.slow
@needs_libreoffice
def test_dates_of_1904_come_back_as_they_went(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book.xlsx", {"A1": 40000}, {"A1": ("=Register!A1+1", 40001)})
    rewrite(
        path,
        "xl/workbook.xml",
        lambda text: text.replace("<workbookPr", '<workbookPr date1904="1"'),
    )
    assert updates(update_formulas(path, put(A1=41000))) == {"Summary!A1": 41001}
    xlgov.apply(put(A1=41000), waiting(path))
    assert updates(update_formulas(path, ChangeSet())) == {}
