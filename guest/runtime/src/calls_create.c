/* SPDX-License-Identifier: Apache-2.0 */
/* Domains made at run time. */
#include "internal.h"

#include <abi/refusals.h>
#include <ambit/ambit.h>
#include <ambit/syscall.h>

#define SLOTS 46u /* one page of them */

static void hold_fill(struct syscall_hold *to, const struct ambit_hold *from)
{
    uint32_t i = 0;

    to->handle = from->handle.bits;
    to->badge = from->badge;
    to->rights = from->rights;
    for (; i < sizeof(to->name) - 1 && from->name[i]; i++) {
        to->name[i] = from->name[i];
    }
    for (; i < sizeof(to->name); i++) {
        to->name[i] = 0;
    }
}

static void domain_fill(struct syscall_domain *to,
                        const struct ambit_domain_spec *from)
{
    const uint8_t degree[7] = {from->degree.files,  from->degree.cpu,
                               from->degree.space,  from->degree.pool,
                               from->degree.quota,  from->degree.caps,
                               from->degree.handler};

    *to = (struct syscall_domain){
        .bytes = sizeof(*to),
        .on_fault = from->on_fault,
        .program = from->program.bits,
        .entry =
            from->entry ? (uint64_t)from->entry - ambit_self()->image_base : 0,
        .name = (uint64_t)from->name,
        .name_bytes = (uint32_t)strlen(from->name),
        .args = (uint64_t)from->args,
        .args_bytes = from->args_bytes,
        .argc = from->argc,
        .stack_pages = from->stack_pages ? from->stack_pages : 1,
        .heap_pages = from->heap_pages,
        .quota_pages = from->quota_pages,
        .pool_pages = from->pool_pages,
        .caps_slots = from->caps_slots ? from->caps_slots : SLOTS,
        .files_slots = from->files_slots ? from->files_slots : SLOTS,
        .flags = (from->keep_all ? SYSCALL_MAKE_KEEP_ALL : 0u) |
                 (from->start ? SYSCALL_MAKE_START : 0u),
        .keep_count = from->keep_count,
        .hold_count = from->hold_count,
        .keeps = (uint64_t)from->keeps,
    };
    for (uint32_t i = 0; i < sizeof(degree); i++) {
        to->degree[i] = degree[i];
    }
}

enum status ambit_domain_create(const struct ambit_domain_spec *spec,
                                struct ambit_handle *out,
                                struct ambit_refusal *why)
{
    struct syscall_hold holds[SYSCALL_HOLDS_MAX];
    struct syscall_domain in;
    struct ambit_registers io = {.rdi = (uint64_t)&in};
    enum status status;

    domain_fill(&in, spec);
    for (uint32_t i = 0; i < spec->hold_count && i < SYSCALL_HOLDS_MAX; i++) {
        hold_fill(&holds[i], &spec->holds[i]);
    }
    in.holds = (uint64_t)holds;
    io.r10 = 7;
    status = ambit_syscall(SYSCALL_DOMAIN_CREATE, &io);
    if (status == STATUS_OK) {
        out->bits = io.rdx;
    } else if (why) {
        why->pd_class = (uint32_t)io.r10;
        why->refusal = (uint32_t)io.r8;
    }
    return status;
}

enum status ambit_domain_join(struct ambit_handle domain,
                              struct ambit_outcome *out)
{
    struct ambit_registers io = {.rdi = domain.bits,
                                 .rsi = SYSCALL_WAIT_DESTROY};
    enum status status = ambit_syscall(SYSCALL_WAIT, &io);

    if (status == STATUS_OK || status == STATUS_BUSY) {
        *out =
            (struct ambit_outcome){(enum outcome_kind)io.rdx, (int32_t)io.r10};
    }
    return status;
}

static enum status one(uint64_t number, struct ambit_handle domain)
{
    struct ambit_registers io = {.rdi = domain.bits};

    return ambit_syscall(number, &io);
}

enum status ambit_domain_start(struct ambit_handle domain)
{
    return one(SYSCALL_DOMAIN_START, domain);
}

enum status ambit_domain_stop(struct ambit_handle domain)
{
    return one(SYSCALL_STOP, domain);
}

enum status ambit_domain_restart(struct ambit_handle domain)
{
    enum status status = ambit_domain_stop(domain);

    if (status != STATUS_OK && status != STATUS_NOT_RUNNING) {
        return status;
    }
    return ambit_domain_start(domain);
}

enum status ambit_domain_destroy(struct ambit_handle domain)
{
    return one(SYSCALL_DOMAIN_DESTROY, domain);
}

void ambit_refusal_print(enum status status, const struct ambit_refusal *why)
{
    const char *text = refusal_text(why->refusal);

    ambit_printf("refused: %s%s%s\n", ambit_status_text(status),
                 *text ? ": " : "", text);
}
