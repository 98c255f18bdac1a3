/* SPDX-License-Identifier: Apache-2.0 */
/* What domains say to one another, so that a message tells who wrote it. */
#ifndef MODEL_TOKEN_H
#define MODEL_TOKEN_H

#include <stdint.h>

static inline uint64_t token_call(uint32_t caller)
{
    return 0x100 + caller;
}
static inline uint64_t token_reply(uint32_t server)
{
    return 0x200 + server;
}
/* The bit that a domain signals. */
static inline uint64_t token_bit(uint32_t signaller)
{
    return UINT64_C(1) << signaller;
}
/* The default badge of a hold. */
static inline uint64_t token_badge(uint32_t caller)
{
    return caller + 1;
}

#endif
