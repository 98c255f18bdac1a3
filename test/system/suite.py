#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""suite.py FOLDER: `ambit test` on folders made up for it: what passes, fails,
is skipped, hangs, floods and is interrupted; its reports; nothing left behind.
FOLDER has system.elf."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as xml

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402

HEAD = "ambit: 1\ndomains:\n"
GOOD = HEAD + "  app: {program: hello, args: [x], expect: {exit: 0}}\n"
BAD = HEAD + "  app: {program: hello, expect: {exit: 3}}\n"
DENY = (HEAD + "  app: {program: hello}\n  one: {parent: app, kind: thread}\n"
        "assert: {closed: {deny: {from: one, to: app.heap, access: r}}}\n")
SPIN = HEAD + "  app: {program: ./system.elf, entry: spin_main}\n"
FLOOD = (HEAD + "  app: {program: ./system.elf, entry: flood_main, "
         "args: [\"%d\"], expect: {exit: %d}}\n")
SUMMARY = re.compile(r"(\d+) passed, (\d+) failed, (\d+) skipped")
SHAPE = {  # what Jenkins' and GitHub's readers know
    "testsuites": {"name", "tests", "failures", "errors", "skipped", "time"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time",
                  "timestamp", "hostname"},
    "testcase": {"name", "classname", "time"},
    "failure": {"message", "type"}, "error": {"message", "type"},
    "skipped": {"message"}}


class Folder:
    """A folder of configs, and what is left behind by tests of it."""

    def __init__(self, built, **configs):
        self.traces = ambit.Traces()
        self.built, self.configs = built, configs

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="suite-")
        shutil.copy(os.path.join(self.built, "system.elf"), self.path)
        for name, text in self.configs.items():
            self.add(name + ".yaml", text)
        self.traces.__enter__()
        return self

    def __exit__(self, *what):
        self.traces.__exit__(*what)
        shutil.rmtree(self.path)

    def add(self, name, text):
        path = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def test(self, *arguments, operand=None, **options):
        return ambit.run("test", operand or self.path, *arguments,
                         env=self.traces.env, timeout=120, **options)

    def file(self, name):
        return os.path.join(self.path, name)


def tally(run):
    """The last line, alone, as numbers."""
    last = run.out.splitlines()[-1] if run.out else ""
    match = SUMMARY.fullmatch(last)
    return tuple(map(int, match.groups())) if match else last


def judge(t, what, run, code, counts):
    t.ok((run.code, tally(run)) == (code, counts), what,
         f"wanted {code} and {counts}\n{run}")


def check_shape(t, path, counts):
    """JUnit as it is read: known elements and attributes, right counts."""
    root = xml.parse(path).getroot()
    wrong = []
    for element in root.iter():
        known = SHAPE.get(element.tag)
        if known is None or set(element.attrib) != known:
            wrong.append((element.tag, element.attrib))
    cases = list(root.iter("testcase"))
    failed = [case for case in cases
              if case.find("failure") is not None or
              case.find("error") is not None]
    skipped = [case for case in cases if case.find("skipped") is not None]
    t.equal(wrong, [], "junit: elements and attributes")
    t.equal((len(cases) - len(failed) - len(skipped), len(failed),
             len(skipped)), counts, "junit: counts")
    for group in [root, *root.findall("testsuite")]:
        own = list(group.iter("testcase"))
        t.ok(int(group.get("tests")) == len(own) and
             int(group.get("failures")) ==
             len(list(group.iter("failure"))) and
             int(group.get("errors")) == len(list(group.iter("error"))) and
             int(group.get("skipped")) == len(list(group.iter("skipped"))),
             f"junit: {group.get('name')} counts its own", group.attrib)
    return cases


def check_tap(t, text, counts):
    lines = text.splitlines()
    points = [line for line in lines if re.match(r"(not )?ok \d", line)]
    t.equal(lines[:2], ["TAP version 13", f"1..{sum(counts)}"], "tap: plan")
    t.equal([int(re.search(r"\d+", line)[0]) for line in points],
            list(range(1, sum(counts) + 1)), "tap: numbers")
    skips = [line for line in points if " # SKIP " in line]
    fails = [line for line in points if line.startswith("not ok")]
    t.equal((len(points) - len(skips) - len(fails), len(fails), len(skips)),
            counts, "tap: counts")


