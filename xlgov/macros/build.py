"""The record of what the macros are: the SHA-256 of every source, of the project and the add-in.

Why a text in the repository: IT compares the add-in it was given with the one whose source it
read. ``python -m xlgov.macros.build`` writes the record anew after a source was changed; a test
fails where it does not hold.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from xlgov.macros.addin import ADDIN_NAME, addin_bytes
from xlgov.macros.project import project_bytes, read_sources

RECORD = Path(__file__).parent / "vba" / "SHA256SUMS"

_PROJECT = "xl/vbaProject.bin"


def state_hashes() -> str:
    """The record: a line each, hash and name, as ``sha256sum`` writes them.

    Sources are counted with line feeds alone at the ends of their lines, the project as it is in
    the add-in.
    """
    contents = {f"{name}.bas": text.encode("ascii") for name, text in read_sources().items()}
    contents[_PROJECT] = project_bytes(("ThisWorkbook", "Sheet1"))
    contents[ADDIN_NAME] = addin_bytes()
    return "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in contents.items())


if __name__ == "__main__":
    RECORD.write_text(state_hashes(), "ascii", newline="\n")
