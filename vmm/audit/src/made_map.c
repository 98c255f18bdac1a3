/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames that programs have mapped into ranges: each mapping is a capability
 * of type attachment whose `first` is the page number of its address, beyond
 * all numbers of roots, and whose `count` tells which making of ranges the
 * range was. What a page of such a range may be is what its mapping says.
 */
#include "made.h"

#include <abi/layout.h>
#include <stdlib.h>

bool made_is_mapping(const struct cap_slot *slot)
{
    return slot->first >= ABI_RUNTIME_BASE >> ABI_PAGE_SHIFT &&
           slot->first < ABI_USER_LIMIT >> ABI_PAGE_SHIFT;
}

bool made_mapping_add(struct made *made, const struct cap_slot *slot)
{
    uint64_t object = (uint64_t)(uintptr_t)slot->object - ABI_DIRECT_MAP;
    uint64_t frames = made->objects.frames;

    if (made->mapping_count == made->mapping_room) {
        uint32_t room = 2 * made->mapping_room + 16;
        struct made_mapping *mappings =
            realloc(made->mappings, room * sizeof(*mappings));

        if (!mappings) {
            return false;
        }
        made->mappings = mappings;
        made->mapping_room = room;
    }
    made->mappings[made->mapping_count++] = (struct made_mapping){
        .page = slot->first,
        .made = slot->count,
        .frame = object < frames || !made->objects.frame_bytes
                     ? 0
                     : (object - frames) / made->objects.frame_bytes
                           << ABI_PAGE_SHIFT,
        .rights = slot->rights & (CAP_READ | CAP_WRITE | CAP_EXEC),
    };
    return true;
}

static int by_page(const void *a, const void *b)
{
    const struct made_mapping *one = a, *other = b;

    if (one->page != other->page) {
        return one->page < other->page ? -1 : 1;
    }
    return one->made < other->made ? -1 : one->made > other->made;
}

void made_mappings_sort(struct made *made)
{
    if (made->mapping_count) {
        qsort(made->mappings, made->mapping_count, sizeof(made->mappings[0]),
              by_page);
    }
}

const struct made_mapping *made_mapping_at(const struct made *made,
                                           uint64_t page, uint64_t making)
{
    const struct made_mapping key = {.page = page, .made = making};

    return made->mapping_count
               ? bsearch(&key, made->mappings, made->mapping_count,
                         sizeof(made->mappings[0]), by_page)
               : NULL;
}
