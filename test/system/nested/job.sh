# SPDX-License-Identifier: Apache-2.0
# Runs every case of /cases: NAME CONFIG [ARGUMENTS FOR ITS DOMAINS]; then every
# one of /teeth, with bytes of the binary changed: NAME CONFIG OFFSET:BYTES...
# Each leaves results, standard output, error and exit code in /out/NAME. Then
# the controls of all configs, and attacks without their guards, those of the
# configs in /hardware among them, which leave TAP in /out.

# run NAME BINARY CONFIG [OPTIONS]
run()
{
    echo "nested: begins $1"
    mkdir -p "/out/$1"
    cd "/out/$1" || exit
    binary=$2 config=$3
    shift 3
    "$binary" run "$config" --engine kvm --timeout 90s --json results "$@" \
        >out 2>err
    echo $? >code
}

ambit doctor --engine kvm
while read -r name config arguments; do
    # shellcheck disable=SC2086
    run "$name" ambit "$config" ${arguments:+-- $arguments}
done </cases

while read -r name config changes; do
    cp /bin/ambit /tmp/ambit
    for change in $changes; do
        # shellcheck disable=SC2059
        printf "${change#*:}" | dd of=/tmp/ambit bs=1 seek="${change%%:*}" \
            conv=notrunc 2>/dev/null
    done
    run "$name" /tmp/ambit "$config"
done </teeth

# Some points of the lattice, found as predicted.
echo "nested: begins lattice"
mkdir -p /out/lattice
ambit lattice --boot --sample 40 --seed 3 --engine kvm --jobs 1 --valid \
    --json /out/lattice/results >/out/lattice/out 2>/out/lattice/err
echo $? >/out/lattice/code

# suite TAP OPERANDS AND OPTIONS: ambit test; each line is on the console, too.
suite()
{
    tap=$1
    shift
    echo "nested: begins $tap"
    ambit test "$@" --engine kvm --jobs 1 --timeout 90s --tap - |
        tee "/out/$tap"
}

suite tap /tests --filter "*.kvm [cw]* *"
# What a software KVM does not let through without these guards, this one does.
cd /tests/attack || exit
# shellcheck disable=SC2046
suite tap-hardware $(cat /hardware) --set "test.engines=[kvm]" \
    --set "test.guards_on=[kvm]" --filter "* without *"
