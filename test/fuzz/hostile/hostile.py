# SPDX-License-Identifier: Apache-2.0
"""Real runs with a hostile kernel: each ends in time, with a documented exit
code; nothing that a terminal obeys is printed; results, where there are any,
are JSON.

usage: hostile.py ENGINE KERNEL CONFIG [SEEDS]
"""
import json
import os
import re
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "lib"))
import ambit  # noqa: E402

CODES = {0, 1, 3, 4, 5, 124}
OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
SANITIZER = re.compile(r"Sanitizer|runtime error:|terminate called")


def judge(t, run, seed, results):
    about = f"seed {seed}"
    t.ok(run.code in CODES, f"{about} ends with a documented code", str(run))
    t.ok(not OBEYED.search(run.out + run.err),
         f"{about} prints nothing that a terminal obeys", str(run))
    t.ok(not SANITIZER.search(run.err), f"{about} leaves memory alone",
            str(run))
    if os.path.exists(results):
        with open(results, encoding="utf-8") as file:
            t.equal(json.load(file)["exit"], run.code,
                    f"{about} has results that say the same")
        os.remove(results)


def main():
    engine, kernel, config = sys.argv[1:4]
    seeds = int(sys.argv[4]) if len(sys.argv) > 4 else 12
    t = ambit.Test()
    codes = {}
    with tempfile.TemporaryDirectory() as folder:
        results = os.path.join(folder, "results.json")
        for seed in range(1, seeds + 1):
            run = ambit.run("audit" if seed % 4 == 0 else "run", config,
                            "--kernel", kernel, "--engine", engine,
                            "--timeout", "2s", "--set", f"seed={seed}",
                            "--json", results, timeout=30)
            if run.code == 77:
                ambit.skip_all(run.err.strip())
            codes[run.code] = codes.get(run.code, 0) + 1
            judge(t, run, seed, results)
    print(f"# exit codes: {codes}")
    t.done()


main()
