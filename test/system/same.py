#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""same.py A B...: what was observed on engines must be the same."""

import difflib
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402


def main():
    first, *others = sys.argv[1:]
    if not os.path.exists(first):
        ambit.skip_all(f"{os.path.basename(first)} was not made")
    with open(first, encoding="utf-8") as file:
        wanted = file.read().splitlines()
    t = ambit.Test()
    for path in others:
        what = f"{os.path.basename(path)} shows the same"
        if not os.path.exists(path):
            t.skip(what, "it was not made")
            continue
        with open(path, encoding="utf-8") as file:
            got = file.read().splitlines()
        t.ok(len(wanted) > 10 and got == wanted, what, "\n".join(
            difflib.unified_diff(wanted, got, first, path, lineterm="", n=8)))
    t.done()


if __name__ == "__main__":
    main()
