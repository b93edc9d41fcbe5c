"""Writes the first golden workbooks: ``python -m tests.golden.cases``.

Why kept, when the workbooks are in the repository: the code says what is in them. A case that
came from a bug has only its workbook, cut down to what shows the bug, and no function here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from tests.plain_registers import product, rank

HERE = Path(__file__).parent
LIKELIHOODS = ("Rare", "Unlikely", "Possible", "Likely", "Almost certain")
IMPACTS = ("Negligible", "Minor", "Moderate", "Major", "Catastrophic")
PAIRS = ((1, 4), (2, 5), (3, 3), (4, 4), (5, 2), (2, 2))
MADE = datetime(2017, 2, 6)


def book(path: Path, **options: Any) -> xlsxwriter.Workbook:
    made = xlsxwriter.Workbook(path, options)
    made.set_properties({"created": MADE})
    return made


def fill(sheet: Any, first: int, rows: Sequence[Sequence[Any]], look: Any = None) -> None:
    """Rows from a row number (0 is the first); text that looks like a formula is one."""
    for number, row in enumerate(rows, start=first):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(
                    number, column, datetime(value.year, value.month, value.day), look
                )
            elif value is not None:
                sheet.write(number, column, value)


def product_register_refused(path: Path) -> None:
    """Likelihood × impact, one slip among them: no rating may be touched."""
    with book(path) as made:
        sheet = made.add_worksheet("Corporate risks")
        rows = [[f"CR{n}", f"Corporate risk {n}", a, b, a * b] for n, (a, b) in enumerate(PAIRS, 1)]
        rows[3][4] = 12
        fill(sheet, 0, [["Corporate Risk Register"], [], ["Ref", "Risk", "L", "I", "Score"], *rows])


def gross_net_target_words(path: Path) -> None:
    """Inherent, current and future under the words gross, net and target; headings on two rows."""
    with book(path) as made:
        sheet, head = made.add_worksheet("Register"), made.add_format({"bold": True, "border": 1})
        sheet.write("A1", "Combined Authority Risk Register")
        sheet.write("A2", "As at 31 March 2018")
        for place, text in (
            ("A4:A5", "Risk\nID"),
            ("B4:B5", "Risk title"),
            ("F4:F5", "Mitigation"),
        ):
            sheet.merge_range(place, text, head)
        for place, text in (("C4:E4", "Gross"), ("G4:I4", "Net"), ("K4:M4", "Target")):
            sheet.merge_range(place, text, head)
        sheet.merge_range("J4:J5", "Further actions", head)
        for column in (2, 6, 10):
            sheet.write_row(4, column, ["Probability", "Severity", "RPN"], head)
        for number, (a, b) in enumerate(PAIRS):
            net, target = max(a - 1, 1), max(a - 2, 1)
            row = [f"CA{number + 1}", f"Risk {number + 1}", a, b, rank(a, b), "Controls"]
            row += [net, b, rank(net, b), "Actions", target, b, rank(target, b)]
            fill(sheet, 5 + number, [row])
        sheet.write("I9", 12)  # 12 is 3 × 4; (3, 4) ranks 18


def labels_with_numbers(path: Path) -> None:
    """Scores such as ``3 - Likely`` and ratings such as ``High (21)``, which keep their form."""
    bands = ((23, "Critical"), (20, "High"), (14, "Medium-high"), (7, "Medium"), (1, "Low"))
    with book(path) as made:
        sheet = made.add_worksheet("Register")
        rows: list[list[Any]] = [["Ref", "Risk description", "Likelihood", "Impact", "Risk rating"]]
        for number, (a, b) in enumerate(PAIRS, 1):
            shown = 10 if number == 4 else rank(a, b)
            band = next(name for lowest, name in bands if shown >= lowest)
            rows.append(
                [
                    f"L{number}",
                    f"Supplier {number} fails",
                    f"{a} - {LIKELIHOODS[a - 1]}",
                    f"{IMPACTS[b - 1]} ({b})",
                    f"{band} ({shown})",
                ]
            )
        fill(sheet, 0, rows)


def numeric_text_stays_text(path: Path) -> None:
    """Numbers stored as text, as exports leave them: corrected ratings are text again."""
    with book(path) as made:
        sheet = made.add_worksheet("Export")
        rows: list[list[Any]] = [
            ["Risk ref", "Description", "Likelihood", "Impact", "Rating", "Owner"]
        ]
        for number, (a, b) in enumerate(PAIRS, 1):
            rows.append(
                [
                    f"{number:05}",
                    f"Supplier {number} fails",
                    str(a),
                    f"{b}.0",
                    str(rank(a, b)),
                    "AB",
                ]
            )
        rows[3][4] = "9"
        fill(sheet, 0, rows)


def formulas_left_alone(path: Path) -> None:
    """Ratings by formula: a wrong one is a finding and keeps its formula; its dependents stay."""
    with book(path) as made:
        sheet = made.add_worksheet("Register")
        fill(sheet, 0, [["Ref", "Risk", "Likelihood", "Impact", "Rating", "Owner"]])
        for number, (a, b) in enumerate(PAIRS, start=2):
            fill(sheet, number - 1, [[f"F{number - 1}", "A risk", a, b, rank(a, b), "AB"]])
        for row, value in ((2, rank(1, 4)), (3, 10)):  # (2, 5) ranks 19
            sheet.write_formula(
                f"E{row}",
                f"=C{row}*D{row}+{value - PAIRS[row - 2][0] * PAIRS[row - 2][1]}",
                None,
                value,
            )
        sheet.write("E5", 16)  # typed; (4, 4) ranks 21
        sheet.write("D9", "Highest")
        sheet.write_formula("E9", "=MAX(E2:E7)", None, 16)


def two_registers_in_one_book(path: Path) -> None:
    """One by the ranks, with a slip that is corrected; one by products, which is left alone."""
    with book(path) as made:
        for name, rate in (("Finance", rank), ("Estates", product)):
            sheet = made.add_worksheet(name)
            rows = [
                [f"{name[0]}{n}", f"The supplier of item {n} fails", a, b, rate(a, b), "AB"]
                for n, (a, b) in enumerate(PAIRS, 1)
            ]
            rows[1][4] = 11
            head = ["Ref", "Risk", "Likelihood", "Impact", "Rating", "Owner"]
            fill(sheet, 0, [[f"{name} risk register"], head, *rows])
        fill(made.add_worksheet("Rota"), 0, [["Name", "Monday"], ["AB", "Early"]])


def pestelo_impact(path: Path) -> None:
    """Impact is the highest category: a typed one follows, a formula is left, and so the rating."""
    names = [
        "Political",
        "Economic",
        "Social",
        "Technological",
        "Environmental",
        "Legislative",
        "Organisation",
    ]
    with book(path) as made:
        sheet = made.add_worksheet("Register")
        fill(sheet, 0, [["Ref", "Risk", *names, "Likelihood", "Impact", "Rating"]])
        scores = [[1, 2, 3, 1, 1, 2, 1], [4, 1, 4, 2, None, 1, 3], [2, 2, 2, 2, 2, 2, 5], [3] * 7]
        for number, row in enumerate(scores, start=2):
            highest = max(score or 0 for score in row)
            fill(
                sheet,
                number - 1,
                [[f"P{number - 1}", "A risk", *row, 2, highest, rank(2, highest)]],
            )
        sheet.write("K3", 3)  # the highest is 4
        sheet.write("L3", rank(2, 3))
        sheet.write_formula("K4", "=MAX(C4:H4)", None, 2)  # forgets the last category, which is 5
        sheet.write("L4", rank(2, 2))


def own_band_rules(path: Path) -> None:
    """Rating cells that the office colours by rules of its own get none of ours."""
    with book(path) as made:
        sheet = made.add_worksheet("Register")
        rows = [[f"O{n}", "A risk", a, b, rank(a, b), "AB"] for n, (a, b) in enumerate(PAIRS, 1)]
        rows[0][4] = 4
        fill(sheet, 0, [["Ref", "Risk", "Likelihood", "Impact", "Rating", "Owner"], *rows])
        for lowest, highest, shade in ((1, 9, "#00B050"), (10, 18, "#FFC000"), (19, 25, "#FF0000")):
            sheet.conditional_format(
                "E2:E40",
                {
                    "type": "cell",
                    "criteria": "between",
                    "minimum": lowest,
                    "maximum": highest,
                    "format": made.add_format({"bg_color": shade}),
                },
            )


def dates_of_1904(path: Path) -> None:
    """A workbook that counts its days from 1904, as old Macs did."""
    with book(path, date_1904=True) as made:
        sheet, look = made.add_worksheet("Register"), made.add_format({"num_format": "dd/mm/yyyy"})
        days = [
            date(2018, 3, 1),
            date(2017, 11, 30),
            date(2018, 1, 15),
            None,
            date(2018, 3, 31),
            date(2017, 12, 21),
        ]
        rows = [
            [f"D{n}", "A risk", a, b, rank(a, b), day]
            for n, ((a, b), day) in enumerate(zip(PAIRS, days, strict=True), 1)
        ]
        rows[5][4] = 4
        head = ["Ref", "Risk", "Likelihood", "Impact", "Rating", "Last reviewed"]
        fill(sheet, 0, [head, *rows], look)


def forms_on_separate_sheets(path: Path) -> None:
    """A sheet for each risk with labelled cells, typed by another writer."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for number, (a, b) in enumerate(((3, 4), (2, 2), (4, 5)), 1):
        sheet, net = made.create_sheet(f"Risk {number}"), a - 1
        sheet["A1"] = "Academy Trust risk form"
        sheet.merge_cells("A1:F1")
        labels = ("Risk reference:", "Risk description:", "Risk owner:", "Existing controls:")
        for row, (label, value) in enumerate(
            zip(
                labels,
                (f"T{number}", f"Risk {number}", "Business manager", "Governors"),
                strict=True,
            ),
            3,
        ):
            sheet.cell(row, 1, label)
            sheet.cell(row, 2, value)
        for row, title, likelihood in ((9, "Inherent risk", a), (12, "Residual risk", net)):
            sheet.cell(row, 1, title)
            texts = ("Likelihood", likelihood, "Impact", b, "Rating", rank(likelihood, b))
            for column, value in enumerate(texts, 1):
                sheet.cell(row + 1, column, value)
    made["Risk 2"]["F13"] = 9
    made.save(path)


