-- Every frame as it came, by month of receipt.
CREATE TABLE frame (
  tenant_id       integer NOT NULL,
  received_at     timestamptz NOT NULL,
  id              uuid NOT NULL,
  terminal_number text NOT NULL,
  device_address  text NOT NULL,
  meter_id        uuid,
  outcome         text NOT NULL CHECK (outcome IN ('stored', 'duplicate', 'quarantined')),
  payload         bytea NOT NULL,
  PRIMARY KEY (tenant_id, received_at, id)
) PARTITION BY RANGE (received_at);
SELECT tenant_table('frame', true);
SELECT tenant_series('frame', 'received_at', 'month');

-- Unique across the months: what a frame is known by. The key is the digest of device, payload and
-- the terminal's sequence number, or for a frame found to be a duplicate its own id, so that one
-- that Kafka delivers again is counted once. frame_id says which frame took the key.
CREATE TABLE frame_key (
  tenant_id   integer NOT NULL,
  key         uuid NOT NULL,
  frame_id    uuid NOT NULL,
  received_on date NOT NULL,
  PRIMARY KEY (tenant_id, key)
);
-- For forgetting old ones: rows lie in the order of their days, so a small index will do.
CREATE INDEX frame_key_day ON frame_key USING brin (received_on);
SELECT tenant_table('frame_key');

-- What could not be stored, with the reason, for people.
CREATE TABLE quarantine (
  tenant_id       integer NOT NULL,
  id              uuid NOT NULL,
  received_at     timestamptz NOT NULL,
  terminal_number text NOT NULL,
  device_address  text NOT NULL,
  reason          text NOT NULL,
  detail          text NOT NULL,
  payload         bytea NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX quarantine_reason ON quarantine (tenant_id, reason, id);
SELECT tenant_table('quarantine');

-- Frames per day of receipt and outcome, raised in the transaction of the effect:
-- received = stored + duplicate + the quarantined of all reasons.
CREATE TABLE frame_account (
  tenant_id integer NOT NULL,
  day       date NOT NULL,
  outcome   text NOT NULL CHECK (outcome IN ('received', 'stored', 'duplicate', 'quarantined')),
  reason    text NOT NULL DEFAULT '',
  frames    bigint NOT NULL,
  PRIMARY KEY (tenant_id, day, outcome, reason)
) WITH (fillfactor = 50);
SELECT tenant_table('frame_account');

-- Bytes per ingest edge. Each run of an edge writes a row of its own, so that the totals it holds
-- can be written again and again.
CREATE TABLE edge_account (
  edge_id            text NOT NULL,
  run_id             uuid NOT NULL,
  bytes_received     bigint NOT NULL,
  frame_bytes        bigint NOT NULL,
  garbage_bytes      bigint NOT NULL,
  envelope_bytes     bigint NOT NULL,
  unregistered_bytes bigint NOT NULL,
  frames             bigint NOT NULL,
  checksum_failures  bigint NOT NULL,
  connections        bigint NOT NULL,
  updated_at         timestamptz NOT NULL,
  PRIMARY KEY (edge_id, run_id)
) WITH (fillfactor = 50);
SELECT platform_table('edge_account', 'An edge serves all tenants.', 'SELECT, INSERT, UPDATE');
