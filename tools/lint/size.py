#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Functions have at most 60 lines and files at most 500, unless a comment in
them (files: among the first 30 lines) says `lint: long because ...`."""

import json
import os
import re

import common

FUNCTION_LINES = 60
FILE_LINES = 500
REASON = re.compile(r"lint: long because \S+")


def functions(root, paths):
    """(path, name, first line, last line) of every C function."""
    if not paths:
        return
    output = common.run(
        "ctags", "--options=NONE", "-o", "-", "--output-format=json",
        "--languages=C", "--langmap=C:.c.h", "--kinds-C=f", "--fields=+ne",
        *[os.path.join(root, path) for path in paths])
    for line in output.splitlines():
        tag = json.loads(line)
        if tag.get("_type") == "tag" and "end" in tag:
            yield (os.path.relpath(tag["path"], root), tag["name"],
                   tag["line"], tag["end"])


def main():
    root = common.parser(__doc__).parse_args().root
    findings = common.Findings("size")
    paths = common.files(root, [".c", ".h", ".S"])
    lines = {path: common.read(root, path).splitlines() for path in paths}
    for path, text in lines.items():
        if len(text) > FILE_LINES and not REASON.search("\n".join(text[:30])):
            findings.add(path, 1, f"{len(text)} lines, {FILE_LINES} allowed")
    count = 0
    c_paths = [path for path in paths if not path.endswith(".S")]
    for path, name, first, last in functions(root, c_paths):
        count += 1
        length = last - first + 1
        body = "\n".join(lines[path][first - 1:last])
        if length > FUNCTION_LINES and not REASON.search(body):
            findings.add(path, first, f"{name}() has {length} lines, "
                                      f"{FUNCTION_LINES} allowed")
    findings.exit(f"{count} functions, {len(paths)} files" if count else None)


if __name__ == "__main__":
    main()
