#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# control.sh AMBIT run CONFIG ...: passes when the run notices that the attack
# came through: an expectation missed (1) or an assertion broken (5). Any other
# end, an error in the config among them, is a failure; 77 is a skip.
"$@"
code=$?
case $code in
1 | 5)
    exit 0
    ;;
77)
    exit 77
    ;;
*)
    echo "the run ended with $code: the attack was not noticed" >&2
    exit 1
    ;;
esac
