#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The kernel contains only instructions that kernel-instructions.txt lists,
the privileged ones only in the functions it names, and touches no vector,
x87 or mask register at all."""

import os
import re

import common

FUNCTION = re.compile(r"^[0-9a-f]+ <([^>]+)>:$")
INSTRUCTION = re.compile(r"^\s*[0-9a-f]+:\t(.+)$")
REGISTER = re.compile(r"\b([xyz]mm\d+|mm\d|st\(\d\)|k[0-7]|bnd\d|tmm\d)\b")
PREFIXES = {"lock", "rep", "repz", "repnz", "data16", "cs", "ds", "es", "ss",
            "rex.W", "bnd", "notrack", "addr32"}


class Rules:
    """The lines of kernel-instructions.txt: pattern, functions, reason."""

    def __init__(self, path):
        self.rows = []
        self.code32 = set()
        self.used = set()
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                line = line.split("#")[0].strip()
                if line:
                    self.add(line, f"{path}:{number}")

    def add(self, line, where):
        fields = [field.strip() for field in re.split(r"\s+\|\s+", line)]
        if len(fields) != 3 or not all(fields):
            raise SystemExit(f"{where}: not `instruction | where | reason`")
        pattern, functions, _ = fields
        if pattern == "(code32)":
            self.code32 |= set(functions.split())
            return
        allowed = None if functions == "*" else set(functions.split())
        self.rows.append((re.compile(pattern), allowed, pattern))

    def judge(self, function, mnemonic):
        """Why this may not stand here, or None."""
        named = set()
        for pattern, functions, text in self.rows:
            if not pattern.fullmatch(mnemonic):
                continue
            self.used.add(text)
            if functions is None or function in functions:
                return None
            named |= functions
        if named:
            return f"{mnemonic} belongs in {', '.join(sorted(named))} only"
        return f"{mnemonic} is not in kernel-instructions.txt"


def mnemonic_of(text):
    """`rep stos`, `mov`, ...: prefixes that change what an instruction does
    stay in front; segment and size prefixes of padding do not."""
    words = text.split()
    kept = []
    while words and words[0] in PREFIXES:
        if words[0] in ("lock", "rep", "repz", "repnz"):
            kept.append(words[0])
        words = words[1:]
    return " ".join(kept + words[:1]), " ".join(words[1:])


def disassemble(options, *more):
    return common.run(options.objdump, "-d", "--no-show-raw-insn",
                      "-M", "intel", *more, options.kernel)


def instructions(options, rules):
    """(function, text) of every instruction, 32-bit functions decoded as
    such."""
    function = None
    for line in disassemble(options).splitlines():
        match = FUNCTION.match(line)
        if match:
            # Compilers name parts of a function f.cold, f.part.0, ...
            function = match.group(1).split(".")[0]
            continue
        match = INSTRUCTION.match(line)
        if match and function not in rules.code32:
            yield function, match.group(1)
    for name in sorted(rules.code32):
        text = disassemble(options, "-M", "i386", f"--disassemble={name}")
        for line in text.splitlines():
            match = INSTRUCTION.match(line)
            if match:
                yield name, match.group(1)


def main():
    parser = common.parser(__doc__)
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--list",
                        default=os.path.join(here, "kernel-instructions.txt"))
    parser.add_argument("--objdump", default="objdump")
    parser.add_argument("--show", action="store_true",
                        help="print each instruction and where it stands")
    parser.add_argument("kernel")
    options = parser.parse_args()
    findings = common.Findings("kernel")
    rules = Rules(options.list)
    seen = {}
    count = 0
    for function, text in instructions(options, rules):
        count += 1
        text = text.split("#")[0].split("<")[0].strip()
        mnemonic, operands = mnemonic_of(text)
        seen.setdefault(mnemonic, {}).setdefault(function, 0)
        seen[mnemonic][function] += 1
        why = rules.judge(function, mnemonic)
        if why:
            findings.add(function, 0, f"{why}: {text}")
        if REGISTER.search(operands):
            findings.add(function, 0, f"forbidden register: {text}")
    if options.show:
        for mnemonic, functions in sorted(seen.items()):
            print(mnemonic, sum(functions.values()),
                  " ".join(sorted(functions)[:6]))
    findings.exit(f"{count} instructions" if count else None)


if __name__ == "__main__":
    main()
