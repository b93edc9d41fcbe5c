"""What can go wrong, as two branches: the user's input (usage, settings) and the user's file.

Why a code on every error: programs read it from ``--json`` (``error.code``), so it is stable,
while the message is for people and may improve. A message says where, what was found, what was
expected and what to do, in that order.
"""

from __future__ import annotations


class XlgovError(Exception):
    """Any error of this library. ``code`` is stable, ``exit_code`` is the command line's answer."""

    code = "error"
    exit_code = 3


class UsageError(XlgovError):
    """The call itself cannot be carried out: a bad option, a path that does not exist."""

    code = "usage"
    exit_code = 2


class SettingsError(UsageError):
    """Settings that cannot be followed; names the cell or line of every problem at once."""

    code = "settings"


class FileError(XlgovError):
    """The file could not be read or written; it was left exactly as it was."""

    code = "file"


class NotAWorkbookError(FileError):
    """Another kind of file (.xls, .xlsb, .ods, .csv ...); says how to save it as .xlsx."""

    code = "not-xlsx"


class EncryptedError(FileError):
    """A password or a rights-management label keeps the content closed."""

    code = "encrypted"


class DamagedError(FileError):
    """Truncated or inconsistent package or XML."""

    code = "damaged"


class HostileError(FileError):
    """Content that a workbook never needs and an attack does: bombs, path tricks, entities."""

    code = "hostile"


class InUseError(FileError):
    """Open in Excel or LibreOffice; names who has it open where the lock file says so."""

    code = "in-use"


class ReadOnlyError(FileError):
    """The target may not be written."""

    code = "read-only"


class SignedError(FileError):
    """A digital signature that any edit would break; needs ``break_signature``."""

    code = "signed"


class ChangedError(FileError):
    """The file is no longer the one that the change set was made from."""

    code = "changed"


class EditError(FileError):
    """An edit that cannot be made without damage (part of an array formula, text too long ...)."""

    code = "edit-refused"


class DefectError(FileError):
    """A mistake in this library that a workbook brought to light; the workbook is as it was."""

    code = "defect"
