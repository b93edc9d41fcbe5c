"""The codes of the findings about two versions: how serious each is, and its kind in words."""

from __future__ import annotations

from xlgov.changes import FindingCodes

CODES: FindingCodes = {
    "reference-repeated": ("warning", "Reference that stands more than once"),
    "record-renumbered": ("warning", "Record that looks renumbered"),
    "column-in-one": ("note", "Column that only one version has"),
    "result-missing": ("note", "Formula whose result is not stored"),
    "month-moved": ("note", "Dashboard of another month"),
    "register-in-one": ("warning", "Register that only one version has"),
}