def blank_future_scores(path: Path) -> None:
    """Future scores left blank stay blank; a blank current rating beside its scores is filled."""
    with book(path) as made:
        sheet = made.add_worksheet("Register")
        head = ["Ref", "Risk", "Current likelihood", "Current impact", "Current rating"]
        head += ["Planned actions", "Future likelihood", "Future impact", "Future rating"]
        rows: list[list[Any]] = [
            ["B1", "A risk", 3, 3, 13, "Train people", None, None, None],
            ["B2", "A risk", 2, 4, None, "Buy a lock", 1, 4, None],
            ["B3", "A risk", 4, 4, 21, None, None, None, None],
            ["B4", "A risk", 2, 2, 5, None, 3, 3, 13],
            ["B5", "A risk", 2, None, 5, "n/a", None, None, None],
        ]
        fill(sheet, 0, [head, *rows])


def matrix_with_fills(path: Path) -> None:
    """The workbook's own coloured matrix and key rate, band and colour the register."""
    shades = ((20, "#FF0000"), (14, "#FFC000"), (7, "#FFFF00"), (1, "#00B050"))
    with book(path) as made:
        sheet, key = made.add_worksheet("Strategic risks"), made.add_worksheet("Scoring")
        looks = {shade: made.add_format({"bg_color": shade}) for _, shade in shades}
        key.write_row("C2", ["Impact"])
        key.write_row("C3", range(1, 6))
        key.write("A6", "Likelihood")
        for a in range(1, 6):
            key.write(8 - a, 1, a)
            for b in range(1, 6):
                shade = next(shade for lowest, shade in shades if rank(a, b) >= lowest)
                key.write(8 - a, 1 + b, rank(a, b), looks[shade])
        names = ("Very high", "High", "Medium", "Low")
        for row, (name, (_, shade)) in enumerate(zip(names, shades, strict=True), start=10):
            key.write(row, 0, name, looks[shade])
        key.write("A16", "Tolerance level: 12")
        rows = [[f"M{n}", "A risk", a, b, rank(a, b), "AB"] for n, (a, b) in enumerate(PAIRS, 1)]
        rows[4][4] = 10
        fill(sheet, 0, [["Ref", "Risk", "Likelihood", "Impact", "Rating", "Lead officer"], *rows])


