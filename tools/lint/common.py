# SPDX-License-Identifier: Apache-2.0
"""What every lint needs: the project's files, C text without comments, and
one way to report.

A lint is a script that takes --root (the tree to look at), prints one line a
finding as "path:line: what is wrong", and exits 1 when there are any.
"""

import argparse
import os
import re
import subprocess
import sys

SKIPPED = re.compile(r"^(build.*|\..*|__pycache__)$")


def parser(description):
    """An argument parser that knows --root."""
    result = argparse.ArgumentParser(description=description)
    here = os.path.dirname(os.path.abspath(__file__))
    result.add_argument("--root", default=os.path.join(here, "..", ".."))
    return result


def walk(root):
    """All files below root, but for build folders and hidden ones."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(d for d in folders if not SKIPPED.match(d))
        for name in sorted(names):
            found.append(os.path.relpath(os.path.join(folder, name), root))
    return found


def files(root, suffixes):
    """The project's files (relative paths) that end in one of suffixes.

    With git: what is tracked or could be. Without: what is there.
    """
    found = None
    if os.path.exists(os.path.join(root, ".git")):
        try:
            found = subprocess.run(
                ["git", "-C", root, "ls-files", "-co", "--exclude-standard"],
                check=True, capture_output=True, text=True,
            ).stdout.splitlines()
        except (OSError, subprocess.CalledProcessError):
            found = None
    if found is None:
        found = walk(root)
    return sorted({
        name for name in found
        if name.endswith(tuple(suffixes))
        and os.path.isfile(os.path.join(root, name))
    })


def read(root, name):
    with open(os.path.join(root, name), encoding="utf-8") as file:
        return file.read()


TOKEN = re.compile(
    r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""",
    re.DOTALL)


def code(text, keep_strings=False):
    """C text with comments (and the insides of strings) blanked, line numbers
    kept."""
    def blank(match):
        found = match.group(0)
        if found[0] == "/":
            return re.sub(r"[^\n]", " ", found)
        return found if keep_strings else found[0] * 2
    return TOKEN.sub(blank, text)


class Findings:
    """Collects findings; exit() ends the script with the right code."""

    def __init__(self, lint):
        self.lint = lint
        self.count = 0

    def add(self, path, line, text):
        self.count += 1
        where = f"{path}:{line}" if line else path
        print(f"{where}: {text}")

    def exit(self, looked_at):
        """looked_at says what was examined; a lint that saw nothing fails."""
        if not looked_at:
            print(f"{self.lint}: nothing to look at")
            sys.exit(1)
        word = "finding" if self.count == 1 else "findings"
        print(f"{self.lint}: {self.count} {word} in {looked_at}")
        sys.exit(1 if self.count else 0)


def run(*command):
    """A tool's standard output; a failing tool ends the lint."""
    done = subprocess.run(command, capture_output=True, text=True,
                          errors="replace")
    if done.returncode != 0:
        print(f"{' '.join(command)}: {done.stderr.strip()}")
        sys.exit(2)
    return done.stdout