def outcomes(t, built, engine):
    with Folder(built, a=GOOD, b=BAD, c=DENY, d="ambit: 2\n", e=BAD + "test: "
                "{exit: 1, says: [expected exit 3]}\n", f=GOOD +
                "test: {says: [nobody says this]}\n") as folder:
        junit, tap = folder.file("j.xml"), folder.file("t.tap")
        results = folder.file("results/of/these")
        run = folder.test("--engine", engine, "--junit", junit, "--tap", tap,
                          "--results", results, "--jobs", "4")
        judge(t, "passed and failed ones", run, 5, (2, 4, 0))
        lines = run.out.splitlines()
        heads = [line for line in lines if
                 line.startswith(("ok ", "FAILED ", "SKIP "))]
        t.equal([head.split(" (")[0].split(":")[0] for head in heads],
                [f"ok a.{engine}", f"FAILED b.{engine}", f"FAILED c.{engine}",
                 "FAILED d", f"ok e.{engine}", f"FAILED f.{engine}"],
                "one line each, in order", run)
        for says in ("exit code 1 (an expectation missed) instead of 0",
                     "exit code 5 (isolation violated) instead of 0",
                     "the config cannot be used", "    " + folder.file(
                         "d.yaml") + ":1:8:", "does not say 'nobody says",
                     "slowest: ", f"failed: b.{engine}"):
            t.ok(says in run.out, f"says '{says}'", run)
        cases = check_shape(t, junit, (2, 4, 0))
        t.equal([case.get("name") for case in cases if case.find("error")
                 is not None], ["d"], "junit: a bad config is an error")
        with open(tap, encoding="utf-8") as file:
            check_tap(t, file.read(), (2, 4, 0))
        t.equal(sorted(os.listdir(results)),
                [f"{name}.{engine}.json" for name in "abcef"], "results")
        run = folder.test("--engine", engine, "--filter", "[ae].*", "--quiet")
        t.equal((run.code, run.out), (0, "2 passed, 0 failed, 0 skipped\n"),
                "--filter and --quiet", run)
        run = folder.test("--engine", engine, "--filter", "a.", "--tap", "-")
        check_tap(t, run.out, (1, 0, 0))
        t.ok(run.err.endswith("1 passed, 0 failed, 0 skipped\n"),
             "with --tap -, the rest goes to standard error", run)
    t.equal(folder.traces.left, [], "nothing is left behind")


def controls(t, built, engine):
    test = ("test:\n  controls:\n    other: {set: {domains.app.args: [y], "
            "domains.app.expect.exit: 3}, exit: 1}\n")
    blind = "test: {controls: {blind: {set: {seed: 5}, exit: 1}}}\n"
    guard = "test: {guards: {quota-limit: 1}}\n"
    with Folder(built, a=GOOD + test, b=GOOD + blind, c=GOOD + guard
                ) as folder:
        run = folder.test("--engine", engine)
        judge(t, "controls and guards", run, 1, (4, 2, 0))
        for says in (f"ok a.{engine} control other",
                     "the test does not notice what its control changes",
                     f"FAILED c.{engine} without quota-limit",
                     "it is stopped without the guard, too"):
            t.ok(says in run.out, f"says '{says}'", run)


def ends(t, built, engine):
    with Folder(built, spin=SPIN, late=SPIN + "test: {exit: 124, timeout: "
                "500ms}\n", only=GOOD + "test: {engines: [qemu]}\n") as folder:
        run = folder.test("--engine", engine, "--filter", "spin", "--timeout",
                          "1s")
        judge(t, "a timeout", run, 124, (0, 1, 0))
        run = folder.test("--engine", engine, "--filter", "late")
        judge(t, "a timeout that is expected", run, 0, (1, 0, 0))
        run = folder.test("--engine", "kvm", "--filter", "only")
        judge(t, "another engine's test is skipped", run, 77, (0, 0, 1))
        run = folder.test("--engine", engine, "--filter", "late", "--require",
                          "engine=" + ("kvm" if engine == "qemu" else "qemu"))
        judge(t, "what is required is missing", run, 77, (0, 0, 1))
        t.ok("SKIP late" in run.out and "required engine=" in run.out,
             "a skip says why", run)
        for name in ("a", "b"):
            folder.add(f"good/{name}.yaml", GOOD)
        run = folder.test("--engine", "all", "--require", f"engine={engine}",
                          operand=folder.file("good"))
        t.ok(run.code == 77 and tally(run)[0] == 2,
             "some skipped although something is required: 77", run)
    t.equal(folder.traces.left, [], "nothing is left behind")


def floods(t, built, engine):
    """Bounded memory, whole lines, no mixing."""
    with Folder(built, **{f"f{i}": FLOOD % (20000, i) for i in range(4)}
                ) as folder:
        run = folder.test("--engine", engine, "--jobs", "4", "--junit",
                          folder.file("j.xml"))
        judge(t, "floods", run, 1, (1, 3, 0))
        cases = check_shape(t, folder.file("j.xml"), (1, 3, 0))
        texts = [case.find("failure").text for case in cases[1:]]
        t.ok(all(len(text) < 100000 and "bytes left out]" in text and
                 "the flood is over" in text for text in texts),
             "beginning and end are kept", [len(text) for text in texts])
        mixed = [line for text in texts for line in text.splitlines()
                 if line.startswith("app| ") and not
                 re.fullmatch(r"app\| (\d{6} [a-z]*|the flood is over)", line)]
        t.ok(len(mixed) <= 2 * len(texts), "outputs do not mix", mixed[:5])
    t.equal(folder.traces.left, [], "nothing is left behind")


