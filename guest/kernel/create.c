/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Domains made at run time: what is asked for is copied in and judged; all that
 * can fail is reserved; then nothing can (create_build.c), but giving what the
 * creator holds, which is undone whole.
 */
#include "create.h"

static uint64_t quota_room(const struct quota *quota)
{
    uint64_t room = quota->limit - quota->used;

    while (quota->part) {
        quota = quota->parent;
        if (quota->limit - quota->used < room) {
            room = quota->limit - quota->used;
        }
    }
    return room;
}

static struct pd_standing standing_of(const struct domain *domain)
{
    const struct composition *is = &domain->is;
    bool files = domain_at(is->files) != NULL;

    return (struct pd_standing){
        .caps = caps_of(domain->index) != NULL,
        .files = files,
        .root_files = !files && is->degree[PD_FILES] == PD_SAME,
        .heap = is->heap != NULL,
        .handled = domain_at(is->handler) != NULL,
        .quota_none = is->degree[PD_QUOTA] == PD_NONE,
        .pool_none = is->degree[PD_POOL] == PD_NONE,
        .machine_quota = is->quota == ROOT_QUOTA,
        .machine_pool = is->pool == ROOT_POOL,
        .view = UINT64_MAX, /* kept ranges are looked up one by one */
        .quota = is->quota->limit,
        .pool = is->pool->total,
        .quota_left = quota_room(is->quota),
        .pool_left = is->pool->free - is->pool->reserved,
    };
}

/* ---- copied in ---- */

static enum status text_take(struct creation *c, uint64_t address,
                             uint32_t bytes, uint32_t *at)
{
    enum status status;

    if (bytes > SYSCALL_TEXT_MAX - c->text_bytes) {
        return pd_refuse(&c->why, STATUS_TOO_BIG, PD_CLASS_COUNT,
                         REFUSAL_ARGS_LARGE);
    }
    status = arch_copy_in(c->texts + c->text_bytes, address, bytes);
    if (status == STATUS_OK) {
        *at = c->text_bytes;
        c->text_bytes += bytes;
    }
    return status;
}

static enum status name_take(struct creation *c)
{
    uint32_t at;
    enum status status;

    if (c->in.name_bytes == 0 || c->in.name_bytes > SPEC_NAME_MAX) {
        return c->in.name_bytes ? STATUS_TOO_BIG : STATUS_INVALID_ARGUMENT;
    }
    status = text_take(c, c->in.name, c->in.name_bytes, &at);
    c->texts[c->text_bytes++] = '\0'; /* there is room: it is the first */
    return status;
}

static enum status args_take(struct creation *c)
{
    uint32_t ends = 0;
    enum status status;

    c->args = c->text_bytes;
    if (c->in.args_bytes == 0) {
        return c->in.argc == 0 ? STATUS_OK : STATUS_INVALID_ARGUMENT;
    }
    status = text_take(c, c->in.args, c->in.args_bytes, &c->args);
    if (status != STATUS_OK) {
        return status;
    }
    for (uint32_t i = 0; i < c->in.args_bytes; i++) {
        ends += c->texts[c->args + i] == '\0';
    }
    return ends == c->in.argc && c->texts[c->text_bytes - 1] == '\0'
               ? STATUS_OK
               : STATUS_INVALID_ARGUMENT;
}

/* A part is of what the creator's own space may have: no way around what was
 * kept from that, nor from a part of a range to all of it. */
static enum status keep_judge(struct creation *c, const struct cap_slot *slot)
{
    uint8_t rights = slot->rights & (CAP_READ | CAP_WRITE | CAP_EXEC);

    if (!GUARD(RANGE_WHOLE, slot_is_whole(slot))) {
        return pd_refuse(&c->why, STATUS_OUT_OF_RANGE, PD_SPACE,
                         REFUSAL_KEEP_WHOLE);
    }
    if (!GUARD(ATTACH_PLAN, !(rights & ~space_allows(c->creator->is.space,
                                                     slot_range(slot))))) {
        return pd_refuse(&c->why, STATUS_NO_RIGHTS, PD_SPACE,
                         REFUSAL_KEEP_RANGE);
    }
    return STATUS_OK;
}

