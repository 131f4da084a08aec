-- An issued bill never changes: what is still open on it stands in bill_state.
CREATE TABLE bill (
  tenant_id      integer NOT NULL,
  id             uuid NOT NULL,
  number         text NOT NULL,
  account_id     uuid NOT NULL,
  account_number text NOT NULL,
  customer_name  text NOT NULL,
  address        text NOT NULL,
  household_size integer NOT NULL,
  month          date NOT NULL,
  sequence       integer NOT NULL,
  period_end     date NOT NULL,
  tariff_id      uuid NOT NULL,
  tariff_code    text NOT NULL,
  tariff_version integer NOT NULL,
  settled_ml     bigint NOT NULL,
  carried_in_ml  bigint NOT NULL,
  carried_out_ml bigint NOT NULL,
  volume_ml      bigint NOT NULL CHECK (volume_ml >= 0),
  limits_ml      bigint[] NOT NULL,
  total_fen      bigint NOT NULL CHECK (total_fen >= 0),
  issue_time     timestamptz NOT NULL,
  due_date       date NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, account_id, month, sequence),
  UNIQUE (tenant_id, number),
  FOREIGN KEY (tenant_id, tariff_id) REFERENCES tariff (tenant_id, id),
  CHECK (settled_ml + carried_in_ml = volume_ml + carried_out_ml)
);
CREATE INDEX bill_newest ON bill (tenant_id, issue_time, id);
CREATE INDEX bill_account_newest ON bill (tenant_id, account_id, issue_time, id);
CREATE INDEX bill_month_newest ON bill (tenant_id, month, issue_time, id);
SELECT tenant_table('bill', true);

CREATE TABLE bill_line (
  tenant_id             integer NOT NULL,
  bill_id               uuid NOT NULL,
  line                  integer NOT NULL,
  component_code        text NOT NULL,
  component_name        text NOT NULL,
  payee                 integer NOT NULL,
  tier                  integer NOT NULL,
  volume_ml             bigint NOT NULL,
  unit_price_micro_yuan bigint NOT NULL,
  amount_fen            bigint NOT NULL,
  counter_before_ml     bigint NOT NULL,
  counter_after_ml      bigint NOT NULL,
  PRIMARY KEY (tenant_id, bill_id, line),
  FOREIGN KEY (tenant_id, bill_id) REFERENCES bill (tenant_id, id)
);
SELECT tenant_table('bill_line', true);

-- What each settled line was when it was billed.
CREATE TABLE bill_meter (
  tenant_id       integer NOT NULL,
  bill_id         uuid NOT NULL,
  settled_line_id uuid NOT NULL,
  meter_id        uuid NOT NULL,
  meter_number    text NOT NULL,
  start_time      timestamptz,
  start_ml        bigint NOT NULL,
  end_time        timestamptz,
  end_ml          bigint NOT NULL,
  volume_ml       bigint NOT NULL,
  flags           text[] NOT NULL,
  PRIMARY KEY (tenant_id, bill_id, settled_line_id),
  FOREIGN KEY (tenant_id, bill_id) REFERENCES bill (tenant_id, id)
);
SELECT tenant_table('bill_meter', true);

CREATE TABLE bill_reversal (
  tenant_id    integer NOT NULL,
  bill_id      uuid NOT NULL,
  reason       text NOT NULL,
  reversed_by  text NOT NULL,
  reverse_time timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, bill_id),
  FOREIGN KEY (tenant_id, bill_id) REFERENCES bill (tenant_id, id)
);
SELECT tenant_table('bill_reversal', true);

-- Derived from the ledger and proven by verify: open_fen is the receivable left on the bill.
CREATE TABLE bill_state (
  tenant_id   integer NOT NULL,
  bill_id     uuid NOT NULL,
  account_id  uuid NOT NULL,
  month       date NOT NULL,
  tariff_code text NOT NULL,
  period_end  date NOT NULL,
  volume_ml   bigint NOT NULL,
  total_fen   bigint NOT NULL,
  open_fen    bigint NOT NULL CHECK (open_fen BETWEEN 0 AND total_fen),
  state       text NOT NULL CHECK (state IN ('issued', 'paid', 'reversed')),
  version     bigint NOT NULL,
  PRIMARY KEY (tenant_id, bill_id),
  FOREIGN KEY (tenant_id, bill_id) REFERENCES bill (tenant_id, id),
  CHECK ((state = 'issued') = (open_fen > 0))
);
CREATE INDEX bill_state_account ON bill_state (tenant_id, account_id, month);
CREATE INDEX bill_state_open ON bill_state (tenant_id, account_id) WHERE open_fen > 0;
CREATE INDEX bill_state_tariff ON bill_state (tenant_id, tariff_code, period_end);
SELECT tenant_table('bill_state');

-- One row an account, locked first by whatever changes its money. Derived, and proven by verify:
-- arrears_fen is the sum of the open amounts, credit_fen the balance of `unapplied`, carry_ml the
-- volume settled less the volume billed.
CREATE TABLE account_balance (
  tenant_id   integer NOT NULL,
  account_id  uuid NOT NULL,
  arrears_fen bigint NOT NULL CHECK (arrears_fen >= 0),
  credit_fen  bigint NOT NULL CHECK (credit_fen >= 0),
  carry_ml    bigint NOT NULL,
  version     bigint NOT NULL,
  PRIMARY KEY (tenant_id, account_id)
);
SELECT tenant_table('account_balance');
