-- Where the book stands in the evidence log and what it was derived with.
CREATE TABLE alarm_book(
  only_row INTEGER PRIMARY KEY CHECK(only_row = 1),
  position INTEGER NOT NULL,           -- entries processed
  basis TEXT NOT NULL                  -- digest of limits, standards and network
);

-- One alarm. Times are milliseconds since 1970 UTC, figures decimal text.
CREATE TABLE alarm_alarm(
  id INTEGER PRIMARY KEY,
  point TEXT NOT NULL,
  device TEXT NOT NULL,
  factor TEXT NOT NULL,
  kind TEXT NOT NULL,
  period TEXT NOT NULL,
  unit TEXT NOT NULL,
  severity TEXT NOT NULL,
  rule TEXT NOT NULL,
  limit_value TEXT NOT NULL,
  direction TEXT NOT NULL,
  source_zh TEXT NOT NULL,
  source_en TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  raised_at INTEGER NOT NULL,
  last_value TEXT NOT NULL,
  last_at INTEGER NOT NULL,
  peak_value TEXT NOT NULL,
  peak_at INTEGER NOT NULL,
  updates INTEGER NOT NULL,
  cleared_at INTEGER,
  entry INTEGER NOT NULL,
  clear_entry INTEGER,
  ack_name TEXT,
  ack_reason TEXT,
  ack_at INTEGER,
  ack_entry INTEGER
);
CREATE UNIQUE INDEX alarm_alarm_one_open ON alarm_alarm(rule, device, factor, kind, period, direction) WHERE cleared_at IS NULL;
CREATE INDEX alarm_alarm_open ON alarm_alarm(id) WHERE cleared_at IS NULL;
CREATE INDEX alarm_alarm_point ON alarm_alarm(point, id);
CREATE INDEX alarm_alarm_entry ON alarm_alarm(entry);

-- Data time of the last value judged, per side of a limit and series.
CREATE TABLE alarm_check(
  rule TEXT NOT NULL,
  device TEXT NOT NULL,
  factor TEXT NOT NULL,
  kind TEXT NOT NULL,
  period TEXT NOT NULL,
  direction TEXT NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY(rule, device, factor, kind, period, direction)
) WITHOUT ROWID;
