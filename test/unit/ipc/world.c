/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <stdio.h>

void core_assert_fail(const char *what, const char *file, unsigned line)
{
    fprintf(stderr, "%s:%u: assertion failed: %s\n", file, line, what);
    abort();
}

static struct world the_world;
static struct world image;

struct world *world_new(void)
{
    struct world *w = &the_world;

    memset(w, 0xa5, sizeof(*w)); /* the core must need nothing before */
    memset(w->parties, 0, sizeof(w->parties));
    ipc_init(&w->ipc, w->parties, WORLD_PARTIES);
    for (uint32_t i = 0; i < WORLD_PARTIES; i++) {
        ipc_join(&w->ipc, i, &w->party[i]);
    }
    for (uint32_t i = 0; i < WORLD_ENDPOINTS; i++) {
        ipc_endpoint_init(&w->endpoint[i]);
    }
    w->outcome = (struct ipc_outcome){.block = true, .wake = 77};
    return w;
}

void world_save(const struct world *w)
{
    memcpy(&image, w, sizeof(image));
}

bool world_same(const struct world *w)
{
    return memcmp(&image, w, sizeof(image)) == 0;
}

const char *world_check(struct world *w)
{
    struct ipc_endpoint *endpoints[WORLD_ENDPOINTS];

    for (uint32_t i = 0; i < WORLD_ENDPOINTS; i++) {
        endpoints[i] = &the_world.endpoint[i];
    }
    return ipc_check(&w->ipc, endpoints, WORLD_ENDPOINTS);
}

static void fill(uint64_t *words, uint64_t seed)
{
    for (uint32_t i = 0; i < IPC_WORDS; i++) {
        words[i] = seed + i;
    }
}

uint64_t badge_of(uint64_t seed)
{
    return seed * 31;
}

enum status do_call(struct world *w, uint32_t caller, uint32_t endpoint,
                    uint64_t seed)
{
    uint64_t words[IPC_WORDS];

    fill(words, seed);
    return ipc_call(&w->ipc, caller, &w->endpoint[endpoint], badge_of(seed),
                    words, &w->outcome);
}

enum status do_receive(struct world *w, uint32_t server, uint32_t endpoint)
{
    return ipc_receive(&w->ipc, server, &w->endpoint[endpoint], &w->outcome);
}

void do_come(struct world *w, uint32_t domain)
{
    ipc_forget(&w->ipc, domain);
    memset(&w->party[domain], 0xa5, sizeof(w->party[domain]));
    ipc_join(&w->ipc, domain, &w->party[domain]);
}

enum status do_reply(struct world *w, uint32_t server, uint64_t seed)
{
    uint64_t words[IPC_WORDS];

    fill(words, seed);
    return ipc_reply(&w->ipc, server, words, &w->outcome);
}

bool message_is(const struct world *w, uint32_t domain, uint64_t badge,
                uint64_t seed)
{
    const struct ipc_message *message = &w->ipc.party[domain]->message;
    uint64_t words[IPC_WORDS];

    fill(words, seed);
    return message->badge == badge &&
           memcmp(message->words, words, sizeof(words)) == 0;
}
