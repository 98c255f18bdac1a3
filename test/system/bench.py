#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bench.py: `ambit bench` as a whole: its forms agree, what cannot be measured
is blank with the reason, and exit codes are those documented."""

import csv
import glob
import html.parser
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402

try:
    import jsonschema
except ImportError:
    jsonschema = None

KINDS = ["thread", "tis", "tif", "process", "pir"]


def bench(*arguments, **more):
    return ambit.run("bench", *arguments, timeout=120, **more)


def refused(t, what, says, *arguments, code=2):
    run = bench(*arguments)
    t.ok(run.code == code and not run.out and says in run.err and
         len(ambit.messages(run.err)) == 1, f"{what}: refused", run)


def usage(t):
    refused(t, "an unknown operation", "no such operation 'purr'", "purr")
    refused(t, "no samples", "--repeat wants 1 or more", "--repeat", "0")
    refused(t, "too many samples", "--repeat", "--repeat", "10001")
    refused(t, "an unknown engine", "--engine is auto", "--engine", "x")
    refused(t, "two forms on one output", "both want standard output",
            "--json", "-", "--csv", "-")
    refused(t, "a report on standard output", "--html wants a path", "--html",
            "-")
    refused(t, "a file that cannot be written", "cannot write",
            "--csv", "/proc/none/x", code=3)
    refused(t, "another's option", "takes no option '--samples'",
            "--samples", "3")


def rows_of(results, **wanted):
    return [row for row in results["rows"]
            if all(row[key] == value for key, value in wanted.items())]


def valid(t, results, what):
    """JSON as docs/bench.schema.json says."""
    if not jsonschema:
        t.skip(f"{what}: the schema", "python3-jsonschema is not installed")
        return
    path = os.path.join(ambit.ROOT, "docs", "bench.schema.json")
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    found = [f"{list(error.path)}: {error.message}" for error in
             jsonschema.Draft202012Validator(schema).iter_errors(results)]
    t.ok(not found, f"{what}: as the schema says", "\n".join(found[:10]))


def no_engine(t):
    """Nothing to measure with: said, and 77."""
    with tempfile.TemporaryDirectory() as empty:
        run = bench("call", "--engine", "qemu", "--repeat", "2", "--json", "-",
                    env={"PATH": empty})
    t.ok(run.code == 77 and "not in PATH" in run.err and
         "apt-get install" in run.err, "without QEMU: 77 and the remedy", run)
    rows = rows_of(run.json, place="qemu")
    t.ok(rows and all(row["value"]["value"] is None and
                      "PATH" in row["value"]["reason"] for row in rows),
         "without QEMU: rows are blank, with the reason", run)
    valid(t, run.json, "without QEMU")


def stat(t, row):
    """The numbers of a row are those of its samples."""
    samples = sorted(row["samples"])
    value, n = row["value"], len(samples)
    middle = (samples[(n - 1) // 2] + samples[n // 2]) / 2
    t.ok(n == value["n"] and value["min"] == samples[0] and
         value["max"] == samples[-1] and
         value["value"] == value["median"] == middle and
         value["p99"] == samples[-(-n * 99 // 100) - 1],
         f"{row['subject']} {row['detail']}: as its samples say", row)


def counted(t):
    """Instructions under qemu: all kinds, the same each time."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "out.csv")
        page = os.path.join(folder, "out.html")
        run = bench("call", "--engine", "qemu", "--no-peers", "--repeat", "5",
                    "--json", "-", "--csv", path, "--html", page)
        if run.code == 77:
            t.skip("qemu", run.err.strip().replace("\n", "; "))
            return
        t.equal(run.code, 0, "bench call on qemu", run)
        with open(path, encoding="utf-8") as file:
            lines = list(csv.DictReader(io.StringIO(file.read())))
        with open(page, encoding="utf-8") as file:
            report(t, file.read(), run.json)
    rows = rows_of(run.json, place="qemu")
    calls = rows_of(run.json, place="qemu", detail="reply")
    t.equal([row["subject"] for row in calls], KINDS, "each kind is called")
    for row in rows:
        stat(t, row)
        t.ok(row["value"]["unit"] == "instructions" and
             row["value"]["source"] == "icount" and row["value"]["n"] == 5,
             f"{row['subject']} {row['detail']}: instructions", row)
    t.equal([row["boundary"] for row in calls],
            ["none", "pages", "none", "pages", "pages"],
            "what stands between the two")
    # A tick of the timer may fall into one of them.
    t.ok(all(row["value"]["min"] == row["value"]["median"] for row in calls),
         "instructions do not vary", calls)
    t.equal([(line["subject"], line["detail"], float(line["median"]))
             for line in lines],
            [(row["subject"], row["detail"], row["value"]["value"])
             for row in run.json["rows"]], "CSV tells the same")
    privileged(t, calls, rows)
    text = bench("call", "--engine", "qemu", "--no-peers", "--repeat",
                 "5").out
    t.ok(all(f"{row['value']['value']:,}" in text for row in calls),
         "so does the text", text)


