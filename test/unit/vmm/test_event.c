/* SPDX-License-Identifier: Apache-2.0 */
/* Kernel events in words: what they say, whatever the guest wrote. */
#define _POSIX_C_SOURCE 200809L
#include "scene.h"
#include "suites.h"

#include <debug/event_text.h>
#include <string.h>

#define YAML                                                                   \
    "ambit: 1\ndomains:\n"                                                     \
    "  app: {program: hello}\n"                                                \
    "  child: {parent: app, kind: thread}\n"

static char text[512];

static void setup(void)
{
    scene_load(YAML);
}

static void teardown(void)
{
    scene_free();
}

static const char *say(uint32_t kind, uint32_t domain, uint32_t first,
                       uint64_t second)
{
    struct shared_event event = {(uint16_t)kind, (uint16_t)domain, first,
                                 second};

    event_describe(&event, scene.run.image, text, sizeof(text));
    return text;
}

static uint64_t entry(void)
{
    const struct plan *plan = scene.run.image->plan;

    return plan->ranges[plan->domains[0].image].base +
           scene.run.image->spec.domains[0].entry;
}

START_TEST(each_kind)
{
    ck_assert_ptr_nonnull(strstr(say(EVENT_CALL, 0, 2, entry()),
                                 "call console, from main+0x0 ("));
    ck_assert_ptr_nonnull(strstr(text, ") of hello"));
    ck_assert_str_eq(say(EVENT_CALL, 0, 11, 0x10),
                     "call derive-replaced, from 0x10");
    ck_assert_str_eq(say(EVENT_RETURN, 0, 0, 2), "return of console: OK");
    ck_assert_str_eq(say(EVENT_RETURN, 0, EVENT_BLOCKED, 19),
                     "return of call: it waits");
    ck_assert_str_eq(say(EVENT_FAULT, 0, 14 | 7u << 8, entry()),
                     "page fault at 0x40001000 (app.image): write, ring 3, the "
                     "page does not allow it");
    ck_assert_str_eq(say(EVENT_FAULT, 0, 14 | 0x14u << 8, 0x10),
                     "page fault at 0x10: execute, ring 3, not present");
    ck_assert_str_eq(say(EVENT_FAULT, 0, 13, 0x10),
                     "general protection fault at 0x10");
    ck_assert_str_eq(say(EVENT_TIMER, 0, 0, 0x10), "timer, at 0x10");
    ck_assert_str_eq(say(EVENT_SWITCH, 1, 0, 0x5000),
                     "runs, after app, with CR3 0x5000");
    ck_assert_str_eq(say(EVENT_SWITCH, 1, UINT32_MAX, 0x5000),
                     "runs, after nobody, with CR3 0x5000");
    ck_assert_str_eq(say(EVENT_ROOT, 1, 0, 0x5000), "root: CR3 0x5000");
    ck_assert_str_eq(say(EVENT_CREATE, 1, 8, 0), "created: NO_QUOTA");
    ck_assert_str_eq(say(EVENT_END, 1, OUTCOME_EXIT, UINT64_MAX),
                     "ended by exit, code -1");
    ck_assert_str_eq(say(EVENT_DESTROY, 1, 3, 0), "destroyed, root 3");
    ck_assert_str_eq(say(EVENT_ATTACH, 0, 2 | 5u << 8, 0),
                     "attach app.image (rx) to root 2");
    ck_assert_str_eq(say(EVENT_DETACH, 0, 0 | 3u << 8, 1),
                     "detach app.heap (rw) from root 0");
    ck_assert_str_eq(say(EVENT_PANIC, 0, SHARED_NO_VECTOR, 7),
                     "panic (the kernel's own decision), value 0x7");
    ck_assert_str_eq(say(EVENT_PANIC, 0, 200, 7),
                     "panic (vector 200), value 0x7");
    ck_assert_str_eq(say(EVENT_SEND, 0, 1, 7), "sends to child, badge 7");
    ck_assert_str_eq(say(EVENT_SEND, 0, UINT32_MAX, 7),
                     "sends, badge 7: it waits its turn");
    ck_assert_str_eq(say(EVENT_TAKE, 0, 70, 7),
                     "takes what domain 70 sent, badge 7");
    ck_assert_str_eq(say(EVENT_REPLY, 1, 0, 0), "replies to app");
    ck_assert_str_eq(say(EVENT_SIGNAL, 1, UINT32_MAX, 5),
                     "signals bits 0x5, wakes nobody");
    ck_assert_str_eq(say(EVENT_QUOTA, 1, 3, 9), "3 of 9 pages charged");
}
END_TEST

