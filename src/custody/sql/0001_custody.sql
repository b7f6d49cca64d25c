-- Where the book stands in the evidence log.
CREATE TABLE custody_book(
  only_row INTEGER PRIMARY KEY CHECK(only_row = 1),
  position INTEGER NOT NULL,        -- entries processed
  first_day INTEGER,                -- Beijing day of the log's first entry; days are milliseconds since 1970 UTC of their midnight
  current_day INTEGER,              -- Beijing day on which the newest processed entry was received
  closed_day INTEGER                -- newest day whose statements are in the outbox or in the log
);
INSERT INTO custody_book(only_row, position) VALUES(1, 0);

-- The chain of each device as it stands at the position, and the end of its newest statement.
CREATE TABLE custody_device(
  id INTEGER PRIMARY KEY,
  mn TEXT NOT NULL UNIQUE,
  entries INTEGER NOT NULL,
  chain TEXT NOT NULL,              -- Base64
  stated_day INTEGER,
  stated_to INTEGER NOT NULL,
  stated_entries INTEGER NOT NULL,
  stated_chain TEXT NOT NULL
);

-- Which entries of the log are a device's: 256 to a row.
CREATE TABLE custody_block(
  device INTEGER NOT NULL,
  number INTEGER NOT NULL,          -- holds the sequence numbers from 256 * number on
  first_entry INTEGER NOT NULL,
  last_entry INTEGER NOT NULL,
  chain_before TEXT NOT NULL,
  entries TEXT NOT NULL,            -- Base64 of LEB128: the first index, then distances
  PRIMARY KEY(device, number)
) WITHOUT ROWID;
CREATE INDEX custody_block_place ON custody_block(device, last_entry);

-- Where a day that is not closed ended in the log, and how the chains stood there.
CREATE TABLE custody_mark(
  day INTEGER PRIMARY KEY,
  entry INTEGER NOT NULL,
  states TEXT NOT NULL              -- Base64: for each device by id, 8 bytes entries, 32 bytes chain
);

-- Statements as they stand in the log.
CREATE TABLE custody_statement(
  entry INTEGER PRIMARY KEY,
  device INTEGER NOT NULL,
  day INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  from_entry INTEGER NOT NULL,
  to_entry INTEGER NOT NULL,
  figures TEXT NOT NULL,            -- digest of what a revision can change
  payload TEXT NOT NULL
);
CREATE INDEX custody_statement_day ON custody_statement(device, day, revision);
CREATE INDEX custody_statement_range ON custody_statement(device, to_entry);
CREATE INDEX custody_statement_figures ON custody_statement(day, device, revision, figures);

-- Decisions gap.explain.
CREATE TABLE custody_explanation(
  entry INTEGER PRIMARY KEY,
  device TEXT NOT NULL,
  from_ms INTEGER NOT NULL,
  to_ms INTEGER NOT NULL,
  name TEXT NOT NULL,
  reason TEXT NOT NULL
);
