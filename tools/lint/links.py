#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every relative link or picture in a Markdown file leads to a file or folder
of the tree, and every #fragment to a heading."""

import os
import re

import common

FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.M | re.S)
INLINE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?[^)\n]*\)|^\[[^\]\n]+\]:\s*(\S+)",
                  re.M)
HEADING = re.compile(r"^#{1,6}[ \t]+(.*?)[ \t]*#*$", re.M)
OUTSIDE = re.compile(r"^([a-z][a-z0-9+.-]*:|//)", re.I)


def blank(match):
    return re.sub(r"[^\n]", " ", match.group(0))


def anchors(text):
    """The fragments that a page of headings has."""
    seen = {}
    for title in HEADING.findall(FENCE.sub(blank, text)):
        name = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        count = seen.get(name, 0)
        seen[name] = count + 1
        yield f"{name}-{count}" if count else name


def judge(root, path, target):
    """What is wrong with a link, or None."""
    place, _, fragment = target.partition("#")
    if place.startswith("/"):
        return f"{target} is no relative link"
    goal = os.path.normpath(os.path.join(os.path.dirname(path), place)) \
        if place else path
    if goal == ".." or goal.startswith("../"):
        return f"{target} leads out of the tree"
    if not os.path.exists(os.path.join(root, goal)):
        return f"{target} leads nowhere"
    if fragment and goal.endswith(".md") and \
            fragment not in anchors(common.read(root, goal)):
        return f"{target}: no such heading"
    return None


def main():
    root = common.parser(__doc__).parse_args().root
    findings = common.Findings("links")
    paths = common.files(root, [".md"])
    for path in paths:
        text = INLINE.sub(blank, FENCE.sub(blank, common.read(root, path)))
        for match in LINK.finditer(text):
            target = match.group(1) or match.group(2)
            wrong = None if OUTSIDE.match(target) else \
                judge(root, path, target)
            if wrong:
                line = text.count("\n", 0, match.start()) + 1
                findings.add(path, line, wrong)
    findings.exit(f"{len(paths)} files" if paths else None)


if __name__ == "__main__":
    main()
