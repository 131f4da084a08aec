-- Every movement of money: amount_fen from the credited to the debited ledger account. Rows are
-- added and never changed.
CREATE TABLE transfer (
  tenant_id       integer NOT NULL,
  accounting_date date NOT NULL,
  id              uuid NOT NULL,
  debit           text NOT NULL,
  credit          text NOT NULL,
  amount_fen      bigint NOT NULL CHECK (amount_fen > 0),
  account_id      uuid NOT NULL,
  cause           text NOT NULL,
  cause_id        uuid NOT NULL,
  bill_id         uuid,
  reverses_id     uuid,
  transfer_time   timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, accounting_date, id),
  CHECK (debit <> credit)
) PARTITION BY RANGE (accounting_date);
CREATE INDEX transfer_account ON transfer (tenant_id, account_id, transfer_time, id);
CREATE INDEX transfer_cause ON transfer (tenant_id, cause_id);
CREATE INDEX transfer_bill ON transfer (tenant_id, bill_id);
SELECT tenant_table('transfer', true);
SELECT tenant_series('transfer', 'accounting_date', 'year');
