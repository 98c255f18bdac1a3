/* SPDX-License-Identifier: Apache-2.0 */
/* The blob as a whole: header, tables, strings. */
#include "check.h"

#include <abi/layout.h>
#include <capabilities/cap.h>

#define MEMORY_PAGES_MAX (ABI_MEMORY_MAX / ABI_PAGE_SIZE)

static enum status say(struct spec_check *c, enum status status,
                       uint32_t pd_class, uint32_t refusal, const char *what)
{
    c->error->status = status;
    c->error->what = what;
    c->error->domain = c->domain;
    c->error->pd_class = pd_class;
    c->error->refusal = refusal;
    c->error->item = c->item;
    return status;
}

enum status check__refuse(struct spec_check *c, enum status status,
                          uint32_t pd_class, uint32_t refusal)
{
    return say(c, status, pd_class, refusal, refusal_text(refusal));
}

enum status check__malformed(struct spec_check *c, const char *what)
{
    return say(c, STATUS_MALFORMED, PD_CLASS_COUNT, REFUSAL_NONE, what);
}

uint32_t check__name(const struct spec_check *c, uint32_t offset, uint32_t most,
                     char banned)
{
    const char *text = c->spec.strings + offset;
    uint32_t length;

    if (offset >= c->spec.header->strings.count) {
        return SPEC_NONE;
    }
    /* The last string byte is NUL: the loop ends inside the table. */
    for (length = 0; text[length] != '\0'; length++) {
        if (length == most || text[length] == banned) {
            return SPEC_NONE;
        }
    }
    return length;
}

bool check__named(const struct spec_check *c, uint32_t offset)
{
    uint32_t length = check__name(c, offset, SPEC_NAME_MAX, '.');

    return length != SPEC_NONE && length != 0;
}

/* A table's start, or null if it is not wholly in the blob. */
static const void *table(const struct spec_header *header,
                         const struct spec_table *where, uint32_t most,
                         uint32_t size)
{
    uint64_t end = (uint64_t)where->offset + (uint64_t)where->count * size;

    if (where->offset % 8 != 0 || where->count > most || end > header->bytes) {
        return 0;
    }
    return (const char *)header + where->offset;
}

static bool take_tables(struct spec *s, const struct spec_header *h)
{
    s->header = h;
    s->domains = table(h, &h->domains, SPEC_MAX_DOMAINS, sizeof *s->domains);
    s->programs =
        table(h, &h->programs, SPEC_MAX_PROGRAMS, sizeof *s->programs);
    s->segments =
        table(h, &h->segments, SPEC_MAX_SEGMENTS, sizeof *s->segments);
    s->ranges = table(h, &h->ranges, SPEC_MAX_RANGES, sizeof *s->ranges);
    s->endpoints =
        table(h, &h->endpoints, SPEC_MAX_ENDPOINTS, sizeof *s->endpoints);
    s->holds = table(h, &h->holds, SPEC_MAX_HOLDS, sizeof *s->holds);
    s->keeps = table(h, &h->keeps, SPEC_MAX_KEEPS, sizeof *s->keeps);
    s->trees = table(h, &h->trees, SPEC_MAX_TREES, sizeof *s->trees);
    s->nodes = table(h, &h->nodes, SPEC_MAX_NODES, sizeof *s->nodes);
    s->times = table(h, &h->times, SPEC_MAX_TIMES, sizeof *s->times);
    s->probes = table(h, &h->probes, SPEC_MAX_PROBES, sizeof *s->probes);
    s->strings = table(h, &h->strings, SPEC_MAX_STRING_BYTES, 1);
    return s->domains && s->programs && s->segments && s->ranges &&
           s->endpoints && s->holds && s->keeps && s->trees && s->nodes &&
           s->probes && s->times && s->strings;
}

static enum status check_header(struct spec_check *c, const void *blob,
                                uint64_t bytes)
{
    const struct spec_header *h = blob;

    if ((uintptr_t)blob % 8 != 0 || bytes < sizeof *h ||
        h->magic != SPEC_MAGIC) {
        return check__malformed(c, "this is no spec");
    }
    if (h->version != SPEC_VERSION) {
        return check__malformed(c, "the spec is of another version");
    }
    if (h->bytes < sizeof *h || h->bytes > bytes) {
        return check__malformed(c, "the spec is cut short");
    }
    if (h->memory_pages > MEMORY_PAGES_MAX ||
        h->module_pages > h->memory_pages) {
        return check__malformed(c, "the machine's memory is not in bounds");
    }
    if (h->exec_page > h->module_pages ||
        h->exec_pages > h->module_pages - h->exec_page) {
        return check__malformed(c, "the executable arena is not in the module");
    }
    return STATUS_OK;
}

static enum status check_tables(struct spec_check *c, const void *blob)
{
    uint32_t string_bytes;

    if (!take_tables(&c->spec, blob)) {
        return check__malformed(c, "a table is not in the blob, or too long");
    }
    string_bytes = c->spec.header->strings.count;
    if (string_bytes == 0 || c->spec.strings[string_bytes - 1] != '\0') {
        return check__malformed(c, "the strings do not end with NUL");
    }
    if (c->spec.header->domains.count == 0) {
        return check__refuse(c, STATUS_INVALID_ARGUMENT, PD_CLASS_COUNT,
                             REFUSAL_NO_DOMAINS);
    }
    return STATUS_OK;
}

static enum status check_endpoints(struct spec_check *c)
{
    for (uint32_t i = 0; i < c->spec.header->endpoints.count; i++) {
        if (!check__named(c, c->spec.endpoints[i].name)) {
            c->item = i;
            return check__malformed(c, "an endpoint's name is not in form");
        }
        if (c->spec.endpoints[i].notifies > 1) {
            c->item = i;
            return check__malformed(c, "an endpoint is of no such type");
        }
    }
    return STATUS_OK;
}

static enum status check_probes(struct spec_check *c)
{
    const struct spec_header *h = c->spec.header;

    for (uint32_t i = 0; i < h->probes.count; i++) {
        const struct spec_probe *probe = &c->spec.probes[i];
        uint32_t objects = probe->what == SPEC_PROBE_RANGE ? h->ranges.count
                                                           : h->domains.count;

        if (probe->domain >= h->domains.count ||
            probe->what > SPEC_PROBE_RANGE || probe->object >= objects ||
            probe->access == 0 || probe->access > (CAP_READ | CAP_WRITE)) {
            c->item = i;
            return check__malformed(c, "a probe is not in form");
        }
    }
    return STATUS_OK;
}

enum status spec_validate(const void *blob, uint64_t bytes, struct spec *out,
                          struct spec_error *error)
{
    struct spec_check c; /* not cleared: 6 KiB, and each entry is written
                            before it is read */
    enum status status;

    c.error = error;
    c.domain = SPEC_NONE;
    c.item = SPEC_NONE;
    status = check_header(&c, blob, bytes);
    if (status == STATUS_OK) {
        status = check_tables(&c, blob);
    }
    if (status == STATUS_OK) {
        status = check_endpoints(&c);
    }
    if (status == STATUS_OK) {
        status = check__programs(&c);
    }
    if (status == STATUS_OK) {
        status = check__ranges(&c);
    }
    if (status == STATUS_OK) {
        status = check__times(&c);
    }
    if (status == STATUS_OK) {
        status = check__trees(&c);
    }
    if (status == STATUS_OK) {
        status = check__domains(&c);
    }
    if (status == STATUS_OK) {
        status = check_probes(&c);
    }
    if (status == STATUS_OK) {
        *out = c.spec;
    }
    return status;
}
