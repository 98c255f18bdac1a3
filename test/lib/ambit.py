# SPDX-License-Identifier: Apache-2.0
"""What tests of the `ambit` binary share: run it with a time limit, look into
its JSON, report in TAP, skip with a reason.

    import ambit
    t = ambit.Test()
    run = ambit.run("run", "x.yaml", "--json", "-")
    t.equal(run.code, 0, "runs")
    t.contains(run.json, {"domains": [{"name": "app"}]}, "names its domain")
    t.done()

The binary is that of $AMBIT, else build/ambit. A test program exits 0, 1, or 77
when it could not run; with AMBIT_CI=1 that is a failure.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
AMBIT = os.environ.get("AMBIT", os.path.join(ROOT, "build", "ambit"))
TIMEOUT = 60


class Run:
    """One finished run: code, out, err, timed_out."""

    def __init__(self, code, out, err, timed_out=False):
        self.code, self.out, self.err = code, out, err
        self.timed_out = timed_out

    @property
    def json(self):
        """Standard output as JSON, or None when it is something else."""
        try:
            return json.loads(self.out)
        except ValueError:
            return None

    def __str__(self):
        end = "timed out" if self.timed_out else f"exit {self.code}"
        return f"{end}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


def run(*arguments, timeout=TIMEOUT, stdin="", cwd=None, env=None, before=()):
    """Runs `ambit` with these arguments, behind the command `before`. A timeout
    kills it: code is None."""
    command = [*before, AMBIT, *map(str, arguments)]
    try:
        done = subprocess.run(
            command, input=stdin, capture_output=True, text=True,
            errors="replace", timeout=timeout, cwd=cwd,
            env={**os.environ, **(env or {})})
    except subprocess.TimeoutExpired as late:
        def text(data):
            return (data or b"").decode(errors="replace")
        return Run(None, text(late.stdout), text(late.stderr), True)
    return Run(done.returncode, done.stdout, done.stderr)


def sanitized():
    """True if this binary was built with AddressSanitizer."""
    with open(AMBIT, "rb") as file:
        return b"__asan_init" in file.read()


def messages(err):
    """The messages on a standard error: lines that are not indented; what is
    indented is the remedy of the one above."""
    return [line for line in err.splitlines() if line and line[0] != " "]


def processes(token):
    """Processes that have this token in their environment."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                if token.encode() in file.read():
                    found.append(int(pid))
        except OSError:
            continue  # it ended, or is another user's
    return found


def temporary():
    """Names in the folders that programs leave things in. `ambit test` and
    `ambit lattice` of others, at work beside this test, have folders there;
    its own would lie in TMPDIR."""
    return {os.path.join(folder, name)
            for folder in ("/tmp", "/var/tmp", "/dev/shm")
            if os.path.isdir(folder) for name in os.listdir(folder)
            if ("ambit" in name or "qemu" in name) and
            not name.startswith(("ambit-test-", "ambit-lattice-"))}


class Traces:
    """What runs within it leave behind: processes, files. Its environment goes
    to each run. Others may be at work, so files are only those of our names,
    and only those that stay.

        with ambit.Traces() as traces:
            ambit.run("run", "x.yaml", env=traces.env, cwd=traces.folder)
        t.equal(traces.left, [], "leaves nothing")
    """

    def __enter__(self):
        self.token = f"AMBIT_TEST_{os.getpid()}_{time.monotonic_ns()}"
        self.folder = tempfile.mkdtemp(prefix="system-test-")
        self.env = {"TMPDIR": self.folder, self.token: "1"}
        self.before = temporary()
        self.left = None
        return self

    def __exit__(self, *_):
        for _ in range(20):
            new = temporary() - self.before
            self.left = ([f"process {pid}" for pid in processes(self.token)] +
                         sorted(os.listdir(self.folder)) +
                         sorted(path for path in new if os.path.exists(path)))
            if not self.left:
                break
            time.sleep(0.1)
        shutil.rmtree(self.folder, ignore_errors=True)


