#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""labs.py LAB: the check of a lab finds the solution right, and the untouched
starter wrong in every task."""

import glob
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402

LABS = os.path.join(ambit.ROOT, "docs", "labs")


def check(lab, folder):
    done = subprocess.run(
        [sys.executable, "-B", os.path.join(LABS, "check.py"), lab, folder],
        capture_output=True, text=True, check=False)
    return ambit.Run(done.returncode, done.stdout, done.stderr)


def verdicts(run):
    """How many tasks are right, and how many are not."""
    lines = run.out.splitlines()
    return tuple(sum(line.startswith(word) for line in lines)
                 for word in ("ok ", "NO "))


def unavailable(run):
    if "ended with 77" in run.err:
        ambit.skip_all(run.err.strip().replace("\n", "; "))


def main():
    lab, = sys.argv[1:]
    folder, = glob.glob(os.path.join(LABS, f"{lab}-*"))
    t = ambit.Test()
    with tempfile.TemporaryDirectory(prefix="lab-test-") as scratch:
        mine = os.path.join(scratch, "mine")
        shutil.copytree(os.path.join(folder, "start"), mine)
        start = check(lab, mine)
        unavailable(start)
        right, wrong = verdicts(start)
        t.ok(start.code == 1 and right == 0 and wrong > 4,
             "the starter: nothing is right", start)
        shutil.copytree(os.path.join(folder, "solution"), mine,
                        dirs_exist_ok=True)
        done = check(lab, mine)
        t.ok(done.code == 0 and verdicts(done) == (wrong, 0),
             "the solution: everything is", done)
        empty = os.path.join(scratch, "empty")
        os.mkdir(empty)
        t.equal(check(lab, empty).code, 3, "no files: 3")
    t.equal(check(lab, "/nowhere").code, 3, "no folder: 3")
    t.equal(check("4", folder).code, 2, "no such lab: 2")
    t.done()


if __name__ == "__main__":
    main()