def start(folder, *arguments):
    return subprocess.Popen(
        [ambit.AMBIT, "test", folder.path, *arguments], text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, **folder.traces.env})


def children(process):
    """The runs of a test that is under way, in the order of their numbers."""
    path = f"/proc/{process.pid}/task/{process.pid}/children"
    found = []
    with open(path, encoding="ascii") as file:
        pids = file.read().split()
    for pid in pids:
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                if file.read().split(b"\0")[1:2] == [b"run"]:
                    found.append(int(pid))
        except OSError:
            continue
    return sorted(found)


def wait_for(condition, seconds=40):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    return None


def finish(process):
    out, err = process.communicate(timeout=60)
    return ambit.Run(process.returncode, out, err)


def interrupts(t, built, engine):
    for name, number in (("SIGINT", signal.SIGINT), ("SIGTERM",
                                                     signal.SIGTERM)):
        with Folder(built, a=GOOD, b=SPIN, c=SPIN, d=GOOD) as folder:
            junit = folder.file("j.xml")
            process = start(folder, "--engine", engine, "--jobs", "2",
                            "--junit", junit)
            first = process.stdout.readline()
            t.ok(first.startswith(f"ok a.{engine}"), f"{name}: one passed",
                 first)
            t.ok(wait_for(lambda: len(children(process)) == 2), "two run")
            process.send_signal(number)
            run = finish(process)
            judge(t, name, run, 130, (1, 0, 0))
            t.ok("interrupted: 3 did not end" in run.out, "says so", run)
            cases = check_shape(t, junit, (1, 0, 3))
            t.equal([case.find("skipped").get("message") for case in cases[1:]],
                    ["interrupted", "interrupted", "not run: interrupted"],
                    "junit: what did not end")
        t.equal(folder.traces.left, [], f"{name}: nothing is left behind")


def crashes(t, built, engine):
    with Folder(built, a=SPIN, b=GOOD) as folder:
        process = start(folder, "--engine", engine, "--jobs", "1")
        pids = wait_for(lambda: children(process))
        t.ok(pids, "it runs")
        os.kill(pids[0], signal.SIGKILL)
        run = finish(process)
        judge(t, "a run that crashes", run, 3, (1, 1, 0))
        t.ok("ended by signal 9" in run.out, "says so", run)
    t.equal(folder.traces.left, [], "its QEMU is gone")
    with Folder(built, a=SPIN) as folder:
        process = start(folder, "--engine", engine, "--timeout", "1s")
        pids = wait_for(lambda: children(process))
        os.kill(pids[0], signal.SIGSTOP)
        run = finish(process)
        judge(t, "a run that hangs", run, 124, (0, 1, 0))
        t.ok("was killed" in run.out, "says so", run)
    t.equal(folder.traces.left, [], "it is gone")
    with Folder(built, a=SPIN, b=SPIN) as folder:
        process = start(folder, "--engine", engine)
        wait_for(lambda: len(children(process)) == 2)
        process.kill()
        process.communicate()
        t.ok(wait_for(lambda: not ambit.processes(folder.traces.token)),
             "killed itself, its runs go with it")
        shutil.rmtree(folder.traces.folder)
        os.mkdir(folder.traces.folder)


def refused(t, what, code, says, run):
    t.ok(run.code == code and says in run.err and not run.out and
         len(ambit.messages(run.err)) == 1, f"{what}: {code}",
         f"wanted {code}, '{says}'\n{run}")


