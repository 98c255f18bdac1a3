#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""graph.py FOLDER: `ambit graph` of every config: its CSV gives the numbers
that its JSON says, by a checker that shares no code with it; its other forms;
what it refuses. FOLDER has the built configs and system.elf."""

import glob
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402

EXAMPLES = os.path.join(ambit.ROOT, "domains", "examples")
SPECTRUM = os.path.join(EXAMPLES, "spectrum.yaml")
spec = importlib.util.spec_from_file_location(
    "graph_check", os.path.join(ambit.ROOT, "tools", "graph_check.py"))
graph_check = importlib.util.module_from_spec(spec)
spec.loader.exec_module(graph_check)


def graph(config, form, engine=None, **more):
    live = ("--live", "--engine", engine) if engine else ()
    return ambit.run("graph", config, "--format", form, *live, **more)


def pair(metrics, one, two):
    for found in metrics["pairs"]:
        if found["between"] == [one, two]:
            return found
    return None


def agree(t, folder):
    """The independent numbers are ambit's."""
    for config in sorted(glob.glob(os.path.join(EXAMPLES, "*.yaml")) +
                         glob.glob(os.path.join(folder, "*.yaml"))):
        name = os.path.basename(config)
        table, value = graph(config, "csv"), graph(config, "json")
        if table.code or not value.json:
            t.ok(False, f"{name} has a graph", f"{table}\n{value}")
            continue
        ours = graph_check.measured(graph_check.Graph(io.StringIO(table.out)))
        found = graph_check.differences(
            ours, graph_check.said(value.json["metrics"]))
        t.ok(not found, f"{name}: CSV and JSON agree", "\n".join(one[:300] for one in found[:5]))


def can_disagree(t):
    """The checker finds an edge that is not there."""
    table, value = graph(SPECTRUM, "csv"), graph(SPECTRUM, "json")
    lines = table.out.splitlines(keepends=True)
    held = next(i for i, line in enumerate(lines)
                if line.startswith(",,VMR,HOLD,PD_1,"))
    ours = graph_check.measured(graph_check.Graph(
        io.StringIO("".join(lines[:held] + lines[held + 1:]))))
    t.ok(graph_check.differences(ours, graph_check.said(
        value.json["metrics"])), "a CSV that lacks an edge is told")


def numbers(t):
    """What each kind shares with its parent: the papers' three columns."""
    metrics = graph(SPECTRUM, "json").json["metrics"]

    def value(two, what):
        return pair(metrics, "app", two)["rsi"][what]["value"]

    for what in ("address", "page", "file"):
        t.equal(value("worker", what), 1.0, f"thread: {what} 1")
    t.ok(0 < value("guard", "address") < 1, "tis: its stack is not shared")
    t.equal(value("stats", "file"), 0.0, "tif: no file is shared")
    t.equal(value("child", "address"), 0.0, "process: no address is shared")
    t.equal(value("child", "written"), 0.0, "process: nothing writable is")
    t.ok(0 < value("child", "page") < 0.05, "process: text frames are shared")
    t.equal(value("child", "file"), 1.0, "process: files are the same")
    t.equal(value("child", "pool"), 1.0, "process: the allocator is the same")
    t.equal(value("vault", "pool"), 0.0, "pir: the allocator is its own")
    harmed = {domain["name"]: domain["impact"]
              for domain in metrics["domains"]}
    t.equal(harmed["child"], [], "a process that nobody calls harms nobody")
    t.ok("child" in harmed["app"], "whoever composed it may harm it")


def forms(t):
    for form in ("text", "dot", "json", "csv"):
        first, second = graph(SPECTRUM, form), graph(SPECTRUM, form)
        t.ok(first.code == 0 and first.out and first.out == second.out,
             f"{form}: twice the same", first)
    dot = graph(SPECTRUM, "dot").out
    if not shutil.which("dot"):
        t.skip("svg", "graphviz is not installed")
    else:
        t.equal(subprocess.run(["dot", "-Tplain"], input=dot, text=True,
                               capture_output=True, check=False).returncode, 0,
                "dot reads it")
        svg = graph(SPECTRUM, "svg")
        t.ok(svg.code == 0 and "<svg" in svg.out and "guard.stack" in svg.out,
             "svg", svg.err)
    none = graph(SPECTRUM, "svg", env={"PATH": "/nonexistent"})
    t.ok(none.code == 77 and "graphviz" in none.err and not none.out,
         "svg without dot: 77 and the remedy", none)


def live(t):
    """From the page tables of a run, and from nothing else of it."""
    for engine in ("kvm", "qemu"):
        run = graph(SPECTRUM, "csv", engine=engine)
        if run.code == 77:
            t.skip(engine, "it does not work here")
            continue
        found = {tuple(pair["between"]): pair["rsi"] for pair in
                 graph_check.measured(graph_check.Graph(
                     io.StringIO(run.out)))["pairs"]}
        one = found[("app", "worker")]["page"]
        t.ok(one["shared"] == one["either"] > 20,
             f"{engine}: a thread's pages", one)
        one = found[("app", "guard")]["address"]
        t.ok(0 < one["shared"] < one["either"], f"{engine}: a tis's", one)
        t.equal(found[("app", "child")]["written"]["shared"], 0,
                f"{engine}: nothing that a process writes")
        one = found[("child", "vault")]["page"]
        t.ok(0 < one["shared"] < one["either"],
             f"{engine}: text is in the same frames", one)
    run = ambit.run("graph", SPECTRUM, "--live", "--format", "svg")
    t.ok(run.code == 2 and "dot -Tsvg" in run.err, "live and svg: 2", run)
    run = ambit.run("graph", SPECTRUM, "--live", "--timeout", "1ms")
    t.equal(run.code, 124, "a run that ends late: 124")


def files(t):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "graph.csv")
        run = ambit.run("graph", SPECTRUM, "--format", "csv", "--out", path)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        t.ok(run.code == 0 and not run.out and
             text == graph(SPECTRUM, "csv").out, "--out FILE", run)
        run = ambit.run("graph", SPECTRUM, "--out",
                        os.path.join(folder, "no", "where"))
        t.ok(run.code == 3 and len(ambit.messages(run.err)) == 1,
             "--out where nothing can be: 3", run)
    run = ambit.run("graph", SPECTRUM, "--format", "png")
    t.ok(run.code == 2 and "csv or svg, not 'png'" in run.err, "png: 2", run)
    run = ambit.run("graph", SPECTRUM, "--set", "domains.guard.kind=thread",
                    "--format", "json")
    t.equal(pair(run.json["metrics"], "app", "guard")["rsi"]["address"]
            ["value"], 1.0, "--set changes the graph")


def main():
    t = ambit.Test()
    agree(t, sys.argv[1])
    can_disagree(t)
    numbers(t)
    forms(t)
    live(t)
    files(t)
    t.done()


if __name__ == "__main__":
    main()
