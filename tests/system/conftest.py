"""One filled world for all system tests: see world.py."""
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

# What kills and stops goes after what only asks; the proof of everything goes last.
ORDER = ["test_filled", "test_sign_in", "test_requests", "test_tenants", "test_imports", "test_path",
         "test_money", "test_document", "test_noise", "test_outages", "test_kills", "test_proof"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    names = [item.module.__name__.rpartition(".")[2] for item in items]
    places = {name: ORDER.index(name) if name in ORDER else -1 for name in names}
    items.sort(key=lambda item: places[item.module.__name__.rpartition(".")[2]])


@pytest.fixture(scope="session")
def world():
    if "KAREZ_TEST_GATEWAY_URL" not in os.environ:
        pytest.skip("needs running services: make test l=system")
    from world import World

    made = World()
    made.fill()
    return made
