/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The capabilities a domain begins with. All originals are in the root table;
 * what a domain gets is derived from the
 * nearest ancestor that holds it, else from the original.
 */
#include "kernel.h"

#include <capabilities/assert.h>

struct range *slot_range(const struct cap_slot *slot)
{
    return (struct range *)(void *)slot->object;
}

static struct cap_slot *root_original(struct cap_object *object, uint8_t rights,
                                      uint64_t first, uint64_t count)
{
    struct cap_ref ref;
    enum status status =
        cap_insert(&kernel.root_table, object, rights, first, count, &ref);

    core_assert(status == STATUS_OK);
    return status == STATUS_OK ? cap_table_slot(&kernel.root_table, ref.index)
                               : NULL;
}

static void root_table_make(uint32_t slots)
{
    uint64_t chunks = (slots + CAP_CHUNK_SLOTS) / CAP_CHUNK_SLOTS;

    cap_table_init(&kernel.root_table);
    if (pages_reserve(ROOT_QUOTA, ROOT_POOL, chunks, chunks) != STATUS_OK) {
        kernel_panic("no memory for the root table", 0);
    }
    for (uint64_t i = 0; i < chunks; i++) {
        cap_table_add(&kernel.root_table, arch_physical(frame_take(ROOT_POOL)));
    }
}

/* Originals of what the config names. */
void give_init(void)
{
    const struct spec_header *header = kernel.spec.header;

    root_table_make(header->ranges.count + header->endpoints.count +
                    header->times.count + 2);
    kernel.directory_object.type = CAP_DIRECTORY;
    kernel.file_object.type = CAP_FILE;
    kernel.attachment_object.type = CAP_ATTACHMENT;
    for (uint32_t i = 0; i < kernel.plan.range_count; i++) {
        const struct plan_range *range = &kernel.plan.ranges[i];

        if (range->kind == PLAN_NAMED) {
            kernel.range_slots[range->object] = root_original(
                &kernel.ranges[i].object, CAP_ALL, 0, range->pages);
        }
    }
    for (uint32_t i = 0; i < header->endpoints.count; i++) {
        enum cap_type type =
            (enum cap_type)spec_endpoint_type(&kernel.spec.endpoints[i]);

        kernel.endpoints[i].object.type = (uint8_t)type;
        endpoint_begin(&kernel.endpoints[i].object);
        kernel.endpoint_slots[i] = root_original(&kernel.endpoints[i].object,
                                                 cap_type_rights(type), 0, 0);
    }
    for (uint32_t i = 0; i < header->times.count; i++) {
        kernel.time_slots[i] = root_original(&kernel.times[i].object,
                                             cap_type_rights(CAP_TIME), 0, 0);
    }
}

static void give(struct domain *domain, const char *name,
                 struct cap_object *object, uint8_t rights, uint64_t count)
{
    struct cap_table *table = caps_of(domain->index);
    struct cap_ref ref;

    if (!table) {
        return;
    }
    if (cap_insert(table, object, rights, 0, count, &ref) == STATUS_OK) {
        name_add(domain, name, handle_make(ref, false));
    } else {
        shared.compose_shortfalls++;
    }
}

static uint64_t files_root_handle(const struct domain *parent)
{
    for (uint32_t i = 0; parent && i < parent->name_count; i++) {
        const char *text = parent->names[i].text;

        if (text[0] == 'f' && text[1] == 'i' && text[2] == 'l' &&
            text[3] == 'e' && text[4] == 's' && text[5] == 0) {
            return parent->names[i].handle;
        }
    }
    return 0;
}

/* A folder of the parent's files, if it still has what leads there. */
static uint64_t give_folder(const struct domain *parent,
                            struct cap_table *table, uint32_t node)
{
    struct cap_slot *slot;
    struct cap_ref ref;

    if (handle_look_up(parent, files_root_handle(parent), &slot) != STATUS_OK ||
        cap_derive_object(slot, table, &kernel.directory_object, slot->rights,
                          node, kernel.spec.nodes[node].count,
                          &ref) != STATUS_OK) {
        shared.compose_shortfalls++;
        return 0;
    }
    return handle_make(ref, true);
}

/* files: new, the tree's root directory; same or part, what the parent has. */
static void give_files(struct domain *domain)
{
    const struct spec_domain *spec = &kernel.spec.domains[domain->index];
    struct cap_table *table = files_of(domain->index);
    struct domain *parent =
        spec->parent == SPEC_NONE ? NULL : kernel.domains[spec->parent];
    struct cap_ref ref;
    uint64_t handle = 0;

    if (!table) {
        return;
    }
    if (spec->degree[PD_FILES] == PD_NEW && spec->tree != SPEC_NONE) {
        uint32_t root = kernel.spec.trees[spec->tree].root;

        if (cap_insert(table, &kernel.directory_object,
                       CAP_READ | CAP_EXEC | CAP_USE, root, 0,
                       &ref) == STATUS_OK) {
            handle = handle_make(ref, true);
        }
    } else if (parent && spec->files_dir && GUARD_ACT(FILES_FOLDER)) {
        handle = give_folder(parent, table, spec->files_dir - 1);
    } else if (spec->degree[PD_FILES] == PD_PART && parent) {
        table_derive(files_of(spec->parent), table);
        handle = table->used > 0
                     ? handle_make(cap_ref_of(cap_table_slot(table, 1)), true)
                     : 0;
    } else if (spec->degree[PD_FILES] == PD_SAME) {
        handle = files_root_handle(parent);
    }
    if (handle) {
        name_add(domain, "files", handle);
        domain->is.files_root = handle;
    }
}

