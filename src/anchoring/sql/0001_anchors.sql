-- Where the index of anchors stands in the evidence log.
CREATE TABLE anchoring_book(
  only_row INTEGER PRIMARY KEY CHECK(only_row = 1),
  position INTEGER NOT NULL,           -- entries processed
  others INTEGER NOT NULL,             -- one more than the newest entry that is no anchor
  policy TEXT NOT NULL                 -- witnesses, quorum and trusted authorities by which `counts` was judged
);

-- Events log.anchor, as recorded.
CREATE TABLE anchoring_anchor(
  entry INTEGER PRIMARY KEY,           -- index in the evidence log
  at INTEGER NOT NULL,                 -- milliseconds since 1970 UTC
  size INTEGER NOT NULL,               -- entries that the checkpoint covers
  note TEXT NOT NULL,
  stamp TEXT NOT NULL,                 -- Base64 of the time-stamp response; empty = none
  counts INTEGER NOT NULL,             -- 1: enough witnesses signed, or stamped when no witness is demanded
  stamped_at INTEGER                   -- time of the right time stamp; null = none
);
CREATE INDEX anchoring_anchor_covers ON anchoring_anchor(counts, size);

-- Events log.alert.
CREATE TABLE anchoring_alert(
  entry INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,                  -- rollback, fork, damage
  subject TEXT NOT NULL,
  text TEXT NOT NULL
);
