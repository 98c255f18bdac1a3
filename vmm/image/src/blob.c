/* SPDX-License-Identifier: Apache-2.0 */
/* The spec's tables as one blob: header, tables 8-aligned, strings last. */
#include "parts.h"

#include <string.h>

#define TABLES 11u

/* One table of the draft: where its rows are, where it goes. */
struct table {
    struct spec_table *place;
    const void *rows;
    size_t row_bytes;
};

static void list_tables(struct draft *draft, struct table out[TABLES])
{
    struct spec_header *header = &draft->header;
    const struct table tables[TABLES] = {
        {&header->domains, draft->domains, sizeof(draft->domains[0])},
        {&header->programs, draft->programs, sizeof(draft->programs[0])},
        {&header->segments, draft->segments, sizeof(draft->segments[0])},
        {&header->ranges, draft->ranges, sizeof(draft->ranges[0])},
        {&header->endpoints, draft->endpoints, sizeof(draft->endpoints[0])},
        {&header->holds, draft->holds, sizeof(draft->holds[0])},
        {&header->keeps, draft->keeps, sizeof(draft->keeps[0])},
        {&header->trees, draft->trees, sizeof(draft->trees[0])},
        {&header->nodes, draft->nodes, sizeof(draft->nodes[0])},
        {&header->probes, draft->probes, sizeof(draft->probes[0])},
        {&header->times, draft->times, sizeof(draft->times[0])},
    };

    memcpy(out, tables, sizeof(tables));
}

static uint32_t align(size_t bytes)
{
    return (uint32_t)((bytes + 7) & ~(size_t)7);
}

uint32_t image__draft_bytes(struct draft *draft)
{
    struct spec_header *header = &draft->header;
    struct table tables[TABLES];
    uint32_t at = align(sizeof(*header));

    list_tables(draft, tables);
    for (uint32_t i = 0; i < TABLES; i++) {
        tables[i].place->offset = at;
        at = align(at + tables[i].place->count * tables[i].row_bytes);
    }
    header->strings.offset = at;
    header->strings.count = draft->strings.used;
    header->bytes = align(at + draft->strings.used);
    return header->bytes;
}

void image__draft_write(struct draft *draft, uint8_t *to)
{
    struct table tables[TABLES];

    list_tables(draft, tables);
    memcpy(to, &draft->header, sizeof(draft->header));
    for (uint32_t i = 0; i < TABLES; i++) {
        memcpy(to + tables[i].place->offset, tables[i].rows,
               tables[i].place->count * tables[i].row_bytes);
    }
    memcpy(to + draft->header.strings.offset, draft->strings.bytes,
           draft->strings.used);
}
