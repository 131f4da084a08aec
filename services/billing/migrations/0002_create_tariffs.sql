-- Published versions; definition is a karez.billing.v1.TariffDefinition.
CREATE TABLE tariff (
  tenant_id      integer NOT NULL,
  id             uuid NOT NULL,
  code           text NOT NULL,
  version        integer NOT NULL,
  effective_from date NOT NULL,
  definition     bytea NOT NULL,
  published_by   text NOT NULL,
  publish_time   timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, code, version),
  UNIQUE (tenant_id, code, effective_from)
);
SELECT tenant_table('tariff', true);
