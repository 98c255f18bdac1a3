#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# entry.sh NM KERNEL AMBIT CONFIG ENGINE: runs the attack on the entry address
# that the kernel's symbol table names.
set -eu
address=$("$1" "$2" | awk '$3 == "syscall_entry" { print $1 }')
if [ -z "$address" ]; then
    echo "the kernel has no symbol syscall_entry" >&2
    exit 1
fi
exec "$3" run "$4" --engine "$5" --timeout 60s -- "0x$address"
