#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""cli.py FOLDER: the command line around a run: options, results, signals,
time limits, hosts that lack something; and that nothing is left behind. FOLDER
has the built configs and system.elf."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402

HELLO = os.path.join(ambit.ROOT, "domains", "examples", "hello.yaml")
SPIN = ("ambit: 1\ndomains:\n  idle: {program: hello}\n"
        "  looper: {program: ./system.elf, entry: spin_main}\n")
OTHER_USER = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
NO_KVM = ("unshare", "-m", "sh", "-c",
          'mount -t tmpfs none /dev && mknod /dev/null c 1 3 && '
          'mknod /dev/urandom c 1 9 && mkdir /dev/shm && exec "$0" "$@"')
FALSE_KVM = ("unshare", "-m", "sh", "-c",
             'mount --bind /dev/null /dev/kvm && exec "$0" "$@"')


def engines():
    """Those that work here."""
    return [engine for engine in ("kvm", "qemu")
            if ambit.run("run", HELLO, "--engine", engine,
                         "--quiet").code != 77]


def refused(t, what, code, says, *arguments, **options):
    """Exit code, one message that says so, nothing on standard output."""
    run = ambit.run(*arguments, **options)
    good = (run.code == code and len(ambit.messages(run.err)) == 1 and
            says in run.err and not run.out)
    t.ok(good, f"{what}: {code}", f"wanted {code}, '{says}'\n{run}")
    return run


def options(t):
    for arguments in (["help"], ["--help"], ["help", "run"], ["run", "--help"],
                      ["--version"]):
        run = ambit.run(*arguments)
        t.ok(run.code == 0 and run.out and not run.err, " ".join(arguments),
             run)
    refused(t, "no command", 2, "ambit help")
    refused(t, "unknown command", 2, "did you mean 'run'", "rnu", HELLO)
    refused(t, "unknown option", 2, "did you mean '--engine'", "run",
            "--engin", "kvm", "--enigne", HELLO)
    refused(t, "unknown engine", 2, "xen", "run", "--engine", "xen", HELLO)
    refused(t, "no config", 2, "CONFIG", "run")
    refused(t, "two configs", 2, "unexpected", "run", HELLO, HELLO)
    refused(t, "a value is missing", 2, "value", "run", HELLO, "--engine")
    for bad in ("0s", "5", "-1s", "1d", "1e3s", "99999999999999h"):
        refused(t, f"--timeout {bad}", 2, "timeout", "run", HELLO,
                f"--timeout={bad}")
    refused(t, "--icount with kvm", 2, "icount", "run", HELLO, "--icount",
            "--engine", "kvm")
    refused(t, "--require nonsense", 2, "require", "run", HELLO,
            "--require", "luck=good")
    refused(t, "--set of an unknown path", 2, "--set machine.memroy=1GiB",
            "run", HELLO, "--set", "machine.memroy=1GiB")
    run = ambit.run("check", HELLO)
    t.ok(run.code == 0 and not run.out + run.err, "check is silent when good",
         run)


def results(t, engine):
    run = ambit.run("run", HELLO, "--engine", engine, "--json", "-")
    t.ok(run.code == 0 and run.json, f"{engine}: stdout is JSON only", run)
    t.contains(run.json or {}, {"schema": 1, "exit": 0,
                                "engine": {"kind": engine}}, "schema, engine")
    run = ambit.run("run", HELLO, "--engine", engine, "--quiet")
    t.ok(run.code == 0 and not run.out + run.err, f"{engine}: --quiet is quiet",
         run)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "r.json")
        run = ambit.run("run", HELLO, "--engine", engine, "--json", path)
        t.equal(os.listdir(folder), ["r.json"], "--json FILE, and that alone")
        with open(path, encoding="utf-8") as file:
            t.equal(json.load(file)["exit"], 0, "which is whole")
        write(path, "old")
        ambit.run("run", "nowhere.yaml", "--json", path)
        with open(path, encoding="utf-8") as file:
            t.equal(file.read(), "old", "a run that never was writes nothing")


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def full_disk(t, engine):
    def wrong(what, path, says, **more):
        run = ambit.run("run", HELLO, "--engine", engine, "--json", path,
                        "--quiet", **more)
        t.ok(run.code == 3 and len(ambit.messages(run.err)) == 1 and
             says in run.err, f"{engine}: {what}: 3", run)
    wrong("--json on a full device", "/dev/full", "No space left")
    wrong("--json in no folder", "/nonexistent/r.json", "No such file")
    wrong("--json is a folder", "/", "cannot write")
    script = ('mount -t tmpfs -o size=4k none "$1" && dd if=/dev/zero '
              'of="$1/fill" bs=4k count=1 2>/dev/null; shift; "$@"; code=$?; '
              'test "$(ls "$0")" = fill || { echo "  left: $(ls "$0")" >&2; '
              'exit 99; }; exit $code')
    with tempfile.TemporaryDirectory() as folder:
        before = ("unshare", "-m", "sh", "-c", script, folder, folder)
        if not can(("unshare", "-m", "mount", "-t", "tmpfs", "none", folder)):
            t.skip("--json on a full disk", "no mount namespace for this user")
            return
        wrong("--json on a full disk, nothing left there",
              os.path.join(folder, "r.json"), "No space left", before=before)


