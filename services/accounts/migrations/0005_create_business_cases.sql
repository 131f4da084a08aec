CREATE TABLE business_case (
  tenant_id  integer NOT NULL,
  id         uuid NOT NULL,
  number     text NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('open', 'close', 'bind_meter', 'unbind_meter', 'change_household')),
  account_id uuid NOT NULL,
  staff_name text NOT NULL,
  at         timestamptz NOT NULL,
  note       text NOT NULL,
  change     text NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, number),
  FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id)
);
CREATE INDEX business_case_account ON business_case (tenant_id, account_id, id DESC);
SELECT tenant_table('business_case', true);
