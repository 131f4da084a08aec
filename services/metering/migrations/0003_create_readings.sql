-- Readings by month of their time. Register 0 is the main one.
CREATE TABLE reading (
  tenant_id    integer NOT NULL,
  meter_id     uuid NOT NULL,
  register     smallint NOT NULL,
  time         timestamptz NOT NULL,
  value_ml     bigint NOT NULL,
  settled_ml   bigint,
  received_at  timestamptz NOT NULL,
  time_quality text NOT NULL CHECK (time_quality IN ('device', 'received')),
  valve        text NOT NULL,
  battery_low  boolean NOT NULL,
  flags        text[] NOT NULL,
  PRIMARY KEY (tenant_id, meter_id, register, time)
) PARTITION BY RANGE (time);
SELECT tenant_table('reading', true);
SELECT tenant_series('reading', 'time', 'month');

-- A day of hourly increments, one row: 24 values in millilitres, -1 where the hour is missing.
CREATE TABLE day_series (
  tenant_id integer NOT NULL,
  meter_id  uuid NOT NULL,
  register  smallint NOT NULL,
  day       date NOT NULL,
  hours_ml  bigint[] NOT NULL CHECK (array_length(hours_ml, 1) = 24),
  PRIMARY KEY (tenant_id, meter_id, register, day)
) PARTITION BY RANGE (day);
SELECT tenant_table('day_series');
SELECT tenant_series('day_series', 'day', 'month');

-- The newest reading of each meter's main register.
CREATE TABLE latest_reading (
  tenant_id    integer NOT NULL,
  meter_id     uuid NOT NULL,
  time         timestamptz NOT NULL,
  value_ml     bigint NOT NULL,
  settled_ml   bigint,
  received_at  timestamptz NOT NULL,
  time_quality text NOT NULL,
  valve        text NOT NULL,
  battery_low  boolean NOT NULL,
  flags        text[] NOT NULL,
  version      bigint NOT NULL,
  PRIMARY KEY (tenant_id, meter_id)
) WITH (fillfactor = 70);
SELECT tenant_table('latest_reading');
