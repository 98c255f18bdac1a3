#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""short_way.py FOLDER: which calls and replies leave the short way, each for
its reason, and that all others take it. On qemu, where runs are the same every
time; on a kvm whose registers the host keeps it is closed."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402

# Config, crossings that went the short way, and why others did not.
RUNS = [
    # 1,000 calls and the last one; as many replies but for that one's.
    ("EXAMPLES/ping.yaml", 2001, {}),
    ("system/short-way.yaml", None,
     {"elsewhere": 1, "owed": 1, "queued": 2, "nobody": 2}),
    ("system/short-budget.yaml", None, {"closed": 2}),
    ("attack/fast-gift.yaml", None, {"capability": 1, "nobody": None,
                                     "elsewhere": None}),
    ("attack/fast-rights.yaml", None, {"handle": 1, "nobody": None,
                                       "elsewhere": None}),
    ("attack/fast-priority.yaml", None, {"priority": None, "nobody": None,
                                         "elsewhere": None}),
    ("attack/fast-stepped.yaml", None, {"stopped": 1, "nobody": None,
                                        "elsewhere": None}),
]


def crossings(t, config, engine):
    run = ambit.run("run", config, "--engine", engine, "--json", "-")
    if run.code == 77:
        ambit.skip_all(run.err.strip().replace("\n", "; "))
    name = os.path.basename(config)
    t.equal(run.code, 0, f"{name}, {engine}: is met", run)
    found = run.json["counters"]["crossings"]
    falls = {why: n["value"] for why, n in found["falls"].items()}
    return found["fast"]["value"], falls


def one(t, config, fast, wanted):
    name = os.path.basename(config)
    took, falls = crossings(t, config, "qemu")
    print(f"# {name}: {took} the short way,",
          {why: n for why, n in falls.items() if n})
    if fast is not None:
        t.equal(took, fast, f"{name}: all that can take it")
    for why, count in falls.items():
        if why not in wanted:
            t.equal(count, 0, f"{name}: none for {why}")
        elif wanted[why] is not None:
            t.equal(count, wanted[why], f"{name}: for {why}")
    return {why for why, count in falls.items() if count}


def main():
    t = ambit.Test()
    seen, known = set(), set()
    for config, fast, wanted in RUNS:
        path = config.replace("EXAMPLES", os.path.join(
            ambit.ROOT, "domains", "examples"))
        if path == config:
            path = os.path.join(sys.argv[1], "..", config)
        seen |= one(t, path, fast, wanted)
    _, falls = crossings(t, os.path.join(
        ambit.ROOT, "domains", "examples", "ping.yaml"), "qemu")
    known = set(falls)
    t.equal(seen, known, "every reason there is has been seen")
    t.done()


if __name__ == "__main__":
    main()
