-- Answers of changing calls, so that a repeated request_id gets the first answer. Kept 90 days.
CREATE TABLE request_log (
  tenant_id    integer NOT NULL,
  principal    text NOT NULL,
  method       text NOT NULL,
  request_id   uuid NOT NULL,
  request_hash bytea NOT NULL,
  response     bytea,
  created_at   timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, principal, method, request_id)
);
CREATE INDEX request_log_created ON request_log (tenant_id, created_at);
SELECT tenant_table('request_log');

-- Counters behind the numbers people see; the row is locked by the transaction that takes one.
CREATE TABLE number_counter (
  tenant_id integer NOT NULL,
  series    text NOT NULL,
  last      bigint NOT NULL,
  PRIMARY KEY (tenant_id, series)
);
SELECT tenant_table('number_counter');

-- Long work: what is asked, how far it is. One step is one transaction, so it resumes where it was.
CREATE TABLE operation (
  tenant_id  integer NOT NULL,
  id         uuid NOT NULL,
  kind       text NOT NULL,
  state      text NOT NULL CHECK (state IN ('running', 'waiting', 'succeeded', 'failed', 'cancelled')),
  done       bigint NOT NULL DEFAULT 0,
  total      bigint NOT NULL DEFAULT 0,
  step       text NOT NULL DEFAULT '',
  request    bytea NOT NULL,
  cursor     text NOT NULL DEFAULT '',
  result     jsonb NOT NULL DEFAULT '{}',
  error      text NOT NULL DEFAULT '',
  caller     text NOT NULL,
  caller_name text NOT NULL,
  traceparent text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version    bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX operation_state ON operation (tenant_id, state);
SELECT tenant_table('operation');
