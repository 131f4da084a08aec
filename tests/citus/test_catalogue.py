"""Design 4.1: each tenant table keeps the rules of libs/testing/catalogue.sql, is distributed by its
tenant beside all others, and its shards are as closed on the workers as the table is here."""
import pytest
from cluster import ROOT
from runner.installation import SERVICES

RULES = (ROOT / "libs" / "testing" / "catalogue.sql").read_text().split(";\n")[:-1]

# Tables and partitions of a kind: 'tenant' or 'platform'.
TABLES = """
  SELECT c.relname FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
    LEFT JOIN pg_class parent ON parent.oid = i.inhparent
    JOIN {schema}.table_rule r ON r.table_name = coalesce(parent.relname, c.relname)
   WHERE n.nspname = '{schema}' AND c.relkind IN ('r', 'p') AND r.kind = '{kind}'"""

DISTRIBUTED = """
  SELECT c.relname FROM pg_dist_partition p JOIN pg_class c ON c.oid = p.logicalrelid
   WHERE c.relnamespace = '{schema}'::regnamespace AND p.partmethod = 'h'
     AND column_to_column_name(p.logicalrelid, p.partkey) = 'tenant_id'"""

# On a worker: the shards of a schema, whose names are the tables' and a number.
SHARDS = """
  SELECT s.oid, s.relname, s.relrowsecurity AND s.relforcerowsecurity AS closed,
         s.relispartition AS part, s.relnamespace
    FROM pg_class s
    JOIN pg_dist_shard d ON s.relname = (SELECT relname FROM pg_class WHERE oid = d.logicalrelid)
                                        || '_' || d.shardid
     AND s.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = d.logicalrelid)
   WHERE s.relnamespace = '{schema}'::regnamespace"""


@pytest.fixture(params=SERVICES)
def schema(request):
    return request.param


@pytest.mark.parametrize("number", range(len(RULES)))
def test_rule_holds(cluster, schema, number):
    assert cluster.texts(RULES[number].replace("$schema", schema)) == []


def test_tenant_tables_are_distributed_by_tenant_and_no_others(cluster, schema):
    tables = cluster.texts(TABLES.format(schema=schema, kind="tenant"))
    assert "outbox" in tables and "operation" in tables
    assert sorted(cluster.texts(DISTRIBUTED.format(schema=schema))) == sorted(tables)


def test_platform_tables_stay_on_the_coordinator(cluster, schema):
    known = set(cluster.texts("SELECT logicalrelid::text FROM pg_dist_partition"))
    tables = cluster.texts(TABLES.format(schema=schema, kind="platform"))
    assert "tenant" in tables and "parked_event" in tables
    assert known.isdisjoint(f"{schema}.{table}" for table in tables)


def test_all_rows_of_a_tenant_lie_together(cluster):
    assert len(cluster.texts("SELECT DISTINCT colocationid FROM pg_dist_partition")) == 1


def test_both_workers_hold_shards(cluster):
    holders = cluster.texts("SELECT DISTINCT nodeport FROM citus_shards ORDER BY nodeport")
    assert holders == cluster.workers and len(holders) == 2


def test_shards_force_row_security_by_the_one_policy(cluster, schema):
    for port in cluster.workers:
        shards = SHARDS.format(schema=schema)
        assert len(cluster.texts(f"SELECT relname FROM ({shards}) s", port)) > 10
        assert cluster.texts(f"""
            SELECT relname FROM ({shards}) s
             WHERE NOT closed OR NOT EXISTS (
                   SELECT FROM pg_policy p
                    WHERE p.polrelid = s.oid AND p.polname = 'tenant'
                      AND pg_get_expr(p.polqual, s.oid)
                          LIKE '%NULLIF(current_setting(%app.tenant%')
                OR EXISTS (
                   SELECT FROM pg_policy p
                    WHERE p.polrelid = s.oid AND p.polname <> 'tenant'
                      AND NOT (s.relname LIKE 'outbox\\_%'
                               AND p.polroles = ARRAY['karez_relay_{schema}'::regrole::oid]))""",
            port) == []


def test_shards_open_to_no_role_that_the_table_is_closed_to(cluster, schema):
    for port in cluster.workers:
        assert cluster.texts(f"""
            SELECT rolname || ' may read ' || relname
              FROM ({SHARDS.format(schema=schema)}) s, pg_roles
             WHERE rolname ~ '^karez_' AND rolname NOT IN ('karez_migrate', 'karez_verify')
               AND has_table_privilege(rolname, s.oid, 'SELECT')
               AND (part OR rolname <> 'karez_{schema}')
               AND NOT (relname LIKE 'outbox\\_%' AND rolname = 'karez_relay_{schema}')""",
            port) == []
