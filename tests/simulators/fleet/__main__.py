"""Plays the fleet: python tests/simulators/fleet [--tenants 2] [--meters 2000] [--days 31] …

Finds the edge by KAREZ_EDGE and its folder by KAREZ_RUN_DIR; `make fleet` sets both.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import plan  # noqa: E402
from journal import Journal  # noqa: E402
from terminals import Acknowledged, FleetError, Line, Progress, Transparent  # noqa: E402

STALL_S = 120.0  # without a single answer from the edge for so long the fleet gives up


def arguments(run_dir: pathlib.Path) -> argparse.Namespace:
    """What the demo data were made for (fleet/plan.json) is the default."""
    chosen = run_dir / "fleet" / "plan.json"
    kept = json.loads(chosen.read_text()) if chosen.exists() else {}
    month = kept.get("month", plan.last_month(dt.datetime.now(plan.ZONE).date()))
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenants", type=int, default=kept.get("tenants", 2))
    parser.add_argument("--meters", type=int, default=kept.get("meters", 2000), help="per tenant")
    parser.add_argument("--days", type=int, default=kept.get("days"), help="of the month; all")
    parser.add_argument("--month", default=month, help="2026-10; last month")
    parser.add_argument("--seed", type=int, default=kept.get("seed", 1))
    parser.add_argument("--edge", default=os.environ.get("KAREZ_EDGE", "127.0.0.1:9310"))
    parser.add_argument("--journal", type=pathlib.Path, default=run_dir / "fleet" / "journal.jsonl")
    return parser.parse_args()


async def play(of: plan.Plan, edge: tuple[str, int], journal: Journal) -> Progress:
    progress = Progress()
    players = []
    for terminal in of.terminals():
        kind = Acknowledged if terminal.acknowledged else Transparent
        player = kind(terminal, of, Line(edge, progress), journal, progress)
        if terminal.acknowledged:
            progress.messages += player.todo
        else:
            progress.polls += player.todo
        players.append(player)
    tasks = [asyncio.ensure_future(player.run()) for player in players if player.todo]
    if not tasks:
        return progress
    reporter = asyncio.ensure_future(report(progress, journal))
    try:
        done, _ = await asyncio.wait([*tasks, reporter], return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
    finally:
        for task in [*tasks, reporter]:
            task.cancel()
        await asyncio.gather(*tasks, reporter, return_exceptions=True)
    return progress


async def report(progress: Progress, journal: Journal) -> None:
    """A line now and then, the end of the run, and the refusal to wait for ever."""
    terminal, last = sys.stdout.isatty(), time.monotonic()
    while progress.sent < progress.messages or progress.answered < progress.polls:
        await asyncio.sleep(0.25)
        journal.flush()
        now = time.monotonic()
        if now - progress.moved > STALL_S:
            raise FleetError(f"The edge has answered nothing for {STALL_S:.0f} s: `make status` says "
                             "whether it runs. What is missing goes with the next `make fleet`.")
        text = (f"  {progress.sent}/{progress.messages} messages, {progress.answered}/"
                f"{progress.polls} polled meters, {progress.frames} frames"
                + (f", {progress.reconnects} reconnects" if progress.reconnects else ""))
        if terminal:
            print(f"\r\x1b[2K{text}", end="", flush=True)
        elif now - last > 10:
            last = now
            print(text, flush=True)
    if terminal:
        print("\r\x1b[2K", end="")


def main() -> int:
    run_dir = pathlib.Path(os.environ.get("KAREZ_RUN_DIR", ".run"))
    args = arguments(run_dir)
    try:
        of = plan.Plan.of_month(args.month, args.days, tenants=args.tenants, meters=args.meters,
                                seed=args.seed)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    host, _, port = args.edge.rpartition(":")
    journal = Journal(args.journal)
    started = time.monotonic()
    try:
        progress = asyncio.run(play(of, (host, int(port)), journal))
    except FleetError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; the next run goes on from here.", file=sys.stderr)
        return 130
    finally:
        journal.close()
    spent = time.monotonic() - started
    print(f"  {progress.frames} frames in {spent:.1f} s"
          + (f" ({progress.frames / spent:.0f}/s)" if progress.frames else ", nothing was missing")
          + f"; {journal.lines} in the journal")
    return 0


if __name__ == "__main__":
    sys.exit(main())
