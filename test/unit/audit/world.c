/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <abi/layout.h>
#include <abi/shared.h>
#include <capabilities/cap.h>
#include <check.h>
#include <stdlib.h>
#include <string.h>

#define MODULE_PAGES 1024u

struct world world;

uint64_t world_frame(struct world *w)
{
    uint64_t frame = w->next;

    w->next += ABI_PAGE_SIZE;
    ck_assert(w->next <= w->target.module_base);
    return frame;
}

uint64_t world_get(const struct world *w, uint64_t address)
{
    uint64_t value;

    ck_assert(address <= w->bytes - sizeof(value));
    memcpy(&value, w->memory + address, sizeof(value));
    return value;
}

void world_set(struct world *w, uint64_t address, uint64_t value)
{
    ck_assert(address <= w->bytes - sizeof(value));
    memcpy(w->memory + address, &value, sizeof(value));
}

uint64_t world_entry(const struct world *w, uint64_t cr3, uint64_t address,
                     unsigned level)
{
    uint64_t table = cr3 & FRAME;

    for (unsigned l = 4;; l--) {
        unsigned shift = 12 + 9 * (l - 1);
        uint64_t at = table + (address >> shift & 511) * 8;
        if (l == level) {
            return at;
        }
        ck_assert(world_get(w, at) & P);
        table = world_get(w, at) & FRAME;
    }
}

static void set_shared(struct world *w, size_t offset, uint64_t value)
{
    world_set(w, ABI_SHARED_PHYS + offset, value);
}

uint64_t world_root(const struct world *w, uint32_t root)
{
    return world_get(w, ABI_SHARED_PHYS + offsetof(struct shared, roots) +
                            root * sizeof(struct shared_root));
}

void world_publish(struct world *w, uint32_t root, uint64_t cr3)
{
    set_shared(
        w, offsetof(struct shared, roots) + root * sizeof(struct shared_root),
        cr3);
}

static void make_spec(struct world *w)
{
    struct maker *m = calloc(1, sizeof(*m));
    struct spec_error error;
    uint32_t ring, bytes;

    ck_assert_ptr_nonnull(m);
    maker_init(m);
    m->header.module_pages = MODULE_PAGES;
    ring = maker_range(m, "ring", WORLD_RING_PAGES);
    maker_domain(m, "app", PROCESS, SPEC_NONE);
    m->domains[APP].quota_pages = 8192;
    m->domains[APP].degree[PD_FILES] = PD_NEW;
    m->domains[APP].caps_slots = 138;
    maker_hold(m, CAP_RANGE, ring, CAP_READ | CAP_WRITE);
    maker_domain(m, "worker", THREAD, APP);
    maker_domain(m, "guard", TIS, APP);
    maker_domain(m, "child", PROCESS, APP);
    maker_hold(m, CAP_RANGE, ring, CAP_READ);
    w->blob = maker_pack(m, &bytes);
    free(m);
    if (spec_validate(w->blob, bytes, &w->spec, &error) != STATUS_OK) {
        ck_abort_msg("%s (domain %u)", error.what, error.domain);
    }
    w->plan = calloc(1, sizeof(*w->plan));
    ck_assert_ptr_nonnull(w->plan);
    ck_assert_int_eq(plan_make(&w->spec, w->plan), STATUS_OK);
    ck_assert_uint_eq(w->plan->root_count, ROOTS);
}

/* The direct map: 2 GiB by 2 MiB pages, the APIC's registers in the fourth. */
static void make_direct_map(struct world *w)
{
    uint64_t pointers = WORLD_TABLES, directory = pointers + 0x1000;
    uint64_t device = directory + 0x2000;
    uint64_t head = w->target.module_base >> ABI_GRANULE_SHIFT;

    world_set(w, WORLD_ROOT + 256 * 8, pointers | P | W | A);
    world_set(w, pointers, directory | P | W);
    world_set(w, pointers + 8, (directory + 0x1000) | P | W);
    world_set(w, pointers + 24, device | P | W);
    for (uint64_t i = 0; i < 1024; i++) {
        world_set(w, directory + i * 8,
                  i << ABI_GRANULE_SHIFT | P | W | PS | NX);
    }
    world_set(w, directory + 8, 0); /* the kernel's granule */
    world_set(w, directory + head * 8, head << ABI_GRANULE_SHIFT | P | PS | NX);
    world_set(w, directory + (head + 1) * 8, 0); /* executable arena */
    world_set(w, device + 503 * 8, 0xfee00000ull | P | W | PS | NX | 0x18);
}

