/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The capabilities that composition gives a domain made at run time. Each is
 * made when it is first asked for by its name: most domains ask for few. They
 * descend from the domain's original, so they go with it.
 */
#include "kernel.h"

static bool same_text(const char *a, const char *b)
{
    uint32_t i = 0;

    while (a[i] && a[i] == b[i]) {
        i++;
    }
    return a[i] == b[i];
}

/* What a name stands for. */
struct late {
    struct cap_object *object; /* null: it has no such thing */
    uint8_t rights;
    uint64_t count;
};

static struct late range_late(struct range *range)
{
    return (struct late){range ? &range->object : NULL, CAP_READ | CAP_WRITE,
                         range ? range->limit : 0};
}

static struct late late_of(struct domain *domain, const char *name)
{
    const struct composition *is = &domain->is;

    if (same_text(name, "space")) {
        return (struct late){&is->space->object, CAP_READ | CAP_WRITE | CAP_USE,
                             0};
    }
    if (same_text(name, "pool") && is->degree[PD_POOL] != PD_NONE) {
        return (struct late){&is->pool->object, CAP_READ | CAP_USE, 0};
    }
    if (same_text(name, "quota") && is->degree[PD_QUOTA] != PD_NONE) {
        return (struct late){&is->quota->object, CAP_READ | CAP_USE, 0};
    }
    if (same_text(name, "cpu")) {
        return (struct late){&domain->cpu_object, CAP_READ | CAP_WRITE, 0};
    }
    if (same_text(name, "heap")) {
        return range_late(is->heap);
    }
    if (same_text(name, "stack")) {
        return range_late(is->stack);
    }
    if (same_text(name, "handler")) {
        return (struct late){&domain->handler.object, CAP_READ | CAP_WRITE, 0};
    }
    return (struct late){0};
}

static uint64_t named(const struct domain *domain, const char *name)
{
    for (uint32_t i = 0; i < domain->name_count; i++) {
        if (domain->names[i].handle && same_text(domain->names[i].text, name)) {
            return domain->names[i].handle;
        }
    }
    return 0;
}

static enum status part_late(struct domain *domain, const char *name,
                             uint64_t *handle)
{
    struct late late = late_of(domain, name);
    struct cap_table *table = caps_of(domain->index);
    struct cap_ref ref;
    enum status status;

    if (!late.object || !table) {
        return STATUS_NOT_FOUND;
    }
    if (domain->name_count == DOMAIN_NAMES) {
        return STATUS_NO_SLOT;
    }
    status = cap_derive_object(original_of(domain), table, late.object,
                               late.rights, 0, late.count, &ref);
    if (status == STATUS_OK) {
        *handle = handle_make(ref, false);
        name_add(domain, name, *handle);
    }
    return status;
}

static const char *const parts[DOMAIN_PARTS] = {"space", "pool", "quota",
                                                "cpu"};

/* Room for the composite, its members, and the parts that are not there yet:
 * so that a table which is too full gets none of them. */
static enum status composite_room(struct domain *domain)
{
    struct cap_table *table = caps_of(domain->index);
    uint32_t names = 1, members = 0;

    for (uint32_t i = 0; i < DOMAIN_PARTS; i++) {
        bool has = late_of(domain, parts[i]).object != NULL;

        members += has;
        names += has && !named(domain, parts[i]);
    }
    if (!table) {
        return STATUS_NOT_FOUND;
    }
    return cap_table_free(table) < names + members ||
                   domain->name_count + names > DOMAIN_NAMES
               ? STATUS_NO_SLOT
               : STATUS_OK;
}

/* A composite of what it is made of, as of the config's domains. */
static enum status composite_late(struct domain *domain, uint64_t *handle)
{
    struct cap_slot *members[DOMAIN_PARTS];
    uint32_t count = 0;
    struct cap_ref ref;
    enum status status = composite_room(domain);

