#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""case.py LEFT CONFIG OUT: judges the run of a config that nested.run left in
the folder LEFT, as run.py judges one on kvm or qemu, and leaves what was
observed in OUT."""

import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "..", "..", "lib")]
import ambit  # noqa: E402
import run as system  # noqa: E402


def text(left, name):
    path = os.path.join(left, name)
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def main():
    left, config, out = sys.argv[1:]
    os.makedirs(os.path.dirname(out), exist_ok=True)
    if os.path.exists(out):
        os.unlink(out)
    if not os.path.isdir(left):
        ambit.skip_all("nested.run did not run it")
    run = ambit.Run(int(text(left, "code") or -1), text(left, "out"),
                    text(left, "err"))
    t = ambit.Test()
    if not t.ok(text(left, "results"), "there are results", run):
        t.done()
    results = json.loads(text(left, "results"))
    system.judge(t, run, results)
    t.equal(results["engine"]["ring0"], "hardware", "ring 0 is hardware")
    system.leave(results, out)
    t.done()


if __name__ == "__main__":
    main()
