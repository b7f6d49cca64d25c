-- Where the book stands in the evidence log and what it was derived with. What was noticed once (orders, events,
-- parameters) is written when it changes; what is counted with every frame is written now and then, with a position of
-- its own.
CREATE TABLE device_book(
  only_row INTEGER PRIMARY KEY CHECK(only_row = 1),
  position INTEGER NOT NULL,           -- entries processed into orders, steps, events and parameters
  counted INTEGER NOT NULL,            -- entries processed into records and deviations
  basis TEXT NOT NULL                  -- digest of network, tables and rules
);

-- How a device speaks. Times are milliseconds since 1970 UTC.
CREATE TABLE device_record(
  mn TEXT PRIMARY KEY,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  first_entry INTEGER NOT NULL,
  last_entry INTEGER NOT NULL,
  peer TEXT NOT NULL,
  connection INTEGER NOT NULL,
  st TEXT NOT NULL,                    -- newest system code that is not the one of replies
  pw TEXT NOT NULL,                    -- password of the newest frame, needed to speak to the device
  dialect TEXT NOT NULL,
  frames INTEGER NOT NULL,
  bad_frames INTEGER NOT NULL,
  deviating_frames INTEGER NOT NULL,
  wrong_passwords INTEGER NOT NULL,
  encrypted_frames INTEGER NOT NULL,
  heartbeat_at INTEGER,
  traits TEXT NOT NULL,                -- counts of trait variants, row by row
  noted TEXT NOT NULL                  -- when each kind of event was noted last
) WITHOUT ROWID;

-- How often a device departed from the standard in one way.
CREATE TABLE device_deviation(
  mn TEXT NOT NULL,
  deviation TEXT NOT NULL,
  frames INTEGER NOT NULL,
  first_entry INTEGER NOT NULL,
  last_entry INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY(mn, deviation)
) WITHOUT ROWID;

-- A host command; `id` is the entry of its decision.
CREATE TABLE device_order(
  id INTEGER PRIMARY KEY,
  device TEXT NOT NULL,
  cn TEXT NOT NULL,
  st TEXT NOT NULL,
  parameters TEXT NOT NULL,            -- JSON, as in the decision
  name TEXT NOT NULL,
  reason TEXT NOT NULL,
  cause INTEGER,
  connection INTEGER,
  expires_at INTEGER NOT NULL,
  placed_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  is_open INTEGER NOT NULL,
  qn TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  code INTEGER,
  data_frames INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
);
CREATE INDEX device_order_device ON device_order(device, id);
CREATE INDEX device_order_placed ON device_order(placed_at);
CREATE INDEX device_order_open ON device_order(id) WHERE is_open = 1;

-- A step of a conversation; `entry` is the event or decision that tells of it.
CREATE TABLE device_step(
  order_id INTEGER NOT NULL,
  entry INTEGER NOT NULL,
  at INTEGER NOT NULL,
  state TEXT NOT NULL,
  what TEXT NOT NULL,
  qn TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  code INTEGER,
  answered INTEGER,                    -- frame of the device that the step answers to
  frame_before INTEGER NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY(order_id, entry)
) WITHOUT ROWID;

-- A parameter from when it took a value until it was last seen to have it.
CREATE TABLE device_parameter(
  id INTEGER PRIMARY KEY,
  mn TEXT NOT NULL,
  instrument TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  at INTEGER NOT NULL,
  entry INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  last_entry INTEGER NOT NULL
);
CREATE INDEX device_parameter_name ON device_parameter(mn, instrument, name, id);

CREATE TABLE device_event(
  entry INTEGER NOT NULL,
  kind TEXT NOT NULL,
  mn TEXT NOT NULL,
  at INTEGER NOT NULL,
  detail TEXT NOT NULL,
  peer TEXT NOT NULL,
  connection INTEGER NOT NULL,
  PRIMARY KEY(entry, kind)
) WITHOUT ROWID;
CREATE INDEX device_event_device ON device_event(mn, entry);
CREATE INDEX device_event_time ON device_event(at);