def can(command):
    try:
        return subprocess.run(command, capture_output=True,
                              timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def closed_stdout(t, engine):
    command = [ambit.AMBIT, "run", HELLO, "--engine", engine]
    for what, redirect, codes in (("closed", ">&-", (3,)),
                                  ("full", ">/dev/full", (3,)),
                                  ("a reader that left", "| true", (0,))):
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", f'"$@" {redirect}', "sh",
             *command], capture_output=True, text=True, timeout=60)
        t.ok(done.returncode in codes and
             len(ambit.messages(done.stderr)) == (codes[0] != 0),
             f"{engine}: stdout is {what}", f"{done}")


def interrupted(t, engine, config):
    for number in (signal.SIGINT, signal.SIGTERM):
        with ambit.Traces() as traces:
            child = subprocess.Popen(
                [ambit.AMBIT, "run", config, "--engine", engine],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                start_new_session=True, env={**os.environ, **traces.env})
            time.sleep(1)
            child.send_signal(number)
            began = time.monotonic()
            try:
                _, err = child.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                child.kill()
                _, err = child.communicate()
            took = time.monotonic() - began
        t.equal(child.returncode, 130, f"{engine}: {number.name}", err)
        t.ok("interrupted" in err and took < 10, f"said so, in {took:.1f} s",
             err)
        t.equal(traces.left, [], "nothing is left behind")


def late(t, engine, config):
    with ambit.Traces() as traces:
        run = ambit.run("run", config, "--engine", engine, "--timeout",
                        "2s", env=traces.env)
    t.equal(run.code, 124, f"{engine}: --timeout", run)
    t.ok("looper" in run.out and "still ran" in run.out,
         "the domain that loops is named", run)
    t.ok("idle| hello" in run.out, "what others said was shown", run)
    t.equal(traces.left, [], "nothing is left behind")
    run = ambit.run("run", config, "--engine", engine, "--timeout", "2s",
                    "--json", "-")
    kinds = {domain["name"]: domain["outcome"]["kind"]
             for domain in (run.json or {"domains": []})["domains"]}
    t.equal(kinds, {"idle": "exit", "looper": "timeout"}, "and in the results")


def missing_engines(t):
    nowhere = {"PATH": "/nonexistent"}
    refused(t, "no qemu in PATH", 77, "qemu", "run", HELLO, "--engine", "qemu",
            env=nowhere)
    refused(t, "--require unmet", 77, "ring0=hardware", "run", HELLO,
            "--engine", "qemu", "--require", "ring0=hardware")
    if os.geteuid() == 0 and can((*NO_KVM, "true")):
        refused(t, "no /dev/kvm", 77, "/dev/kvm", "run", HELLO, "--engine",
                "kvm", before=NO_KVM)
        with tempfile.TemporaryDirectory() as folder:
            refused(t, "neither engine", 77, "no usable engine", "run", HELLO,
                    before=NO_KVM, env=only_tools(folder))
        run = ambit.run("run", HELLO, before=NO_KVM)
        t.ok(run.code in (0, 77) and "qemu" in run.err,
             "auto takes qemu, and says why", run)
    else:
        t.skip("no /dev/kvm", "no mount namespace for this user")
    if os.geteuid() == 0 and os.path.exists("/dev/kvm") and \
            can((*FALSE_KVM, "true")):
        refused(t, "/dev/kvm is no KVM", 77, "/dev/kvm", "run", HELLO,
                "--engine", "kvm", before=FALSE_KVM)
    else:
        t.skip("/dev/kvm is no KVM", "no mount namespace, or no /dev/kvm")
    forbidden_kvm(t)


