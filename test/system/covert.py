#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""covert.py CONFIG [BITS]: the covert channels of domains/examples/covert.yaml,
measured on qemu. With what is shared the receiver has every bit; apart it is
left with chance, and sees the same every time. Prints what
docs/covert-channels.md quotes."""

import math
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import ambit  # noqa: E402

BITS = 10000
CLOSED = {"size by name"}  # whatever is shared
LINE = re.compile(r"(\w+)\| ([a-z ]+): (\d+) (\d+) (\d+) (\d+)(, the same)?")


def chance(bits):
    """What a fair coin guesses right in 999 of 1000 runs: [low, high], exact,
    at most one in 2000 on either side."""
    below, low = 0, 0
    while (below + math.comb(bits, low)) * 2000 <= 2 ** bits:
        below += math.comb(bits, low)
        low += 1
    return low, bits - low


def information(counts):
    """Bits that a guess tells about what was sent, from the joint counts."""
    total = sum(counts)
    sent = [counts[0] + counts[1], counts[2] + counts[3]]
    seen = [counts[0] + counts[2], counts[1] + counts[3]]
    return sum(n / total * math.log2(n * total / (sent[i // 2] * seen[i % 2]))
               for i, n in enumerate(counts) if n)


def measured(t, config, bits, *options):
    run = ambit.run("run", config, "--engine", "qemu", "--timeout", "200s",
                    "--set", f'domains.shared.args.0="{bits}"',
                    "--set", f'domains.apart.args.0="{bits}"', *options,
                    timeout=240)
    if run.code == 77:
        ambit.skip_all(run.err.strip().replace("\n", "; "))
    t.equal(run.code, 0, f"{bits} bits {' '.join(options)}", run)
    return [(m[1], m[2], [int(m[i]) for i in range(3, 7)], bool(m[7]))
            for m in LINE.finditer(run.out)]


def judge(t, bits, low, high, row):
    pair, channel, counts, blind = row
    right = counts[0] + counts[3]
    told = information(counts)

    print(f"# {pair:7}{channel:15}{right:6} of {bits}, "
          f"{told:.3f} bits a symbol{', blind' if blind else ''}")
    t.equal(sum(counts), bits, f"{pair}, {channel}: all were sent")
    if pair == "shared" and channel not in CLOSED:
        t.equal(right, bits, f"{pair}, {channel}: every bit arrives")
    else:
        t.ok(low <= right <= high, f"{pair}, {channel}: {right} is chance")
        t.ok(blind and told == 0, f"{pair}, {channel}: nothing to be seen")


def main():
    config = sys.argv[1]
    bits = int(sys.argv[2]) if len(sys.argv) > 2 else BITS
    low, high = chance(bits)
    t = ambit.Test()

    rows = measured(t, config, bits)
    print(f"# chance: {low} to {high} of {bits} (two-sided, 99.9%)")
    for row in rows:
        judge(t, bits, low, high, row)
    t.equal(len({(r[0], r[1]) for r in rows}), len(rows), "each once")
    t.ok(len(rows) >= 12, "two pairs, at least six channels")
    # A test that cannot fail proves nothing: without its guard, one is open.
    open_again = measured(t, config, 500, "--without-guard", "locate-view")
    for pair, channel, counts, _ in open_again:
        if channel in CLOSED:
            t.equal(counts[0] + counts[3], 500,
                    f"{pair}, {channel}: open without its guard")
    t.done()


if __name__ == "__main__":
    main()