def bad_input(t, built, engine):
    with Folder(built, a=GOOD) as folder:
        os.mkdir(folder.file("empty"))
        os.mkdir(folder.file("empty/.hidden"))
        folder.add("empty/.hidden/x.yaml", GOOD)
        refused(t, "an empty folder", 2, "no *.yaml in",
                ambit.run("test", folder.file("empty")))
        refused(t, "no such folder", 2, "No such file",
                ambit.run("test", folder.file("none")))
        refused(t, "nothing named", 2, "DIR or FILE", ambit.run("test"))
        refused(t, "standard input", 2, "standard input",
                ambit.run("test", "-"))
        for option in ("--junit", "--tap"):
            for path in (folder.file("none/x"), folder.file("empty"),
                         "/proc/x"):
                refused(t, f"{option} {path}", 3, f"cannot write {path}",
                        folder.test(option, path))
        refused(t, "--results", 3, "/proc/x",
                folder.test("--results", "/proc/x/y"))
        run = folder.test("--engine", engine, "--junit", "/dev/full")
        t.ok(run.code == 3 and "cannot write /dev/full: No space" in run.err,
             "a full disk", run)
        for bad in ("0", "-1", "x", "257"):
            refused(t, f"--jobs {bad}", 2, "jobs",
                    folder.test(f"--jobs={bad}"))
        refused(t, "unknown option", 2, "did you mean '--junit'",
                folder.test("--juint", "x"))
        refused(t, "junit on standard output", 2, "--junit wants a path",
                folder.test("--junit", "-"))
        refused(t, "unknown engine", 2, "qemu or all",
                folder.test("--engine", "xen"))
        refused(t, "a filter that nothing matches", 2, "--filter 'zzz'",
                folder.test("--filter", "zzz"))
        refused(t, "arguments for a program", 2, "passes no arguments",
                folder.test("--", "x"))
        refused(t, "two of a name", 2, "the same name",
                ambit.run("test", folder.file("a.yaml"),
                          folder.file("empty/.hidden/../../a.yaml")))
        t.equal(sorted(os.listdir(folder.path)),
                ["a.yaml", "empty", "system.elf"], "no file was made")
    t.equal(folder.traces.left, [], "nothing is left behind")


def names(t, built, engine):
    odd = ["<&>\"'", "a b#c", "new\nline", "esc\x1b[2J", "umlaut-ä", "sub/x"]
    with Folder(built, **{name: GOOD for name in odd}) as folder:
        junit, results = folder.file("j.xml"), folder.file("r")
        run = folder.test("--engine", engine, "--junit", junit, "--tap",
                          folder.file("t.tap"), "--results", results)
        judge(t, "odd names", run, 0, (len(odd), 0, 0))
        t.ok("\x1b" not in run.out, "no control character passes", run)
        cases = check_shape(t, junit, (len(odd), 0, 0))
        t.equal(sorted(case.get("name") for case in cases), sorted(
            name.replace("\n", "\\x0a").replace("\x1b", "\\x1b") +
            f".{engine}" for name in odd), "junit: names")
        with open(folder.file("t.tap"), encoding="utf-8") as file:
            text = file.read()
        check_tap(t, text, (len(odd), 0, 0))
        t.ok(f"a b\\#c.{engine}\n" in text, "tap: # is escaped", text)
        found = sorted(os.path.relpath(os.path.join(at, name), results)
                       for at, _, files in os.walk(results) for name in files)
        t.equal(found, sorted(f"{name}.{engine}.json" for name in odd),
                "results of each")
    t.equal(folder.traces.left, [], "nothing is left behind")


def reasons(t, built, engine):
    """What a config wanted to hear, and what a domain's program is called,
    reach reports as text that can be read, however long."""
    said = GOOD + 'test: {says: ["\\e[31m\\x01 \\uFFFE' + "é" * 300 + '"]}\n'
    with Folder(built, a=said, b=said.replace("\\e", "\\ex")) as folder:
        junit = folder.file("j.xml")
        run = folder.test("--engine", engine, "--junit", junit)
        judge(t, "odd reasons", run, 1, (0, 2, 0))
        t.ok("\x1b" not in run.out and "\x01" not in run.out,
             "no control character passes", run)
        t.ok("does not say '\\x1b[31m\\x01 " in run.out, "it is shown escaped",
             run)
        check_shape(t, junit, (0, 2, 0))


def without_proc(t, built):
    if ambit.sanitized():
        return  # a sanitizer's runtime needs /proc itself
    inside = ("unshare", "-m", "sh", "-c",
              'mount -t tmpfs none /proc && exec "$0" "$@"')
    if os.geteuid() != 0 or ambit.run("--version", before=inside).code != 0:
        t.skip("without /proc", "no mount namespaces for this user")
        return
    with Folder(built, a=GOOD) as folder:
        run = folder.test("--engine", "kvm", before=inside)
        t.ok(run.code in (0, 77) and "ok a.kvm" in run.out or
             "SKIP a.kvm" in run.out, "without /proc it finds itself", run)


def main():
    built = sys.argv[1]
    t = ambit.Test()
    usable = [engine for engine in ("qemu", "kvm") if ambit.run(
        "run", os.path.join(ambit.ROOT, "domains/examples/hello.yaml"),
        "--engine", engine, "--quiet").code != 77]
    if not usable:
        ambit.skip_all("no usable engine")
    engine = usable[0]
    outcomes(t, built, engine)
    controls(t, built, engine)
    ends(t, built, engine)
    floods(t, built, engine)
    interrupts(t, built, engine)
    crashes(t, built, engine)
    bad_input(t, built, engine)
    names(t, built, engine)
    reasons(t, built, engine)
    without_proc(t, built)
    t.done()


if __name__ == "__main__":
    main()
