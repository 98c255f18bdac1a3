/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A trace out of a ring, into a file and back, and into Chrome's form; with
 * guests and files that lie.
 */
#define _GNU_SOURCE
#include <abi/layout.h>
#include <check.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <trace/trace.h>
#include <unistd.h>

#define RECORDS 64u
#define RING (ABI_SHARED_PHYS + 0x100000u)
#define BYTES (RING + RECORDS * sizeof(struct shared_record))

static struct guest_memory memory;
static struct shared *shared;
static struct shared_record *ring;
static uint64_t seen[1024];
static uint32_t count;
static struct trace_about about = {
    .instructions = true, .domain_count = 2, .names = {"app", "a \"b\"\n"}};

static void setup(void)
{
    memory = (struct guest_memory){mmap(NULL, BYTES, PROT_READ | PROT_WRITE,
                                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
                                   BYTES};
    ck_assert_ptr_ne(memory.base, MAP_FAILED);
    shared = (struct shared *)((char *)memory.base + ABI_SHARED_PHYS);
    ring = (struct shared_record *)((char *)memory.base + RING);
    shared->trace = (struct shared_trace){.base = RING, .records = RECORDS};
    count = 0;
}

static void teardown(void)
{
    munmap(memory.base, BYTES);
}

static int keep(void *to, const struct shared_record *record)
{
    (void)to;
    ck_assert_uint_lt(count, 1024);
    seen[count++] = record->tick;
    return 0;
}
static const struct trace_sink sink = {keep, NULL};

static void kernel_writes(uint32_t records)
{
    for (uint32_t i = 0; i < records; i++) {
        ring[shared->trace.written % RECORDS].tick = shared->trace.written;
        shared->trace.written++;
    }
}

START_TEST(ring_is_emptied_in_order)
{
    struct trace_tap tap = {0};

    ck_assert_int_eq(trace_drain(&tap, &memory, &sink), 0);
    ck_assert_uint_eq(count, 0);
    for (uint32_t round = 0; round < 10; round++) {
        kernel_writes(RECORDS - 1); /* it goes round */
        ck_assert_int_eq(trace_drain(&tap, &memory, &sink), 0);
        ck_assert_uint_eq(shared->trace.taken, shared->trace.written);
    }
    ck_assert_uint_eq(count, 10 * (RECORDS - 1));
    for (uint32_t i = 0; i < count; i++) {
        ck_assert_uint_eq(seen[i], i);
    }
    shared->trace.lost = 3;
    ck_assert_int_eq(trace_drain(&tap, &memory, &sink), 0);
    ck_assert_uint_eq(tap.lost, 3);
    ck_assert(!tap.broken);
}
END_TEST

START_TEST(lies_end_it)
{
    static const struct shared_trace lies[] = {
        {.base = RING, .records = RECORDS, .written = RECORDS + 1},
        {.base = RING, .records = RECORDS - 1, .written = 1},
        {.base = RING, .records = 1ull << 40, .written = 1},
        {.base = RING, .records = 0, .written = 1},
        {.base = UINT64_MAX - 31, .records = RECORDS, .written = 1},
        {.base = BYTES, .records = RECORDS, .written = 1},
    };

    for (uint32_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        struct trace_tap tap = {0};

        shared->trace = lies[i];
        ck_assert_int_eq(trace_drain(&tap, &memory, &sink), 0);
        ck_assert_msg(tap.broken, "lie %u", i);
        ck_assert_uint_eq(count, 0);
        shared->trace = (struct shared_trace){
            .base = RING, .records = RECORDS, .written = 1};
        ck_assert_int_eq(trace_drain(&tap, &memory, &sink), 0);
        ck_assert_uint_eq(count, 0); /* for good */
    }
}
END_TEST

START_TEST(rings_fit_the_memory)
{
    ck_assert_uint_eq(trace_records_for(1ull << 30), TRACE_RECORDS);
    ck_assert_uint_eq(trace_records_for(16ull << 20), TRACE_RECORDS);
    ck_assert_uint_eq(trace_records_for(4ull << 20), TRACE_RECORDS / 4);
    ck_assert_uint_eq(trace_records_for(0), 2 * SHARED_EVENTS);
}
END_TEST

static struct shared_record say(uint64_t tick, uint16_t kind, uint16_t domain,
                                uint32_t first, uint64_t second)
{
    return (struct shared_record){tick, {kind, domain, first, second}, 0};
}

/* Every kind, from everybody, with numbers that mean nothing. */
static struct shared_record noise(uint64_t *x)
{
    *x ^= *x << 13;
    *x ^= *x >> 7;
    *x ^= *x << 17;
    return (struct shared_record){*x % 100000,
                                  {(uint16_t)(*x % (EVENT_KINDS + 2)),
                                   (uint16_t)(*x >> 20 & 1 ? *x >> 8 : *x & 3),
                                   (uint32_t)(*x >> 32 & 1 ? *x >> 9 : *x & 3),
                                   *x >> 3},
                                  *x & 63};
}

static json_t *chrome_of(const struct shared_record *records, uint32_t number)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    struct trace_chrome *chrome = trace_chrome_open(&about, out);
    json_error_t error;
    json_t *json;

    ck_assert_ptr_nonnull(chrome);
    for (uint32_t i = 0; i < number; i++) {
        ck_assert_int_eq(trace_chrome_record(chrome, &records[i]), 0);
    }
    ck_assert_int_eq(trace_chrome_close(chrome, 5), 0);
    fclose(out);
    json = json_loads(text, 0, &error);
    ck_assert_msg(json != NULL, "%s in %s", error.text, text);
    free(text);
    return json;
}

