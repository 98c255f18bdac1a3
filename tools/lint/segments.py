#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No ELF file that we build has a segment that is writable and executable, or
an executable stack."""

import re

import common

HEADER = re.compile(
    r"^\s+(\w+)\s+0x[0-9a-f]+ 0x[0-9a-f]+ 0x[0-9a-f]+ 0x[0-9a-f]+ "
    r"0x[0-9a-f]+ ([R ][W ][E ])")


def main():
    parser = common.parser(__doc__)
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    findings = common.Findings("segments")
    loads = 0
    for path in options.files:
        in_file = 0
        for line in common.run("readelf", "-lW", path).splitlines():
            match = HEADER.match(line)
            if not match:
                continue
            kind, flags = match.groups()
            in_file += kind == "LOAD"
            if kind in ("LOAD", "GNU_STACK") and "E" in flags and \
                    ("W" in flags or kind == "GNU_STACK"):
                findings.add(path, 0, f"{kind} segment is {flags}")
        if not in_file:
            findings.add(path, 0, "no LOAD segment")
        loads += in_file
    findings.exit(f"{loads} segments, {len(options.files)} files")


if __name__ == "__main__":
    main()
