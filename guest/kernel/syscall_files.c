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

enum status sys_open(struct domain *domain, struct arch_frame *frame)
{
    char path[SYSCALL_PATH_MAX + 1];
    struct cap_slot *slot;
    struct cap_ref ref;
    uint32_t node;
    bool directory;
    enum status status =
        handle_for(domain, frame->rdi, CAP_DIRECTORY, CAP_USE, &slot);

    if (status == STATUS_OK) {
        status = name_copy_in(path, frame->rsi, frame->rdx, SYSCALL_PATH_MAX);
    }
    if (status != STATUS_OK) {
        return status;
    }
    node = walk((uint32_t)slot->first, path, frame->rdx);
    if (node == SPEC_NONE) {
        return STATUS_NOT_FOUND;
    }
    directory = kernel.spec.nodes[node].kind == SPEC_NODE_DIRECTORY;
    status = cap_derive_object(
        slot, slot->table,
        directory ? &kernel.directory_object : &kernel.file_object,
        slot->rights, node, kernel.spec.nodes[node].count, &ref);
    if (status == STATUS_OK) {
        frame->rdx = handle_make(ref, true);
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
