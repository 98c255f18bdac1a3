#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check.py LAB FOLDER: says which tasks of a lab (1, 2 or 3) are right in a
folder with its files. Exit code 0: all of them; 1: not all; 2: usage; 3: no
ambit, or a program that does not compile."""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
# ambit.py: of the source, and of an installation (share/doc/ambit/labs).
for place in ("../../tools", "../../../ambit"):
    sys.path.append(os.path.join(HERE, place))
try:
    import ambit
except ImportError:
    sys.exit("check.py: no ambit.py; set PYTHONPATH to the folder that has it")
sys.path.insert(0, HERE)
import lab1  # noqa: E402
import lab2  # noqa: E402
import lab3  # noqa: E402


class Sheet:
    """Counts tasks, and prints how each stands."""

    def __init__(self):
        self.wrong = self.count = 0

    def task(self, good, what, hint):
        self.count += 1
        self.wrong += not good
        print(f"ok  {what}" if good else f"NO  {what}\n      {hint}")
        sys.stdout.flush()


def build(source):
    """source.c to source.elf, with the ambit-cc beside ambit."""
    compiler = os.path.join(os.path.dirname(ambit.find()), "ambit-cc")
    done = subprocess.run(
        [compiler, f"{source}.c", "-Wall", "-Wextra", "-o", f"{source}.elf"],
        capture_output=True, text=True, check=False)
    if done.returncode:
        raise ambit.HostError(3, done.stderr)


def main():
    labs = {"1": lab1, "2": lab2, "3": lab3}
    if len(sys.argv) != 3 or sys.argv[1] not in labs:
        sys.exit((print(__doc__, file=sys.stderr), 2)[1])
    sheet = Sheet()
    try:
        os.chdir(sys.argv[2])
        labs[sys.argv[1]].check(sheet, build)
    except (OSError, ambit.AmbitError) as error:
        print(f"check.py: {error}", file=sys.stderr)
        sys.exit(3)
    print(f"{sheet.count - sheet.wrong} of {sheet.count} tasks are right")
    sys.exit(1 if sheet.wrong else 0)


if __name__ == "__main__":
    main()
