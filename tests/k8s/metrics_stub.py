"""Stands in for metrics-server and a Prometheus adapter: answers the autoscalers with what a test says."""
import datetime as dt
import json
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

RESOURCES, EXTERNAL = "metrics.k8s.io", "external.metrics.k8s.io"


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing waits for the answers under way


class MetricsStub:
    """cpu_m: millicores that the pods with a name (app.kubernetes.io/name) use together;
    lag: records that a consumer has not read yet."""

    def __init__(self, plane):
        self.cpu_m: dict[str, int] = {}
        self.lag: dict[str, int] = {}
        self._plane = plane

    def __enter__(self):
        key, certificate = (self._plane.home / f"stub.{kind}" for kind in ("key", "crt"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out",
                        certificate, "-subj", "/CN=localhost"], check=True, stderr=subprocess.DEVNULL)
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._server.socket = _encrypted(self._server.socket, key, certificate)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self._plane.apply(self._objects(self._server.server_port))
        self._plane.kubectl("wait", "apiservice", *(f"v1beta1.{group}" for group in (RESOURCES, EXTERNAL)),
                            "--for=condition=Available", "--timeout=30s")
        return self

    def __exit__(self, *_):
        self._plane.kubectl("delete", "apiservice", *(f"v1beta1.{group}" for group in (RESOURCES, EXTERNAL)),
                            check=False)
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @staticmethod
    def _objects(port: int) -> list[dict]:
        return [{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "metrics", "namespace": "default"},
                 "spec": {"type": "ExternalName", "externalName": "localhost", "ports": [{"port": port}]}},
                *({"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService",
                   "metadata": {"name": f"v1beta1.{group}"},
                   "spec": {"group": group, "version": "v1beta1", "insecureSkipTLSVerify": True,
                            "groupPriorityMinimum": 100, "versionPriority": 100,
                            "service": {"name": "metrics", "namespace": "default", "port": port}}}
                  for group in (RESOURCES, EXTERNAL))]

    def answer(self, path: str, query: dict) -> dict | None:
        parts = path.strip("/").split("/")  # apis, group, version, namespaces, NAMESPACE, what
        if len(parts) not in (3, 6):
            return None
        group = parts[1]
        if len(parts) == 3:
            names = [] if group == EXTERNAL else [
                {"name": "pods", "singularName": "", "namespaced": True, "kind": "PodMetrics", "verbs": ["list"]}]
            return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": f"{group}/v1beta1",
                    "resources": names}
        selector = query.get("labelSelector", [""])[0]
        head = {"apiVersion": f"{group}/v1beta1", "metadata": {}}
        now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if group == EXTERNAL:
            value = self.lag.get(selector.removeprefix("consumer="), 0)
            return {**head, "kind": "ExternalMetricValueList", "items": [
                {"metricName": parts[-1], "metricLabels": {}, "timestamp": now, "value": str(value)}]}
        pods = self._plane.get("pods", "--namespace", parts[4], "--selector", selector)
        return {**head, "kind": "PodMetricsList", "items": [self._usage(pod, len(pods), now) for pod in pods]}

    def _usage(self, pod: dict, count: int, now: str) -> dict:
        share = self.cpu_m.get(pod["metadata"]["labels"]["app.kubernetes.io/name"], 0) // count
        return {"metadata": {key: pod["metadata"][key] for key in ("name", "namespace", "labels")},
                "timestamp": now, "window": "15s",
                "containers": [{"name": "karez", "usage": {"cpu": f"{share}m", "memory": "64Mi"}}]}

    def _handler(self):
        answer = self.answer

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):  # noqa: N802: the name that http.server calls
                address = urlsplit(self.path)
                found = answer(address.path, parse_qs(address.query))
                body = json.dumps(found).encode()
                self.send_response(404 if found is None else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass
        return Handler


def _encrypted(socket, key: Path, certificate: Path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context.wrap_socket(socket, server_side=True)
