#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A core's guest archive needs nothing but the cores below it, holds no
writable data, and has no recursion."""

import re

import common

ALLOWED = {"memcpy", "memmove", "memset", "memcmp", "core_assert_fail"}
WRITABLE = set("dDbBCsSgG")
FUNCTION = re.compile(r"^[0-9a-f]+ <([^>+]+)>:$")
BRANCH = re.compile(r"^\s*[0-9a-f]+:\s+(call|j[a-z]+)\b[^<]*(?:<([^>]+)>)?")
RELOCATION = re.compile(r"R_X86_64_(?:PLT32|PC32)\s+([\w.]+)-0x")


def symbols(archive):
    """[(member, type, name)] of an archive: of its machine code, where objects
    also hold what a compiler optimises as a whole (no plugin shows that)."""
    found = []
    member = "?"
    for line in common.run("nm", "--plugin=/dev/null", archive).splitlines():
        if line.endswith(":"):
            member = line[:-1]
            continue
        fields = line.split()
        if len(fields) >= 2:
            found.append((member, fields[-2], fields[-1]))
    return found


def calls(archive):
    """{function: functions it calls}, from the disassembly."""
    graph = {}
    current = None
    branch = None
    for line in common.run("objdump", "-dr", "--no-show-raw-insn",
                           archive).splitlines():
        match = FUNCTION.match(line)
        if match:
            current = match.group(1)
            graph.setdefault(current, set())
            continue
        relocation = RELOCATION.search(line)
        if relocation:
            if branch:
                graph[current].add(relocation.group(1))
            continue
        branch = BRANCH.match(line)
        if branch and branch.group(2) and "+" not in branch.group(2):
            # A jump to the own start is a loop, not a call.
            if branch.group(1) == "call" or branch.group(2) != current:
                graph[current].add(branch.group(2))
    return graph


def cycle(graph):
    """One cycle of calls, or None."""
    state = {}
    for start in graph:
        stack = [(start, iter(graph.get(start, ())))]
        if state.get(start):
            continue
        state[start] = 1
        while stack:
            node, rest = stack[-1]
            step = next(rest, None)
            if step is None:
                state[node] = 2
                stack.pop()
            elif state.get(step) == 1:
                names = [n for n, _ in stack]
                return names[names.index(step):] + [step]
            elif step in graph and not state.get(step):
                state[step] = 1
                stack.append((step, iter(graph[step])))
    return None


def main():
    parser = common.parser(__doc__)
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--also", action="append", default=[],
                        help="a symbol from outside that is allowed, too")
    parser.add_argument("archive", help="the core's guest archive")
    parser.add_argument("below", nargs="*", help="archives of the cores below")
    options = parser.parse_args()
    findings = common.Findings("purity")
    allowed = ALLOWED | set(options.also)
    own = symbols(options.archive)
    defined = {name for _, kind, name in own if kind != "U"}
    for archive in options.below:
        defined |= {n for _, kind, n in symbols(archive) if kind in "TRW"}
    for member, kind, name in own:
        if kind == "U" and name not in defined | allowed:
            findings.add(member, 0, f"needs {name}, which no core offers")
        if kind in WRITABLE:
            findings.add(member, 0, f"{name} is writable data")
    loop = cycle(calls(options.archive))
    if loop:
        findings.add(options.archive, 0, "recursion: " + " -> ".join(loop))
    functions = sum(1 for _, kind, _ in own if kind in "tT")
    findings.exit(f"{functions} functions" if functions else None)


if __name__ == "__main__":
    main()
