#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""create.py FOLDER: what domains made at run time cost, in instructions as qemu
counts them and in bytes, against the limits. FOLDER has the built configs."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402

# Made, started, ended by itself, waited for, destroyed: what it is now, rounded
# up; in five calls, and in three. docs/run-time.md says what is aimed at.
LIVES = {"thread": 7400, "tis": 9350, "process": 11650,
         "thread-two": 6800, "tis-two": 8750, "process-two": 11050}
# Everything that is charged for one domain more.
BYTES = {"thread-bytes": 12 << 10, "tis-bytes": 28 << 10,
         "process-bytes": 48 << 10}


def observed(t, config):
    run = ambit.run("run", config, "--engine", "qemu", "--icount", "--json",
                    "-", timeout=120)
    if run.code == 77:
        ambit.skip_all(run.err.strip().replace("\n", "; "))
    t.equal(run.code, 0, f"{os.path.basename(config)} is met", run)
    cells = run.json["domains"][0]["observations"]
    return {key: ambit.value(cell) for key, cell in cells.items()}


def main():
    t = ambit.Test()
    found = observed(t, os.path.join(sys.argv[1], "create-cost.yaml"))
    for key, limit in {**LIVES, **BYTES}.items():
        print(f"{key}: {found[key]} of {limit}")
        t.ok(0 < found[key] <= limit, f"{key} within its limit", found)
    found = observed(t, os.path.join(sys.argv[1], "create-many.yml"))
    few, many = found["call-10"], found["call-2000"]
    print(f"a call with 10 domains: {few}, with 2,000: {many}")
    t.ok(0 < many <= few * 1.05, "a call costs the same", found)
    t.done()


if __name__ == "__main__":
    main()
