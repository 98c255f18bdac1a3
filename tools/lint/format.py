#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every C file is as clang-format would write it.

tools/lint/format.py --fix rewrites the files instead.
"""

import difflib
import os
import subprocess

import common


def main():
    parser = common.parser(__doc__)
    parser.add_argument("--clang-format", default="clang-format")
    parser.add_argument("--fix", action="store_true")
    options = parser.parse_args()
    root = options.root
    findings = common.Findings("format")
    paths = common.files(root, [".c", ".h"])
    for path in paths:
        full = os.path.join(root, path)
        if options.fix:
            subprocess.run([options.clang_format, "-i", full], check=True)
            continue
        old = common.read(root, path).splitlines()
        new = common.run(options.clang_format, full).splitlines()
        if old != new:
            changed = [line for line in difflib.unified_diff(
                old, new, n=0, lineterm="") if line.startswith("@@")]
            first = int(changed[0].split()[1].lstrip("-").split(",")[0])
            findings.add(path, first, f"{len(changed)} places differ from "
                         "clang-format (tools/lint/format.py --fix)")
    findings.exit(f"{len(paths)} files" if paths else None)


if __name__ == "__main__":
    main()
