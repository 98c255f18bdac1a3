/* SPDX-License-Identifier: Apache-2.0 */
/* cap_check can fail: each corruption is found, under its invariant's name. */
#include "world.h"

/* A world with a slot of every sort. */
struct sample {
    struct world *w;
    struct cap_slot *range;    /* original in table 0, four children */
    struct cap_slot *part;     /* one of them: a part, in table 1 */
    struct cap_slot *sibling;  /* another one, in table 1 */
    struct cap_slot *file;     /* original in table 0 */
    struct cap_slot *buried;   /* tombstone in table 0 */
    struct cap_slot *survivor; /* its child, in table 1 */
    struct cap_slot *head;     /* composite of range, file, range in table 1 */
    struct cap_slot *derived;  /* composite derived from it, in table 2 */
    struct cap_slot *retired;  /* in table 2 */
    struct cap_slot *unused;   /* in table 0 */
};

static struct world sample_image;

static void sample_new(struct sample *s)
{
    struct world *w = world_new(2);
    const struct cap_part part = {CAP_READ, true, 10, 20};
    struct cap_ref ref;

    s->w = w;
    s->range = world_insert(w, 0, CAP_RANGE, CAP_READ | CAP_WRITE);
    s->file = world_insert(w, 0, CAP_FILE, CAP_READ);
    s->buried = world_insert(w, 0, CAP_ENDPOINT, CAP_WRITE);
    s->survivor = world_derive(w, s->buried, 1, CAP_WRITE);
    cap_delete(&w->context, s->buried);
    assert_status(cap_derive(s->range, &w->table[1], &part, &ref), STATUS_OK);
    s->part = world_slot(w, 1, ref);
    s->sibling = world_derive(w, s->range, 1, CAP_READ);
    struct cap_slot *slots[] = {s->range, s->file, s->range};
    s->head = world_compose(w, 1, slots, 3);
    s->derived = world_derive(w, s->head, 2, CAP_READ);
    s->retired = world_insert(w, 2, CAP_TIME, CAP_READ);
    s->retired->generation = UINT32_MAX - 1;
    cap_delete(&w->context, s->retired);
    s->unused = &w->chunk[0][0][20];
    assert_world(w);
    memcpy(&sample_image, w, sizeof(sample_image));
}

