#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""trace.py KERNEL CONFIG: what `run --trace` writes and `trace` reads, on both engines;
what a record costs, and what a trace point costs where none is kept. CONFIG is
create-cost.yaml beside its program."""

import collections
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402

SPECTRUM = os.path.join(ambit.ROOT, "domains", "examples", "spectrum.yaml")
NAMES = ["app", "worker", "guard", "stats", "jail", "child", "vault"]
RECORD_MOST = 40
POINT_MOST = 3


def traced(t, engine, path, *arguments):
    run = ambit.run("run", SPECTRUM, "--engine", engine, "--trace", path,
                    *arguments, timeout=120)
    if run.code == 77:
        return None
    said = re.search(r"ambit: (\d+) trace records are in (\S+)$", run.err, re.M)
    t.ok(run.code == 0 and said and said.group(2) == path,
         f"{engine}: {os.path.basename(path)} is written", run)
    return int(said.group(1)) if said else 0


def chrome(t, engine, path):
    """Threads, arrows, slices of what Perfetto would open."""
    with open(path, encoding="utf-8") as file:
        found = json.load(file)
    events = found["traceEvents"]
    phases = collections.Counter(event["ph"] for event in events)
    names = [event["args"]["name"] for event in events if event["ph"] == "M"]
    t.equal(found["lostRecords"], 0, f"{engine}: nothing is lost")
    t.equal(sorted(names), sorted(NAMES), f"{engine}: a track a domain")
    begun = {event["id"] for event in events if event["ph"] == "s"}
    ended = {event["id"] for event in events if event["ph"] == "f"}
    t.ok(len(begun) > 100 and begun == ended,
         f"{engine}: each arrow begins and ends", (len(begun), len(ended)))
    t.ok(phases["C"] > 5, f"{engine}: counters of quotas", phases)
    disjoint(t, engine, events)


def disjoint(t, engine, events):
    """Slices of one track follow one another."""
    tracks = collections.defaultdict(list)
    for event in events:
        if event["ph"] == "X":
            begin = round(event["ts"] * 1000)
            tracks[event["tid"]].append(
                (begin, begin + round(event["dur"] * 1000)))
    overlaps = [pair for slices in tracks.values()
                for pair in zip(sorted(slices), sorted(slices)[1:])
                if pair[0][1] > pair[1][0]]
    t.equal(overlaps[:3], [], f"{engine}: slices of a track follow each other")


def text(t, engine, path, records):
    run = ambit.run("trace", path, timeout=60)
    lines = run.out.splitlines()
    t.ok(run.code == 0 and len(lines) == records + 1,
         f"{engine}: a line a record", (run.code, len(lines), records))
    for words in ("call report", "return of report: OK", "runs, after",
                  "sends to", "replies to", "created: OK", "ended by exit",
                  "pages charged", "page fault at"):
        t.ok(words in run.out, f"{engine}: {words}", lines[:50])
    return lines


def life(config, *arguments):
    """Instructions of a thread's life in two calls (lives.c)."""
    run = ambit.run("run", config, "--engine", "qemu", "--icount", "--json",
                    "-", *arguments, timeout=120)
    return ambit.value(run.json["domains"][0]["observations"]["thread-two"])


def record_cost(t, folder, config):
    path = os.path.join(folder, "cost.bin")
    off, on = life(config), life(config, "--trace", path)
    lines = ambit.run("trace", path, timeout=60).out.splitlines()
    made = [i for i, line in enumerate(lines) if "call domain-create" in line]
    gaps = collections.Counter(b - a for a, b in zip(made, made[1:]))
    # Threads in two calls leave the fewest records.
    records = min(gap for gap, often in gaps.items() if often >= 10)
    cost = (on - off) / records
    print(f"{records} records in a life of {off}: {cost:.1f} instructions each")
    t.ok(0 < cost <= RECORD_MOST, "what a record costs", (on, off, records))


def point_cost(t, kernel):
    """Every look at whether there is a trace is a comparison and a jump."""
    where = subprocess.run(
        ["gdb", "-nx", "-q", "-batch", "-ex", "print &kernel.trace", kernel],
        capture_output=True, text=True, timeout=60, check=True).stdout
    address = re.search(r"(0x[0-9a-f]+)", where).group(1)[2:]
    code = subprocess.run(["objdump", "-d", "--no-show-raw-insn", kernel],
                          capture_output=True, text=True, timeout=60,
                          check=True).stdout.splitlines()
    looks = [code[i + 1:i + 20] for i, line in enumerate(code)
             if f"# {address} " in line and "cmp" in line]
    odd = [look for look in looks
           if not any(re.search(r"\tj(n?e) ", line) for line in look)]
    print(f"{len(looks)} trace points")
    t.ok(len(looks) >= 10 and not odd,
         f"a trace point costs at most {POINT_MOST} instructions", odd[:3])


def bad(t, folder):
    cases = (
        (("run", SPECTRUM, "--trace", "-"), 2, "--trace wants a path"),
        (("run", SPECTRUM, "--trace", os.path.join(folder, "no", "x")), 3,
         "cannot write"),
        (("trace",), 2, "trace wants a FILE"),
        (("trace", os.path.join(folder, "none")), 2, "cannot read"),
        (("trace", SPECTRUM), 2, "is no trace"),
    )
    for words, code, said in cases:
        run = ambit.run(*words, timeout=60)
        t.ok(run.code == code and said in run.err and run.out == "",
             f"refused: {words[-1]}", run)


def full(t, folder):
    """A disk that is full is found at the end; the run is reported all the
    same."""
    run = ambit.run("run", SPECTRUM, "--engine", "qemu", "--trace",
                    "/dev/full", timeout=120)
    t.ok(run.code == 3 and "cannot write /dev/full" in run.err,
         "a full disk", run)


def main():
    t = ambit.Test()
    with tempfile.TemporaryDirectory() as folder:
        tried = 0
        for engine in ("qemu", "kvm"):
            path = os.path.join(folder, f"{engine}.json")
            if traced(t, engine, path) is None:
                continue
            tried += 1
            chrome(t, engine, path)
            path = os.path.join(folder, f"{engine}.bin")
            records = traced(t, engine, path)
            text(t, engine, path, records)
            again = os.path.join(folder, f"{engine}-again.json")
            run = ambit.run("trace", path, "--chrome", again, timeout=60)
            t.equal(run.code, 0, f"{engine}: Chrome's form of a file", run)
            chrome(t, engine, again)
        if not tried:
            ambit.skip_all("neither engine works here")
        record_cost(t, folder, sys.argv[2])
        point_cost(t, sys.argv[1])
        bad(t, folder)
        full(t, folder)
    t.done()


if __name__ == "__main__":
    main()
