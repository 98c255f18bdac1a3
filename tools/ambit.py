#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ambit from Python: runs of configs, their results, tables of them. Needs
nothing but Python's standard library (3.9 or later) and the command `ambit`.

    import ambit
    for kind in ("tis", "process"):
        runs = ambit.run("x.yaml", set={"domains.worker.kind": kind},
                         repeat=3, engine="qemu", icount=True)
        print(kind, runs.median("domains", "worker", "create",
                                unit="instructions"))

As a command it writes the results of repeated runs as JSON Lines:

    python3 ambit.py x.yaml --repeat 5 --vary domains.worker.kind=tis,process
"""

import argparse
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys

SCHEMA = 1
GRACE = 60  # seconds beyond the time limit until ambit itself is killed
# Of several exit codes the gravest, as `ambit` itself ranks them.
GRAVEST = (4, 3, 77, 2, 5, 130, 124, 1)
HERE = os.path.dirname(os.path.abspath(__file__))


class AmbitError(Exception):
    """A run that is no measurement. `exit_code` is ambit's, `stderr` what it
    said, `argv` the command, `results` the results if there are any, else
    None."""

    def __init__(self, exit_code, stderr="", argv=(), results=None):
        self.exit_code, self.stderr = exit_code, stderr
        self.argv, self.results = list(argv), results
        lines = [line for line in stderr.strip().splitlines()]
        super().__init__(f"ambit ended with {exit_code}: " +
                         ("\n".join(lines) or "without a word"))


class ConfigError(AmbitError):
    """2: the config, or how ambit was called."""


class HostError(AmbitError):
    """3: the host, or ambit itself; also when there is no ambit."""


class PanicError(AmbitError):
    """4: the guest kernel ended as it must not."""


class UnavailableError(AmbitError):
    """77: no usable engine, or something required is missing."""


class TimeoutError(AmbitError):  # pylint: disable=redefined-builtin
    """124: not over when the time was."""


class InterruptedError(AmbitError):  # pylint: disable=redefined-builtin
    """130, or ended by a signal."""


class MissedError(AmbitError):
    """1: an expectation was missed."""


class ViolatedError(AmbitError):
    """5: isolation was violated: an assertion, or the audit."""


class NoValueError(LookupError):
    """The results have no such number here; the text says why."""


ERRORS = {1: MissedError, 2: ConfigError, 3: HostError, 4: PanicError,
          5: ViolatedError, 77: UnavailableError, 124: TimeoutError,
          130: InterruptedError}


def _member(container, key, shown):
    """container[key]; lists of the results are looked up by name, too."""
    try:
        if isinstance(container, list) and isinstance(key, str):
            return next(item for item in container
                        if isinstance(item, dict) and item.get("name") == key)
        return container[key]
    except (KeyError, IndexError, TypeError, StopIteration):
        raise KeyError(f"no {shown} in the results") from None


class Results(dict):
    """What `ambit run --json` wrote (docs/results.md), as a dict, with a few
    ways to look into it."""

    def at(self, *keys):
        """What stands at r[keys[0]][keys[1]]...; domains, asserts and other
        lists are looked up by name: r.at("domains", "app", "outcome")."""
        found = self
        for count, key in enumerate(keys, 1):
            found = _member(found, key, " / ".join(map(str, keys[:count])))
        return found

    def number(self, *keys, unit=None):
        """The number there. NoValueError, with the reason, if it is not
        available on this substrate, or not in this unit."""
        found = self.at(*keys)
        if isinstance(found, dict) and "value" in found:
            if found["value"] is None:
                raise NoValueError(found.get("reason") or "no reason given")
            if unit not in (None, found.get("unit")):
                raise NoValueError(f"{' / '.join(map(str, keys))} is in "
                                   f"{found.get('unit')}, not {unit}")
            return found["value"]
        if isinstance(found, (int, float)) and not isinstance(found, bool):
            return found
        raise NoValueError(f"{' / '.join(map(str, keys))} is no number: "
                           f"{found!r}")

    def cell(self, domain, column):
        """An observation about a domain: text, or a number."""
        found = self.at("domains", domain, "observations", column)
        return found["value"] if isinstance(found, dict) else found

    @property
    def exit(self):
        """The exit code of the run."""
        return self["exit"]

    @property
    def met(self):
        """True if everything expected and asserted was so."""
        return self["exit"] == 0


class Runs(list):
    """The Results of repeated runs, in order."""

    def numbers(self, *keys, unit=None):
        """The number at these keys in each run."""
        return [run.number(*keys, unit=unit) for run in self]

    def median(self, *keys, unit=None):
        return statistics.median(self.numbers(*keys, unit=unit))

    def spread(self, *keys, unit=None):
        """Smallest and largest."""
        numbers = self.numbers(*keys, unit=unit)
        return min(numbers), max(numbers)


class Yaml(str):
    """Text for `set` that is YAML already, and passed on as it stands."""


def find():
    """The path of `ambit`: $AMBIT, the installation or build folder that this
    file belongs to, or PATH. HostError if there is none."""
    named = os.environ.get("AMBIT")
    if named:
        return named
    for place in (os.path.join(HERE, "..", "..", "bin", "ambit"),
                  os.path.join(HERE, "..", "build", "ambit")):
        if os.access(place, os.X_OK) and os.path.isfile(place):
            return os.path.normpath(place)
    found = shutil.which("ambit")
    if found:
        return found
    raise HostError(3, "there is no 'ambit': put it into PATH, or name it by "
                       "the variable AMBIT")


def _duration(timeout):
    """ambit's own way to write it, and the same in seconds, or None."""
    if timeout is None:
        return None, None
    if isinstance(timeout, (int, float)) and not isinstance(timeout, bool):
        return f"{max(1, round(timeout * 1000))}ms", float(timeout)
    units = {"ms": 0.001, "s": 1.0, "m": 60.0}
    number = str(timeout).rstrip("ms")
    unit = str(timeout)[len(number):]
    if not number.isdigit() or unit not in units:
        raise ValueError("timeout is a number of seconds, or text such as "
                         f"500ms, 10s or 2m, not {timeout!r}")
    return timeout, int(number) * units[unit]


