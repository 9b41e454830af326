"""The tables of the journal's file, version by version. A file of an older version is brought up when it is opened.

pin      what a run is held to: the flow's and its resources' files, by the hash of the plan
run      one row a run: its business key, how it stands, who works on it
event    what happened in a run, in order; rows are only ever added
pending  what open runs wait for: people, events, times, parked steps
taken    which task a person has taken, and what was done with it
signal   events from outside, each once; delivery says which run has had which
path     which steps runs came to and how those ended, each way once
person   the runs that an address or a customer's id began: hashes, nothing that can be read
intake   how many runs of a flow began on a day: counted as they are accepted, by itself
gone     runs whose history has been removed: the same order again is still the same order
erasure  whose data was erased, and when; a hash
fact     single values: the salt of the hashes, what is to be done once nobody else has the file open
revision later words on the document of a key, each once: told to its run, kept for it, or too late
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from orderloom.journal.errors import JournalUnusableError

MIGRATIONS: Sequence[Sequence[str]] = (
    (  # 1
        """CREATE TABLE pin (
            hash TEXT PRIMARY KEY, flow TEXT NOT NULL, version INTEGER NOT NULL, content TEXT NOT NULL
        ) WITHOUT ROWID""",
        """CREATE TABLE run (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, flow TEXT NOT NULL, key TEXT NOT NULL,
            pin TEXT NOT NULL, status TEXT NOT NULL, began TEXT NOT NULL, changed TEXT NOT NULL, ended TEXT,
            digest TEXT NOT NULL, events INTEGER NOT NULL, owner TEXT, lease REAL, epoch INTEGER NOT NULL, due REAL,
            UNIQUE (flow, key)
        )""",
        "CREATE INDEX run_due ON run (due) WHERE due IS NOT NULL",
        "CREATE INDEX run_open ON run (status) WHERE ended IS NULL",
        "CREATE INDEX run_changed ON run (changed)",
        """CREATE TABLE event (
            run INTEGER NOT NULL REFERENCES run (number), seq INTEGER NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL,
            step TEXT NOT NULL, item INTEGER, body TEXT NOT NULL, PRIMARY KEY (run, seq)
        ) WITHOUT ROWID""",
        """CREATE TABLE pending (
            number INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL REFERENCES run (number), kind TEXT NOT NULL,
            step TEXT NOT NULL, item INTEGER NOT NULL, since TEXT NOT NULL, due REAL, desk TEXT, event TEXT, match TEXT,
            body TEXT NOT NULL, UNIQUE (run, kind, step, item)
        )""",
        "CREATE INDEX pending_event ON pending (event, match) WHERE event IS NOT NULL",
        """CREATE TABLE taken (
            task INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run (number), at TEXT NOT NULL,
            by TEXT NOT NULL, act TEXT NOT NULL
        )""",
        """CREATE TABLE signal (
            id TEXT PRIMARY KEY, event TEXT NOT NULL, match TEXT NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL
        ) WITHOUT ROWID""",
        "CREATE INDEX signal_match ON signal (event, match)",
        "CREATE TABLE delivery (run INTEGER, signal TEXT, PRIMARY KEY (run, signal)) WITHOUT ROWID",
    ),
    (  # 2: history that is found quickly, and can be forgotten
        "ALTER TABLE run ADD COLUMN payload TEXT NOT NULL DEFAULT 'kept'",
        "ALTER TABLE run ADD COLUMN path INTEGER",
        "DROP INDEX run_changed",
        "CREATE INDEX taken_run ON taken (run)",
        "CREATE INDEX run_history ON run (flow, status, began)",
        "CREATE INDEX run_path ON run (path, began) WHERE path IS NOT NULL",
        "CREATE INDEX run_ended ON run (payload, ended) WHERE ended IS NOT NULL",
        """CREATE TABLE path (
            number INTEGER PRIMARY KEY, flow TEXT NOT NULL, steps TEXT NOT NULL, UNIQUE (flow, steps)
        )""",
        "CREATE TABLE person (hash TEXT NOT NULL, run INTEGER NOT NULL, PRIMARY KEY (hash, run)) WITHOUT ROWID",
        "CREATE INDEX person_run ON person (run)",
        """CREATE TABLE intake (
            flow TEXT NOT NULL, day TEXT NOT NULL, runs INTEGER NOT NULL, PRIMARY KEY (flow, day)
        ) WITHOUT ROWID""",
        "INSERT INTO intake SELECT flow, substr(began, 1, 10), count(*) FROM run GROUP BY 1, 2",
        """CREATE TABLE gone (
            id TEXT PRIMARY KEY, flow TEXT NOT NULL, status TEXT NOT NULL, ended TEXT NOT NULL, digest TEXT NOT NULL
        ) WITHOUT ROWID""",
        "CREATE TABLE erasure (number INTEGER PRIMARY KEY, hash TEXT NOT NULL, at TEXT NOT NULL, told TEXT NOT NULL)",
        "CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        "INSERT INTO fact VALUES ('salt', lower(hex(randomblob(16))))",
    ),
    (  # 3: later revisions of what began a run
        """CREATE TABLE revision (
            flow TEXT NOT NULL, key TEXT NOT NULL, revision INTEGER NOT NULL, digest TEXT NOT NULL, at TEXT NOT NULL,
            state TEXT NOT NULL, body TEXT, PRIMARY KEY (flow, key, revision, digest)
        ) WITHOUT ROWID""",
    ),
    ("CREATE INDEX delivery_signal ON delivery (signal)",),  # 4
    ("CREATE INDEX run_owner ON run (owner) WHERE owner IS NOT NULL",),  # 4: few, of however many that are open
)


def migrate(db: sqlite3.Connection, file: str, migrations: Sequence[Sequence[str]] = MIGRATIONS) -> None:
    """Bring the file to the newest version, each step whole or not at all.

    Raises `JournalUnusableError` where it was written by a newer orderloom.
    """
    while True:
        db.execute("BEGIN IMMEDIATE")  # of two processes that open a new file, one waits here
        try:
            version = int(db.execute("PRAGMA user_version").fetchone()[0])
            if version < len(migrations):
                for statement in migrations[version]:
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {version + 1}")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")
        if version > len(migrations):
            raise JournalUnusableError(
                f"{file} was written by a newer orderloom (version {version} of its form, this one knows "
                f"{len(migrations)}): install that one"
            )
        if version >= len(migrations) - 1:
            return
