/* SPDX-License-Identifier: Apache-2.0 */
/* Actions as people read them. */
#include "action.h"

#include "travel.h"

#include <stdio.h>
#include <string.h>

/* "A:1" caps, "A/1" files, "root:1". */
const char *node_text(uint32_t node, char *out, size_t size)
{
    uint32_t table = node / CAP_CHUNK_SLOTS;
    uint32_t domain = table_domain(table);

    if (table == 0) {
        (void)snprintf(out, size, "root:%u", node % CAP_CHUNK_SLOTS);
    } else {
        (void)snprintf(out, size, "%c%c%u", (char)('A' + domain),
                       table == caps_table(domain) ? ':' : '/',
                       node % CAP_CHUNK_SLOTS);
    }
    return out;
}

static char letter(uint32_t domain)
{
    return (char)('A' + domain);
}

static void by_slot(const struct action *a, char *out, size_t size)
{
    char node[16], other[16];

    (void)node_text(a->node, node, sizeof node);
    (void)node_text(a->other, other, sizeof other);
    switch (a->act) {
    case ACT_DERIVE:
        (void)snprintf(out, size, "derive %s for %c: %s", node,
                       letter(table_domain(a->to)), wishes[a->wish].text);
        break;
    case ACT_ATTACH:
        (void)snprintf(out, size, "attach %s for %c: %s", node,
                       letter(table_domain(a->to)), wishes[a->wish].text);
        break;
    case ACT_COMPOSE:
        (void)snprintf(out, size,
                       a->other != 0 ? "compose %s, %s" : "compose %s", node,
                       other);
        break;
    case ACT_REPLACE:
        (void)snprintf(out, size, "derive %s for %c: %s, member %u from %s",
                       node, letter(table_domain(a->to)), wishes[a->wish].text,
                       a->position, other);
        break;
    case ACT_MEMBER:
        (void)snprintf(out, size, "derive member %u of %s: %s", a->position,
                       node, wishes[a->wish].text);
        break;
    case ACT_MOVE:
        (void)snprintf(out, size, "move %s to %c", node,
                       letter(table_domain(a->to)));
        break;
    case ACT_BADGE:
        (void)snprintf(out, size, "badge %s for %c: %s, badge %u", node,
                       letter(table_domain(a->to)), wishes[a->wish].text,
                       a->position);
        break;
    case ACT_REVOKE:
        (void)snprintf(out, size, "revoke %s, one step", node);
        break;
    case ACT_REVOKE_MEMBER:
        (void)snprintf(out, size, "revoke member %u of %s, one step",
                       a->position, node);
        break;
    case ACT_ALLOCATE:
        (void)snprintf(out, size, "allocate a frame through %s", node);
        break;
    case ACT_OPEN:
        (void)snprintf(out, size, "open a file through %s", node);
        break;
    default:
        (void)snprintf(out, size, "delete %s", node);
        break;
    }
}

static void by_crossing(const struct action *a, char *out, size_t size)
{
    char node[16], where[40];
    const char *act = a->act == ACT_CALL      ? "calls"
                      : a->act == ACT_RECEIVE ? "receives"
                      : a->act == ACT_SIGNAL  ? "signals"
                      : a->position == 1      ? "polls"
                                              : "waits";

    if (a->node != 0) {
        (void)snprintf(where, sizeof where, "through %s",
                       node_text(a->node, node, sizeof node));
    } else {
        (void)snprintf(where, sizeof where, "on endpoint %u",
                       a->thing - THING_ENDPOINT);
    }
    (void)snprintf(out, size, "%c %s %s", letter(a->domain), act, where);
}

static void with_pass(const struct action *a, char *out, size_t size)
{
    static const char *const hows[PASSES] = {"", "to call by", "with all",
                                             "moved"};
    char node[16];

    (void)snprintf(out, size, "%c replies", letter(a->domain));
    if (a->node != 0) {
        by_crossing(a, out, size);
    }
    if (a->other != 0) {
        size_t length = strlen(out);

        (void)snprintf(out + length, size - length, ", %s along, %s",
                       node_text(a->other, node, sizeof node),
                       hows[a->position]);
    }
}

static void by_domain(const struct action *a, char *out, size_t size)
{
    char who = letter(a->domain);

    switch (a->act) {
    case ACT_INSERT:
        (void)snprintf(out, size,
                       a->thing < THING_FRAME ? "give %c range %u: rwxu"
                                              : "give %c endpoint %u: wu",
                       who,
                       a->thing - (a->thing < THING_FRAME
                                       ? (uint32_t)THING_RANGE
                                       : (uint32_t)THING_ENDPOINT));
        break;
    case ACT_CLEAR:
        (void)snprintf(out, size, "clear the table of %c, one step", who);
        break;
    case ACT_ENTER:
        (void)snprintf(out, size, "one more acts by the table of %c", who);
        break;
    case ACT_QUIT:
        (void)snprintf(out, size, "one less acts by the table of %c", who);
        break;
    case ACT_REPLY:
        (void)snprintf(out, size, "%c replies", who);
        break;
    case ACT_LEAVE:
        (void)snprintf(out, size, "%c leaves", who);
        break;
    case ACT_CANCEL:
        (void)snprintf(out, size, "%c may not wait any more", who);
        break;
    case ACT_CLOSE:
        (void)snprintf(out, size, "endpoint %u closes, one step",
                       a->thing - THING_ENDPOINT);
        break;
    case ACT_BUILD:
        (void)snprintf(out, size, "build %c", who);
        break;
    case ACT_END:
        (void)snprintf(out, size, "%c ends", who);
        break;
    default:
        (void)snprintf(out, size, "destroy %c", who);
        break;
    }
}

const char *action_text(const struct action *a, char *out, size_t size)
{
    if (scene->travel && (a->act == ACT_CALL || a->act == ACT_REPLY)) {
        with_pass(a, out, size);
    } else if (a->act == ACT_CALL || a->act == ACT_RECEIVE ||
               a->act == ACT_SIGNAL || a->act == ACT_AWAIT) {
        by_crossing(a, out, size);
    } else if (a->node != 0) {
        by_slot(a, out, size);
    } else {
        by_domain(a, out, size);
    }
    return out;
}
