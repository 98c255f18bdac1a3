#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every public header compiles alone: the cores' and the ABI's with host and
with guest flags, libambit's with a domain program's, the VMM's on the host,
each seeing only the folders of the rooms it may include."""

import os
import shlex
import subprocess
import tempfile

import common
import layers


def flavours(room):
    if room in ("guest/abi", "capabilities", "ipc", "domains"):
        return ("host", "guest")
    return ("program",) if room == "guest/runtime" else ("host",)


def include_folders(root, room):
    wanted = layers.prefixes(room)
    for other in layers.ROOMS:
        own = layers.PREFIX.get(other, os.path.basename(other))
        folder = os.path.join(root, other, "include")
        if own in wanted and os.path.isdir(folder):
            yield folder
    if "abi" in wanted:
        yield os.path.join(root, "guest/abi/guards/normal")


def main():
    parser = common.parser(__doc__)
    parser.add_argument("--cc", default="cc")
    for flavour in ("host", "guest", "program"):
        parser.add_argument(f"--{flavour}-flags", default="")
    options = parser.parse_args()
    findings = common.Findings("headers")
    count = 0
    scratch = tempfile.TemporaryDirectory()
    source = os.path.join(scratch.name, "alone.c")
    for path in common.files(options.root, [".h"]):
        room = layers.room_of(path)
        if room is None or not path.startswith(f"{room}/include/"):
            continue
        name = os.path.relpath(path, f"{room}/include")
        with open(source, "w", encoding="utf-8") as file:
            # Twice, so that a missing include guard shows.
            file.write(f"#include <{name}>\n#include <{name}>\n")
        for flavour in flavours(room):
            count += 1
            flags = shlex.split(getattr(options, f"{flavour}_flags"))
            command = [options.cc, "-std=c11", *flags,
                       "-fsyntax-only", source]
            for folder in include_folders(options.root, room):
                command += ["-I", folder]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                first = done.stderr.strip().splitlines()
                findings.add(path, 0, f"does not compile alone ({flavour}): "
                             + "; ".join(first[:3]))
    scratch.cleanup()
    findings.exit(f"{count} compilations" if count else None)


if __name__ == "__main__":
    main()