/*
 * The domain itself: a composite of what it is made of. Made when it is first
 * asked for: it adds no authority, and most domains never ask.
 */
enum status give_composite(struct domain *domain, uint64_t *handle)
{
    struct cap_slot *members[DOMAIN_PARTS];
    struct cap_ref ref;
    enum status status = STATUS_OK;

    if (domain->parts == 0) {
        return STATUS_NOT_FOUND;
    }
    if (domain->name_count == DOMAIN_NAMES) {
        return STATUS_NO_SLOT;
    }
    for (uint32_t i = 0; i < domain->parts && status == STATUS_OK; i++) {
        status = handle_look_up(domain, domain->names[i].handle, &members[i]);
    }
    if (status == STATUS_OK) {
        status =
            cap_compose(caps_of(domain->index), members, domain->parts, &ref);
    }
    if (status == STATUS_OK) {
        *handle = handle_make(ref, false);
        name_add(domain, "domain", *handle);
    }
    return status;
}

static void give_range(struct domain *domain, const char *name, uint32_t range)
{
    if (range != PLAN_NONE) {
        give(domain, name, &kernel.ranges[range].object, CAP_READ | CAP_WRITE,
             kernel.plan.ranges[range].pages);
    }
}

/* Named ranges that a part of a space keeps: through the capability of the
 * nearest ancestor that holds them. */
static struct cap_slot *held_range(uint32_t domain, uint32_t named);

static void give_kept(uint32_t domain)
{
    const struct plan_domain *plan = &kernel.plan.domains[domain];
    uint32_t parent = kernel.spec.domains[domain].parent;

    if (kernel.spec.domains[domain].degree[PD_SPACE] != PD_PART) {
        return;
    }
    for (uint32_t i = 0; i < kernel.plan.range_count; i++) {
        const struct plan_range *range = &kernel.plan.ranges[i];
        uint8_t rights = kernel.plan.attached[plan->root][i];

        if (range->kind == PLAN_NAMED && rights) {
            struct cap_slot *source = held_range(parent, range->object);
            struct cap_ref ref;

            if (!source || attach_through(source, domain,
                                          (uint8_t)(rights & source->rights),
                                          &ref) != STATUS_OK) {
                shared.compose_shortfalls++;
            }
        }
    }
}

static bool handles_faults(uint32_t index)
{
    for (uint32_t i = index + 1; i < kernel.spec.header->domains.count; i++) {
        if (kernel.plan.domains[i].handler == index) {
            return true;
        }
    }
    return false;
}

/* What the composite of a domain is made of: space pool quota cpu. */
static uint32_t parts_of(uint32_t domain)
{
    const uint8_t *degree = kernel.spec.domains[domain].degree;

    return DOMAIN_PARTS - (degree[PD_POOL] == PD_NONE) -
           (degree[PD_QUOTA] == PD_NONE);
}

void give_standard(void *context, uint32_t index)
{
    const struct plan_domain *plan = &kernel.plan.domains[index];
    struct domain *domain = kernel.domains[index];

    (void)context;
    if (kernel.spec.domains[index].degree[PD_CAPS] == PD_PART) {
        table_derive(caps_of(kernel.spec.domains[index].parent), &domain->caps);
    }
    give(domain, "space", &kernel.spaces[plan->root].object,
         CAP_READ | CAP_WRITE | CAP_USE, 0);
    if (kernel.spec.domains[index].degree[PD_POOL] != PD_NONE) {
        give(domain, "pool", &pool_of(index)->object, CAP_READ | CAP_USE, 0);
    }
    if (kernel.spec.domains[index].degree[PD_QUOTA] != PD_NONE) {
        give(domain, "quota", &quota_of(index)->object, CAP_READ | CAP_USE, 0);
    }
    give(domain, "cpu", &kernel.cpu_objects[index], CAP_READ | CAP_WRITE, 0);
    domain->parts = domain->name_count == parts_of(index) ? parts_of(index) : 0;
    give_range(domain, "heap", plan->heap);
    give_range(domain, "stack", plan->stack);
    if (handles_faults(index)) {
        give(domain, "handler", &kernel.handlers[index].object,
             CAP_READ | CAP_WRITE, 0);
    }
    give_files(domain);
    give_kept(index);
    domain->first_inherited = domain->name_count;
    if (kernel.spec.domains[index].degree[PD_CAPS] == PD_PART) {
        names_derive(domain);
    }
    domain->first_hold = domain->name_count;
}

