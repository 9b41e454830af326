"""What can be wrong with a journal.

JournalError(Exception)
    JournalUnusableError    the file cannot be opened or written; what was not told done has not happened
    LostLeaseError          another process has taken the run over: what this one knows of it no longer counts
"""

from __future__ import annotations

import errno
import sqlite3


class JournalError(Exception):
    """Something that the journal cannot do; the message is for people."""


class JournalUnusableError(JournalError):
    """The file cannot be opened or written: a full disk, a lock, a folder that may not be written, a torn file."""


class LostLeaseError(JournalError):
    """The run belongs to another process by now; nothing was written."""


_LOCKED = "another program keeps it locked: end it, then give the same command again"
_FULL = "the disk is full: make room, then give the same command again"
_MENDS = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_READONLY: "it may not be written: give this user the right to, or use another project folder",
    sqlite3.SQLITE_PERM: "it may not be written: give this user the right to, or use another project folder",
    sqlite3.SQLITE_CANTOPEN: "see that it is a file, and that this user may write to it and to its folder",
    sqlite3.SQLITE_CORRUPT: "it is damaged: put a copy back (a backup), or move it away to begin with an empty one",
    sqlite3.SQLITE_NOTADB: "it is no journal: move it away to begin with an empty one",
    sqlite3.SQLITE_IOERR: "the disk does not read or write: see to it, then give the same command again",
}
_OF_FILES = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: "files may not grow that large here: lift the limit (ulimit -f), then give the same command again",
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), _MENDS[sqlite3.SQLITE_READONLY]),
    **dict.fromkeys((errno.EEXIST, errno.ENOTDIR), "what should be its folder is a file: move that away"),
}


def said(error: Exception) -> str:
    """The error in a sentence that says what to do."""
    if isinstance(error, OSError):
        mend, told = _OF_FILES.get(error.errno or 0), error.strerror or str(error)
    elif isinstance(error, sqlite3.Error):
        code, told = getattr(error, "sqlite_errorcode", None), str(error)
        mend = _MENDS.get(code & 0xFF) if isinstance(code, int) else None
    else:
        mend, told = None, f"{type(error).__name__}: {error}"
    return f"{mend} ({told})" if mend else told
