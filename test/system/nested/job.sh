# SPDX-License-Identifier: Apache-2.0
# Runs every case of /cases: NAME CONFIG [ARGUMENTS FOR ITS DOMAINS]; then every
# one of /teeth, with bytes of the binary changed: NAME CONFIG OFFSET:BYTES...
# Each leaves results, standard output, error and exit code in /out/NAME.

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