static const struct spec_hold *hold_of(uint32_t domain, uint32_t type,
                                       uint32_t object, uint32_t *position)
{
    const struct spec_domain *spec = &kernel.spec.domains[domain];

    for (uint32_t i = 0; i < spec->hold_count; i++) {
        const struct spec_hold *hold = &kernel.spec.holds[spec->first_hold + i];

        if (hold->type == type && hold->object == object) {
            *position = i;
            return hold;
        }
    }
    return NULL;
}

/* The slot a holder got for a hold, if it still has it with these rights. */
static struct cap_slot *hold_slot(const struct domain *holder,
                                  uint32_t position, uint8_t rights)
{
    uint32_t at = holder->first_hold + position;
    struct cap_slot *slot;

    if (at >= holder->name_count ||
        handle_look_up(holder, holder->names[at].handle, &slot) != STATUS_OK ||
        (rights & ~slot->rights)) {
        return NULL;
    }
    return slot;
}

/*
 * The live slot that the nearest ancestor, or `domain` itself, has. `lost`: it
 * was given one that would do, and it has been revoked or deleted since; what
 * lies above is then no way around that.
 */
static struct cap_slot *ancestor_slot(uint32_t domain, uint32_t type,
                                      uint32_t object, uint8_t rights,
                                      bool *lost)
{
    *lost = false;
    while (domain != SPEC_NONE && kernel.domains[domain]) {
        uint32_t position;
        const struct spec_hold *hold = hold_of(domain, type, object, &position);

        if (hold && (rights & ~hold->rights) == 0) {
            struct cap_slot *slot =
                hold_slot(kernel.domains[domain], position, rights);

            *lost = !GUARD(GIVE_REVOKED, slot != NULL);
            return slot;
        }
        domain = kernel.spec.domains[domain].parent;
    }
    return NULL;
}

static struct cap_slot *held_range(uint32_t domain, uint32_t named)
{
    bool lost;
    struct cap_slot *slot =
        ancestor_slot(domain, CAP_RANGE, named, CAP_READ, &lost);

    return slot || lost ? slot : kernel.range_slots[named];
}

static struct cap_slot *hold_source(uint32_t domain,
                                    const struct spec_hold *hold, bool *lost)
{
    struct cap_slot *slot =
        ancestor_slot(kernel.spec.domains[domain].parent, hold->type,
                      hold->object, (uint8_t)hold->rights, lost);

    if (slot || *lost) {
        return slot;
    }
    if (hold->type == CAP_RANGE) {
        return kernel.range_slots[hold->object];
    }
    return hold->type == CAP_ENDPOINT || hold->type == CAP_NOTIFICATION
               ? kernel.endpoint_slots[hold->object]
           : hold->type == CAP_TIME ? kernel.time_slots[hold->object]
                                    : NULL;
}

static struct cap_object *hold_object(const struct spec_hold *hold)
{
    if (hold->type == CAP_DOMAIN) {
        return &kernel.domain_objects[hold->object];
    }
    return NULL;
}

static void give_held(struct domain *domain, const struct spec_hold *hold,
                      struct cap_ref ref)
{
    name_add(domain, spec_string(&kernel.spec, hold->name),
             handle_make(ref, false));
    if (hold->type == CAP_RANGE && hold->rights & CAP_READ) {
        struct cap_slot *slot =
            cap_table_slot(caps_of(domain->index), ref.index);

        if (attach_through(slot, domain->index,
                           (uint8_t)(hold->rights & ~(uint32_t)CAP_USE),
                           &ref) != STATUS_OK) {
            shared.compose_shortfalls++;
        }
    }
}

void give_hold(void *context, uint32_t index, uint32_t position)
{
    const struct spec_hold *hold = &kernel.spec.holds[position];
    struct domain *domain = kernel.domains[index];
    bool lost;
    struct cap_slot *source = hold_source(index, hold, &lost);
    struct cap_table *table = caps_of(index);
    enum status status = STATUS_NOT_FOUND;
    struct cap_ref ref;

    (void)context;
    if (table && source) {
        status = cap_derive_object(
            source, table, source->object, (uint8_t)hold->rights, source->first,
            hold->type == CAP_ENDPOINT ? hold->badge : source->count, &ref);
    } else if (table && !lost && hold_object(hold)) {
        status = cap_insert(table, hold_object(hold), (uint8_t)hold->rights, 0,
                            0, &ref);
    }
    if (status == STATUS_OK) {
        give_held(domain, hold, ref);
    } else {
        name_add(domain, "", 0); /* positions of the later ones stay right */
        shared.compose_shortfalls += !lost; /* what was revoked stays so */
    }
}
