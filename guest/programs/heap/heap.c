/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A heap in common: the app grows it, its child (a thread, a TIS or a TIF)
 * reads what stands there, grows it further, and the app reads that without
 * being told to look again. Nothing but the address goes through the call.
 */
#include <ambit/ambit.h>

#define BLOCK_BYTES 100000u /* more pages than one growth brings */
#define APP_BYTE 0xa5
#define CHILD_BYTE 0xc3

static void check_filled(const unsigned char *block, unsigned char byte)
{
    for (uint32_t i = 0; i < BLOCK_BYTES; i++) {
        ambit_assert(block[i] == byte);
    }
}

static unsigned char *make_filled(unsigned char byte)
{
    unsigned char *block = ambit_malloc(BLOCK_BYTES);

    ambit_assert(block != 0);
    memset(block, byte, BLOCK_BYTES);
    return block;
}

AMBIT_ENTRY(app_main)
{
    struct ambit_handle line;
    struct ambit_message message = {0};
    unsigned char *mine = make_filled(APP_BYTE);

    ambit_assert(ambit_capability("line", &line) == STATUS_OK);
    ambit_assert(ambit_receive(line, &message) == STATUS_OK);
    message.words[0] = (uint64_t)mine;
    ambit_assert(ambit_reply_receive(line, &message) == STATUS_OK);
    check_filled((unsigned char *)message.words[0], CHILD_BYTE);
    ambit_free((void *)message.words[0]);
    ambit_assert(ambit_reply(&message) == STATUS_OK);
    check_filled(mine, APP_BYTE);
    ambit_free(mine);
    ambit_printf("the child's block was there to read\n");
    return 0;
}

AMBIT_ENTRY(child_main)
{
    struct ambit_handle line;
    struct ambit_message message = {0};

    ambit_assert(ambit_capability("line", &line) == STATUS_OK);
    ambit_assert(ambit_call(line, &message) == STATUS_OK);
    check_filled((unsigned char *)message.words[0], APP_BYTE);
    message.words[0] = (uint64_t)make_filled(CHILD_BYTE);
    ambit_assert(ambit_call(line, &message) == STATUS_OK);
    ambit_printf("the app's block was there to read\n");
    return 0;
}
