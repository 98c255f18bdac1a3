/* SPDX-License-Identifier: Apache-2.0 */
/* Points as specs, and what validator and planner say of them. */
#include <domains/lattice.h>

#include <abi/layout.h>
#include <capabilities/cap.h>
#include <stddef.h>

#define PAGES_TOP 8192u /* quota and pool: enough at each level */
#define PAGES_PARENT 4096u
#define PAGES_CHILD 512u
#define PAGES_HEAP 16u
#define SLOTS 46u
#define WHERE(field) (uint32_t) offsetof(struct lattice_blob, field)

static const char strings[LATTICE_STRINGS] = "\0top\0parent\0child\0program";
enum { NAME_ROOT = 0, NAME_TOP = 1, NAME_PARENT = 5, NAME_CHILD = 12 };
enum { NAME_PROGRAM = 18 };

void lattice_degrees(uint32_t point, uint8_t degree[PD_CLASS_COUNT])
{
    for (uint32_t i = PD_CLASS_COUNT; i-- > 0; point >>= 2) {
        degree[i] = point & 3;
    }
}

uint32_t lattice_point(const uint8_t degree[PD_CLASS_COUNT])
{
    uint32_t point = 0;

    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        point = point << 2 | degree[i];
    }
    return point;
}

static void put_header(struct lattice_blob *blob)
{
    blob->header = (struct spec_header){
        .magic = SPEC_MAGIC,
        .version = SPEC_VERSION,
        .bytes = sizeof *blob,
        .module_pages = 1,
        .memory_pages = 2 * PAGES_TOP,
        .exec_page = 0,
        .exec_pages = 1,
        .domains = {WHERE(domains), LATTICE_DOMAINS},
        .programs = {WHERE(programs), 1},
        .segments = {WHERE(segments), 1},
        .ranges = {WHERE(strings), 0},
        .endpoints = {WHERE(strings), 0},
        .holds = {WHERE(strings), 0},
        .keeps = {WHERE(strings), 0},
        .trees = {WHERE(trees), 1},
        .nodes = {WHERE(nodes), 1},
        .strings = {WHERE(strings), LATTICE_STRINGS},
    };
}

/* A domain that has all it can have, of its own. */
static struct spec_domain everything(uint32_t name, uint32_t parent,
                                     uint32_t pages)
{
    struct spec_domain d = {
        .name = name,
        .kind = SPEC_NONE,
        .parent = parent,
        .on_fault = SPEC_FAULT_STOP,
        .start = SPEC_START_BOOT,
        .quota_pages = pages,
        .pool_pages = pages,
        .stack_pages = 1,
        .heap_pages = PAGES_HEAP,
        .caps_slots = SLOTS,
        .files_slots = SLOTS,
        .keep_all = 1,
    };

    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        d.degree[i] = PD_NEW;
    }
    return d;
}

void lattice_init(struct lattice *lattice)
{
    struct lattice_blob *blob = &lattice->blob;

    put_header(blob);
    blob->domains[LATTICE_TOP] = everything(NAME_TOP, SPEC_NONE, PAGES_TOP);
    blob->domains[LATTICE_PARENT] =
        everything(NAME_PARENT, LATTICE_TOP, PAGES_PARENT);
    blob->domains[LATTICE_CHILD] =
        everything(NAME_CHILD, LATTICE_PARENT, PAGES_CHILD);
    blob->programs[0] =
        (struct spec_program){.name = NAME_PROGRAM, .pages = 1, .entry = 0};
    blob->programs[0].segment_count = 1;
    blob->segments[0] = (struct spec_segment){
        .pages = 1, .rights = CAP_READ | CAP_EXEC, .file_pages = 1};
    blob->trees[0] = (struct spec_tree){NAME_ROOT, 0};
    blob->nodes[0] = (struct spec_node){
        .name = NAME_ROOT, .kind = SPEC_NODE_DIRECTORY, .program = SPEC_NONE};
    for (uint32_t i = 0; i < LATTICE_STRINGS; i++) {
        blob->strings[i] = strings[i];
    }
}

static bool to_be_had(const uint8_t degree[PD_CLASS_COUNT])
{
    bool all = true;

    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        all = all && (pd_class_degrees(i) >> degree[i] & 1) != 0;
    }
    return all;
}

static void clear(struct plan *plan)
{
    *plan = (struct plan){0};
}

void lattice_judge(struct lattice *lattice, uint32_t point,
                   struct lattice_judgement *out)
{
    struct spec_domain *child = &lattice->blob.domains[LATTICE_CHILD];
    enum status status;

    *out = (struct lattice_judgement){.error.pd_class = PD_CLASS_COUNT};
    lattice_degrees(point, out->degree);
    lattice_degrees(point, child->degree);
    status = spec_validate(&lattice->blob, sizeof lattice->blob, &lattice->spec,
                           &out->error);
    if (status == STATUS_OK) {
        clear(&lattice->plan);
        status = plan_make(&lattice->spec, &lattice->plan);
    }
    if (status != STATUS_OK) {
        out->verdict =
            to_be_had(out->degree) ? LATTICE_REFUSED : LATTICE_NO_DEGREE;
        return;
    }
    out->verdict = LATTICE_VALID;
    lattice_predict(&lattice->spec, &lattice->plan, LATTICE_CHILD,
                    out->predicted);
}
