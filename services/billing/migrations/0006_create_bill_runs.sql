-- A bill run: its state and progress are the operation's with the same id.
CREATE TABLE bill_run (
  tenant_id  integer NOT NULL,
  id         uuid NOT NULL,
  month      date NOT NULL,
  run_number integer NOT NULL,
  issued     bigint NOT NULL DEFAULT 0,
  issued_fen bigint NOT NULL DEFAULT 0,
  held       bigint NOT NULL DEFAULT 0,
  excluded   bigint NOT NULL DEFAULT 0,
  failed     bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, month, run_number),
  FOREIGN KEY (tenant_id, id) REFERENCES operation (tenant_id, id)
);
SELECT tenant_table('bill_run');

-- Settled consumption of an account and month that a person must look at; sequence is that of the
-- bill it would become.
CREATE TABLE review_item (
  tenant_id         integer NOT NULL,
  id                uuid NOT NULL,
  account_id        uuid NOT NULL,
  month             date NOT NULL,
  sequence          integer NOT NULL,
  meter_id          uuid NOT NULL,
  meter_number      text NOT NULL,
  volume_ml         bigint NOT NULL,
  usual_ml          bigint NOT NULL,
  reasons           bigint[] NOT NULL,
  decision          integer NOT NULL DEFAULT 0,
  decided_volume_ml bigint NOT NULL DEFAULT 0,
  decided_by        text NOT NULL DEFAULT '',
  note              text NOT NULL DEFAULT '',
  closed            boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, account_id, month, sequence)
);
CREATE INDEX review_item_open ON review_item (tenant_id, month, account_id) WHERE NOT closed;
SELECT tenant_table('review_item');
