-- Which meter serves which account, kept from the facts of accounts.
CREATE TABLE account (
  tenant_id integer NOT NULL,
  id        uuid NOT NULL,
  number    text NOT NULL,
  branch_id uuid NOT NULL,
  version   bigint NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
SELECT tenant_table('account');

CREATE TABLE binding (
  tenant_id    integer NOT NULL,
  id           uuid NOT NULL,
  account_id   uuid NOT NULL,
  meter_id     uuid NOT NULL,
  meter_number text NOT NULL,
  from_time    timestamptz NOT NULL,
  from_ml      bigint NOT NULL,
  to_time      timestamptz,
  to_ml        bigint,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id)
);
CREATE INDEX binding_account ON binding (tenant_id, account_id);
SELECT tenant_table('binding');

-- One run over a month; its progress is the operation of the same id.
CREATE TABLE settlement (
  tenant_id integer NOT NULL,
  id        uuid NOT NULL,
  month     date NOT NULL,
  lines     bigint NOT NULL,
  volume_ml bigint NOT NULL,
  flagged   bigint NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
SELECT tenant_table('settlement');

CREATE TABLE settlement_line (
  tenant_id    integer NOT NULL,
  id           uuid NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('monthly', 'interim')),
  month        date NOT NULL,
  binding_id   uuid NOT NULL,
  account_id   uuid NOT NULL,
  meter_id     uuid NOT NULL,
  meter_number text COLLATE "C" NOT NULL,
  start_time   timestamptz NOT NULL,
  start_ml     bigint NOT NULL,
  end_time     timestamptz NOT NULL,
  end_ml       bigint NOT NULL,
  volume_ml    bigint NOT NULL,
  flags        text[] NOT NULL,
  final        boolean NOT NULL,
  settled_at   timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
-- The order of a binding's lines, and how a month is listed.
CREATE INDEX settlement_line_binding ON settlement_line (tenant_id, binding_id, settled_at, id);
CREATE INDEX settlement_line_month ON settlement_line (tenant_id, month, meter_number, id);
SELECT tenant_table('settlement_line', true);
