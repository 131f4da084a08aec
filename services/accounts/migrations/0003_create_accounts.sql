CREATE TABLE account (
  tenant_id      integer NOT NULL,
  id             uuid NOT NULL,
  number         text COLLATE "C" NOT NULL,
  branch_id      uuid NOT NULL,
  customer_id    uuid NOT NULL,
  address_id     uuid NOT NULL,
  tariff_code    text NOT NULL,
  household_size integer NOT NULL CHECK (household_size BETWEEN 1 AND 99),
  state          text NOT NULL CHECK (state IN ('open', 'closed')),
  open_date      date NOT NULL,
  close_date     date CHECK ((close_date IS NULL) = (state = 'open')),
  -- What a file's row without an account number is known by; see usecases/import_account_row.
  import_key     uuid,
  version        bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, number),
  UNIQUE (tenant_id, import_key),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
  FOREIGN KEY (tenant_id, address_id) REFERENCES address (tenant_id, id)
);
CREATE INDEX account_customer ON account (tenant_id, customer_id);
SELECT tenant_table('account');
