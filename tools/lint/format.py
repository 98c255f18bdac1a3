#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every C file is as clang-format would write it.

tools/lint/format.py --fix rewrites the files instead.
"""

import re
import subprocess

import common

DIFFERS = re.compile(r"^(.+?):(\d+):\d+: error: ")


def differences(program, root, paths):
    """{path: lines where clang-format would change something}."""
    done = subprocess.run(
        [program, "--dry-run", "-Werror", *paths], cwd=root,
        capture_output=True, text=True)
    found = {}
    for line in done.stderr.splitlines():
        match = DIFFERS.match(line)
        if match:
            found.setdefault(match.group(1), []).append(int(match.group(2)))
    if done.returncode and not found:
        raise SystemExit(done.stderr)
    return found


def main():
    parser = common.parser(__doc__)
    parser.add_argument("--clang-format", default="clang-format")
    parser.add_argument("--fix", action="store_true")
    options = parser.parse_args()
    findings = common.Findings("format")
    paths = common.files(options.root, [".c", ".h"])
    if options.fix and paths:
        subprocess.run([options.clang_format, "-i", *paths],
                       cwd=options.root, check=True)
    if paths:
        found = differences(options.clang_format, options.root, paths)
        for path, lines in found.items():
            findings.add(path, lines[0], f"{len(lines)} places differ from "
                         "clang-format (tools/lint/format.py --fix)")
    findings.exit(f"{len(paths)} files" if paths else None)


if __name__ == "__main__":
    main()
