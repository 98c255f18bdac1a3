/* SPDX-License-Identifier: Apache-2.0 */
/* Form of everything that is not a domain: programs, ranges, file trees. */
#include "check.h"

#include <abi/layout.h>
#include <capabilities/cap.h>

#define NODE_BYTES_MAX(pages) ((uint64_t)(pages) << ABI_PAGE_SHIFT)

bool check__executable(const struct spec_check *c, uint32_t program,
                       uint64_t offset)
{
    const struct spec_program *p = &c->spec.programs[program];
    const struct spec_segment *s = &c->spec.segments[p->first_segment];
    uint64_t page = offset >> ABI_PAGE_SHIFT;

    for (uint32_t i = 0; i < p->segment_count; i++, s++) {
        if ((s->rights & CAP_EXEC) != 0 && page >= s->page &&
            page - s->page < s->pages) {
            return true;
        }
    }
    return false;
}

/* Module pages first .. first+count-1 exist and are all in the executable
 * arena, or all outside it. */
static bool source_fits(const struct spec_check *c, uint32_t first,
                        uint32_t count, bool executable)
{
    const struct spec_header *h = c->spec.header;
    uint64_t end = (uint64_t)first + count;
    uint64_t arena_end = (uint64_t)h->exec_page + h->exec_pages;

    if (executable) {
        return first >= h->exec_page && end <= arena_end;
    }
    return end <= h->module_pages &&
           (end <= h->exec_page || first >= arena_end || count == 0);
}

static const char *segment_fault(const struct spec_check *c,
                                 const struct spec_segment *s, uint64_t from,
                                 uint32_t pages)
{
    bool writable = s->rights == (CAP_READ | CAP_WRITE);
    bool executable = s->rights == (CAP_READ | CAP_EXEC);

    if (!writable && !executable && s->rights != CAP_READ) {
        return "a segment's rights are not r, rw or rx (write excludes exec)";
    }
    if (s->page < from || s->pages == 0 ||
        (uint64_t)s->page + s->pages > pages) {
        return "a segment is empty, overlaps another or leaves its image";
    }
    if (s->file_pages > s->pages || (!writable && s->file_pages != s->pages)) {
        return "a segment has more or fewer pages in the module than it may";
    }
    if (s->bytes > (uint64_t)s->file_pages * ABI_PAGE_SIZE) {
        return "a segment has more bytes than its pages in the module hold";
    }
    if (!source_fits(c, s->source, s->file_pages, executable)) {
        return "a segment's source is not in its part of the module";
    }
    return 0;
}

static enum status check_segments(struct spec_check *c,
                                  const struct spec_program *p)
{
    const struct spec_segment *s = &c->spec.segments[p->first_segment];
    uint64_t from = 0;

    for (uint32_t i = 0; i < p->segment_count; i++, s++) {
        const char *fault = segment_fault(c, s, from, p->pages);

        if (fault != 0) {
            return check__malformed(c, fault);
        }
        from = (uint64_t)s->page + s->pages;
    }
    return STATUS_OK;
}

enum status check__programs(struct spec_check *c)
{
    const struct spec_header *h = c->spec.header;
    uint64_t seen = 0;

    for (uint32_t i = 0; i < h->programs.count; i++) {
        const struct spec_program *p = &c->spec.programs[i];
        enum status status;

        c->item = i;
        seen += p->segment_count;
        if (p->name >= h->strings.count || p->pages == 0 ||
            p->pages > SPEC_PROGRAM_PAGES_MAX) {
            return check__malformed(c, "a program's name or size is not valid");
        }
        if (p->segment_count > SPEC_PROGRAM_SEGMENTS_MAX ||
            (uint64_t)p->first_segment + p->segment_count > h->segments.count ||
            seen > h->segments.count) {
            return check__malformed(c, "a program's segments are not listed");
        }
        status = check_segments(c, p);
        if (status != STATUS_OK) {
            return status;
        }
        if (!check__executable(c, i, p->entry)) {
            return check__malformed(c, "a program's entry is not executable");
        }
        if (p->probe != 0 && !check__executable(c, i, p->probe)) {
            return check__malformed(c, "a program's probe is not executable");
        }
    }
    c->item = SPEC_NONE;
    return STATUS_OK;
}

