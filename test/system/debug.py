#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""debug.py FOLDER KERNEL: a real gdb on core files (--dump) and on a guest that
waits for it (--gdb). FOLDER has system.elf and broken/broken.yaml; KERNEL ends
as that config's argument says (broken/ways.h)."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402

HELLO = os.path.join(ambit.ROOT, "domains", "examples", "hello.yaml")
SPIN = ("ambit: 1\ndomains:\n"
        "  app: {program: ./system.elf, entry: spin_main}\n")
CALLERS = ["break_by", "sys_random", "system_call", "kernel_trap",
           "trap_from_user"]


def gdb(*arguments, cwd=None):
    """What gdb says to these commands."""
    done = subprocess.run(
        ["gdb", "-nx", "-q", "-batch", "-iex", "set debuginfod enabled off",
         *arguments], capture_output=True, text=True, errors="replace",
        timeout=100, stdin=subprocess.DEVNULL, cwd=cwd,
        env={**os.environ, "DEBUGINFOD_URLS": ""})
    return done.stdout + done.stderr


def commands(*lines):
    return [word for line in lines for word in ("-ex", line)]


def frames(text):
    """Functions of a backtrace."""
    return re.findall(r"^#\d+ +(?:0x[0-9a-f]+ in )?(\w+) \(", text, re.M)


def dump(t, folder, engine, what, config, *arguments):
    """A run that leaves a core file: (the run, whether it is there)."""
    for name in ("core", "symbols"):
        path = os.path.join(folder, name)
        if os.path.isdir(path):
            shutil.rmtree(path)
        elif os.path.exists(path):
            os.unlink(path)
    run = ambit.run("run", config, "--engine", engine, "--dump", "core",
                    "--symbols", "symbols", *arguments, cwd=folder)
    good = t.ok(os.path.exists(os.path.join(folder, "core")) and
                "the guest's end is in core" in run.err,
                f"{engine}: {what} leaves a core file", run)
    return run, good


def core(folder, *lines):
    return gdb("-x", "symbols/symbols.gdb", *commands("core-file core",
                                                      *lines), cwd=folder)


def dump_of_panic(t, folder, engine, kernel):
    run, good = dump(t, folder, engine, "a panic", "broken.yaml", "--kernel",
                     kernel, "--", 1)
    t.equal(run.code, 4, "and ends as without", run)
    if not good:
        return
    said = core(folder, "echo ONE\\n", "bt", "echo TWO\\n", "p kernel.current",
                "p shared.panic", "thread 2", "echo THREE\\n", "bt")
    one, two = said.split("ONE\n")[1].split("TWO\n")
    two, three = two.split("THREE\n")
    found = frames(one)
    t.ok(found[:-1] == ["wild_write", *CALLERS] and
         found[-1] in ("trap_common", "syscall_entry"),
         f"{engine}: gdb's backtrace of the kernel", said)
    t.ok("$1 = 0\n" in two and '"the kernel faulted"' in two,
         f"{engine}: its variables", said)
    t.equal(frames(three), ["break_kernel", "main"],
            f"{engine}: and the domain's backtrace", said)
    status = os.stat(os.path.join(folder, "core"))
    t.ok(status.st_size < (64 << 20) + (1 << 20) and
         status.st_blocks * 512 < 8 << 20,
         f"{engine}: no larger than the guest, and sparse", str(status))


def dump_of_others(t, folder, engine):
    _, good = dump(t, folder, engine, "a normal end", HELLO)
    if good:
        said = core(folder, "p shared.phase", "p shared.domains[0].code")
        t.ok("$1 = PHASE_DONE" in said or "$1 = 4" in said,
             f"{engine}: of a guest that has ended", said)
    run, good = dump(t, folder, engine, "a timeout", "spin.yaml", "--timeout",
                     "1s")
    t.equal(run.code, 124, "and ends as without", run)
    if good:
        said = core(folder, "bt")
        t.equal(frames(said)[:1], ["spin_main"],
                f"{engine}: where ring 3 was", said)


def dump_refused(t, folder, engine, kernel):
    for what, path, says in (
            ("in no folder", "/nonexistent/core", "No such file"),
            ("on a folder", folder, "Is a directory"),
            ("on a full device", "/dev/full", "No space left")):
        with tempfile.TemporaryDirectory() as other:
            results = os.path.join(other, "r.json")
            run = ambit.run("run", HELLO, "--engine", engine, "--quiet",
                            "--dump", path, "--json", results)
            t.ok(run.code == 3 and path in run.err and says in run.err and
                 len(ambit.messages(run.err)) == 1,
                 f"{engine}: --dump {what}: 3", run)
            if path == "/dev/full":
                with open(results, encoding="utf-8") as file:
                    t.equal(json.load(file)["exit"], 3, "results tell it")
            left = [name for name in os.listdir(other) if name != "r.json"]
            t.equal(left, [], "nothing is left behind")
    run = ambit.run("run", os.path.join(folder, "broken.yaml"), "--engine",
                    engine, "--kernel", kernel, "--dump", "/dev/full", "--", 1)
    t.ok(run.code == 4 and "/dev/full" in run.err,
         f"{engine}: a panic says more than a full disk", run)
    run = ambit.run("run", HELLO, "--engine", engine, "--symbols",
                    "/nonexistent/x")
    t.ok(run.code == 3 and "/nonexistent/x" in run.err and not run.out,
         f"{engine}: --symbols in no folder: 3", run)


