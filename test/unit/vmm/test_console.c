/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "suites.h"

#include "console.h"

#include <abi/layout.h>
#include <abi/shared.h>
#include <stdlib.h>
#include <string.h>

#define KERNEL 0xffffu
#define RING SHARED_CONSOLE_BYTES

static uint8_t *memory; /* ends with the ring: one byte too far is seen */
static struct shared *shared;
static struct config_domain domains[2];
static struct config config = {.domains = domains, .domain_count = 2};
static struct console console;
static char *printed;
static size_t printed_bytes;

static void setup(void)
{
    memory = calloc(1, ABI_SHARED_PHYS + sizeof(struct shared));
    ck_assert_ptr_nonnull(memory);
    shared = (struct shared *)(void *)(memory + ABI_SHARED_PHYS);
    memset(domains, 0, sizeof(domains));
    domains[0].name.text = "app";
    domains[1].name.text = "guard";
    domains[1].expect.output.text = "ababc";
    ck_assert_int_eq(console_init(&console, &config,
                                  open_memstream(&printed, &printed_bytes)),
                     0);
    ck_assert_ptr_nonnull(console.out);
}

static void teardown(void)
{
    fclose(console.out);
    console_free(&console);
    free(printed);
    free(memory);
}

static void put_bytes(const void *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        shared->console[shared->console_written++ % RING] =
            ((const uint8_t *)bytes)[i];
    }
}

static void put_header(uint16_t domain, size_t bytes)
{
    struct shared_console_chunk chunk = {domain, (uint16_t)bytes};

    put_bytes(&chunk, sizeof(chunk));
}

static void put_chunk(uint16_t domain, const char *text)
{
    put_header(domain, strlen(text));
    put_bytes(text, strlen(text));
}

static void start_at(uint32_t position)
{
    shared->console_written = shared->console_taken = position;
    console.taken = position;
}

/* Drains; everything printed so far is exactly this, and the ring empty. */
static void prints(const char *expected)
{
    console_drain(&console, memory);
    fflush(console.out);
    ck_assert_str_eq(printed, expected);
    ck_assert_uint_eq(console.corrupt, 0);
    ck_assert_uint_eq(shared->console_taken, shared->console_written);
}

START_TEST(lines_by_name)
{
    put_chunk(0, "hello\n");
    put_chunk(1, "from guard\r\n");
    put_chunk(KERNEL, "boot\n");
    prints("app| hello\nguard| from guard\nkernel| boot\n");
}
END_TEST

START_TEST(lines_in_pieces)
{
    put_chunk(0, "one ");
    put_chunk(1, "other\n");
    prints("guard| other\n");
    put_chunk(0, "line\nthe rest");
    prints("guard| other\napp| one line\n");
    console_flush(&console);
    console_flush(&console);
    fflush(console.out);
    ck_assert_str_eq(printed, "guard| other\napp| one line\napp| the rest\n");
}
END_TEST

START_TEST(nobody_fakes_a_line)
{
    put_chunk(0, "x\x1b[2K\rguard| I\n");
    prints("app| x\\x1b[2K\\x0dguard| I\n");
}
END_TEST

START_TEST(split_by_the_rings_end)
{
    for (uint32_t before = 0; before < 12; before++) {
        size_t from = printed_bytes;
        start_at(RING - before);
        put_chunk(1, "abcdef\n");
        console_drain(&console, memory);
        ck_assert_str_eq(printed + from, "guard| abcdef\n");
    }
    ck_assert_uint_eq(console.corrupt, 0);
}
END_TEST

START_TEST(counters_that_wrap)
{
    start_at(0xfffffffau);
    put_chunk(0, "over the top\n");
    prints("app| over the top\n");
    ck_assert_uint_eq(console.taken, 11);
}
END_TEST

/* Under qemu the guest runs on while the host drains. */
START_TEST(header_before_its_body)
{
    put_chunk(0, "first\n");
    put_header(0, 7);
    console_drain(&console, memory);
    ck_assert_str_eq(printed, "app| first\n");
    ck_assert_uint_eq(shared->console_taken, 10);
    put_bytes("sec", 3);
    console_drain(&console, memory);
    ck_assert_uint_eq(shared->console_taken, 10);
    put_bytes("ond\n", 4);
    prints("app| first\napp| second\n");
}
END_TEST

START_TEST(half_a_header)
{
    put_bytes("\0", 1);
    console_drain(&console, memory);
    ck_assert_uint_eq(shared->console_taken, 0);
    put_bytes("\0\2\0a\n", 5);
    prints("app| a\n");
}
END_TEST

