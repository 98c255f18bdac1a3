/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files: immutable trees in the boot module, reached only below a directory
 * capability. No name is special: ".." and "" are found nowhere.
 */
#include "kernel.h"

static bool component_is(uint32_t node, const char *name, uint64_t bytes)
{
    const char *text = spec_string(&kernel.spec, kernel.spec.nodes[node].name);
    uint64_t i = 0;

    while (i < bytes && text[i] && text[i] == name[i]) {
        i++;
    }
    return i == bytes && text[i] == 0;
}

static uint32_t child_named(uint32_t directory, const char *name,
                            uint64_t bytes)
{
    const struct spec_node *node = &kernel.spec.nodes[directory];

    if (!GUARD(WALK_DIRECTORY, node->kind == SPEC_NODE_DIRECTORY) ||
        bytes == 0) {
        return SPEC_NONE;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        if (component_is(node->first + i, name, bytes)) {
            return node->first + i;
        }
    }
    return SPEC_NONE;
}

/* Walks "a/b/c" down from a directory; SPEC_NONE where there is no such way. */
static uint32_t walk(uint32_t node, const char *path, uint64_t bytes)
{
    uint64_t start = 0;

    for (uint64_t i = 0; i <= bytes && node != SPEC_NONE; i++) {
        if (i == bytes || path[i] == '/') {
            node = child_named(node, path + start, i - start);
            start = i + 1;
        }
    }
    return node;
}

/* The directory that rdi names, and what rsi, of rdx bytes, leads to there. */
static enum status find(struct domain *domain, struct arch_frame *frame,
                        struct cap_slot **directory, uint32_t *node)
{
    char path[SYSCALL_PATH_MAX + 1];
    enum status status =
        handle_for(domain, frame->rdi, CAP_DIRECTORY, CAP_USE, directory);

    if (status == STATUS_OK) {
        status = name_copy_in(path, frame->rsi, frame->rdx, SYSCALL_PATH_MAX);
    }
    if (status == STATUS_OK) {
        *node = walk((uint32_t)(*directory)->first, path, frame->rdx);
        status = *node == SPEC_NONE ? STATUS_NOT_FOUND : STATUS_OK;
    }
    return status;
}

static bool is_directory(uint32_t node)
{
    return kernel.spec.nodes[node].kind == SPEC_NODE_DIRECTORY;
}

/* The rights that a way to this node can give: what is no program is not
 * executed. */
static uint8_t rights_at(uint32_t node)
{
    bool runs =
        is_directory(node) || kernel.spec.nodes[node].program != SPEC_NONE;

    return GUARD(FILE_EXEC, runs) ? CAP_READ | CAP_EXEC | CAP_USE
                                  : CAP_READ | CAP_USE;
}

/* Whoever has a file for itself may open it once more, but not for itself. */
static bool in_use(const struct domain *domain, uint32_t node, bool exclusive)
{
    uint32_t holder = file_holder(node);

    return !GUARD(FILE_EXCLUSIVE, holder == NO_DOMAIN ||
                                      (holder == domain->index && !exclusive));
}

static enum status open_node(struct domain *domain, struct cap_slot *directory,
                             uint32_t node, uint8_t rights, bool exclusive,
                             uint64_t *handle)
{
    struct cap_object *object = is_directory(node) ? &kernel.directory_object
                                : exclusive        ? file_lock_object(node)
                                                   : &kernel.file_object;
    struct cap_table *table = directory->table;
    struct cap_ref ref;
    enum status status;

    if (in_use(domain, node, exclusive)) {
        return STATUS_BUSY;
    }
    status = cap_derive_object(directory, table, object, rights, node,
                               kernel.spec.nodes[node].count, &ref);
    if (status != STATUS_OK) {
        return status;
    }
    if (exclusive) {
        file_lock(domain, node, cap_table_slot(table, ref.index));
    }
    *handle = handle_make(ref, true);
    return STATUS_OK;
}