class Waiting:
    """A run that waits for gdb; `port` is where."""

    def __init__(self, folder, config, *arguments):
        self.child = subprocess.Popen(
            [ambit.AMBIT, "run", config, "--gdb", "0", "--symbols",
             os.path.join(folder, "symbols"), *map(str, arguments)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.before = ""
        self.port = None
        while self.port is None:
            line = self.child.stderr.readline()
            self.before += line
            found = re.search(r"target remote 127\.0\.0\.1:(\d+)", line)
            if found:
                self.port = found.group(1)
            if not line:
                break

    def end(self):
        try:
            out, err = self.child.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self.child.kill()
            out, err = self.child.communicate()
            return ambit.Run(None, out, self.before + err, True)
        return ambit.Run(self.child.returncode, out, self.before + err)


def live(t, folder):
    waiting = Waiting(folder, HELLO, "--timeout", "1s")
    if not t.ok(waiting.port, "--gdb tells its port", waiting.before):
        print(waiting.end())
        return
    said = gdb("-x", os.path.join(folder, "symbols", "symbols.gdb"), *commands(
        f"target remote 127.0.0.1:{waiting.port}", "shell sleep 2",
        "hbreak kernel_main", "continue", "echo ONE\\n", "bt", "p/x $cr3",
        "p/x (unsigned long)&boot_pml4 - 0xffffffff80000000",
        "break sys_console", "continue", "echo TWO\\n", "bt", "delete",
        "continue"))
    run = waiting.end()
    t.ok(said.count("ONE\n") == 1 and said.count("TWO\n") == 1,
         "gdb came to both breakpoints", said)
    one, two = said.split("ONE\n")[-1].split("TWO\n")
    t.equal(frames(one), ["kernel_main", "boot_high"],
            "at kernel_main: a backtrace", said)
    values = re.findall(r"\$[12] = (0x[0-9a-f]+)", one)
    t.ok(len(values) == 2 and values[0] == values[1], "and a register", said)
    t.equal(frames(two), ["sys_console", "system_call", "kernel_trap",
                          "trap_from_user", "syscall_entry"],
            "in a system call: a backtrace", said)
    t.ok(run.code == 0 and "hello, I am app" in run.out,
         "the guest ends well, long after --timeout", run)


def live_panic(t, folder, kernel):
    """The report comes when gdb lets the guest go on into it."""
    waiting = Waiting(folder, os.path.join(folder, "broken.yaml"), "--kernel",
                      kernel, "--", 0)
    said = gdb("-x", os.path.join(folder, "symbols", "symbols.gdb"), *commands(
        f"target remote 127.0.0.1:{waiting.port}", "hbreak sys_random",
        "continue", "set var frame->rdi = 3", "delete", "continue"))
    run = waiting.end()
    t.ok(run.code == 4 and "told to give up" in run.err and
         "break_by+" in run.err, "what gdb changes counts", f"{said}\n{run}")


def interrupted(t, folder):
    waiting = Waiting(folder, HELLO)
    time.sleep(0.2)
    waiting.child.send_signal(2)
    run = waiting.end()
    t.equal(run.code, 130, "Ctrl-C ends a guest that waits", run)


def gdb_refused(t):
    def refused(what, code, says, *arguments):
        run = ambit.run("run", HELLO, *arguments)
        t.ok(run.code == code and says in run.err and
             len(ambit.messages(run.err)) == 1, f"{what}: {code}", run)
    refused("--gdb with kvm", 2, "use --engine qemu --gdb 4321", "--gdb",
            "4321", "--engine", "kvm")
    for port in ("x", "-1", "65536", "12a", ""):
        refused(f"--gdb '{port}'", 2, "gdb", f"--gdb={port}")
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        refused("a port in use", 3, "in use", "--gdb", port)
    for option in ("--dump", "--symbols", "--kernel"):
        refused(f"{option} ''", 2, "path", f"{option}=")


def usable(engine):
    return ambit.run("run", HELLO, "--engine", engine, "--quiet").code != 77


def main():
    source, kernel = sys.argv[1:]
    t = ambit.Test()
    gdb_refused(t)
    if not shutil.which("gdb"):
        t.skip("gdb", "not installed: sudo apt-get install gdb")
        t.done()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("broken/broken.elf", "broken/broken.yaml", "system.elf"):
            shutil.copy(os.path.join(source, name), folder)
        with open(os.path.join(folder, "spin.yaml"), "w",
                  encoding="utf-8") as file:
            file.write(SPIN)
        for engine in ("kvm", "qemu"):
            if not usable(engine):
                t.skip(f"core files of {engine}", "not usable here")
                continue
            dump_of_panic(t, folder, engine, kernel)
            dump_of_others(t, folder, engine)
            dump_refused(t, folder, engine, kernel)
        if usable("qemu"):
            live(t, folder)
            live_panic(t, folder, kernel)
            interrupted(t, folder)
        else:
            t.skip("--gdb", "no qemu here")
    t.done()


if __name__ == "__main__":
    main()
