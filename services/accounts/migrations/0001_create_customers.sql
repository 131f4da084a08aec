-- Phone and identity number stand here only sealed (libs/auth).
CREATE TABLE customer (
  tenant_id       integer NOT NULL,
  id              uuid NOT NULL,
  name            text NOT NULL,
  kind            text NOT NULL CHECK (kind IN ('person', 'organisation')),
  phone_sealed    bytea,
  identity_sealed bytea,
  created_at      timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
SELECT tenant_table('customer');
