"""The parts of `make test`, and the adding up of their results. Used by tests/run."""
import contextlib
import dataclasses
import json
import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from runner import build, deps, paths, services, shell, testenv
from runner.ui import Steps, say

PARTS = ("format", "runner", "unit", "sanitize", "conformance", "pg", "service", "architecture",
         "web", "system", "browser")
WITHOUT_BUILD = {"format", "runner", "sanitize", "architecture", "web"}
ON_REQUEST = ("citus",)
# What runs in it; the C++ tests stay as they are.
PROGRAMS = (*sorted({f"karez-{service.binary}" for service in services.TABLE}), "karez-verify",
            "karez_proto_descriptors")
WEB = paths.ROOT / "web"


@dataclasses.dataclass
class Totals:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def line(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"

    def add(self, other: "Totals") -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped


def count(report: Path) -> Totals:
    """The test cases of one JUnit report (pytest, ctest, Vitest, Playwright, GoogleTest)."""
    totals = Totals()
    for case in ElementTree.parse(report).iter("testcase"):
        if case.get("status") in ("disabled", "notrun") or case.find("skipped") is not None:
            totals.skipped += 1
        elif case.find("failure") is not None or case.find("error") is not None:
            totals.failed += 1
        else:
            totals.passed += 1
    return totals


def count_programs(report: Path, cases: Path) -> Totals:
    """The cases inside each program of a ctest report; one that crashed left no report of its own.

    A program that ctest could not run (status notrun) is a failure, whatever ctest calls it.
    """
    totals = Totals()
    for test in ElementTree.parse(report).iter("testcase"):
        skipped = test.find("skipped")
        if skipped is not None and (skipped.get("message") or "").startswith("SKIP_"):
            totals.skipped += 1
            continue
        good = test.get("status") == "run"
        own = cases / f"{test.get('name')}.xml"
        counted = count(own) if own.exists() else Totals(passed=int(good))
        if not good and not counted.failed:
            counted.failed += 1
        totals.add(counted)
    return totals


class TestRun:
    def __init__(self, reports: Path):
        self._reports = reports
        self.totals = Totals()

    def run(self, parts: list[str]) -> None:
        needs_build = not WITHOUT_BUILD.issuperset(parts)
        steps = Steps(1 + needs_build)
        with steps.step("dependencies") as step:
            deps.ensure(step)
        if "format" in parts:
            self._format()
        if "runner" in parts:
            self._pytest("runner", {}, paths.ROOT / "deploy" / "local" / "tests")
            self._pytest("fleet", {}, paths.ROOT / "tests" / "simulators")
        if needs_build:
            with steps.step("build") as step:
                build.cpp(step, targets=PROGRAMS if parts == ["citus"] else ())
        if "unit" in parts:
            self._ctest("unit", paths.BUILD)
        if "sanitize" in parts:
            with Steps(1).step("build for the sanitizers") as step:
                build.cpp(step, preset="sanitize")
            self._ctest("sanitize", paths.ROOT / "build" / "sanitize", label="unit")
        if "conformance" in parts:
            self._conformance()
        in_process = [part for part in ("pg", "service") if part in parts]
        if in_process:
            say("servers for pg and service tests …")
            servers = ("postgres",) if in_process == ["pg"] else testenv.SERVERS
            with testenv.environment(servers=servers) as variables:
                for label in in_process:
                    self._ctest(label, paths.BUILD, variables)
        if "architecture" in parts:
            self._pytest("architecture", {})
        if "web" in parts and self._web_script("test:unit"):
            report = self._reports / "web.xml"
            self._npm("web", "test:unit", report, {}, "--reporter=default", "--reporter=junit",
                      f"--outputFile.junit={report}")
        self._with_services(parts)
        if "citus" in parts:
            self._citus()

    # -- parts ---------------------------------------------------------------------------------

    def _record(self, part: str, totals: Totals) -> None:
        say(f"{part:<13} {totals.line()}")
        self.totals.add(totals)

    def _format(self) -> None:
        """One test: every tracked C++ file is formatted."""
        files = shell.run(["git", "ls-files", "-z", "*.h", "*.cpp", "*.cc"], "listing C++ files",
                          cwd=paths.ROOT).split("\0")
        there = [name for name in files if name and (paths.ROOT / name).exists()]
        checked = subprocess.run(
            ["xargs", "-0", "-r", "-n", "40", "-P", str(os.cpu_count() or 2), "clang-format-14",
             "--dry-run", "-Werror", "--ferror-limit=1"], input="\0".join(there), text=True,
            cwd=paths.ROOT, capture_output=True)
        good = checked.returncode == 0
        if not good:
            names = sorted(set(re.findall(r"^(\S+?):\d+:\d+: error", checked.stderr, re.M)))
            say("Not formatted, `make fmt` does it:\n  " + "\n  ".join(names or [checked.stderr]))
        self._record("format", Totals(passed=int(good), failed=int(not good)))

    def _ctest(self, part: str, folder: Path, variables: dict[str, str] | None = None,
               label: str | None = None) -> None:
        """Counts the cases inside each test program; one that crashed left no report of its own."""
        cases, report = self._reports / part, self._reports / f"ctest-{part}.xml"
        cases.mkdir()
        say(f"\n{part} tests")
        subprocess.run(
            ["ctest", "--test-dir", folder, "-L", f"^{label or part}$", "-j2",
             "--output-on-failure", "--no-tests=ignore", "--output-junit", report],
            env={**os.environ, **(variables or {}), "GTEST_OUTPUT": f"xml:{cases}/"})
        totals = count_programs(report, cases) if report.exists() else Totals()
        self._record(part, totals)

    def _conformance(self) -> None:
        """Each protocol against its independent peers, with few cases; `make conformance` has many."""
        say("\nconformance tests")
        totals = Totals()
        for program in sorted((paths.ROOT / "tests" / "conformance").glob("*/run")):
            say(program.parent.name)
            good = subprocess.run([program, "--quick"], cwd=paths.ROOT).returncode == 0
            totals.add(Totals(passed=int(good), failed=int(not good)))
        self._record("conformance", totals)

    def _pytest(self, name: str, variables: dict[str, str], folder: Path | None = None) -> None:
        folder, report = folder or paths.ROOT / "tests" / name, self._reports / f"{name}.xml"
        if not folder.exists():
            return
        say(f"\n{name} tests")
        code = subprocess.run(
            [paths.VENV / "bin" / "python", "-m", "pytest", "-q", "--tb=short", "-p",
             "no:cacheprovider", f"--junitxml={report}", folder],
            cwd=paths.ROOT, env={**os.environ, **variables, "PYTHONDONTWRITEBYTECODE": "1"}
        ).returncode
        self._finish(name, report, code, empty=5)

    def _npm(self, part: str, script: str, report: Path, variables: dict[str, str],
             *arguments: str) -> None:
        say(f"\n{part} tests")
        code = subprocess.run(["npm", "run", "--silent", script, "--", *arguments], cwd=WEB,
                              env={**os.environ, **variables, "CI": "1"}).returncode
        self._finish(part, report, code)

    def _finish(self, part: str, report: Path, code: int, empty: int | None = None) -> None:
        totals = count(report) if report.exists() else Totals()
        if code not in (0, empty) and not totals.failed:
            totals.failed += 1
        self._record(part, totals)

    def _web_script(self, name: str) -> bool:
        package = WEB / "package.json"
        return package.exists() and name in json.loads(package.read_text()).get("scripts", {})

    def _with_services(self, parts: list[str]) -> None:
        """System and browser tests share one environment with every service running."""
        system = "system" in parts and (paths.ROOT / "tests" / "system").exists()
        browser = "browser" in parts and self._web_script("test:e2e")
        if not (system or browser):
            return
        if browser:
            with Steps(1).step("web") as step:
                build.web(step)
        say(f"\nservers and services ({', '.join(s.name for s in services.built())}) …")
        with contextlib.ExitStack() as stack:
            variables = stack.enter_context(testenv.environment(with_services=True))
            before = self.totals.failed
            if system:
                self._pytest("system", variables)
            if browser:
                report = self._reports / "browser.xml"
                self._npm("browser", "test:e2e", report,
                          {**variables, "PLAYWRIGHT_JUNIT_OUTPUT_FILE": str(report)},
                          "--reporter=line,junit")
            if self.totals.failed > before:
                testenv.keep_logs(variables)

    def _citus(self) -> None:
        """What is special there, then all that the system tests prove on PostgreSQL."""
        say("\ncoordinator, two workers and services …")
        with testenv.environment(with_services=True, with_citus=True) as variables:
            before = self.totals.failed
            self._pytest("citus", variables)
            self._pytest("system", variables)
            if self.totals.failed > before:
                testenv.keep_logs(variables)
