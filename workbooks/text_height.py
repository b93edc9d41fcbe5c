"""How high a row must be for its wrapped text to be read in full.

Why: Excel and LibreOffice do not fit the height of a row to text in merged cells, so the height is
computed from the letter widths of Arial, which Liberation Sans shares.
"""

from __future__ import annotations

# Advance widths of Arial in thousandths of the type size; any other character counts as 600.
_WIDTHS = {
    letter: width
    for width, letters in {
        191: "'",
        222: "ijl",
        278: " !,./:;[]\\ftI|",
        333: "()-r",
        350: "•",
        355: '"',
        389: "*",
        500: "ckJsvxyz",
        556: "#$0123456789?abdeghnopqu£",
        584: "+<=>~",
        611: "FTZ",
        667: "&ABEKPSVXY",
        722: "CDHNRUw",
        778: "GOQ",
        833: "mM",
        889: "%",
        944: "W",
    }.items()
    for letter in letters
}

LEADING = 1.29  # row height per line, in type sizes
PADDING = 5.0  # points, above and below together
SIDES = 12.0  # points, left and right together, with an indent of one
SAFETY = 0.96  # Excel breaks lines a little earlier on paper than on the screen


def text_width(text: str, size: float) -> float:
    """Width of one line in points.

    >>> round(text_width("SR1.2", 10), 2)
    27.79
    """
    return sum(_WIDTHS.get(letter, 600) for letter in text) * size / 1000


def line_count(text: str, width: float, size: float, bold: bool = False) -> int:
    """Lines that a text takes when wrapped at words into a cell of a width in points.

    >>> line_count("one line", 200, 10), line_count("two\\nlines", 200, 10)
    (1, 2)
    """
    room = (width - SIDES) * SAFETY * (0.93 if bold else 1)
    count = 0
    for paragraph in text.split("\n"):
        count += 1
        used = 0.0
        for word in paragraph.split(" "):
            needed = text_width(word, size)
            if used and used + text_width(" ", size) + needed > room:
                count += 1
                used = needed
            else:
                used += (text_width(" ", size) if used else 0.0) + needed
    return count


def text_height(text: str, width: float, size: float, bold: bool = False) -> float:
    """Height in points of the row that shows a wrapped text in full."""
    return line_count(text, width, size, bold) * size * LEADING + PADDING