def _arguments(changes, options, timeout):
    """Options of the command line. Values are written as JSON, which is
    YAML."""
    for path, value in (changes or {}).items():
        text = value if isinstance(value, Yaml) else json.dumps(value)
        yield f"--set={path}={text}"
    for name in ("engine", "seed", "samples", "without_guard", "kernel"):
        if options.get(name) is not None:
            yield f"--{name.replace('_', '-')}={options[name]}"
    for requirement in options.get("require") or ():
        yield f"--require={requirement}"
    if options.get("icount"):
        yield "--icount"
    if timeout:
        yield f"--timeout={timeout}"


def _command(config, changes, args, options, timeout):
    """The command, and what it reads: a config that is a dict is JSON."""
    text = None
    if isinstance(config, dict):
        config, text = "-", json.dumps(config)
    command = [options.get("binary") or find(), "run", os.fspath(config),
               "--json=-", *_arguments(changes, options, timeout)]
    if args:
        command += ["--", *map(str, args)]
    return command, text


def _results(text):
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return Results(found) if isinstance(found, dict) else None


def _once(command, text, folder, seconds):
    """One run: exit code, results or None, standard error."""
    limit = (60.0 if seconds is None else seconds) + GRACE
    try:
        done = subprocess.run(
            command, input=text if text is not None else "",
            capture_output=True, encoding="utf-8", errors="replace",
            cwd=folder, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        raise HostError(3, f"ambit did not end within {limit:.0f} s, and was "
                           "killed", command) from None
    except OSError as error:
        raise HostError(3, f"cannot run {command[0]}: {error.strerror}",
                        command) from None
    return done.returncode, _results(done.stdout), done.stderr


OPTIONS = ("engine", "icount", "samples", "require", "without_guard", "kernel",
           "binary")


def run(config, set=None, repeat=1, *, args=(), seed=None, timeout=None,
        folder=None, check=True, **options):
    """Runs a config `repeat` times; returns Runs, a list of Results.

    config   a path; or the config itself as a dict, whose paths are then
             relative to `folder`
    set      {path: value}, what --set takes; None deletes
    args     arguments for the first domain without a parent
    seed     of the first run; each later one takes the next number. Without
             it, all have the config's
    timeout  of each run: seconds, or text such as "500ms"
    folder   where ambit runs; the current folder unless given
    check    False: runs that end with 1, 4, 5 or 124 and have results are
             returned, too
    options  engine, icount, samples, require (a list), without_guard, kernel,
             binary: as on the command line of ambit

    Raises AmbitError, one class for each exit code, and TypeError or
    ValueError for arguments that make no sense.
    """
    unknown = sorted(name for name in options if name not in OPTIONS)
    if unknown:
        raise TypeError(f"run() takes no option {unknown[0]!r}; it takes "
                        f"{', '.join(OPTIONS)}")
    if isinstance(repeat, bool) or not isinstance(repeat, int) or repeat < 1:
        raise ValueError(f"repeat is a number above 0, not {repeat!r}")
    timeout, seconds = _duration(timeout)
    runs = Runs()
    for number in range(repeat):
        mine = {**options, "seed": None if seed is None else seed + number}
        command, text = _command(config, set, args, mine, timeout)
        code, results, stderr = _once(command, text, folder, seconds)
        lenient = not check and code in (1, 4, 5, 124) and results is not None
        if code != 0 and not lenient:
            raise ERRORS.get(code, InterruptedError if code < 0 else HostError)(
                code, stderr, command, results)
        if results is None:
            raise HostError(3, "ambit wrote no results", command)
        runs.append(results)
    return runs


def vary(choices):
    """Each combination of {path: [values]} as a dict for `set`, in order."""
    for values in itertools.product(*choices.values()):
        yield dict(zip(choices, values))


def write_lines(file, runs):
    """Writes Results as JSON Lines: to a path, which is replaced when all is
    written, or to an open file."""
    if isinstance(file, (str, os.PathLike)):
        part = f"{os.fspath(file)}.{os.getpid()}.part"
        try:
            with open(part, "w", encoding="utf-8") as opened:
                write_lines(opened, runs)
            os.replace(part, file)
        except BaseException:
            if os.path.exists(part):
                os.unlink(part)
            raise
        return
    for results in runs:
        file.write(json.dumps(results, separators=(",", ":")) + "\n")
        file.flush()


def read_lines(file):
    """Reads JSON Lines, from a path or an open file, as Runs. ValueError names
    the line that is not what write_lines writes."""
    if isinstance(file, (str, os.PathLike)):
        with open(file, encoding="utf-8") as opened:
            return read_lines(opened)
    runs = Runs()
    name = getattr(file, "name", "lines")
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        results = _results(line)
        if results is None or results.get("schema") != SCHEMA:
            raise ValueError(f"{name}:{number}: no results of schema {SCHEMA}")
        runs.append(results)
    return runs


def table(head, rows):
    """Rows of values as text: columns as wide as they must be, numbers to the
    right."""
    texts = [[str(value) for value in row] for row in [head, *rows]]
    widths = [max(map(len, column)) for column in zip(*texts)]
    right = [all(isinstance(value, (int, float)) for value in column)
             for column in zip(*rows)]
    return "\n".join(
        "  ".join(text.rjust(width) if to_right else text.ljust(width)
                  for text, width, to_right in zip(row, widths, right)).rstrip()
        for row in texts)


def _split(text, what):
    path, equals, value = text.partition("=")
    if not equals or not path:
        raise argparse.ArgumentTypeError(f"{what}, not '{text}'")
    return path, value


def _one(text):
    path, value = _split(text, "PATH=VALUE")
    return path, Yaml(value)


def _several(text):
    path, values = _split(text, "PATH=A,B,...")
    return path, [Yaml(value) for value in values.split(",")]


def _parser():
    parser = argparse.ArgumentParser(
        prog="ambit.py", description="Runs a config again and again and writes "
        "each run's results as a line of JSON.")
    parser.add_argument("config")
    parser.add_argument("--set", action="append", type=_one, default=[],
                        metavar="PATH=VALUE", help="change the config")
    parser.add_argument("--vary", action="append", type=_several, default=[],
                        metavar="PATH=A,B,...",
                        help="run it with each of these values (and each "
                        "combination, if given again)")
    parser.add_argument("--repeat", type=int, default=1, metavar="N",
                        help="runs of each (default 1)")
    parser.add_argument("--seed", type=int, metavar="S",
                        help="of the first run of each; later ones count on")
    parser.add_argument("--engine", choices=("auto", "kvm", "qemu"))
    parser.add_argument("--icount", action="store_true",
                        help="count instructions (engine qemu)")
    parser.add_argument("--require", action="append", metavar="KEY=VALUE")
    parser.add_argument("--timeout", metavar="DURATION", help="of each run")
    parser.add_argument("--out", metavar="FILE",
                        help="write there instead of standard output")
    return parser


def _gravest(codes):
    return next((code for code in GRAVEST if code in codes), 0)


def _run_all(options, out):
    """Each combination; returns the exit codes seen."""
    codes = []
    for choice in vary(dict(options.vary)):
        for number in range(options.repeat):
            seed = None if options.seed is None else options.seed + number
            runs = run(options.config, {**dict(options.set), **choice},
                       seed=seed, timeout=options.timeout, check=False,
                       engine=options.engine, icount=options.icount,
                       require=options.require)
            write_lines(out, runs)
            codes.append(runs[0].exit)
    return codes


def main(arguments=None):
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.repeat < 1:
        parser.error("--repeat wants a number above 0")
    try:
        if not options.out:
            return _gravest(_run_all(options, sys.stdout))
        with open(options.out, "w", encoding="utf-8") as out:
            return _gravest(_run_all(options, out))
    except AmbitError as error:
        print(error.stderr.strip() or error, file=sys.stderr)
        return error.exit_code if error.exit_code in ERRORS else 3
    except ValueError as error:
        parser.error(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # nobody reads any more
    except OSError as error:
        print(f"ambit.py: cannot write {options.out or 'standard output'}: "
              f"{error.strerror}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
