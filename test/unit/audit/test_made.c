/* SPDX-License-Identifier: Apache-2.0 */
/* Domains made at run time: what their roots may show, and records that lie. */
#include "suites.h"
#include "world_made.h"
#include "world_slots.h"

#include <abi/layout.h>
#include <capabilities/cap.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static char text[256];

static void setup(void)
{
    world_setup();
    world_slots_make(&world);
    world_made_make(&world);
}

START_TEST(clean)
{
    world_is_clean(&world);
    ck_assert_uint_eq(world.audit.made, 1);
    ck_assert_uint_eq(world.audit.unchecked, 0);
}
END_TEST

START_TEST(not_at_rest)
{
    world.target.at_rest = false;
    world_is_clean(&world);
    ck_assert_uint_gt(world.audit.unchecked, WORLD_RING_PAGES);
}
END_TEST

/* Its attachment is to read. */
START_TEST(writes_a_range)
{
    uint64_t frame = world_frame_at(&world, ROOT_APP, world_ring(&world));

    world_made_map(&world, world_ring(&world), frame | P | W | U | NX);
    snprintf(text, sizeof(text),
             "domain 64 reaches ring at 0x%llx: expected r, found rw (frame "
             "0x%llx)",
             (unsigned long long)world_ring(&world), (unsigned long long)frame);
    world_finds(&world, AUDIT_RIGHTS, text);
}
END_TEST

START_TEST(range_without_attachment)
{
    world.memory[MADE_CHUNK + sizeof(struct cap_slot)] = CAP_TOMBSTONE;
    snprintf(text, sizeof(text),
             "domain 64 reaches ring at 0x%llx: expected nothing, found r "
             "(frame 0x%llx)",
             (unsigned long long)world_ring(&world),
             (unsigned long long)world_frame_at(&world, ROOT_APP,
                                                world_ring(&world)));
    world_finds_among(&world, AUDIT_EXTRA, text);
}
END_TEST

START_TEST(stack_of_its_creator)
{
    uint64_t stack = world_stack(&world, APP);
    uint64_t frame = world_frame_at(&world, ROOT_APP, stack);

    world_made_map(&world, stack, frame | P | W | U | NX);
    snprintf(text, sizeof(text),
             "domain 64 reaches app.stack at 0x%llx: expected nothing, found "
             "rw (frame 0x%llx)",
             (unsigned long long)stack, (unsigned long long)frame);
    world_finds(&world, AUDIT_EXTRA, text);
}
END_TEST

/* A page below its stack is the stack's guard. */
START_TEST(more_stack_than_it_has)
{
    uint64_t page = world_made_stack() - ABI_PAGE_SIZE;
    uint64_t frame = world_frame(&world);

    world_made_map(&world, page, frame | P | W | U | NX);
    snprintf(text, sizeof(text),
             "domain 64 reaches domain 64's stack at 0x%llx: expected nothing, "
             "found rw (frame 0x%llx)",
             (unsigned long long)page, (unsigned long long)frame);
    world_finds(&world, AUDIT_EXTRA, text);
}
END_TEST

START_TEST(more_of_a_range_than_there_is)
{
    uint64_t page = world_made_range() + 2 * ABI_PAGE_SIZE;
    uint64_t frame = world_frame(&world);

    world_made_map(&world, page - ABI_PAGE_SIZE,
                   world_frame(&world) | P | U | NX);
    world_made_map(&world, page, frame | P | U | NX);
    snprintf(text, sizeof(text),
             "domain 64 reaches a range made at run time at 0x%llx: expected "
             "nothing, found r (frame 0x%llx)",
             (unsigned long long)page, (unsigned long long)frame);
    world_finds(&world, AUDIT_EXTRA, text);
}
END_TEST

/* Its capability says nothing any more, though its pages are still mapped. */
START_TEST(made_range_without_attachment)
{
    uint64_t at = world_entry(&world, world_made_record(&world)->cr3,
                              world_made_range(), 1);
    uint64_t frame = world_get(&world, at) & FRAME;

    world.memory[MADE_CHUNK + 2 * sizeof(struct cap_slot)] = CAP_TOMBSTONE;
    snprintf(text, sizeof(text),
             "domain 64 reaches memory of no range at 0x%llx: expected "
             "nothing, found rw (frame 0x%llx)",
             (unsigned long long)world_made_range(), (unsigned long long)frame);
    world_finds(&world, AUDIT_EXTRA, text);
}
END_TEST

