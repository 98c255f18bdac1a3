/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One program, separated by privilege into three domains. `parser` reads what
 * strangers wrote, and is the part that will have the bug; `policy` decides
 * what may be done; `keeper` has the records and does it. Each talks to the
 * next, and to nobody else. A line of the input that begins with `!` stands for
 * an exploit: from then on the parser does what the stranger wants.
 */
#include <ambit/ambit.h>

#define RECORDS 16u
#define PUBLIC 10u /* records below this may be read, none written */

enum operation { READ_RECORD, WRITE_RECORD, WHERE };

static struct ambit_handle held(const char *name)
{
    struct ambit_handle handle;

    ambit_assert(ambit_capability(name, &handle) == STATUS_OK);
    return handle;
}

/* ---- keeper: does what it is told, and knows nothing of strangers ---- */

static enum status keep(uint64_t *records, struct ambit_message *message)
{
    uint64_t record = message->words[1];

    if (message->words[0] == WHERE) {
        message->words[1] = (uint64_t)records;
        return STATUS_OK;
    }
    if (record >= RECORDS) {
        return STATUS_OUT_OF_RANGE;
    }
    if (message->words[0] == WRITE_RECORD) {
        records[record] = message->words[2];
    }
    message->words[1] = records[record];
    return STATUS_OK;
}

AMBIT_ENTRY(keeper_main)
{
    struct ambit_handle vault = held("vault");
    struct ambit_message message = {0};
    uint64_t *records = ambit_malloc(RECORDS * sizeof *records);

    for (uint32_t i = 0; i < RECORDS; i++) {
        records[i] = 100 + i;
    }
    ambit_assert(ambit_receive(vault, &message) == STATUS_OK);
    for (;;) {
        message.words[0] = keep(records, &message);
        ambit_assert(ambit_reply_receive(vault, &message) == STATUS_OK);
    }
}

/* ---- policy: never sees the input, only what was asked ---- */

static enum status decide(struct ambit_message *message)
{
    bool allowed =
        (message->words[0] == READ_RECORD && message->words[1] < PUBLIC) ||
        message->words[0] == WHERE; /* knowing is not holding */

    if (!allowed) {
        return STATUS_NO_RIGHTS;
    }
    ambit_assert(ambit_call(held("vault"), message) == STATUS_OK);
    return (enum status)message->words[0];
}

AMBIT_ENTRY(policy_main)
{
    struct ambit_handle desk = held("desk");
    struct ambit_message message = {0};

    ambit_assert(ambit_receive(desk, &message) == STATUS_OK);
    for (;;) {
        message.words[0] = decide(&message);
        ambit_assert(ambit_reply_receive(desk, &message) == STATUS_OK);
    }
}

/* ---- parser ---- */

static enum status ask(enum operation what, uint64_t record, uint64_t value,
                       uint64_t *answer)
{
    struct ambit_message message = {.words = {what, record, value}};

    ambit_assert(ambit_call(held("desk"), &message) == STATUS_OK);
    *answer = message.words[1];
    return (enum status)message.words[0];
}

/* What the stranger makes of the parser: everything it can think of. */
static void taken_over(void)
{
    struct ambit_handle handle;
    struct ambit_fault fault;
    uint64_t records = 0, value = 0;

    ambit_assert(ask(WHERE, 0, 0, &records) == STATUS_OK);
    bool read = ambit_try_read(records, &value, &fault);
    bool written = ambit_try_write(records, 666, &fault);
    bool vault = ambit_capability("vault", &handle) == STATUS_OK;
    enum status asked = ask(WRITE_RECORD, 3, 666, &value);
    ambit_report("keeper's records", read || written ? "open" : "fault");
    ambit_report("vault", vault ? "held" : "not held");
    ambit_report("policy", asked == STATUS_OK ? "obeys" : "refuses");
    ambit_printf("taken over: records %s, vault %s, policy %s\n",
                 read || written ? "open" : "closed",
                 vault ? "held" : "not held",
                 asked == STATUS_OK ? "obeys" : "refuses");
}

static uint64_t number_at(const char **at)
{
    uint64_t value = 0;

    while (**at == ' ') {
        ++*at;
    }
    while (**at >= '0' && **at <= '9') {
        value = value * 10 + (uint64_t)(*(*at)++ - '0');
    }
    return value;
}

static bool begins(const char *line, const char *word)
{
    return memcmp(line, word, strlen(word)) == 0;
}

static void parse(const char *line)
{
    bool write = begins(line, "write ");
    uint64_t record, value, answer = 0;
    enum status status;
    const char *at = line + (write ? 6 : 5);

    if (*line == '!') {
        taken_over();
        return;
    }
    if (!write && !begins(line, "read ")) {
        return;
    }
    record = number_at(&at);
    value = number_at(&at);
    status = ask(write ? WRITE_RECORD : READ_RECORD, record, value, &answer);
    if (status == STATUS_OK) {
        ambit_printf("%s: %lu\n", line, answer);
    } else {
        ambit_printf("%s: refused\n", line);
    }
}

AMBIT_ENTRY(parser_main)
{
    struct ambit_handle file;
    char text[256] = {0};
    size_t got = 0;
    char *line = text;

    ambit_assert(ambit_open(held("files"), "requests.txt", &file) == STATUS_OK);
    ambit_assert(ambit_read(file, 0, text, sizeof text - 8, &got) == STATUS_OK);
    for (size_t i = 0; i < got; i++) {
        if (text[i] == '\n') {
            text[i] = 0;
            parse(line);
            line = &text[i + 1];
        }
    }
    return 0;
}
