/* SPDX-License-Identifier: Apache-2.0 */
#include "maker.h"

#include <capabilities/cap.h>
#include <stdlib.h>
#include <string.h>

static void add_segment(struct maker *m, const struct spec_segment *segment)
{
    m->segments[m->header.segments.count++] = *segment;
}

void maker_init(struct maker *m)
{
    memset(m, 0, sizeof *m);
    m->header.magic = SPEC_MAGIC;
    m->header.version = SPEC_VERSION;
    m->header.memory_pages = MAKER_MEMORY_PAGES;
    m->header.module_pages = 1024;
    m->header.exec_page = MAKER_ARENA_PAGE;
    m->header.exec_pages = 512;
    m->header.seed = 7;
    maker_program(m, "prober");
}

uint32_t maker_string(struct maker *m, const char *text)
{
    uint32_t at = m->header.strings.count;
    uint32_t bytes = (uint32_t)strlen(text) + 1;

    if (at + bytes > sizeof m->strings) {
        abort();
    }
    memcpy(m->strings + at, text, bytes);
    m->header.strings.count += bytes;
    return at;
}

uint32_t maker_program(struct maker *m, const char *name)
{
    uint32_t index = m->header.programs.count++;
    struct spec_program *p = &m->programs[index];
    uint32_t rx = MAKER_ARENA_PAGE + index;

    p->name = maker_string(m, name);
    p->pages = MAKER_PROGRAM_PAGES;
    p->first_segment = m->header.segments.count;
    p->segment_count = 4;
    p->entry = 0x1010;
    add_segment(m, &(struct spec_segment){0, 1, CAP_READ, 2, 1, 0});
    add_segment(m, &(struct spec_segment){1, 1, CAP_READ | CAP_EXEC, rx, 1, 0});
    add_segment(m, &(struct spec_segment){2, 2, CAP_READ, 3, 2, 0});
    add_segment(m, &(struct spec_segment){5, MAKER_WRITABLE_PAGES,
                                          CAP_READ | CAP_WRITE, 5, 2, 8192});
    return index;
}

uint32_t maker_range(struct maker *m, const char *name, uint32_t pages)
{
    uint32_t index = m->header.ranges.count++;

    m->ranges[index].name = maker_string(m, name);
    m->ranges[index].pages = pages;
    return index;
}

uint32_t maker_endpoint(struct maker *m, const char *name)
{
    uint32_t index = m->header.endpoints.count++;

    m->endpoints[index].name = maker_string(m, name);
    return index;
}

uint32_t maker_tree(struct maker *m, const char *name)
{
    uint32_t index = m->header.trees.count++;
    uint32_t node = m->header.nodes.count;

    m->header.nodes.count += 2;
    m->trees[index].name = maker_string(m, name);
    m->trees[index].root = node;
    m->nodes[node].name = maker_string(m, "");
    m->nodes[node].kind = SPEC_NODE_DIRECTORY;
    m->nodes[node].first = node + 1;
    m->nodes[node].count = 1;
    m->nodes[node].program = SPEC_NONE;
    m->nodes[node + 1].program = SPEC_NONE;
    m->nodes[node + 1].name = maker_string(m, "hello.txt");
    m->nodes[node + 1].kind = SPEC_NODE_FILE;
    m->nodes[node + 1].first = 10;
    m->nodes[node + 1].count = 1;
    m->nodes[node + 1].bytes = 12;
    return index;
}

uint32_t maker_domain(struct maker *m, const char *name, uint32_t kind,
                      uint32_t parent)
{
    uint32_t index = m->header.domains.count++;
    struct spec_domain *d = &m->domains[index];
    const struct pd_kind *row = pd_kind_builtin(kind);

    d->name = maker_string(m, name);
    d->kind = maker_string(m, row->name);
    d->parent = parent;
    d->entry = 0x1020;
    memcpy(d->degree, row->degree, sizeof d->degree);
    d->tree = SPEC_NONE;
    d->quota_pages = 1024;
    d->pool_pages = 1024;
    d->stack_pages = 8;
    d->heap_pages = 256;
    d->caps_slots = 46;
    d->files_slots = 46;
    d->first_keep = m->header.keeps.count;
    d->keep_all = row->degree[PD_SPACE] == PD_PART;
    d->first_hold = m->header.holds.count;
    return index;
}

void maker_hold(struct maker *m, uint32_t type, uint32_t object,
                uint32_t rights)
{
    uint32_t domain = m->header.domains.count - 1;
    struct spec_hold *hold = &m->holds[m->header.holds.count++];

    hold->name = maker_string(m, "held");
    hold->type = type;
    hold->object = object;
    hold->rights = rights;
    hold->badge = domain + 1;
    m->domains[domain].hold_count++;
}

