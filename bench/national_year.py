#!/usr/bin/env python3
"""A year of the national network (1,600 stations × 8,760 h × 6 pollutants) evaluated to days, months, quarters, the year and ranked.

Prints one figure per line: name value unit. Usage: bench/national_year.py [--stations N] [--days N] [--memory MB]
Needs build/bench/evaluation_bench (cmake --preset bench && ninja -C build/bench evaluation_bench) and 3 GB in TMPDIR.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def figure(name, value, unit):
    print(f"{name} {value:.2f} {unit}" if isinstance(value, float) and value != int(value) else f"{name} {int(value)} {unit}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stations", type=int, default=1600)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--memory", type=int, default=512, help="MB that each of the two databases may use")
    options = parser.parse_args()
    environment = dict(os.environ, MJ_BENCH_STATIONS=str(options.stations), MJ_BENCH_DAYS=str(options.days), MJ_BENCH_MEMORY_MB=str(options.memory))
    done = subprocess.run([ROOT / "build/bench/evaluation_bench", "--benchmark_format=json"], env=environment, stdout=subprocess.PIPE, check=True)
    runs = {run["name"].split("/")[0]: run for run in json.loads(done.stdout)["benchmarks"]}
    scan = runs["scan_of_a_year"]
    year = runs["evaluation_of_a_year"]
    figure("national_year_values", year["values"], "values")
    figure("national_year_results", year["results"], "results")
    figure("national_year_scan_rate", scan["values_per_s"] / 1e6, "M values/s")
    figure("national_year_evaluated", year["real_time"], "s")
    figure("national_year_cpu", year["cpu_time"], "s")
    figure("national_year_ranking", year["ranking_s"], "s")
    figure("national_year_ranked_rows", year["ranked_rows"], "rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
