# SPDX-License-Identifier: MIT
"""From the samples of a run to the table: rows, goals, met or missed.

    python3 tests/benchmark/table.py build/benchmark/FILE.json

prints the table of an earlier run again.
"""

import dataclasses
import json
import statistics
import sys

# MiB. Under Wine 8 960 KiB of the stack of each thread are dirty; Windows touches what the thread uses.
WINE_STACK = 960 / 1024

BARE, PYWIN32, OURS = "bare", "pywin32", "ours"


@dataclasses.dataclass(frozen=True)
class Goal:
    """Ours at most `limit`: times what `peer` has, or, without a peer, in the unit of the row."""

    limit: float
    peer: str = ""

    def __str__(self):
        return f"<= {self.limit:g}" + (f" x {self.peer}" if self.peer else "")


@dataclasses.dataclass(frozen=True)
class Row:
    number: str
    what: str
    figure: str
    goal: Goal
    unit: str = "ms"
    ratio_to: str = BARE


def rows(held_stop_seconds):
    return (
        Row("1", "StartService returns", "start returned", Goal(1.2, BARE)),
        Row("2", "start -> RUNNING, framework on real pywin32", "running", Goal(0.9, PYWIN32), ratio_to=PYWIN32),
        Row("3", "start -> RUNNING, framework of our own modules", "running without pywin32", Goal(0.4, PYWIN32),
            ratio_to=PYWIN32),
        Row("4", "control, idle: INTERROGATE", "interrogate", Goal(1.1, BARE)),
        Row("4", "control, idle: 128", "control", Goal(1.1, BARE)),
        Row("5", "control 128, main thread busy in Python", "busy control", Goal(1.1, BARE)),
        Row("5", "  until Python is told", "busy told", Goal(1.2, PYWIN32), ratio_to=PYWIN32),
        Row("6", "controls 129 and 128, GIL held 2 s", "held control", Goal(1.2, BARE)),
        Row("6", "  until Python is told, after the release", "held told", Goal(5), ratio_to=PYWIN32),
        Row("7", f"STOP answered, GIL held {held_stop_seconds} s", "held stop", Goal(100)),
        Row("8", "stop -> STOPPED, idle", "stopped", Goal(12)),
        Row("9", "private dirty memory, no pywin32", "plain memory", Goal(16), unit="MiB"),
        Row("9", "private dirty memory, framework on real pywin32", "memory", Goal(18.5), unit="MiB", ratio_to=PYWIN32),
    )


def number(value, unit=""):
    if value is None:
        return "-"
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:.{digits}f}" + (f" {unit}" if unit else "")


def cells(row, samples):
    medians = {peer: statistics.median(values) for peer, values in samples[row.figure].items()}
    limit = row.goal.limit * (medians[row.goal.peer] if row.goal.peer else 1)
    refused = any(samples.get(f"{row.figure} error", {}).get(OURS, ()))
    met = medians[OURS] <= limit and not refused
    ratio = "-"
    if row.ratio_to in medians:
        ratio = f"{medians[OURS] / medians[row.ratio_to]:.2f} x {row.ratio_to}"
    goal = str(row.goal) + ("" if row.goal.peer else f" {row.unit}")
    own = (number(medians.get(peer), row.unit) for peer in (BARE, PYWIN32, OURS))
    return (row.number, row.what, *own, ratio, goal, "met" if met else "missed")


def aligned(lines):
    widths = [max(map(len, column)) for column in zip(*lines)]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in lines)


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(samples):
    """p50, p90 and max, for the figures that have many samples."""
    lines = [("what", "peer", "samples", "p50", "p90", "max")]
    for figure, peers in samples.items():
        for peer, values in peers.items():
            if len(values) > 1 and not figure.endswith(("error", "threads")):
                summary = (statistics.median(values), quantile(values, 0.9), max(values))
                lines.append((figure, peer, str(len(values)), *map(number, summary)))
    return aligned(lines)


def notes(samples):
    lines = [
        f"Row 7: {peer} was answered with error {values[0]}."
        for peer, values in samples["held stop error"].items()
        if values[0]
    ]
    threads = (
        f"{peer} {values[0]} ({values[0] * WINE_STACK:.1f} MiB)"
        for peer, values in samples["memory: threads"].items()
    )
    lines.append("Row 9: threads, and what of their stacks is dirty under Wine 8: " + ", ".join(threads) + ".")
    return "\n".join(lines)


def text(run):
    samples = run["samples"]
    head = ("row", "what", "bare C++", "pywin32", "ours", "ratio", "goal", "")
    table = aligned([head, *(cells(row, samples) for row in rows(run["held_stop_seconds"]))])
    load = f"{run['load_before'][0]:.1f} before, {run['load_after'][0]:.1f} after"
    return (
        f"{run['rounds']} interleaved rounds on {run['processors']} processors (load average {load}); medians\n\n"
        f"{table}\n\n{notes(samples)}\n\n{spread(samples)}\n"
    )


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        print(text(json.load(file)))
