-- The index of a tamis store, schema 1. Open it with `sqlite3 index.db`; read the views at the end,
-- whose names and columns stay; the tables may change with the schema version (PRAGMA user_version).
-- Times are milliseconds since 1970 UTC in tables and ISO 8601 in views. The index can be rebuilt
-- from the packs; what only it knows is the last visit of an unchanged page.

-- Versions of the definitions the store was made with.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- packs/<pack>.pack, durable and indexed up to `bytes`.
CREATE TABLE pack (
    pack  INTEGER PRIMARY KEY,
    bytes INTEGER NOT NULL
) STRICT;

-- A URL (for files: the source) and its last visit.
CREATE TABLE page (
    page          INTEGER PRIMARY KEY,
    url           TEXT NOT NULL UNIQUE,
    visit         INTEGER REFERENCES visit,
    seen_at       INTEGER NOT NULL,
    http_status   INTEGER,
    etag          TEXT,
    last_modified TEXT,
    final_url     TEXT
) STRICT;

-- A distinct text. Its metadata are those of the page that had it first.
CREATE TABLE document (
    doc             INTEGER PRIMARY KEY,
    hash            BLOB NOT NULL UNIQUE,           -- SHA-256 of the normalised text
    folded          BLOB,                           -- equal where only typography differs
    page            INTEGER NOT NULL REFERENCES page,
    pack            INTEGER NOT NULL REFERENCES pack,
    offset          INTEGER NOT NULL,
    length          INTEGER NOT NULL,               -- bytes in the pack
    text_bytes      INTEGER NOT NULL,
    words           INTEGER NOT NULL,
    source          TEXT NOT NULL,
    site            TEXT,
    title           TEXT,
    author          TEXT,
    date            TEXT,
    lang            TEXT,
    lang_confidence REAL,
    kind            TEXT NOT NULL,
    verdict         TEXT NOT NULL
) STRICT;
CREATE INDEX document_folded ON document (folded);
CREATE INDEX document_place ON document (pack, offset);

-- A page had a text from first_seen to last_seen, on `visits` visits in a row. The place is that of
-- the copy's own record in the pack; none for the document's first visit.
CREATE TABLE visit (
    visit      INTEGER PRIMARY KEY,
    page       INTEGER NOT NULL REFERENCES page,
    doc        INTEGER NOT NULL REFERENCES document,
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    visits     INTEGER NOT NULL,
    site       TEXT,
    pack       INTEGER REFERENCES pack,
    offset     INTEGER,
    length     INTEGER
) STRICT;
CREATE INDEX visit_doc ON visit (doc, page);
CREATE INDEX visit_place ON visit (pack, offset) WHERE pack IS NOT NULL;

-- MinHash bands of the documents that are nobody's near duplicate.
CREATE TABLE band (
    key INTEGER NOT NULL,
    doc INTEGER NOT NULL REFERENCES document,
    PRIMARY KEY (key, doc)
) STRICT, WITHOUT ROWID;

-- near: `doc` is nearly the same as the earlier `other` (Jaccard; 1 where only typography differs).
-- contains: `other` lies in `doc` for the most part (containment).
CREATE TABLE relation (
    doc        INTEGER NOT NULL REFERENCES document,
    kind       TEXT NOT NULL,
    other      INTEGER NOT NULL REFERENCES document,
    similarity REAL NOT NULL,
    PRIMARY KEY (doc, kind, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX relation_other ON relation (other, kind);

-- What was taken out of a document, by reason.
CREATE TABLE removal (
    doc    INTEGER NOT NULL REFERENCES document,
    reason TEXT NOT NULL,
    blocks INTEGER NOT NULL,
    bytes  INTEGER NOT NULL,
    PRIMARY KEY (doc, reason)
) STRICT, WITHOUT ROWID;

CREATE VIEW near_duplicates AS
SELECT 'sha256:' || lower(hex(d.hash)) AS id, dp.url AS url,
       'sha256:' || lower(hex(o.hash)) AS near_duplicate_of, op.url AS near_duplicate_of_url,
       r.similarity AS similarity
FROM relation r
JOIN document d ON d.doc = r.doc JOIN page dp ON dp.page = d.page
JOIN document o ON o.doc = r.other JOIN page op ON op.page = o.page
WHERE r.kind = 'near';

CREATE VIEW contained AS
SELECT 'sha256:' || lower(hex(o.hash)) AS id, op.url AS url,
       'sha256:' || lower(hex(d.hash)) AS contained_in, dp.url AS contained_in_url,
       r.similarity AS containment
FROM relation r
JOIN document d ON d.doc = r.doc JOIN page dp ON dp.page = d.page
JOIN document o ON o.doc = r.other JOIN page op ON op.page = o.page
WHERE r.kind = 'contains';

CREATE VIEW documents AS
SELECT 'sha256:' || lower(hex(d.hash)) AS id, p.url AS url, d.source AS source, d.site AS site,
       d.title AS title, d.author AS author, d.date AS date, d.lang AS lang,
       d.lang_confidence AS lang_confidence, d.kind AS kind, d.verdict AS verdict,
       d.text_bytes AS text_bytes, d.words AS words,
       (SELECT count(DISTINCT v.page) FROM visit v WHERE v.doc = d.doc) AS copies,
       (SELECT 'sha256:' || lower(hex(o.hash)) FROM relation r JOIN document o ON o.doc = r.other
        WHERE r.doc = d.doc AND r.kind = 'near') AS near_duplicate_of
FROM document d JOIN page p ON p.page = d.page;

-- One row per URL and text it had, in the order of storing.
CREATE VIEW copies AS
SELECT p.url AS url, 'sha256:' || lower(hex(d.hash)) AS id,
       strftime('%Y-%m-%dT%H:%M:%fZ', v.first_seen / 1000.0, 'unixepoch') AS first_seen,
       strftime('%Y-%m-%dT%H:%M:%fZ', v.last_seen / 1000.0, 'unixepoch') AS last_seen,
       v.visits AS visits
FROM visit v JOIN page p ON p.page = v.page JOIN document d ON d.doc = v.doc
ORDER BY v.visit;

-- One row per URL: its last visit.
CREATE VIEW urls AS
SELECT p.url AS url, 'sha256:' || lower(hex(d.hash)) AS id,
       strftime('%Y-%m-%dT%H:%M:%fZ', p.seen_at / 1000.0, 'unixepoch') AS seen_at,
       p.http_status AS http_status, p.etag AS etag, p.last_modified AS last_modified,
       p.final_url AS final_url
FROM page p JOIN visit v ON v.visit = p.visit JOIN document d ON d.doc = v.doc;
