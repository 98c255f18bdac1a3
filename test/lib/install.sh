#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# install.sh CMAKE BUILD CC: installs BUILD into a scratch folder, moves it
# (nothing in it may depend on its place), builds a domain program with only
# what was installed, and lets the installed `ambit` load it.
set -eu
cmake=$1 build=$2 cc=$3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$cmake" --install "$build" --prefix "$scratch/first" >/dev/null
mv "$scratch/first" "$scratch/moved"
prefix=$scratch/moved
folder=$(dirname "$(find "$prefix" -name ambit.pc)")
export PKG_CONFIG_LIBDIR="$folder"

cat >"$scratch/mine.c" <<'END'
#include <ambit/ambit.h>

AMBIT_ENTRY(main)
{
    ambit_printf("%s is mine\n", argv[0]);
    return 0;
}
END
cat >"$scratch/mine.yaml" <<'END'
ambit: 1
domains:
  app: {kind: process, program: ./mine.elf}
END
# shellcheck disable=SC2046 # several words are meant
"$cc" -Wall -Wextra -Werror $(pkg-config --cflags ambit) "$scratch/mine.c" \
    $(pkg-config --libs ambit) -o "$scratch/mine.elf"
"$prefix/bin/ambit" --version
"$prefix/bin/ambit" check "$scratch/mine.yaml"
for file in share/ambit/examples/spectrum.yaml share/doc/ambit/LICENSE \
    share/doc/ambit/README.md; do
    test -f "$prefix/$file" || { echo "not installed: $file"; exit 1; }
done
echo "installed, moved, built and checked"
