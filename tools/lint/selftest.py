#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proves that a lint can fail: selftest.py LINT feeds it small bad inputs and
expects each to be found, and a good one that must pass."""

import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SPDX = "/* SPDX-License-Identifier: Apache-2.0 */\n"
CC = os.environ.get("CC", "cc")
GUEST = ["-ffreestanding", "-mgeneral-regs-only", "-mno-red-zone",
         "-fno-pic", "-mcmodel=kernel", "-fno-stack-protector",
         "-fcf-protection=none", "-fno-asynchronous-unwind-tables", "-O2"]
LINK = ["-nostdlib", "-static", "-Wl,-Ttext=0xffffffff80200000",
        "-Wl,--build-id=none", "-Wl,-e,start"]


class Tree:
    """A throw-away project tree."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = self.folder.name

    def write(self, path, text):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)
        return full

    def compile(self, name, text, *flags):
        source = self.write(name + ".c", text)
        output = os.path.join(self.root, name + ".o")
        subprocess.run([CC, *GUEST, *flags, "-c", source, "-o", output],
                       check=True)
        return output

    def archive(self, name, text):
        output = os.path.join(self.root, f"lib{name}.a")
        subprocess.run(["ar", "crs", output, self.compile(name, text)],
                       check=True)
        return output

    def link(self, name, text, *flags):
        output = os.path.join(self.root, name + ".elf")
        subprocess.run([CC, *LINK, *flags, self.compile(name, text),
                        "-o", output], check=True, stderr=subprocess.DEVNULL)
        return output