/* Corruptions, one line each: the invariant and what breaks it. */
#define CORRUPTIONS(X)                                                         \
    X("I1 home", s->range->state = 7)                                          \
    X("I1 home", s->range->table = &s->w->table[1])                            \
    X("I1 home", s->buried->table = NULL)                                      \
    X("I1 home", s->range->index++)                                            \
    X("I1 home", s->buried->index = 0)                                         \
    X("I1 home", s->retired->index++)                                          \
    X("I2 links", s->part->parent = &stray)                                    \
    X("I2 links", s->part->parent = (void *)((char *)s->range + 8))            \
    X("I2 links", s->part->child = s->unused)                                  \
    X("I2 links", s->part->next = s->retired)                                  \
    X("I2 links", s->part->previous = &stray)                                  \
    X("I2 links", s->head->member = s->unused)                                 \
    X("I3 free", s->unused->generation = UINT32_MAX)                           \
    X("I3 free", s->range->generation = UINT32_MAX)                            \
    X("I3 free", s->retired->generation = 3)                                   \
    X("I3 free", s->retired->rights = 1)                                       \
    X("I3 free", s->unused->table = &s->w->table[0])                           \
    X("I3 free", s->unused->index = 20)                                        \
    X("I3 free", s->unused->type = CAP_FILE)                                   \
    X("I3 free", s->unused->rights = CAP_READ)                                 \
    X("I3 free", s->unused->flags = CAP_MEMBER)                                \
    X("I3 free", s->unused->depth = 1)                                         \
    X("I3 free", s->unused->position = 1)                                      \
    X("I3 free", s->unused->head = 1)                                          \
    X("I3 free", s->unused->object = s->range->object)                         \
    X("I3 free", s->unused->parent = s->range)                                 \
    X("I3 free", s->unused->child = s->range)                                  \
    X("I3 free", s->unused->next = s->range)                                   \
    X("I3 free", s->unused->previous = s->range)                               \
    X("I3 free", s->unused->member = s->range)                                 \
    X("I3 free", s->unused->first = 1)                                         \
    X("I3 free", s->unused->count = 1)                                         \
    X("I3 free", s->w->chunk[0][0][0].state = CAP_LIVE)                        \
    X("I4 table", s->w->table[0].used++)                                       \
    X("I4 table", s->w->table[2].used--)                                       \
    X("I4 table", s->w->table[0].size--)                                       \
    X("I4 table", s->w->table[0].first = 0)                                    \
    X("I4 table", s->w->table[0].first = 21)                                   \
    X("I4 table", s->w->table[0].cursor = s->w->table[0].size + 1)             \
    X("I5 type", s->range->type = CAP_NONE)                                    \
    X("I5 type", s->range->type = CAP_TYPE_COUNT)                              \
    X("I5 type", s->range->type = CAP_FRAME)                                   \
    X("I5 type", s->range->type = CAP_COMPOSITE)                               \
    X("I5 type", s->head->type = CAP_FILE)                                     \
    X("I5 type", s->survivor->rights |= CAP_READ)                              \
    X("I5 type", s->range->flags = 4)                                          \
    X("I5 type", s->range->object = NULL)                                      \
    X("I5 type", s->range->object = s->file->object)                           \
    X("I5 type", s->range->object->type = CAP_FILE)                            \
    X("I6 refs", s->range->object->refs++)                                     \
    X("I6 refs", s->file->object->refs--)                                      \
    X("I6 refs", s->file->object->uses++)                                      \
    X("I7 tombstone", s->buried->child = NULL)                                 \
    X("I7 tombstone", s->buried->type = CAP_ENDPOINT)                          \
    X("I7 tombstone", s->buried->rights = CAP_WRITE)                           \
    X("I7 tombstone", s->buried->flags = CAP_REVOKING)                         \
    X("I7 tombstone", s->buried->member = s->range)                            \
    X("I7 tombstone", s->buried->position = 1)                                 \
    X("I7 tombstone", s->buried->head = 1)                                     \
    X("I7 tombstone", s->buried->first = 1)                                    \
    X("I7 tombstone", s->buried->count = 1)                                    \
    X("I8 family", s->range->child = s->part)                                  \
    X("I8 family", s->range->child = NULL)                                     \
    X("I8 family", s->survivor->child = s->part)                               \
    X("I8 family", s->survivor->parent = s->range)                             \
    X("I8 family", s->survivor->parent = NULL)                                 \
    X("I8 family", s->survivor->previous = s->part)                            \
    X("I8 family", s->sibling->next = NULL)                                    \
    X("I8 family", s->part->next = s->survivor)                                \
    X("I8 family", s->part->previous = NULL)                                   \
    X("I8 family", s->file->next = s->range)                                   \
    X("I8 family", ring_beside_the_list(s))                                    \
    X("I9 depth", s->range->depth = 1)                                         \
    X("I9 depth", s->part->depth = 0)                                          \
    X("I9 depth", s->survivor->depth = 2)                                      \
    X("I9 depth", too_deep(s))                                                 \
    X("I10 narrower", s->sibling->rights |= CAP_EXEC)                          \
    X("I10 narrower", s->derived->rights |= CAP_WRITE, s->head->rights = 1)    \
    X("I10 narrower", s->part->first = s->range->first - 1)                    \
    X("I10 narrower", s->part->first = s->range->first + 51)                   \
    X("I10 narrower", s->part->count = 41)                                     \
    X("I10 narrower", s->part->count = UINT64_MAX)                             \
    X("I11 composite", s->head->member = NULL)                                 \
    X("I11 composite", s->head->member = s->head->member->member)              \
    X("I11 composite", s->head->member = s->derived->member)                   \
    X("I11 composite", s->head->member = s->sibling)                           \
    X("I11 composite", s->head->member = s->derived)                           \
    X("I11 composite", s->head->member = s->buried)                            \
    X("I11 composite", s->head->flags = CAP_MEMBER)                            \
    X("I11 composite", s->head->member->flags = 0)                             \
    X("I11 composite", s->head->member->position = 1)                          \
    X("I11 composite", s->head->member->member->member->position = 8)          \
    X("I11 composite",                                                         \
      s->head->member->member->member->member = s->head->member)               \
    X("I11 composite", s->head->member->head = 0)                              \
    X("I11 composite", s->head->member->head = 60000)                          \
    X("I11 composite", head_behind_its_member(s))                              \
    X("I11 composite", s->sibling->flags = CAP_MEMBER)                         \
    X("I11 composite", s->sibling->flags = CAP_MEMBER,                         \
      s->sibling->head = 60000)                                                \
    X("I11 composite", s->sibling->flags = CAP_MEMBER,                         \
      s->sibling->head = (uint16_t)s->survivor->index)                         \
    X("I11 composite", s->sibling->flags = CAP_MEMBER,                         \
      s->sibling->head = (uint16_t)s->head->index)                             \
    X("I11 composite", s->sibling->member = s->head->member)                   \
    X("I11 composite", s->sibling->position = 1)                               \
    X("I11 composite", s->sibling->head = 1)

