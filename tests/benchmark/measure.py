# SPDX-License-Identifier: MIT
"""Drives the measurement in a booted Wine prefix and prints the table. Started by scripts/benchmark."""

import argparse
import collections
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import time

import table

PEERS = ("bare", "pywin32", "ours")
PLAIN = "ours-plain"
# The same service as the others, in an environment without pywin32.
OWN_MODULES = "ours-own-modules"
# What only this peer has in its command line. pywin32's host is named as ours, but lies beside python.exe.
COMMAND_LINES = {
    "bare": "bare_service.exe",
    "pywin32": "Python3",
    "ours": "PythonService.exe --service",
    PLAIN: "PythonService.exe --service",
}

INTERROGATE = 4
CONTROL = 128
STARTS_PER_ROUND = 3
BLOCKS_PER_ROUND = 10
CONTROLS_PER_BLOCK = 20
BUSY_BLOCKS_PER_ROUND = 2
BUSY_CONTROLS = 20
HELD_CONTROLS = 40
HOLD_SECONDS = 2
PLAIN_ROUNDS = 3
SETTLE_SECONDS = 1


class MeasurementFailed(Exception):
    pass


class Client:
    """benchmark_client.exe: one process for the whole run, so that its own start disturbs nothing."""

    def __init__(self):
        self._process = subprocess.Popen(
            ["wine", r"C:\benchmark\benchmark_client.exe"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )

    def __call__(self, *words):
        command = " ".join(map(str, words))
        try:
            self._process.stdin.write(command + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise MeasurementFailed(f"{command}: the client has ended")
        result = json.loads(answer)
        if "error" in result:
            raise MeasurementFailed(f"{command}: {result['error']}")
        return result

    def close(self):
        self._process.stdin.close()
        self._process.wait(timeout=60)


class Benchmark:
    def __init__(self, root, client, held_stop_seconds):
        self._root = root
        self._client = client
        self._held_stop_seconds = held_stop_seconds
        # samples[figure][peer]: a list
        self.samples = collections.defaultdict(lambda: collections.defaultdict(list))

    def forget(self):
        self.samples.clear()

    def round(self, order):
        for _ in range(STARTS_PER_ROUND):
            for peer in order:
                self._start_and_stop(peer)
            self._add("running without pywin32", "ours", self._client("start", OWN_MODULES)["running"])
            self._client("stop", OWN_MODULES)
        with contextlib.ExitStack() as running:
            for peer in order:
                self._client("start", peer)
                running.callback(self._client, "stop", peer)
            time.sleep(SETTLE_SECONDS)
            for peer in order:
                self._add_memory("memory", peer, peer)
            for block in range(BLOCKS_PER_ROUND):
                # The order changes here too: nobody always comes behind the same one.
                for peer in rotated(order, block):
                    self._controls("interrogate", peer, INTERROGATE)
                    self._controls("control", peer, CONTROL)
            for block in range(BUSY_BLOCKS_PER_ROUND):
                for peer in rotated(order, block):
                    result = self._client("busy", peer, BUSY_CONTROLS)
                    self._add("busy control", peer, *result["controls"])
                    self._add("busy told", peer, *result["told"])
            for peer in order:
                result = self._client("hold", peer, HOLD_SECONDS * 1000, HELD_CONTROLS)
                self._add("held control", peer, *result["controls"])
                self._add("held told", peer, result["told_after_release"])

    def held_stop(self, order):
        for peer in order:
            self._client("start", peer)
            result = self._client("stop-held", peer, self._held_stop_seconds * 1000)
            self._add("held stop", peer, result["answered"])
            self._add("held stop error", peer, result["error_code"])
            self._add("held stop end", peer, result["stopped"])

    def plain(self):
        """Our host without pywin32. By itself: its command line is that of our other service."""
        for _ in range(PLAIN_ROUNDS):
            self._client("start", PLAIN)
            time.sleep(SETTLE_SECONDS)
            self._add_memory("plain memory", "ours", PLAIN)
            self._client("stop", PLAIN)

    def _add(self, figure, peer, *values):
        self.samples[figure][peer].extend(values)

    def _start_and_stop(self, peer):
        result = self._client("start", peer)
        self._add("start returned", peer, result["returned"])
        self._add("running", peer, result["running"])
        if peer == "pywin32":
            self._add("running without pywin32", peer, result["running"])
        time.sleep(0.2)
        result = self._client("stop", peer)
        self._add("stop answered", peer, result["answered"])
        self._add("stopped", peer, result["stopped"])
        self._add("process ended", peer, result["exited"])

    def _controls(self, figure, peer, control):
        self._add(figure, peer, *self._client("controls", peer, control, CONTROLS_PER_BLOCK)["controls"])

    def _add_memory(self, figure, peer, service):
        process = self._unix_process(service)
        rollup = (process / "smaps_rollup").read_text(encoding="ascii")
        private_dirty = next(line for line in rollup.splitlines() if line.startswith("Private_Dirty:"))
        self._add(figure, peer, int(private_dirty.split()[1]) / 1024)
        self._add(f"{figure}: threads", peer, len(list((process / "task").iterdir())))

    def _unix_process(self, service):
        """Its folder in /proc, by way of the Wine fixture, which knows the processes of a prefix."""
        script = 'source "$0/scripts/lib/common.sh"; source "$0/scripts/lib/wine.sh"; wine_processes "$1"'
        found = subprocess.run(
            ["bash", "-c", script, self._root, COMMAND_LINES[service]], capture_output=True, encoding="utf-8", check=True
        ).stdout.split()
        if len(found) != 1:
            raise MeasurementFailed(f"{service}: {len(found)} processes")
        return pathlib.Path("/proc", found[0])


def rotated(sequence, by):
    by %= len(sequence)
    return sequence[by:] + sequence[:by]


def measure(benchmark, rounds):
    for number in range(rounds + 1):
        begin = time.monotonic()
        benchmark.round(rotated(PEERS, number))
        if number == 0:
            benchmark.forget()
        what = f"round {number} of {rounds}" if number else "warm-up round, dropped"
        print(f"{what}: {time.monotonic() - begin:.0f} s", file=sys.stderr)
    benchmark.plain()
    benchmark.held_stop(rotated(PEERS, 1))


def write_samples(root, run):
    folder = pathlib.Path(root, "build", "benchmark")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / time.strftime("samples-%Y%m%dT%H%M%S.json")
    path.write_text(json.dumps(run, indent=1), encoding="utf-8")
    return path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--held-stop-seconds", type=int, required=True)
    options = parser.parse_args()

    load_before = os.getloadavg()
    client = Client()
    benchmark = Benchmark(options.root, client, options.held_stop_seconds)
    try:
        measure(benchmark, options.rounds)
        client.close()
    except (MeasurementFailed, subprocess.SubprocessError, OSError) as error:
        print(f"benchmark: a measurement failed: {error}", file=sys.stderr)
        return 1
    run = {
        "rounds": options.rounds,
        "held_stop_seconds": options.held_stop_seconds,
        "processors": os.cpu_count(),
        "load_before": load_before,
        "load_after": os.getloadavg(),
        "samples": benchmark.samples,
    }
    path = write_samples(options.root, run)
    print(table.text(run))
    print(f"Samples: {os.path.relpath(path, options.root)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
