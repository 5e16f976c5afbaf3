"""`make bench`: the standard load, measured over HTTP, beside two floors of the same machine."""

from __future__ import annotations

import argparse
import os
import time
from datetime import timedelta
from pathlib import Path

from bench.folder import data_folder
from bench.load import BEHIND, Load
from bench.stopwatch import Pace

PATIENTS = (100_000, 1_000_000)


def main() -> int:
    """Load, measure, tell; the page docs/bench.md is written unless the run is a quick one."""
    options = _options()
    load_before = os.getloadavg()[0]
    with data_folder(keep=options.keep, again=options.again) as folder:
        from bench import run

        load = Load(
            patients=10_000 if options.quick else options.patients,
            behind=BEHIND if options.history else 0,
            ahead=30 if options.quick else 60,
            neighbours=options.practices,
        )
        pace = Pace(most=40, seconds=0.8, warm=10) if options.quick else Pace()
        if options.reminders:
            print("\n" + run.reminded(load, _say()))
            return 0
        report = run.whole(load, pace, folder, load_before, _say())
        print("\n" + report.markdown())
        if not options.quick:
            from bench.report import PAGE, write

            write(report)
            print(f"\n{PAGE} is written.")
        if options.keep:
            print(f"\nThe data stay in {folder}: measure them again with --again {folder}.")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument("--history", action="store_true", help="two more years behind")
    parser.add_argument(
        "--patients", type=int, default=PATIENTS[0], choices=PATIENTS, help="how many (100000)"
    )
    parser.add_argument(
        "--practices", type=int, default=0, metavar="N",
        help="N other practices of 5,000 visits in the same tables (2000: ten million visits)",
    )  # fmt: skip
    parser.add_argument(
        "--quick", action="store_true", help="10,000 patients, few requests, nothing written"
    )
    parser.add_argument(
        "--reminders", action="store_true",
        help="only this: twenty thousand reminders leave while a desk goes on booking",
    )  # fmt: skip
    parser.add_argument("--keep", action="store_true", help="leave the data folder at the end")
    parser.add_argument(
        "--again", type=Path, metavar="FOLDER", help="measure a kept folder (same options)"
    )
    return parser.parse_args()


class _say:
    """What is being done, and since when."""

    def __init__(self) -> None:
        self.start = time.monotonic()

    def __call__(self, what: str) -> None:
        spent = timedelta(seconds=round(time.monotonic() - self.start))
        print(f"{spent} • {what}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
