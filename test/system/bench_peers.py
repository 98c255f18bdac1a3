#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bench_peers.py FETCHED: the Linux peers of `ambit bench` as instructions, in
a Debian kernel that is fetched there. FETCHED is the nested machine's."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "lib"), os.path.join(HERE, "nested")]
import ambit  # noqa: E402
import fetch  # noqa: E402

CROSSINGS = ("pipe", "socket", "futex", "eventfd")


def main():
    t = ambit.Test()
    try:
        fetch.fetch(sys.argv[1])
    except fetch.Missing as why:
        ambit.skip_all(str(why))
    kernel = os.path.join(sys.argv[1], "kernel", "vmlinuz")
    run = ambit.run("bench", "call", "create", "fault", "file-read", "--engine",
                    "qemu", "--repeat", "5", "--linux", kernel, "--json", "-",
                    timeout=240)
    if run.code == 77:
        ambit.skip_all(run.err.strip().replace("\n", "; "))
    t.equal(run.code, 0, "all is measured", run)
    rows = {(row["operation"], row["subject"]): row["value"]
            for row in run.json["rows"] if row["place"] == "linux"}
    t.ok(all(value["value"] is not None and value["n"] == 5 and
             value["unit"] == "instructions" for value in rows.values()),
         "every peer told five samples", rows)
    value = {key: cell["value"] for key, cell in rows.items()}
    t.ok(value["call", "nothing"] < 20 < value["call", "getppid"] < 1000,
         "a system call takes some hundred instructions", value)
    t.ok(all(value["call", name] > 10 * value["call", "getppid"]
             for name in CROSSINGS), "a switch takes many of them", value)
    t.ok(value["create", "pthread"] < value["create", "fork"] <
         value["create", "vfork-exec"], "lives, from thread to program", value)
    site = run.json["places"]["linux"]
    t.ok(site["engine"]["system"].startswith("Linux ") and
         site["engine"]["kernel"] == kernel and
         len(site["engine"]["kernel_sha256"]) == 64, "it says which Linux", site)
    t.done()


if __name__ == "__main__":
    main()
