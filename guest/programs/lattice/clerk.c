/* SPDX-License-Identifier: Apache-2.0 */
/* The clerk: the parent's hands. */
#include "lattice.h"

/* On its stack: the children that share its memory would share a static. */
struct clerk {
    struct ambit_handle pool, quota, mark, files, late, last, taken;
    bool bit;
    uint32_t count; /* of frames */
    struct ambit_handle frames[FRAMES_MAX];
};

/* Leaves SPARE_PAGES of the quota: the rest goes into the parent's heap. */
static void set_up(struct clerk *clerk)
{
    struct ambit_handle heap = held("heap");
    struct ambit_info info;
    uint64_t bytes, pages;

    clerk->pool = held("pool");
    clerk->quota = held("quota");
    clerk->mark = held("mark");
    clerk->files = held("files");
    must(ambit_inspect(clerk->quota, &info));
    ambit_assert(info.second > info.first + 2 * SPARE_PAGES);
    pages = info.second - info.first - SPARE_PAGES;
    pages -= pages / 512 + 1; /* leaf tables */
    must(ambit_grow(heap, pages, &bytes));
    *(volatile uint64_t *)(base_of("parent.heap") + MARK_OFFSET) = MARK;
}

static enum lattice_finding prepare(struct clerk *clerk, uint64_t child)
{
    struct ambit_handle file;
    uint64_t value = 0;
    char name[16], text[24];

    child_name(name, sizeof name, child);
    if (clerk->late.bits) {
        must(ambit_delete(clerk->late));
    }
    must(ambit_derive(clerk->mark, AMBIT_READ, &clerk->late));
    /* Never deleted: each stands in a slot that was never used before. */
    ambit_snprintf(text, sizeof text, "late-%s", name);
    must(ambit_open(clerk->files, text, &file));
    ambit_snprintf(text, sizeof text, "%s.stack", name);
    return try_word(base_of(text), &value);
}

static void shut(struct clerk *clerk)
{
    must(ambit_delete(clerk->late));
    must(ambit_delete(clerk->last));
}

static uint64_t reopen(struct clerk *clerk)
{
    must(ambit_derive(clerk->mark, AMBIT_READ, &clerk->late));
    must(ambit_open(clerk->files, "late-c0", &clerk->last));
    return clerk->last.bits;
}

static void take(struct clerk *clerk)
{
    uint64_t number;

    clerk->bit = (ambit_random() >> 32 & 1) != 0;
    if (clerk->bit) {
        must(ambit_allocate(clerk->pool, &clerk->taken, &number));
    }
}

static uint64_t give(struct clerk *clerk)
{
    if (clerk->bit) {
        must(ambit_delete(clerk->taken));
    }
    return clerk->bit;
}

static uint64_t can_allocate(const struct clerk *clerk)
{
    struct ambit_handle frame;
    uint64_t number;

    if (ambit_allocate(clerk->pool, &frame, &number) != STATUS_OK) {
        return 0;
    }
    must(ambit_delete(frame));
    return 1;
}

static uint64_t used(const struct clerk *clerk)
{
    struct ambit_info info;

    must(ambit_inspect(clerk->quota, &info));
    return info.first;
}

static void fill(struct clerk *clerk)
{
    enum status why;

    clerk->count = take_all(clerk->pool, clerk->frames, &why);
    ambit_assert(why == STATUS_NO_QUOTA || why == STATUS_NO_MEMORY);
}

static void serve(struct clerk *clerk, struct ambit_message *message)
{
    uint64_t word = message->words[1];

    switch ((enum work)message->words[0]) {
    case WORK_PREPARE:
        message->words[0] = prepare(clerk, word);
        break;
    case WORK_CLOSE:
        shut(clerk);
        break;
    case WORK_REOPEN:
        message->words[0] = reopen(clerk);
        break;
    case WORK_MARK:
        message->words[0] = clerk->late.bits;
        break;
    case WORK_USED:
        message->words[0] = used(clerk);
        break;
    case WORK_TAKE:
        take(clerk);
        break;
    case WORK_GIVE:
        message->words[0] = give(clerk);
        break;
    case WORK_CAN:
        message->words[0] = can_allocate(clerk);
        break;
    case WORK_FILL:
        fill(clerk);
        break;
    case WORK_EMPTY:
        give_all(clerk->frames, clerk->count);
        break;
    case WORK_DONE:
        break;
    }
}

AMBIT_ENTRY(clerk_main)
{
    struct ambit_handle endpoint = held("clerk");
    struct ambit_message message = {0};
    struct clerk clerk = {0};
    bool done;

    set_up(&clerk);
    must(ambit_receive(endpoint, &message));
    do {
        done = message.words[0] == WORK_DONE;
        serve(&clerk, &message);
        must(done ? ambit_reply(&message)
                  : ambit_reply_receive(endpoint, &message));
    } while (!done);
    return 0;
}
