"""The schema that PostgreSQL gets is made by the same files here, and making it again is safe."""
import subprocess

import pytest
from runner import postgres, services

MIGRATING = [service for service in services.TABLE if service.migrates]


@pytest.mark.parametrize("service", MIGRATING, ids=lambda service: service.name)
def test_migrating_again_changes_nothing(cluster, service):
    done = subprocess.run(
        [service.program, "migrate"], text=True, capture_output=True,
        env=services.migrate_environment(service, cluster.installation))
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{service.name}: 0 migrations applied, 0 partitions created\n"


def test_preparing_the_database_again_is_safe(cluster):
    (cluster.installation.postgres_home / "bootstrapped").unlink()
    assert postgres.bootstrap(cluster.installation)
