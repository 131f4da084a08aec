CREATE TABLE payment (
  tenant_id      integer NOT NULL,
  id             uuid NOT NULL,
  receipt_number text NOT NULL,
  account_id     uuid NOT NULL,
  amount_fen     bigint NOT NULL CHECK (amount_fen > 0),
  method         text NOT NULL,
  credit_fen     bigint NOT NULL CHECK (credit_fen >= 0),
  cashier        text NOT NULL,
  cashier_name   text NOT NULL,
  pay_time       timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, receipt_number)
);
CREATE INDEX payment_account ON payment (tenant_id, account_id, id);
SELECT tenant_table('payment', true);

CREATE TABLE payment_reversal (
  tenant_id    integer NOT NULL,
  payment_id   uuid NOT NULL,
  reason       text NOT NULL,
  reversed_by  text NOT NULL,
  reverse_time timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, payment_id),
  FOREIGN KEY (tenant_id, payment_id) REFERENCES payment (tenant_id, id)
);
SELECT tenant_table('payment_reversal', true);

-- What a payment, or credit without a payment, paid of a bill.
CREATE TABLE allocation (
  tenant_id      integer NOT NULL,
  id             uuid NOT NULL,
  payment_id     uuid,
  bill_id        uuid NOT NULL,
  account_id     uuid NOT NULL,
  amount_fen     bigint NOT NULL CHECK (amount_fen > 0),
  open_after_fen bigint NOT NULL CHECK (open_after_fen >= 0),
  allocate_time  timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, payment_id) REFERENCES payment (tenant_id, id),
  FOREIGN KEY (tenant_id, bill_id) REFERENCES bill (tenant_id, id)
);
CREATE INDEX allocation_payment ON allocation (tenant_id, payment_id);
CREATE INDEX allocation_bill ON allocation (tenant_id, bill_id);
SELECT tenant_table('allocation', true);

-- Taken back with its payment or its bill; at most once.
CREATE TABLE allocation_reversal (
  tenant_id     integer NOT NULL,
  allocation_id uuid NOT NULL,
  reverse_time  timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, allocation_id),
  FOREIGN KEY (tenant_id, allocation_id) REFERENCES allocation (tenant_id, id)
);
SELECT tenant_table('allocation_reversal', true);
