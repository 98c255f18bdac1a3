/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Privilege separation: what strangers sent is read by a domain that has
 * nothing else. The app writes a document into `input`, the parser reads it
 * there and answers with numbers. The last document takes the parser over: it
 * tries what it can, and faults.
 */
#include "kinds.h"

static const char *const documents[] = {"1+2+3", "40+2", "!"};
#define DOCUMENTS (sizeof documents / sizeof documents[0])

static void put(const char *text)
{
    volatile char *input = (volatile char *)base_of("input");
    uint32_t i = 0;

    do {
        input[i] = text[i];
    } while (text[i++]);
}

AMBIT_ENTRY(parser_app)
{
    struct ambit_handle parser = held("parser-work");
    struct ambit_message message = {0};
    struct ambit_handle secret;
    uint64_t bytes, sum = 0;

    must(ambit_grow(held("heap"), 1, &bytes));
    start("parser");
    report_call(parser);
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        put(documents[i]);
        message.words[0] = i;
        if (ambit_call(parser, &message) == STATUS_CLOSED) {
            ambit_printf("document %u took the parser over\n", i);
            break;
        }
        sum += message.words[0];
    }
    ended("parser", OUTCOME_FAULT);
    ambit_assert(sum == 48);
    must(ambit_open(held("files"), "secret.txt", &secret));
    return 0;
}

/* Sums in plain text. */
static uint64_t parse(const volatile char *text)
{
    uint64_t sum = 0, number = 0;

    for (; *text && *text != '!'; text++) {
        if (*text == '+') {
            sum += number;
            number = 0;
        } else {
            number = number * 10 + (uint64_t)(*text - '0');
        }
    }
    return sum + number;
}

/* What whoever has taken it over would try. */
static void taken_over(void)
{
    struct ambit_handle files;
    enum status status;

    report_try("app.heap");
    report_try("app.stack");
    ambit_report("input", try_word(base_of("input")));
    ambit_report("files", ambit_capability("files", &files) == STATUS_OK
                              ? "there"
                              : "none");
    take_all(&status);
    ambit_report("all it can take",
                 status == STATUS_NO_QUOTA ? "refused" : "more");
    *(volatile uint64_t *)base_of("app.heap") = 0;
}

AMBIT_ENTRY(parser_main)
{
    const volatile char *input = (const volatile char *)base_of("input");
    struct ambit_handle work = held("work");
    struct ambit_message message = {0};

    for (;;) {
        serve_echoes(work, &message);
        if (input[0] == '!') {
            taken_over();
        }
        message.words[0] = parse(input);
        must(ambit_reply(&message));
    }
}
