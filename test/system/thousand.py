#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""thousand.py FOLDER: a thousand domains built and destroyed in one guest: it
ends with the frames, slots and quota that it began with. On qemu, for a
process; then for every kind in turn."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402


def nothing_left(t, results):
    for what in ("frames_free", "slots_used", "quota_used"):
        start, end = (ambit.value(results["counters"][f"{what}_{when}"])
                      for when in ("start", "end"))
        t.ok(start, f"{what} was counted: {start}")
        t.equal(end, start, f"{what} is as it was")


def cycle(t, config, rounds, domains):
    run = ambit.run("run", config, "--engine", "qemu", "--timeout", "200s",
                    "--set", f'domains.app.args.0="{rounds}"',
                    "--json", "-", timeout=220)
    if run.code == 77:
        ambit.skip_all(run.err.strip().replace("\n", "; "))
    results = run.json
    if not t.equal(run.code, 0, f"{rounds} rounds", run) or not results:
        return
    nothing_left(t, results)
    for domain in results["domains"]:
        if domain["name"] in domains:
            t.equal(ambit.value(domain["counters"]["starts"]), rounds,
                    f"{domain['name']} was built each time")


def main():
    folder = sys.argv[1]
    t = ambit.Test()
    cycle(t, os.path.join(folder, "cycle-process.yaml"), 1000, ["child"])
    cycle(t, os.path.join(folder, "cycle-kinds.yaml"), 100,
          ["worker", "guard", "stats", "jail", "child", "vault"])
    t.done()


if __name__ == "__main__":
    main()
