import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from runner.control import Control  # noqa: E402
from runner.installation import Installation  # noqa: E402


@pytest.fixture
def inst(tmp_path):
    installation = Installation(tmp_path / "run", durable=False)
    installation.prepare()
    return installation


@pytest.fixture
def control(inst):
    running = Control(inst)
    running.ensure_running(dies_with_parent=True)
    yield running
    running.shutdown(timeout_s=20)