/* Handles become slots here: a range is kept through a capability. */
static enum status keeps_take(struct creation *c)
{
    uint64_t keeps[SYSCALL_KEEPS_MAX];
    enum status status;

    if (c->in.keep_count > SYSCALL_KEEPS_MAX) {
        return STATUS_TOO_BIG;
    }
    status = arch_copy_in(keeps, c->in.keeps, c->in.keep_count * 8ull);
    for (uint32_t i = 0; i < c->in.keep_count && status == STATUS_OK; i++) {
        struct cap_slot *slot;

        c->keeps[i].range = i;
        if (keeps[i] == KEEP_IMAGE || keeps[i] == KEEP_HEAP) {
            c->keeps[i].what =
                keeps[i] == KEEP_IMAGE ? SPEC_KEEP_IMAGE : SPEC_KEEP_HEAP;
            continue;
        }
        c->keeps[i].what = SPEC_KEEP_RANGE;
        status = handle_for(c->creator, keeps[i], CAP_RANGE, CAP_READ | CAP_USE,
                            &slot);
        if (status != STATUS_OK) {
            return pd_refuse(&c->why, status, PD_SPACE, REFUSAL_KEEP_HELD);
        }
        c->kept[c->kept_count++] = slot;
        status = keep_judge(c, slot);
    }
    return status;
}

/* Giving a badge takes what BADGE takes. */
static bool may_badge(const struct creation_hold *hold)
{
    const struct cap_slot *source = hold->source;

    return hold->in.badge == 0 ||
           (source->type != CAP_ENDPOINT && source->type != CAP_NOTIFICATION) ||
           GUARD(BADGE_USE, source->rights & CAP_USE && source->count == 0);
}

static enum status hold_take(struct creation *c, struct creation_hold *hold)
{
    struct pd_refusal why;
    enum status status =
        handle_look_up(c->creator, hold->in.handle, &hold->source);

    if (status != STATUS_OK ||
        (hold->in.rights & ~(uint32_t)hold->source->rights) != 0 ||
        !slot_copies(hold->source) || !may_badge(hold) ||
        hold->source->table == files_of(c->creator->index)) {
        return pd_refuse(&c->why,
                         status == STATUS_OK ? STATUS_NO_RIGHTS : status,
                         PD_CLASS_COUNT, REFUSAL_HOLD_HELD);
    }
    status = pd_judge_rights((enum cap_type)hold->source->type, hold->in.rights,
                             &why);
    if (status != STATUS_OK) {
        return pd_refuse(&c->why, status, PD_CLASS_COUNT, why.refusal);
    }
    hold->in.name[sizeof(hold->in.name) - 1] = '\0';
    return STATUS_OK;
}

static enum status holds_take(struct creation *c)
{
    enum status status = STATUS_OK;

    if (c->in.hold_count > SYSCALL_HOLDS_MAX) {
        return STATUS_TOO_BIG;
    }
    for (uint32_t i = 0; i < c->in.hold_count && status == STATUS_OK; i++) {
        struct creation_hold *hold = &c->holds[i];
        uint32_t length = 0;

        status = arch_copy_in(&hold->in, c->in.holds + i * sizeof(hold->in),
                              sizeof(hold->in));
        if (status != STATUS_OK) {
            return status;
        }
        status = hold_take(c, hold);
        if (status != STATUS_OK) {
            return status;
        }
        while (hold->in.name[length]) {
            length++;
        }
        hold->name = c->text_bytes;
        if (length + 1 > SYSCALL_TEXT_MAX - c->text_bytes) {
            return pd_refuse(&c->why, STATUS_TOO_BIG, PD_CLASS_COUNT,
                             REFUSAL_ARGS_LARGE);
        }
        for (uint32_t at = 0; at <= length; at++) {
            c->texts[c->text_bytes++] = hold->in.name[at];
        }
    }
    return status;
}

