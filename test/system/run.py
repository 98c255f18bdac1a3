#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py CONFIG ENGINE OUT: runs a config on one engine, judges it, and leaves
what was observed in OUT, for same.py.

A config says in comments what it wants beyond its `expect:`

    # exit code 1       (0 unless given)
    # says TEXT         on standard output or error
"""

import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402


def wanted(config):
    with open(config, encoding="utf-8") as file:
        text = file.read()
    code = re.search(r"^# exit code (\S+)$", text, re.M)
    says = re.findall(r"^# says (.*)$", text, re.M)
    return code.group(1) if code else "0", says


def judge(t, run, results, config):
    code, says = wanted(config)
    t.equal(run.code, int(code), f"ends with {code}", run)
    for text in says:
        t.ok(text in run.out + run.err, f"says '{text}'", run)
    t.equal(results["exit"], run.code, "results tell the exit code")
    audit = results["audit"]
    t.ok(ambit.value(audit["pages"]) > 0, "the audit saw pages", audit)
    t.equal(ambit.value(audit["violation_count"]), 0, "the audit found no violation",
            audit["violations"])


def main():
    config, engine, out = sys.argv[1:]
    os.makedirs(os.path.dirname(out), exist_ok=True)
    raw = out + ".results"
    for old in (out, raw):
        if os.path.exists(old):
            os.unlink(old)
    run = ambit.run("run", config, "--engine", engine, "--timeout", "90s",
                    "--json", raw, timeout=110)
    if run.code == 77:
        ambit.skip_all(run.err.strip().replace("\n", "; "))
    t = ambit.Test()
    if not t.ok(os.path.exists(raw), "there are results", run):
        t.done()
    with open(raw, encoding="utf-8") as file:
        results = json.load(file)
    judge(t, run, results, config)
    leave(run, results, out)
    t.done()


def leave(run, results, out):
    """What was observed, in the file `out`."""
    seen = ambit.observations(results)
    seen["console"] = ambit.console(run.out, [d["name"] for d in
                                              results["domains"]])
    with open(out, "w", encoding="utf-8") as file:
        json.dump(seen, file, indent=1, sort_keys=True)


if __name__ == "__main__":
    main()
