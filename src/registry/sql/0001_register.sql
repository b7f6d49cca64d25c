-- Where the register stands in the evidence log.
CREATE TABLE register_book(
  only_row INTEGER PRIMARY KEY CHECK(only_row = 1),
  position INTEGER NOT NULL            -- entries processed
);

-- The decisions about devices found in the log, as recorded. Secrets inside are sealed.
CREATE TABLE register_decision(
  entry INTEGER PRIMARY KEY,           -- index in the evidence log
  at INTEGER NOT NULL,                 -- milliseconds since 1970 UTC
  payload TEXT NOT NULL                -- JSON, docs/formats/decisions.md
);
