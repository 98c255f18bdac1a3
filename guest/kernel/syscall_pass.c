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
