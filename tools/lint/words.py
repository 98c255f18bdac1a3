#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Licence line first in every source file; nothing left to do; braces
everywhere; no variants by preprocessor inside logic; no tabs."""

import re

import common

SOURCES = [".c", ".h", ".S", ".ld", ".py", ".cmake", "CMakeLists.txt", ".sh"]
LICENCE = "SPDX-License-Identifier: Apache-2.0"
# Written in two halves, so that this file passes its own lint.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
CONDITION = re.compile(r"^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif)\b(.*)$", re.M)
# A name that the system's headers may lack: #ifndef X, #define X, #endif.
FALLBACK = re.compile(
    r"[ \t]*#[ \t]*ifndef[ \t]+(\w+)\s*\n[ \t]*#[ \t]*define[ \t]+\1\b.*\n"
    r"\s*#[ \t]*endif")
CONTROL = re.compile(r"^[ \t]*(?:\} )?(?:else )?(if|for|while|do|else)\b",
                     re.M)


def licence(text):
    head = text.splitlines()[:2]
    if head and head[0].startswith("#!"):
        head = head[1:]
    return bool(head) and LICENCE in head[0]


def after_parentheses(text, start):
    """Offset behind the balanced (...) that begins at or after start."""
    depth = 0
    for offset in range(start, len(text)):
        if text[offset] == "(":
            depth += 1
        elif text[offset] == ")":
            depth -= 1
            if depth == 0:
                return offset + 1
    return len(text)


def without_braces(text):
    """Offsets of if, for, while, do and else that no brace follows."""
    for match in CONTROL.finditer(text):
        end = match.end()
        word = match.group(1)
        if word in ("if", "for", "while"):
            end = after_parentheses(text, end)
        rest = text[end:].lstrip()
        if word == "while" and rest.startswith(";"):
            if "}" in text[match.start():match.end()]:
                continue  # do { } while ();
        if word == "else" and re.match(r"if\b", rest):
            continue
        if not rest.startswith("{"):
            yield match.start(1), word


def look_at_c(path, text, findings):
    plain = common.code(text)
    macros_gone = re.sub(r"^[ \t]*#(?:.*\\\n)*.*$",
                         lambda m: re.sub(r"[^\n]", " ", m.group(0)),
                         plain, flags=re.M)
    for offset, word in without_braces(macros_gone):
        line = plain.count("\n", 0, offset) + 1
        findings.add(path, line, f"{word} without braces")
    if path.endswith(".c") and not path.startswith(("test/", "bench/")):
        for match in CONDITION.finditer(plain):
            line = plain.count("\n", 0, match.start()) + 1
            if not FALLBACK.match(plain, match.start()):
                findings.add(path, line, "variants are files, not #if")


def main():
    root = common.parser(__doc__).parse_args().root
    findings = common.Findings("words")
    paths = common.files(root, SOURCES)
    for path in paths:
        text = common.read(root, path)
        if not licence(text):
            findings.add(path, 1, f"no {LICENCE} line")
        for number, line in enumerate(text.splitlines(), 1):
            match = UNFINISHED.search(line)
            if match:
                findings.add(path, number, f"unfinished: {match.group(1)}")
            if "\t" in line and path.endswith((".c", ".h")):
                findings.add(path, number, "tab")
        if path.endswith((".c", ".h")):
            look_at_c(path, text, findings)
    findings.exit(f"{len(paths)} files" if paths else None)


if __name__ == "__main__":
    main()
