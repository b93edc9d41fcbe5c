"""Whatever stands in a file: it is edited or refused in words, and never anything else."""

from __future__ import annotations

import random
import re
import zipfile
from pathlib import Path

import pytest
from handmade import BOOK, MAKERS, SHEET, STRINGS, STYLES, a_table, plain, write_package
from written import by_openpyxl, features

from xlgov.changes import CellChange, ChangeSet, FormatRule, SheetChange, StyleChange
from xlgov.errors import DamagedError, XlgovError
from xlgov.ooxml.apply import apply_changes
from xlgov.ooxml.reader import open_workbook

VALUES = (
    b"", b"-1", b"0", b"99999999999999999999", b"\xc2\xb2", b"1e9", b"NaN", b"A1", b"a1:zz", b"  ",
    b"&#0;", b"&#xFFFFFFFF;", b"&nbsp;", b"\xff\xfe", b"\x00", b"<", b"'", b"x" * 9000, b"1_0",
)  # fmt: skip
NOISE = (
    b"<", b">", b"/", b'"', b"'", b"&", b"=", b" ", b"\x00", b"\xff", b"<!--", b"]]>", b"<![CDATA[",
    b"<?x?>", b"<c/>", b"<row/>", b"</sheetData>", b"<sheetData>", b"xmlns=''", b"<x:c/>", b"\n",
)  # fmt: skip


def mutate(content: bytes, chance: random.Random) -> bytes:
    """One change: an attribute's value, a few bytes, a piece gone, doubled or moved."""
    way = chance.randrange(5)
    places = [match.span(1) for match in re.finditer(rb'="([^"]*)"', content)]
    if way < 2 and places:
        start, end = chance.choice(places)
        return content[:start] + chance.choice(VALUES) + content[end:]
    start = chance.randrange(len(content) or 1)
    end = min(len(content), start + chance.choice((1, 2, 8, 60)))
    if way == 2:
        return content[:start] + chance.choice(NOISE) + content[end:]
    if way == 3:
        return content[:start] + content[end:]
    return content[:start] + content[start:end] * 2 + content[end:]


def use_everything(path: Path, out: Path) -> None:
    """Read all there is to read, and make every kind of edit."""
    with open_workbook(path) as workbook:
        workbook.names()
        for sheet in workbook.sheets:
            grid = workbook.grid(sheet.name)
            for cell in grid.cells():
                workbook.number_format(cell.style)
                workbook.fill(cell.style)
            workbook.grid(sheet.name, columns=(1, 3))
            workbook.formats(sheet.name)
            workbook.own_rules(sheet.name)
        name = workbook.sheets[0].name if workbook.sheets else "Register"
    apply_changes(
        ChangeSet(
            cells=(
                CellChange(name, "A7", None, 7),
                CellChange(name, "B2", None, "text"),
                CellChange(name, "C6", None, None),
                CellChange(name, "Z99", None, True),
            ),
            styles=(StyleChange(name, "A2", number_format="0.0000", bold=True, wrap=True),),
            formats=(FormatRule(name, "A1:A9", "A1>1", fill="FF0000"),),
            sheets=(SheetChange("xlgov", [["a", 1]], names=[("xlgov_a", "A1:B1")]),),
        ),
        path,
        out,
        break_signature=True,
    )
    apply_changes(ChangeSet(sheets=(SheetChange("xlgov", remove=True),)), out)


def sources(folder: Path) -> list[dict[str, bytes]]:
    made = [plain(), a_table(), MAKERS["a calculation chain"](),
            MAKERS["formats of others with extended priorities"](),
            MAKERS["a prefix on every element"]()]  # fmt: skip
    for writer in (features, by_openpyxl):
        with zipfile.ZipFile(writer(folder / "made.xlsx")) as file:
            made.append({name: file.read(name) for name in file.namelist()})
    return made


def attack(seed: int, rounds: int, folder: Path) -> dict[str, int]:
    """Mutate and use, again and again; gives how many came through and how many were refused."""
    chance = random.Random(seed)
    made = sources(folder)
    path, out = folder / "in.xlsx", folder / "out.xlsx"
    counts = {"edited": 0, "refused": 0}
    for n in range(rounds):
        parts = dict(chance.choice(made))
        touched = [name for name in parts if name.endswith((".xml", ".rels"))]
        likely = [name for name in (SHEET, BOOK, STYLES, STRINGS) if name in parts]
        part = chance.choice(likely if chance.random() < 0.6 else touched)
        parts[part] = mutate(parts[part], chance)
        write_package(path, parts)
        out.unlink(missing_ok=True)
        try:
            use_everything(path, out)
            counts["edited"] += 1
        except XlgovError as error:
            counts["refused"] += 1
            said = str(error)
            # Damage is found before writing, not by a surprise when the new file is read back.
            surprised = isinstance(error, DamagedError) and "did not read back" in said
            assert not surprised, f"seed {seed}, round {n}, {part}: {said}"
        except Exception as error:
            content = parts[part]
            where = f"seed {seed}, round {n}, {part}"
            raise AssertionError(f"{where}: {error!r}\n{content!r}") from error
    return counts


@pytest.mark.parametrize("seed", range(3))
def test_mutated_parts_are_edited_or_refused_in_words(seed: int, tmp_path: Path) -> None:
    counts = attack(seed, 100, tmp_path)
    assert min(counts.values()) > 10, counts


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 30))
def test_mutated_parts_at_length(seed: int, tmp_path: Path) -> None:
    attack(seed, 400, tmp_path)