/* One of a root that is no more gives nothing in the next of its number. */
START_TEST(attachment_of_an_older_root)
{
    world_made_record(&world)->made = 2;
    snprintf(text, sizeof(text),
             "domain 64 reaches ring at 0x%llx: expected nothing, found r "
             "(frame 0x%llx)",
             (unsigned long long)world_ring(&world),
             (unsigned long long)world_frame_at(&world, ROOT_APP,
                                                world_ring(&world)));
    world_finds_among(&world, AUDIT_EXTRA, text);
}
END_TEST

START_TEST(mapped)
{
    world_made_bare(&world, world_frame(&world));
    world_is_clean(&world);
}
END_TEST

START_TEST(mapped_with_more_rights)
{
    uint64_t frame = world_frame(&world);

    world_made_bare(&world, frame);
    world_made_map(&world, world_made_range(), frame | P | W | U | NX);
    snprintf(text, sizeof(text),
             "domain 64 reaches a range made at run time at 0x%llx: expected "
             "r, found rw (frame 0x%llx)",
             (unsigned long long)world_made_range(), (unsigned long long)frame);
    world_finds(&world, AUDIT_RIGHTS, text);
}
END_TEST

START_TEST(another_frame_is_mapped)
{
    uint64_t frame = world_frame(&world);

    world_made_bare(&world, world_frame(&world));
    world_made_map(&world, world_made_range(), frame | P | U | NX);
    snprintf(text, sizeof(text),
             "domain 64: frame 0x%llx at 0x%llx (a range made at run time) is "
             "not the frame that is mapped there",
             (unsigned long long)frame, (unsigned long long)world_made_range());
    world_finds(&world, AUDIT_OWNER, text);
}
END_TEST

/* One of a range that is no more says nothing about the next at its address. */
START_TEST(mapping_of_an_older_range)
{
    uint64_t frame = world_frame(&world);

    world_made_bare(&world, frame);
    world_set(&world, MADE_OBJECT + 24, 10);
    snprintf(text, sizeof(text),
             "domain 64 reaches a range made at run time at 0x%llx: expected "
             "nothing, found r (frame 0x%llx)",
             (unsigned long long)world_made_range(), (unsigned long long)frame);
    world_finds(&world, AUDIT_EXTRA, text);
}
END_TEST

/* ---- its capability table ---- */

START_TEST(honest_table)
{
    ck_assert_uint_eq(audit_capabilities(&world.audit, &world.target), 0);
    ck_assert_uint_eq(world.audit.capabilities, 6 + 3);
}
END_TEST

static void finds_capability(enum audit_kind kind, const char *part)
{
    audit_capabilities(&world.audit, &world.target);
    ck_assert_uint_eq(world.audit.kept, 1);
    audit_describe(&world.audit.violations[0], &world.spec, world.plan, text,
                   sizeof(text));
    ck_assert_msg(world.audit.violations[0].kind == kind &&
                      strstr(text, "domain 64: capability 3 ") == text &&
                      strstr(text, part) != NULL,
                  "%s", text);
}

static void spoil_capability(size_t field, uint8_t value)
{
    world.memory[world_made_slot(3) + field] = value;
}

START_TEST(capability_of_no_type)
{
    spoil_capability(offsetof(struct cap_slot, type), CAP_TYPE_COUNT);
    finds_capability(AUDIT_CAP_FORM, "of no type");
}
END_TEST

START_TEST(capability_beyond_its_parent)
{
    struct cap_slot parent;

    world_slot_get(&world, world_slot(TABLE_APP, 1), &parent);
    parent.rights = CAP_READ;
    world_slot_put(&world, world_slot(TABLE_APP, 1), &parent);
    spoil_capability(offsetof(struct cap_slot, rights), CAP_READ | CAP_WRITE);
    audit_capabilities(&world.audit, &world.target);
    for (uint32_t i = 0; i < world.audit.kept; i++) {
        if (world.audit.violations[i].domain == MADE_NUMBER) {
            ck_assert_int_eq(world.audit.violations[i].kind, AUDIT_CAP_RIGHTS);
            return;
        }
    }
    ck_abort_msg("nothing was said");
}
END_TEST

