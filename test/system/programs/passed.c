/* SPDX-License-Identifier: Apache-2.0 */
/* One domain hands another, who calls it, a capability that it has: or not. */
#include "tools.h"

/* Argument: "give", or "keep". */
AMBIT_ENTRY(passed_giver_main)
{
    struct ambit_handle gate = held("gate"), desk = held("desk");
    struct ambit_message message = {0};
    struct ambit_gift gift = {0};

    ambit_assert(argc == 2);
    must(ambit_receive(gate, &message));
    if (argv[1][0] == 'g') {
        gift = ambit_copy_of(desk, AMBIT_WRITE);
    }
    must(ambit_reply_with(&message, gift));
    return 0;
}

AMBIT_ENTRY(passed_taker_main)
{
    struct ambit_message message = {0};

    must(ambit_call(held("gate"), &message));
    ambit_printf(message.capability.bits ? "got it\n" : "got nothing\n");
    return 0;
}
