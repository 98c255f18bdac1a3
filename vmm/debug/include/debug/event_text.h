/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's last events in words. The records come from the guest: no
 * number in them is an index before it has been checked, and names are those
 * of the config and of ambit's own tables.
 */
#ifndef DEBUG_EVENT_TEXT_H
#define DEBUG_EVENT_TEXT_H

#include <abi/shared.h>
#include <host/memory.h>
#include <image/image.h>

struct event_list {
    uint32_t count;
    uint64_t number[SHARED_EVENTS]; /* place in the sequence, from 0 */
    struct shared_event event[SHARED_EVENTS]; /* oldest first */
};

/* The last events, by a copy of the shared pages and guest memory. None, if the
 * kernel kept no trace, or says what cannot be. */
void event_list_make(const struct shared *shared,
                     const struct guest_memory *memory, struct event_list *out);

/* "call", "switch", ...; "unknown" for what is no kind. */
const char *event_kind_name(uint32_t kind);

/* Name of the event's domain, or null: none, or no domain of the image. */
const char *event_domain(const struct shared_event *event,
                         const struct image *image);

/* Whose names are said: the config's, or those of a list. */
struct event_names {
    const struct image *image; /* may be null */
    const char *const *domains;
    uint32_t domain_count;
};

/* "quota-split" for 40, "no such call": written to `room`. */
const char *event_call_name(uint64_t number, char *room, size_t bytes);
/* "NO_QUOTA", "it waits", "no status". */
const char *event_status_name(uint32_t status);

/* What happened, without the domain: "call console from main+0x1c (x.c:7)". */
void event_describe_by(const struct shared_event *event,
                       const struct event_names *names, char *out,
                       size_t bytes);
void event_describe(const struct shared_event *event, const struct image *image,
                    char *out, size_t bytes);

/* An address of ring 3: "main+0x1c (x.c:7) of hello", or "0x1234". */
void event_address(uint64_t address, const struct image *image, char *out,
                   size_t bytes);

/* "page fault" for 14; "vector 200" goes to `room` for others. */
const char *event_vector(uint32_t vector, char *room, size_t bytes);

#endif