def lint(name, *arguments):
    done = subprocess.run(
        [sys.executable, "-B", os.path.join(HERE, name + ".py"), *arguments],
        capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def expect(name, arguments, code, text, what):
    got, output = lint(name, *arguments)
    good = got == code and text in output
    print(f"{'ok' if good else 'NOT OK'}: {what}")
    if not good:
        print(f"    wanted exit {code} and {text!r}, got exit {got}:\n{output}")
    return good


def sources(name, good, bads):
    """Judges a tree with one file: good, then each of bads (path, text,
    finding)."""
    results = []
    for path, text, finding in [(*good, None), *bads]:
        tree = Tree()
        tree.write(path, text)
        arguments = ["--root", tree.root]
        if finding is None:
            results.append(expect(name, arguments, 0, "0 findings", "good"))
        else:
            results.append(expect(name, arguments, 1, finding, finding))
    empty = Tree()
    results.append(expect(name, ["--root", empty.root], 1,
                          "nothing to look at", "an empty tree"))
    return results


def layers():
    return sources(
        "layers",
        ("ipc/src/a.c", SPDX + "#include <capabilities/cap.h>\n"
                               "/* asm, <stdio.h> */\n"),
        [("ipc/src/a.c", "#include <domains/plan.h>\n",
          "ipc must not include <domains/plan.h>"),
         ("capabilities/src/a.c", "#include <stdio.h>\n",
          "<stdio.h> is not freestanding"),
         ("vmm/audit/src/a.c", "#include <linux/kvm.h>\n",
          "belongs to vmm/kvm alone"),
         ("vmm/host/src/a.c", '#include "../../config/src/x.h"\n',
          "leads nowhere"),
         ("vmm/run.c", '#include "../guest/kernel/kernel.h"\n',
          "leads nowhere"),
         ("vmm/run.c", '#include "../test/lib/x.h"\n', "reaches into test"),
         ("guest/kernel/a.c", 'void f(void)\n{\n    __asm__("cli");\n}\n',
          "assembly belongs to guest/kernel/arch"),
         ("domains/src/a.S", "nop\n", "assembly belongs to"),
         ("vmm/cmd_run.c", "void f(void)\n{\n    exit(1);\n}\n",
          "only vmm/main.c may call exit()")])


def size():
    long = "int f(int x)\n{\n" + "    x++;\n" * 60 + "    return x;\n}\n"
    excused = long.replace("{\n", "{\n    /* lint: long because data */\n")
    return sources(
        "size", ("ipc/a.c", SPDX + excused),
        [("ipc/a.c", SPDX + long, "f() has 64 lines, 60 allowed"),
         ("ipc/a.c", "int f(void);\n" * 501, "501 lines, 500 allowed")])


def words():
    body = "int f(int x)\n{\n    if (x) {\n        x = 1;\n    }\n}\n"
    return sources(
        "words", ("ipc/a.c", SPDX + "#ifndef A\n#define A 1\n#endif\n" + body),
        [("ipc/a.c", body, "no SPDX"),
         ("ipc/a.c", SPDX + "/* TO" "DO: more */\n", "unfinished"),
         ("ipc/a.c", SPDX + body.replace("{\n        x", "\n        x"),
          "if without braces"),
         ("ipc/a.c", SPDX + "#ifdef __clang__\n#endif\n", "not #if"),
         ("ipc/a.c", SPDX + "\tint x;\n", "tab")])


def links():
    return sources(
        "links",
        ("docs/a.md", "# One `two`\n[a](a.md) [b](#one-two) "
                      "[c](https://example.org/x)\n`[d](no.md)`\n"
                      "```\n[e](no.md)\n```\n"),
        [("docs/a.md", "[a](b.md)\n", "docs/a.md:1: b.md leads nowhere"),
         ("docs/a.md", "\n![a](b.svg)\n", "docs/a.md:2: b.svg leads nowhere"),
         ("docs/a.md", "[a]: b.md\n", "b.md leads nowhere"),
         ("docs/a.md", "[a](../../b.md)\n", "leads out of the tree"),
         ("docs/a.md", "[a](/etc/passwd)\n", "is no relative link"),
         ("docs/a.md", "# One\n[a](#two)\n", "no such heading")])


def format_():
    rules = os.path.join(HERE, "..", "..", ".clang-format")
    results = []
    for text, code in (("int f(void);\n", 0), ("int  f( void );\n", 1)):
        tree = Tree()
        with open(rules, encoding="utf-8") as file:
            tree.write(".clang-format", file.read())
        tree.write("ipc/a.c", text)
        results.append(expect("format", ["--root", tree.root], code,
                              f"{code} finding", text.strip()))
    return results


def headers():
    return sources(
        "headers",
        ("ipc/include/ipc/a.h", "#ifndef A\n#define A\n#include <stdint.h>\n"
                                "struct s {\n    uint8_t a;\n};\n#endif\n"),
        [("ipc/include/ipc/a.h", "extern uint8_t a;\n", "compile alone"),
         ("ipc/include/ipc/a.h", "struct s {\n    int a;\n};\n",
          "compile alone"),
         ("ipc/include/ipc/a.h", "#include <domains/plan.h>\n",
          "compile alone")])


def kernel():
    tree = Tree()
    function = "void start(void);\nvoid start(void)\n{{\n    {}\n}}\n"
    results = []
    for name, body, finding in (
            ("good", "__asm__(\"rdmsr\");", None),
            ("int3", "__asm__(\"int3\");", "int3 is not in"),
            ("vmcall", "__asm__(\"vmcall\");", "vmcall is not in"),
            ("fxsave", "__asm__(\"xsave (%rdi)\");", "xsave is not in"),
            ("sysret", "__asm__(\"sysretq\");", "sysretq belongs in"),
            ("vector", "__asm__(\"movq %xmm0, %rax\");", "movq is not in"),
            ("mmx", "__asm__(\"movd %mm1, %eax\");", "forbidden register")):
        elf = tree.link(name, function.format(body))
        code = 1 if finding else 0
        results.append(expect("kernel", [elf], code,
                              finding or "0 findings", name))
    plain = tree.link("plain", function.format("__asm__(\"nop\");"))
    asks = tree.link("asks", "int guard_off;\n" + function.format(
        "guard_off = 1;"))
    for name, arguments, finding in (
            ("asks", [asks], "a guard of this kernel can be left out"),
            ("mutant", ["--mutant", asks], None),
            ("mutant that asks nothing", ["--mutant", plain],
             "no guard can be left out")):
        results.append(expect("kernel", arguments, 1 if finding else 0,
                              finding or "0 findings", name))
    return results


def segments():
    tree = Tree()
    text = "int data = 1;\nvoid start(void);\nvoid start(void)\n{\n" \
           "    data++;\n}\n"
    results = [expect("segments", [tree.link("good", text)], 0,
                      "0 findings", "separate segments")]
    results.append(expect("segments", [tree.link("rwx", text, "-Wl,-N")], 1,
                          "LOAD segment is RWE", "one segment for all"))
    results.append(expect(
        "segments", [tree.link("stack", text, "-Wl,-z,execstack")], 1,
        "GNU_STACK", "executable stack"))
    return results


def purity():
    tree = Tree()
    results = []
    for name, text, finding in (
            ("good", "int f(const int *p);\nint f(const int *p)\n{\n"
                     "    return *p;\n}\n", None),
            ("outside", "void print(void);\nvoid f(void);\nvoid f(void)\n{\n"
                        "    print();\n    print();\n}\n", "needs print"),
            ("state", "int calls;\nint f(void);\nint f(void)\n{\n"
                      "    return ++calls;\n}\n", "calls is writable data"),
            ("static_state", "int f(void);\nint f(void)\n{\n"
                             "    static int calls = 3;\n"
                             "    return ++calls;\n}\n", "is writable data"),
            ("recursion", "int f(int x);\nint f(int x)\n{\n"
                          "    return x < 2 ? 1 : f(x - 1) * f(x - 2);\n}\n",
             "recursion: f -> f"),
            ("mutual", "int f(int x);\nint g(int x);\nint f(int x)\n{\n"
                       "    return x ? g(x - 1) * g(x - 2) : 1;\n}\n"
                       "__attribute__((noinline)) int g(int x)\n{\n"
                       "    return x ? f(x - 1) * f(x - 3) : 2;\n}\n",
             "recursion:")):
        archive = tree.archive(name, text)
        results.append(expect("purity", [archive], 1 if finding else 0,
                              finding or "0 findings", name))
    return results


TESTS = {"layers": layers, "size": size, "words": words, "links": links,
         "format": format_,
         "headers": headers, "kernel": kernel, "segments": segments,
         "purity": purity}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in TESTS:
        sys.exit(f"usage: selftest.py {'|'.join(TESTS)}")
    sys.exit(0 if all(TESTS[sys.argv[1]]()) else 1)
