#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""made.py FOLDER ENGINE: the audit judges what a domain made at run time sees:
nothing is wrong, and without the guard that gives each root its own rights it
finds the range that it could write."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402


def audited(config, engine, *more):
    run = ambit.run("audit", config, "--engine", engine, "--json", "-", *more)
    if run.code == 77:
        ambit.skip_all(run.err.strip().replace("\n", "; "))
    return run, (run.json or {}).get("audit", {})


def left(t, config, engine):
    """What results and text say of the domain that is there at the end."""
    run = ambit.run("run", config, "--engine", engine, "--json", "-")
    made = run.json["runtime"]
    t.equal([(m["number"], m["name"], m["parent"], m["caps"], m["root"],
              m["outcome"], m["degrees"]["space"], m["degrees"]["caps"])
             for m in made],
            [(64, "reader", "app", "app", 64, {"kind": "exit", "code": 0},
              "part", "same")], "results have what it is composed of", made)
    t.equal([ambit.value(m["memory"]["quota"]) for m in made], [8 << 20],
            "its quota is its creator's", made)
    run = ambit.run("run", config, "--engine", engine)
    t.ok("1 domain made at run time was there at the end" in run.out,
         "and a line says so", run)


def main():
    config, engine = os.path.join(sys.argv[1], "made.yaml"), sys.argv[2]
    t = ambit.Test()
    run, audit = audited(config, engine)
    t.equal(run.code, 0, "with its guards nothing is wrong", run)
    t.ok(ambit.value(audit["made"]) > 0, "its record was looked at", audit)
    left(t, config, engine)
    run, audit = audited(config, engine, "--without-guard", "root-rights")
    t.equal(run.code, 5, "without root-rights the audit finds it", run)
    found = [(v["kind"], v["range"], v["text"].split(" at ")[0])
             for v in audit["violations"]]
    t.equal(set(found),
            {("rights", "ring", "domain 64 reaches ring")},
            "and nothing else", audit["violations"])
    ranges = os.path.join(sys.argv[1], "made-ranges.yaml")
    run, audit = audited(ranges, engine, "--samples", "40")
    t.equal(run.code, 0, "ranges of run time are judged as well", run)
    for name in "low", "large":
        config = os.path.join(sys.argv[1], f"made-{name}.yaml")
        run, audit = audited(config, engine, "--samples", "40")
        t.equal(run.code, 0, f"of made-{name} nothing is wrong", run)
    t.done()


if __name__ == "__main__":
    main()
