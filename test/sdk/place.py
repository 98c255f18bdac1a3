# SPDX-License-Identifier: Apache-2.0
"""Where tests find Ambit as a user would: in the build folder, or in an
installation, which is moved once, for nothing in it may depend on its place."""

import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402


class Place:
    """`bin` has ambit and ambit-cc; `cmake` is what find_package takes; `share`
    has ambit.py; `labs` is the course; `scratch` is a folder that goes with the place."""

    def __init__(self, kind, cmake, build, compiler):
        self.cmake, self.build, self.compiler = cmake, build, compiler
        self.scratch = tempfile.mkdtemp(prefix="sdk-test-")
        if kind == "build":
            self.bin = build
            self.package = f"-DAmbit_DIR={build}"
            self.share = os.path.join(ambit.ROOT, "tools")
            self.labs = os.path.join(ambit.ROOT, "docs", "labs")
        else:
            prefix = self.install()
            self.bin = os.path.join(prefix, "bin")
            self.package = f"-DCMAKE_PREFIX_PATH={prefix}"
            self.share = os.path.join(prefix, "share", "ambit")
            self.labs = os.path.join(prefix, "share", "doc", "ambit", "labs")

    def install(self):
        first = os.path.join(self.scratch, "first")
        moved = os.path.join(self.scratch, "moved here")  # a blank, too
        subprocess.run([self.cmake, "--install", self.build, "--prefix", first],
                       check=True, stdout=subprocess.DEVNULL)
        os.rename(first, moved)
        return moved

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.scratch, ignore_errors=True)

    def run(self, *command, cwd=None, timeout=120, **environment):
        """A finished command, whose tools are those of this place."""
        environment = {**os.environ, "PATH": f"{self.bin}:{os.environ['PATH']}",
                       "CC": self.compiler, **environment}
        environment.pop("AMBIT", None)  # which the Makefile would take
        done = subprocess.run(
            list(map(str, command)), capture_output=True, text=True,
            errors="replace", cwd=cwd or self.scratch, env=environment,
            timeout=timeout)
        return ambit.Run(done.returncode, done.stdout, done.stderr)
