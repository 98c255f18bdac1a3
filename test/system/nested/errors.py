#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""errors.py: what nested.run says without QEMU or packages (a skip, or in CI a
failure), and of a machine that hangs, dies, or does not send all. The machine
is a script here."""

import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "lib"))
import ambit  # noqa: E402

# apt without sources, lists and network.
NO_PACKAGES = """Dir::State::lists "{0}/lists";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "/dev/null";
"""


def script(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\n" + text)
    os.chmod(path, 0o755)


class Place:
    """A folder with what nested.run needs; `qemu` is the machine's script."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(f"{folder}/lists/partial")
        with open(f"{folder}/apt.conf", "w", encoding="utf-8") as file:
            file.write(NO_PACKAGES.format(folder))
        with open(f"{folder}/cases", "w", encoding="utf-8") as file:
            file.write("attack/one /tests/one.yaml\n")

    def qemu(self, text):
        script(f"{self.folder}/bin/qemu-system-x86_64", text)

    def busybox(self):
        script(f"{self.folder}/fetched/busybox/busybox", "cat")

    def kernel(self):
        script(f"{self.folder}/fetched/kernel/vmlinuz", "")

    def run(self, ci=False, path=None):
        done = subprocess.run(
            [sys.executable, "-B", f"{HERE}/boot.py", "--stall", "2",
             f"{self.folder}/fetched", f"{self.folder}/out",
             f"{self.folder}/cases"],
            capture_output=True, text=True, timeout=60, check=False, env={
                "PATH": path or f"{self.folder}/bin:/usr/bin:/bin",
                "APT_CONFIG": f"{self.folder}/apt.conf",
                **({"AMBIT_CI": "1"} if ci else {})})
        return ambit.Run(done.returncode, done.stdout, done.stderr)


def skips(t, place, what, says, **options):
    run = place.run(**options)
    t.equal(run.code, 77, f"{what}: a skip", run)
    for text in (*says, "remedy: "):
        t.ok(text in run.out, f"{what}: says '{text}'", run)
    t.equal(place.run(ci=True, **options).code, 1, f"{what}: in CI a failure")


def missing(t, place):
    skips(t, place, "no QEMU", ["qemu-system-x86_64 is not in PATH",
                                "apt-get install qemu-system-x86"],
          path=f"{place.folder}/bin")
    place.qemu("")
    skips(t, place, "no busybox", ["cannot fetch busybox-static"])
    place.busybox()
    skips(t, place, "no kernel", ["cannot fetch linux-image-cloud-amd64"])
    place.kernel()


def fails(t, place, what, machine, says):
    place.qemu(machine)
    run = place.run()
    t.equal(run.code, 1, f"{what}: a failure", run)
    for text in says:
        t.ok(text in run.out, f"{what}: says '{text}'", run)


def main():
    t = ambit.Test()
    with tempfile.TemporaryDirectory() as folder:
        place = Place(folder)
        missing(t, place)
        fails(t, place, "hangs",
              "echo nested: begins attack/one; exec sleep 60",
              ["said nothing for 2 s", "last case that began: attack/one",
               "# nested: begins attack/one"])
        fails(t, place, "dies", "echo Kernel panic - not syncing",
              ["the machine sent nothing", "last case that began: none",
               "# Kernel panic - not syncing"])
        to = 'for a; do case $a in file:*) out=${a#file:};; esac; done\n'
        fails(t, place, "sends half",
              to + "echo x | gzip | head -c 10 >$out", ["not whole"])
        fails(t, place, "runs no case",
              to + f"tar -C {folder}/lists -czf $out .",
              ["not ok 1 - attack/one ended with nothing",
               "not ok 2 - every case was run"])
    t.done()


if __name__ == "__main__":
    main()