/* The events of one phase and name; null: of whatever name. */
static uint32_t events_of(const json_t *json, const char *phase,
                          const char *name)
{
    const json_t *event;
    size_t at;
    uint32_t found = 0;

    json_array_foreach(json_object_get(json, "traceEvents"), at, event)
    {
        const char *is = json_string_value(json_object_get(event, "ph"));
        const char *named = json_string_value(json_object_get(event, "name"));

        found += strcmp(is, phase) == 0 && (!name || strcmp(named, name) == 0);
    }
    return found;
}

START_TEST(crossings_become_arrows)
{
    const struct shared_record records[] = {
        say(1000, EVENT_SWITCH, 1, UINT32_MAX, 0x1000),
        say(1100, EVENT_CALL, 1, 20, 0), /* receive */
        say(1200, EVENT_RETURN, 1, EVENT_BLOCKED, 20),
        say(1300, EVENT_SWITCH, 0, 1, 0x2000),
        say(1500, EVENT_CALL, 0, 19, 0),
        say(1510, EVENT_SEND, 0, 1, 7),
        say(1600, EVENT_RETURN, 0, EVENT_BLOCKED, 19),
        say(1700, EVENT_SWITCH, 1, 0, 0x1000),
        say(1800, EVENT_CALL, 1, 22, 0),
        say(1810, EVENT_REPLY, 1, 0, 0),
        say(1900, EVENT_RETURN, 1, EVENT_BLOCKED, 22),
        say(2000, EVENT_SWITCH, 0, 1, 0x2000),
        say(2100, EVENT_END, 0, 3, 0),
    };
    json_t *json = chrome_of(records, sizeof(records) / sizeof(records[0]));

    ck_assert_uint_eq(events_of(json, "s", "call"), 1);
    ck_assert_uint_eq(events_of(json, "s", "reply"), 1);
    ck_assert_uint_eq(events_of(json, "f", NULL), 2);
    ck_assert_uint_eq(events_of(json, "X", "ring 3"), 4);
    ck_assert_uint_eq(events_of(json, "X", "waits in call"), 1);
    ck_assert_uint_eq(events_of(json, "X", "waits in receive"), 1);
    ck_assert_uint_eq(events_of(json, "M", "thread_name"), 2);
    ck_assert_uint_eq(events_of(json, "i", NULL), 1);
    ck_assert_int_eq(json_integer_value(json_object_get(json, "lostRecords")),
                     5);
    json_decref(json);
}
END_TEST

