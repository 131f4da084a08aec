"""The cluster under test: every service migrated on the coordinator, and running."""
import os
import urllib.parse
from pathlib import Path

import psycopg
from runner.installation import Installation

ROOT = Path(__file__).resolve().parents[2]


class Cluster:
    def __init__(self) -> None:
        self.installation = Installation(Path(os.environ["KAREZ_RUN_DIR"]))
        self._url = urllib.parse.urlsplit(os.environ["KAREZ_TEST_CITUS_URL"])
        with self.connect() as coordinator:
            self.workers = [row[0] for row in coordinator.execute(
                "SELECT nodeport FROM pg_dist_node WHERE groupid <> 0 ORDER BY nodeport")]

    def connect(self, role: str = "postgres", port: int | None = None) -> psycopg.Connection:
        """To the coordinator, or a worker. In the test run all roles have one password."""
        place = f"{role}:{self._url.password}@{self._url.hostname}:{port or self._url.port}"
        return psycopg.connect(self._url._replace(netloc=place).geturl())

    def texts(self, sql: str, port: int | None = None) -> list[str]:
        """The first column; on a worker the shards are seen like any table."""
        with self.connect(port=port) as connection:
            connection.execute("SET citus.override_table_visibility TO off")
            return [row[0] for row in connection.execute(sql)]