def only_tools(folder):
    """A PATH with what the test needs, and without qemu."""
    for tool in ("unshare", "sh", "mount", "mknod", "mkdir"):
        os.symlink(shutil.which(tool), os.path.join(folder, tool))
    return {"PATH": folder}


def forbidden_kvm(t):
    before = OTHER_USER if os.geteuid() == 0 else ()
    if not os.path.exists("/dev/kvm") or \
            can((*before, "test", "-w", "/dev/kvm")) or \
            (before and not can((*before, "true"))):
        t.skip("/dev/kvm forbidden", "no user here whom it refuses")
        return
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        shutil.copy(HELLO, folder)
        shutil.copy(ambit.AMBIT, folder)
        here, ambit.AMBIT = ambit.AMBIT, os.path.join(folder, "ambit")
        run = refused(t, "/dev/kvm forbidden", 77, "ermission", "run",
                      os.path.join(folder, "hello.yaml"), "--engine", "kvm",
                      before=before)
        t.ok("group" in run.err, "with a remedy", run)
        ambit.AMBIT = here


def starved(t, engine):
    """Too little memory, too few descriptors: a message, never a crash, and
    with enough it works. A binary with AddressSanitizer maps terabytes before
    main() and is linked dynamically: a limit on address space says nothing
    about it, and its loader needs a descriptor more."""
    limits = [
        ("address space", resource.RLIMIT_AS,
         [mib << 20 for mib in (6, 8, 12, 16, 24, 32, 48, 64, 72, 80, 96)]),
        ("descriptors", resource.RLIMIT_NOFILE, range(3, 16))]
    if ambit.sanitized():
        limits = [("descriptors", resource.RLIMIT_NOFILE, range(4, 16))]
    for what, kind, amounts in limits:
        bad = []
        with ambit.Traces() as traces:
            for amount in amounts:
                done = subprocess.run(
                    [ambit.AMBIT, "run", HELLO, "--engine", engine],
                    capture_output=True, text=True, timeout=60,
                    env={**os.environ, **traces.env},
                    preexec_fn=lambda k=kind, a=amount: resource.setrlimit(
                        k, (a, a)))
                # Below what the loader needs, exec itself fails: a signal.
                loaded = not (what == "address space" and amount < 16 << 20 and
                              done.returncode < 0)
                if loaded and (done.returncode not in (0, 3, 77) or
                               (done.returncode and not done.stderr)):
                    bad.append((amount, done.returncode, done.stderr))
        t.equal(bad, [], f"{engine}: little {what}")
        t.equal(traces.left, [], "nothing is left behind")


def quiet_end(t, engine):
    with ambit.Traces() as traces:
        run = ambit.run("run", HELLO, "--engine", engine, env=traces.env,
                        cwd=traces.folder)
    t.ok(run.code == 0 and traces.left == [], f"{engine}: a good run leaves "
         "nothing behind", f"{traces.left}\n{run}")


def main():
    t = ambit.Test()
    options(t)
    missing_engines(t)
    usable = engines()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(os.path.join(sys.argv[1], "system.elf"), folder)
        config = os.path.join(folder, "spin.yaml")
        write(config, SPIN)
        for engine in usable:
            results(t, engine)
            full_disk(t, engine)
            closed_stdout(t, engine)
            quiet_end(t, engine)
            late(t, engine, config)
            interrupted(t, engine, config)
            starved(t, engine)
    for engine in {"kvm", "qemu"} - set(usable):
        t.skip(f"runs on {engine}", "not usable here")
    t.done()


if __name__ == "__main__":
    main()
