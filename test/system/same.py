#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""same.py A B: what was observed on two engines must be the same."""

import difflib
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402


def main():
    for path in sys.argv[1:]:
        if not os.path.exists(path):
            ambit.skip_all(f"{os.path.basename(path)} was not made")
    texts = []
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            texts.append(file.read().splitlines())
    t = ambit.Test()
    t.ok(len(texts[0]) > 10, "something was observed")
    t.ok(texts[0] == texts[1], "both engines show the same", "\n".join(
        difflib.unified_diff(*texts, *sys.argv[1:], lineterm="", n=8)))
    t.done()


if __name__ == "__main__":
    main()
