-- Water accounts as accounts tells of them.
CREATE TABLE account (
  tenant_id      integer NOT NULL,
  id             uuid NOT NULL,
  number         text NOT NULL,
  branch_id      uuid NOT NULL,
  customer_name  text NOT NULL,
  address        text NOT NULL,
  tariff_code    text NOT NULL,
  household_size integer NOT NULL,
  open           boolean NOT NULL,
  version        bigint NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
SELECT tenant_table('account');

-- Consumption as metering has settled it, and what has become of it here: pending until a bill
-- takes it or a person leaves it out.
CREATE TABLE settled_line (
  tenant_id    integer NOT NULL,
  id           uuid NOT NULL,
  interim      boolean NOT NULL,
  month        date NOT NULL,
  meter_id     uuid NOT NULL,
  meter_number text NOT NULL,
  account_id   uuid NOT NULL,
  start_time   timestamptz,
  start_ml     bigint NOT NULL,
  end_time     timestamptz,
  end_ml       bigint NOT NULL,
  volume_ml    bigint NOT NULL,
  flags        text[] NOT NULL,
  version      bigint NOT NULL,
  state        text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'billed', 'skipped')),
  bill_id      uuid,
  PRIMARY KEY (tenant_id, id),
  CHECK ((state = 'billed') = (bill_id IS NOT NULL))
);
CREATE INDEX settled_line_account ON settled_line (tenant_id, account_id, month);
CREATE INDEX settled_line_pending ON settled_line (tenant_id, month, account_id)
 WHERE state = 'pending';
CREATE INDEX settled_line_bill ON settled_line (tenant_id, bill_id);
SELECT tenant_table('settled_line');
