#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""test_module.py Unit|Real [MODULE]: tests of tools/ambit.py, on a made-up
`ambit` that does as it is told, and on the real one ($AMBIT). MODULE: another
copy of it, as it is installed."""

import importlib.util
import io
import json
import os
import re
import stat
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
MODULE = os.path.join(ROOT, "tools", "ambit.py")
HELLO = os.path.join(ROOT, "domains", "examples", "hello.yaml")
SPECTRUM = os.path.join(ROOT, "domains", "examples", "spectrum.yaml")
# Writes $RESULTS, says $SAYS, ends with $CODE after $WAIT seconds.
FAKE = '''#!/bin/sh
printf '%s\\n' "$@" >"$LOG"
sleep "${WAIT:-0}"
cat >>"$LOG"
printf '%s' "$RESULTS"
printf '%s' "$SAYS" >&2
exit "$CODE"
'''
GOOD = {"schema": 1, "exit": 0, "domains": [
    {"name": "app", "create": {"value": 12, "unit": "cycles", "source": "tsc"},
     "observations": {"a b": "rw", "n": {"value": 3, "unit": "count"}},
     "outcome": {"kind": "exit", "code": 0}},
    {"name": "idle", "create": {"value": None, "unit": "instructions",
                                "reason": "not counted"}}]}


def load(path):
    spec = importlib.util.spec_from_file_location("ambit", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Unit(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.fake = os.path.join(self.folder.name, "ambit")
        self.log = os.path.join(self.folder.name, "log")
        with open(self.fake, "w", encoding="utf-8") as file:
            file.write(FAKE)
        os.chmod(self.fake, stat.S_IRWXU)
        self.answer(0, GOOD)

    def answer(self, code, results=None, says="", wait=0):
        os.environ.update({
            "LOG": self.log, "CODE": str(code), "SAYS": says,
            "WAIT": str(wait),
            "RESULTS": "" if results is None else json.dumps(results)})

    def run_it(self, *arguments, **options):
        return ambit.run(*arguments, binary=self.fake, **options)

    def told(self):
        with open(self.log, encoding="utf-8") as file:
            return file.read().splitlines()

    def test_command_line(self):
        self.run_it("x.yaml", {"a.b": "8MiB", "c": 7, "d": None, "e": ["x"],
                               "f": ambit.Yaml("{new: 8MiB}")},
                    args=["--size", 5], seed=3, timeout=1.5, engine="qemu",
                    icount=True, require=["ring0=tcg"], without_guard="g")
        self.assertEqual(self.told(), [
            "run", "x.yaml", "--json=-", '--set=a.b="8MiB"', "--set=c=7",
            "--set=d=null", '--set=e=["x"]', "--set=f={new: 8MiB}",
            "--engine=qemu", "--seed=3", "--without-guard=g",
            "--require=ring0=tcg", "--icount", "--timeout=1500ms", "--",
            "--size", "5"])

    def test_config_as_dict(self):
        config = {"ambit": 1, "domains": {"app": {"program": "hello"}}}
        self.run_it(config)
        self.assertEqual(self.told()[:2], ["run", "-"])
        self.assertEqual(json.loads(self.told()[-1]), config)

    def test_repeat_and_seeds(self):
        runs = self.run_it("x.yaml", repeat=3, seed=5)
        self.assertEqual(len(runs), 3)
        self.assertIn("--seed=7", self.told())
        self.assertEqual(runs.numbers("domains", "app", "create"), [12] * 3)
        self.assertEqual(runs.median("domains", "app", "create"), 12)
        self.assertEqual(runs.spread("domains", "app", "create"), (12, 12))

    def test_looking_into_results(self):
        found = self.run_it("x.yaml")[0]
        self.assertTrue(found.met and found.exit == 0)
        self.assertEqual(found.at("domains", 0, "outcome", "kind"), "exit")
        self.assertEqual(found.cell("app", "a b"), "rw")
        self.assertEqual(found.cell("app", "n"), 3)
        self.assertEqual(found.number("exit"), 0)
        for keys in (("domains", "nobody"), ("nothing",), ("exit", "x"),
                     ("domains", 9)):
            with self.assertRaisesRegex(KeyError, f"no .*{keys[-1]}"):
                found.at(*keys)
        with self.assertRaisesRegex(ambit.NoValueError, "not counted"):
            found.number("domains", "idle", "create")
        self.assertEqual(
            found.number("domains", "app", "create", unit="cycles"), 12)
        with self.assertRaisesRegex(ambit.NoValueError, "cycles, not ns"):
            found.number("domains", "app", "create", unit="ns")
        with self.assertRaisesRegex(ambit.NoValueError, "no number"):
            found.number("domains", "app", "name")

    def test_each_exit_code_is_an_exception(self):
        for code, kind in ((1, ambit.MissedError), (2, ambit.ConfigError),
                           (3, ambit.HostError), (4, ambit.PanicError),
                           (5, ambit.ViolatedError),
                           (77, ambit.UnavailableError),
                           (124, ambit.TimeoutError),
                           (130, ambit.InterruptedError),
                           (99, ambit.HostError)):
            self.answer(code, {**GOOD, "exit": code}, f"code {code}\n")
            with self.subTest(code=code), self.assertRaises(kind) as caught:
                self.run_it("x.yaml")
            self.assertIs(type(caught.exception), kind)
            self.assertEqual(caught.exception.exit_code, code)
            self.assertEqual(caught.exception.stderr, f"code {code}\n")
            self.assertEqual(caught.exception.results["exit"], code)
            self.assertIn(f"code {code}", str(caught.exception))
            self.assertEqual(caught.exception.argv[0], self.fake)

    def test_unchecked_runs_are_returned(self):
        for code in (1, 4, 5, 124):
            self.answer(code, {**GOOD, "exit": code})
            found = self.run_it("x.yaml", check=False)[0]
            self.assertTrue(found.exit == code and not found.met)
        for code in (2, 3, 77, 130):
            self.answer(code, {**GOOD, "exit": code})
            with self.assertRaises(ambit.AmbitError):
                self.run_it("x.yaml", check=False)
        self.answer(5, None)
        with self.assertRaises(ambit.ViolatedError):
            self.run_it("x.yaml", check=False)

    def test_no_results_is_an_error(self):
        for text in (None, [1]):
            self.answer(0, text)
            with self.assertRaisesRegex(ambit.HostError, "no results"):
                self.run_it("x.yaml")

    def test_one_that_never_ends(self):
        self.answer(0, GOOD, wait=30)
        grace, ambit.GRACE = ambit.GRACE, 0.2
        self.addCleanup(setattr, ambit, "GRACE", grace)
        with self.assertRaisesRegex(ambit.HostError, "did not end"):
            self.run_it("x.yaml", timeout="100ms")

    def test_no_ambit(self):
        with self.assertRaisesRegex(ambit.HostError, "cannot run"):
            ambit.run("x.yaml", binary="/nowhere/ambit")

    def test_arguments_that_make_no_sense(self):
        with self.assertRaisesRegex(TypeError, "enginee"):
            self.run_it("x.yaml", enginee="kvm")
        for repeat in (0, -1, 1.5, True, "2"):
            with self.assertRaises(ValueError):
                self.run_it("x.yaml", repeat=repeat)
        for timeout in ("5", "5h", "s", "1.5s", ""):
            with self.assertRaises(ValueError):
                self.run_it("x.yaml", timeout=timeout)

    def test_lines(self):
        path = os.path.join(self.folder.name, "lines.jsonl")
        runs = self.run_it("x.yaml", repeat=2)
        ambit.write_lines(path, runs)
        self.assertEqual(ambit.read_lines(path), runs)
        self.assertIsInstance(ambit.read_lines(path)[0], ambit.Results)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(len(file.readlines()), 2)
        with self.assertRaises(TypeError):
            ambit.write_lines(path, [{"x": object()}])
        self.assertEqual(ambit.read_lines(path), runs, "the old ones stay")
        self.assertNotIn(".part", "".join(os.listdir(self.folder.name)))

    def test_lines_that_are_none(self):
        good = json.dumps(GOOD)
        for bad in ("{", "[]", "7", '{"schema": 2}', "{}"):
            with self.assertRaisesRegex(ValueError, ":3: no results"):
                ambit.read_lines(io.StringIO(f"{good}\n\n{bad}\n"))
        self.assertEqual(ambit.read_lines(io.StringIO("")), [])

    def test_vary(self):
        self.assertEqual(list(ambit.vary({"a": [1, 2], "b": ["x"]})),
                         [{"a": 1, "b": "x"}, {"a": 2, "b": "x"}])
        self.assertEqual(list(ambit.vary({})), [{}])

    def test_table(self):
        self.assertEqual(ambit.table(["kind", "n"], [["tis", 7],
                                                     ["process", 123]]),
                         "kind       n\ntis        7\nprocess  123")

    def command(self, *arguments):
        return subprocess.run(
            [sys.executable, "-B", ambit.__file__, *arguments],
            capture_output=True, text=True, check=False,
            env={**os.environ, "AMBIT": self.fake})

    def test_as_a_command(self):
        done = self.command("x.yaml", "--vary", "a=tis,process", "--repeat",
                            "2", "--set", "b={new: 1MiB}")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(len(ambit.read_lines(io.StringIO(done.stdout))), 4)
        self.assertIn("--set=a=process", self.told())
        self.assertIn("--set=b={new: 1MiB}", self.told())
        out = os.path.join(self.folder.name, "out")
        self.assertEqual(self.command("x.yaml", "--out", out).returncode, 0)
        self.assertEqual(ambit.read_lines(out), [GOOD])

    def test_the_command_ends_as_ambit_does(self):
        for code, lines in ((1, 1), (5, 1), (2, 0), (77, 0)):
            self.answer(code, {**GOOD, "exit": code}, "ambit: why\n")
            done = self.command("x.yaml")
            self.assertEqual(done.returncode, code)
            self.assertEqual(len(done.stdout.splitlines()), lines)
            self.assertEqual("ambit: why" in done.stderr, not lines)
        self.answer(0, GOOD)
        for bad in (["x.yaml", "--repeat", "0"], ["x.yaml", "--set", "a"], [],
                    ["x.yaml", "--timeout", "5"]):
            self.assertEqual(self.command(*bad).returncode, 2)
        full = self.command("x.yaml", "--out", "/dev/full")
        self.assertEqual(full.returncode, 3)
        self.assertEqual(len(full.stderr.splitlines()), 1)


class Real(unittest.TestCase):
    def test_hello(self):
        runs = ambit.run(HELLO, repeat=2, timeout="60s")
        self.assertEqual(runs[0].at("domains", "app", "outcome", "code"), 0)
        self.assertNotEqual(runs[0]["id"], runs[1]["id"])

    def test_two_kinds_compared(self):
        costs = [ambit.run(SPECTRUM, {"domains.child.kind": kind},
                           engine="qemu", icount=True)
                 .median("domains", "child", "create")
                 for kind in ("process", "pir")]
        self.assertTrue(0 < costs[0] < costs[1], costs)

    def test_what_is_not_counted(self):
        found = ambit.run(SPECTRUM, engine="qemu")[0]
        with self.assertRaises(ambit.NoValueError):
            found.number("domains", "child", "observations",
                         "call instructions", unit="instructions")

    def test_errors(self):
        with self.assertRaisesRegex(ambit.ConfigError, "did you mean 'tis'"):
            ambit.run(HELLO, {"domains.app.kind": "tiz"})
        with self.assertRaises(ambit.ViolatedError) as caught:
            ambit.run(SPECTRUM, {"domains.worker.kind": "tis"})
        self.assertFalse(caught.exception.results.at(
            "asserts", "control-stack", "held"))
        with self.assertRaises(ambit.UnavailableError):
            ambit.run(HELLO, engine="qemu", require=["ring0=hardware"])

    def test_config_as_dict(self):
        found = ambit.run({"ambit": 1, "domains": {"app": {
            "program": "hello", "args": ["you"],
            "compose": {"files": {"new": {"host": "./data"}}}}}},
            folder=os.path.dirname(HELLO))[0]
        self.assertTrue(found.met)

    def test_example_of_the_page(self):
        """Its program prints what stands below it, but for the numbers."""
        with open(os.path.join(ROOT, "docs", "python.md"),
                  encoding="utf-8") as file:
            page = file.read()
        program = re.search(r"```python\n(.*?)```", page, re.S)
        shown = re.search(r"```\n(kind .*?)```", page, re.S).group(1)
        done = subprocess.run(
            [sys.executable, "-B", "-c", program.group(1)], text=True,
            capture_output=True, check=False, cwd=os.path.dirname(HELLO),
            env={**os.environ, "PYTHONPATH": os.path.dirname(MODULE)})
        self.assertEqual(done.stderr, "")
        self.assertEqual(*(re.sub(r"\d\d+|  +", " ", text)
                           for text in (done.stdout, shown)))

    def test_found_by_itself(self):
        named = os.environ.pop("AMBIT")
        self.addCleanup(os.environ.__setitem__, "AMBIT", named)
        self.assertTrue(os.access(ambit.find(), os.X_OK))


if __name__ == "__main__":
    ambit = load(sys.argv.pop(2) if len(sys.argv) > 2 else MODULE)
    unittest.main()