class Page(html.parser.HTMLParser):
    """Checks that tags close in order, and collects text, bars and links."""

    VOID = {"meta", "br"}

    def __init__(self):
        super().__init__()
        self.open, self.bars, self.text, self.outside = [], [], "", []
        self.good = True

    def handle_startendtag(self, tag, attributes):
        if tag == "rect":
            self.bars.append(dict(attributes))

    def handle_starttag(self, tag, attributes):
        if tag not in self.VOID:
            self.open.append(tag)
        self.outside += [value for key, value in attributes
                         if key in ("src", "href")]

    def handle_endtag(self, tag):
        self.good &= bool(self.open) and self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def report(t, text, results):
    """One file, whole, with a bar from 0 for each row, as long as it says."""
    page = Page()
    page.feed(text)
    t.ok(page.good and not page.open, "HTML: every tag closes", page.open)
    t.ok(not page.outside and "<script" not in text and "url(" not in text,
         "HTML: needs no other file", page.outside)
    t.ok("prefers-color-scheme" in text, "HTML: by day and by night")
    rows = rows_of(results, place="qemu")
    t.equal(len(page.bars), len(rows), "HTML: a bar a row")
    longest = max(row["value"]["value"] for row in rows)
    full = max(float(bar["width"]) for bar in page.bars)
    t.ok(all(abs(float(bar["width"]) - full * row["value"]["value"] / longest)
             < 0.2 for bar, row in zip(page.bars, rows)),
         "HTML: bars are as long as their numbers", page.bars)
    t.ok(all(f"{row['value']['value']:,}" in page.text for row in rows
             if row["detail"] == "reply"), "HTML: and their numbers beside")
    t.ok(results["places"]["qemu"]["versions"]["commit"] in page.text,
         "HTML: of which commit")


def privileged(t, calls, rows):
    """What QEMU's plugin saw from outside: a root is changed there and back, or
    not at all; and watching changes no count."""
    if calls[0]["privileged"] is None:
        t.skip("privileged instructions", "this QEMU takes no plugin")
        return
    t.equal([row["privileged"]["cr3_writes"] for row in calls],
            [0, 2, 0, 2, 2], "CR3 is written where roots differ")
    t.ok(all(row["privileged"]["syscalls"] >= 2 for row in calls),
         "a call and a receive at least", calls)
    with tempfile.TemporaryDirectory(suffix=",x") as folder:
        run = bench("call", "--engine", "qemu", "--no-peers", "--repeat", "5",
                    "--json", "-", env={"TMPDIR": folder})
    plain = rows_of(run.json, place="qemu")
    t.ok(all(row["privileged"] is None for row in plain) and
         "TMPDIR" in run.json["places"]["qemu"]["privileged_reason"],
         "without the plugin: null, with the reason", run)
    t.equal([row["value"]["min"] for row in plain],
            [row["value"]["min"] for row in rows], "the plugin changes no count")


def everything(t):
    """Every operation has a guest that tells all its rows, and what each part of
    a life costs is less than the whole."""
    run = bench("--engine", "qemu", "--no-peers", "--repeat", "3", "--json",
                "-")
    if run.code == 77:
        return
    t.equal(run.code, 0, "all operations", run)
    valid(t, run.json, "all operations")
    rows = rows_of(run.json, place="qemu")
    bare = rows_of(run.json, place="qemu-no-fsgsbase")
    t.ok([(row["subject"], row["detail"]) for row in rows] ==
         [(row["subject"], row["detail"]) for row in bare] and
         all(row["privileged"]["base_writes"] == 0 for row in bare
             if row["privileged"]), "the same without FSGSBASE, unused", bare)
    t.equal([(row["operation"], row["subject"], row["detail"]) for row in rows
             if row["value"]["value"] is None], [("revoke", "tis", "range")],
            "blank is only what a TIS may not do")
    t.ok(all(row["value"]["n"] == 3 for row in rows
             if row["value"]["value"] is not None), "three samples each")
    t.ok(not any(row["privileged"] is None for row in rows
                 if row["value"]["value"] is not None) or
         run.json["places"]["qemu"]["privileged_reason"],
         "privileged instructions of each, or the reason", run)
    for kind in KINDS:
        cost = {row["detail"]: row["value"]["value"] for row in rows
                if (row["operation"], row["subject"]) == ("create", kind)}
        whole, parts = cost.pop("life"), sum(cost.values())
        t.ok(len(cost) == 3 and whole * 0.9 < parts < whole * 1.1,
             f"{kind}: the parts of a life are the whole", cost)
    wake = {row["subject"]: row["value"]["value"] for row in rows
            if row["detail"] in ("wake", "signal")}
    t.ok(all(wake["self"] < wake[kind] for kind in KINDS),
         "waking costs more than a signal that nobody waits for", wake)


