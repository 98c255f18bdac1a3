/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One state stands for all that differ from it only in names. Domains are
 * ordered by what can be said of them without naming anything; only where
 * that leaves several orders are all of them tried.
 */
#include "encode.h"

#include <string.h>

bool canonical_off;

void naming_make(struct naming *naming, const uint8_t *domains,
                 const uint8_t *endpoints)
{
    for (uint32_t i = 0; i <= DOMAINS; i++) {
        uint8_t at = i < scene->domains ? domains[i] : (uint8_t)i;

        naming->domain_at[i] = at;
        naming->domain[at] = (uint8_t)i;
    }
    for (uint32_t table = 0; table < TABLES; table++) {
        uint32_t domain = table_domain(table);
        uint32_t at = domain == ROOT ? 0 : naming->domain_at[domain];

        at = domain == ROOT                ? 0
             : table == caps_table(domain) ? caps_table(at)
                                           : files_table(at);
        naming->table_at[table] = (uint8_t)at;
        naming->table[at] = (uint8_t)table;
    }
    for (uint32_t i = 0; i <= THINGS; i++) {
        naming->thing[i] = (uint8_t)i;
    }
    for (uint32_t i = 0; i < scene->endpoints; i++) {
        naming->thing[THING_ENDPOINT + endpoints[i]] =
            (uint8_t)(THING_ENDPOINT + i);
    }
}

static const uint8_t ascending[DOMAINS] = {0, 1, 2, 3};
_Static_assert(DOMAINS == 4, "every domain is in `ascending`");

void naming_identity(struct naming *naming)
{
    naming_make(naming, ascending, ascending);
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static uint64_t table_signature(uint64_t hash, uint32_t table)
{
    hash = mix(hash, world.rest.table[table].cursor +
                         16 * world.rest.table[table].size +
                         256 * world.rest.table[table].users);
    for (uint32_t i = 1; i <= table_slots(table); i++) {
        const struct cap_slot *s = &world.slot[table][i];

        hash =
            mix(hash,
                s->state | (uint64_t)s->type << 4 | (uint64_t)s->rights << 12 |
                    (uint64_t)s->flags << 16 | (uint64_t)s->depth << 20 |
                    (uint64_t)s->position << 28 | (uint64_t)s->head << 36 |
                    s->first << 44 | (uint64_t)(s->child != NULL) << 60 |
                    (uint64_t)(s->next != NULL) << 61 |
                    (uint64_t)(s->member != NULL) << 62 |
                    (uint64_t)(s->generation >= UINT32_MAX - 2) << 63);
    }
    return hash;
}

/* Says nothing that a renaming changes. */
static uint64_t domain_signature(uint32_t d)
{
    const struct ipc_party *p = world.rest.ipc.party[d];
    uint64_t hash = 1;

    if (scene->crossings) {
        hash = mix(hash, p->state | (uint32_t)(p->next == IPC_NONE) << 3 |
                             (uint32_t)(p->answering == IPC_NONE) << 4 |
                             (uint32_t)(p->answering == IPC_GONE) << 5);
    }
    if (scene->travel) {
        hash = mix(hash,
                   world.rest.life[d] |
                       (uint32_t)world.rest.thread[d].waits_by % CAP_CHUNK_SLOTS
                           << 4);
    }
    if (scene->life) {
        hash = mix(hash, world.rest.life[d] | world.rest.quota[d].used << 8);
        hash = table_signature(hash, files_table(d));
    }
    return scene->slots != 0 ? table_signature(hash, caps_table(d)) : hash;
}

struct order {
    uint8_t domain[DOMAINS];
    uint64_t signature[DOMAINS];
};

static void sort(struct order *order)
{
    for (uint32_t d = 0; d < scene->domains; d++) {
        uint32_t at = d;
        uint64_t signature = d < scene->equal ? 0 : domain_signature(d);

        while (at > scene->equal && d > scene->equal &&
               order->signature[at - 1] > signature) {
            order->domain[at] = order->domain[at - 1];
            order->signature[at] = order->signature[at - 1];
            at--;
        }
        order->domain[at] = (uint8_t)d;
        order->signature[at] = signature;
    }
}

/*
 * The next arrangement of domains within groups of one signature, in
 * lexicographic order; false after the last.
 */
static bool next_order(struct order *order)
{
    uint32_t from = scene->equal;

    while (from < scene->domains) {
        uint32_t end = from + 1;
        uint8_t *d = order->domain;
        uint32_t i, j;

        while (end < scene->domains &&
               order->signature[end] == order->signature[from]) {
            end++;
        }
        for (i = end - 1; i > from && d[i - 1] > d[i]; i--) {
        }
        for (uint32_t a = i, b = end - 1; a < b; a++, b--) {
            uint8_t swap = d[a];
            d[a] = d[b];
            d[b] = swap;
        }
        if (i > from) {
            for (j = i; d[j] < d[i - 1]; j++) {
            }
            uint8_t swap = d[j];
            d[j] = d[i - 1];
            d[i - 1] = swap;
            return true;
        }
        from = end; /* this group is back at its first: carry */
    }
    return false;
}

static bool less(const uint8_t *a, uint32_t a_bytes, const uint8_t *b,
                 uint32_t b_bytes)
{
    uint32_t bytes = a_bytes < b_bytes ? a_bytes : b_bytes;
    int order = memcmp(a, b, bytes);

    return order != 0 ? order < 0 : a_bytes < b_bytes;
}

static void try_names(const struct order *order, const uint8_t *endpoints,
                      struct naming *naming, uint8_t *out, uint32_t *bytes)
{
    uint8_t other[ENCODING_MAX];
    struct naming names;
    uint32_t size;

    naming_make(&names, order->domain, endpoints);
    size = encode(&names, false, other);
    if (*bytes == 0 || less(other, size, out, *bytes)) {
        memcpy(out, other, size);
        *bytes = size;
        *naming = names;
    }
}

uint32_t canonical(struct naming *naming, uint8_t *out)
{
    static const uint8_t swapped[ENDPOINTS] = {1, 0};
    struct order order;
    uint32_t bytes = 0;

    if (canonical_off) {
        naming_identity(naming);
        return encode(naming, true, out);
    }
    sort(&order);
    do {
        try_names(&order, ascending, naming, out, &bytes);
        if (scene->endpoints > 1 && scene->notifications == 0) {
            try_names(&order, swapped, naming, out, &bytes);
        }
    } while (next_order(&order));
    return bytes;
}

static uint8_t unname_node(uint8_t node, const struct naming *naming)
{
    return (uint8_t)(node == 0 ? 0
                               : naming->table_at[node / CAP_CHUNK_SLOTS] *
                                         CAP_CHUNK_SLOTS +
                                     node % CAP_CHUNK_SLOTS);
}

struct action action_unname(const struct action *action,
                            const struct naming *naming)
{
    struct action a = *action;

    a.node = unname_node(a.node, naming);
    a.other = unname_node(a.other, naming);
    a.to = naming->table_at[a.to];
    a.domain = naming->domain_at[a.domain];
    for (uint8_t i = THING_RANGE; i < THING_ATTACHMENT; i++) {
        if (action->thing != 0 && naming->thing[i] == action->thing) {
            a.thing = i;
        }
    }
    return a;
}
