-- The read model of the 360° page: facts of billing and metering, each with its owner's version.

CREATE TABLE bill_view (
  tenant_id  integer NOT NULL,
  bill_id    uuid NOT NULL,
  account_id uuid NOT NULL,
  number     text NOT NULL,
  month      text NOT NULL,
  volume_ml  bigint NOT NULL,
  total_fen  bigint NOT NULL,
  open_fen   bigint NOT NULL,
  state      text NOT NULL CHECK (state IN ('issued', 'paid', 'reversed')),
  issue_time timestamptz NOT NULL,
  due_date   text NOT NULL,
  version    bigint NOT NULL,
  PRIMARY KEY (tenant_id, bill_id)
);
CREATE INDEX bill_view_account ON bill_view (tenant_id, account_id, issue_time DESC, bill_id DESC);
SELECT tenant_table('bill_view');

CREATE TABLE payment_view (
  tenant_id      integer NOT NULL,
  payment_id     uuid NOT NULL,
  account_id     uuid NOT NULL,
  receipt_number text NOT NULL,
  amount_fen     bigint NOT NULL,
  method         text NOT NULL,
  cashier_name   text NOT NULL,
  time           timestamptz NOT NULL,
  reversed       boolean NOT NULL,
  version        bigint NOT NULL,
  PRIMARY KEY (tenant_id, payment_id)
);
CREATE INDEX payment_view_account ON payment_view (tenant_id, account_id, time DESC, payment_id DESC);
SELECT tenant_table('payment_view');

CREATE TABLE balance_view (
  tenant_id   integer NOT NULL,
  account_id  uuid NOT NULL,
  arrears_fen bigint NOT NULL,
  credit_fen  bigint NOT NULL,
  version     bigint NOT NULL,
  PRIMARY KEY (tenant_id, account_id)
);
SELECT tenant_table('balance_view');

CREATE TABLE meter_reading_view (
  tenant_id   integer NOT NULL,
  meter_id    uuid NOT NULL,
  time        timestamptz NOT NULL,
  value_ml    bigint NOT NULL,
  valve       text NOT NULL,
  battery_low boolean NOT NULL,
  version     bigint NOT NULL,
  PRIMARY KEY (tenant_id, meter_id)
);
SELECT tenant_table('meter_reading_view');
