-- Who did what, in every service. Rows are added and never changed; each one's hash covers the hash
-- before it. Partitioned by the time identity took it in, which is always near today.
CREATE TABLE audit_record (
  tenant_id    integer NOT NULL,
  sequence     bigint NOT NULL,
  recorded_at  timestamptz NOT NULL,
  record_id    uuid NOT NULL,
  happened_at  timestamptz NOT NULL,
  service      text NOT NULL,
  method       text NOT NULL,
  subject      text NOT NULL,
  subject_name text NOT NULL,
  session_id   text NOT NULL,
  via          text NOT NULL,
  outcome      text NOT NULL,
  request_id   text NOT NULL,
  trace_id     text NOT NULL,
  request_json text NOT NULL,
  hash         bytea NOT NULL,
  PRIMARY KEY (tenant_id, sequence, recorded_at)
) PARTITION BY RANGE (recorded_at);
CREATE INDEX audit_record_subject ON audit_record (tenant_id, subject, sequence);
CREATE INDEX audit_record_method ON audit_record (tenant_id, method, sequence);
SELECT tenant_table('audit_record', append_only => true);
SELECT tenant_series('audit_record', 'recorded_at', 'month');

-- The end of each tenant's chain; its row lock puts the records in order.
CREATE TABLE audit_chain (
  tenant_id     integer NOT NULL PRIMARY KEY,
  last_sequence bigint NOT NULL,
  last_hash     bytea NOT NULL
);
SELECT tenant_table('audit_chain');
