#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The kernel contains only instructions that kernel-instructions.txt lists,
the privileged ones only in the functions it names, and touches no vector,
x87 or mask register at all. No guard of it can be left out; one of the
mutation kernel's can (--mutant)."""

import os
import re

import common

FUNCTION = re.compile(r"^([0-9a-f]+) <([^>]+)>:$")
INSTRUCTION = re.compile(r"^\s*[0-9a-f]+:\t(.+)$")
# Vector, x87, mask and bound registers; debug registers and CR8.
REGISTER = re.compile(
    r"\b([xyzt]mm\d+|mm\d|st|st\(\d\)|k[0-7]|bnd\d|dr\d+|cr8)\b")
PREFIXES = {"lock", "rep", "repz", "repnz", "data16", "cs", "ds", "es", "ss",
            "rex.W", "bnd", "notrack", "addr32"}


class Rules:
    """The lines of kernel-instructions.txt: pattern, functions, reason."""

    def __init__(self, path):
        self.rows = []
        self.code32 = set()
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
        self.rows.append((re.compile(pattern), allowed))

    def judge(self, names, mnemonic):
        """Why this may not stand in a function of these names, or None."""
        elsewhere = set()
        for pattern, functions in self.rows:
            if not pattern.fullmatch(mnemonic):
                continue
            if functions is None or functions & names:
                return None
            elsewhere |= functions
        if elsewhere:
            return f"{mnemonic} belongs in {', '.join(sorted(elsewhere))} only"
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


def symbols(options):
    """{address: names of the symbols there}. Compilers name parts of a
    function f.cold, f.part.0, ...: they count as f."""
    found = {}
    for line in common.run(options.nm, options.kernel).splitlines():
        fields = line.split()
        if len(fields) == 3:
            found.setdefault(int(fields[0], 16), set()).add(
                fields[2].split(".")[0])
    return found


def code32(options, names, rules):
    """[(name, start, end)] of the functions to decode as 32-bit code."""
    addresses = sorted(names)
    for index, address in enumerate(addresses[:-1]):
        for name in names[address] & rules.code32:
            yield name, address, addresses[index + 1]


def instructions(options, rules):
    """(names of the function, text) of every instruction, 32-bit functions
    decoded as such."""
    names = symbols(options)
    here = set()
    for line in disassemble(options).splitlines():
        match = FUNCTION.match(line)
        if match:
            here = names[int(match.group(1), 16)]
            continue
        match = INSTRUCTION.match(line)
        if match and not here & rules.code32:
            yield here, match.group(1)
    for name, start, end in code32(options, names, rules):
        text = disassemble(options, "-M", "i386", f"--start-address={start}",
                           f"--stop-address={end}")
        for line in text.splitlines():
            match = INSTRUCTION.match(line)
            if match:
                yield {name}, match.group(1)


def judge_guards(names, mutant, findings):
    """What guard_off is there to ask is in the mutation kernel alone."""
    asks = sorted(name for found in names.values() for name in found
                  if name.startswith("guard_off"))
    if asks and not mutant:
        findings.add(asks[0], 0, "a guard of this kernel can be left out")
    if mutant and not asks:
        findings.add("guard_off", 0, "no guard can be left out")


def main():
    parser = common.parser(__doc__)
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--list",
                        default=os.path.join(here, "kernel-instructions.txt"))
    parser.add_argument("--objdump", default="objdump")
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--mutant", action="store_true",
                        help="this is the mutation kernel")
    parser.add_argument("--show", action="store_true",
                        help="print each instruction and where it stands")
    parser.add_argument("kernel")
    options = parser.parse_args()
    findings = common.Findings("kernel")
    rules = Rules(options.list)
    seen = {}
    count = 0
    for names, text in instructions(options, rules):
        count += 1
        function = min(names, default="?")
        text = text.split("#")[0].split("<")[0].strip()
        mnemonic, operands = mnemonic_of(text)
        seen.setdefault(mnemonic, set()).add(function)
        why = rules.judge(names, mnemonic)
        if why:
            findings.add(function, 0, f"{why}: {text}")
        if REGISTER.search(operands):
            findings.add(function, 0, f"forbidden register: {text}")
    judge_guards(symbols(options), options.mutant, findings)
    if options.show:
        for mnemonic, functions in sorted(seen.items()):
            print(f"{mnemonic:12}", " ".join(sorted(functions)[:6]))
    findings.exit(f"{count} instructions" if count else None)


if __name__ == "__main__":
    main()
