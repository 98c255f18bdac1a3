# SPDX-License-Identifier: Apache-2.0
"""Every instruction of real programs has the length that objdump gives it.

usage: decode.py DECODER ELF...
A few rare ones may be unknown (length 0): the domain then ends. None may be
given a wrong length, because the domain would go on in mid-instruction.
"""
import re
import subprocess
import sys

LINE = re.compile(r"^\s+[0-9a-f]+:\t((?:[0-9a-f]{2} )+)\s*\t?(.*)$")
UNKNOWN_MOST = 0.02


def instructions(elf):
    out = subprocess.run(["objdump", "-d", "-w", elf], check=True, text=True,
                         capture_output=True).stdout
    for line in out.splitlines():
        match = LINE.match(line)
        if match and "(bad)" not in match[2]:
            yield match[1].split(), match[2]


def main():
    decoder, elves = sys.argv[1], sys.argv[2:]
    code = [i for elf in elves for i in instructions(elf)]
    if len(code) < 1000:
        sys.exit("too few instructions: objdump printed something else?")
    lines = "".join("".join(b) + "\n" for b, _ in code)
    got = subprocess.run([decoder], input=lines, check=True, text=True,
                         capture_output=True).stdout.split()
    wrong = [(b, text, n) for (b, text), n in zip(code, map(int, got))
             if n not in (0, len(b))]
    unknown = [text for (b, text), n in zip(code, map(int, got)) if n == 0]
    for bytes_, text, n in wrong[:20]:
        print(f"{' '.join(bytes_)} ({text}): {n}, not {len(bytes_)}")
    for text in sorted(set(unknown))[:20]:
        print(f"unknown: {text}")
    print(f"{len(code)} instructions, {len(wrong)} wrong, "
          f"{len(unknown)} unknown")
    return 1 if wrong or len(unknown) > UNKNOWN_MOST * len(code) else 0


if __name__ == "__main__":
    sys.exit(main())
