/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clients of the file server: two who write for each other, one who may only
 * read, and one whom the server does not know.
 */
#include "client.h"

#include "protocol.h"

#define LONG_BYTES 500u /* more than one call takes */

static struct ambit_handle server(void)
{
    struct ambit_handle handle;

    ambit_assert(ambit_capability("store", &handle) == STATUS_OK);
    return handle;
}

static void must(enum status status)
{
    ambit_assert(status == STATUS_OK);
}

/* Waits until there is a file of that name with so many bytes. */
static uint64_t await(const char *name, uint32_t rights, uint64_t bytes)
{
    uint64_t number = 0, size = 0;

    while (file_open(server(), name, AMBIT_READ, &number) != STATUS_OK) {
        ambit_yield();
    }
    while (file_size(server(), number, &size) != STATUS_OK || size != bytes) {
        ambit_yield();
    }
    must(file_close(server(), number));
    must(file_open(server(), name, rights, &number));
    return number;
}

static void fill(char *text, char first)
{
    for (uint32_t i = 0; i < LONG_BYTES; i++) {
        text[i] = (char)(first + (char)(i % 13));
    }
}

static void write_long(const char *name, char first)
{
    char *text = ambit_malloc(LONG_BYTES);
    uint64_t number;

    fill(text, first);
    must(file_open(server(), name, AMBIT_WRITE, &number));
    must(file_write(server(), number, 0, text, LONG_BYTES));
    must(file_close(server(), number));
    ambit_free(text);
}

static void check_long(uint64_t number, char first)
{
    char *text = ambit_malloc(LONG_BYTES), *read = ambit_malloc(LONG_BYTES);
    size_t got = 0;

    fill(text, first);
    must(file_read(server(), number, 0, read, LONG_BYTES, &got));
    ambit_assert(got == LONG_BYTES && memcmp(text, read, got) == 0);
    ambit_free(text);
    ambit_free(read);
}

/* Writes a file, and then sees what bob made of it. */
AMBIT_ENTRY(alice_main)
{
    const uint32_t both = AMBIT_READ | AMBIT_WRITE;
    char text[8] = {0};
    size_t got = 0;

    write_long("letter", 'a');
    uint64_t number = await("answer", both, LONG_BYTES);
    check_long(number, 'A');
    ambit_printf("bob's answer has come\n");
    must(file_close(server(), number));
    number = await("letter", AMBIT_READ, 5);
    must(file_read(server(), number, 0, text, sizeof text, &got));
    ambit_assert(got == 5 && memcmp(text, "abcde", 5) == 0);
    ambit_printf("bob has cut the letter to '%s'\n", text);
    return 0;
}

/* Reads it, answers, and truncates it; then past the end: zeroes between. */
AMBIT_ENTRY(bob_main)
{
    const uint32_t both = AMBIT_READ | AMBIT_WRITE;
    char text[16] = {1};
    size_t got = 0;
    uint64_t number = await("letter", both, LONG_BYTES);

    check_long(number, 'a');
    write_long("answer", 'A');
    must(file_truncate(server(), number, 5));
    must(file_open(server(), "gap", both, &number));
    must(file_write(server(), number, 10, "x", 1));
    must(file_read(server(), number, 0, text, sizeof text, &got));
    ambit_assert(got == 11 && text[0] == 0 && text[9] == 0 && text[10] == 'x');
    ambit_assert(file_read(server(), number, 12, text, 1, &got) ==
                 STATUS_OUT_OF_RANGE);
    ambit_assert(file_truncate(server(), number, FILE_BYTES_MAX + 1) ==
                 STATUS_TOO_BIG);
    ambit_printf("alice's letter has come\n");
    return 0;
}

/* May read; and an open file of another is not its own. */
AMBIT_ENTRY(reader_main)
{
    uint64_t number = await("gap", AMBIT_READ, 11), other = 0;
    char byte = 0;
    size_t got = 0;

    must(file_read(server(), number, 10, &byte, 1, &got));
    ambit_assert(got == 1 && byte == 'x');
    ambit_assert(file_write(server(), number, 0, "y", 1) == STATUS_NO_RIGHTS);
    ambit_assert(file_truncate(server(), number, 0) == STATUS_NO_RIGHTS);
    ambit_assert(file_open(server(), "gap", AMBIT_WRITE, &other) ==
                 STATUS_NO_RIGHTS);
    ambit_assert(file_open(server(), "none", AMBIT_READ, &other) ==
                 STATUS_NOT_FOUND);
    for (other = 0; other < 40; other++) {
        ambit_assert(other == number ||
                     file_read(server(), other, 0, &byte, 1, &got) ==
                         STATUS_INVALID_HANDLE);
    }
    ambit_printf("reads, and does not write\n");
    return 0;
}

/* Its badge is in no argument of the server. */
AMBIT_ENTRY(stranger_main)
{
    uint64_t number = 0;
    char byte;
    size_t got = 0;

    ambit_assert(file_open(server(), "letter", AMBIT_READ, &number) ==
                 STATUS_NO_RIGHTS);
    ambit_assert(file_open(server(), "mine", AMBIT_WRITE, &number) ==
                 STATUS_NO_RIGHTS);
    for (number = 0; number < 40; number++) {
        ambit_assert(file_read(server(), number, 0, &byte, 1, &got) ==
                     STATUS_INVALID_HANDLE);
    }
    ambit_printf("is not served\n");
    return 0;
}
