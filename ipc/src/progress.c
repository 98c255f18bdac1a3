/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who can still go on: the rule of ipc.h. Whoever waits needs one of those it
 * waits for to go on, never two at a time; so it can go on exactly when a way
 * along "waits for" leads to one that is not blocked.
 */
#include "internal.h"

struct ipc__search {
    struct ipc *ipc;
    uint32_t blocked; /* as if for ever; IPC_NONE: nobody */
    uint32_t count;
    uint32_t reached[IPC_SEARCH]; /* blocked ones that the ways lead to */
};

void ipc__serves(struct ipc *ipc, struct ipc_endpoint *endpoint,
                 uint32_t server)
{
    uint32_t life = ipc__party(ipc, server)->life;
    uint32_t at = 0;

    if (endpoint->server_count > IPC_SERVERS) {
        return;
    }
    while (at < endpoint->server_count &&
           endpoint->servers[at].domain != server) {
        at++;
    }
    if (at < IPC_SERVERS) {
        endpoint->servers[at] = (struct ipc_server){server, life};
    }
    endpoint->server_count += at == endpoint->server_count;
}

static bool ipc__same_life(const struct ipc *ipc,
                           const struct ipc_server *server)
{
    const struct ipc_party *party = ipc->party[server->domain];

    return party != NULL && party->life == server->life;
}

bool ipc__is_server(const struct ipc *ipc, const struct ipc_endpoint *endpoint,
                    uint32_t domain)
{
    uint32_t at = 0;

    if (endpoint->server_count > IPC_SERVERS) {
        return true;
    }
    while (at < endpoint->server_count &&
           endpoint->servers[at].domain != domain) {
        at++;
    }
    return at < endpoint->server_count &&
           ipc__same_life(ipc, &endpoint->servers[at]);
}

/* True: it can go on, or the search ends here. False: it is noted. */
static bool ipc__reach(struct ipc__search *search, uint32_t domain)
{
    struct ipc_party *party = ipc__party(search->ipc, domain);

    if (domain == search->blocked || party->reached) {
        return false;
    }
    if (party->state == IPC_IDLE || party->state == IPC_RECEIVING ||
        search->count == IPC_SEARCH) {
        return true;
    }
    party->reached = true;
    search->reached[search->count++] = domain;
    return false;
}

/* A server that has left may be started again: that is a way, too. */
static bool ipc__reach_servers(struct ipc__search *search,
                               const struct ipc_endpoint *endpoint)
{
    bool free =
        endpoint->server_count == 0 || endpoint->server_count > IPC_SERVERS;

    for (uint32_t i = 0; !free && i < endpoint->server_count; i++) {
        const struct ipc_server *server = &endpoint->servers[i];
        free = !ipc__same_life(search->ipc, server) ||
               ipc__reach(search, server->domain);
    }
    return free;
}

/* Follows all ways from those that are noted. */
static bool ipc__search(struct ipc__search *search)
{
    bool free = false;

    for (uint32_t i = 0; !free && i < search->count; i++) {
        const struct ipc_party *party =
            ipc__party(search->ipc, search->reached[i]);
        free = party->state == IPC_WAITING
                   ? ipc__reach(search, party->peer)
                   : ipc__reach_servers(search, party->endpoint);
    }
    return free;
}

static void ipc__search_end(const struct ipc__search *search)
{
    for (uint32_t i = 0; i < search->count; i++) {
        ipc__party(search->ipc, search->reached[i])->reached = false;
    }
}

bool ipc__would_deadlock(struct ipc *ipc, uint32_t caller,
                         const struct ipc_endpoint *endpoint)
{
    struct ipc__search search = {.ipc = ipc, .blocked = caller};
    bool free = ipc__reach_servers(&search, endpoint) || ipc__search(&search);

    ipc__search_end(&search);
    return !free;
}

bool ipc__stuck(struct ipc *ipc, uint32_t domain)
{
    struct ipc__search search = {.ipc = ipc, .blocked = IPC_NONE};
    bool free = ipc__reach(&search, domain) || ipc__search(&search);

    ipc__search_end(&search);
    return !free;
}
