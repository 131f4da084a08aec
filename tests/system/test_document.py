"""/openapi.json: every operation answers anything without failing (schemathesis)."""
import subprocess
import sys
from pathlib import Path

from apiclient import Caller
from world import new_id

# These end the session that the run needs, or stream until it ends.
LEFT_OUT = r"(auth:signOut|auth:refresh|session:changePassword|:watch)$"


def test_document_names_permission_and_rate_of_every_operation(world):
    document = world.gateway.send("GET", "/openapi.json").json()
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert operation["x-karez-rate"].startswith("RATE_"), path
            assert "default" in operation["responses"], path


def test_nothing_that_fits_the_document_makes_a_service_fail(world, tmp_path):
    """A utility of its own, so that what is created here is in nobody's way."""
    code, password = f"fuzz-{new_id()[:8]}", f"demo-password-{new_id()}"
    world.platform.post("/v1/tenants", requestId=new_id(), code=code, name="示例模糊测试",
                        adminStaffName="admin", adminPassword=password)
    admin = Caller(world.gateway, code, "admin", password).sign_in()
    for path in ("/v1/accounts", "/v1/meters", "/v1/bills"):
        admin.get(path)  # each service has heard of the utility
    tool = Path(sys.executable).with_name("st")
    done = subprocess.run(
        [tool, "run", f"http://{world.gateway._host}/openapi.json", "--phases", "fuzzing",
         "--checks", "not_a_server_error", "--max-examples", "8", "--workers", "2", "--seed", "1",
         "--exclude-path-regex", LEFT_OUT, "--header", f"Authorization: Bearer {admin.token}",
         "--suppress-health-check", "all", "--warnings", "off", "--no-color"],
        cwd=tmp_path, text=True, capture_output=True, timeout=200)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
