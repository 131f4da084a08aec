"""The programs of a real control plane, built once into .cache/k8s: no container is needed for them.

kube-apiserver, kube-controller-manager, kube-scheduler and kubectl come from the Go module
k8s.io/kubernetes, kwok (which plays the nodes) from its own, etcd and promtool from Debian packages,
which are unpacked and not installed, because they would start servers of their own.
"""
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "k8s"
BIN = CACHE / "bin"
KUBERNETES = "v1.34.4"
KWOK = "v0.7.0"
CNPG = "v1.26.0"  # only its resource definitions
GO_MIN = (1, 24)
COMMANDS = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")


class Problem(Exception):
    """Something a person must do; the text says what."""


def _run(words: list[str], what: str, cwd: Path | None = None, env: dict | None = None) -> str:
    done = subprocess.run(words, cwd=cwd, env={**os.environ, **(env or {})}, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode:
        raise Problem(f"{what} failed:\n{(done.stdout + done.stderr)[-4000:]}")
    return done.stdout


def _go() -> str:
    go = shutil.which("go")
    found = re.search(r"go(\d+)\.(\d+)", _run([go, "version"], "go version")) if go else None
    if not found or (int(found[1]), int(found[2])) < GO_MIN:
        raise Problem("The control plane is built with Go {}.{} or newer: install it and put it on "
                      "PATH.".format(*GO_MIN))
    return go


def _module(go: str, module: str, version: str) -> Path:
    CACHE.mkdir(parents=True, exist_ok=True)
    text = _run([go, "mod", "download", "-json", f"{module}@{version}"], f"fetching {module}",
                cwd=CACHE)
    return Path(json.loads(text)["Dir"])


def _kubernetes(go: str) -> None:
    """A module's zip has no staging folder: its parts are modules of their own, v1.x is v0.x there."""
    if all((BIN / command).exists() for command in COMMANDS):
        return
    print(f"building Kubernetes {KUBERNETES} (some minutes, once)", flush=True)
    source = CACHE / "kubernetes"
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(_module(go, "k8s.io/kubernetes", KUBERNETES), source,
                    copy_function=shutil.copyfile)
    for folder, _, _ in os.walk(source):
        os.chmod(folder, 0o755)
    (source / "go.work").unlink(missing_ok=True)
    parts = KUBERNETES.replace("v1.", "v0.")
    lines = (source / "go.mod").read_text().splitlines()
    (source / "go.mod").write_text("".join(
        re.sub(r"\bv0\.0\.0$", parts, line) + "\n" for line in lines if "=> ./staging" not in line))
    version = "-X k8s.io/component-base/version."
    _run(["nice", "-n", "19", go, "build", "-mod=mod", "-trimpath", "-o", f"{BIN}/",
          "-ldflags", f"-s -w {version}gitVersion={KUBERNETES} {version}gitMajor=1 "
                      f"{version}gitMinor={KUBERNETES.split('.')[1]}",
          *(f"./cmd/{command}" for command in COMMANDS)], "building Kubernetes", cwd=source)
    shutil.rmtree(source)


def _kwok(go: str) -> None:
    if not (BIN / "kwok").exists():
        print(f"building kwok {KWOK}", flush=True)
        _run(["nice", "-n", "19", go, "install", f"sigs.k8s.io/kwok/cmd/kwok@{KWOK}"],
             "building kwok", cwd=CACHE, env={"GOBIN": str(BIN)})


def _debian(package: str, program: str) -> None:
    """One program out of a Debian package."""
    if (BIN / program).exists():
        return
    folder = CACHE / package
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _run(["apt-get", "-q", "download", package],
         f"fetching the Debian package {package} (does `apt-get update` work?)", cwd=folder)
    (archive,) = folder.glob("*.deb")
    _run(["dpkg-deb", "--extract", str(archive), str(folder)], f"unpacking {package}")
    shutil.copy(folder / "usr" / "bin" / program, BIN / program)
    shutil.rmtree(folder)


def _definitions(go: str) -> None:
    """The operator's own resource definitions, so that the API server checks what it would."""
    wanted = CACHE / "crds" / f"cnpg-{CNPG}"
    if not wanted.exists():
        module = _module(go, "github.com/cloudnative-pg/cloudnative-pg", CNPG)
        unfinished = wanted.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(module / "config" / "crd" / "bases", unfinished,
                        copy_function=shutil.copyfile)
        os.chmod(unfinished, 0o755)
        unfinished.rename(wanted)


def ensure() -> Path:
    """All of them, built or fetched if missing. The folder of resource definitions."""
    BIN.mkdir(parents=True, exist_ok=True)
    stamp, wanted = CACHE / "versions", f"{KUBERNETES} {KWOK}\n"
    if stamp.exists() and stamp.read_text() != wanted:
        shutil.rmtree(BIN)
        BIN.mkdir()
    stamp.write_text(wanted)
    _debian("etcd-server", "etcd")
    _debian("prometheus", "promtool")
    go = _go()
    _kwok(go)
    _kubernetes(go)
    _definitions(go)
    return CACHE / "crds" / f"cnpg-{CNPG}"


def for_static_checks() -> None:
    """promtool, and a kubectl: the built one or that of the PATH."""
    BIN.mkdir(parents=True, exist_ok=True)
    _debian("prometheus", "promtool")
    kubectl()


def kubectl() -> str:
    if (BIN / "kubectl").exists():
        return str(BIN / "kubectl")
    found = shutil.which("kubectl")
    if not found:
        raise Problem("There is no kubectl yet: run `make test-k8s` without --static once.")
    return found