/* The image: shared pages and data writable, code executable. */
static void make_kernel_image(struct world *w)
{
    uint64_t pointers = WORLD_TABLES + 0x4000, directory = pointers + 0x1000;
    uint64_t leaf = directory + 0x1000;

    world_set(w, WORLD_ROOT + 511 * 8, pointers | P | W | A);
    world_set(w, pointers + 510 * 8, directory | P | W);
    world_set(w, directory + 8, leaf | P | W);
    for (uint64_t i = 0; i < 256; i++) {
        uint64_t frame = ABI_KERNEL_PHYS + i * ABI_PAGE_SIZE;
        bool text = frame >= WORLD_TEXT && frame < WORLD_TEXT + 0x10000;
        world_set(w, leaf + i * 8, frame | P | (text ? 0 : W | NX));
    }
}

/* Module page of a page that is not writable; 0: a frame of its own. */
static uint64_t module_frame(const struct world *w, const struct plan_range *r,
                             uint32_t page)
{
    const struct spec_segment *s = w->spec.segments;

    if (r->kind != PLAN_IMAGE) {
        return 0;
    }
    for (uint32_t i = 0; i < w->spec.programs[r->object].segment_count; i++) {
        if (page - s[i].page < s[i].pages && !(s[i].rights & CAP_WRITE)) {
            return w->target.module_base +
                   (s[i].source + page - s[i].page) * ABI_PAGE_SIZE;
        }
    }
    return 0;
}

static uint64_t bits_of(uint8_t rights)
{
    return P | U | (rights & CAP_WRITE ? W : 0) | (rights & CAP_EXEC ? 0 : NX);
}

static void make_range(struct world *w, uint32_t range)
{
    const struct plan_range *r = &w->plan->ranges[range];
    uint64_t start = plan_range_start(r);
    uint32_t pages = r->start_pages;

    if (range == w->plan->domains[APP].heap) {
        pages = WORLD_HEAP_PAGES;
    }
    for (uint32_t i = 0; i < r->leaves; i++) {
        w->leaves[range][i] = world_frame(w);
    }
    for (uint32_t page = 0; page < pages; page++) {
        uint8_t rights = plan_page_rights(&w->spec, w->plan, range, page);
        uint64_t address = start + page * ABI_PAGE_SIZE;
        uint64_t leaf =
            w->leaves[range][(address - r->base) >> ABI_GRANULE_SHIFT];
        uint64_t frame = module_frame(w, r, page);
        if (rights) {
            frame = frame ? frame : world_frame(w);
            world_set(w, leaf + (address >> ABI_PAGE_SHIFT & 511) * 8,
                      frame | bits_of(rights));
        }
    }
}

static void attach(struct world *w, uint64_t pointers, uint32_t root,
                   uint32_t range)
{
    const struct plan_range *r = &w->plan->ranges[range];

    for (uint32_t i = 0; i < r->leaves; i++) {
        uint64_t address = r->base + i * ABI_GRANULE_SIZE;
        uint64_t at = pointers + (address >> 30 & 511) * 8;
        if (!world_get(w, at)) {
            world_set(w, at, world_frame(w) | P | W | U);
        }
        at = (world_get(w, at) & FRAME) +
             (address >> ABI_GRANULE_SHIFT & 511) * 8;
        world_set(w, at,
                  w->leaves[range][i] |
                      bits_of(w->plan->attached[root][range]));
    }
}

static void make_root(struct world *w, uint32_t root)
{
    uint64_t cr3 = world_frame(w), pointers = world_frame(w);

    world_set(w, cr3, pointers | P | W | U);
    world_set(w, cr3 + 256 * 8, world_get(w, WORLD_ROOT + 256 * 8));
    world_set(w, cr3 + 511 * 8, world_get(w, WORLD_ROOT + 511 * 8));
    for (uint32_t range = 0; range < w->plan->range_count; range++) {
        if (w->plan->attached[root][range]) {
            attach(w, pointers, root, range);
        }
    }
    world_publish(w, root, cr3);
}

