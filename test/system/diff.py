#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""diff.py: `ambit diff` of two configs that differ in one line."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402

SPECTRUM = os.path.join(ambit.ROOT, "domains", "examples", "spectrum.yaml")
TIS = os.path.join(ambit.ROOT, "domains", "examples", "tis.yaml")


def diff(*options, second=SPECTRUM):
    return ambit.run("diff", SPECTRUM, second, "--json", "-", *options)


def verdict(t, what, wanted, *settings, lines=()):
    options = [part for setting in settings for part in ("--set", setting)]
    run = diff(*options)
    got = run.json or {}
    t.equal(got.get("verdict"), wanted, what, run)
    for line in lines:
        t.ok(any(line.items() <= change.items()
                 for change in got.get("changes", [])), f"{what}: {line}",
             got.get("changes"))
    code = diff(*options, "--fail-if", "weaker").code
    t.equal(code, 1 if wanted in ("weaker", "incomparable") else 0,
            f"{what}: --fail-if weaker")
    t.equal(run.code, 0, f"{what}: 0 without it")


def main():
    t = ambit.Test()
    verdict(t, "the same file", "same", lines=[])
    verdict(t, "a comment's worth", "same", "seed=9", "domains.app.heap=2MiB")
    verdict(t, "tis to thread", "weaker", "domains.guard.kind=thread", lines=[
        {"kind": "reach", "domain": "guard", "what": "app.stack",
         "gained": "rw", "witness": "space same as app"},
        {"kind": "reach", "domain": "app", "what": "guard.stack"}])
    verdict(t, "thread to process", "stronger",
            "domains.worker.kind=process", lines=[
                {"kind": "reach", "domain": "worker", "what": "app.heap",
                 "lost": "rw"},
                {"kind": "trust", "domain": "app", "what": "worker"}])
    verdict(t, "other files", "incomparable",
            "domains.guard.compose={files: {new: {host: ./public}}}", lines=[
                {"what": "./data/secret.txt", "domain": "guard", "lost": "r"},
                {"what": "./public/public.txt", "domain": "guard",
                 "gained": "r"}])
    verdict(t, "an assertion less", "weaker", "assert.control-heap=null",
            lines=[{"kind": "assert", "domain": "control-heap"}])
    verdict(t, "an assertion more", "stronger",
            "assert.more={tcb: {of: app, max: 9}}")
    verdict(t, "a domain that shares nothing", "same",
            "domains.extra={program: hello, compose: {quota: {new: 4MiB}, "
            "pool: {new: 4MiB}}}")
    text = ambit.run("diff", SPECTRUM, SPECTRUM, "--set",
                     "domains.guard.kind=thread")
    t.ok(text.out.splitlines()[-1].startswith("weaker: ") and
         "+ guard reaches app.stack rw (space same as app)" in text.out,
         "as text", text)
    t.equal(text.out, ambit.run("diff", SPECTRUM, SPECTRUM, "--set",
                                "domains.guard.kind=thread").out,
            "twice the same")
    other = diff(second=TIS)
    t.ok(other.code == 0 and other.json["verdict"] in ("stronger",
                                                       "incomparable"),
         "two programs", other)
    for what, arguments in (("one config", [SPECTRUM]),
                            ("three configs", [SPECTRUM] * 3),
                            ("no such file", [SPECTRUM, "/nonexistent.yaml"]),
                            ("--fail-if stronger", [SPECTRUM, SPECTRUM,
                                                    "--fail-if", "stronger"])):
        run = ambit.run("diff", *arguments)
        t.ok(run.code in (2, 3) and not run.out and
             len(ambit.messages(run.err)) == 1, f"{what} is refused", run)
    t.done()


if __name__ == "__main__":
    main()
