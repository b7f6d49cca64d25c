#!/usr/bin/env python3
"""Hourly AQI of one table by `mingjian assess aqi` and by a peer, in one run on one core each. Prints one figure per line: name value unit.

Usage: bench/aqi_peers.py TABLE.csv[.zst] [--rows N]
The table has the columns of `mingjian assess aqi --report hourly`. The peer is the Python package aqi-hub (GB 3095-2026, HJ 633-2026), which is
measured when Python can import it (PYTHONPATH); rows that both can judge completely are compared.
"""
import argparse
import csv
import os
import pathlib
import resource
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("MINGJIAN", str(ROOT / "build/release/mingjian"))
ITEMS = ("pm25", "pm10", "so2", "no2", "co", "o3")


def figure(name, value, unit):
    print(f"{name} {value:.0f} {unit}", flush=True)


def read(table, limit):
    """Complete rows as text."""
    source = subprocess.Popen(["zstd", "-dc", "--long=31", table] if table.endswith(".zst") else ["cat", table], stdout=subprocess.PIPE, text=True)
    rows = []
    for row in csv.DictReader(source.stdout):
        if all(row[item] not in ("", "/", "NA") for item in ITEMS):
            rows.append(row)
            if len(rows) == limit:
                break
    source.kill()
    return rows


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("table")
    arguments.add_argument("--rows", type=int, default=1_000_000)
    options = arguments.parse_args()
    rows = read(options.table, options.rows)
    figure("rows", len(rows), "station-hours")
    with tempfile.TemporaryDirectory() as folder:
        table = pathlib.Path(folder) / "table.csv"
        with open(table, "w") as file:
            writer = csv.DictWriter(file, ["code", "time", *ITEMS], extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        text = subprocess.run([PROGRAM, "assess", "aqi", "--report", "hourly", "--input", table], capture_output=True, check=True, text=True).stdout
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        figure("mingjian_whole_process", len(rows) / cpu, "station-hours/s of CPU, reading and writing CSV included")
    ours = [int(row["aqi"]) for row in csv.DictReader(text.splitlines())]
    try:
        from aqi_hub.aqi_cn.aqi import cal_aqi_cn, cal_primary_pollutant
    except ImportError:
        print("aqi-hub cannot be imported: not measured", flush=True)
        return
    numbers = [[float(row[item]) for item in ITEMS] for row in rows]
    began = time.process_time()
    theirs = []
    for values in numbers:
        aqi, single = cal_aqi_cn(*values, data_type="hourly")
        cal_primary_pollutant(single)
        theirs.append(aqi)
    spent = time.process_time() - began
    figure("aqi_hub_in_memory", len(rows) / spent, "station-hours/s of CPU, numbers in memory")
    figure("ratio", len(rows) / cpu / (len(rows) / spent), "times")
    figure("different", sum(a != b for a, b in zip(ours, theirs)), "station-hours")


if __name__ == "__main__":
    main()
