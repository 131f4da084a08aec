-- Terminals (DTU, concentrators) and meters.
CREATE TABLE terminal (
  tenant_id    integer NOT NULL,
  id           uuid NOT NULL,
  number       text NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('acknowledged', 'transparent')),
  branch_id    uuid NOT NULL,
  profile      text NOT NULL,
  poll_seconds integer NOT NULL,
  version      bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, number)
);
SELECT tenant_table('terminal');

-- Whose terminal it is must be known before there is a tenant: when it connects.
CREATE TABLE terminal_key (
  number      text PRIMARY KEY,
  kind        text NOT NULL,
  wire_number text NOT NULL,
  tenant_id   integer NOT NULL,
  terminal_id uuid NOT NULL,
  UNIQUE (kind, wire_number)
);
SELECT platform_table('terminal_key', 'Tells the tenant of a terminal that connects.', 'SELECT, INSERT');

-- When an edge last heard of a terminal; apart from it, because it changes all the time.
CREATE TABLE terminal_contact (
  tenant_id    integer NOT NULL,
  terminal_id  uuid NOT NULL,
  edge_id      text NOT NULL,
  connected    boolean NOT NULL,
  last_contact timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, terminal_id)
) WITH (fillfactor = 70);
CREATE INDEX terminal_contact_edge ON terminal_contact (tenant_id, edge_id) WHERE connected;
SELECT tenant_table('terminal_contact');

CREATE TABLE meter (
  tenant_id       integer NOT NULL,
  id              uuid NOT NULL,
  number          text COLLATE "C" NOT NULL,
  branch_id       uuid NOT NULL,
  profile         text NOT NULL,
  diameter_mm     integer NOT NULL,
  register_digits integer NOT NULL,
  device_address  text NOT NULL,
  terminal_id     uuid,
  active          boolean NOT NULL,
  version         bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, number),
  FOREIGN KEY (tenant_id, terminal_id) REFERENCES terminal (tenant_id, id)
);
-- One meter an address on a line.
CREATE UNIQUE INDEX meter_address ON meter (tenant_id, terminal_id, device_address);
SELECT tenant_table('meter');
