#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sandbox.py FOLDER: `ambit` while its guest runs, seen from outside, and every
way to end late under its sandbox. FOLDER has the built configs and
system.elf."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402

EXAMPLES = os.path.join(ambit.ROOT, "domains", "examples")
HELLO = os.path.join(EXAMPLES, "hello.yaml")
SPIN = ("ambit: 1\ndomains:\n"
        "  looper: {program: ./system.elf, entry: spin_main}\n")
LAYERS = ("seccomp", "landlock", "descriptors")


def engines():
    """Those that work here."""
    return [engine for engine in ("kvm", "qemu")
            if ambit.run("run", HELLO, "--engine", engine,
                         "--quiet").code != 77]


@contextlib.contextmanager
def running(config, engine, *options, **more):
    """`ambit` with a guest that spins."""
    child = subprocess.Popen(
        [ambit.AMBIT, "run", config, "--engine", engine, "--timeout", "30s",
         *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL, **more)
    try:
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def status(pid):
    """Seccomp mode and NoNewPrivs of a process."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        text = file.read()
    return {key: int(re.search(rf"^{key}:\s+(\d+)", text, re.M).group(1))
            for key in ("Seccomp", "NoNewPrivs")}


def settled(pid, wanted):
    """Its status once it is `wanted`, or after ten seconds."""
    for _ in range(100):
        found = status(pid)
        if found == wanted:
            break
        time.sleep(0.1)
    return found


def open_files(pid):
    return [os.readlink(f"/proc/{pid}/fd/{fd}")
            for fd in os.listdir(f"/proc/{pid}/fd")]


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="utf-8") as file:
        return [int(child) for child in file.read().split()]


def from_outside(t, engine, config):
    with tempfile.TemporaryFile() as secret:
        secret_fd = secret.fileno()
        with running(config, engine, pass_fds=(secret_fd,)) as child:
            on = {"Seccomp": 2, "NoNewPrivs": 1}
            t.equal(settled(child.pid, on), on, f"{engine}: confined")
            files = open_files(child.pid)
            t.ok(os.readlink(f"/proc/self/fd/{secret_fd}") not in files,
                 "what it inherited is closed", files)
            t.ok("/dev/kvm" not in files, "/dev/kvm is closed", files)
            if engine == "qemu":
                modes = [status(pid)["Seccomp"] for pid in children(child.pid)]
                t.equal(modes, [2], "and so is QEMU")
    with running(config, engine, "--no-sandbox") as child:
        time.sleep(2)
        off = {"Seccomp": 0, "NoNewPrivs": 0}
        t.equal(status(child.pid), off, f"{engine}: --no-sandbox")
        if engine == "qemu":
            modes = [status(pid)["Seccomp"] for pid in children(child.pid)]
            t.equal(modes, [0], "nor is QEMU")


def told(t, engine):
    run = ambit.run("run", HELLO, "--engine", engine, "--verbose")
    for layer in LAYERS:
        lines = [line for line in run.err.splitlines()
                 if line.startswith(f"ambit: sandbox: {layer} ")]
        t.ok(len(lines) == 1 and re.match(
            r".* (applied|unavailable): \S.*", lines[0]),
             f"{engine}: --verbose has a line for {layer}", run)
    for options, states in (((), {"applied", "unavailable"}),
                            (("--no-sandbox",), {"off"})):
        run = ambit.run("run", HELLO, "--engine", engine, "--json", "-",
                        *options)
        sandbox = (run.json or {}).get("sandbox", {})
        t.ok(set(sandbox) == set(LAYERS) and all(
            sandbox[layer]["state"] in states and sandbox[layer]["detail"]
            for layer in LAYERS), f"{engine}: and the results: {states}", run)


def killed(t, run, what):
    """The process must never die of its sandbox."""
    t.ok(run.code is not None and run.code >= 0 and
         "not on the list" not in run.err, what, run)


def late(t, engine, config, folder):
    """Whatever is done after the guest's first instruction: each way to end,
    and each option that does something late."""
    faults = os.path.join(EXAMPLES, "faults.yaml")
    spectrum = os.path.join(EXAMPLES, "spectrum.yaml")
    path = os.path.join(folder, "r.json")
    everything = [["--json", path, "--verbose", "--samples", "40", "--dump",
                   os.path.join(folder, "core")]]
    options = [["--verbose"], ["--quiet"], ["--json", "-"], ["--json", path],
               ["--json", "/dev/null"], *everything]
    ends = (("a good end", 0, [HELLO], options),
            ("faults with lines", 0, [faults], options),
            ("broken assertions, in a table", 5,
             [spectrum, "--set", "domains.worker.kind=tis"], everything),
            ("a time limit", 124, [config, "--timeout", "1s"], everything),
            ("a requirement unmet", 77,
             [HELLO, "--require", "registers=" + unlike(engine)], options))
    for what, code, arguments, each in ends:
        for options in each:
            run = ambit.run("run", *arguments, *options, "--engine", engine)
            killed(t, run, f"{engine}: {what}, {' '.join(options)}")
            t.equal(run.code, code, "ends as it should", run)
    with open(path, encoding="utf-8") as file:
        t.ok("sandbox" in json.load(file), "the results are whole")
    run = ambit.run("audit", faults, "--engine", engine, "--json", path)
    t.equal(run.code, 0, f"{engine}: audit", run)
    run = ambit.run("doctor", "--engine", engine, "--verbose")
    t.ok(run.code == 0 and "sandbox" in run.out, f"{engine}: doctor", run)
    os.unlink(os.path.join(folder, "core"))
    interrupted(t, engine, config, path)


def unlike(engine):
    """A value of --require registers= that the engine does not have."""
    run = ambit.run("run", HELLO, "--engine", engine, "--json", "-")
    return "host" if (run.json or {"engine": {}})["engine"].get(
        "registers") == "kernel" else "kernel"


def interrupted(t, engine, config, path):
    """The keeper of the results ignores what ends `ambit`."""
    os.unlink(path)
    child = subprocess.Popen(
        [ambit.AMBIT, "run", config, "--engine", engine, "--json", path],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        start_new_session=True)
    time.sleep(2)
    os.killpg(child.pid, signal.SIGINT)
    _, err = child.communicate(timeout=30)
    t.equal(child.returncode, 130, f"{engine}: interrupted as a group", err)
    with open(path, encoding="utf-8") as file:
        t.equal(json.load(file)["end"], "interrupted", "with its results")
    t.equal(sorted(os.listdir(os.path.dirname(path))),
            ["r.json", "spin.yaml", "system.elf"], "and nothing beside")


def main():
    t = ambit.Test()
    usable = engines()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(os.path.join(sys.argv[1], "system.elf"), folder)
        config = os.path.join(folder, "spin.yaml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(SPIN)
        for engine in usable:
            from_outside(t, engine, config)
            told(t, engine)
            late(t, engine, config, folder)
    for engine in {"kvm", "qemu"} - set(usable):
        t.skip(f"runs on {engine}", "not usable here")
    t.done()


if __name__ == "__main__":
    main()