def difference(got, wanted, path="$"):
    """Where `got` lacks what `wanted` says, or None. Objects may have more
    members than wanted; lists and everything else are compared as a whole."""
    if isinstance(wanted, dict):
        if not isinstance(got, dict):
            return f"{path}: {got!r} is no object"
        for key, value in wanted.items():
            if key not in got:
                return f"{path}.{key}: absent"
            found = difference(got[key], value, f"{path}.{key}")
            if found:
                return found
        return None
    if isinstance(wanted, list):
        if not isinstance(got, list) or len(got) != len(wanted):
            return f"{path}: {got!r}, wanted {wanted!r}"
        for index, value in enumerate(wanted):
            found = difference(got[index], value, f"{path}[{index}]")
            if found:
                return found
        return None
    return None if got == wanted else f"{path}: {got!r}, wanted {wanted!r}"


def value(number):
    """A number of the results, with or without its unit."""
    return number.get("value") if isinstance(number, dict) else number


def observed_fault(fault):
    """What a fault is on every substrate: no addresses, no error code."""
    return {key: fault.get(key) for key in
            ("type", "access", "range", "owner", "symbol", "handling")}


def observed_cell(value):
    """A cell of the table: text. Numbers (instructions) are measurements; and
    what chance decides is no more than chance."""
    if isinstance(value, dict):
        return "a number"
    return "chance" if value.endswith(" (chance)") else value


def observed_domain(domain):
    outcome = dict(domain["outcome"])
    if "fault" in outcome:
        outcome["fault"] = observed_fault(outcome["fault"])
    # Whether an unaligned access faults is the processor's to choose. In which
    # order a server meets its clients is the timer's; an order that matters
    # stands in the config's `expect`, which ambit judges.
    faults = sorted((observed_fault(fault) for fault in domain["faults"]
                     if (fault["type"], fault["handling"]) !=
                     ("other", "caught")), key=str)
    return {
        **{key: domain.get(key) for key in
           ("name", "kind", "parent", "root", "expected", "met", "output",
            "output_sha256")},
        "outcome": outcome,
        "faults": faults,
        "observations": {key: observed_cell(value) for key, value in
                         domain["observations"].items()},
        "quota": value(domain["memory"]["quota"]),
        "starts": value(domain["counters"]["starts"]),
    }


def observations(results):
    """What a run's results say about its domains, without addresses, times and
    engine: the same on every substrate."""
    return {
        "exit": results["exit"],
        "end": results["end"],
        "domains": [observed_domain(domain) for domain in results["domains"]],
        "boundaries": results["boundaries"],
        # Whether a random pause fell into a domain's life is chance.
        "asserts": [{key: found.get(key) for key in
                     ("name", "held", "model", "probe")}
                    for found in results["asserts"]],
        "violations": results["audit"]["violations"],
    }


class Test:
    """Counts results and prints them as TAP."""

    def __init__(self):
        self.count = self.failures = self.skips = 0

    def ok(self, good, what, detail=""):
        self.count += 1
        print(f"{'ok' if good else 'not ok'} {self.count} - {what}")
        if not good:
            self.failures += 1
            for line in str(detail).splitlines():
                print(f"# {line}")
        sys.stdout.flush()
        return good

    def equal(self, got, wanted, what, detail=""):
        return self.ok(got == wanted, what,
                       f"got {got!r}, wanted {wanted!r}\n{detail}")

    def contains(self, got, wanted, what):
        found = difference(got, wanted)
        return self.ok(found is None, what, found)

    def skip(self, what, why):
        """One case that cannot run here."""
        self.count += 1
        self.skips += 1
        strict = os.environ.get("AMBIT_CI") == "1"
        self.failures += strict
        print(f"{'not ok' if strict else 'ok'} {self.count} - {what} "
              f"# SKIP {why}")

    def done(self):
        """Ends the program. Nothing tested is a failure."""
        print(f"1..{self.count}")
        if self.failures or not self.count:
            sys.exit(1)
        sys.exit(77 if self.skips == self.count else 0)


def skip_all(why):
    """Ends the program: nothing of it can run here."""
    strict = os.environ.get("AMBIT_CI") == "1"
    print(f"1..0 # SKIP {why}" + (" (a failure in CI)" if strict else ""))
    sys.exit(1 if strict else 77)
