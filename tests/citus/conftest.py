"""What holds on a Citus coordinator with two workers, see cluster.py: make test-citus."""
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))


@pytest.fixture(scope="session")
def cluster():
    if "KAREZ_TEST_CITUS_URL" not in os.environ:
        pytest.skip("needs a Citus cluster: make test-citus")
    from cluster import Cluster

    return Cluster()