def ended(t):
    """A guest that takes too long, and Ctrl-C: what is known is told, and
    nothing stays behind."""
    with tempfile.TemporaryDirectory() as folder:
        run = bench("call", "--engine", "qemu", "--no-peers", "--repeat",
                    "10000", "--timeout", "200ms", "--json", "-",
                    env={"TMPDIR": folder})
        if run.code == 77:
            return
        t.ok(run.code == 124 and "--timeout" in run.err and
             all("failed" in row["value"]["reason"] for row in
                 run.json["rows"]), "a guest that takes too long: 124", run)
        with subprocess.Popen(
                [ambit.AMBIT, "bench", "--engine", "qemu", "--no-peers",
                 "--repeat", "10000", "--json", "-"], text=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                env={**os.environ, "TMPDIR": folder}) as process:
            end = time.monotonic() + 30
            while time.monotonic() < end and not any(
                    name.endswith(".out") for _, _, names in os.walk(folder)
                    for name in names):
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        rows = json.loads(out)["rows"]
        t.ok(process.returncode == 130 and
             all(row["value"]["value"] is None for row in rows if
                 row["operation"] == "revoke") and
             any("interrupted" in row["value"].get("reason", "")
                 for row in rows), "interrupted: 130, and what is known", err)
        t.equal(os.listdir(folder), [], "nothing stays in TMPDIR")
        t.equal(ambit.processes(f"TMPDIR={folder}"), [], "and nobody")


def least(out):
    """The least sample of each series that a guest printed."""
    return {line.split(" : ")[0]: min(map(int, line.split(" : ")[1].split()))
            for line in out.splitlines() if "| sample " in line}


def kept(t):
    """What stays with --keep: a config that runs again, and its samples."""
    with tempfile.TemporaryDirectory() as folder:
        place = os.path.join(folder, "kept")
        run = bench("call", "--engine", "qemu", "--no-peers", "--repeat", "2",
                    "--keep", place, "--json", "-")
        if run.code == 77:
            return
        again = ambit.run("run", os.path.join(place, "call-qemu.yaml"),
                          "--engine", "qemu", "--icount")
        with open(os.path.join(place, "call-qemu.out"),
                  encoding="utf-8") as file:
            first = least(file.read())
        t.ok(again.code == 0 and len(first) == 13 and
             least(again.out) == first,
             "a kept config runs again, with the same samples", again)
        run = bench("call", "--keep", place)
        t.ok(run.code == 3 and "exists" in run.err.lower(),
             "a folder that is there already is left alone", run)


def no_kernel(t, folder):
    """No kernel for the peers, or something that is none: the rest runs, and
    only who named it gets 77."""
    path = os.path.join(folder, "vmlinuz")
    if not glob.glob("/boot/vmlinuz-*"):
        run = bench("call", "--engine", "qemu", "--repeat", "2", "--json", "-")
        t.ok(run.code == 0 and "no Linux kernel" in run.err and
             "--linux FILE" in run.err, "no kernel in /boot: said, no error",
             run)
    for content, says in ((None, "cannot be read"), ("no kernel", "bzImage")):
        if content:
            with open(path, "w", encoding="utf-8") as file:
                file.write(content)
        run = bench("call", "--engine", "qemu", "--repeat", "2", "--json", "-",
                    "--linux", path)
        t.ok(run.code == 77 and says in run.err, f"--linux: {says}: 77", run)
        t.ok(all(says in row["value"]["reason"] for row in
                 rows_of(run.json, place="linux")) and
             all(row["value"]["n"] == 2 for row in
                 rows_of(run.json, place="qemu")),
             f"--linux: {says}: Ambit's rows are there", run)


def native(t):
    """The peers on this host, whatever becomes of kvm."""
    run = bench("create", "file-read", "--engine", "kvm", "--repeat", "5",
                "--json", "-")
    rows = rows_of(run.json or {"rows": []}, place="host")
    t.ok(len(rows) == 8 and all(row["system"] == "linux" for row in rows),
         "the peers of two operations", run)
    valid(t, run.json, "native")
    for row in rows:
        if row["value"]["value"] is not None:
            stat(t, row)
    kvm = rows_of(run.json or {"rows": []}, place="kvm")
    t.ok(run.code == 77 or (kvm and all(
        row["value"]["n"] == 5 and row["value"]["unit"] == "ns" and
        row["value"]["min"] > 0 for row in kvm)),
         "times on kvm, or 77", run)
    peers = {row["subject"]: row["value"]["min"] for row in rows
             if row["value"]["value"] is not None}
    t.ok(0 < peers["pthread"] < peers["fork"] < peers["vfork-exec"],
         "a thread is cheaper than a fork, and that than a new program", peers)


def main():
    t = ambit.Test()
    usage(t)
    no_engine(t)
    counted(t)
    everything(t)
    native(t)
    ended(t)
    kept(t)
    with tempfile.TemporaryDirectory() as folder:
        no_kernel(t, folder)
    t.done()


if __name__ == "__main__":
    main()
