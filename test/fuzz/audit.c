/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The audit over page tables that a hostile kernel has spoilt. An input is
 * what is spoilt in a machine whose tables are in order: entries of tables,
 * published roots, the vCPU's own.
 *
 * The walk ends, whatever leads where, and stays in memory; what is found can
 * be described; and what a walk of our own, much simpler, finds reachable
 * against the view, the audit has found something about, too.
 */
#include "fuzz.h"

#include "world_made.h"
#include "world_slots.h"

#include <abi/layout.h>
#include <abi/shared.h>
#include <capabilities/cap.h>
#include <string.h>

#define SPOILT_MAX 48u
#define ENTRIES_MAX 400000u /* that our own walk looks at */

static struct {
    uint64_t at, value;
} undo[SPOILT_MAX];
static uint32_t undo_count;
static struct bytes in;

static void spoil(uint64_t at, uint64_t value)
{
    if (undo_count < SPOILT_MAX && at <= world.bytes - 8) {
        undo[undo_count].at = at;
        undo[undo_count++].value = world_get(&world, at);
        world_set(&world, at, value);
    }
}

static void restore(void)
{
    while (undo_count) {
        undo_count--;
        world_set(&world, undo[undo_count].at, undo[undo_count].value);
    }
}

/* A frame: of a table, of the module, of nothing, or no frame at all. */
static uint64_t frame(void)
{
    uint8_t choice = bytes_8(&in);
    uint64_t tables = (world.next - WORLD_FRAMES) / ABI_PAGE_SIZE;

    switch (choice % 6) {
    case 0:
        return WORLD_ROOT + (uint64_t)(bytes_8(&in) % 8) * ABI_PAGE_SIZE;
    case 1:
    case 2:
        return WORLD_FRAMES + bytes_16(&in) % tables * ABI_PAGE_SIZE;
    case 3:
        return world.target.module_base +
               (uint64_t)(bytes_16(&in) % 1024) * ABI_PAGE_SIZE;
    case 4:
        return bytes_64(&in) & FRAME;
    default:
        return bytes_16(&in) % (world.bytes / ABI_PAGE_SIZE) * ABI_PAGE_SIZE;
    }
}

static uint64_t entry(void)
{
    uint8_t flags = bytes_8(&in);
    uint64_t bits = (flags & 7) | (flags & 8 ? PS : 0) | (flags & 16 ? NX : 0);

    return flags & 0x20 ? bytes_64(&in) : frame() | bits;
}

static void spoil_entry(void)
{
    uint64_t table = frame(), index = bytes_16(&in) % 512;

    /* Rather an entry that is there already. */
    for (uint32_t i = 0;
         i < 512 && table <= world.bytes - ABI_PAGE_SIZE && bytes_8(&in) % 4 &&
         !world_get(&world, table + index * 8);
         i++) {
        index = (index + 1) % 512;
    }
    spoil(table + index * 8, entry());
}

static void spoil_shared(void)
{
    uint8_t choice = bytes_8(&in);
    uint64_t at = offsetof(struct shared, roots) +
                  choice % SHARED_ROOTS * sizeof(struct shared_root);

    if (choice >= 0xf0) {
        at = offsetof(struct shared, kernel_root);
    } else if (choice >= 0xe0) {
        at = offsetof(struct shared, probe_frame);
    }
    spoil(ABI_SHARED_PHYS + at, frame() | (bytes_8(&in) == 0));
}

/* A word of a capability table, of a slot, or of where these are said to be. */
static void spoil_slots(void)
{
    uint64_t at = SLOTS_AREA + bytes_16(&in) % SLOTS_BYTES / 8 * 8;
    uint8_t choice = bytes_8(&in);
    uint64_t value = bytes_64(&in);

    if (choice >= 0xf8) {
        at =
            ABI_SHARED_PHYS + offsetof(struct shared, objects) + choice % 5 * 8;
    } else if (choice >= 0xf0) {
        at = ABI_SHARED_PHYS + offsetof(struct shared, domains) +
             choice % 4 * sizeof(struct shared_domain) +
             offsetof(struct shared_domain, caps) + (choice & 8);
    }
    if (choice & 1) {
        value = (uint64_t)(uintptr_t)world_pointer(SLOTS_AREA +
                                                   value % SLOTS_BYTES / 8 * 8);
    }
    spoil(at, value);
}

/* A word of the record of a domain made at run time, of what it leads to, or
 * of where it is said to be. */
static void spoil_made(void)
{
    uint8_t choice = bytes_8(&in);
    uint64_t at = MADE_BLOCK + bytes_16(&in) % (4 * ABI_PAGE_SIZE) / 8 * 8;
    uint64_t value = choice & 1 ? bytes_64(&in) : bytes_8(&in);

    if (choice >= 0xf0) {
        at = ABI_SHARED_PHYS + (choice & 2
                                    ? offsetof(struct shared, domain_table)
                                    : offsetof(struct shared, domain_end));
    }
    spoil(at, choice & 4 ? value : value ^ world_get(&world, at));
}

