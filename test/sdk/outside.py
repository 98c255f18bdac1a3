#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""outside.py build|prefix CMAKE BUILD CC: `ambit new`, ambit-cc and the CMake
package, used outside the tree."""

import os
import shutil
import sys

sys.path.insert(0, os.path.dirname(__file__))
from place import Place, ambit  # noqa: E402

PROJECT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "project")
FILES = [".gitignore", "Makefile", "README.md", "experiment.yaml", "program.c"]


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def refusals(t, place, folder):
    """A folder that is not empty stays as it is."""
    before = {name: read(os.path.join(folder, name))
              for name in os.listdir(folder)}
    again = place.run("ambit", "new", folder)
    t.ok(again.code == 2 and len(ambit.messages(again.err)) == 1 and
         "is not empty" in again.err and not again.out, "not twice: 2", again)
    after = {name: read(os.path.join(folder, name))
             for name in os.listdir(folder)}
    t.equal(after, before, "and nothing has changed there")
    file = place.run("ambit", "new", os.path.join(folder, "Makefile"))
    t.ok(file.code == 2 and len(ambit.messages(file.err)) == 1,
         "a file is no folder: 2", file)
    nowhere = place.run("ambit", "new", "no/such/parent")
    t.ok(nowhere.code == 3 and len(ambit.messages(nowhere.err)) == 1,
         "a folder in none: 3", nowhere)
    none = place.run("ambit", "new")
    t.ok(none.code == 2 and "DIR" in none.err, "no folder named: 2", none)


def starter(t, place):
    folder = os.path.join(place.scratch, "mine")
    new = place.run("ambit", "new", "mine")
    t.ok(new.code == 0 and not new.err, "ambit new", new)
    t.equal(sorted(os.listdir(folder)), FILES, "has its files")
    refusals(t, place, folder)
    os.mkdir(os.path.join(place.scratch, "empty"))
    empty = place.run("ambit", "new", "empty")
    t.equal(empty.code, 0, "an empty folder will do", empty)
    made = place.run("make", cwd=folder, CFLAGS="-Wall -Wextra -Werror")
    t.ok(made.code == 0 and os.path.exists(f"{folder}/program.elf"), "make",
         made)
    run = place.run("ambit", "run", "experiment.yaml", cwd=folder)
    if run.code == 77:
        ambit.skip_all(run.err.strip().replace("\n", "; "))
    t.ok(run.code == 0 and "40 + 2 = 42" in run.out, "ambit run", run)
    test = place.run("make", "test", cwd=folder)
    t.ok(test.code == 0 and "3 passed" in test.out,
         "make test: its controls fail as they must", test)
    lost = place.run("make", "-B", cwd=folder, AMBIT_CC="/nowhere/ambit-cc")
    t.ok(lost.code != 0 and "PATH" in lost.err,
         "make without ambit-cc says what to do", lost)


def compiler(t, place):
    folder = os.path.join(place.scratch, "several files")
    shutil.copytree(PROJECT, folder)
    several = ["main.c", "sum.c", "-Iinclude", "-DFIRST=40", "-Wall", "-Werror"]
    for level in ("-O0", "-O3", "-Os"):
        made = place.run("ambit-cc", *several, level, "-o", "sum.elf",
                         cwd=folder)
        run = place.run("ambit", "run", "sum.yaml", cwd=folder)
        t.ok(made.code == 0 and run.code == 0, f"ambit-cc, {level}: runs",
             f"{made}\n{run}")
    for command in (["-c", *several], ["main.o", "sum.o", "-o", "sum.elf"],
                    [f"-DNAME={'a b'!r}", "-E", "sum.c", "-Iinclude"]):
        step = place.run("ambit-cc", *command, cwd=folder)
        t.equal(step.code, 0, f"ambit-cc {' '.join(command)}", step)
    run = place.run("ambit", "run", "sum.yaml", cwd=folder)
    t.equal(run.code, 0, "objects, linked later: runs", run)
    wrong = place.run("ambit-cc", *several[:-2], "-DFIRST=)", cwd=folder)
    t.ok(wrong.code == 1 and "main.c" in wrong.err,
         "an error in a source is the compiler's", wrong)
    none = place.run("ambit-cc", "main.c", cwd=folder, CC="no-such-cc -m64")
    t.ok(none.code == 3 and "no C compiler 'no-such-cc'" in none.err and
         "apt-get install" in none.err, "no compiler: 3, and a remedy", none)
    usage = place.run("ambit-cc")
    t.ok(usage.code == 2 and "usage" in usage.err, "no arguments: 2", usage)
    version = place.run("ambit-cc", "--version")
    t.ok(version.code == 0 and version.out.startswith("ambit-cc "),
         "--version", version)
    shown = place.run("ambit-cc", "--print", "x.c", "-o", "y.elf")
    t.ok(shown.code == 0 and "-static-pie" in shown.out and
         "x.c -o y.elf" in shown.out, "--print", shown)


def other_compiler(t, place):
    if not shutil.which("clang"):
        t.skip("ambit-cc with clang", "no clang here")
        return
    folder = os.path.join(place.scratch, "several files")
    made = place.run("ambit-cc", "main.c", "sum.c", "-Iinclude", "-DFIRST=40",
                     "-Werror", "-o", "sum.elf", cwd=folder, CC="clang")
    run = place.run("ambit", "run", "sum.yaml", cwd=folder)
    t.ok(made.code == 0 and run.code == 0, "ambit-cc with clang: runs",
         f"{made}\n{run}")


def package(t, place):
    folder = os.path.join(place.scratch, "cmake build")
    for step in (["-S", PROJECT, "-B", folder, place.package,
                  f"-DCMAKE_C_COMPILER={place.compiler}",
                  "-DCMAKE_BUILD_TYPE=Debug"], ["--build", folder]):
        done = place.run(place.cmake, *step)
        t.equal(done.code, 0, f"cmake {step[0]}", done)
    run = place.run("ambit", "run", os.path.join(folder, "sum.yaml"))
    t.equal(run.code, 0, "find_package(Ambit), ambit_add_program: runs", run)
    lost = place.run(place.cmake, "-S", PROJECT, "-B", f"{folder} too",
                     PATH=os.environ["PATH"])
    t.ok(lost.code != 0 and "Ambit" in lost.err, "no such package: cmake fails",
         lost)


def module(t, place):
    """ambit.py finds the ambit that it came with."""
    script = os.path.join(place.share, "ambit.py")
    run = place.run("python3", "-B", script,
                    os.path.join(place.scratch, "mine", "experiment.yaml"),
                    "--repeat", "2")
    lines = run.out.splitlines()
    t.ok(run.code == 0 and len(lines) == 2 and
         all('"exit":0' in line for line in lines), "ambit.py: two lines", run)


def course(t, place):
    """The labs find ambit.py and ambit-cc beside them."""
    folder = os.path.join(place.scratch, "lab 2")
    for part in ("start", "solution"):
        shutil.copytree(os.path.join(place.labs, "2-capabilities", part),
                        folder, dirs_exist_ok=True)
    run = place.run("python3", "-B", os.path.join(place.labs, "check.py"), "2",
                    folder)
    t.ok(run.code == 0 and "5 of 5" in run.out, "a lab's check", run)


def main():
    kind, cmake, build, cc = sys.argv[1:]
    t = ambit.Test()
    with Place(kind, cmake, build, cc) as place:
        starter(t, place)
        compiler(t, place)
        other_compiler(t, place)
        package(t, place)
        module(t, place)
        course(t, place)
    t.done()


if __name__ == "__main__":
    main()
