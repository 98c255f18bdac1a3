#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py CONFIG ENGINE OUT: tests a config on one engine with `ambit test`, and
leaves what was observed in OUT, for same.py."""

import json
import os
import re
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402


def wanted(results):
    """What the config's section `test` wants: its exit code, its texts."""
    test = results["resolved"].partition("\ntest:\n")[2]
    code = re.search(r"^  exit: (\d+)$", test, re.M)
    says = re.search(r"^  says: (\[.*\])$", test, re.M)
    return (int(code.group(1)) if code else 0,
            json.loads(says.group(1)) if says else [])


def judge(t, run, results):
    """Judges a run that `ambit test` did not see, as it does."""
    code, says = wanted(results)
    t.equal(run.code, code, f"ends with {code}", run)
    for text in says:
        t.ok(text in run.out + run.err, f"says '{text}'", run)
    t.equal(results["exit"], run.code, "results tell the exit code")
    audit = results["audit"]
    t.ok(ambit.value(audit["pages"]) > 0, "the audit saw pages", audit)
    t.equal(ambit.value(audit["violation_count"]), 0, "the audit found no violation",
            audit["violations"])


def leave(results, out):
    """What was observed, in the file `out`."""
    with open(out, "w", encoding="utf-8") as file:
        json.dump(ambit.observations(results), file, indent=1, sort_keys=True)


def main():
    config, engine, out = sys.argv[1:]
    os.makedirs(os.path.dirname(out), exist_ok=True)
    if os.path.exists(out):
        os.unlink(out)
    folder = tempfile.mkdtemp(prefix="results-", dir=os.path.dirname(out))
    run = ambit.run("test", config, "--engine", engine, "--jobs", "1",
                    "--timeout", "90s", "--results", folder, timeout=None)
    name = os.path.splitext(os.path.basename(config))[0]
    left = os.path.join(folder, f"{name}.{engine}.json")
    if os.path.exists(left):
        with open(left, encoding="utf-8") as file:
            leave(json.load(file), out)
    shutil.rmtree(folder)
    if run.code == 77:
        ambit.skip_all(run.out.strip().replace("\n", "; "))
    t = ambit.Test()
    t.equal(run.code, 0, "is met", run)
    t.ok(os.path.exists(out), "there are results", run)
    t.done()


if __name__ == "__main__":
    main()
