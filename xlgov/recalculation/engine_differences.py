"""Where another engine than Excel gives something else, and where it surely does not.

Why two lists: a formula with a function on the first is never taken from the engine. Those on the
second come out the same in both, so that a value may be taken which the file cannot vouch for. What
is on neither is taken where the file does: the engine gives for it as it was what Excel had stored.
"""

from __future__ import annotations

from collections.abc import Collection

# What such a formula depends on, in words that people read in a finding.
_TIME = "the time of calculation"
_CHANCE = "chance"
_PLACE = "where the file is and what opens it"
_INDIRECT = "cells that only a result names"
_ELSEWHERE = "sources outside the workbook"
_PIVOT = "a pivot table"
_SPILLS = "results that fill other cells"
_LATER = "only in newer versions of Excel"

DIFFERENT: dict[str, str] = {
    **dict.fromkeys(("NOW", "TODAY"), _TIME),
    **dict.fromkeys(("RAND", "RANDBETWEEN", "RANDARRAY"), _CHANCE),
    **dict.fromkeys(("CELL", "INFO"), _PLACE),
    **dict.fromkeys(("OFFSET", "INDIRECT", "EVALUATE"), _INDIRECT),
    **dict.fromkeys(
        ("WEBSERVICE", "FILTERXML", "RTD", "STOCKHISTORY", "IMAGE", "SQL.REQUEST", "CALL",
         "REGISTER.ID", "EUROCONVERT", "TRANSLATE", "DETECTLANGUAGE", "PY", "FIELDVALUE"),
        _ELSEWHERE,
    ),
    **dict.fromkeys(
        ("CUBEKPIMEMBER", "CUBEMEMBER", "CUBEMEMBERPROPERTY", "CUBERANKEDMEMBER", "CUBESET",
         "CUBESETCOUNT", "CUBEVALUE"),
        _ELSEWHERE,
    ),
    "GETPIVOTDATA": _PIVOT,
    **dict.fromkeys(
        ("LET", "LAMBDA", "MAP", "REDUCE", "SCAN", "MAKEARRAY", "BYROW", "BYCOL", "ISOMITTED",
         "FILTER", "SORT", "SORTBY", "UNIQUE", "SEQUENCE", "VSTACK", "HSTACK", "TOROW", "TOCOL",
         "WRAPROWS", "WRAPCOLS", "TAKE", "DROP", "CHOOSEROWS", "CHOOSECOLS", "EXPAND",
         "TEXTSPLIT", "GROUPBY", "PIVOTBY", "TRIMRANGE", "ANCHORARRAY", "SINGLE"),
        _SPILLS,
    ),
    **dict.fromkeys(
        ("XLOOKUP", "XMATCH", "TEXTBEFORE", "TEXTAFTER", "VALUETOTEXT", "ARRAYTOTEXT",
         "REGEXTEST", "REGEXEXTRACT", "REGEXREPLACE"),
        _LATER,
    ),
    **dict.fromkeys(
        ("DOLLAR", "BAHTTEXT", "NUMBERSTRING", "DATESTRING", "PHONETIC", "ASC", "JIS", "DBCS"),
        "the language that the program is set to",
    ),
}  # fmt: skip

# Figures, counts, conditions and look-ups. What is missing was seen to differ on a workbook of a
# thousand formulas: truth values as text or among numbers (LibreOffice takes TRUE for 1), products
# of conditions, and days before March 1900.
_AGREED = frozenset(
    ("SUM", "SUMIF", "SUMIFS", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "COUNTIFS", "AVERAGE",
     "AVERAGEIF", "AVERAGEIFS", "MIN", "MAX", "MINIFS", "MAXIFS", "MEDIAN", "LARGE", "SMALL",
     "RANK", "PRODUCT", "ABS", "INT", "ROUND", "ROUNDUP", "ROUNDDOWN", "SIGN", "SQRT", "IF", "IFS",
     "IFERROR", "IFNA", "SWITCH", "CHOOSE", "AND", "OR", "NOT", "ISBLANK", "ISERROR", "ISNA",
     "INDEX", "MATCH", "VLOOKUP", "HLOOKUP", "ROW", "COLUMN", "ROWS", "COLUMNS", "TRUE", "FALSE")
)  # fmt: skip


def difference(functions: Collection[str]) -> str:
    """What makes formulas of these functions come out otherwise, in words; "" where nothing does.

    >>> difference({"SUM", "TODAY"})
    'TODAY (the time of calculation)'
    """
    found = sorted(name for name in functions if name in DIFFERENT)
    if not found:
        return ""
    of_it = DIFFERENT[found[0]]
    alike = [name for name in found if DIFFERENT[name] == of_it]
    return f"{' and '.join(alike)} ({of_it})"


def agrees(functions: Collection[str]) -> bool:
    """Whether formulas of these functions alone come out the same, of figures and texts."""
    return _AGREED.issuperset(functions)
