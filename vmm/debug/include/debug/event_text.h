/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's last events in words. The records come from the guest: no
 * number in them is an index before it has been checked, and names are those
 * of the config and of ambit's own tables.
 */
#ifndef DEBUG_EVENT_TEXT_H
#define DEBUG_EVENT_TEXT_H

#include <abi/shared.h>
#include <image/image.h>

struct event_list {
    uint32_t count;
    uint64_t number[SHARED_EVENTS]; /* place in the sequence, from 0 */
    struct shared_event event[SHARED_EVENTS]; /* oldest first */
};

/* The last events of a copy of the shared pages. */
void event_list_make(const struct shared *shared, struct event_list *out);

/* "call", "switch", ...; "unknown" for what is no kind. */
const char *event_kind_name(uint32_t kind);

/* Name of the event's domain, or null: none, or no domain of the image. */
const char *event_domain(const struct shared_event *event,
                         const struct image *image);

/* What happened, without the domain: "call console from main+0x1c (x.c:7)". */
void event_describe(const struct shared_event *event, const struct image *image,
                    char *out, size_t bytes);

/* An address of ring 3: "main+0x1c (x.c:7) of hello", or "0x1234". */
void event_address(uint64_t address, const struct image *image, char *out,
                   size_t bytes);

/* "page fault" for 14; "vector 200" goes to `room` for others. */
const char *event_vector(uint32_t vector, char *room, size_t bytes);

#endif
