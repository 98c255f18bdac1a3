#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""graph_check.py GRAPH.csv [GRAPH.json]: recomputes sharing index (RSI), fault
radius and trusted domains (TCB) from `ambit graph --format csv`, by sets of
rows and nothing of ambit's, prints them, and compares them with what `ambit
graph --format json` says. Exits 0 when they agree, 1 when not, 2 on bad use.

The columns are those of OSmosis's model export: NODE_TYPE, NODE_ID, DATA,
EDGE_TYPE, EDGE_FROM, EDGE_TO, EXTRA.
"""

import csv
import itertools
import json
import sys

TYPES = {"address": "VMR", "page": "MO", "file": "FILE", "endpoint": "EP",
         "space": "ADS", "quota": "QUOTA", "pool": "POOL", "table": "TABLE",
         "handler": "HANDLER"}
COLUMNS = ["NODE_TYPE", "NODE_ID", "DATA", "EDGE_TYPE", "EDGE_FROM", "EDGE_TO",
           "EXTRA"]


class Graph:
    """Nodes and edges of one CSV file."""

    def __init__(self, lines):
        rows = csv.DictReader(lines)
        if rows.fieldnames != COLUMNS:
            raise ValueError(f"columns are {rows.fieldnames}, not {COLUMNS}")
        self.names, self.files_tables = {}, set()
        self.hold, self.map, self.request = {}, {}, {}
        for row in rows:
            if row["NODE_TYPE"] == "PD":
                self.names[row["NODE_ID"]] = row["DATA"]
            elif row["DATA"] == "FILES":
                self.files_tables.add(row["NODE_ID"])
            elif row["EDGE_TYPE"] in ("HOLD", "MAP"):
                edges = self.hold if row["EDGE_TYPE"] == "HOLD" else self.map
                edges.setdefault(row["EDGE_FROM"], []).append(
                    (row["EDGE_TO"], set(row["EXTRA"])))
            elif row["EDGE_TYPE"] == "REQUEST":
                self.request.setdefault(row["EDGE_FROM"], set()).add(
                    row["EDGE_TO"])
        self.domains = [node for node in self.names if node != "PD_0"]
        self.reach = {node: self.reached(node) for node in self.domains}

    def reached(self, domain):
        """Node -> rights, over hold and then map edges."""
        found = {}
        waiting = list(self.hold.get(domain, ()))
        while waiting:
            node, rights = waiting.pop()
            if node in found and rights <= found[node]:
                continue
            found[node] = found.get(node, set()) | rights
            for further, narrowed in self.map.get(node, ()):
                waiting.append((further, rights & narrowed))
        return found

    def rsi(self, a, b, name):
        """(shared, either), in rows."""
        word = TYPES["page" if name == "written" else name] + "_"
        one, two = self.reach[a], self.reach[b]
        either = {node for node in one.keys() | two.keys()
                  if node.startswith(word) and
                  (name != "written" or
                   "w" in one.get(node, set()) | two.get(node, set()))}
        return len(either & one.keys() & two.keys()), len(either)

    def hops(self, domain):
        found, border, hops = {domain: 0}, {domain}, 0
        while border:
            hops += 1
            border = {further for node in border
                      for further in self.request.get(node, ())
                      if further not in found}
            found.update(dict.fromkeys(border, hops))
        return found

    def radius(self, a, b):
        one, two = self.hops(a), self.hops(b)
        return min((max(one[node], two[node]) for node in one.keys() & two),
                   default=None)

    def depends(self, x, y):
        one, two = self.reach[x], self.reach[y]
        written = {node for node, rights in two.items()
                   if node.startswith("MO_") and "w" in rights}
        read = {node for node, rights in one.items() if rights & {"r", "x"}}
        tables = {node for node in one.keys() & two.keys()
                  if node.startswith("TABLE_") and
                  node not in self.files_tables}
        return bool(written & read or y in self.request.get(x, ()) or
                    "w" in two.get(x, ()) or tables)

    def tcb(self, x):
        found, border = {x}, [x]
        while border:
            border = [y for y in self.domains if y not in found and
                      any(self.depends(z, y) for z in border)]
            found.update(border)
        return found - {x}


def load(path):
    with open(path, encoding="utf-8", newline="") as file:
        return Graph(file)


def measured(graph):
    """What the JSON says under `metrics`, computed here."""
    pairs, domains = [], []
    for a, b in itertools.combinations(graph.domains, 2):
        rsi = {}
        for name in list(TYPES) + ["written"]:
            shared, either = graph.rsi(a, b, name)
            rsi[name] = {"shared": shared, "either": either}
        pairs.append({"between": [graph.names[a], graph.names[b]], "rsi": rsi,
                      "hops": graph.radius(a, b)})
    for x in graph.domains:
        domains.append({"name": graph.names[x], "tcb": sorted(
            graph.names[y] for y in graph.tcb(x))})
    return {"pairs": pairs, "domains": domains}


def said(metrics):
    """The same of the JSON."""
    pairs = [{"between": pair["between"],
              "rsi": {name: {"shared": rsi["shared"], "either": rsi["either"]}
                      for name, rsi in pair["rsi"].items()},
              "hops": (pair["fault_radius"] or {}).get("hops")}
             for pair in metrics["pairs"]]
    return {"pairs": pairs,
            "domains": [{"name": domain["name"], "tcb": sorted(
                one["domain"] for one in domain["tcb"])}
                for domain in metrics["domains"]]}


def differences(ours, theirs):
    found = []
    for key, name in (("pairs", "between"), ("domains", "name")):
        for one, two in itertools.zip_longest(ours[key], theirs[key]):
            if one != two:
                found.append(f"{(one or two)[name]}: the CSV gives {one}, the "
                             f"JSON says {two}")
    return found


def main():
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    ours = measured(load(sys.argv[1]))
    if len(sys.argv) == 2:
        print(json.dumps(ours, indent=2))
        return 0
    with open(sys.argv[2], encoding="utf-8") as file:
        found = differences(ours, said(json.load(file)["metrics"]))
    print("\n".join(found) or "the CSV gives what the JSON says")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
