#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of what judges other tests: ambit.difference, ambit.Test and
tools/count.py."""

import os
import subprocess
import sys
import tempfile

import ambit

COUNT = os.path.join(ambit.ROOT, "tools", "count.py")
JUNIT = """<testsuite>
<testcase name="a" status="run"/>
<testcase name="b" status="fail"><failure message="x"/></testcase>
<testcase name="c" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/>
<system-out>1..0 # SKIP no /dev/kvm</system-out></testcase>
<testcase name="d" status="notrun"><skipped message="Unable to find"/>
</testcase>
</testsuite>"""
GOOD = '<testsuite><testcase name="a" status="run"/></testsuite>'


def count(t):
    with tempfile.TemporaryDirectory() as folder:
        def judge(text, *options):
            path = os.path.join(folder, "x.xml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            done = subprocess.run([sys.executable, "-B", COUNT, *options, path],
                                  capture_output=True, text=True)
            return done.returncode, done.stdout.splitlines()[-1]
        t.equal(judge(JUNIT), (1, "1 passed, 2 failed, 1 skipped"),
                "counts; a missing program is a failure")
        t.equal(judge(JUNIT, "--strict", "x"),
                (1, "1 passed, 3 failed, 0 skipped"), "a strict skip fails")
        t.equal(judge(GOOD), (0, "1 passed, 0 failed, 0 skipped"), "all good")
        t.equal(judge(GOOD, "--broken", "1"),
                (1, "1 passed, 1 failed, 0 skipped"), "a broken build fails")
        t.equal(judge("<testsuite/>"), (1, "0 passed, 0 failed, 0 skipped"),
                "no tests at all fail")


def program(t):
    """A test program's exit code, for each way to end."""
    def end(code, **env):
        done = subprocess.run(
            [sys.executable, "-B", "-c", f"import ambit\n{code}"],
            cwd=os.path.dirname(__file__), capture_output=True, text=True,
            env={"PATH": os.environ["PATH"], **env})
        return done.returncode
    t.equal(end("t = ambit.Test(); t.ok(True, 'x'); t.done()"), 0, "good: 0")
    t.equal(end("t = ambit.Test(); t.ok(False, 'x'); t.done()"), 1, "bad: 1")
    t.equal(end("ambit.Test().done()"), 1, "nothing tested: 1")
    t.equal(end("ambit.skip_all('why')"), 77, "skipped: 77")
    t.equal(end("ambit.skip_all('why')", AMBIT_CI="1"), 1, "in CI: 1")
    t.equal(end("t = ambit.Test(); t.skip('x', 'why'); t.done()",
                AMBIT_CI="1"), 1, "one case skipped in CI: 1")


def main():
    t = ambit.Test()
    t.equal(ambit.difference({"a": 1, "b": 2}, {"a": 1}), None, "more is fine")
    t.equal(ambit.difference({"a": [1, 2]}, {"a": [1, 3]}),
            "$.a[1]: 2, wanted 3", "names the place")
    t.equal(ambit.difference({}, {"a": None}), "$.a: absent",
            "null is not absence")
    t.ok(ambit.difference([1], [1, 2]), "a shorter list differs")
    count(t)
    program(t)
    t.done()


if __name__ == "__main__":
    main()
