"""Where things lie in the clone."""
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CACHE = ROOT / ".cache"
BUILD = ROOT / "build" / "default"
VENV = CACHE / "venv"
KAFKA_JARS = CACHE / "kafka"
GOOGLEAPIS = CACHE / "googleapis"
POSTGRES_BIN = Path("/usr/lib/postgresql/15/bin")


def run_dir() -> Path:
    """State of the running installation; a test environment names its own by KAREZ_RUN_DIR."""
    return Path(os.environ.get("KAREZ_RUN_DIR") or ROOT / ".run").absolute()
