#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""teeth.py FOLDER: do SMEP, SMAP, sysretq and FSGSBASE do real work on nested?
Kernels with a few bytes changed ran there; nested.run left in FOLDER how each
ended.

Where the kernel should leave ring 0 by sysretq, one jumps to ring 3's code and
stays in ring 0: SMEP stops the fetch; with SMEP off, SMAP stops what the code
reads; with both off, it runs to its end. One has an undefined instruction for
its sysretq. One never opens SMAP's window for its own copies, and must not find
it opened by ring 3; one restores no segment bases, and domains miss theirs.
"""

import json
import os
import re
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "lib"))
import ambit  # noqa: E402

HELLO = "/tests/example/hello.yaml"
REGISTERS = "/tests/attack/registers.yaml"
WINDOW = "/tests/features/window.yaml"
NOP5 = bytes.fromhex("0f1f440000")
SMEP, SMAP = 20, 21  # bits of CR4
SYSRET_TAIL = bytes.fromhex("488b4c2410 4c8b5c2420 488b642428 480f07")
SET_AC = bytes.fromhex("48810c24 00000400")  # orq $0x40000, (%rsp)
SET_BASE = rb"\xf3[\x48\x49]\x0f\xae[\xd0-\xdf]"  # wrfsbase, wrgsbase

# name -> config, exit code, text that the run says. A fault whose frame cannot
# be pushed, since the stack is ring 3's, is a double fault.
TEETH = {
    "sysretq": (HELLO, 4, "panic: double fault"),
    "smep": (HELLO, 4, "(execute, ring 0, the page does not allow it)"),
    "smap": (HELLO, 4, "panic: double fault"),
    "neither": (HELLO, 0, "hello, I am app"),
    "copies": (HELLO, 1, "app: never printed"),
    "window": (WINDOW, 1, "app: ended by a fault: execution of 0x10"),
    "bases": (REGISTERS, 1, "fs base: planted "),
}


class Kernel:
    """The kernel's bytes by address, and where they stand in `ambit`."""

    def __init__(self, path, binary, nm):
        with open(path, "rb") as file:
            self.data = file.read()
        with open(binary, "rb") as file:
            self.base = file.read().index(self.data)
        text = subprocess.run([nm, path], capture_output=True, text=True,
                              check=True).stdout
        fields = [line.split() for line in text.splitlines()]
        self.symbols = {words[2]: int(words[0], 16) for words in fields
                        if len(words) == 3}  # some have no name

    def offset(self, symbol):
        """Its offset in the kernel's file, by the program headers."""
        address = self.symbols[symbol]
        start, = struct.unpack_from("<Q", self.data, 32)
        size, count = struct.unpack_from("<HH", self.data, 54)
        for header in range(start, start + size * count, size):
            kind, _, offset, virtual, _, held = struct.unpack_from(
                "<IIQQQQ", self.data, header)
            if kind == 1 and virtual <= address < virtual + held:
                return offset + address - virtual
        raise ValueError(f"{symbol} is in no segment")

    def find(self, symbol, wanted):
        """The offset of these bytes, within 128 of the symbol."""
        start = self.offset(symbol)
        return self.data.index(wanted, start, start + 128)


def stay_in_ring_0(kernel, bits):
    """Instead of sysretq: clear bits of CR4, load stack and address, jump. The
    tail has no room, so this stands where ring 3's part of the boot probe is,
    which runs no more."""
    tail = kernel.find("arch_load_frame_sysret", SYSRET_TAIL)
    cave = kernel.offset("cleanse_code")
    code = bytes.fromhex("410f20e3")  # movq %cr4, %r11
    for bit in bits:
        code += bytes.fromhex("490fbaf3") + bytes([bit])  # btrq $bit, %r11
    code += bytes.fromhex("410f22e3 488b4c2410 488b642428 ffe1")
    jump = b"\xe9" + struct.pack("<i", cave - (tail + 5))
    return [(tail, jump), (cave, code)]


def patches(kernel):
    """name -> offsets in the kernel's file, and new bytes."""
    tail = kernel.find("arch_load_frame_sysret", SYSRET_TAIL)
    copy = kernel.find("copy_bytes_smap", SET_AC)
    return {
        "sysretq": [(tail + len(SYSRET_TAIL) - 3, b"\x0f\x0b\x90")],  # ud2
        "smep": stay_in_ring_0(kernel, [SMAP]),
        "smap": stay_in_ring_0(kernel, [SMEP]),
        "neither": stay_in_ring_0(kernel, [SMEP, SMAP]),
        "copies": [(copy, SET_AC[:4] + bytes(4))],
        "window": [(copy, SET_AC[:4] + bytes(4))],
        "bases": [(match.start(), NOP5) for match in
                  re.finditer(SET_BASE, kernel.data)],
    }


def lines(path, binary, nm):
    """For job.sh: NAME CONFIG OFFSET:BYTES..., offsets in `ambit`."""
    kernel = Kernel(path, binary, nm)
    text = ""
    for name, changes in patches(kernel).items():
        text += f"teeth/{name} {TEETH[name][0]} " + " ".join(
            f"{kernel.base + offset}:" + "".join(f"\\x{b:02x}" for b in new)
            for offset, new in changes) + "\n"
    return text


def read(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8",
              errors="replace") as file:
        return file.read()


def reasons(t, panics):
    """The panics are what they should be, for the reason that they should."""
    t.ok("arch_load_frame_sysret" in panics["sysretq"]["backtrace"][0]["symbol"],
         "sysretq: the kernel was there", panics["sysretq"])
    for name, other in (("smep", "smap"), ("smap", "smep")):
        panic = panics[name]
        registers = panic["registers"]
        control = registers["cr4_set"].split()
        t.equal(registers["cs"], "0x8", f"{name}: it was in ring 0")
        t.ok(int(registers["rip"], 16) < 1 << 47,
             f"{name}: at an address of ring 3", registers)
        t.ok(name.upper() in control and other.upper() not in control,
             f"{name}: with {name.upper()} alone", control)
        t.ok("ring 3 may" in panic["page_walk"]["text"],
             f"{name}: where ring 3 may go", panic["page_walk"])


def main():
    folder, = sys.argv[1:]
    if not os.path.isdir(folder):
        ambit.skip_all("nested.run did not run them")
    t = ambit.Test()
    panics = {}
    for name, (_, code, says) in TEETH.items():
        left = os.path.join(folder, name)
        run = ambit.Run(int(read(left, "code")), read(left, "out"),
                        read(left, "err"))
        t.equal(run.code, code, f"{name}: ends with {code}", run)
        t.ok(says in run.out + run.err, f"{name}: says '{says}'", run)
        panics[name] = json.loads(read(left, "results")).get("panic")
    if t.ok(all(panics[name] for name in ("sysretq", "smep", "smap")),
            "results tell the panics"):
        reasons(t, panics)
    t.done()


if __name__ == "__main__":
    main()
