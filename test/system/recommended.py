#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""recommended.py [--fix]: the recommended kinds: each has a page, an example whose
row of `kinds:` is the recommended one, and costs that its page states as
measured. --fix measures and writes them into docs/kinds/README.md."""

import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402

EXAMPLES = os.path.join(ambit.ROOT, "domains", "examples")
PAGES = os.path.join(ambit.ROOT, "docs", "kinds")
TABLE = os.path.join(PAGES, "README.md")
BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->\n"
MOST = 1.5  # what was measured may have changed by so much
CALL = "call instructions"


def results(t, config):
    """A run's results, or None after saying why."""
    run = ambit.run("run", config, "--engine", "qemu", "--icount", "--json",
                    "-", timeout=120)
    if run.code == 77:
        ambit.skip_all(run.err.strip())
    if not t.ok(run.code == 0 and run.json, os.path.basename(config), run):
        return None
    return run.json


def number(value):
    return value["value"] if isinstance(value, dict) else int(value)


def costs(found, kind):
    """create, call and pages of the domain of that kind in a run."""
    domain = next(d for d in found["domains"] if d["kind"] == kind and
                  d["name"] != "app")
    calls = [d["observations"][CALL] for d in found["domains"]
             if CALL in d["observations"]]
    own = domain["observations"].get(CALL)
    pages = domain["observations"].get("pages")
    return (number(domain["create"]), number(own or calls[0]),
            number(pages) if pages else None)


def measure(t, names):
    rows = {}
    spectrum = results(t, os.path.join(EXAMPLES, "spectrum.yaml"))
    for kind in ("thread", "tis", "tif"):
        rows[kind] = costs(spectrum, kind)
    for name in names:
        found = results(t, os.path.join(EXAMPLES, f"kind-{name}.yaml"))
        rows[name] = costs(found, name)
    for kind in ("process", "pir"):
        rows[kind] = costs(spectrum, kind)
    return rows


def table(rows):
    lines = ["| kind | create, instructions | call and reply, instructions | "
             "pages that its parent's quota pays |\n", "|---|---|---|---|\n"]
    for kind, (create, call, pages) in rows.items():
        link = f"[{kind}]({kind}.md)" if os.path.exists(
            os.path.join(PAGES, f"{kind}.md")) else kind
        lines.append(f"| {link} | {create:,} | {call:,} | "
                     f"{pages if pages else ''} |\n")
    return "".join(lines)


def stated(text):
    rows = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        name = re.match(r"\[?([a-z]+)", cells[0])
        if name and re.match(r"[\d,]+$", cells[1] if len(cells) > 1 else ""):
            rows[name.group(1)] = tuple(
                int(cell.replace(",", "")) if cell else None
                for cell in cells[1:])
    return rows


def close(a, b):
    return (a is None and b is None) or \
        (a and b and max(a, b) <= MOST * min(a, b))


def whole_page():
    with open(TABLE, encoding="utf-8") as file:
        before, rest = file.read().split(BEGIN)
    return before, *rest.split(END)


def fix(rows):
    before, _, after = whole_page()
    with open(TABLE, "w", encoding="utf-8") as file:
        file.write(before + BEGIN + table(rows) + END + after)


def named(t):
    """Recommended names, each with its page and its row in an example."""
    names = []
    for kind in ambit.run("lattice", "--json", "-").json["kinds"]:
        if kind["source"] == "recommended":
            names.append(kind["name"])
    for name in names:
        config = os.path.join(EXAMPLES, f"kind-{name}.yaml")
        own = ambit.run("lattice", "--config", config, "--json", "-").json
        points = {k["source"]: k["point"] for k in own["kinds"]
                  if k["name"] == name}
        t.equal(points.get("config"), points["recommended"],
                f"{name}: its example has the recommended row")
        with open(os.path.join(PAGES, f"{name}.md"), encoding="utf-8") as file:
            text = file.read()
        t.ok(f"domains/examples/kind-{name}.yaml" in text and
             all(f"\n## {title}\n" in text for title in
                 ("What it is for", "What it does not give", "What it costs")),
             f"{name}: its page says all three")
    return names


def main():
    t = ambit.Test()
    rows = measure(t, named(t))
    if sys.argv[1:] == ["--fix"]:
        fix(rows)
    said = stated(whole_page()[1])
    for kind, measured in rows.items():
        t.ok(kind in said and all(map(close, said[kind], measured)),
             f"{kind}: costs as stated",
             f"stated {said.get(kind)}, measured {measured}; "
             "test/system/recommended.py --fix writes what is measured")
    t.done()


main()
