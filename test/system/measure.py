#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""measure.py BUILD: tools/measure, and its kit: bundles are whole, and say what
they are of."""

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402


def measure(program, *arguments, env=None, cwd=None):
    return subprocess.run([program, *arguments], capture_output=True, text=True,
                          timeout=280, check=False, stdin=subprocess.DEVNULL,
                          env={**os.environ, **(env or {})}, cwd=cwd)


def bundle(t, folder, path):
    with tarfile.open(path) as tar:
        tar.extractall(folder)
    top = os.path.join(folder, os.path.basename(path).split(".")[0])
    names = {os.path.relpath(os.path.join(where, name), top)
             for where, _, files in os.walk(top) for name in files}
    t.ok({"commands.json", "environment.json", "environment-after.json",
          "README.txt", "sha256.txt", "doctor.json", "bench-1.json",
          "bench-1.csv", "bench-1.html", "bench-1/call-qemu.yaml",
          "bench-1/call-qemu.out"} <= names, "the bundle has all parts",
         sorted(names))
    with open(os.path.join(top, "sha256.txt"), encoding="utf-8") as file:
        sums = dict(reversed(line.split("  ")) for line in
                    file.read().splitlines())
    good = all(hashlib.sha256(open(os.path.join(top, name), "rb").read())
               .hexdigest() == sums.get(name) for name in names
               if name != "sha256.txt")
    t.ok(good, "each part has its digest", sums)
    with open(ambit.AMBIT, "rb") as file:
        t.equal(sums["ambit"], hashlib.sha256(file.read()).hexdigest(),
                "it says which ambit")
    with open(os.path.join(top, "commands.json"), encoding="utf-8") as file:
        commands = {one["name"]: one for one in json.load(file)}
    t.ok(commands["bench-1"]["words"][1:4] == ["bench", "--repeat", "2"] and
         commands["bench-1"]["seconds"] > 0, "and which command", commands)
    with open(os.path.join(top, "bench-1.json"), encoding="utf-8") as file:
        results = json.load(file)
    t.ok(any(row["value"]["value"] is not None for row in results["rows"]),
         "and what came of it")
    return commands["bench-1"]["exit"]


def main():
    t = ambit.Test()
    build = sys.argv[1]
    tool = os.path.join(ambit.ROOT, "tools", "measure")
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "mine.tar.gz")
        # Nothing is fetched here, and no Linux booted: bench.peers does that.
        kernel = os.path.join(folder, "no-kernel")
        with open(kernel, "w", encoding="utf-8") as file:
            file.write("no kernel\n")
        no_linux = ["--linux", kernel]
        done = measure(tool, "--build", build, "--repeat", "2", "--runs", "1",
                       "--out", out, *no_linux)
        if done.returncode == 77:
            ambit.skip_all(done.stderr.strip().replace("\n", "; "))
        # The bench in there says that it is no kernel, by 77.
        t.ok(done.returncode == 1 and os.path.exists(out) and
             "[77]" in done.stderr, "a run that lacks something is told",
             done)
        t.equal(bundle(t, folder, out), 77, "with its exit code")

        kit = os.path.join(folder, "kit.tar.gz")
        done = measure(tool, "--build", build, "--kit", kit, *no_linux)
        t.ok(done.returncode == 0, "a kit", done)
        with tarfile.open(kit) as tar:
            names = tar.getnames()
        t.equal(sorted(names), ["measure-kit/README.txt", "measure-kit/ambit",
                                "measure-kit/measure", "measure-kit/vmlinuz"],
                "has what another host needs")
        with tarfile.open(kit) as tar:
            tar.extractall(folder)
        there = os.path.join(folder, "measure-kit", "measure")
        done = measure(there, "--ring0", "hardware", "--runs", "1", "--repeat",
                       "2", cwd=folder)
        doctor = ambit.run("doctor", "--json", "-").json
        hardware = any(engine.get("ring0") == "hardware" and engine["works"]
                       for engine in doctor["engines"])
        t.ok(done.returncode in ((0, 1) if hardware else (77,)),
             "elsewhere it measures only what was asked for", done)
        done = measure(tool, "--build", folder, *no_linux)
        t.ok(done.returncode == 3 and "quickstart" in done.stderr,
             "without ambit: the remedy", done)
    t.done()


if __name__ == "__main__":
    main()