static void request_fill(struct creation *c)
{
    const struct syscall_domain *in = &c->in;
    struct spec_domain *d = &c->d;

    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        d->degree[i] = in->degree[i];
    }
    d->on_fault = in->on_fault;
    d->program = c->program;
    d->entry = c->entry;
    d->quota_pages = in->quota_pages;
    d->pool_pages = in->pool_pages;
    d->stack_pages = in->stack_pages;
    d->heap_pages = in->heap_pages;
    d->caps_slots = in->caps_slots;
    d->files_slots = in->files_slots;
    d->keep_count = in->keep_count;
    d->keep_all = in->flags & SYSCALL_MAKE_KEEP_ALL;
    d->hold_count = in->hold_count;
}

/* The creator's own program, or a file that it holds with exec. */
static enum status program_take(struct creation *c)
{
    enum status status;

    c->program = c->creator->is.image->program;
    c->entry = c->in.entry;
    if (c->in.program == 0) {
        return STATUS_OK;
    }
    status = file_program(c->creator, c->in.program, &c->program, &c->entry);
    if (status != STATUS_OK) {
        return pd_refuse(&c->why, status, PD_CLASS_COUNT, REFUSAL_PROGRAM);
    }
    return c->in.entry == 0 ? STATUS_OK
                            : pd_refuse(&c->why, STATUS_INVALID_ARGUMENT,
                                        PD_CLASS_COUNT, REFUSAL_PROGRAM_ENTRY);
}

#define FLAGS ((uint32_t)SYSCALL_MAKE_KEEP_ALL | SYSCALL_MAKE_START)

static enum status request_take(struct creation *c, uint64_t address)
{
    enum status status = arch_copy_in(&c->in, address, sizeof(c->in));

    if (status == STATUS_OK &&
        (c->in.bytes != sizeof(c->in) || c->in.flags & ~FLAGS)) {
        status = STATUS_INVALID_ARGUMENT;
    }
    if (status == STATUS_OK) {
        status = program_take(c);
    }
    if (status == STATUS_OK) {
        status = name_take(c);
    }
    if (status == STATUS_OK) {
        status = args_take(c);
    }
    if (status == STATUS_OK) {
        status = keeps_take(c);
    }
    return status == STATUS_OK ? holds_take(c) : status;
}

/* ---- judged ---- */

static enum status creation_judge(struct creation *c)
{
    const struct pd_standing standing = standing_of(c->creator);
    enum status status;

    request_fill(c);
    status = pd_judge_request(&kernel.spec, &standing, &c->d, c->keeps,
                              &c->shape, &c->why);
    if (status == STATUS_OK &&
        !GUARD(FILE_IMAGE, c->in.program == 0 || c->shape.own_image)) {
        status = pd_refuse(&c->why, STATUS_INVALID_ARGUMENT, PD_SPACE,
                           REFUSAL_PROGRAM_IMAGE);
    }
    return status;
}

static void refusal_tell(const struct creation *c, struct arch_frame *frame)
{
    frame->r10 = c->why.pd_class;
    frame->r8 = c->why.refusal;
}

enum status sys_domain_create(struct domain *domain, struct arch_frame *frame)
{
    struct creation c;
    uint64_t handle = 0;
    enum status status;

    c.creator = domain;
    c.text_bytes = 0;
    c.kept_count = 0;
    c.why = (struct pd_refusal){.pd_class = PD_CLASS_COUNT};
    status = request_take(&c, frame->rdi);
    if (status == STATUS_OK) {
        status = creation_judge(&c);
    }
    if (status == STATUS_OK) {
        status = create_reserve(&c);
    }
    if (status == STATUS_OK) {
        status = create_commit(&c, &handle);
    }
    if (status == STATUS_OK && c.in.flags & SYSCALL_MAKE_START) {
        status = create_start(domain_at(c.number));
    }
    if (status == STATUS_OK) {
        frame->rdx = handle;
    } else {
        refusal_tell(&c, frame);
    }
    return status;
}