void world_make(struct world *w)
{
    memset(w, 0, sizeof(*w));
    make_spec(w);
    w->bytes = MAKER_MEMORY_PAGES * ABI_PAGE_SIZE;
    w->memory = calloc(1, w->bytes);
    ck_assert_ptr_nonnull(w->memory);
    w->next = WORLD_FRAMES;
    w->target = (struct audit_target){
        .memory = w->memory,
        .memory_bytes = w->bytes,
        .spec = &w->spec,
        .plan = w->plan,
        .module_base = w->bytes - MODULE_PAGES * ABI_PAGE_SIZE,
        .module_bytes = (MODULE_PAGES - 1) * ABI_PAGE_SIZE,
        .at_rest = true,
        .complete = true,
        .live = (1ull << DOMAINS) - 1,
    };
    make_direct_map(w);
    make_kernel_image(w);
    set_shared(w, offsetof(struct shared, kernel_root), WORLD_ROOT);
    for (uint32_t i = 0; i < w->plan->range_count; i++) {
        make_range(w, i);
    }
    for (uint32_t i = 0; i < w->plan->root_count; i++) {
        make_root(w, i);
    }
    w->target.vcpu_cr3 = world_root(w, ROOT_GUARD);
}

void world_free(struct world *w)
{
    free(w->memory);
    free(w->plan);
    free(w->blob);
}

uint64_t world_stack(const struct world *w, uint32_t domain)
{
    return plan_range_start(&w->plan->ranges[w->plan->domains[domain].stack]);
}

uint64_t world_heap(const struct world *w, uint32_t domain)
{
    return w->plan->ranges[w->plan->domains[domain].heap].base;
}

uint64_t world_image(const struct world *w, uint32_t domain)
{
    return w->plan->ranges[w->plan->domains[domain].image].base;
}

uint64_t world_ring(const struct world *w)
{
    return w->plan->ranges[0].base;
}

static void sample(struct world *w)
{
    uint64_t new = audit_sample(&w->audit, &w->target);

    ck_assert_uint_eq(w->audit.samples, 1);
    ck_assert_uint_eq(w->audit.skipped, 0);
    ck_assert_uint_eq(new, w->audit.violation_count);
}

static void describe(const struct world *w, uint32_t index, char text[256])
{
    audit_describe(&w->audit.violations[index], &w->spec, w->plan, text, 256);
}

void world_finds(struct world *w, enum audit_kind kind, const char *text)
{
    char found[256] = "nothing";

    sample(w);
    if (w->audit.kept) {
        describe(w, 0, found);
    }
    ck_assert_str_eq(found, text);
    ck_assert_uint_eq(w->audit.kept, 1);
    ck_assert_int_eq(w->audit.violations[0].kind, kind);
}

void world_finds_among(struct world *w, enum audit_kind kind, const char *text)
{
    char found[256] = "nothing";

    sample(w);
    for (uint32_t i = 0; i < w->audit.kept; i++) {
        if (w->audit.violations[i].kind == kind) {
            describe(w, i, found);
            if (strcmp(found, text) == 0) {
                return;
            }
        }
    }
    ck_assert_str_eq(found, text);
}

void world_is_clean(struct world *w)
{
    char found[256] = "";

    sample(w);
    if (w->audit.kept) {
        describe(w, 0, found);
    }
    ck_assert_str_eq(found, "");
    ck_assert_uint_eq(w->audit.violation_count, 0);
}

void world_setup(void)
{
    world_make(&world);
}

void world_teardown(void)
{
    world_free(&world);
}

uint64_t world_leaf(const struct world *w, uint32_t root, uint64_t address)
{
    return world_entry(w, world_root(w, root), address, 1);
}

uint64_t world_frame_at(const struct world *w, uint32_t root, uint64_t address)
{
    return world_get(w, world_leaf(w, root, address)) & FRAME;
}