def template_rows_below(path: Path) -> None:
    """Blank formatted rows, formulas that give 0 on them, a total and an error below the data."""
    with book(path) as made:
        sheet, look = made.add_worksheet("Risk log"), made.add_format({"border": 1})
        sheet.write("A1", "Guidance: one line for each risk; likelihood and impact from 1 to 5.")
        fill(sheet, 2, [["Ref", "Risk", "Likelihood", "Impact", "Rating", "Check", "Owner"]])
        for row in range(4, 60):
            number = row - 4
            if number < len(PAIRS):
                a, b = PAIRS[number]
                fill(sheet, row - 1, [[f"T{number + 1}", "A risk", a, b, rank(a, b), None, "AB"]])
            else:
                for column in range(7):
                    sheet.write_blank(row - 1, column, None, look)
            total = sum(PAIRS[number]) if number < len(PAIRS) else 0
            sheet.write_formula(f"F{row}", f"=C{row}+D{row}", look, total)
        sheet.write("E6", 9)  # (3, 3) ranks 13
        sheet.write("A60", "Total")
        sheet.write_formula("E60", "=SUM(E4:E59)", None, 86)
        sheet.write_formula("F60", "=E60/G60", None, "#DIV/0!")


def locked_cells(path: Path) -> None:
    """Protection guards typing, not data: a locked rating is corrected, and the reason says so."""
    with book(path) as made:
        sheet = made.add_worksheet("Register")
        rows = [[f"K{n}", "A risk", a, b, rank(a, b), "AB"] for n, (a, b) in enumerate(PAIRS, 1)]
        rows[2][4] = 9
        fill(sheet, 0, [["Ref", "Risk", "Likelihood", "Impact", "Rating", "Owner"], *rows])
        sheet.protect("", {"format_cells": True, "sort": True})


def product_stated_in_settings(path: Path) -> None:
    """Products again, with xlgov.toml beside them that says so: now the slip is corrected."""
    product_register_refused(path)


CASES: tuple[Callable[[Path], None], ...] = (
    product_register_refused,
    product_stated_in_settings,
    gross_net_target_words,
    labels_with_numbers,
    numeric_text_stays_text,
    formulas_left_alone,
    two_registers_in_one_book,
    pestelo_impact,
    own_band_rules,
    dates_of_1904,
    forms_on_separate_sheets,
    blank_future_scores,
    matrix_with_fills,
    template_rows_below,
    locked_cells,
)


def main() -> None:
    """Write every workbook; ``tests.golden.expect`` then says what a refresh makes of it."""
    for case in CASES:
        folder = HERE / case.__name__.replace("_", "-")
        folder.mkdir(exist_ok=True)
        case(folder / "before.xlsx")
        print(folder.name)


if __name__ == "__main__":
    main()
