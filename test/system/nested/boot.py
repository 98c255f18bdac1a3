#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""boot.py [OPTIONS] FETCHED OUT CASES NAME=PATH...: boots the nested machine
once, runs every case of the file CASES in it, and leaves what they left in OUT.
NAME=PATH are files and folders that the machine gets. With --kernel and --nm,
@SYMBOL@ in CASES is an address in that kernel, and its teeth (teeth.py) are
cases, too.

Its TAP says whether the machine did its work; below that, indented, how each
case ended. Whether a case ended well is for tests of their own: nested.*.
"""

import argparse
import os
import re
import resource
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "lib"))
import ambit  # noqa: E402
import case  # noqa: E402
import fetch  # noqa: E402
import machine  # noqa: E402
import teeth  # noqa: E402

LIMIT = 1500
TAIL = 40


class Console:
    """What the machine says: the last case that began, and the last lines."""

    def __init__(self):
        self.case, self.lines, self.suites = "none", [], []

    def __call__(self, line):
        if line.startswith("nested: begins "):
            self.case = line.split()[-1]
            if self.case.startswith("tap"):
                self.suites.append(self.case)
        self.lines = [*self.lines[-TAIL:], line]


def list_cases(given, to):
    """Copies the list of cases, with addresses for symbols; returns it."""
    with open(given.cases, encoding="utf-8") as file:
        text = file.read()
    if "@" in text:
        symbols = subprocess.run([given.nm, given.kernel], check=True,
                                 capture_output=True, text=True).stdout
        for fields in map(str.split, symbols.splitlines()):
            if len(fields) == 3:  # some have no name
                text = text.replace(f"@{fields[2]}@", f"0x{fields[0]}")
    with open(to, "w", encoding="utf-8") as file:
        file.write(text)
    return [line.split()[0] for line in text.splitlines()]


def need(fetched):
    """What cannot be done without."""
    if not shutil.which(machine.QEMU):
        ambit.skip_all(f"{machine.QEMU} is not in PATH; remedy: "
                       "sudo apt-get install qemu-system-x86")
    try:
        fetch.fetch(fetched)
    except fetch.Missing as why:
        ambit.skip_all(str(why))


def report(t, out, names):
    """The cases as a subtest: each left an exit code."""
    left = 0
    print(f"    1..{len(names)}")
    for number, name in enumerate(names, 1):
        path = os.path.join(out, name, "code")
        code = "nothing"
        if os.path.exists(path):
            left += 1
            with open(path, encoding="utf-8") as file:
                code = file.read().strip()
        print(f"    {'ok' if code != 'nothing' else 'not ok'} {number} - "
              f"{name} ended with {code}")
    t.equal(left, len(names), "every case was run")


def report_suites(t, out, console):
    """What `ambit test` said in there, as it said it; no line is missing."""
    for name in console.suites:
        with open(os.path.join(out, name), encoding="utf-8") as file:
            lines = file.read().splitlines()
        said = [line for line in lines if re.match("(not )?ok ", line)]
        print("\n".join("    " + line for line in said))
        t.ok(said and f"1..{len(said)}" in lines, f"{name} is whole")


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--nm")
    parser.add_argument("--kernel")
    parser.add_argument("--stall", type=int, default=300,
                        help="seconds without a word: it hangs")
    parser.add_argument("fetched")
    parser.add_argument("out")
    parser.add_argument("cases")
    parser.add_argument("parts", nargs="*")
    return parser.parse_args()


def main():
    given = arguments()
    need(given.fetched)
    out, console, begin = given.out, Console(), time.monotonic()
    names = list_cases(given, out + ".cases")
    parts = dict(part.split("=", 1) for part in given.parts)
    parts["cases"] = out + ".cases"
    if given.kernel:
        parts["teeth"] = out + ".teeth"
        with open(parts["teeth"], "w", encoding="utf-8") as file:
            text = teeth.lines(given.kernel, parts["bin/ambit"], given.nm)
            file.write(text)
        names += [line.split()[0] for line in text.splitlines()]
    parts["hardware"] = out + ".hardware"
    with open(parts["hardware"], "w", encoding="utf-8") as file:
        file.write(" ".join(f"{name}.yaml" for name in case.HARDWARE))
    t = ambit.Test()
    try:
        machine.boot(parts, given.fetched, out, console,
                     (given.stall, LIMIT))
    except machine.Failed as why:
        t.ok(False, "the machine does its work",
             f"{why}; the last case that began: {console.case}; "
             f"its console ({out}.log) ends:\n" + "\n".join(console.lines))
        t.done()
    t.ok(True, "the machine does its work")
    report(t, out, names)
    report_suites(t, out, console)
    print(f"# {time.monotonic() - begin:.0f} s, of which the processor worked "
          f"{processor_seconds():.0f}")
    t.done()


if __name__ == "__main__":
    main()
