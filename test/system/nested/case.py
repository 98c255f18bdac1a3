#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""case.py LEFT CONFIG OUT: judges the run of a config that nested.run left in
the folder LEFT, as run.py judges one on kvm or qemu, and leaves what was
observed in OUT. So it does with the config's controls, and with the runs that
leave out a guard of the kernel."""

import json
import os
import re
import sys

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "..", "..", "lib")]
import ambit  # noqa: E402
import run as system  # noqa: E402


# Configs whose guards, or which altogether, are said to be for qemu alone, since
# a software KVM behaves otherwise: their guards are left out here all the same.
# Not so where it is chance, since a TLB that the kernel does not flush is
# flushed by any exit (stale-*), and whose turn it is depends on time.
HARDWARE = ("entry-interrupts", "entry-nested-task", "entry-step",
            "entry-timer", "records", "segment-bases", "tables")


def text(left, name):
    path = os.path.join(left, name)
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def suite(out):
    """Name of a case -> whether it passed, of what `ambit test` said."""
    found = {}
    for file, prefix in (("tap", ""), ("tap-hardware", "attack/")):
        for line in text(out, file).splitlines():
            match = re.match(r"(ok|not ok) \d+ - (.*?)( # SKIP .*)?$", line)
            if match and not match.group(3):
                found[prefix + match.group(2)] = match.group(1) == "ok"
    return found


def variants(name, config):
    """Names of the runs of a config with something taken away."""
    with open(config, encoding="utf-8") as file:
        test = yaml.safe_load(file).get("test") or {}
    for control in test.get("controls") or {}:
        yield f"{name}.kvm control {control}"
    on_kvm = all("kvm" in (test.get(key) or ["kvm"])
                 for key in ("engines", "guards_on"))
    if on_kvm or name in [f"attack/{one}" for one in HARDWARE]:
        for guard in test.get("guards") or {}:
            yield f"{name}.kvm without {guard}"


def judge_variants(t, left, config):
    out, room = os.path.split(os.path.dirname(left))
    name = f"{room}/{os.path.basename(left)}"
    found = suite(out)
    for variant in variants(name, config):
        t.equal(found.get(variant), True, f"{variant}: as its config says")


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
    judge_variants(t, left, config)
    t.done()


if __name__ == "__main__":
    main()