enum status sys_open(struct domain *domain, struct arch_frame *frame)
{
    struct cap_slot *directory;
    uint32_t node;
    enum status status = find(domain, frame, &directory, &node);

    return status != STATUS_OK
               ? status
               : open_node(domain, directory, node,
                           (uint8_t)(directory->rights & rights_at(node)),
                           false, &frame->rdx);
}

/* With the rights r10, and the flags r8. */
enum status sys_open_with(struct domain *domain, struct arch_frame *frame)
{
    uint64_t rights = frame->r10;
    bool exclusive = frame->r8 == SYSCALL_OPEN_EXCLUSIVE;
    struct cap_slot *directory;
    uint32_t node;
    enum status status = find(domain, frame, &directory, &node);

    if (status != STATUS_OK) {
        return status;
    }
    if (rights == 0 || rights > CAP_ALL || (frame->r8 && !exclusive)) {
        return STATUS_INVALID_ARGUMENT;
    }
    if (exclusive && is_directory(node)) {
        return STATUS_WRONG_TYPE;
    }
    if ((rights & ~(uint64_t)rights_at(node)) ||
        !GUARD(FILE_RIGHTS, (rights & ~(uint64_t)directory->rights) == 0)) {
        return STATUS_NO_RIGHTS;
    }
    return open_node(domain, directory, node, (uint8_t)rights, exclusive,
                     &frame->rdx);
}

enum status file_program(const struct domain *domain, uint64_t handle,
                         uint32_t *program, uint64_t *entry)
{
    struct cap_slot *slot;
    enum status status = handle_for(domain, handle, CAP_FILE, CAP_EXEC, &slot);

    if (status == STATUS_OK) {
        *program = kernel.spec.nodes[slot->first].program;
        *entry = kernel.spec.nodes[slot->first].entry;
    }
    return status;
}

enum status sys_read(struct domain *domain, struct arch_frame *frame)
{
    const struct spec_node *node;
    struct cap_slot *slot;
    uint64_t offset = frame->rsi, bytes = frame->r10;
    enum status status =
        handle_for(domain, frame->rdi, CAP_FILE, CAP_READ, &slot);

    if (status != STATUS_OK) {
        return status;
    }
    if (!GUARD(READ_LIMIT, bytes <= SYSCALL_READ_MAX)) {
        return STATUS_TOO_BIG;
    }
    node = &kernel.spec.nodes[slot->first];
    if (!GUARD(READ_END, offset <= node->bytes)) {
        return STATUS_OUT_OF_RANGE;
    }
    if (!GUARD(READ_END, bytes <= node->bytes - offset)) {
        bytes = node->bytes - offset;
    }
    status = arch_copy_out(frame->rdx,
                           (const uint8_t *)arch_physical(
                               kernel.module_physical +
                               ((uint64_t)node->first << ABI_PAGE_SHIFT)) +
                               offset,
                           bytes);
    if (status == STATUS_OK) {
        frame->rdx = bytes;
    }
    return status;
}

/* Name of entry `rsi`, at most 63 bytes and a NUL; r10: its kind. */
enum status sys_list(struct domain *domain, struct arch_frame *frame)
{
    const struct spec_node *node;
    struct cap_slot *slot;
    const char *text;
    uint64_t bytes = 0;
    enum status status =
        handle_for(domain, frame->rdi, CAP_DIRECTORY, CAP_READ, &slot);

    if (status != STATUS_OK) {
        return status;
    }
    node = &kernel.spec.nodes[slot->first];
    if (!GUARD(LIST_END, frame->rsi < node->count)) {
        return STATUS_NOT_FOUND;
    }
    node = &kernel.spec.nodes[node->first + frame->rsi];
    text = spec_string(&kernel.spec, node->name);
    while (text[bytes] && bytes < SYSCALL_NAME_MAX) {
        bytes++;
    }
    status = arch_copy_out(frame->rdx, text, bytes + 1);
    if (status == STATUS_OK) {
        frame->rdx = bytes;
        frame->r10 = node->kind;
    }
    return status;
}
