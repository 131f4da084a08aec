-- How a table is declared. Every table of a service passes through tenant_table() or
-- platform_table(); a catalogue test accepts nothing else.

CREATE TABLE table_rule (
  table_name text PRIMARY KEY,
  kind       text NOT NULL CHECK (kind IN ('tenant', 'platform')),
  reason     text,
  series_column text,
  series_step   text CHECK (series_step IN ('month', 'year'))
);

-- The service's role has the name of its schema.
CREATE FUNCTION service_role() RETURNS text LANGUAGE sql STABLE AS
$$ SELECT 'karez_' || current_schema() $$;

-- The policy of every tenant table. NULLIF because after a SET LOCAL transaction the setting is the
-- empty string, not NULL; without a tenant no row is seen.
CREATE FUNCTION protect_by_tenant(t regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', t);
  EXECUTE format(
    'CREATE POLICY tenant ON %s '
    'USING (tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::int) '
    'WITH CHECK (tenant_id = NULLIF(current_setting(''app.tenant'', true), '''')::int)', t);
END $$;

-- Declares a table whose rows belong to tenants: tenant_id leads its keys, row security is forced,
-- the service may read and write it. append_only: the service may add rows and never change them.
-- Where the database has Citus the table is distributed by tenant, co-located with the first table of
-- the schema, whatever number of shards is the setting by now.
CREATE FUNCTION tenant_table(t regclass, append_only boolean DEFAULT false)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
    EXECUTE format('SELECT create_distributed_table(%L, ''tenant_id'', colocate_with => %L)', t::text,
                   coalesce((SELECT min(table_name) FROM table_rule WHERE kind = 'tenant'), 'default'));
  END IF;
  PERFORM protect_by_tenant(t);
  EXECUTE format('GRANT SELECT, INSERT%s ON %s TO %I',
                 CASE WHEN append_only THEN '' ELSE ', UPDATE, DELETE' END, t, service_role());
  EXECUTE format('GRANT SELECT ON %s TO karez_verify', t);
  INSERT INTO table_rule (table_name, kind)
  SELECT relname, 'tenant' FROM pg_class WHERE oid = t;
END $$;

-- Declares a table without a tenant, and why it has none. privileges: what the service may do.
CREATE FUNCTION platform_table(t regclass, why text, privileges text DEFAULT 'SELECT, INSERT, UPDATE, DELETE')
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('GRANT %s ON %s TO %I', privileges, t, service_role());
  EXECUTE format('GRANT SELECT ON %s TO karez_verify', t);
  INSERT INTO table_rule (table_name, kind, reason)
  SELECT relname, 'platform', why FROM pg_class WHERE oid = t;
END $$;

-- Registers a tenant table that was created PARTITION BY RANGE (column): its partitions are made by
-- ensure_partitions(), run by `migrate` at deployment and daily.
CREATE FUNCTION tenant_series(t regclass, partition_column text, step text)
RETURNS void LANGUAGE sql AS $$
  UPDATE table_rule SET series_column = partition_column, series_step = step
   WHERE table_name = (SELECT relname FROM pg_class WHERE oid = t)
$$;

-- Creates the missing partitions from 13 months before `today` to 3 months after it. A partition is
-- protected like its parent and nobody is granted anything on it: rows are reached by the parent.
CREATE FUNCTION ensure_partitions(today date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  series record;
  lower_bound date;
  upper_bound date;
  width interval;
  partition text;
  created integer := 0;
BEGIN
  FOR series IN SELECT * FROM table_rule WHERE series_step IS NOT NULL LOOP
    width := ('1 ' || series.series_step)::interval;
    lower_bound := date_trunc(series.series_step, today - interval '13 months')::date;
    WHILE lower_bound <= today + interval '3 months' LOOP
      upper_bound := (lower_bound + width)::date;
      partition := series.table_name || '_' ||
                   to_char(lower_bound, CASE series.series_step WHEN 'month' THEN 'YYYYMM' ELSE 'YYYY' END);
      IF to_regclass(partition) IS NULL THEN
        -- Bounds carry UTC, whatever the zone of the session.
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                       partition, series.table_name,
                       lower_bound::text || ' 00:00:00+00', upper_bound::text || ' 00:00:00+00');
        PERFORM protect_by_tenant(partition::regclass);
        created := created + 1;
      END IF;
      lower_bound := upper_bound;
    END LOOP;
  END LOOP;
  RETURN created;
END $$;

SELECT platform_table('table_rule', 'How the tables of this schema were declared.', 'SELECT');
