#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""panic.py FOLDER KERNEL: what is said of a kernel that ended as it must not.
FOLDER has system.elf and broken/broken.yaml, whose argument tells KERNEL how to
end (broken/ways.h); everything else of that kernel is the real one's."""

import json
import os
import re
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402

LOOPER = "ambit: 1\ndomains:\n  app: {program: ./system.elf}\n"
WILD = "0xffff900012345678"
CALLERS = ["break_by", "sys_random", "kernel_trap", "trap_from_user"]
FAULT = "the kernel faulted: page fault at " + WILD

# number: (exit, end, kind, what, functions of the backtrace, vector, walk)
WAYS = {
    1: (4, "panic", "panic", FAULT + " (write, ring 0, not present)",
        ["wild_write", *CALLERS], 14, "not-present"),
    2: (4, "panic", "panic", FAULT + " (execute, ring 0, not present)",
        [WILD, "wild_call", *CALLERS], 14, "not-present"),
    3: (4, "panic", "panic", f"told to give up (value {WILD})",
        ["kernel_panic", *CALLERS], None, "not-present"),
    4: (4, "panic", "panic", r"way != BREAK_ASSERT (value 0x",
        ["kernel_panic", "core_assert_fail", *CALLERS], None, None),
    5: (4, "panic", "panic", "double fault", ["no_stack"], 8, "not-present"),
    6: (3, "failed", "exit", "triple fault", ["triple_fault", *CALLERS], None,
        False),  # CR2 is whatever the substrate left there
    7: (124, "timeout", "hang", "the guest kernel hangs", ["spin", *CALLERS],
        None, None),
    8: (4, "panic", "panic", "double fault", ["deeper"] * 32, 8,
        "not-present"),
}
ENTRY = {"kvm": ("trap_common", "syscall_entry"), "qemu": ("syscall_entry",)}


def functions(panic):
    return [frame["symbol"].split("+")[0] for frame in panic["backtrace"]]


def backtrace(t, engine, panic, wanted, where):
    found = functions(panic)
    if wanted[-1] == CALLERS[-1]:
        t.ok(found[:-1] == wanted and found[-1] in ENTRY[engine],
             f"{where}: the backtrace", found)
        t.equal(panic["backtrace_end"], "bottom", f"{where}: to its end")
    else:
        t.equal(found, wanted, f"{where}: the backtrace")
        end = "more" if len(wanted) == 32 else "memory"
        t.equal(panic["backtrace_end"], end, f"{where}: the stack ends")
    lines = [frame["symbol"] for frame in panic["backtrace"]
             if frame["symbol"] != WILD]
    t.ok(all(re.search(r" \(\w+\.[cS]:\d+\)$", line) for line in lines),
         f"{where}: with file and line", lines)


def events(t, panic, where):
    kinds = [event["kind"] for event in panic["events"]]
    numbers = [event["number"] for event in panic["events"]]
    t.equal(numbers, list(range(len(numbers))), f"{where}: events in order")
    ended = ["panic"] if panic["kind"] == "panic" else []
    t.equal(kinds, ["attach"] * 3 + ["create", "switch", "call", "return",
                                     "call"] + ended, f"{where}: which events")
    calls = [event for event in panic["events"] if event["kind"] == "call"]
    t.ok(calls[-1]["domain"] == "app" and calls[-1]["text"].startswith(
        "call random, from break_kernel+"), f"{where}: the last call", calls)


def registers(t, engine, panic, where):
    found = panic["registers"]
    t.equal(len(found), 29, f"{where}: all registers")
    t.equal((found["cs"], int(found["rip"], 16) >> 32),
            ("0x8", 0xffff9000 if panic["registers"]["rip"] == WILD
             else 0xffffffff), f"{where}: of ring 0")
    t.ok({"PG", "WP"} <= set(found["cr0_set"].split()) and
         {"LMA", "NXE"} <= set(found["efer_set"].split()),
         f"{where}: control registers in words", found)
    gone = engine == "qemu" and panic["kind"] == "panic"
    t.equal(panic["bases"] is None, gone, f"{where}: descriptor tables")


def told(t, run, panic, where):
    """People see what the results hold."""
    lines = [line.strip() for line in run.err.splitlines()]
    missing = [text for text in
               [frame["symbol"] for frame in panic["backtrace"]] +
               [event["text"] for event in panic["events"]] +
               ([step["text"] for step in panic["page_walk"]["levels"]] +
                [panic["page_walk"]["text"]] if panic["page_walk"] else [])
               if not any(line.endswith(text) for line in lines)]
    t.equal(missing, [], f"{where}: stderr tells it too", run)
    t.ok(panic["what"] in run.err, f"{where}: and what it is", run)
    t.ok(f"in ring 3 at {panic['domain']['symbol']}" in run.err,
         f"{where}: and where ring 3 was", run)


