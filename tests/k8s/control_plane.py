"""A Kubernetes control plane on 127.0.0.1 and free ports, with simulated nodes; stops what it starts.

Pods are scheduled and marked running by kwok (simulation.yaml); nothing is executed.
"""
import ctypes
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "deploy" / "local"))

from programs import BIN, Problem  # noqa: E402
from runner import net  # noqa: E402

START_S = 60
ZONES = ("a", "b", "c")


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


class ControlPlane:
    """Used as a context manager. `kubectl(...)` runs the real client against it."""

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="karez-k8s-")
        self.home = Path(self._folder.name)
        self.config = self.home / "kubeconfig"
        self._processes: list[tuple[str, subprocess.Popen]] = []
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for _, process in reversed(self._processes):
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._folder.cleanup()

    # -- the client ----------------------------------------------------------------------------

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "KUBECONFIG": str(self.config), "KUBECTL": str(BIN / "kubectl")}

    def kubectl(self, *words: str, stdin: str = "", check: bool = True) -> subprocess.CompletedProcess:
        done = subprocess.run([BIN / "kubectl", *words], input=stdin, text=True,
                              capture_output=True, env=self.environment)
        if check and done.returncode:
            raise Problem(f"kubectl {' '.join(words[:3])} failed:\n{done.stdout}{done.stderr}")
        return done

    def apply(self, objects: list[dict], *words: str, check: bool = True):
        return self.kubectl("apply", "--validate=strict", *words, "--filename", "-", check=check,
                            stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))

    def get(self, *words: str) -> list[dict]:
        return json.loads(self.kubectl("get", *words, "--output", "json").stdout)["items"]

    # -- the processes -------------------------------------------------------------------------

    def _run(self, name: str, *options: str) -> None:
        with open(self.home / f"{name}.log", "w") as log:
            self._processes.append((name, subprocess.Popen(
                [BIN / name, *options], stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, cwd=self.home, preexec_fn=_die_with_parent,
                env={**os.environ, "HOME": str(self.home)})))

    def _wait(self, what: str, ready) -> None:
        deadline = time.monotonic() + START_S
        while not ready():
            dead = [name for name, process in self._processes if process.poll() is not None]
            if dead or time.monotonic() > deadline:
                name = dead[0] if dead else what
                log = self.home / f"{name}.log"
                raise Problem(f"{name} {'ended' if dead else 'is not ready'}:\n"
                              + (log.read_text()[-3000:] if log.exists() else ""))
            time.sleep(0.1)

    def _start(self) -> None:
        etcd, peer, api, manager, scheduler, kwok = net.free_ports(6)
        etcd_url, peer_url = f"http://127.0.0.1:{etcd}", f"http://127.0.0.1:{peer}"
        self._run("etcd", f"--data-dir={self.home}/etcd", f"--listen-client-urls={etcd_url}",
                  f"--advertise-client-urls={etcd_url}", f"--listen-peer-urls={peer_url}",
                  f"--initial-advertise-peer-urls={peer_url}", f"--initial-cluster=default={peer_url}")
        self._wait("etcd", lambda: _answers(f"{etcd_url}/health"))

        token, key = secrets.token_hex(16), self.home / "service-account.key"
        (self.home / "tokens").write_text(f"{token},admin,admin,system:masters\n")
        subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-out", key], check=True,
                       stderr=subprocess.DEVNULL)
        certificates = self.home / "certificates"
        self._run("kube-apiserver", f"--etcd-servers={etcd_url}", "--bind-address=127.0.0.1",
                  f"--secure-port={api}", f"--cert-dir={certificates}",
                  # Nobody connects to it; the interface of the machine is not asked for.
                  "--advertise-address=192.0.2.1", "--endpoint-reconciler-type=none",
                  f"--token-auth-file={self.home}/tokens", "--authorization-mode=RBAC",
                  "--service-account-issuer=https://karez.test", f"--service-account-key-file={key}",
                  f"--service-account-signing-key-file={key}",
                  "--service-cluster-ip-range=10.0.0.0/22",
                  # Debian's etcd is too old for it, and clients would retry for minutes in vain.
                  "--feature-gates=WatchList=false",
                  # Pods here have no kubelet that would need the accounts' tokens.
                  "--disable-admission-plugins=ServiceAccount")
        self._write_config(api, token, certificates / "apiserver.crt")
        self._wait("kube-apiserver", lambda: self.kubectl("get", "--raw", "/readyz",
                                                          check=False).returncode == 0)
        self._run("kube-controller-manager", f"--kubeconfig={self.config}", "--leader-elect=false",
                  "--bind-address=127.0.0.1", f"--secure-port={manager}",
                  f"--cert-dir={self.home}/manager", f"--service-account-private-key-file={key}",
                  # On a busy machine kwok's heartbeats come late, and kwok would not mend the pods of a
                  # node that was taken for dead.
                  "--node-monitor-grace-period=1h", "--node-startup-grace-period=1h",
                  # A test does not wait minutes for a pod's processor time to count.
                  "--horizontal-pod-autoscaler-sync-period=2s",
                  "--horizontal-pod-autoscaler-cpu-initialization-period=0s",
                  "--horizontal-pod-autoscaler-initial-readiness-delay=0s")
        self._run("kube-scheduler", f"--kubeconfig={self.config}", "--leader-elect=false",
                  "--bind-address=127.0.0.1", f"--secure-port={scheduler}",
                  f"--cert-dir={self.home}/scheduler")
        self._run("kwok", f"--kubeconfig={self.config}", "--manage-all-nodes=true",
                  f"--config={Path(__file__).with_name('simulation.yaml')}", "--cidr=10.244.0.0/16",
                  "--node-ip=192.0.2.1", f"--server-address=127.0.0.1:{kwok}")
        self.apply([_node(zone) for zone in ZONES])
        self._wait("kwok", lambda: sum(_ready(node) for node in self.get("nodes")) == len(ZONES))

    def _write_config(self, port: int, token: str, authority: Path) -> None:
        self.config.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "test",
            "clusters": [{"name": "test", "cluster": {"server": f"https://127.0.0.1:{port}",
                                                      "certificate-authority": str(authority)}}],
            "users": [{"name": "admin", "user": {"token": token}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "admin"}}]}))


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as response:
            return response.status == 200
    except OSError:
        return False


def _ready(node: dict) -> bool:
    return any(condition["type"] == "Ready" and condition["status"] == "True"
               for condition in node["status"].get("conditions", []))


def _node(zone: str) -> dict:
    name = f"node-{zone}"
    room = {"cpu": "16", "memory": "64Gi", "pods": "110"}
    return {"apiVersion": "v1", "kind": "Node",
            "metadata": {"name": name, "labels": {
                "kubernetes.io/hostname": name, "kubernetes.io/os": "linux",
                "kubernetes.io/arch": "amd64", "topology.kubernetes.io/zone": zone}},
            "status": {"allocatable": room, "capacity": room}}
