"""What the conformance runs share: our tools as questions and answers, the packages of the peers, and
the count of agreements. Run with any Python 3.11; `use_packages()` goes on inside the run's own venv."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("KAREZ_BUILD_DIR", ROOT / "build" / "default"))
VENV = ROOT / ".cache" / "conformance-venv"
REQUIREMENTS = Path(__file__).parent / "requirements.txt"


def use_packages():
    """Starts this program again with the pinned packages, installed on first use."""
    python = VENV / "bin" / "python"
    if Path(sys.prefix) == VENV:
        return
    stamp = VENV / "requirements.txt"
    if not stamp.exists() or stamp.read_text() != REQUIREMENTS.read_text():
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check",
                        "-r", REQUIREMENTS], check=True)
        stamp.write_text(REQUIREMENTS.read_text())
    os.execv(python, [str(python), *sys.argv])


class Tool:
    """A program that answers one line of JSON with one line of JSON."""

    def __init__(self, name, *arguments):
        path = BUILD / "libs" / "protocols" / name
        if not path.exists():
            sys.exit(f"{path} is missing: build it first, or name the build tree in KAREZ_BUILD_DIR")
        self.process = subprocess.Popen([path, *arguments], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def ask(self, question):
        return self.ask_all([question])[0]

    def ask_all(self, questions):
        answers = []
        # A pipe holds 64 KiB: never more on the way than fits.
        for start in range(0, len(questions), 32):
            batch = questions[start:start + 32]
            self.process.stdin.write("".join(json.dumps(q) + "\n" for q in batch))
            self.process.stdin.flush()
            answers += [json.loads(self.process.stdout.readline()) for _ in batch]
        return answers

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=10)


def decoder():
    return Tool("frame-decode", "--lines")


def encoder():
    return Tool("line-encode")


class Tally:
    """Cases against one peer. `known` disagreements are explained in the protocol's README.md."""

    def __init__(self, peer):
        self.peer, self.cases, self.agreed, self.known, self.unexplained = peer, 0, 0, {}, []

    def check(self, agrees, case, known=None):
        self.cases += 1
        if agrees:
            self.agreed += 1
        elif known:
            self.known[known] = self.known.get(known, 0) + 1
        else:
            self.unexplained.append(case)

    def report(self):
        explained = ", ".join(f"{count} {name}" for name, count in sorted(self.known.items()))
        print(f"{self.peer}: {self.cases} cases, {self.agreed} agreements, "
              f"{sum(self.known.values())} disagreements explained"
              f"{' (' + explained + ')' if explained else ''}, {len(self.unexplained)} unexplained",
              flush=True)
        for case in self.unexplained[:10]:
            print(f"  {case}", flush=True)
        return not self.unexplained
