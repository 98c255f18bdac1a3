#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every attack needs a guard, every guard an attack, and the page says so.

coverage.py         the guards of `ambit guards` against the configs here
coverage.py --fix   writes the tables of docs/attacks.md instead

A guard that no attack needs, an attack that no guard stops, two attacks that
say they try the same, fewer attacks than the least, and a table that is not
what the configs say: each fails. Whether a guard really stops its attack is
for `ambit test` to find out, which leaves it out (tests attack.NAME.ENGINE).
"""

import argparse
import glob
import os
import sys

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
import ambit  # noqa: E402

PAGE = os.path.join(HERE, "..", "..", "docs", "attacks.md")
LEAST = 60
TABLES = ("attacks", "guards")


def attacks(folder):
    """{name: section `test`} of the configs in a folder."""
    found = {}
    for path in sorted(glob.glob(os.path.join(folder, "*.yaml"))):
        with open(path, encoding="utf-8") as file:
            config = yaml.safe_load(file)
        name = os.path.splitext(os.path.basename(path))[0]
        found[name] = config.get("test") or {}
    return found


def needed_by(known, tests):
    """{guard: attacks that name it}, in the order of the kernel's list."""
    needs = {guard["name"]: [] for guard in known}
    for name, test in tests.items():
        for guard in test.get("guards") or {}:
            needs.setdefault(guard, []).append(name)
    return needs


def judge(known, tests, least=LEAST):
    """What is wrong, a sentence each."""
    wrong = []
    tried = {}
    names = {guard["name"] for guard in known}
    for name, test in tests.items():
        tries = test.get("tries")
        if not tries:
            wrong.append(f"{name} does not say what it tries (test.tries)")
        elif tries in tried:
            wrong.append(f"{name} tries what {tried[tries]} tries")
        tried[tries] = name
        if not test.get("guards"):
            wrong.append(f"{name} names no guard that stops it (test.guards)")
        for guard in test.get("guards") or {}:
            if guard not in names:
                wrong.append(f"{name}: the kernel has no guard {guard}")
    for guard, users in needed_by(known, tests).items():
        if not users:
            wrong.append(f"no attack needs the guard {guard}")
    if len(tests) < least:
        wrong.append(f"{len(tests)} attacks are fewer than {least}")
    return wrong


def engines(test):
    """Where it runs, and where its guards are left out, for the table."""
    runs = test.get("engines", ["kvm", "qemu"])
    teeth = [e for e in test.get("guards_on", runs) if e in runs]
    return " ".join(e if e in teeth else f"({e})" for e in sorted(runs))


def tables(known, tests):
    """{name of a table: its lines}."""
    needs = needed_by(known, tests)
    lines = ["| attack | tries | stopped by | without it | on |",
             "|---|---|---|---|---|"]
    for name, test in tests.items():
        stops = test.get("guards") or {}
        guards = ", ".join(f"`{guard}`" for guard in stops)
        codes = ", ".join(str(code) for code in stops.values())
        lines.append(f"| `{name}` | {test.get('tries')} | {guards} | {codes} "
                     f"| {engines(test)} |")
    rows = ["| guard | what it sees to | needed by |", "|---|---|---|"]
    for guard in known:
        users = ", ".join(f"`{name}`" for name in needs[guard["name"]])
        rows.append(f"| `{guard['name']}` | {guard['stops']} | {users} |")
    return {"attacks": lines, "guards": rows}


def marks(name):
    return f"<!-- {name}: from the configs -->\n", f"<!-- end of {name} -->\n"


def fill(page, name, lines):
    """The page with a table between its marks."""
    begin, end = marks(name)
    head, _, rest = page.partition(begin)
    _, _, tail = rest.partition(end)
    if not tail and not rest.endswith(end):
        raise SystemExit(f"docs/attacks.md has no marks of {name}")
    return head + begin + "\n" + "\n".join(lines) + "\n\n" + end + tail


def self_test(t, known, tests):
    """Each finding is found when there is cause for it."""
    one = next(iter(tests))
    guard = known[0]["name"]
    blind = {**tests, one: {**tests[one], "guards": {}}}
    same = {**tests, "twin": tests[one]}
    useless = {n: {**s, "guards": {g: c for g, c in s["guards"].items()
                                   if g != guard}} for n, s in tests.items()}
    more = {**tests, "odd": {"tries": "x", "guards": {"no-such": 1}}}
    for what, case in (("names no guard", blind), ("tries what", same),
                       (f"needs the guard {guard}", useless),
                       ("has no guard no-such", more),
                       ("are fewer than", {one: tests[one]})):
        t.ok(any(what in line for line in judge(known, case)),
             f"a suite with `{what}` would fail")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fix", action="store_true")
    options = parser.parse_args()
    known = (ambit.run("guards", "--json", "-").json or {}).get("guards", [])
    tests = attacks(HERE)
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    fresh = page
    for name in TABLES:
        fresh = fill(fresh, name, tables(known, tests)[name])
    if options.fix:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(fresh)
        return
    t = ambit.Test()
    wrong = judge(known, tests)
    t.ok(not wrong, f"{len(tests)} attacks and {len(known)} guards need one "
         "another", "\n".join(wrong))
    t.ok(page == fresh, "docs/attacks.md is as the configs say",
         "test/attack/coverage.py --fix writes it")
    self_test(t, known, tests)
    t.done()


if __name__ == "__main__":
    main()
