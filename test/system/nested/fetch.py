#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""fetch.py FOLDER: puts into FOLDER what the nested machine is made of, out of
Debian's packages: `kernel` (vmlinuz, and the modules of KVM in the order they
load) and `busybox`. What is there already is not fetched again. Nothing is
installed, and root is not needed.
"""

import glob
import lzma
import os
import re
import shutil
import subprocess
import sys
import tempfile

KERNEL = "linux-image-cloud-amd64"
BUSYBOX = "busybox-static"
MODULE = "kvm-amd"


class Missing(Exception):
    """Why something cannot be had, and what to do about it."""


def command(*arguments, timeout=600, cwd=None):
    """Standard output, or None when the command failed."""
    try:
        done = subprocess.run(arguments, capture_output=True, text=True,
                              timeout=timeout, cwd=cwd, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


class Apt:
    """apt with the system's lists, or with lists of its own in a folder."""

    def __init__(self, folder=None):
        self.options = ["-qq", "-o", "Acquire::Retries=2",
                        "-o", "Acquire::http::Timeout=30",
                        "-o", "APT::Sandbox::User="]
        if folder:
            for part in ("lists/partial", "cache/archives/partial"):
                os.makedirs(os.path.join(folder, part))
            self.options += ["-o", f"Dir::State={folder}",
                             "-o", f"Dir::State::lists={folder}/lists",
                             "-o", f"Dir::Cache={folder}/cache",
                             "-o", "Dir::State::status=/var/lib/dpkg/status"]

    def update(self):
        command("apt-get", *self.options, "update")

    def depends(self, package):
        """The package's first dependency whose name begins as its own."""
        text = command("apt-cache", *self.options, "depends", package) or ""
        found = re.search(r"Depends: (linux-image-\S+)", text)
        return found.group(1) if found else None

    def download(self, package, folder):
        """The file of a package in the folder, or None."""
        command("apt-get", *self.options, "download", package, cwd=folder)
        files = glob.glob(os.path.join(folder, f"{package}_*.deb"))
        return files[0] if files else None


def module_files(tree):
    """Name -> file of each kernel module."""
    found = {}
    for folder, _, names in os.walk(tree):
        for name in names:
            match = re.fullmatch(r"(.*)\.ko(\.xz)?", name)
            if match:
                found[match.group(1).replace("_", "-")] = os.path.join(
                    folder, name)
    return found


def module_bytes(path):
    opener = lzma.open if path.endswith(".xz") else open
    with opener(path, "rb") as file:
        return file.read()


def load_order(name, files, order):
    """The module after those that its .modinfo says it depends on."""
    data = module_bytes(files[name])
    depends = re.search(rb"\0depends=([^\0]*)\0", data)
    for needed in depends.group(1).decode().split(",") if depends else []:
        needed = needed.replace("_", "-")
        if needed and needed not in order:
            load_order(needed, files, order)
    order[name] = data


def unpack_kernel(tree, out):
    shutil.copy(glob.glob(os.path.join(tree, "boot/vmlinuz-*"))[0],
                os.path.join(out, "vmlinuz"))
    order = {}
    load_order(MODULE, module_files(tree), order)
    for number, (name, data) in enumerate(order.items()):
        with open(os.path.join(out, f"{number}-{name}.ko"), "wb") as file:
            file.write(data)


def unpack_busybox(tree, out):
    for path in ("bin/busybox", "usr/bin/busybox"):
        if os.path.exists(os.path.join(tree, path)):
            shutil.copy(os.path.join(tree, path), out)
            return
    raise OSError("no bin/busybox")


def download(package, real, work):
    """The package by the system's lists; else by fresh ones."""
    apt = Apt()
    name = real(apt)
    path = name and apt.download(name, work)
    if not path:
        apt = Apt(os.path.join(work, "apt"))
        apt.update()
        name = real(apt)
        path = name and apt.download(name, work)
    if not path:
        raise Missing(
            f"cannot fetch {package} with apt-get; remedy: a network and "
            "Debian's sources (/etc/apt/sources.list); then run it again")
    return path


def get(folder, name, package, real, unpack):
    """Makes FOLDER/name of a package; it appears when it is whole."""
    out = os.path.join(folder, name)
    if os.path.isdir(out):
        return
    with tempfile.TemporaryDirectory(dir=folder) as work:
        path = download(package, real, work)
        tree, made = os.path.join(work, "tree"), os.path.join(work, "made")
        os.mkdir(made)
        if command("dpkg-deb", "-x", path, tree) is None:
            raise Missing(f"cannot unpack {os.path.basename(path)}; "
                          "remedy: sudo apt-get install dpkg")
        try:
            unpack(tree, made)
        except (OSError, IndexError, KeyError) as lacks:
            raise Missing(f"{os.path.basename(path)} is not laid out as "
                          f"expected: {lacks!r}") from lacks
        with open(os.path.join(made, "package"), "w", encoding="utf-8") as file:
            file.write(os.path.basename(path) + "\n")
        try:
            os.rename(made, out)
        except OSError:  # another was faster
            if not os.path.isdir(out):
                raise


def fetch(folder):
    """All of it; raises Missing."""
    os.makedirs(folder, exist_ok=True)
    folder = os.path.abspath(folder)
    have = all(os.path.isdir(os.path.join(folder, name))
               for name in ("kernel", "busybox"))
    if not have and not shutil.which("apt-get"):
        raise Missing("there is no apt-get; remedy: Debian, or a system "
                      "derived from it")
    get(folder, "busybox", BUSYBOX, lambda apt: BUSYBOX, unpack_busybox)
    get(folder, "kernel", KERNEL, lambda apt: apt.depends(KERNEL),
        unpack_kernel)


def main():
    try:
        fetch(sys.argv[1])
    except Missing as why:
        sys.exit(f"fetch.py: {why}")


if __name__ == "__main__":
    main()
