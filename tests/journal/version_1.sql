-- The journal's file as version 1 made it, with an open run and one that has ended. It stays as it is for ever:
-- what was written once must be read by every later version.

CREATE TABLE pin (
    hash TEXT PRIMARY KEY, flow TEXT NOT NULL, version INTEGER NOT NULL, content TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE run (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, flow TEXT NOT NULL, key TEXT NOT NULL,
    pin TEXT NOT NULL, status TEXT NOT NULL, began TEXT NOT NULL, changed TEXT NOT NULL, ended TEXT,
    digest TEXT NOT NULL, events INTEGER NOT NULL, owner TEXT, lease REAL, epoch INTEGER NOT NULL, due REAL,
    UNIQUE (flow, key)
);
CREATE INDEX run_due ON run (due) WHERE due IS NOT NULL;
CREATE INDEX run_open ON run (status) WHERE ended IS NULL;
CREATE INDEX run_changed ON run (changed);
CREATE TABLE event (
    run INTEGER NOT NULL REFERENCES run (number), seq INTEGER NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL,
    step TEXT NOT NULL, item INTEGER, body TEXT NOT NULL, PRIMARY KEY (run, seq)
) WITHOUT ROWID;
CREATE TABLE pending (
    number INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL REFERENCES run (number), kind TEXT NOT NULL,
    step TEXT NOT NULL, item INTEGER NOT NULL, since TEXT NOT NULL, due REAL, desk TEXT, event TEXT, match TEXT,
    body TEXT NOT NULL, UNIQUE (run, kind, step, item)
);
CREATE INDEX pending_event ON pending (event, match) WHERE event IS NOT NULL;
CREATE TABLE taken (
    task INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run (number), at TEXT NOT NULL,
    by TEXT NOT NULL, act TEXT NOT NULL
);
CREATE TABLE signal (
    id TEXT PRIMARY KEY, event TEXT NOT NULL, match TEXT NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX signal_match ON signal (event, match);
CREATE TABLE delivery (run INTEGER, signal TEXT, PRIMARY KEY (run, signal)) WITHOUT ROWID;
PRAGMA user_version = 1;

INSERT INTO pin VALUES ('a1b2', 'small', 1, '{"flow":"flows/small.yaml","root":"/shop","files":{},"nodes":{"test/work":1}}');
INSERT INTO run VALUES (1, 'r-0001', 'small', '1001', 'a1b2', 'waiting', '2026-03-02T12:00:00+00:00',
    '2026-03-02T12:00:01+00:00', NULL, 'd1', 2, NULL, NULL, 1, 1772460000.0);
INSERT INTO run VALUES (2, 'r-0002', 'small', '1002', 'a1b2', 'completed', '2026-03-02T12:00:00+00:00',
    '2026-03-02T12:00:02+00:00', '2026-03-02T12:00:02+00:00', 'd2', 1, NULL, NULL, 1, NULL);
INSERT INTO event VALUES (1, 0, '2026-03-02T12:00:00+00:00', 'began', 'start', NULL, '{"now":"2026-03-02T12:00:00+00:00","value":{}}');
INSERT INTO event VALUES (1, 1, '2026-03-02T12:00:01+00:00', 'waits', 'ask', NULL, '{"for":"person","about":{}}');
INSERT INTO event VALUES (2, 0, '2026-03-02T12:00:00+00:00', 'began', 'start', NULL, '{"now":"2026-03-02T12:00:00+00:00","value":{}}');
INSERT INTO pending VALUES (7, 1, 'person', 'ask', -1, '2026-03-02T12:00:01+00:00', 1772460000.0, 'orders', NULL, NULL, '{}');
INSERT INTO taken VALUES (6, 1, '2026-03-02T12:00:01+00:00', 'ann', 'approve');
INSERT INTO signal VALUES ('s1', 'parcel', '1', '2026-03-02T12:00:00+00:00', '{}');
INSERT INTO delivery VALUES (2, 's1');