START_TEST(full_ring)
{
    char *text = malloc(RING);

    ck_assert_ptr_nonnull(text);
    memset(text, 'x', RING);
    start_at(1000);
    put_header(0, RING - 4);
    put_bytes(text, RING - 4);
    console_drain(&console, memory);
    ck_assert_uint_eq(console.corrupt, 0);
    ck_assert_uint_eq(console.taken, 1000 + RING);
    ck_assert_uint_eq(console.streams[0].bytes, RING - 4);
    ck_assert_uint_eq(console.streams[0].kept_bytes, CONSOLE_KEPT_MAX);
    free(text);
}
END_TEST

static void is_corrupt(void)
{
    console_drain(&console, memory);
    ck_assert_uint_eq(console.corrupt, 1);
    ck_assert_uint_eq(shared->console_taken, shared->console_written);
    put_chunk(0, "goes on\n");
    console_drain(&console, memory);
    ck_assert_uint_eq(console.corrupt, 1);
    ck_assert_str_eq(printed, "app| goes on\n");
}

START_TEST(domain_that_is_none)
{
    put_chunk(2, "who\n");
    is_corrupt();
}
END_TEST

START_TEST(number_that_is_too_large)
{
    put_chunk(4096, "who\n");
    is_corrupt();
}
END_TEST

/* Those that are made at run time have numbers, and lines of their own. */
START_TEST(domains_made_at_run_time)
{
    put_chunk(64, "one ");
    put_chunk(4095, "two\n");
    put_chunk(64, "three\n");
    prints("domain 64| one \ndomain 4095| two\ndomain 64| three\n");
}
END_TEST

START_TEST(more_written_than_there_is)
{
    shared->console_written = RING + 1;
    is_corrupt();
}
END_TEST

START_TEST(chunk_that_never_fits)
{
    put_header(0, RING - 3);
    is_corrupt();
}
END_TEST

START_TEST(long_lines_are_broken)
{
    for (uint32_t i = 0; i < CONSOLE_LINE_MAX; i++) {
        put_chunk(0, "\x01");
    }
    put_chunk(0, "\nnext\n");
    console_drain(&console, memory);
    ck_assert_uint_eq(printed_bytes, strlen("app| ") + 4 * CONSOLE_LINE_MAX +
                                         strlen("\napp| next\n"));
}
END_TEST

START_TEST(output_is_found_across_chunks)
{
    put_chunk(0, "ababc");
    put_chunk(1, "abab");
    console_drain(&console, memory);
    ck_assert(!console.streams[1].match.found);
    put_chunk(1, "abd ababab");
    console_drain(&console, memory);
    ck_assert(!console.streams[1].match.found);
    put_chunk(1, "c and more");
    console_drain(&console, memory);
    ck_assert(console.streams[1].match.found);
}
END_TEST

START_TEST(random_rings)
{
    uint64_t taken = 0;

    srand(3);
    for (int i = 0; i < 20000; i++) {
        uint32_t at = (uint32_t)rand() * 3u;
        if (i % 4 == 0) {
            start_at(at);
        }
        for (int k = 0; k < 64; k++) {
            shared->console[(at + (uint32_t)(rand() % 256)) % RING] =
                (uint8_t)(rand() % 4 ? rand() % 3 : rand());
        }
        shared->console_written =
            i % 5 == 0 ? (uint32_t)rand() * 3u
                       : console.taken + (uint32_t)(rand() % 300);
        console_drain(&console, memory);
        ck_assert_uint_eq(shared->console_taken, console.taken);
        ck_assert_uint_le(shared->console_written - console.taken, RING);
        taken += console.streams[0].bytes;
        if (i % 1000 == 0) {
            rewind(console.out);
        }
    }
    ck_assert_uint_gt(console.corrupt, 0);
    ck_assert_uint_gt(taken, 0);
}
END_TEST

Suite *suite_console(void)
{
    Suite *suite = suite_create("console");
    TCase *all = tcase_create("console");

    tcase_set_timeout(all, 120);
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, lines_by_name);
    tcase_add_test(all, lines_in_pieces);
    tcase_add_test(all, nobody_fakes_a_line);
    tcase_add_test(all, split_by_the_rings_end);
    tcase_add_test(all, counters_that_wrap);
    tcase_add_test(all, header_before_its_body);
    tcase_add_test(all, half_a_header);
    tcase_add_test(all, full_ring);
    tcase_add_test(all, domain_that_is_none);
    tcase_add_test(all, number_that_is_too_large);
    tcase_add_test(all, domains_made_at_run_time);
    tcase_add_test(all, more_written_than_there_is);
    tcase_add_test(all, chunk_that_never_fits);
    tcase_add_test(all, long_lines_are_broken);
    tcase_add_test(all, output_is_found_across_chunks);
    tcase_add_test(all, random_rings);
    suite_add_tcase(suite, all);
    return suite;
}
