#!/usr/bin/env python3
"""Hours of stations judged by mingjian and by its two peers in one run, one after the other on one core, on the same rows.

Usage: bench/aqi_peers.py TABLE.csv[.zst] [--stations N] [--repeat N]          prints one figure per line: name value unit
The table has the columns of `mingjian assess aqi --report hourly`; its complete rows of the first N stations are taken. Rates are station-hours a
second of CPU, the middle one of the repetitions. A part that is not installed is said and left out:
  mingjian_aqi_in_memory, mingjian_days_in_memory   build/bench/assess_bench (cmake --preset bench && ninja -C build/bench assess_bench)
  mingjian_aqi_process, mingjian_days_process       the whole program with reading and writing CSV ($MINGJIAN or build/release/mingjian)
  aqi_hub_in_memory                                 Python package aqi-hub (PYTHONPATH): index and primary pollutant of every hour
  openair_in_memory                                 R package openair (R_LIBS_USER): daily means, running means of ozone over eight hours
The peers compute less: aqi-hub neither reads nor writes; openair knows no Chinese index, and its days stand beside our days, which bring the rules
of completeness, and as a process also limits, indices, levels and ranks of HJ 663. "different" counts indices that aqi-hub has otherwise.
"""
import argparse
import csv
import importlib.util
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("MINGJIAN", str(ROOT / "build/release/mingjian"))
BENCH = os.environ.get("MINGJIAN_ASSESS_BENCH", str(ROOT / "build/bench/assess_bench"))
ITEMS = ("pm25", "pm10", "so2", "no2", "co", "o3")
RATE = "station-hours/s"


def figure(name, value, unit):
    print(f"{name} {value:.2f} {unit}" if isinstance(value, float) and value < 1000 else f"{name} {value:.0f} {unit}", flush=True)


def left_out(part, why):
    print(f"{part} left out: {why}", file=sys.stderr, flush=True)


def take(table, stations, target):
    """Writes the complete rows of the first stations in the order of station and time; gives them back."""
    source = subprocess.Popen(["zstd", "-dc", "--long=31", table] if table.endswith(".zst") else ["cat", table], stdout=subprocess.PIPE, text=True)
    rows = [row for row in csv.DictReader(source.stdout) if all(row[item] not in ("", "/", "NA") for item in ITEMS)]
    chosen = set(sorted({row["code"] for row in rows})[:stations])
    rows = sorted((row for row in rows if row["code"] in chosen), key=lambda row: (row["code"], row["time"]))
    with open(target, "w", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["code", "time", *ITEMS], extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return rows, len(chosen)


def process(table, *arguments):
    """Seconds of CPU of the whole program, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    text = subprocess.run([PROGRAM, "assess", *arguments, "--input", table], capture_output=True, check=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, text


def in_memory(table, repeat):
    done = subprocess.run([BENCH, "--benchmark_format=json", f"--benchmark_repetitions={repeat}"], capture_output=True, check=True, text=True,
                          env=dict(os.environ, MJ_BENCH_TABLE=str(table)))
    rates = {}
    for run in json.loads(done.stdout)["benchmarks"]:
        if run["run_type"] == "iteration":
            rates.setdefault(run["run_name"], []).append(run["items_per_second"])
    return {name: statistics.median(values) for name, values in rates.items()}


def aqi_hub(rows):
    """Seconds of CPU for all rows, numbers in memory, and the indices."""
    from aqi_hub.aqi_cn.aqi import cal_aqi_cn, cal_primary_pollutant
    numbers = [[float(row[item]) for item in ITEMS] for row in rows]
    began = time.process_time()
    indices = []
    for values in numbers:
        aqi, single = cal_aqi_cn(*values, data_type="hourly")
        cal_primary_pollutant(single)
        indices.append(aqi)
    return time.process_time() - began, indices


def openair(table):
    done = subprocess.run(["Rscript", ROOT / "bench/openair_peer.R", table], capture_output=True, text=True, env=dict(os.environ, TZ="Asia/Shanghai"))
    return float(done.stdout.split()[-1]) if done.returncode == 0 else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table")
    parser.add_argument("--stations", type=int, default=300)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    repeat = range(options.repeat)
    ours_index = ours_days = None
    with tempfile.TemporaryDirectory() as folder:
        table = pathlib.Path(folder) / "table.csv"
        figure("load", os.getloadavg()[0], "waiting or running processes in the minute before")
        rows, stations = take(options.table, options.stations, table)
        count = len(rows)
        figure("stations", stations, "stations")
        figure("rows", count, "station-hours")
        if os.access(BENCH, os.X_OK):
            memory = in_memory(table, options.repeat)
            ours_index, ours_days = memory["hourly_index"], memory["days_of_hours"]
            figure("mingjian_aqi_in_memory", ours_index, RATE)
            figure("mingjian_days_in_memory", ours_days, RATE)
        else:
            left_out("mingjian in memory", f"there is no {BENCH}")
        runs = [process(table, "aqi", "--report", "hourly") for _ in repeat]
        index_process = count / statistics.median(seconds for seconds, _ in runs)
        figure("mingjian_aqi_process", index_process, RATE)
        text = runs[0][1]
        days_process = count / statistics.median(process(table, "air-year", "--report", "hourly", "--pollutants")[0] for _ in repeat)
        figure("mingjian_days_process", days_process, RATE)
        if importlib.util.find_spec("aqi_hub"):
            runs = [aqi_hub(rows) for _ in repeat]
            theirs = count / statistics.median(seconds for seconds, _ in runs)
            figure("aqi_hub_in_memory", theirs, RATE)
            if ours_index:
                figure("aqi_in_memory_to_aqi_hub", ours_index / theirs, "times")
            figure("aqi_process_to_aqi_hub", index_process / theirs, "times")
            ours = (int(row["aqi"]) for row in csv.DictReader(text.splitlines()))
            figure("different", sum(a != b for a, b in zip(ours, runs[0][1], strict=True)), "station-hours")
        else:
            left_out("aqi-hub", "Python cannot import it")
        seconds = [openair(table) for _ in repeat] if shutil.which("Rscript") else [None]
        if None not in seconds:
            theirs = count / statistics.median(seconds)
            figure("openair_in_memory", theirs, RATE)
            if ours_days:
                figure("days_in_memory_to_openair", ours_days / theirs, "times")
            figure("days_process_to_openair", days_process / theirs, "times")
        else:
            left_out("openair", "Rscript cannot run it")


if __name__ == "__main__":
    main()
