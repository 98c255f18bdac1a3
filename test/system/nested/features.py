#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""features.py CONFIG LEFT MANUAL: prints what kvm, nested and qemu offer and
what the kernel made of it. The columns of nested and qemu depend on no machine
and must be those that MANUAL says; nested must have what it is there for.

CONFIG is features.yaml beside its program; LEFT is what nested.run left of it.
"""

import json
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "lib"))
import ambit  # noqa: E402

# How the kernel names a feature in results, and what the table calls it.
OFFERED = {"nx": "NX", "smep": "SMEP", "smap": "SMAP", "umip": "UMIP",
           "fsgsbase": "FSGSBASE", "x2apic": "x2APIC",
           "pku": "PKU offered"}
TRIED = {"int n": "`int n` in ring 3", "smsw": "`smsw` in ring 3",
         "rdfsbase": "`rdfsbase` in ring 3", "rdpkru": "`rdpkru` in ring 3",
         "avx": "AVX in ring 3"}


def column(results):
    """Row -> text, of one run's results."""
    engine = results["engine"]
    seen = results["domains"][0]["observations"]
    has = engine["features"]
    return {
        "ring 0": engine["ring0"],
        "way in": "syscall" if "syscall" in has else "fetch fault",
        "way back": seen["way back"],
        "registers": engine["registers"],
        **{text: "yes" if name in has else "no"
           for name, text in OFFERED.items()},
        **{text: seen[name] for name, text in TRIED.items()},
    }


def run_here(t, engine, config):
    """The column of an engine of this machine, or None."""
    run = ambit.run("run", config, "--engine", engine, "--json", "-")
    if run.code == 77:
        t.skip(f"features of {engine}", run.err.splitlines()[0])
        return None
    if not t.equal(run.code, 0, f"runs on {engine}", run):
        return None
    return column(run.json)


def run_nested(t, left):
    path = os.path.join(left, "results")
    if not os.path.exists(path):
        t.skip("features of nested", "nested.run did not run it")
        return None
    with open(path, encoding="utf-8") as file:
        return column(json.load(file))


def show(columns):
    names = [name for name, rows in columns.items() if rows]
    rows = list(columns[names[0]]) if names else []
    width = max(map(len, rows), default=0)
    for row in ["", *rows]:
        print(f"# {row:{width}}  " + "  ".join(
            f"{columns[name][row] if row else name:12}" for name in names))


def documented(manual):
    """Column -> row -> text, of the manual's table."""
    with open(manual, encoding="utf-8") as file:
        text = file.read()
    table = re.search(r"^\| feature \|.*\n(?:\|.*\n)+", text, re.M)
    lines = [[cell.strip() for cell in line.strip("|").split("|")]
             for line in table.group(0).splitlines()]
    return {name: {line[0]: line[number] for line in lines[2:]}
            for number, name in enumerate(lines[0]) if number}


def qemu_version():
    if not shutil.which("qemu-system-x86_64"):
        return "none"
    text = subprocess.run(["qemu-system-x86_64", "--version"], text=True,
                          capture_output=True, check=False).stdout
    return re.search(r"version (\d+\.\d+)", text).group(1)


def compare(t, columns, manual):
    """Another QEMU may emulate more; what is documented is one version's."""
    version = qemu_version()
    for name, rows in documented(manual).items():
        engine, of_version = re.match(r"(\w+)(?:, QEMU (\S+))?", name).groups()
        if not of_version or not columns.get(engine):
            continue
        what = f"{engine} is as documented"
        if of_version != version:
            t.skip(what, f"documented for QEMU {of_version}, here is {version}")
        else:
            t.equal(columns[engine], rows, what)


def real_paths(t, rows):
    """What only nested proves."""
    for row, wanted in {"ring 0": "hardware", "way in": "syscall",
                        "way back": "sysretq", "registers": "kernel",
                        "NX": "yes", "SMEP": "yes", "SMAP": "yes",
                        "UMIP": "yes", "FSGSBASE": "yes",
                        "`rdfsbase` in ring 3": "runs",
                        "`smsw` in ring 3": "protection"}.items():
        t.equal(rows[row], wanted, f"nested: {row}: {wanted}")


def main():
    config, left, manual = sys.argv[1:]
    t = ambit.Test()
    columns = {"kvm": run_here(t, "kvm", config),
               "nested": run_nested(t, left),
               "qemu": run_here(t, "qemu", config)}
    show(columns)
    if columns["nested"]:
        real_paths(t, columns["nested"])
    compare(t, columns, manual)
    t.done()


if __name__ == "__main__":
    main()