void maker_keep(struct maker *m, uint32_t what, uint32_t range)
{
    struct spec_domain *d = &m->domains[m->header.domains.count - 1];
    struct spec_keep *keep = &m->keeps[m->header.keeps.count++];

    keep->what = what;
    keep->range = range;
    d->keep_all = 0;
    d->keep_count++;
}

struct packer {
    char *out;
    uint32_t at;
};

static void pack(struct packer *p, struct spec_table *table, const void *from,
                 size_t size)
{
    uint32_t bytes = table->count * (uint32_t)size;

    table->offset = p->at;
    memcpy(p->out + p->at, from, bytes);
    p->at += (bytes + 7) & ~7u;
}

void *maker_pack(const struct maker *m, uint32_t *bytes)
{
    struct packer p = {calloc(1, sizeof *m + 128), sizeof m->header};
    struct spec_header *h = (struct spec_header *)(void *)p.out;
    void *exact;

    if (p.out == NULL) {
        abort();
    }
    *h = m->header;
    pack(&p, &h->domains, m->domains, sizeof m->domains[0]);
    pack(&p, &h->programs, m->programs, sizeof m->programs[0]);
    pack(&p, &h->segments, m->segments, sizeof m->segments[0]);
    pack(&p, &h->ranges, m->ranges, sizeof m->ranges[0]);
    pack(&p, &h->endpoints, m->endpoints, sizeof m->endpoints[0]);
    pack(&p, &h->holds, m->holds, sizeof m->holds[0]);
    pack(&p, &h->keeps, m->keeps, sizeof m->keeps[0]);
    pack(&p, &h->trees, m->trees, sizeof m->trees[0]);
    pack(&p, &h->nodes, m->nodes, sizeof m->nodes[0]);
    pack(&p, &h->probes, m->probes, sizeof m->probes[0]);
    pack(&p, &h->strings, m->strings, 1);
    /* The last string byte is the last byte of the blob. */
    h->bytes = h->strings.offset + h->strings.count;
    *bytes = h->bytes;
    exact = realloc(p.out, h->bytes);
    return exact != NULL ? exact : p.out;
}

static void *own_copy(const void *from, uint32_t count, size_t size)
{
    void *copy = malloc(count * size + 1);

    if (copy == NULL) {
        abort();
    }
    memcpy(copy, from, count * size);
    return copy;
}

#define OWN_COPY(table)                                                        \
    spread->table = own_copy(spec->table, h->table.count, sizeof *spec->table)

void maker_spread(const struct spec *spec, struct spec *spread)
{
    const struct spec_header *h = spec->header;

    spread->header = own_copy(h, 1, sizeof *h);
    OWN_COPY(domains);
    OWN_COPY(programs);
    OWN_COPY(segments);
    OWN_COPY(ranges);
    OWN_COPY(endpoints);
    OWN_COPY(holds);
    OWN_COPY(keeps);
    OWN_COPY(trees);
    OWN_COPY(nodes);
    OWN_COPY(strings);
}

static void drop(const void *copy)
{
    free((void *)(uintptr_t)copy);
}

void maker_gather(struct spec *spread)
{
    drop(spread->header);
    drop(spread->domains);
    drop(spread->programs);
    drop(spread->segments);
    drop(spread->ranges);
    drop(spread->endpoints);
    drop(spread->holds);
    drop(spread->keeps);
    drop(spread->trees);
    drop(spread->nodes);
    drop(spread->strings);
}

uint32_t maker_spectrum(struct maker *m)
{
    uint32_t call, public, app;

    maker_init(m);
    call = maker_endpoint(m, "call");
    maker_tree(m, "./data");
    public = maker_tree(m, "./public");
    app = maker_domain(m, "app", PROCESS, SPEC_NONE);
    m->domains[app].quota_pages = 8192;
    m->domains[app].degree[PD_FILES] = PD_NEW;
    m->domains[app].tree = 0;
    m->domains[app].caps_slots = 138;
    maker_hold(m, CAP_ENDPOINT, call, CAP_USE);
    maker_domain(m, "worker", THREAD, app);
    maker_hold(m, CAP_ENDPOINT, call, CAP_WRITE);
    maker_domain(m, "guard", TIS, app);
    maker_hold(m, CAP_ENDPOINT, call, CAP_WRITE);
    maker_domain(m, "stats", TIF, app);
    m->domains[3].tree = public;
    maker_hold(m, CAP_ENDPOINT, call, CAP_WRITE);
    maker_domain(m, "jail", TIF, app);
    m->domains[4].tree = public;
    m->domains[4].degree[PD_SPACE] = PD_PART;
    m->domains[4].keep_all = 1;
    maker_hold(m, CAP_ENDPOINT, call, CAP_WRITE);
    maker_domain(m, "child", PROCESS, app);
    maker_hold(m, CAP_ENDPOINT, call, CAP_WRITE);
    maker_domain(m, "vault", PIR, app);
    maker_hold(m, CAP_ENDPOINT, call, CAP_WRITE);
    return m->header.domains.count;
}