enum status check__ranges(struct spec_check *c)
{
    const struct spec_header *h = c->spec.header;
    uint64_t total = 0;

    for (uint32_t i = 0; i < h->ranges.count; i++) {
        const struct spec_range *r = &c->spec.ranges[i];

        c->item = i;
        if (!check__named(c, r->name)) {
            return check__malformed(c, "a range's name is not in form");
        }
        total += r->pages;
        if (r->pages == 0 || total > h->memory_pages) {
            return check__refuse(c, STATUS_OUT_OF_RANGE, PD_CLASS_COUNT,
                                 r->pages == 0 ? REFUSAL_RANGE_EMPTY
                                               : REFUSAL_RANGES_LARGE);
        }
    }
    c->item = SPEC_NONE;
    return STATUS_OK;
}

/* A file that is a program names it, and where it begins. */
static bool names_program(const struct spec_check *c, const struct spec_node *n)
{
    return n->program == SPEC_NONE ||
           (n->kind == SPEC_NODE_FILE &&
            n->program < c->spec.header->programs.count &&
            check__executable(c, n->program, n->entry));
}

uint32_t spec_time_refusal(const struct spec_time *t)
{
    if (t->priority >= SPEC_PRIORITIES) {
        return REFUSAL_TIME_PRIORITY;
    }
    if (t->budget == 0 && t->period == 0) {
        return REFUSAL_NONE;
    }
    if (t->budget > t->period) {
        return REFUSAL_TIME_LARGE;
    }
    return t->budget < SPEC_TIME_MIN || t->period > SPEC_PERIOD_MAX
               ? REFUSAL_TIME_LENGTH
               : REFUSAL_NONE;
}

enum status check__times(struct spec_check *c)
{
    for (uint32_t i = 0; i < c->spec.header->times.count; i++) {
        const struct spec_time *t = &c->spec.times[i];
        uint32_t refusal = spec_time_refusal(t);

        c->item = i;
        if (!check__named(c, t->name)) {
            return check__malformed(c, "a time's name is not in form");
        }
        if (refusal != REFUSAL_NONE) {
            return check__refuse(c, STATUS_OUT_OF_RANGE, PD_CLASS_COUNT,
                                 refusal);
        }
    }
    c->item = SPEC_NONE;
    return STATUS_OK;
}

static const char *node_fault(const struct spec_check *c, uint32_t index)
{
    const struct spec_node *n = &c->spec.nodes[index];
    uint64_t end = (uint64_t)n->first + n->count;

    if (check__name(c, n->name, SPEC_NODE_NAME_MAX, '/') == SPEC_NONE) {
        return "a file's name is not one component of at most 63 bytes";
    }
    if (!names_program(c, n)) {
        return "a file is a program that there is not";
    }
    if (n->kind == SPEC_NODE_DIRECTORY) {
        /* Larger indices only: no walk can go round in circles. */
        return n->count != 0 &&
                       (n->first <= index || end > c->spec.header->nodes.count)
                   ? "a directory's children do not follow it"
                   : 0;
    }
    if (n->kind != SPEC_NODE_FILE ||
        !source_fits(c, n->first, n->count, false) ||
        n->bytes > NODE_BYTES_MAX(n->count)) {
        return "a file's bytes are not in their part of the module";
    }
    return 0;
}

enum status check__trees(struct spec_check *c)
{
    const struct spec_header *h = c->spec.header;

    for (uint32_t i = 0; i < h->nodes.count; i++) {
        const char *fault = node_fault(c, i);

        if (fault != 0) {
            c->item = i;
            return check__malformed(c, fault);
        }
    }
    for (uint32_t i = 0; i < h->trees.count; i++) {
        const struct spec_tree *t = &c->spec.trees[i];

        if (t->name >= h->strings.count || t->root >= h->nodes.count ||
            c->spec.nodes[t->root].kind != SPEC_NODE_DIRECTORY) {
            c->item = i;
            return check__malformed(c, "a file tree has no root directory");
        }
    }
    return STATUS_OK;
}
