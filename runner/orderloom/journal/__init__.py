"""The memory of the runner: one SQLite file with every run, what happened in it, and what it waits for.

lane.py       the one writer: group commit, nothing told done before it is on the disk
turn.py       the right to write, among processes that share the file
leasing.py    who has which run          held.py     what a process has, read many runs at a time
opening.py    opens the file            schema.py   its tables, version by version
writing.py    the statements            rows.py     what stands in it, as records
reading.py    finding runs              store.py    the journal as the rest of orderloom sees it
revisions.py  later words on a document: told to its run, kept for it, or too late
"""

from orderloom.journal.errors import JournalError, JournalUnusableError, LostLeaseError
from orderloom.journal.landing import Landing, NotInTimeError
from orderloom.journal.opening import is_there
from orderloom.journal.rows import (
    CHANGED,
    ERASED,
    EXCEPTION,
    GONE,
    KEPT,
    REMOVED,
    RUNNING,
    WAITING,
    Accepted,
    Change,
    Event,
    Held,
    Lease,
    Pending,
    Pin,
    Revised,
    Revision,
    Run,
    Signal,
    Standing,
    Taken,
)
from orderloom.journal.store import FILE, LEASE, Journal

__all__ = [
    "CHANGED", "ERASED", "EXCEPTION", "FILE", "GONE", "KEPT", "LEASE", "REMOVED", "RUNNING", "WAITING", "Accepted",
    "Change", "Event", "Held", "Journal", "JournalError", "JournalUnusableError", "Landing", "Lease", "LostLeaseError",
    "NotInTimeError", "Pending", "Pin", "Revised", "Revision", "Run", "Signal", "Standing", "Taken", "is_there",
]  # fmt: skip
