# SPDX-License-Identifier: Apache-2.0
"""Checks lab 1: predictions against what is observed; a design against what
its comment demands."""

import re
import subprocess

import ambit

COLUMNS = ("app.heap", "app.stack", "app.static", "secret.txt")
KINDS = ("thread", "tis", "tif", "process")
DEMANDS = {
    "helper": {
        "heap": {"allow": {"from": "helper", "to": "app.heap", "access": "rw"}},
        "stack": {"deny": {"from": "helper", "to": "app.stack",
                           "access": "rw"}},
        "own": {"deny": {"from": "app", "to": "helper.stack", "access": "rw"}}},
    "viewer": {
        "heap": {"allow": {"from": "viewer", "to": "app.heap", "access": "rw"}},
        "stack": {"allow": {"from": "viewer", "to": "app.stack",
                            "access": "rw"}}},
    "stranger": {
        name: {"deny": {"from": "stranger", "to": f"app.{name}",
                        "access": "rw"}} for name in ("heap", "stack",
                                                      "image")}}
FILE = {"viewer": "no", "stranger": "no"}


def predictions():
    """{(kind, column): word}"""
    found = {}
    with open("predictions.txt", encoding="utf-8") as file:
        for line in file:
            words = line.split("#")[0].split()
            if len(words) == len(COLUMNS) + 1:
                found.update({(words[0], column): word for column, word in
                              zip(COLUMNS, words[1:])})
    return found


def check_predictions(sheet):
    said = predictions()
    for kind in KINDS:
        seen = ambit.run("reach.yaml", {"domains.subject.kind": kind})[0]
        wrong = [column for column in COLUMNS
                 if said.get((kind, column)) != seen.cell("subject", column)]
        sheet.task(not wrong, f"A: what a {kind} reaches",
                   f"not as observed: {', '.join(wrong)}; try ambit run "
                   f"reach.yaml --set domains.subject.kind={kind}")


def check_design(sheet):
    for name, demands in DEMANDS.items():
        seen = ambit.run("design.yaml", {"assert": demands}, check=False)[0]
        broken = [found["witness"] or found["name"]
                  for found in seen["asserts"] if not found["held"]]
        if seen.cell(name, "secret.txt") != FILE.get(name, "yes"):
            broken.append(f"secret.txt: {seen.cell(name, 'secret.txt')}")
        sheet.task(not broken, f"C.1: {name} reaches what it must, and no more",
                   "; ".join(broken))


def check_asserts(sheet):
    seen = ambit.run("design.yaml", check=False)[0]
    of_helper = [found for found in seen["asserts"]
                 if "helper" in (found["from"], found["to"].split(".")[0])]
    rules = {found["rule"] for found in of_helper}
    sheet.task(rules == {"allow", "deny"} and
               all(found["held"] for found in seen["asserts"]),
               "C.2: assertions about helper, with a control",
               "wanted: a deny and an allow about helper that both hold")
    done = subprocess.run([ambit.find(), "test", "design.yaml"],
                          capture_output=True, text=True, check=False)
    controls = re.findall(r"^ok .* control ", done.stdout, re.M)
    sheet.task(done.returncode == 0 and controls,
               "C.3: ambit test passes, and its control breaks",
               (done.stdout + done.stderr).strip().replace("\n", "\n      "))


def check(sheet, build):
    build("reach")
    check_predictions(sheet)
    check_design(sheet)
    check_asserts(sheet)
