"""Shared strings: those asked for, as Excel shows them, however the table is written."""

from __future__ import annotations

from typing import cast

import pytest
from handmade import HEAD, MAIN
from hypothesis import given, settings
from hypothesis import strategies as st
from sheets import OneSheet, escaped, texts

from xlgov.errors import DamagedError, HostileError
from xlgov.ooxml.markup import escape_text
from xlgov.ooxml.parts import Parts
from xlgov.ooxml.strings import read_strings


class Strings(OneSheet):
    """A package whose one part is the table of shared strings."""

    def name(self, part: str) -> str:
        return part

    def size(self, part: str) -> int:
        return len(self._raw)


def read(raw: bytes, wanted: set[int], chunk: int = 1 << 20) -> dict[int, str | None]:
    found = read_strings(cast(Parts, Strings(raw, chunk)), "strings", wanted)
    return {index: found.text(index) for index in wanted}


def table(*items: str, around: str = "sst", declared: str = HEAD) -> bytes:
    return f'{declared}<{around} xmlns="{MAIN}">{"".join(items)}</{around}>'.encode()


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("<si><t>Risk</t></si>", "Risk"),
        ("<si><t>a &amp; b &lt;c&gt; &#233; &#xE9;</t></si>", "a & b <c> é é"),
        ('<si><t xml:space="preserve"> a </t></si>', " a "),
        ("<si><t>a\r\nb\rc</t></si>", "a\nb\nc"),
        ("<si><t>a_x000D_\nb</t></si>", "a\r\nb"),
        ("<si><t>_x005F_x0041_</t></si>", "_x0041_"),
        ("<si><t>_xD83D__xDE00_</t></si>", "😀"),
        ("<si><t>_xD83D_</t></si>", "_xD83D_"),
        ("<si><t/></si>", None),
        ("<si><t></t></si>", None),
        ("<si/>", None),
        ("<si ></si>", None),
        ("<si><r><rPr><b/></rPr><t>bold</t></r><r><t> plain</t></r></si>", "bold plain"),
        ('<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si>',
         "東京"),
        ("<si><t\n xml:space='preserve'>x</t\n></si>", "x"),
        ("<si>\n  <t>x</t>\n</si>", "x"),
        ("<si><t><![CDATA[a<b]]></t></si>", "a<b"),
        ("<si><!-- <t>no</t> --><t>yes</t></si>", "yes"),
    ],
)  # fmt: skip
def test_a_string_is_read_so(item: str, text: str | None) -> None:
    before, after = "<si><t>before</t></si>", "<si><t>after</t></si>"
    assert read(table(before, item, after), {0, 1, 2}) == {0: "before", 1: text, 2: "after"}
    assert read(table(before, "<!-- slow -->", item, after), {1}) == {1: text}


def test_an_index_beyond_the_table_is_no_text() -> None:
    assert read(table("<si><t>a</t></si>"), {0, 1, 10**9}) == {0: "a", 1: None, 10**9: None}


def test_a_prefix_an_encoding_and_a_mark_are_understood() -> None:
    item = "<x:si><x:t>é</x:t></x:si>"
    prefixed = table(item, around="x:sst").replace(b"xmlns=", b"xmlns:x=")
    assert read(prefixed, {0}) == {0: "é"}
    assert read(b"\xef\xbb\xbf" + prefixed, {0}) == {0: "é"}
    assert read(prefixed.decode().replace("UTF-8", "UTF-16").encode("utf-16"), {0}) == {0: "é"}
    western = table("<si><t>é</t></si>").decode().replace("UTF-8", "windows-1252")
    assert read(western.encode("cp1252"), {0}) == {0: "é"}


@pytest.mark.parametrize("raw", [
    table("<si><t>a</t></si>").replace(b"<sst", b'<!DOCTYPE sst [<!ENTITY e "x">]><sst'),
    table("<!DOCTYPE x>", "<si><t>a</t></si>"),
])  # fmt: skip
def test_a_document_type_is_refused(raw: bytes) -> None:
    with pytest.raises((HostileError, DamagedError)):
        read(raw, {0})


@pytest.mark.parametrize("item", [
    "<si><t>&nbsp;</t></si>", "<si><t>&#0;</t></si>", "<si><t>&#x110000;</t></si>",
    f"<si><t>&#{'9' * 5000};</t></si>", f"<si><t>&#x{'f' * 5000};</t></si>",
])  # fmt: skip
def test_a_reference_to_no_character_is_damage(item: str) -> None:
    with pytest.raises(DamagedError):
        read(table(item), {0})


def test_bytes_that_are_no_text_are_damage() -> None:
    with pytest.raises(DamagedError, match="no text in UTF-8"):
        read(table("<si><t>abc</t></si>").replace(b"abc", b"a\xff\xfe"), {0})


items = st.lists(
    st.tuples(st.sampled_from(["plain", "preserved", "rich", "phonetic", "empty"]), texts),
    min_size=1,
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(items, st.data())
def test_any_table_is_read_the_same_fast_carefully_and_in_pieces(
    drawn: list[tuple[str, str]], data: st.DataObject
) -> None:
    written, expected = [], []
    for kind, text in drawn:
        raw = escape_text(text)
        written.append({
            "plain": f"<si><t>{raw}</t></si>",
            "preserved": f'<si><t xml:space="preserve">{raw}</t></si>',
            "rich": f"<si><r><t>{raw}</t></r><r><rPr><i/></rPr><t>+{escaped('<')}</t></r></si>",
            "phonetic": f'<si><t>{raw}</t><rPh sb="0" eb="1"><t>no</t></rPh></si>',
            "empty": "<si/>",
        }[kind])  # fmt: skip
        expected.append({"rich": f"{text}+<", "empty": ""}.get(kind, text) or None)
    wanted = data.draw(st.sets(st.integers(0, len(drawn) + 2)))
    chunk = data.draw(st.integers(60, 400))
    known = {i: expected[i] if i < len(expected) else None for i in wanted}
    assert read(table(*written), wanted) == known
    assert read(table(*written), wanted, chunk) == known
    assert read(table("<!-- slow -->", *written), wanted) == known