/* Our own walk: rights of ring 3 on each page, against the view. */
struct look {
    uint32_t root, left;
    bool against;
};

static void look_page(struct look *look, uint64_t address, uint8_t rights)
{
    uint32_t range;

    if (rights &
        ~plan_view(&world.spec, world.plan, look->root, address, &range)) {
        look->against = true;
    }
}

static void look_table(struct look *look, uint64_t table, uint64_t address,
                       unsigned level, uint8_t rights)
{
    unsigned shift = 12 + 9 * (level - 1);
    uint64_t count = level == 4 ? 1 : 512; /* ring 3 has 512 GiB */

    if (table > world.bytes - ABI_PAGE_SIZE) {
        return;
    }
    for (uint64_t i = 0; i < count && look->left; i++, look->left--) {
        uint64_t value = world_get(&world, table + i * 8);
        uint64_t here = address + (i << shift);
        uint8_t left =
            rights & (uint8_t)(CAP_READ | (value & W ? CAP_WRITE : 0) |
                               (value & NX ? 0 : CAP_EXEC));

        if (!(value & P) || !(value & U)) {
            continue;
        }
        if (level == 1 || (level < 4 && (value & PS))) {
            look_page(look, here, left);
        } else {
            look_table(look, value & FRAME, here, level - 1, left);
        }
    }
}

static void compare(const struct audit *audit)
{
    for (uint32_t root = 0; root < world.plan->root_count; root++) {
        uint64_t cr3 = audit_root_cr3(&world.target, root);
        struct look look = {.root = root, .left = ENTRIES_MAX};

        if (cr3) {
            look_table(&look, cr3, 0, 4, CAP_READ | CAP_WRITE | CAP_EXEC);
            FUZZ_CHECK(!look.against || audit->violation_count);
        }
    }
}

static void ask(const struct audit *audit)
{
    char text[160];

    /* A walk that has no end while the kernel is at work is no sample. */
    FUZZ_CHECK(audit->samples <= 1 && audit->samples + audit->skipped >= 1 &&
               audit->kept <= AUDIT_VIOLATIONS_MAX);
    FUZZ_CHECK((audit->kept == 0) == (audit->violation_count == 0));
    for (uint32_t i = 0; i < audit->kept; i++) {
        audit_describe(&audit->violations[i], &world.spec, world.plan, text,
                       sizeof text);
        FUZZ_CHECK(text[0] != '\0');
        FUZZ_CHECK(audit_kind_name(audit->violations[i].kind) != NULL);
    }
    for (uint32_t range = 0; range < world.plan->range_count; range++) {
        struct audit_question question = {
            .cr3 = audit_root_cr3(&world.target, range % ROOTS),
            .range = range,
            .wanted = CAP_READ | CAP_WRITE,
            .need = 4};
        struct audit_reached reached;

        audit_range(&world.target, &question, &reached);
        FUZZ_CHECK(reached.pages <= world.plan->ranges[range].pages);
    }
}

/* Whatever tables say, what is told of them exists. */
static void held(void *context, const struct audit_held *held)
{
    const struct spec_header *header = world.spec.header;
    bool domain = held->type == CAP_DOMAIN;
    bool file = held->type == CAP_FILE || held->type == CAP_DIRECTORY;

    (void)context;
    FUZZ_CHECK(held->object < (domain ? header->domains.count
                               : file ? header->nodes.count
                                      : header->endpoints.count));
    FUZZ_CHECK(!(held->rights & ~CAP_ALL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct audit audit;
    static uint64_t vcpu, live;
    uint8_t first;

    in = (struct bytes){data, size};
    if (!world.memory) {
        world_make(&world);
        world_slots_make(&world);
        world_made_make(&world);
        vcpu = world.target.vcpu_cr3;
        live = world.target.live;
    }
    first = bytes_8(&in);
    world.target.complete = !(first & 1);
    world.target.at_rest = !(first & 32);
    world.target.live = first & 2 ? bytes_64(&in) : live;
    world.target.vcpu_cr3 = first & 4 ? frame() : vcpu;
    while (in.left && undo_count < SPOILT_MAX) {
        uint8_t what = bytes_8(&in);

        if (first & 16 && what & 0x40) {
            spoil_made();
        } else if (first & 8 && what & 0x80) {
            spoil_slots();
        } else if (what % 4) {
            spoil_entry();
        } else {
            spoil_shared();
        }
    }
    memset(&audit, 0, sizeof audit);
    FUZZ_CHECK(audit_sample(&audit, &world.target) == audit.violation_count);
    FUZZ_CHECK(size != 0 || audit.violation_count == 0);
    ask(&audit);
    compare(&audit);
    memset(&audit, 0, sizeof audit);
    FUZZ_CHECK(audit_capabilities(&audit, &world.target) ==
               audit.violation_count);
    FUZZ_CHECK(size != 0 || (audit.violation_count == 0 && audit.capabilities));
    FUZZ_CHECK(audit_held(&world.target, held, NULL) == 0);
    audit.samples = 1;
    ask(&audit);
    restore();
    return 0;
}
