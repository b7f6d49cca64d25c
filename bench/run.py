#!/usr/bin/env python3
"""Whole-process measurements on this machine: server and load generator as separate processes over loopback.

Prints one figure per line: name value unit. Usage: bench/run.py [--only ingest,rate,slow,verify,postgres] [--seconds N]
Needs build/release/mingjian (./run --build-only); postgres needs the package postgresql-15 (tools/deps/install.sh bench).
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
os.environ.setdefault("MINGJIAN", str(ROOT / "build/release/mingjian"))
sys.path.insert(0, str(ROOT / "tests/integration"))
import program  # noqa: E402

DEVICES = 1000
VALUES_PER_FRAME = 10


def figure(name, value, unit):
    print(f"{name} {value:.2f} {unit}" if isinstance(value, float) else f"{name} {value} {unit}", flush=True)


def process_figures(pid):
    """CPU seconds used and resident MB (now, peak) of a process."""
    stat = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    status = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    tick = os.sysconf("SC_CLK_TCK")
    return (int(stat[11]) + int(stat[12])) / tick, int(status["VmRSS"].split()[0]) / 1024, int(status["VmHWM"].split()[0]) / 1024


def thread_cpu(pid):
    """CPU seconds used by name of thread."""
    used = {}
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        name, rest = (task / "stat").read_text().split("(", 1)[1].rsplit(")", 1)
        fields = rest.split()
        used[name] = used.get(name, 0) + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return used


class Scene:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mingjian-bench-", dir=os.environ.get("BENCH_DIR")))
        self.data = self.folder / "data"
        self.network = self.folder / "network.toml"
        program.run("simulate", "network", "--devices", DEVICES, "--out", self.network)
        self.sequence = 0

    def serve(self):
        self.server = program.Server(self.data, self.network)
        return self.server

    def load(self, seconds, *more):
        done = program.figures(program.run("simulate", "load", "--port", self.server.hj212_port, "--devices", DEVICES, "--seconds", seconds,
                                           "--first-sequence", self.sequence, *more).stdout)
        self.sequence += 1_000_000
        return done

    def drained(self):
        return self.server.wait_until(lambda s: s["ledger"]["pending"] == 0, seconds=600)

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def ingest(seconds):
    """As fast as answers come: acknowledged-durable, and end to end until the last value is queryable."""
    scene = Scene()
    server = scene.serve()
    scene.load(2)
    scene.drained()
    cpu, _, _ = process_figures(server.process.pid)
    threads = thread_cpu(server.process.pid)
    began = time.monotonic()
    done = scene.load(seconds, "--connections", 16, "--window", 256)
    acked_at = time.monotonic()
    backlog = server.get("/api/system")["ledger"]["pending"]
    scene.drained()
    whole = time.monotonic() - began
    cpu_used = process_figures(server.process.pid)[0] - cpu
    figure("ingest_frames_acked", int(done["frames_acked"]), "frames")
    figure("ingest_acked_rate", done["frames_per_s"], "frames/s")
    figure("ingest_end_to_end_rate", done["frames_acked"] / whole, "frames/s")
    figure("ingest_end_to_end_values", done["frames_acked"] * VALUES_PER_FRAME / whole, "values/s")
    figure("ingest_backlog_when_last_acked", int(backlog), "frames")
    figure("ingest_drain_time", whole - (acked_at - began), "s")
    figure("ingest_ack_p50", done["latency_ms_p50"], "ms")
    figure("ingest_ack_p99", done["latency_ms_p99"], "ms")
    figure("ingest_server_cpu_per_frame", cpu_used * 1e6 / done["frames_acked"], "us")
    for name, seconds_used in sorted(thread_cpu(server.process.pid).items()):
        figure(f"ingest_cpu_per_frame_of_thread_{name.replace(' ', '_')}", (seconds_used - threads.get(name, 0)) * 1e6 / done["frames_acked"], "us")
    _, now, peak = process_figures(server.process.pid)
    figure("ingest_memory_now", now, "MB")
    figure("ingest_memory_peak", peak, "MB")
    server.stop()
    scene.close()


def rate(seconds):
    """Latency and memory at fixed rates."""
    for frames in (1_000, 10_000, 50_000):
        scene = Scene()
        server = scene.serve()
        scene.load(1, "--rate", frames)
        done = scene.load(seconds, "--rate", frames)
        figure(f"rate_{frames}_acked", done["frames_per_s"], "frames/s")
        for word in ("p50", "p99", "max"):
            figure(f"rate_{frames}_ack_{word}", done[f"latency_ms_{word}"], "ms")
        figure(f"rate_{frames}_pending_at_end", int(server.get("/api/system")["ledger"]["pending"]), "frames")
        _, now, peak = process_figures(server.process.pid)
        figure(f"rate_{frames}_memory_now", now, "MB")
        figure(f"rate_{frames}_memory_peak", peak, "MB")
        server.stop()
        scene.close()


def slow(seconds):
    """A healthy device beside 10,000 idle or one-byte-a-second connections."""
    scene = Scene()
    server = scene.serve()
    done = program.figures(program.run("simulate", "slow", "--port", server.hj212_port, "--connections", 10_000, "--seconds", seconds).stdout)
    for word in ("open_at_start", "closed_by_server", "healthy_sent", "healthy_acked"):
        figure(f"slow_{word}", int(done[word]), "")
    for word in ("p50", "p99", "max"):
        figure(f"slow_healthy_{word}", done[f"healthy_ms_{word}"], "ms")
    figure("slow_memory_now", process_figures(server.process.pid)[1], "MB")
    server.stop()
    scene.close()


def verify(seconds):
    """Verification of a log written at full speed, rebuilding of its values, and a cold start."""
    scene = Scene()
    server = scene.serve()
    scene.load(seconds)
    scene.drained()
    server.stop()
    for _ in range(3):
        began = time.monotonic()
        program.run("verify", "--data", scene.data)
        took = time.monotonic() - began
        size = sum(f.stat().st_size for f in (scene.data / "evidence").rglob("*") if f.is_file())
        figure("verify_rate", size / 1e6 / took, "MB/s")
    began = time.monotonic()
    server = scene.serve()
    figure("start_with_data", time.monotonic() - began, "s")
    entries = server.get("/api/system")["evidence"]["entries"]
    server.stop()
    began = time.monotonic()
    program.run("rebuild", "--data", scene.data, "--network", scene.network)
    figure("rebuild_with_two_digests", time.monotonic() - began, "s")
    figure("rebuild_entries", entries, "entries")
    figure("evidence_bytes_per_frame", sum(f.stat().st_size for f in (scene.data / "evidence").rglob("*") if f.is_file()) / entries, "B")
    figure("telemetry_bytes_per_value", (scene.data / "telemetry" / "telemetry.duckdb").stat().st_size / entries / VALUES_PER_FRAME, "B")
    scene.close()


def postgres(seconds):
    """For comparison: durable multi-row inserts of 10 values into PostgreSQL over two connections."""
    bin_dir = pathlib.Path("/usr/lib/postgresql/15/bin")
    if not (bin_dir / "initdb").exists():
        sys.exit("postgres: install postgresql-15 first (tools/deps/install.sh bench)")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mingjian-bench-", dir=os.environ.get("BENCH_DIR")))
    shutil.chown(folder, "postgres", "postgres")
    as_postgres = (lambda *command: ["runuser", "-u", "postgres", "--", *map(str, command)]) if os.geteuid() == 0 else (lambda *command: list(map(str, command)))

    def sh(*command):
        return subprocess.run(as_postgres(*command), check=True, capture_output=True, text=True, cwd=folder).stdout

    sh(bin_dir / "initdb", "-D", folder / "db", "-A", "trust")
    sh(bin_dir / "pg_ctl", "-D", folder / "db", "-w", "-l", folder / "log", "-o", f"-p 54329 -k {folder} -c listen_addresses= -c shared_buffers=512MB -c max_wal_size=4GB", "start")
    try:
        connect = ["-h", folder, "-p", "54329"]
        script = folder / "insert.sql"
        rows = ", ".join(f"(:base + {i}, :at, 12.34, 2, 'N', :at)" for i in range(VALUES_PER_FRAME))
        # As the platform stores (a repeated value is no second row), and without that key.
        for name, key, conflict in (("idempotent", ", PRIMARY KEY(series, at_ms)", " ON CONFLICT DO NOTHING"), ("append_only", "", "")):
            sh(bin_dir / "psql", *connect, "-c", "DROP TABLE IF EXISTS observation", "-c",
               f"CREATE TABLE observation(series int, at_ms bigint, value double precision, decimals smallint, flag text, entry bigint{key})", "postgres")
            script.write_text(f"\\set base random(0, 999) * 10\n\\set at random(1, 9000000000000)\nINSERT INTO observation VALUES {rows}{conflict};\n")
            out = sh(bin_dir / "pgbench", *connect, "-n", "-M", "prepared", "-c", "2", "-j", "2", "-T", seconds, "-f", script, "postgres")
            tps = next(float(line.split()[2]) for line in out.splitlines() if line.startswith("tps"))
            figure(f"postgres_{name}_durable", tps * VALUES_PER_FRAME, "values/s")
    finally:
        sh(bin_dir / "pg_ctl", "-D", folder / "db", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    parts = {"ingest": ingest, "rate": rate, "slow": slow, "verify": verify, "postgres": postgres}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default=",".join(parts), help="parts to run, separated by commas (default: all)")
    parser.add_argument("--seconds", type=int, default=10, help="length of each measurement (default: 10)")
    options = parser.parse_args()
    for part in options.only.split(","):
        parts[part](options.seconds)
