# SPDX-License-Identifier: Apache-2.0
# Runs every case of /cases: NAME CONFIG [ARGUMENTS FOR ITS DOMAINS]. Each
# leaves results, standard output, error and exit code in /out/NAME.
ambit doctor --engine kvm
while read -r name config arguments; do
    echo "nested: begins $name"
    mkdir -p "/out/$name"
    cd "/out/$name" || exit
    # shellcheck disable=SC2086
    ambit run "$config" --engine kvm --timeout 90s --json results \
        ${arguments:+-- $arguments} >out 2>err
    echo $? >code
done </cases
