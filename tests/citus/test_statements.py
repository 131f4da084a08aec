"""Every statement of every service runs on Citus: each is executed with made-up values, as the role
that it belongs to, and rolled back. Empty tables are enough, since Citus refuses what it cannot do
before it looks at rows."""
import re
import uuid

import psycopg
import pytest
from cluster import ROOT
from runner.installation import SERVICES

COMMON = [ROOT / "libs" / name for name in ("events", "host", "jobs", "pg", "rpc")]
QUERY = re.compile(r'\bQuery\s+\w+\s*\{\s*"([^"]+)",\s*(?:R"sql\(([\s\S]*?)\)sql"|"((?:[^"\\]|\\.)*)")')
RELAY = ("events.select_outbox", "events.delete_outbox")

TENANT = "2"
VALUES = {
    "integer": TENANT, "smallint": "2", "bigint": "2", "boolean": "true", "text": "'{}'",
    "jsonb": "'{}'", "bytea": "'\\x00'", "date": "'2026-11-01'", "interval": "'1 hour'",
    "uuid": f"'{uuid.uuid5(uuid.NAMESPACE_URL, 'example')}'",
    "timestamp with time zone": "'2026-11-01 00:00:00+00'",
}


def statements(service: str) -> dict[str, str]:
    found = {}
    for folder in [*COMMON, ROOT / "services" / service]:
        for path in sorted(folder.rglob("*.cpp")):
            if "tests" not in path.parts:
                found |= {match[1]: match[2] or match[3]
                          for match in QUERY.finditer(path.read_text())}
    return found


def value(kind: str) -> str:
    if kind.endswith("[]"):
        return f"ARRAY[{VALUES[kind[:-2]]}]::{kind}"
    return f"{VALUES[kind]}::{kind}"


def refusal(connection: psycopg.Connection, name: str, sql: str) -> str:
    """Empty when the statement runs, or only its made-up values break a rule (SQLSTATE 23)."""
    try:
        connection.execute("BEGIN")
        connection.execute(f"SET LOCAL app.tenant = '{TENANT}'")
        connection.execute(f'PREPARE "{name}" AS {sql}', prepare=False)
        kinds, = connection.execute(
            "SELECT parameter_types::text[] FROM pg_prepared_statements WHERE name = %s",
            (name,)).fetchone()
        values = ", ".join(value(kind) for kind in kinds)
        connection.execute(f'EXECUTE "{name}"' + (f"({values})" if kinds else ""), prepare=False)
    except psycopg.Error as error:
        return "" if error.sqlstate.startswith("23") else f"{name}: {error.sqlstate} {error}"
    finally:
        connection.execute("ROLLBACK")
    return ""


@pytest.mark.parametrize("service", SERVICES)
def test_every_statement_runs(cluster, service):
    refused, known = [], statements(service)
    assert len(known) > 40
    with cluster.connect(f"karez_{service}") as own, \
            cluster.connect(f"karez_relay_{service}") as relay:
        own.autocommit = relay.autocommit = True
        for name, sql in known.items():
            refused.append(refusal(relay if name in RELAY else own, name, sql))
    assert not any(refused), "\n".join(filter(None, refused))


def test_facts_of_one_transaction_keep_their_order(cluster):
    """The outbox ids of a batch follow its order, or events would overtake each other."""
    count = 1500
    ids = [uuid.uuid4() for _ in range(count)]
    sql = re.sub(r"\$(\d)", r"%(p\1)s", statements("billing")["pg.insert_outbox"])
    with cluster.connect("karez_billing") as connection:
        connection.execute(f"SET LOCAL app.tenant = '{TENANT}'")
        connection.execute(sql, {
            "p1": int(TENANT), "p2": "", "p3": "2026-11-01T00:00:00Z", "p4": ids,
            "p5": ["example"] * count, "p6": ["example"] * count, "p7": ids,
            "p8": list(range(count)), "p9": [b""] * count})
        versions = [row[0] for row in connection.execute(
            "SELECT agg_version FROM outbox WHERE tenant_id = %s ORDER BY id", (int(TENANT),))]
        connection.rollback()
    assert versions == list(range(count))


def test_service_sees_no_other_tenant(cluster):
    with cluster.connect("karez_billing") as connection:
        def branches() -> int:
            return connection.execute("SELECT count(*) FROM branch WHERE code = 'x'").fetchone()[0]

        for tenant in (2, 3):
            connection.execute(f"SET LOCAL app.tenant = '{tenant}'")
            connection.execute("INSERT INTO branch (tenant_id, id, code, name, version) "
                               "VALUES (%s, %s, 'x', 'x', 1)", (tenant, uuid.uuid4()))
            assert branches() == 1, "of two, without a WHERE"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("INSERT INTO branch (tenant_id, id, code, name, version) "
                               "VALUES (4, %s, 'x', 'x', 1)", (uuid.uuid4(),))
        connection.rollback()
        assert branches() == 0, "without a tenant"
