#!/usr/bin/env python3
"""Hours of stations made into days by `mingjian assess air-year` and by the R package openair, in one run on the same rows.

Usage: bench/openair_peer.py TABLE.csv[.zst] [--stations N]          prints one figure per line: name value unit
The table has the columns of `mingjian assess air-year --report hourly`. Needs Rscript with openair (R_LIBS_USER). The two do not compute the
same: openair gives daily means and running means of ozone, we give these with the completeness rules, limits, indices, days by level and ranks
of HJ 663 as well, from CSV to CSV; so only the speed stands side by side.
"""
import argparse
import csv
import os
import pathlib
import resource
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("MINGJIAN", str(ROOT / "build/release/mingjian"))
ITEMS = ("pm25", "pm10", "so2", "no2", "co", "o3")


def figure(name, value, unit):
    print(f"{name} {value:.0f} {unit}", flush=True)


def take(table, stations, target):
    """The hours of the first stations, in the order of station and time."""
    source = subprocess.Popen(["zstd", "-dc", "--long=31", table] if table.endswith(".zst") else ["cat", table], stdout=subprocess.PIPE, text=True)
    rows = list(csv.DictReader(source.stdout))
    chosen = set(sorted({row["code"] for row in rows})[:stations])
    rows = sorted((row for row in rows if row["code"] in chosen), key=lambda row: (row["code"], row["time"]))
    with open(target, "w", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["code", "time", *ITEMS], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("table")
    arguments.add_argument("--stations", type=int, default=100)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table = pathlib.Path(folder) / "table.csv"
        rows = take(options.table, options.stations, table)
        figure("rows", rows, "station-hours")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([PROGRAM, "assess", "air-year", "--report", "hourly", "--pollutants", "--input", table], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        ours = rows / (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        figure("mingjian_whole_process", ours, "station-hours/s of CPU, reading and writing CSV included")
        done = subprocess.run(["Rscript", ROOT / "bench/openair_peer.R", table], capture_output=True, check=True, text=True,
                              env=dict(os.environ, TZ="Asia/Shanghai"))
        theirs = rows / float(done.stdout.split()[-1])
        figure("openair_in_memory", theirs, "station-hours/s of CPU, reading not counted")
        figure("ratio", ours / theirs, "times")


if __name__ == "__main__":
    main()
