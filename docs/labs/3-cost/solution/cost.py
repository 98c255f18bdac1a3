#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What does the filter cost as each of the built-in kinds?
Prints a table: kind, instructions to create the filter, instructions of one
call."""

import ambit

KINDS = ["thread", "tis", "tif", "process", "pir"]


def row(kind):
    """[kind, create, call]"""
    run = ambit.run("filter.yaml", {"domains.filter.kind": kind},
                    engine="qemu", icount=True)[0]
    return [kind,
            run.number("domains", "filter", "create", unit="instructions"),
            run.number("domains", "host", "observations", "call",
                       unit="instructions")]


print(ambit.table(["kind", "create", "call"], [row(kind) for kind in KINDS]))
