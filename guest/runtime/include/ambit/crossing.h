/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls about crossings with a capability along; and the bodies of those, and
 * of others that ambit/calls.h describes. They are short, and inline: what a
 * caller has in registers stays there.
 */
#ifndef AMBIT_CROSSING_H
#define AMBIT_CROSSING_H

#include <ambit/calls.h>

/*
 * Calls and replies with a capability that goes along; the receiver finds its
 * handle in message->capability. They also return INVALID_ARGUMENT (an
 * attachment; or to move an original: what composition gave, or what the caller
 * made), NO_RIGHTS (more than the capability has), REVOKING, TOO_BIG, NO_SLOT
 * (the receiver has no room). Nothing has gone then, the message neither.
 */
MUST_CHECK static inline enum status
ambit_call_with(struct ambit_handle endpoint, struct ambit_message *message,
                struct ambit_gift gift);
MUST_CHECK enum status ambit_reply_with(const struct ambit_message *message,
                                        struct ambit_gift gift);
MUST_CHECK static inline enum status
ambit_reply_receive_with(struct ambit_handle endpoint,
                         struct ambit_message *message, struct ambit_gift gift);

/*
 * Vector registers do not survive, nor do x87's; what else there is, the kernel
 * keeps (docs/crossings.md). `first` is rdi, before and after.
 */
static inline enum status ambit_cross(uint64_t number, uint64_t *first,
                                      struct ambit_message *message,
                                      struct ambit_gift gift)
{
    uint64_t *w = message->words;
    uint64_t rax = number, rdi = *first, rsi = w[0], rdx = w[1];
    register uint64_t r10 __asm__("r10") = w[2];
    register uint64_t r8 __asm__("r8") = w[3];
    register uint64_t r9 __asm__("r9") = w[4];
    register uint64_t r12 __asm__("r12") = w[5];
    register uint64_t r13 __asm__("r13") = gift.bits;

    __asm__ volatile("syscall"
                     : "+a"(rax), "+D"(rdi), "+S"(rsi), "+d"(rdx), "+r"(r10),
                       "+r"(r8), "+r"(r9), "+r"(r12), "+r"(r13)
                     :
                     : "rcx", "r11", "memory", "cc", "xmm0", "xmm1", "xmm2",
                       "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
                       "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
    if (rax == STATUS_OK) {
        *first = rdi;
        w[0] = rsi;
        w[1] = rdx;
        w[2] = r10;
        w[3] = r8;
        w[4] = r9;
        w[5] = r12;
        message->capability.bits = r13;
    }
    return (enum status)rax;
}

static inline enum status ambit_call_with(struct ambit_handle endpoint,
                                          struct ambit_message *message,
                                          struct ambit_gift gift)
{
    return ambit_cross(SYSCALL_CALL, &endpoint.bits, message, gift);
}

static inline enum status ambit_call(struct ambit_handle endpoint,
                                     struct ambit_message *message)
{
    return ambit_call_with(endpoint, message, (struct ambit_gift){0});
}

static inline enum status
ambit_reply_receive_with(struct ambit_handle endpoint,
                         struct ambit_message *message, struct ambit_gift gift)
{
    enum status status =
        ambit_cross(SYSCALL_REPLY_RECEIVE, &endpoint.bits, message, gift);

    if (status == STATUS_OK) {
        message->badge = endpoint.bits; /* rdi, now */
    }
    return status;
}

static inline enum status ambit_reply_receive(struct ambit_handle endpoint,
                                              struct ambit_message *message)
{
    return ambit_reply_receive_with(endpoint, message, (struct ambit_gift){0});
}

#endif
