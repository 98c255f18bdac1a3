#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kills.py FOLDER [SEED]: 10,000 random kills among ten domains that work
together, on qemu. The seed decides everything, and is printed: with it as the
second argument the same run comes again. That this is so is tested, too."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402

KILLS = 10000
AGAIN = 300
SEED = 20260


def kills(config, seed, count):
    run = ambit.run("run", config, "--engine", "qemu", "--icount",
                    "--timeout", "400s", "--set", f"seed={seed}",
                    "--set", f'domains.app.args.0="{count}"',
                    "--json", "-", timeout=420)
    if run.code == 77:
        ambit.skip_all(run.err.strip().replace("\n", "; "))
    return run


def said(run):
    for domain in (run.json or {}).get("domains", []):
        if domain["name"] == "app":
            return domain["output"]
    return None


def main():
    t = ambit.Test()
    config = os.path.join(sys.argv[1], "kills.yml")
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else SEED
    print(f"# seed {seed}")
    run = kills(config, seed, KILLS)
    if t.equal(run.code, 0, f"{KILLS} kills, seed {seed}", run):
        print("#", str(said(run)).strip())
        t.ok(f"{KILLS} killed" in str(said(run)), "all of them")
        t.equal(run.json["audit"]["violations"], [], "the audit has no word")
        for what in ("frames_free", "quota_used"):
            start, end = (ambit.value(run.json["counters"][f"{what}_{when}"])
                          for when in ("start", "end"))
            t.equal(end, start, f"{what} is as it was")
    first, second, other = (kills(config, s, AGAIN)
                            for s in (seed, seed, seed + 1))
    t.ok(said(first) and said(first) == said(second), "the same comes again")
    t.ok(said(first) != said(other), "and something else by another seed")
    t.done()


if __name__ == "__main__":
    main()
