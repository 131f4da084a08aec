-- The meters of this utility as metering tells of them.
CREATE TABLE meter (
  tenant_id integer NOT NULL,
  id        uuid NOT NULL,
  number    text COLLATE "C" NOT NULL,
  branch_id uuid NOT NULL,
  active    boolean NOT NULL,
  version   bigint NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX meter_number ON meter (tenant_id, number);
SELECT tenant_table('meter');

CREATE TABLE meter_binding (
  tenant_id    integer NOT NULL,
  id           uuid NOT NULL,
  account_id   uuid NOT NULL,
  meter_id     uuid NOT NULL,
  meter_number text NOT NULL,
  from_time    timestamptz NOT NULL,
  from_ml      bigint NOT NULL CHECK (from_ml >= 0),
  to_time      timestamptz CHECK (to_time >= from_time),
  to_ml        bigint CHECK (to_ml >= 0),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id),
  CHECK ((to_time IS NULL) = (to_ml IS NULL))
);
CREATE INDEX meter_binding_account ON meter_binding (tenant_id, account_id);
CREATE INDEX meter_binding_meter ON meter_binding (tenant_id, meter_id);
-- A meter serves one account at a time.
CREATE UNIQUE INDEX meter_binding_one_open ON meter_binding (tenant_id, meter_id)
 WHERE to_time IS NULL;
SELECT tenant_table('meter_binding');