/* Children that agree among themselves, but that no list leads to. */
static void ring_beside_the_list(struct sample *s)
{
    struct cap_slot *one = s->part;
    struct cap_slot *two = s->sibling;

    while (one->previous != NULL && one->previous != two) {
        one = one->previous;
    }
    ck_assert_ptr_eq(two->next, s->part); /* the newer one stands before */
    two->previous->next = s->part->next;
    two->previous = s->part;
    s->part->next = two;
}

/* The members name, and hang from, a composite that lies behind them. */
static void head_behind_its_member(struct sample *s)
{
    struct cap_slot *last = world_member(s->head, 2);
    struct cap_slot *behind = world_insert(s->w, 1, CAP_FILE, CAP_READ);
    struct cap_slot *empty = world_compose(s->w, 1, &behind, 1);

    world_revoke(s->w, behind);
    ck_assert_ptr_null(empty->member);
    ck_assert_uint_gt(empty->index, last->index);
    for (struct cap_slot *m = s->head->member; m != NULL; m = m->member) {
        m->head = (uint16_t)empty->index;
    }
    empty->member = s->head->member;
    s->head->member = NULL;
}

/* A chain that is as long as allowed, and one more at its end. */
static void too_deep(struct sample *s)
{
    struct cap_slot *middle = world_deep(s->w, s->survivor, 2, 64);
    struct cap_slot *end = world_deep(s->w, middle, 0, CAP_DEPTH_MAX);
    struct cap_slot *more = world_insert(s->w, 1, CAP_ENDPOINT, CAP_WRITE);

    assert_world(s->w);
    end->child = more;
    more->parent = end;
    more->depth = CAP_DEPTH_MAX + 1;
}

START_TEST(every_corruption_is_found)
{
    static struct cap_slot stray;
    struct sample sample;
    struct sample *s = &sample;

    sample_new(s);
    stray.state = CAP_LIVE;
#define CORRUPT(name, ...)                                                     \
    __VA_ARGS__;                                                               \
    ck_assert_msg(                                                             \
        world_check(s->w) != NULL && strcmp(world_check(s->w), name) == 0,     \
        "%s: %s instead of %s", #__VA_ARGS__,                                  \
        world_check(s->w) == NULL ? "nothing" : world_check(s->w), name);      \
    memcpy(s->w, &sample_image, sizeof(sample_image));                         \
    assert_world(s->w);
    CORRUPTIONS(CORRUPT)
#undef CORRUPT
}
END_TEST

/* A table that a link leads to is missing from the list. */
START_TEST(every_table_is_needed)
{
    struct sample s;

    sample_new(&s);
    for (uint32_t missing = 0; missing < WORLD_TABLES; missing++) {
        struct cap_table *tables[2];
        uint32_t count = 0;
        for (uint32_t t = 0; t < WORLD_TABLES; t++) {
            if (t != missing) {
                tables[count++] = &s.w->table[t];
            }
        }
        ck_assert_str_eq(cap_check(tables, 2), "I2 links");
    }
    ck_assert_ptr_null(cap_check(NULL, 0));
}
END_TEST

TCase *case_check(void)
{
    TCase *c = tcase_create("check");

    tcase_add_test(c, every_corruption_is_found);
    tcase_add_test(c, every_table_is_needed);
    return c;
}
