-- The tenants and branches every service knows: in identity the truth, elsewhere kept from its events.

CREATE TABLE tenant (
  id       integer PRIMARY KEY,
  code     text NOT NULL UNIQUE,
  name     text NOT NULL,
  zone     text NOT NULL,
  active   boolean NOT NULL,
  settings jsonb NOT NULL DEFAULT '{}',
  version  bigint NOT NULL
);
SELECT platform_table('tenant', 'The list of tenants itself.');

CREATE TABLE branch (
  tenant_id integer NOT NULL,
  id        uuid NOT NULL,
  code      text NOT NULL,
  name      text NOT NULL,
  version   bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, code)
);
SELECT tenant_table('branch');
