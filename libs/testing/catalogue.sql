-- What must hold for every table of a service (design 4.1). Each statement gives one text per fault
-- in the schema that stands in the place of $schema; each ends with a semicolon at the end of a line.
-- Run by CatalogueFaults() on PostgreSQL and by tests/citus on Citus.

-- Every table is declared.
SELECT 'table ' || c.relname || ' is not declared by tenant_table or platform_table'
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = '$schema' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
   AND c.relname <> 'schema_migration'
   AND NOT EXISTS (SELECT FROM $schema.table_rule r WHERE r.table_name = c.relname);

SELECT 'platform table ' || table_name || ' says no reason'
  FROM $schema.table_rule WHERE kind = 'platform' AND coalesce(reason, '') = '';

-- Tenant tables have their tenant.
SELECT 'tenant table ' || r.table_name || ' has no tenant_id integer NOT NULL'
  FROM $schema.table_rule r
 WHERE r.kind = 'tenant' AND NOT EXISTS (
       SELECT FROM pg_attribute a
        WHERE a.attrelid = ('$schema.' || quote_ident(r.table_name))::regclass
          AND a.attname = 'tenant_id' AND a.atttypid = 'integer'::regtype
          AND a.attnotnull);

-- Row security is forced, on partitions too.
SELECT c.relname || ' does not force row security'
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
  JOIN $schema.table_rule r
    ON r.table_name = coalesce((SELECT relname FROM pg_class WHERE oid = i.inhparent),
                               c.relname)
 WHERE n.nspname = '$schema' AND c.relkind IN ('r', 'p') AND r.kind = 'tenant'
   AND NOT (c.relrowsecurity AND c.relforcerowsecurity);

-- By the one policy.
SELECT c.relname || ' lacks the tenant policy'
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
  JOIN $schema.table_rule r
    ON r.table_name = coalesce((SELECT relname FROM pg_class WHERE oid = i.inhparent),
                               c.relname)
 WHERE n.nspname = '$schema' AND c.relkind IN ('r', 'p') AND r.kind = 'tenant'
   AND NOT EXISTS (
       SELECT FROM pg_policy p
        WHERE p.polrelid = c.oid AND p.polname = 'tenant'
          AND pg_get_expr(p.polqual, p.polrelid) LIKE '%NULLIF(current_setting(%app.tenant%'
          AND pg_get_expr(p.polwithcheck, p.polrelid) = pg_get_expr(p.polqual, p.polrelid));

-- And by no other, but the relay's.
SELECT 'policy ' || p.polname || ' on ' || c.relname || ' lets the service past the tenant'
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = '$schema' AND p.polname <> 'tenant'
   AND NOT (c.relname = 'outbox' AND p.polname = 'relay'
            AND p.polroles = ARRAY['karez_relay_$schema'::regrole::oid]);

-- Keys begin with the tenant.
SELECT 'index ' || x.indexrelid::regclass || ' is unique and does not begin with tenant_id'
  FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN $schema.table_rule r ON r.table_name = c.relname AND r.kind = 'tenant'
 WHERE n.nspname = '$schema' AND x.indisunique
   AND (SELECT attname FROM pg_attribute
         WHERE attrelid = c.oid AND attnum = x.indkey[0]) IS DISTINCT FROM 'tenant_id';

SELECT 'table ' || r.table_name || ' has no primary key'
  FROM $schema.table_rule r
 WHERE NOT EXISTS (SELECT FROM pg_index x
                    WHERE x.indrelid = ('$schema.' || quote_ident(r.table_name))::regclass
                      AND x.indisprimary);

SELECT 'foreign key ' || k.conname || ' of ' || c.relname || ' does not begin with tenant_id'
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN $schema.table_rule r ON r.table_name = c.relname AND r.kind = 'tenant'
 WHERE n.nspname = '$schema' AND k.contype = 'f'
   AND (SELECT attname FROM pg_attribute
         WHERE attrelid = c.oid AND attnum = k.conkey[1]) IS DISTINCT FROM 'tenant_id';

-- Nobody but those who must may reach a table; partitions are reached by their parent only.
SELECT g.grantee || ' may ' || g.privilege_type || ' ' || g.table_name
  FROM information_schema.role_table_grants g
 WHERE g.table_schema = '$schema'
   AND NOT (g.grantee = 'karez_migrate'
         OR (g.grantee = 'karez_verify' AND g.privilege_type = 'SELECT')
         OR (g.grantee = 'karez_relay_$schema' AND g.table_name = 'outbox'
             AND g.privilege_type IN ('SELECT', 'DELETE'))
         OR (g.grantee = 'karez_$schema'
             AND g.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
             AND (g.table_name = 'schema_migration' OR EXISTS (
                  SELECT FROM $schema.table_rule r WHERE r.table_name = g.table_name))));

SELECT 'table ' || c.relname || ' belongs to ' || pg_get_userbyid(c.relowner)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = '$schema' AND c.relkind IN ('r', 'p')
   AND pg_get_userbyid(c.relowner) <> 'karez_migrate';

-- Roles cannot go around all this.
SELECT 'role ' || rolname || ' is too mighty'
  FROM pg_roles WHERE rolname IN ('karez_$schema', 'karez_relay_$schema', 'karez_migrate')
   AND (rolsuper OR rolbypassrls OR rolcreaterole);
