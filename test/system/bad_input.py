#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bad_input.py FOLDER: what is wrong with a config's file, its programs and its
folders. Each gets exit code 2 and one message that names it, from `check` and
from `run`. FOLDER has the built configs and system.elf."""

import os
import shutil
import struct
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402

PROGRAM = "ambit: 1\ndomains: {{app: {{program: ./{}}}}}\n"
FOLDER = ("ambit: 1\ndomains: {{app: {{program: hello, "
          "compose: {{files: {{new: {{host: ./{}}}}}}}}}}}\n")
LOAD, WRITE, EXECUTE = 1, 2, 1  # p_type; p_flags
HEADER = "<IIQQQQQQ"            # Elf64_Phdr


def write(path, data):
    with open(path, "wb") as file:
        file.write(data.encode() if isinstance(data, str) else data)


def segments(elf):
    """Offsets of the loadable program headers."""
    start, = struct.unpack_from("<Q", elf, 32)
    size, count = struct.unpack_from("<HH", elf, 54)
    offsets = [start + i * size for i in range(count)]
    return [at for at in offsets
            if struct.unpack_from("<I", elf, at)[0] == LOAD]


def patched(elf, which, field, change):
    """The file with one field of loadable segment `which` changed."""
    elf = bytearray(elf)
    at = segments(elf)[which]
    fields = list(struct.unpack_from(HEADER, elf, at))
    fields[field] = change(fields)
    struct.pack_into(HEADER, elf, at, *fields)
    return bytes(elf)


def bad_programs(elf):
    """name -> (bytes, what the message must say)."""
    byte = lambda at, value: elf[:at] + bytes([value]) + elf[at + 1:]
    return {
        "empty": b"",
        "text": b"#!/bin/sh\nexit 0\n",
        "cut": elf[:100],
        "headers-cut": elf[:70],
        "half": elf[:len(elf) // 8],
        "class32": byte(4, 1),
        "big-endian": byte(5, 2),
        "other-machine": byte(18, 0xb7),
        "not-pie": byte(16, 2),
        "object": byte(16, 1),
        "writable-code": patched(elf, 1, 1, lambda f: 7),
        "overlap": patched(elf, 1, 3, lambda f: 0),
        "past-the-end": patched(elf, 1, 2, lambda f: 1 << 40),
        "huge": patched(elf, -1, 6, lambda f: 1 << 50),
        "around": patched(elf, -1, 3, lambda f: (1 << 64) - 4096),
        "smaller-in-memory": patched(elf, 1, 6, lambda f: f[5] - 1),
    }


def judge(t, what, config, says, folder, before=()):
    """One config that is refused, by both commands, in one message."""
    for command in ("check", "run"):
        run = ambit.run(command, config, cwd=folder, before=before)
        good = (run.code == 2 and len(ambit.messages(run.err)) == 1 and
                not run.out and says in run.err)
        t.ok(good, f"{command}: {what}", f"wanted '{says}'\n{run}")


def programs(t, scratch, built):
    with open(os.path.join(built, "system.elf"), "rb") as file:
        elf = file.read()
    for name, data in bad_programs(elf).items():
        write(os.path.join(scratch, name + ".elf"), data)
        config = os.path.join(scratch, "program.yaml")
        write(config, PROGRAM.format(name + ".elf"))
        judge(t, f"program: {name}", "program.yaml", "program.yaml:2:", scratch)
    shutil.copy("/bin/sh", os.path.join(scratch, "shell.elf"))
    write(config, PROGRAM.format("shell.elf"))
    judge(t, "program: a dynamic one", "program.yaml", "program.yaml:2:",
          scratch)
    os.mkdir(os.path.join(scratch, "folder.elf"))
    for name in ("none.elf", "folder.elf"):
        write(config, PROGRAM.format(name))
        judge(t, f"program: {name}", "program.yaml", name, scratch)
    write(config, "ambit: 1\ndomains: {app: {program: helo}}\n")
    judge(t, "program: no built-in of that name", "program.yaml", "'hello'",
          scratch)
    write(config, "ambit: 1\ndomains: {app: {program: hello, "
                  "entry: nowhere_main}}\n")
    judge(t, "entry: none of that name", "program.yaml", "nowhere_main",
          scratch)


def folders(t, scratch):
    config = os.path.join(scratch, "folder.yaml")
    for name in ("missing", "file", "escape", "inner", "pipe"):
        write(config, FOLDER.format(name))
        path = os.path.join(scratch, name)
        if name == "file":
            write(path, "x")
        elif name == "escape":
            os.symlink("/etc", path)
        elif name == "inner":
            os.mkdir(path)
            os.symlink("/etc/passwd", os.path.join(path, "passwd"))
        elif name == "pipe":
            os.mkdir(path)
            os.mkfifo(os.path.join(path, "pipe"))
        judge(t, f"folder: {name}", "folder.yaml", "folder.yaml:2:", scratch)


def texts(t, scratch):
    judge(t, "no such config", "nowhere.yaml", "nowhere.yaml", scratch)
    judge(t, "a folder as config", ".", ".", scratch)
    for name, data in {"empty": "", "zeroes": bytes(64), "elf": b"\x7fELF\2",
                       "words": "just words", "list": "- 1\n- 2\n",
                       "tab": "ambit: 1\n\tdomains: {}\n",
                       "open": "ambit: 1\ndomains: {app: \n"}.items():
        write(os.path.join(scratch, name + ".yaml"), data)
        judge(t, f"config: {name}", name + ".yaml", name + ".yaml", scratch)
    write(os.path.join(scratch, "large.yaml"), "#" * (1 << 20) + "\n")
    judge(t, "config: above 1 MiB", "large.yaml", "large.yaml", scratch)


def forbidden(t, scratch):
    """As a user to whom the files say no."""
    before = ()
    if os.geteuid() == 0:
        before = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
        if not shutil.which("setpriv"):
            t.skip("unreadable files", "root reads everything; no setpriv")
            return
    os.chmod(scratch, 0o755)
    shutil.copy(ambit.AMBIT, os.path.join(scratch, "ambit"))
    here, ambit.AMBIT = ambit.AMBIT, os.path.join(scratch, "ambit")
    write(os.path.join(scratch, "secret.yaml"), "ambit: 1\n")
    os.chmod(os.path.join(scratch, "secret.yaml"), 0)
    judge(t, "a config that may not be read", "secret.yaml", "ermission",
          scratch, before)
    write(os.path.join(scratch, "locked.elf"), b"x")
    os.chmod(os.path.join(scratch, "locked.elf"), 0)
    write(os.path.join(scratch, "locked.yaml"), PROGRAM.format("locked.elf"))
    judge(t, "a program that may not be read", "locked.yaml", "ermission",
          scratch, before)
    os.mkdir(os.path.join(scratch, "locked"), 0o700)
    os.chmod(os.path.join(scratch, "locked"), 0)
    write(os.path.join(scratch, "locked.yaml"), FOLDER.format("locked"))
    judge(t, "a folder that may not be read", "locked.yaml", "ermission",
          scratch, before)
    os.chmod(os.path.join(scratch, "locked"), 0o700)
    ambit.AMBIT = here


def main():
    t = ambit.Test()
    with tempfile.TemporaryDirectory() as scratch:
        texts(t, scratch)
        programs(t, scratch, sys.argv[1])
        folders(t, scratch)
        forbidden(t, scratch)
    t.done()


if __name__ == "__main__":
    main()
