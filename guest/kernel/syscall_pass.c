/* SPDX-License-Identifier: Apache-2.0 */
/* System calls that make a capability another one's, or mark it. */
#include "kernel.h"

/* Who waits by the old handle has lost it. */
enum status sys_move(struct domain *domain, struct arch_frame *frame)
{
    struct cap_slot *slot;
    struct cap_ref ref;
    enum status status = handle_look_up(domain, frame->rdi, &slot);

    if (status != STATUS_OK) {
        return status;
    }
    if (!GUARD(MOVE_TYPE, slot->type != CAP_ATTACHMENT) ||
        !GUARD(FILE_ALONE, !file_is_exclusive(slot))) {
        return STATUS_INVALID_ARGUMENT;
    }
    const struct cap_slot before = *slot;
    status = cap_move(slot, slot->table, &ref);
    if (status == STATUS_OK) {
        crossing_moved(&before, slot);
        frame->rdx = handle_make(ref, handle_in_files(frame->rdi));
    }
    return status;
}

enum status sys_badge(struct domain *domain, struct arch_frame *frame)
{
    struct cap_slot *slot;
    struct cap_ref ref;
    enum status status = handle_look_up(domain, frame->rdi, &slot);

    if (status == STATUS_OK && frame->rsi > CAP_ALL) {
        status = STATUS_INVALID_ARGUMENT;
    }
    if (status == STATUS_OK) {
        status = cap_derive_badged(slot, slot->table, (uint8_t)frame->rsi,
                                   frame->rdx, &ref);
    }
    if (status == STATUS_OK) {
        frame->rdx = handle_make(ref, handle_in_files(frame->rdi));
    }
    return status;
}

/* ---- along with a call ---- */

static enum status pass_look_up(const struct domain *from, uint64_t what,
                                struct cap_slot **slot)
{
    enum status status = handle_look_up(from, what & ~SYSCALL_PASS_MASK, slot);

    if (status != STATUS_OK) {
        return status;
    }
    if (!GUARD(PASS_ATTACHMENT, (*slot)->type != CAP_ATTACHMENT) ||
        !GUARD(FILE_ALONE, !file_is_exclusive(*slot))) {
        return STATUS_INVALID_ARGUMENT;
    }
    /* An object goes with the domain that made it, by way of its original. */
    if (what & SYSCALL_PASS_MOVE &&
        !GUARD(PASS_ORIGINAL,
               (*slot)->parent != NULL || (*slot)->type == CAP_COMPOSITE)) {
        return STATUS_INVALID_ARGUMENT;
    }
    return STATUS_OK;
}

enum status pass_check(const struct domain *from, uint64_t what)
{
    uint8_t rights = what >> SYSCALL_PASS_RIGHTS & CAP_ALL;
    struct cap_slot *slot;
    enum status status;

    if (what == 0) {
        return STATUS_OK;
    }
    status = pass_look_up(from, what, &slot);
    if (status == STATUS_OK && !(what & SYSCALL_PASS_MOVE) &&
        (rights & ~slot->rights)) {
        status = STATUS_NO_RIGHTS;
    }
    return status;
}

static enum status pass_move(struct cap_slot *slot, struct cap_table *table,
                             struct cap_ref *ref)
{
    const struct cap_slot before = *slot;
    enum status status = cap_move(slot, table, ref);

    if (status == STATUS_OK) {
        crossing_moved(&before, slot);
    }
    return status;
}

enum status pass(const struct domain *from, uint64_t what,
                 const struct domain *to, uint64_t *handle)
{
    struct cap_part part = {.rights = what >> SYSCALL_PASS_RIGHTS & CAP_ALL};
    bool files = handle_in_files(what) && GUARD_ACT(PASS_FILES);
    struct cap_table *table = files ? files_of(to->index) : caps_of(to->index);
    struct cap_slot *slot;
    struct cap_ref ref;
    enum status status;

    *handle = 0;
    if (what == 0) {
        return STATUS_OK;
    }
    status = pass_look_up(from, what, &slot);
    if (status != STATUS_OK) {
        return status;
    }
    if (!table) {
        return STATUS_NO_SLOT;
    }
    status = what & SYSCALL_PASS_MOVE ? pass_move(slot, table, &ref)
                                      : cap_derive(slot, table, &part, &ref);
    if (status == STATUS_OK) {
        *handle = handle_make(ref, files);
    }
    return status;
}
