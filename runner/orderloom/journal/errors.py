"""What can be wrong with a journal.

JournalError(Exception)
    JournalUnusableError    the file cannot be opened or written; what was not told done has not happened
    LostLeaseError          another process has taken the run over: what this one knows of it no longer counts
"""

from __future__ import annotations

import sqlite3


class JournalError(Exception):
    """Something that the journal cannot do; the message is for people."""


class JournalUnusableError(JournalError):
    """The file cannot be opened or written: a full disk, a lock, a folder that may not be written, a torn file."""


class LostLeaseError(JournalError):
    """The run belongs to another process by now; nothing was written."""


_MENDS = {
    sqlite3.SQLITE_FULL: "the disk is full: make room, then give the same command again",
    sqlite3.SQLITE_BUSY: "another program keeps it locked: end it, then give the same command again",
    sqlite3.SQLITE_LOCKED: "another program keeps it locked: end it, then give the same command again",
    sqlite3.SQLITE_READONLY: "it may not be written: give this user the right to, or use another project folder",
    sqlite3.SQLITE_PERM: "it may not be written: give this user the right to, or use another project folder",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: see that its folder is there and may be written",
    sqlite3.SQLITE_CORRUPT: "it is damaged: put a copy back (a backup), or move it away to begin with an empty one",
    sqlite3.SQLITE_NOTADB: "it is no journal: move it away to begin with an empty one",
    sqlite3.SQLITE_IOERR: "the disk does not read or write: see to it, then give the same command again",
}


def said(error: Exception) -> str:
    """The error in a sentence that says what to do."""
    if not isinstance(error, sqlite3.Error):
        return f"{type(error).__name__}: {error}"
    code = getattr(error, "sqlite_errorcode", None)
    mend = _MENDS.get(code & 0xFF) if isinstance(code, int) else None
    return f"{mend} ({error})" if mend else str(error)