def way(t, engine, folder, kernel, number):
    code, end, kind, what, wanted, vector, walk = WAYS[number]
    where = f"{engine}, way {number}"
    path = os.path.join(folder, "r.json")
    run = ambit.run("run", os.path.join(folder, "broken.yaml"), "--engine",
                    engine, "--kernel", kernel, "--timeout", "2s", "--json",
                    path, "--verbose", "--", number)
    t.equal(run.code, code, f"{where}: exit", run)
    with open(path, encoding="utf-8") as file:
        results = json.load(file)
    panic = results.get("panic")
    if not t.ok(panic, f"{where}: results tell of it", results["end"]):
        return
    t.equal((results["end"], panic["kind"]), (end, kind), f"{where}: end")
    t.ok(what in panic["what"], f"{where}: what", panic["what"])
    t.equal(panic["vector"], vector, f"{where}: vector")
    t.equal(panic["domain"]["name"], "app", f"{where}: domain")
    t.ok(re.fullmatch(r"break_kernel\+0x[0-9a-f]+ \(broken\.c:\d+\) of "
                      r"\./broken\.elf", panic["domain"]["symbol"]),
         f"{where}: in ring 3", panic["domain"])
    backtrace(t, engine, panic, wanted, where)
    events(t, panic, where)
    registers(t, engine, panic, where)
    if walk is not False:
        found = panic["page_walk"]
        t.equal(found and found["end"], walk, f"{where}: page walk")
    if kind == "hang":
        symbols = {s["symbol"].split("+")[0] for s in panic["samples"]}
        t.equal((symbols, len(panic["samples"])), ({"spin"}, 8),
                f"{where}: where it was")
    told(t, run, panic, where)


def no_panic(t, engine, folder, kernel):
    """The same kernel, told to go on; and a domain that loops in ring 3."""
    path = os.path.join(folder, "r.json")
    run = ambit.run("run", os.path.join(folder, "broken.yaml"), "--engine",
                    engine, "--kernel", kernel, "--json", path, "--", 0)
    t.equal(run.code, 0, f"{engine}: a kernel that does not end", run)
    t.ok("backtrace" not in run.err, "has no backtrace", run)
    with open(path, encoding="utf-8") as file:
        t.ok("panic" not in json.load(file), "and no panic in its results")
    looper = os.path.join(folder, "looper.yaml")
    for entry in ("spin_main", "yield_main"):
        run = ambit.run("run", looper, "--engine", engine, "--timeout", "1s",
                        "--set", f"domains.app.entry={entry}", "--json", path)
        with open(path, encoding="utf-8") as file:
            results = json.load(file)
        t.ok(run.code == 124 and "panic" not in results and
             "hangs" not in run.err, f"{engine}: {entry} is no hang", run)


def refused(t, folder):
    config = os.path.join(folder, "broken.yaml")
    for what, kernel, code, says in (
            ("absent", "/nonexistent/k.elf", 2, "No such file"),
            ("a folder", "/", 2, "no regular file"),
            ("a device", "/dev/zero", 2, "no regular file"),
            ("no ELF file", config, 3, "not an ELF"),
            ("a program", os.path.join(folder, "broken.elf"), 3, "ET_EXEC")):
        run = ambit.run("run", config, "--kernel", kernel)
        t.ok(run.code in (code, 77) and len(ambit.messages(run.err)) == 1 and
             (says in run.err or run.code == 77),
             f"--kernel is {what}: {code}", run)


def main():
    source, kernel = sys.argv[1:]
    t = ambit.Test()
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "looper.yaml"), "w",
                  encoding="utf-8") as file:
            file.write(LOOPER)
        for name in ("broken/broken.elf", "broken/broken.yaml", "system.elf"):
            shutil.copy(os.path.join(source, name), folder)
        refused(t, folder)
        for engine in ("kvm", "qemu"):
            if ambit.run("run", os.path.join(folder, "broken.yaml"), "--quiet",
                         "--engine", engine, "--", 0).code == 77:
                t.skip(f"panics on {engine}", "not usable here")
                continue
            for number in WAYS:
                way(t, engine, folder, kernel, number)
            no_panic(t, engine, folder, kernel)
    t.done()


if __name__ == "__main__":
    main()
