#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who may include whom, and who may write assembly.

The build already keeps targets from seeing the wrong folders; this also
catches quoted paths, headers that no target compiles, and system headers.
"""

import os
import re

import common

CORES = ["abi", "capabilities", "ipc", "domains"]

# Room -> include prefixes it may name. A room may name its own too.
ROOMS = {
    "guest/abi": [],
    "capabilities": CORES[:1],
    "ipc": CORES[:2],
    "domains": CORES[:3],
    "guest/kernel": CORES,
    "guest/runtime": ["abi"],
    "guest/programs": ["abi", "ambit"],
    "vmm/host": ["abi"],
    "vmm/config": CORES + ["host"],
    "vmm/image": CORES + ["host", "config"],
    "vmm/kvm": ["abi", "host"],
    "vmm/qemu": ["abi", "host"],
    "vmm/audit": CORES + ["host"],
    "vmm/debug": CORES + ["host", "config", "image"],
    "vmm/suite": CORES + ["host", "config"],
    "vmm/lattice": CORES + ["host", "config"],
    "vmm/bench": ["host"],
    "vmm/trace": ["abi", "host", "debug"],
    "vmm": CORES + ["host", "config", "image", "kvm", "qemu", "audit",
                    "debug", "suite", "lattice", "bench", "trace"],
}
# Prefix of a room's public headers, where it is not the folder's own name.
PREFIX = {"guest/abi": "abi", "guest/runtime": "ambit"}
OUTSIDE = ("bench", "test", "tools")

FREESTANDING_ROOMS = ("guest/", "capabilities/", "ipc/", "domains/")
FREESTANDING = {"stdalign.h", "stdarg.h", "stdbool.h", "stddef.h", "stdint.h",
                "stdnoreturn.h", "limits.h"}
GENERATED = {"embedded.h", "ambit_version.h"}
# Ring 3: the system call, marks around what is measured, and programs that
# misbehave on purpose.
ASSEMBLY = ("guest/kernel/arch/", "guest/runtime/", "guest/programs/faulty/",
            "guest/programs/bench/",
            "guest/programs/registers/", "guest/programs/debugger/", "bench/",
            "test/")
KVM = ("vmm/kvm/", "bench/host/", "test/")

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.M)
ASM = re.compile(r"\b(asm|__asm|__asm__)\b")
EXIT = re.compile(r"(?<![\w.>])(exit|quick_exit|abort)\s*\(")


def room_of(path):
    """The longest room that path lies in, or None."""
    best = None
    for room in ROOMS:
        if path.startswith(room + "/") and len(room) > len(best or ""):
            best = room
    return best


def prefixes(room):
    own = PREFIX.get(room, os.path.basename(room))
    return set(ROOMS[room]) | {own}


def known_prefixes():
    return {p for room in ROOMS for p in prefixes(room)} - {"kernel", "vmm"}


def judge_angle(room, path, name):
    """Why <name> may not be included by path, or None."""
    first = name.split("/")[0]
    if "/" in name and first in known_prefixes():
        if first not in prefixes(room):
            return f"{room} must not include <{name}>"
        return None
    if name in GENERATED:
        return None if room == "vmm" else f"only vmm/*.c may include <{name}>"
    if path.startswith(FREESTANDING_ROOMS) and name not in FREESTANDING:
        if room == "guest/kernel" and first == "arch":
            return None
        return f"<{name}> is not freestanding"
    return None


def judge_quoted(root, room, path, name):
    """Why "name" may not be included by path, or None."""
    target = os.path.normpath(os.path.join(os.path.dirname(path), name))
    if target.startswith(OUTSIDE):
        return f'"{name}" reaches into {target.split("/")[0]}'
    if os.path.exists(os.path.join(root, target)):
        other = room_of(target)
        if other != room:
            return f'"{name}" reaches into {other or "no room"}'
        return None
    first = name.split("/")[0]
    if "/" in name and first in known_prefixes() | set(OUTSIDE):
        return judge_angle(room, path, name)
    if any(part in name for part in ("../", "kernel/")):
        if room != "guest/kernel":
            return f'"{name}" leads nowhere in {room}'
    return None


def look(root, path, findings):
    text = common.code(common.read(root, path), keep_strings=True)
    bare = common.code(text)
    room = room_of(path)
    for match in INCLUDE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        style, name = match.groups()
        why = None
        if name == "linux/kvm.h":
            why = None if path.startswith(KVM) else \
                "<linux/kvm.h> belongs to vmm/kvm alone"
        elif room is not None and style == "<":
            why = judge_angle(room, path, name)
        elif room is not None:
            why = judge_quoted(root, room, path, name)
        if why:
            findings.add(path, line, why)
    if not path.startswith(ASSEMBLY):
        for match in ASM.finditer(bare):
            line = bare.count("\n", 0, match.start()) + 1
            findings.add(path, line, "assembly belongs to guest/kernel/arch")
    if room is not None and room.startswith("vmm") and path != "vmm/main.c":
        for match in EXIT.finditer(bare):
            line = bare.count("\n", 0, match.start()) + 1
            findings.add(path, line,
                         f"only vmm/main.c may call {match.group(1)}()")


def main():
    root = common.parser(__doc__).parse_args().root
    findings = common.Findings("layers")
    sources = common.files(root, [".c", ".h"])
    for path in sources:
        look(root, path, findings)
    for path in common.files(root, [".S", ".s"]):
        if not path.startswith(ASSEMBLY):
            findings.add(path, 1, "assembly belongs to guest/kernel/arch")
    findings.exit(f"{len(sources)} files" if sources else None)


if __name__ == "__main__":
    main()
