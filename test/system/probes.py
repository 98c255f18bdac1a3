#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""probes.py FOLDER: what assertions have tried in ring 3: that it is found out
when an access is possible or is not, why nothing could be tried, and that the
rest of a run stays as it was. FOLDER has the built configs and system.elf."""

import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402

SPECTRUM = os.path.join(ambit.ROOT, "domains", "examples", "spectrum.yaml")
SPAWN = os.path.join(ambit.ROOT, "domains", "examples", "spawn.yaml")
RING = """ambit: 1
ranges: {ring: {size: 3MiB}}
domains:
  app: {program: hello, holds: {ring: rw}}
  reader: {program: hello, holds: {ring: r}}
assert:
  write: {deny: {from: reader, to: ring, access: w}}
  read: {allow: {from: reader, to: ring, access: r}}
  both: {allow: {from: app, to: ring, access: rw}}
  text: {deny: {from: app, to: reader.image, access: rwx}}
  run: {deny: {from: app, to: app.stack, access: x}}
  heap: {allow: {from: app, to: app.heap, access: rw}}
  own: {deny: {from: app, to: app.heap, access: rw}}
"""


def results(config, *options, **more):
    run = ambit.run("run", config, "--json", "-", *options, **more)
    return run.json or {"exit": run.code, "asserts": [], "err": run.err}


def asserts(value):
    return {one["name"]: one for one in value["asserts"]}


def findings(t, engine, folder):
    path = os.path.join(folder, "ring.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(RING)
    value = results(path, "--engine", engine)
    found = asserts(value)
    for name in ("write", "read", "both", "text"):
        t.equal((found.get(name) or {}).get("probe"), "holds",
                f"{engine}: {name} was tried", value)
    t.ok("executed" in found["run"]["probe_reason"] or
         "to execute" in found["run"]["probe_reason"],
         f"{engine}: to execute is not tried", found["run"])
    t.ok(found["heap"]["probe"] is None and
         "no page" in found["heap"]["probe_reason"],
         f"{engine}: a heap without pages", found["heap"])
    t.equal(found["own"]["model"], "broken", f"{engine}: what is its own")
    # A kernel that gives a root more than its rights is found out by trying.
    value = results(path, "--engine", engine, "--without-guard", "root-rights")
    found = asserts(value)
    t.equal((found["write"]["model"], found["write"]["probe"]),
            ("holds", "broken"), f"{engine}: a write that the model denies",
            value)


def undisturbed(t, folder):
    """The same run with and without assertions: outcomes, counters, what the
    domains observed; instruction counts end before anything is tried."""
    del folder
    one = results(SPECTRUM, "--engine", "qemu", "--icount", "--samples", "0")
    two = results(SPECTRUM, "--engine", "qemu", "--icount", "--samples", "0",
                  "--set", "assert=null")
    t.ok(one["exit"] == 0 and len(one["asserts"]) == 5 and
         all(found["probe"] == "holds" for found in one["asserts"]),
         "five assertions were tried", one["asserts"])
    for key in ("domains", "counters", "boundaries", "end", "kernel_output"):
        left, right = (json.loads(json.dumps(value[key]).replace(
            "entry_to_ring3", "ignored")) for value in (one, two))
        if key == "counters":
            left.pop("ignored"), right.pop("ignored")
        for value in (left, right) if key == "domains" else ():
            for domain in value:
                domain["counters"].pop("create", None)
                domain.pop("observations", None)
        t.equal(left, right, f"{key} are those of a run that tries nothing")


def reasons(t, engine, folder):
    """Nothing is claimed where nothing could be tried."""
    path = os.path.join(folder, "stripped.yaml")
    shutil.copy(os.path.join(sys.argv[1], "system.elf"), folder)
    subprocess.run(["objcopy", "--strip-symbol=ambit__probe",
                    os.path.join(folder, "system.elf")], check=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write("ambit: 1\ndomains:\n"
                   "  a: {program: ./system.elf, entry: spin_main}\n"
                   "  b: {program: hello}\nassert:\n"
                   "  a: {deny: {from: a, to: b.stack, access: rw}}\n")
    value = results(path, "--engine", engine, "--timeout", "1s")
    t.equal(asserts(value)["a"]["probe_reason"],
            "the guest was ended before anything was tried",
            f"{engine}: a guest that was ended", value)
    value = results(path, "--engine", engine, "--set", "domains.a.entry="
                    "node_main", "--set", "domains.a.args=[]")
    t.ok("ambit__probe" in asserts(value)["a"]["probe_reason"],
         f"{engine}: a program without the code", value)
    value = results(SPAWN, "--engine", engine, "--set",
                    "assert={x: {deny: {from: one, to: app.stack, "
                    "access: rw}}}")
    t.equal((asserts(value).get("x") or {}).get("probe_reason"),
            "the domain does not exist any more",
            f"{engine}: a domain that was destroyed", value)


def main():
    t = ambit.Test()
    with tempfile.TemporaryDirectory() as folder:
        for engine in ("kvm", "qemu"):
            if ambit.run("run", SPAWN, "--engine", engine,
                         "--quiet").code == 77:
                t.skip(engine, "it does not work here")
                continue
            findings(t, engine, folder)
            reasons(t, engine, folder)
        undisturbed(t, folder)
    t.done()


if __name__ == "__main__":
    main()
