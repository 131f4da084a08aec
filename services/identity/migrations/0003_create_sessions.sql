CREATE TABLE session (
  tenant_id  integer NOT NULL,
  id         uuid NOT NULL,
  staff_id   uuid NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX session_staff ON session (tenant_id, staff_id) WHERE revoked_at IS NULL;
CREATE INDEX session_expires ON session (tenant_id, expires_at);
SELECT tenant_table('session');

-- All tokens of a session, used ones too: an old one that comes back ends the session.
CREATE TABLE refresh_token (
  tenant_id  integer NOT NULL,
  hash       bytea NOT NULL,
  session_id uuid NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at    timestamptz,
  PRIMARY KEY (tenant_id, hash),
  FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX refresh_token_session ON refresh_token (tenant_id, session_id);
SELECT tenant_table('refresh_token');

-- Polled by every identity process and streamed to the gateways.
CREATE TABLE revoked_session (
  session_id uuid PRIMARY KEY,
  revoked_at timestamptz NOT NULL
);
CREATE INDEX revoked_session_time ON revoked_session (revoked_at);
SELECT platform_table('revoked_session', 'Gateways refuse revoked sessions of all tenants.');

-- Wrong passwords per sign-in name, whether such a member of staff exists or not. The key is a hash,
-- because people type passwords into the name field.
CREATE TABLE sign_in_guard (
  tenant_id    integer NOT NULL,
  name_hash    bytea NOT NULL,
  failures_us  bigint[] NOT NULL,
  locked_until timestamptz,
  updated_at   timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, name_hash)
);
CREATE INDEX sign_in_guard_updated ON sign_in_guard (tenant_id, updated_at);
SELECT tenant_table('sign_in_guard');
