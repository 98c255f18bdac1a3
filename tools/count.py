#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Adds up CTest's JUnit files: lists what failed or was skipped, and why, then
prints "N passed, N failed, N skipped". Exit 1 if anything failed, or if
nothing passed."""

import argparse
import os
import sys
import xml.etree.ElementTree as xml


def outcome(case):
    """("passed" | "failed" | "skipped", why) of one test case."""
    status = case.get("status")
    skipped = case.find("skipped")
    if status == "run" and case.find("failure") is None:
        return "passed", ""
    if status == "disabled":
        return "skipped", "disabled"
    if skipped is not None and "SKIP" in (skipped.get("message") or ""):
        return "skipped", reason(case)
    # A program that is missing is "notrun" too, and no skip.
    return "failed", (skipped.get("message") or "not run") \
        if skipped is not None else ""


def reason(case):
    """The line in which a test says why it skips, else its last line."""
    lines = (case.findtext("system-out") or "").strip().splitlines()
    for line in lines:
        if "SKIP" in line or "skip" in line:
            return line.strip()
    return lines[-1].strip() if lines else "no reason given"


def show(test, files):
    """Prints the output of one test; ctest itself hides it if it passed."""
    for path in filter(os.path.exists, files):
        for case in xml.parse(path).getroot().iter("testcase"):
            if case.get("name") == test:
                print((case.findtext("system-out") or "").rstrip())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--broken", type=int, default=0,
                        help="failures that no file knows of")
    parser.add_argument("--strict", action="append", default=[],
                        help="a file (its name) where a skip is a failure")
    parser.add_argument("--show", metavar="TEST",
                        help="print what this test printed, and do no more")
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    if options.show:
        show(options.show, options.files)
        return
    total = {"passed": 0, "failed": options.broken, "skipped": 0}
    for path in options.files:
        if not os.path.exists(path):
            continue  # the shell's unmatched pattern
        name = os.path.splitext(os.path.basename(path))[0]
        for case in xml.parse(path).getroot().iter("testcase"):
            result, why = outcome(case)
            if result == "skipped" and name in options.strict:
                result, why = "failed", f"skipped, not allowed here: {why}"
            total[result] += 1
            if result != "passed":
                print(f"{result}: {name}: {case.get('name')}"
                      + (f" ({why})" if why else ""))
    print(f"{total['passed']} passed, {total['failed']} failed, "
          f"{total['skipped']} skipped")
    sys.exit(1 if total["failed"] or not total["passed"] else 0)


if __name__ == "__main__":
    main()
