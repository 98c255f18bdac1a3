#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""guards.py ENGINE: the list of guards, and a run without one: what it says,
what its results say, and that a word that is no guard is refused."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402

CONFIG = "ambit: 1\ndomains: {app: {program: hello}}\n"
GUARD = "frame-scrub"


def listed(t):
    """The names, from the JSON list, which the plain one must match."""
    plain = ambit.run("guards")
    guards = (ambit.run("guards", "--json", "-").json or {}).get("guards", [])
    names = [guard["name"] for guard in guards]
    t.ok(len(names) > 60 and len(set(names)) == len(names),
         "guards --json lists each once", names)
    t.equal([line.split()[0] for line in plain.out.splitlines()], names,
            "guards lists the same")
    t.ok(all(line.split(None, 1)[1] == guard["stops"] for line, guard
             in zip(plain.out.splitlines(), guards)),
         "each with its sentence")
    t.equal([guard["number"] for guard in guards],
            list(range(1, len(guards) + 1)), "numbered from 1")
    return names


def refused(t, names):
    run = ambit.run("run", "-", "--without-guard", "frame-scrap", stdin=CONFIG)
    t.equal(run.code, 2, "a word that is no guard is a usage error")
    t.ok("'frame-scrap' (did you mean 'frame-scrub'?)" in run.err,
         "it suggests the nearest", run.err)
    t.equal([line.strip() for line in run.err.splitlines()[1:]], names,
            "and lists those there are")
    run = ambit.run("plan", "-", "--without-guard", GUARD, stdin=CONFIG)
    t.equal(run.code, 2, "a command that boots nothing takes no guard")


def without(t, engine, command):
    run = ambit.run(command, "-", "--engine", engine, "--without-guard", GUARD,
                    stdin=CONFIG)
    t.equal(run.code, 0, f"{command} without a guard that it does not need",
            run)
    t.ok(f"WITHOUT GUARD {GUARD}" in run.err, "says so on stderr", run.err)
    t.ok(f"WITHOUT GUARD {GUARD}: nothing is claimed" in run.out,
         "claims nothing", run.out)
    t.ok("claimed against" not in run.out, "nothing at all", run.out)


def results(t, engine):
    both = [ambit.run("run", "-", "--engine", engine, "--json", "-", *more,
                      stdin=CONFIG).json or {}
            for more in ((), ("--without-guard", GUARD))]
    whole, less = both
    t.equal((whole.get("without_guard"), less.get("without_guard")),
            (None, GUARD), "results name the guard")
    t.ok(whole.get("without_guard_reason"), "or say why there is none")
    t.ok(whole.get("threat_model") and not less.get("threat_model"),
         "without a guard there is no threat model")
    kernels = [r.get("versions", {}).get("kernel_sha256") for r in both]
    t.ok(kernels[0] and kernels[1] and kernels[0] != kernels[1],
         "it is another kernel", kernels)


def main():
    engine = sys.argv[1]
    if ambit.run("run", "-", "--engine", engine, stdin=CONFIG).code == 77:
        ambit.skip_all(f"{engine} does not work here")
    t = ambit.Test()
    refused(t, listed(t))
    without(t, engine, "run")
    without(t, engine, "audit")
    results(t, engine)
    t.done()


if __name__ == "__main__":
    main()
