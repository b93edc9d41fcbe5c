"""What only long registers bring about: squares by chance, and order among thousands."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.risk.registers import make_book, small_row
from xlgov.grid.sheet import LONG_TEXT
from xlgov.risk.references import check_references, natural_key
from xlgov.risk.register import Register, read_registers
from xlgov.risk.scale import rank
from xlgov.risk.scheme import choose_scheme, read_key
from xlgov.settings.values import Settings


def register_of(rows: list[dict[str, Any]]) -> tuple[Any, Register]:
    book, search = make_book(rows)
    return book, read_registers(book, search.layouts, Settings())[0]


def scored(reference: str, inherent: tuple[int, int], current: tuple[int, int]) -> dict[str, Any]:
    row = {"reference": reference}
    for name, (likelihood, impact) in (("inherent", inherent), ("current", current)):
        row |= {
            f"{name}.likelihood": likelihood,
            f"{name}.impact": impact,
            f"{name}.rating": rank(likelihood, impact, 5),
        }
    return row


def test_scores_that_stand_in_a_square_by_chance_are_no_matrix() -> None:
    # Inherent ratings count 1, 2, 3 down and a current assessment 1, 2, 3 across above them.
    rows = [
        scored("R1", (5, 5), (1, 2)),
        scored("R2", (1, 1), (1, 1)),
        scored("R3", (2, 1), (1, 2)),
        scored("R4", (1, 2), (2, 2)),
        *(scored(f"R{n}", (4, 4), (3, 3)) for n in range(5, 12)),
    ]
    assert rows[0]["current.rating"] == 3
    book, register = register_of(rows)
    key = read_key(book, [register])
    assert key.matrices == ()
    choice = choose_scheme(book, register, Settings(), key)
    assert choice.finding is None
    assert choice.scheme is not None
    assert choice.scheme.is_built_in_ranking


def test_a_matrix_beside_or_below_the_register_is_still_seen() -> None:
    rows = [scored(f"R{n}", (4, 4), (3, 3)) for n in range(1, 6)]
    book, search = make_book(rows)
    table = [list(line) for line in book.rows["Register"]]
    for line, content in enumerate(([None, 1, 2, 3], [1, 1, 2, 4], [2, 3, 5, 7], [3, 6, 8, 9])):
        while len(table) <= line + 20:
            table.append([])
        table[line + 20] = list(content)
        table[line + 4] += [None, None, *content]
    book.rows["Register"] = table
    register = read_registers(book, search.layouts, Settings())[0]
    found = [square.place for square in read_key(book, [register]).matrices]
    assert found == ["Register!K6:M8", "Register!B22:D24"]


@given(st.permutations(range(1, 13)), st.integers(0, 3))
def test_what_is_out_of_order_is_named_beside_one_that_it_contradicts(
    numbers: list[int], moved: int
) -> None:
    order = list(range(1, 13))
    for number in numbers[:moved]:
        order.remove(number)
        order.insert(numbers.index(number), number)
    references = [f"R{number}" for number in order]
    _, register = register_of([small_row(reference, 2, 2, 5) for reference in references])
    findings = [each for each in check_references(register) if "order" in each.code]
    assert len(findings) <= moved
    out = {finding.record for finding in findings}
    kept = [natural_key(each) for each in references if each not in out]
    assert kept == sorted(kept)
    for finding in findings:
        reference, _, where, other = finding.message.split()
        stands_after = references.index(reference) > references.index(other)
        is_lower = natural_key(reference) < natural_key(other)
        assert other not in out
        assert where == ("after" if stands_after else "before")
        assert stands_after == is_lower


def test_a_long_text_counts_as_given_wherever_it_is_read_briefly() -> None:
    rows = [
        small_row(f"R{n}", 2, 2, 5, owner=owner, future_actions=owner)
        for n, owner in enumerate((LONG_TEXT, "n/a", None, "Head of Finance"), start=1)
    ]
    _, register = register_of(rows)
    assert [risk.owned for risk in register.risks] == [True, False, False, True]
    assert [risk.acted_on for risk in register.risks] == [True, False, False, True]


def test_true_and_one_are_not_the_same_score() -> None:
    rows = [small_row("R1", 1, 1, 1), small_row("R2", True, 1, 1), small_row("R3", 1, 1, 1)]
    _, register = register_of(rows)
    likelihoods = [risk.current.likelihood for risk in register.risks if risk.current]
    assert [score.number if score else None for score in likelihoods] == [1, None, 1]
