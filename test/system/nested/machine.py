# SPDX-License-Identifier: Apache-2.0
"""The nested machine: a Linux with KVM inside QEMU's emulated SVM. It boots,
runs a job, sends back what the job left, and powers off."""

import os
import select
import shutil
import subprocess
import tarfile
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
QEMU = "qemu-system-x86_64"
KERNEL_LINE = "console=ttyS0 quiet panic=-1"


class Failed(Exception):
    """What went wrong; the console tells more."""


def initramfs(parts, fetched, path):
    """A cpio archive: busybox, modules, init, and `parts`, name -> file or
    folder."""
    with tempfile.TemporaryDirectory(dir=os.path.dirname(path)) as root:
        parts = {
            "bin/busybox": f"{fetched}/busybox/busybox",
            "init": f"{HERE}/init.sh",
            **{f"modules/{name}": f"{fetched}/kernel/{name}"
               for name in os.listdir(f"{fetched}/kernel")
               if name.endswith(".ko")},
            **parts,
        }
        for name, source in parts.items():
            to = os.path.join(root, name)
            os.makedirs(os.path.dirname(to), exist_ok=True)
            if os.path.isdir(source):
                shutil.copytree(source, to, ignore=shutil.ignore_patterns(
                    "CMake*", "*.cmake", "seen"))
            else:
                shutil.copy(source, to)
        os.chmod(os.path.join(root, "init"), 0o755)
        names = [os.path.relpath(os.path.join(folder, name), root)
                 for folder, folders, files in os.walk(root)
                 for name in folders + files]
        with open(path, "wb") as archive:
            subprocess.run(
                [f"{fetched}/busybox/busybox", "cpio", "-o", "-H", "newc"],
                cwd=root, input="\n".join(names).encode(), stdout=archive,
                stderr=subprocess.DEVNULL, check=True)


def command(fetched, archive, sent, memory, cpus):
    return [
        QEMU, "-accel", "tcg", "-cpu", "max", "-smp", str(cpus), "-m", memory,
        "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        "-serial", "stdio", "-serial", f"file:{sent}",
        "-kernel", f"{fetched}/kernel/vmlinuz", "-initrd", archive,
        "-append", KERNEL_LINE]


def follow(process, log, limits, show):
    """The console, until the machine is off: into the log, line by line to
    `show`. Returns why it had to be ended, or None. Limits, in seconds: without
    a word, and for all."""
    stall, limit = limits
    end = time.monotonic() + limit
    line = b""
    while True:
        wait = min(stall, max(0, end - time.monotonic()))
        if not select.select([process.stdout], [], [], wait)[0]:
            return f"said nothing for {wait:.0f} s" if wait == stall else \
                f"was not done in {limit} s"
        data = os.read(process.stdout.fileno(), 65536)
        if not data:
            return None
        log.write(data)
        log.flush()
        *lines, line = (line + data).split(b"\n")
        for text in lines:
            show(text.decode(errors="replace").rstrip("\r"))


def boot(parts, fetched, out, show, limits, memory="1G", cpus=1):
    """Boots once. What the job left is in `out`, which is made anew; `out`.log
    is the console."""
    shutil.rmtree(out, ignore_errors=True)
    archive, sent = out + ".cpio", out + ".tar.gz"
    initramfs(parts, fetched, archive)
    if os.path.exists(sent):
        os.unlink(sent)
    with open(out + ".log", "wb") as log, subprocess.Popen(
            command(fetched, archive, sent, memory, cpus),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT) as process:
        try:
            why = follow(process, log, limits, show)
        finally:
            process.kill()
    os.unlink(archive)
    if why:
        raise Failed(f"the machine {why}")
    if not os.path.exists(sent) or not os.path.getsize(sent):
        raise Failed("the machine sent nothing")
    try:
        with tarfile.open(sent, "r:gz") as stream:
            stream.extractall(out + ".part")
    except (OSError, EOFError, tarfile.TarError) as broken:
        raise Failed(f"what it sent is not whole: {broken}") from broken
    os.rename(out + ".part", out)
