# SPDX-License-Identifier: Apache-2.0
"""Checks lab 3: the student's table against runs of its own; the student's
composition against every other."""

import os
import subprocess
import sys

import ambit

COUNTED = {"engine": "qemu", "icount": True}
KINDS = ("thread", "tis", "tif", "process", "pir")
CREATE = ("domains", "filter", "create")
CALL = ("domains", "host", "observations", "call")
ASSERTS = {
    "no-heap": {"deny": {"from": "filter", "to": "host.heap", "access": "rw"}},
    "no-stack": {"deny": {"from": "filter", "to": "host.stack",
                          "access": "rw"}},
    "nor-back": {"deny": {"from": "host", "to": "filter.stack",
                          "access": "rw"}},
    "shared": {"allow": {"from": "filter", "to": "buffer", "access": "rw"}}}
CHOICES = {
    "space": [{"part": {"keep": keep}} for keep in
              ([], ["image"], ["image", "buffer"])] + ["new"],
    "files": ["same", "none"],
    "quota": ["same", "new"],
    "caps": ["same", "part", "new"],
    "handler": ["same", "new"]}
CALLS = 100  # how many a filter's life is taken to have


def cost(run):
    return run.number(*CREATE, unit="instructions") + \
        CALLS * run.number(*CALL, unit="instructions")


def rows(text):
    """The student's table: {kind: [words]}"""
    found = {}
    for line in text.splitlines():
        words = line.split()
        if words and words[0] in KINDS:
            found[words[0]] = words[1:]
    return found


def check_table(sheet):
    path = os.pathsep.join([os.path.dirname(ambit.__file__),
                            os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-B", "cost.py"], capture_output=True, text=True,
        check=False, env={**os.environ, "PYTHONPATH": path})
    said = rows(done.stdout)
    for kind in KINDS:
        run = ambit.run("filter.yaml", {"domains.filter.kind": kind},
                        **COUNTED)[0]
        wanted = [str(run.number(*keys)) for keys in (CREATE, CALL)]
        last = (done.stderr.strip().splitlines() or [""])[-1]
        sheet.task(said.get(kind) == wanted, f"A: what a {kind} costs",
                   f"cost.py said {said.get(kind)}, which is not what was "
                   f"measured. {last}".rstrip())


def compositions():
    """Every `compose` of the filter that is worth a look."""
    for choice in ambit.vary(CHOICES):
        if choice["space"] != "new" or choice["caps"] == "new":
            yield {name: value for name, value in choice.items()}


def cheapest():
    """The least cost of all, and the composition that has it."""
    best, what = None, None
    for compose in compositions():
        try:
            run = ambit.run("cheapest.yaml", {
                "domains.filter.kind": "thread",
                "domains.filter.compose": compose, "assert": ASSERTS},
                **COUNTED)[0]
        except (ambit.ConfigError, ambit.MissedError, ambit.ViolatedError):
            continue  # makes no sense, does not work, or is not closed
        if best is None or cost(run) < best:
            best, what = cost(run), compose
    return best, what


def check_cheapest(sheet):
    mine = ambit.run("cheapest.yaml", {"assert": ASSERTS}, check=False,
                     **COUNTED)[0]
    sheet.task(mine.met and cost(mine) < _as_process(),
               "B: the assertions hold, and it is cheaper than a process",
               f"exit code {mine.exit}; creation and {CALLS} calls cost "
               f"{cost(mine)}, as a process {_as_process()}")
    best, _ = cheapest()
    sheet.task(mine.met and cost(mine) <= best,
               "B: no composition with which they hold is cheaper",
               f"creation and {CALLS} calls cost {cost(mine)}; {best} will do")


def _as_process():
    return cost(ambit.run("filter.yaml", {"domains.filter.kind": "process"},
                          **COUNTED)[0])


def check(sheet, build):
    build("filter")
    check_table(sheet)
    check_cheapest(sheet)