START_TEST(numbers_without_a_name)
{
    ck_assert_str_eq(say(EVENT_NONE, 0, 0, 0), "no event of a known kind (0)");
    ck_assert_str_eq(say(0xffff, 0, 0, 0), "no event of a known kind (65535)");
    ck_assert_str_eq(event_kind_name(0xffff), "unknown");
    ck_assert_str_eq(say(EVENT_CALL, 0, UINT32_MAX, UINT64_MAX),
                     "call no such call, from 0xffffffffffffffff");
    ck_assert_str_eq(say(EVENT_RETURN, 0, 1000, UINT64_MAX),
                     "return of no such call: no status");
    ck_assert_str_eq(say(EVENT_END, 0, 1000, 0), "ended somehow, code 0");
    ck_assert_str_eq(say(EVENT_ATTACH, 0, UINT32_MAX, UINT64_MAX),
                     "attach range 18446744073709551615 (rwx) to root 255");
    ck_assert_ptr_nonnull(strstr(say(EVENT_FAULT, 0, UINT32_MAX, UINT64_MAX),
                                 "vector 255 at 0xffffffffffffffff"));
}
END_TEST

START_TEST(domains_are_those_of_the_config)
{
    struct shared_event event = {.domain = 1};

    ck_assert_str_eq(event_domain(&event, scene.run.image), "child");
    event.domain = 2; /* the config has two */
    ck_assert_ptr_null(event_domain(&event, scene.run.image));
    event.domain = 0xffff;
    ck_assert_ptr_null(event_domain(&event, scene.run.image));
}
END_TEST

START_TEST(ring_is_read_in_order)
{
    static struct event_list list;
    static struct shared_record ring[SHARED_EVENTS];
    const struct guest_memory memory = {ring, sizeof(ring)};
    struct shared_trace *trace = &scene.shared->trace;

    event_list_make(scene.shared, &memory, &list);
    ck_assert_uint_eq(list.count, 0); /* none was kept */
    for (uint64_t i = 0; i < 40; i++) {
        ring[i % SHARED_EVENTS].event.second = i;
    }
    trace->records = SHARED_EVENTS;
    trace->written = 5;
    event_list_make(scene.shared, &memory, &list);
    ck_assert_uint_eq(list.count, 5);
    trace->written = 40;
    event_list_make(scene.shared, &memory, &list);
    ck_assert_uint_eq(list.count, SHARED_EVENTS);
    for (uint32_t i = 0; i < SHARED_EVENTS; i++) {
        ck_assert_uint_eq(list.number[i], 8 + i);
        ck_assert_uint_eq(list.event[i].second, 8 + i);
    }
    trace->written = UINT64_MAX; /* a kernel that lies */
    event_list_make(scene.shared, &memory, &list);
    ck_assert_uint_eq(list.count, SHARED_EVENTS);
    ck_assert_uint_eq(list.number[31], UINT64_MAX - 1);
    trace->base = 32; /* the last record lies outside */
    event_list_make(scene.shared, &memory, &list);
    ck_assert_uint_eq(list.count, 0);
    trace->base = 0;
    trace->records = UINT64_MAX;
    event_list_make(scene.shared, &memory, &list);
    ck_assert_uint_eq(list.count, 0);
}
END_TEST

START_TEST(noise_fits_any_room)
{
    uint64_t x = 88172645463325252ull;

    for (uint32_t i = 0; i < 200000; i++) {
        struct shared_event event;

        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        memcpy(&event, &x, sizeof(x));
        event.kind %= EVENT_KINDS + 2;
        event.second = x * 0x2545f4914f6cdd1dull >> (x & 63);
        memset(text, 'x', sizeof(text));
        event_describe(&event, scene.run.image, text, i % 64 + 1);
        ck_assert_uint_le(strnlen(text, sizeof(text)), i % 64);
    }
}
END_TEST

Suite *suite_event(void)
{
    Suite *suite = suite_create("event");
    TCase *cases = tcase_create("event");

    tcase_set_timeout(cases, 60);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, each_kind);
    tcase_add_test(cases, numbers_without_a_name);
    tcase_add_test(cases, domains_are_those_of_the_config);
    tcase_add_test(cases, ring_is_read_in_order);
    tcase_add_test(cases, noise_fits_any_room);
    suite_add_tcase(suite, cases);
    return suite;
}
