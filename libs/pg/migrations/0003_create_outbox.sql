-- Facts on their way to Kafka: written with the effect, deleted when Kafka has acknowledged them.
CREATE TABLE outbox (
  tenant_id   integer NOT NULL,
  id          bigint GENERATED ALWAYS AS IDENTITY,
  event_id    uuid NOT NULL,
  type        text NOT NULL,
  key         text NOT NULL,
  agg_type    text NOT NULL,
  agg_id      uuid NOT NULL,
  agg_version bigint NOT NULL,
  traceparent text NOT NULL,
  payload     bytea NOT NULL,
  created_at  timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
) WITH (autovacuum_vacuum_scale_factor = 0.01);
CREATE INDEX outbox_id ON outbox (id);
SELECT tenant_table('outbox');

-- The relay publishes for all tenants and sees nothing but this table.
DO $$
DECLARE
  relay text := 'karez_relay_' || current_schema();
BEGIN
  EXECUTE format('CREATE POLICY relay ON outbox TO %I USING (true) WITH CHECK (true)', relay);
  EXECUTE format('GRANT SELECT, DELETE ON outbox TO %I', relay);
END $$;

-- Events already applied, in the transaction of their effect.
CREATE TABLE inbox (
  tenant_id   integer NOT NULL,
  consumer    text NOT NULL,
  event_id    uuid NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, consumer, event_id)
);
CREATE INDEX inbox_received ON inbox (tenant_id, received_at);
SELECT tenant_table('inbox');

-- Events that could not be applied, and those of the same key that came after them.
CREATE TABLE parked_event (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  consumer   text NOT NULL,
  topic      text NOT NULL,
  partition  integer NOT NULL,
  "offset"   bigint NOT NULL,
  key        text NOT NULL,
  tenant_id  integer,
  headers    jsonb NOT NULL,
  payload    bytea NOT NULL,
  reason     text NOT NULL,
  attempts   integer NOT NULL,
  first_at   timestamptz NOT NULL,
  last_at    timestamptz NOT NULL,
  UNIQUE (consumer, topic, partition, "offset")
);
CREATE INDEX parked_event_key ON parked_event (consumer, topic, key);
SELECT platform_table('parked_event', 'Also holds events of tenants this service does not know.');
