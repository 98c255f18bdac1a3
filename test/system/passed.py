#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""passed.py FOLDER ENGINE: an assertion about endpoints is judged from the
capability tables, too: one that was handed on at run time breaks it, which the
config's graph does not show; `ambit graph --live` does."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402


def judged(t, config, engine, *more):
    run = ambit.run("run", config, "--engine", engine, "--json", "-", *more)
    if run.code == 77:
        ambit.skip_all(run.err.strip().replace("\n", "; "))
    return run, run.json["asserts"][0]


def callers(config, engine, *more):
    """Who has the desk, in the live graph."""
    value = ambit.run("graph", config, "--live", "--engine", engine,
                      "--format", "json", *more).json
    graph = value.get("graph", value)
    names = {node["id"]: node["name"] for node in graph["nodes"]}
    return sorted((names[edge["from"]], edge["rights"])
                  for edge in graph["edges"] if edge["kind"] == "hold"
                  and names[edge["to"]] == "endpoint desk")


def main():
    config, engine = os.path.join(sys.argv[1], "passed.yaml"), sys.argv[2]
    give = ("--set", "domains.giver.args=[give]")
    t = ambit.Test()
    run, found = judged(t, config, engine)
    t.equal((run.code, found["model"], found["tables"]),
            (0, "holds", "holds"), "kept: it holds", run)
    run, found = judged(t, config, engine, *give)
    t.equal((run.code, found["model"], found["tables"]),
            (5, "holds", "broken"), "handed on: tables show it", run)
    t.equal(found["witness"], "tables: both reach 1 of 2 (endpoint), as "
            "endpoint desk", "and name it", found)
    t.equal(callers(config, engine), [("clerk", ""), ("giver", "w")],
            "the live graph has the holders")
    t.equal(callers(config, engine, *give),
            [("clerk", ""), ("giver", "w"), ("taker", "w")],
            "and whoever it was handed to")
    t.done()


if __name__ == "__main__":
    main()
