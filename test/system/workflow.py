#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""workflow.py: docs/ci/github.yml parses, has the form of a workflow, and names
only packages, commands and options that there are."""

import os
import re
import shlex
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402

FILE = os.path.join(ambit.ROOT, "docs", "ci", "github.yml")


def packages():
    with open(os.path.join(ambit.ROOT, "tools", "packages"),
              encoding="utf-8") as file:
        return {line.split("#")[0].strip() for line in file}


def commands(steps):
    """The lines that steps run, as words."""
    for step in steps:
        text = step.get("run", "").replace("\\\n", " ")
        for line in re.split(r"\n|&&", text):
            if line.strip():
                yield shlex.split(line)


def check_ambit(t, words):
    known = ambit.run("help", words[1])
    t.equal(known.code, 0, f"there is 'ambit {words[1]}'", known)
    options = set(re.findall(r"^  (--[a-z-]+)", known.out, re.M))
    given = {word for word in words if word.startswith("--")}
    t.ok(given <= options, f"ambit {words[1]} takes {sorted(given)}",
         sorted(given - options))


def check_packages(t, words):
    named = set(words[words.index("install") + 1:])
    named = {word for word in named if not word.startswith("-")}
    t.ok(len(named) > 5 and named <= packages(), "packages of tools/packages",
         sorted(named - packages()))


def main():
    try:
        import yaml
    except ImportError:
        ambit.skip_all("no python3-yaml; remedy: sudo apt-get install "
                       "python3-yaml")
    t = ambit.Test()
    with open(FILE, encoding="utf-8") as file:
        flow = yaml.safe_load(file)
    # YAML 1.1 takes `on` for a boolean; GitHub does not.
    t.ok(flow.get(True) and flow["jobs"] and flow["name"], "a workflow", flow)
    steps = [step for job in flow["jobs"].values() for step in job["steps"]]
    t.ok(all(("run" in step) != ("uses" in step) for step in steps),
         "each step runs or uses something", steps)
    t.ok(all(re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"])
             for step in steps if "uses" in step), "GitHub's own actions")
    lines = list(commands(steps))
    for words in lines:
        if words[0] == "ambit":
            check_ambit(t, words)
        if "install" in words:
            check_packages(t, words)
    test = [words for words in lines if words[:2] == ["ambit", "test"]]
    t.ok(len(test) == 1 and "--require" in test[0] and "--junit" in test[0],
         "tests with --require and --junit", test)
    kept = [step for step in steps if "upload-artifact" in step.get("uses", "")]
    t.ok(kept and test[0][test[0].index("--junit") + 1] in
         kept[0]["with"]["path"], "keeps what it writes", kept)
    t.done()


if __name__ == "__main__":
    main()
