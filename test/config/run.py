#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Configs and what vmm/config says about them.

  run.py WHAT --dump PROGRAM [--docs FILE]

WHAT is one of
  bad     every bad/*.yaml gives exactly its `# expect:` lines and exit code 2
  good    every good/*.yaml and example loads, and what is printed reloads to
          the same
  schema  the published schema accepts the good ones and judges each bad one
          as its `# schema:` line says
  files   what cannot be read at all; standard input
  docs    docs/config.md holds the rows that the table gives
  fuzz    mutated configs never make the program end by a signal

Header lines of a config:
  # expect: LINE:COLUMN: text     (bad) one diagnostic; of an override: --set ..
  # schema: refuses|accepts|unreadable   (bad) what the schema can see
  # set: PATH=VALUE               an override
  # resolved: TEXT                (good) a line of the resolved config
"""

import argparse
import json
import os
import random
import stat
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
SKIP = 77
FUZZ_SECONDS = 10


class Results:
    """Counts, and prints what failed."""

    def __init__(self):
        self.count = self.failed = 0

    def check(self, name, good, detail=""):
        self.count += 1
        if not good:
            self.failed += 1
            print(f"FAILED {name}: {detail}")

    def exit(self):
        print(f"{self.count} checks, {self.failed} failed")
        sys.exit(1 if self.failed or not self.count else 0)


def configs(folder):
    names = sorted(os.listdir(os.path.join(HERE, folder)))
    return [os.path.join(HERE, folder, name) for name in names
            if name.endswith(".yaml")]


def examples():
    folder = os.path.join(ROOT, "domains", "examples")
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder))
            if name.endswith(".yaml")]


def headers(path, word):
    """What stands behind `# word: ` in the file's first lines."""
    found = []
    with open(path, "rb") as file:
        for line in file.read().split(b"\n"):
            text = line.decode("utf-8", "replace").lstrip("\ufeff")
            if not text.startswith("# "):
                break
            if text.startswith(f"# {word}: "):
                found.append(text[len(word) + 4:])
    return found


def dump(program, path, sets=(), **options):
    command = [program]
    for one in sets:
        command += ["--set", one]
    return subprocess.run(command + [path], capture_output=True, timeout=60,
                          **options)


def text_of(stream):
    return stream.decode("utf-8", "replace")


def test_bad(options, results):
    for path in configs("bad"):
        name = os.path.basename(path)
        expected = [line if line.startswith("--set") else f"{path}:{line}"
                    for line in headers(path, "expect")]
        done = dump(options.dump, path, headers(path, "set"))
        results.check(name, expected, "has no # expect: line")
        results.check(name, done.returncode == 2, f"exit {done.returncode}")
        results.check(name, text_of(done.stderr).splitlines() == expected,
                      f"said:\n{text_of(done.stderr)}")
        results.check(name, not done.stdout, "printed a config all the same")
    results.check("bad", results.count >= 4 * 40, "too few configs")


def test_good(options, results):
    for path in configs("good") + examples():
        name = os.path.basename(path)
        first = dump(options.dump, path, headers(path, "set"))
        results.check(name, first.returncode == 0 and not first.stderr,
                      text_of(first.stderr))
        lines = text_of(first.stdout).split("\n")
        for line in headers(path, "resolved"):
            results.check(name, line in lines, f"lacks '{line}'")
        again = dump(options.dump, "-", input=first.stdout)
        results.check(name, again.stdout == first.stdout,
                      f"reloads differently: {text_of(again.stderr)}")


def value_of(path):
    """The config as plain values, read by somebody else's parser."""
    import yaml
    with open(path, encoding="utf-8-sig") as file:
        text = file.read()
    try:
        return json.loads(text)
    except ValueError:
        return yaml.safe_load(text)


def judge(validator, path):
    import yaml
    try:
        value = value_of(path)
    except (yaml.YAMLError, UnicodeError, ValueError):
        return "unreadable"
    return "accepts" if validator.is_valid(value) else "refuses"


def make_validator(options):
    try:
        import jsonschema
        import yaml  # noqa: F401 (value_of needs it)
    except ImportError as missing:
        print(f"SKIP: {missing} (Debian: python3-jsonschema, python3-yaml)")
        sys.exit(SKIP)
    done = subprocess.run([options.dump, "--schema"], capture_output=True,
                          check=True)
    schema = json.loads(done.stdout)
    kind = jsonschema.Draft202012Validator
    kind.check_schema(schema)
    return kind(schema)


def test_schema(options, results):
    validator = make_validator(options)
    for path in configs("good") + examples():
        errors = "" if judge(validator, path) == "accepts" else "\n".join(
            str(error) for error in validator.iter_errors(value_of(path)))
        results.check(os.path.basename(path), not errors, errors)
        done = dump(options.dump, path, headers(path, "set"))
        with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
            file.write(done.stdout)
            file.flush()
            results.check(f"resolved {os.path.basename(path)}",
                          judge(validator, file.name) == "accepts")
    for path in configs("bad"):
        if headers(path, "set"):
            continue  # the file by itself is good
        expected = headers(path, "schema")
        found = judge(validator, path)
        results.check(os.path.basename(path), [found] == expected,
                      f"the schema {found}, expected {expected}")


def check_failure(results, name, done, words):
    error = text_of(done.stderr)
    results.check(name, done.returncode == 2, f"exit {done.returncode}")
    for word in words:
        results.check(name, word in error, f"'{word}' is not in: {error}")


def test_files(options, results):
    good = b"ambit: 1\ndomains: {app: {program: hello}}\n"
    with tempfile.TemporaryDirectory() as folder:
        missing = os.path.join(folder, "none.yaml")
        check_failure(results, "missing", dump(options.dump, missing),
                      ["cannot open", missing, "No such file", "check"])
        below = os.path.join(missing, "x.yaml")
        check_failure(results, "missing folder", dump(options.dump, below),
                      ["cannot open", "check"])
        check_failure(results, "folder", dump(options.dump, folder),
                      ["is a folder", "name the YAML file"])
        large = os.path.join(folder, "large.yaml")
        with open(large, "wb") as file:
            file.write(good + b"#" * (1 << 20))
        check_failure(results, "large", dump(options.dump, large),
                      ["larger than 1MiB"])
        with open(large, "rb") as file:
            check_failure(results, "large input",
                          dump(options.dump, "-", stdin=file),
                          ["larger than 1MiB"])
        check_failure(results, "folder as input",
                      dump(options.dump, "-", stdin=os.open(folder, os.O_RDONLY)),
                      ["is a folder"])
        secret = os.path.join(folder, "secret.yaml")
        with open(secret, "wb") as file:
            file.write(good)
        os.chmod(secret, 0)
        if not os.access(secret, os.R_OK):  # root may read it
            check_failure(results, "unreadable", dump(options.dump, secret),
                          ["Permission denied", "chmod +r"])
        os.chmod(secret, stat.S_IRUSR | stat.S_IWUSR)
        done = dump(options.dump, "-", input=good)
        results.check("input", done.returncode == 0, text_of(done.stderr))
        done = dump(options.dump, "-", input=b"ambit: 2\n" + good[9:])
        results.check("input", text_of(done.stderr).startswith("-:1:8: "),
                      text_of(done.stderr))


def test_docs(options, results):
    done = subprocess.run([options.dump, "--reference"], capture_output=True,
                          check=True)
    with open(options.docs, encoding="utf-8") as file:
        text = file.read()
    begin, end = "<!-- from the table -->\n", "<!-- to here -->\n"
    results.check("docs", begin in text and end in text, "no markers")
    if begin in text and end in text:
        found = text.split(begin)[1].split(end)[0].strip("\n")
        results.check("docs", found == text_of(done.stdout).strip("\n"),
                      "differs from config_dump --reference")


WORDS = [b"{", b"}", b"[", b"]", b": ", b", ", b"\n", b"\n  ", b"- ", b"&a ",
         b"*a", b"<<: ", b"!!str ", b"---\n", b"~", b"null", b"'", b'"', b"\t",
         b"|\n", b"? ", b"#", b"\xff", b"\0", b"64KiB", b"18446744073709551616",
         b"same", b"part", b"none", b"{new: ", b"{part: {keep: [", b"app",
         b"parent: ", b"x" * 300, b"\xc3\xa9", b'"\\e[1m"', b"[" * 40]


def mutate(source, corpus, chance):
    data = bytearray(source)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        length = chance.choice([0, 1, 1, 4, 20, 100])
        action = chance.randrange(5)
        if action == 0:
            del data[at:at + length]
        elif action == 1:
            data[at:at + length] = chance.choice(WORDS)
        elif action == 2:
            data[at:at] = bytes([chance.randrange(256)])
        elif action == 3:
            other = chance.choice(corpus)
            start = chance.randrange(len(other) + 1)
            data[at:at] = other[start:start + length]
        else:
            data[at:at] = data[at:at + length]
    return bytes(data)


def test_fuzz(options, results):
    chance = random.Random(options.seed)
    corpus = []
    for path in configs("good") + configs("bad") + examples():
        with open(path, "rb") as file:
            corpus.append(file.read())
    end = time.monotonic() + options.seconds
    while time.monotonic() < end:
        data = mutate(chance.choice(corpus), corpus, chance)
        sets = []
        if chance.randrange(4) == 0:
            line = chance.choice(corpus).split(b"\n")[-2:][0].strip()
            sets = [mutate(line.replace(b": ", b"=", 1), corpus,
                           chance).replace(b"\0", b"")]
        done = dump(options.dump, "-", sets, input=data)
        good = done.returncode in (0, 2)
        if done.returncode == 0:
            again = dump(options.dump, "-", input=done.stdout)
            good = again.stdout == done.stdout
        results.check("fuzz", good, f"exit {done.returncode}, set {sets}, "
                      f"input {data!r}\n{text_of(done.stderr)[-3000:]}")
        if not good:
            return


def main():
    tests = {name[5:]: test for name, test in globals().items()
             if name.startswith("test_")}
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("what", choices=sorted(tests))
    parser.add_argument("--dump", required=True, help="config_dump")
    parser.add_argument("--docs",
                        default=os.path.join(ROOT, "docs", "config.md"))
    parser.add_argument("--seconds", type=float, default=FUZZ_SECONDS)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    results = Results()
    tests[options.what](options, results)
    results.exit()


main()
