"""Whom the browser tests of `make test` sign in as, as JSON. Fills the installation under test as
the system tests do, when they have not run before."""
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / folder) for folder in
                ("tests/system", "deploy/local", "tests/simulators/fleet")]

from apiclient import ApiError  # noqa: E402
from world import World  # noqa: E402


def filled(world: World) -> bool:
    try:
        admin = world.demo.staff(world.demo.tenants[0], "admin")
    except ApiError:
        return False
    return bool(admin.get("/v1/bills", openOnly=True, pageSize=1)["bills"])


world = World()
if not filled(world):
    world.fill()
tenant = world.demo.tenants[0].code
print(json.dumps({"tenant": tenant, "user": "admin",
                  "password": world.demo.password(tenant, "admin")}))
