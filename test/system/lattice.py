#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""lattice.py: the table of all compositions, as text, JSON and CSV."""

import csv
import io
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402

CLASSES = ["files", "cpu", "space", "pool", "quota", "caps", "handler"]
SPECTRUM = os.path.join(ambit.ROOT, "domains", "examples", "spectrum.yaml")


def refused(t, what, says, *arguments):
    run = ambit.run("lattice", *arguments)
    t.ok(run.code == 2 and not run.out and says in run.err and
         len(ambit.messages(run.err)) == 1, f"{what}: refused", run)


def forms(t):
    """JSON, CSV and text tell the same."""
    whole = ambit.run("lattice", "--json", "-").json
    rows = list(csv.DictReader(io.StringIO(
        ambit.run("lattice", "--csv", "-").out)))
    text = ambit.run("lattice").out
    totals = whole["totals"]
    t.equal(totals["written"], 4 ** 7, "every point is written")
    t.equal(len(whole["points"]), 4 ** 7, "JSON has every point")
    t.equal(len(rows), 4 ** 7, "CSV has every point")
    t.equal(totals["no_such_degree"] + totals["refused"] + totals["valid"],
            4 ** 7, "each has a verdict")
    t.equal(sum(r["points"] for r in whole["reasons"]),
            totals["no_such_degree"] + totals["refused"],
            "each refusal has a reason")
    t.ok(all(f"{totals[key]:6} " in text for key in
             ("no_such_degree", "refused", "valid")), "text: the totals", text)
    t.ok(all(r["reason"] in text for r in whole["reasons"]),
         "text: every reason", text)
    same = all(
        int(row["point"]) == point["point"] and
        row["verdict"] == point["verdict"] and
        row["reason"] == point.get("reason", "") and
        row["kinds"].split() == point["kinds"] and
        all(row[c] == point["degrees"][c] for c in CLASSES) and
        all(row[f"predicted {p}"] == found
            for p, found in point.get("predicted", {}).items())
        for row, point in zip(rows, whole["points"]))
    t.ok(same, "JSON and CSV agree in every point")
    return whole


def agree_with_check(t, whole):
    """A config of one refused degree is refused, of the class that the table
    names; a valid point's config is good."""
    config = ("ambit: 1\nmachine: {memory: 128MiB}\ndomains:\n"
              "  app: {program: hello, compose: {quota: {new: 64MiB}, "
              "pool: {new: 64MiB}, files: {new: {host: .}}}}\n"
              "  child: {parent: app, compose: {%s}}\n")
    seen = set()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "point.yaml")
        for point in whole["points"]:
            key = (point["verdict"], point.get("reason"))
            if key in seen:
                continue
            seen.add(key)
            with open(path, "w", encoding="utf-8") as out:
                out.write(config % ", ".join(
                    f"{c}: {d}" for c, d in point["degrees"].items()))
            run = ambit.run("check", path)
            if point["verdict"] == "valid":
                t.equal(run.code, 0, f"point {point['point']} passes check")
            else:
                t.ok(run.code == 2 and point["class"] in run.err,
                     f"check refuses point {point['point']} for its "
                     f"{point['class']}", run)
    t.ok(len(seen) > 3, "there were several reasons")


def kinds(t):
    own = ambit.run("lattice", "--config", SPECTRUM, "--json", "-").json
    names = {k["name"]: k for k in own["kinds"]}
    t.equal(names["tis+tif"]["source"], "config", "a config's kind is named")
    t.equal(names["tis+tif"]["base"], "tis", "with its base")
    t.equal({n for n, k in names.items() if k["source"] == "built-in"},
            {"thread", "tis", "tif", "process", "pir"}, "the built-in ones")
    t.ok(sum(k["source"] == "recommended" for k in own["kinds"]) >= 4,
         "at least four are recommended")
    points = own["points"]
    t.ok(all(points[k["point"]]["verdict"] == "valid" and
             k["name"] in points[k["point"]]["kinds"] for k in own["kinds"]),
         "each stands at its point, and is valid")


def filters(t):
    run = ambit.run("lattice", "--filter", "cpu=new,space=part,files=new,"
                    "files=none", "--valid", "--json", "-").json
    t.ok(run["points"] and all(
        p["degrees"]["cpu"] == "new" and p["degrees"]["space"] == "part" and
        p["degrees"]["files"] in ("new", "none") and p["verdict"] == "valid"
        for p in run["points"]), "filter: nothing else comes through")
    t.equal(run["totals"]["selected"], 2 * 4 ** 4, "filter: all of it does")
    none = ambit.run("lattice", "--filter", "cpu=same", "--valid", "--json",
                     "-").json
    t.equal(none["points"], [], "filter: nothing valid is an empty list")


def bad_input(t):
    refused(t, "no such class", "no such class 'cpus'", "--filter", "cpus=new")
    refused(t, "no such degree", "no such degree 'some'", "--filter",
            "cpu=some")
    refused(t, "no degree", "not class=degree", "--filter", "cpu")
    refused(t, "an empty part", "not class=degree", "--filter", "cpu=new,")
    refused(t, "both lists", "not both", "--all", "--valid")
    refused(t, "two outputs to one place", "standard output", "--json", "-",
            "--csv", "-")
    refused(t, "an argument", "unexpected", "x.yaml")
    refused(t, "an empty file name", "wants a file", "--csv", "")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "bad.yaml")
        with open(path, "w", encoding="utf-8") as out:
            out.write("ambit: 1\nkinds: {a: {base: b}}\n"
                      "domains: {app: {program: hello}}\n")
        refused(t, "a bad config", "bad.yaml:2:19: unknown kind 'b'",
                "--config", path)
    missing = ambit.run("lattice", "--csv", "/nonexistent/x.csv", "--quiet")
    t.ok(missing.code == 3 and "cannot write" in missing.err,
         "a place that is not there", missing)


def main():
    t = ambit.Test()
    agree_with_check(t, forms(t))
    kinds(t)
    filters(t)
    bad_input(t)
    t.done()


main()
