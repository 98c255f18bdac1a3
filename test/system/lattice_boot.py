#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""lattice_boot.py all|sample|late ENGINE, or left FOLDER: valid points of the
lattice booted and tried; found must be what was predicted. With `all`, also
that a kernel without a guard is found out, so that the comparison can fail.
With `late`, a domain composes all points at run
time. FOLDER is what nested.run left of its sample."""

import json
import os
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402

SAMPLE = 40


def judge(t, results, code, wanted, run):
    totals = results["totals"]
    t.equal(code, 0, "the run is met")
    t.equal(totals["tried"], wanted, f"{wanted} points are tried")
    t.equal(totals["mismatches"], 0, "none is otherwise than predicted")
    wrong = [p for p in results["points"] if "found" in p and
             (p["found"] != p["predicted"] or p["tried"] != "met")]
    t.ok(not wrong, "point by point", f"{wrong}\n{run}")
    t.equal(sum("found" in p for p in results["points"]), wanted,
            "as many points have findings")


def everything(t, engine):
    begin = time.monotonic()
    run = ambit.run("lattice", "--boot", "--engine", engine, "--valid",
                    "--json", "-", timeout=900)
    if run.code == 77:
        ambit.skip_all(run.err.strip())
    results = run.json
    judge(t, results, run.code, results["totals"]["valid"], run)
    t.equal(results["engine"], engine, f"on {engine}")
    print(f"# {results['totals']['tried']} points in "
          f"{time.monotonic() - begin:.1f} s")


def sample(t, engine):
    begin = time.monotonic()
    runs = [ambit.run("lattice", "--boot", "--sample", SAMPLE, "--seed", seed,
                      "--engine", engine, "--valid", "--json", "-",
                      timeout=900) for seed in ("7",)]
    if runs[0].code == 77:
        ambit.skip_all(runs[0].err.strip())
    judge(t, runs[0].json, runs[0].code, SAMPLE, runs[0])
    print(f"# {SAMPLE} points in {time.monotonic() - begin:.1f} s")


def chosen(seed, engine):
    run = ambit.run("lattice", "--boot", "--sample", "6", "--seed", seed,
                    "--engine", engine, "--valid", "--json", "-", timeout=300)
    return [p["point"] for p in run.json["points"] if "found" in p]


def seeds(t, engine):
    t.equal(chosen("5", engine), chosen("5", engine), "a seed says which")
    t.ok(chosen("5", engine) != chosen("6", engine), "another says others")


def controls(t, engine):
    """Kernels that isolate less are found out, point by point."""
    for guard, filter_, probe, found in (
            ("stack-views", "space=part,caps=none,pool=same,quota=same",
             "parent.stack", "rw"),
            ("own-views", "space=new,caps=none,pool=same,quota=same",
             "own stack from parent", "rw")):
        run = ambit.run("lattice", "--boot", "--engine", engine, "--filter",
                        filter_, "--without-guard", guard, "--valid", "--json",
                        "-", timeout=300)
        points = [p for p in run.json["points"] if "found" in p]
        t.equal(run.code, 5, f"without {guard}: exit 5")
        t.ok(points and all(p["tried"] == "mismatch" and
                            p["predicted"][probe] == "fault" and
                            p["found"][probe] == found for p in points),
             f"without {guard}: every point shows it", run)


def late(t, engine):
    """All points, composed by a domain; and some without a guard."""
    begin = time.monotonic()
    run = ambit.run("lattice", "--boot", "--at-run-time", "--engine", engine,
                    "--valid", "--json", "-", timeout=900)
    if run.code == 77:
        ambit.skip_all(run.err.strip())
    totals = run.json["totals"]
    judge(t, run.json, run.code, totals["valid"], run)
    t.equal(totals["refused_tried"],
            totals["refused"] + totals["no_such_degree"],
            "all that is refused is asked for")
    t.equal(totals["refused_wrong"], 0, "and refused alike")
    t.equal(totals["leaks"], 0, "nothing stays behind")
    print(f"# {totals['written']} points in {time.monotonic() - begin:.1f} s")
    run = ambit.run("lattice", "--boot", "--at-run-time", "--engine", engine,
                    "--filter", "pool=none,quota=same,caps=new,files=none",
                    "--without-guard", "pool-none", "--valid", "--json", "-",
                    timeout=300)
    points = [p for p in run.json["points"] if "found" in p]
    t.ok(run.code == 5 and points and all(
        p["tried"] == "mismatch" and p["predicted"]["heap growth"] == "none"
        and p["found"]["heap growth"] == "parent" for p in points),
        "without pool-none: found out", run)


LEAKY = """ambit: 1
ranges: {mark: {size: 4KiB}}
endpoints: {desk: {}}
domains:
  top: {program: lattice, entry: keeper_main, args: ["4294967295"],
        compose: {quota: {new: 24MiB}}}
  parent: {parent: top, program: lattice, entry: maker_main, args: [%s],
           on_fault: handler, stack: 64KiB, heap: 32MiB,
           compose: {quota: {new: 16MiB}, files: {new: {host: .}}},
           slots: {caps: 736, files: 138},
           holds: {mark: r, clerk: {desk: call}}}
  clerk: {parent: parent, kind: thread, entry: clerk_main,
          holds: {clerk: {desk: serve}}}
"""


def leaks(t, engine):
    """Two threads, made and gone: nothing stays, unless a frame is kept."""
    thread = ambit.run("lattice", "--filter", "files=same,space=same,pool=same,"
                       "quota=same,caps=same,handler=none", "--valid", "--json",
                       "-").json["points"][0]
    nobody = 14  # LATTICE_IS_NOBODY
    record = bytes([2, 0, 0, nobody, 0, 0, 0, 0])
    with tempfile.TemporaryDirectory() as folder:
        for name, data in (("late-c0", b"late-c0"), ("points", bytes(
                8 * thread["point"]) + record)):
            with open(os.path.join(folder, name), "wb") as out:
                out.write(data)
        for word, says in (("fair", "0 wrong, 0 leaks"),
                           ("leak", "0 wrong, 1 leaks")):
            config = os.path.join(folder, "leaky.yaml")
            with open(config, "w", encoding="utf-8") as out:
                out.write(LEAKY % word)
            run = ambit.run("run", config, "--engine", engine)
            t.ok(f"0 refused, 1 tried, {says}" in run.out,
                 f"{word}: {says}", run)


def left(t, folder):
    def text(name):
        with open(os.path.join(folder, name), encoding="utf-8",
                  errors="replace") as file:
            return file.read()

    if not os.path.isdir(folder):
        ambit.skip_all("nested.run did not run it")
    run = ambit.Run(int(text("code")), text("out"), text("err"))
    if not os.path.exists(os.path.join(folder, "results")):
        t.ok(False, "there are results", run)
        t.done()
    judge(t, json.loads(text("results")), run.code, SAMPLE, run)


def main():
    what, where = sys.argv[1:]
    t = ambit.Test()
    if what == "all":
        everything(t, where)
        seeds(t, where)
        controls(t, where)
    elif what == "late":
        late(t, where)
        leaks(t, where)
    elif what == "sample":
        sample(t, where)
    else:
        left(t, where)
    t.done()


main()