    for (uint32_t i = 0; i < DOMAIN_PARTS && status == STATUS_OK; i++) {
        uint64_t part = named(domain, parts[i]);

        if (!part) {
            status = part_late(domain, parts[i], &part);
        }
        if (status == STATUS_OK) {
            status = handle_look_up(domain, part, &members[count++]);
        } else if (status == STATUS_NOT_FOUND) {
            status = STATUS_OK; /* none */
        }
    }
    if (status == STATUS_OK) {
        status = cap_compose(caps_of(domain->index), members, count, &ref);
    }
    if (status == STATUS_OK) {
        *handle = handle_make(ref, false);
        name_add(domain, "domain", *handle);
    }
    return status;
}

/* The text stays: names of the standard are constants. */
static const char *standard(const char *name)
{
    static const char *const names[] = {"space",   "pool",   "quota",
                                        "cpu",     "heap",   "stack",
                                        "handler", "domain", "files"};

    for (uint32_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (same_text(names[i], name)) {
            return names[i];
        }
    }
    return NULL;
}

enum status give_late(struct domain *domain, const char *name, uint64_t *handle)
{
    const char *text = standard(name);

    if (!text) {
        return STATUS_NOT_FOUND;
    }
    if (same_text(text, "files")) {
        *handle = domain->is.files_root;
        return *handle ? STATUS_OK : STATUS_NOT_FOUND;
    }
    return same_text(text, "domain") ? composite_late(domain, handle)
                                     : part_late(domain, text, handle);
}

/* Derived copies of a whole table: `part`. */
void table_derive(struct cap_table *from, struct cap_table *to)
{
    for (uint32_t i = 1; from && i < from->size; i++) {
        struct cap_slot *slot = cap_table_slot(from, i);
        struct cap_part part = {.rights = slot->rights};
        struct cap_ref ref;

        if (slot->state == CAP_LIVE && !(slot->flags & CAP_MEMBER) &&
            slot_copies(slot) &&
            cap_derive(slot, to, &part, &ref) != STATUS_OK) {
            return;
        }
    }
}

/* The copy of `slot` in the domain's own table gets a name. */
static void name_copy(struct domain *domain, const char *text,
                      const struct cap_slot *slot)
{
    for (struct cap_slot *copy = slot->child; copy; copy = copy->next) {
        if (copy->table == &domain->caps && copy->type == slot->type) {
            name_add(domain, text, handle_make(cap_ref_of(copy), false));
            return;
        }
    }
}

/* What the parent's capabilities are called, the copies are called, too. */
void names_derive(struct domain *domain)
{
    const struct domain *parent = domain_at(domain->is.parent);

    for (uint32_t i = parent->first_inherited; i < parent->name_count; i++) {
        struct cap_slot *slot;

        if (handle_look_up(parent, parent->names[i].handle, &slot) ==
            STATUS_OK) {
            name_copy(domain, parent->names[i].text, slot);
        }
    }
}

void give_parts(struct domain *domain)
{
    const struct composition *is = &domain->is;
    uint32_t parent = is->parent;

    if (is->degree[PD_CAPS] == PD_PART) {
        table_derive(caps_of(parent), &domain->caps);
        names_derive(domain);
    }
    if (is->degree[PD_FILES] == PD_PART) {
        table_derive(files_of(parent), &domain->files);
        domain->is.files_root =
            domain->files.used > 0
                ? handle_make(cap_ref_of(cap_table_slot(&domain->files, 1)),
                              true)
                : 0;
    } else if (is->degree[PD_FILES] != PD_SAME) {
        domain->is.files_root = 0;
    }
}

/* To a domain of the config that handles faults of what it has made. */
enum status give_handler(struct domain *domain, uint64_t *handle)
{
    struct cap_table *table = caps_of(domain->index);
    struct cap_ref ref;
    enum status status = STATUS_NOT_FOUND;

    if (table && domain->name_count < DOMAIN_NAMES) {
        status = cap_insert(table, &handler_of(domain->index)->object,
                            CAP_READ | CAP_WRITE, 0, 0, &ref);
    }
    if (status == STATUS_OK) {
        *handle = handle_make(ref, false);
        name_add(domain, "handler", *handle);
    }
    return status;
}