/* Whoever made it, and all who are connected, have no more than that. */
START_TEST(capability_that_nobody_could_give)
{
    struct cap_slot slot;

    world_slot_get(&world, world_made_slot(3), &slot);
    slot.parent = NULL;
    slot.depth = 0;
    slot.rights = CAP_READ | CAP_EXEC;
    world_slot_put(&world, world_made_slot(3), &slot);
    finds_capability(AUDIT_CAP_AUTHORITY,
                     "the config lets anybody give it: expected at most rw, "
                     "found rx");
}
END_TEST

static void finds_lie(const char *what)
{
    snprintf(text, sizeof(text), "domain 64: root 0x%llx %s",
             (unsigned long long)world_made_record(&world)->cr3, what);
    world_finds_among(&world, AUDIT_ROOT, text);
}

START_TEST(record_of_another_number)
{
    world_made_record(&world)->number = 65;
    finds_lie("has a record of another number");
}
END_TEST

START_TEST(made_by_nobody)
{
    world_made_record(&world)->parent = 77;
    finds_lie("was made by nobody who exists");
}
END_TEST

START_TEST(root_against_its_degree)
{
    world_made_record(&world)->degree[PD_SPACE] = PD_SAME;
    finds_lie("runs in another root than its degree of space says");
}
END_TEST

START_TEST(image_against_its_degree)
{
    world_made_record(&world)->degree[PD_SPACE] = PD_NEW;
    finds_lie("has another image than its own or its creator's");
}
END_TEST

START_TEST(range_of_the_plans)
{
    world_made_record(&world)->own[PLAN_STACK].granule = 512;
    finds_lie("has a range where none of run time can be");
}
END_TEST

START_TEST(ranges_overlap)
{
    struct shared_pd *record = world_made_record(&world);

    record->own[PLAN_HEAP] = record->own[PLAN_STACK];
    finds_lie("has a range that overlaps another");
}
END_TEST

/* Any record at all: the look ends and stays in memory. */
START_TEST(garbage)
{
    for (unsigned byte = 0; byte < sizeof(struct shared_pd); byte++) {
        uint8_t *at = (uint8_t *)world_made_record(&world) + byte;
        uint8_t was = *at;

        *at = 0xff;
        audit_sample(&world.audit, &world.target);
        *at = was;
    }
    world_set(&world, ABI_SHARED_PHYS + offsetof(struct shared, domain_end),
              UINT32_MAX);
    audit_sample(&world.audit, &world.target);
    world_set(&world, ABI_SHARED_PHYS + offsetof(struct shared, domain_table),
              UINT64_MAX - 8);
    audit_sample(&world.audit, &world.target);
    ck_assert_uint_eq(world.audit.samples, sizeof(struct shared_pd) + 2);
}
END_TEST

Suite *suite_made(void)
{
    Suite *suite = suite_create("made");
    const TTest *const tests[] = {
        clean,
        not_at_rest,
        writes_a_range,
        range_without_attachment,
        stack_of_its_creator,
        more_stack_than_it_has,
        more_of_a_range_than_there_is,
        made_range_without_attachment,
        attachment_of_an_older_root,
        mapped,
        mapped_with_more_rights,
        another_frame_is_mapped,
        mapping_of_an_older_range,
        honest_table,
        capability_of_no_type,
        capability_beyond_its_parent,
        capability_that_nobody_could_give,
        record_of_another_number,
        made_by_nobody,
        root_against_its_degree,
        image_against_its_degree,
        range_of_the_plans,
        ranges_overlap,
        garbage,
    };
    TCase *all = tcase_create("made");

    tcase_set_timeout(all, 60);
    tcase_add_checked_fixture(all, setup, world_teardown);
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        tcase_add_test(all, tests[i]);
    }
    suite_add_tcase(suite, all);
    return suite;
}
