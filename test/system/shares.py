#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""shares.py FOLDER: budgets, counted in instructions. Three spin: one has 3 ms
of 10 and the highest priority, one 1 ms of 10 and the next, one what is left.
Each gets its part to a hundredth, in every run the same."""

import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402


def parts(t, config):
    run = ambit.run("run", config, "--engine", "qemu", "--icount",
                    "--timeout", "60s",
                    "--set", 'domains.judge.args.0="10"', timeout=90)
    if run.code == 77:
        ambit.skip_all(run.err.strip().replace("\n", "; "))
    t.equal(run.code, 0, "each gets its part", run)
    return re.findall(r"judge\| (.*)", run.out)


def main():
    config = os.path.join(sys.argv[1], "time.yaml")
    t = ambit.Test()
    first = parts(t, config)
    for line in first:
        print("#", line)
    t.equal(len(first), 3, "three parts")
    t.equal(parts(t, config), first, "the same parts again")
    t.done()


if __name__ == "__main__":
    main()
