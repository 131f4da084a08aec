"""The supervisor with a small process in place of a service."""
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from runner import net
from runner.spec import EDGES, SERVICES, Spec
from runner.ui import Problem

SERVICE = """
import http.server, os, signal, sys, time
def end(*_):
    open(os.environ["KAREZ_JOURNAL"], "a").write(os.environ["KAREZ_NAME"] + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("hello", flush=True)
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(os.environ["KAREZ_PORT"])), Ready).serve_forever()
"""


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "journal"


@pytest.fixture
def service(journal):
    def make(name="svc", *, group=SERVICES, **env):
        (port,) = net.free_ports(1)
        return Spec(name=name, argv=[sys.executable, "-c", SERVICE], ports={"http": port},
                    probe={"kind": "http", "port": port, "path": "/"}, stop_group=group,
                    env={"KAREZ_PORT": str(port), "KAREZ_NAME": name,
                         "KAREZ_JOURNAL": str(journal), **env})
    return make


def until(condition, timeout_s=10.0):
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "did not come true in time"
        time.sleep(0.02)


def test_a_killed_process_is_back_within_two_seconds(control, service):
    control.run([service()])
    first = control.processes()["svc"]["pid"]
    os.kill(first, signal.SIGKILL)
    killed = time.monotonic()
    until(lambda: control.processes()["svc"]["pid"] not in (None, first))
    assert time.monotonic() - killed < 2
    control.wait_ready(["svc"])
    entry = control.processes()["svc"]
    assert entry["restarts"] == 1
    assert entry["last_exit"] == "signal SIGKILL"


def test_running_the_same_again_changes_nothing(control, service):
    spec = service()
    assert control.run([spec]) == 1
    pid = control.processes()["svc"]["pid"]
    assert control.run([spec]) == 0
    assert control.processes()["svc"]["pid"] == pid


def test_changed_settings_replace_the_process(control, service):
    spec = service()
    control.run([spec])
    pid = control.processes()["svc"]["pid"]
    spec.env["KAREZ_LOG_LEVEL"] = "debug"
    assert control.run([spec]) == 1
    until(lambda: control.processes()["svc"]["pid"] not in (None, pid))
    control.wait_ready(["svc"])


def test_a_file_that_was_read_at_the_start_replaces_the_process_when_it_changes(
        control, service, tmp_path):
    spec = service()
    page = tmp_path / "index.html"
    spec.reads = [str(page), str(tmp_path / "not built")]
    page.write_text("old")
    control.run([spec])
    pid = control.processes()["svc"]["pid"]
    assert control.run([spec]) == 0
    page.write_text("newer")
    assert control.run([spec]) == 1
    until(lambda: control.processes()["svc"]["pid"] not in (None, pid))
    control.wait_ready(["svc"])


def test_a_stopped_process_stays_stopped_until_started(control, service):
    control.run([service()])
    control.call("stop", name="svc")
    control.wait_stopped("svc")
    time.sleep(0.5)  # longer than the first pause before a restart
    assert control.processes()["svc"]["state"] == "stopped"
    control.call("start", name="svc")
    control.wait_ready(["svc"])


def test_a_process_that_keeps_dying_is_reported_with_its_output(control, service):
    spec = service()
    spec.argv = [sys.executable, "-c", "print('the disk is full'); raise SystemExit(3)"]
    with pytest.raises(Problem, match="(?s)exit code 3.*the disk is full"):
        control.run([spec])


def test_ways_in_stop_before_services(control, inst, service, journal):
    control.run([service("inner"), service("edge", group=EDGES)])
    control.shutdown()
    assert journal.read_text().split() == ["edge", "inner"]
    assert not (inst.run_dir / "control.sock").exists()


def test_nothing_outlives_a_killed_supervisor(control, inst, service):
    control.run([service()])
    child = control.processes()["svc"]["pid"]
    parent = int(Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1].split()[1])
    os.kill(parent, signal.SIGKILL)
    until(lambda: not Path(f"/proc/{child}").exists()
          or Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z")
    assert not control.is_running()
    control.ensure_running(dies_with_parent=True)
    assert control.processes() == {}


def test_a_taken_port_names_its_holder(control, service):
    import socket
    spec = service()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", spec.ports["http"]))
        listener.listen()
        spec.argv[0] = "/usr/bin/sleep"
        with pytest.raises(Problem, match=rf"Port {spec.ports['http']} .*pid {os.getpid()} "):
            control.run([spec])


def test_an_unknown_name_is_refused_with_those_there_are(control, service):
    control.run([service()])
    with pytest.raises(Problem, match="nosuch does not run here. There are: svc."):
        control.call("stop", name="nosuch")


def test_without_a_supervisor_the_answer_says_what_to_do(inst):
    from runner.control import Control
    with pytest.raises(Problem, match="make up"):
        Control(inst).call("status")