START_TEST(a_call_that_waits_is_taken_later)
{
    const struct shared_record records[] = {
        say(1, EVENT_SEND, 0, UINT32_MAX, 7),
        say(2, EVENT_TAKE, 1, 0, 7),
        say(3, EVENT_TAKE, 1, 0, 7), /* once only */
        say(4, EVENT_REPLY, 1, UINT32_MAX, 0),
        say(5, EVENT_SIGNAL, 1, UINT32_MAX, 1),
    };
    json_t *json = chrome_of(records, 5);

    ck_assert_uint_eq(events_of(json, "s", NULL), 1);
    ck_assert_uint_eq(events_of(json, "f", NULL), 1);
    json_decref(json);
}
END_TEST

START_TEST(noise_is_json_all_the_same)
{
    static struct shared_record records[5000];
    uint64_t x = 88172645463325252ull;

    for (uint32_t i = 0; i < 5000; i++) {
        records[i] = noise(&x);
    }
    json_decref(chrome_of(records, 5000));
}
END_TEST

static int file_with(uint64_t said, uint32_t written, char path[32])
{
    struct shared_record record = say(9, EVENT_TIMER, 1, 0, 0x10);
    int fd;

    strcpy(path, "/tmp/ambit-trace-XXXXXX");
    fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(trace_file_head(fd, &about, said), 0);
    for (uint32_t i = 0; i < written; i++) {
        ck_assert_int_eq(write(fd, &record, sizeof(record)), sizeof(record));
    }
    return fd;
}

START_TEST(files_are_read_back)
{
    char path[32], *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    struct trace_file file;
    struct failure failure = {0};
    struct shared_record record;
    int fd = file_with(2, 2, path);

    ck_assert_int_eq(trace_file_open(&file, path, &failure), 0);
    ck_assert_uint_eq(file.about.domain_count, 2);
    ck_assert_int_eq(trace_file_next(&file, &record, &failure), 1);
    trace_text(&file.about, 4, 2, &record, out);
    ck_assert_int_eq(trace_file_next(&file, &record, &failure), 1);
    ck_assert_int_eq(trace_file_next(&file, &record, &failure), 0);
    fclose(out);
    ck_assert_ptr_nonnull(strstr(text, "4            7 "));
    ck_assert_ptr_nonnull(strstr(text, "timer, at 0x10\n"));
    free(text);
    trace_file_close(&file);
    close(fd);
    unlink(path);
}
END_TEST

START_TEST(files_that_are_none)
{
    char path[32];
    struct trace_file file;
    struct failure failure = {0};
    struct shared_record record;
    int fd = file_with(2, 1, path);

    ck_assert_int_eq(trace_file_open(&file, path, &failure), 0);
    ck_assert_int_eq(trace_file_next(&file, &record, &failure), 1);
    ck_assert_int_eq(trace_file_next(&file, &record, &failure), -1);
    ck_assert_int_eq(failure.exit_code, EXIT_USAGE);
    ck_assert_ptr_nonnull(strstr(failure.text, "1 records are missing"));
    trace_file_close(&file);
    ck_assert_int_eq(pwrite(fd, "\2", 1, 8), 1); /* the version */
    ck_assert_int_eq(trace_file_open(&file, path, &failure), -1);
    ck_assert_ptr_nonnull(strstr(failure.text, "another version"));
    ck_assert_int_eq(pwrite(fd, "x", 1, 0), 1);
    ck_assert_int_eq(trace_file_open(&file, path, &failure), -1);
    ck_assert_ptr_nonnull(strstr(failure.text, "is no trace"));
    close(fd);
    unlink(path);
    ck_assert_int_eq(trace_file_open(&file, path, &failure), -1);
    ck_assert_ptr_nonnull(strstr(failure.text, "No such file"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("trace");
    TCase *tcase = tcase_create("trace");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, ring_is_emptied_in_order);
    tcase_add_test(tcase, lies_end_it);
    tcase_add_test(tcase, rings_fit_the_memory);
    tcase_add_test(tcase, crossings_become_arrows);
    tcase_add_test(tcase, a_call_that_waits_is_taken_later);
    tcase_add_test(tcase, noise_is_json_all_the_same);
    tcase_add_test(tcase, files_are_read_back);
    tcase_add_test(tcase, files_that_are_none);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
