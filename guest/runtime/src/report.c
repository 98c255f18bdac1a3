/* SPDX-License-Identifier: Apache-2.0 */
#include <ambit/ambit.h>
#include <ambit/syscall.h>

static void copy_text(char out[32], const char *text)
{
    ambit_snprintf(out, 32, "%s", text);
}

static void report(struct syscall_report *record, const char *about,
                   const char *key, const char *value)
{
    copy_text(record->about, about);
    copy_text(record->key, key);
    copy_text(record->value, value);
    struct ambit_registers io = {.rdi = (uint64_t)record};
    enum status status = ambit_syscall(SYSCALL_REPORT, &io);
    ambit_assert(status == STATUS_OK);
}

void ambit_report_about(const char *about, const char *key, const char *value)
{
    struct syscall_report record = {.kind = REPORT_TEXT};

    report(&record, about, key, value);
}

void ambit_report(const char *key, const char *value)
{
    ambit_report_about("", key, value);
}

void ambit_report_instructions(const char *key, uint64_t ticks)
{
    struct syscall_report record = {.kind = REPORT_INSTRUCTIONS,
                                    .number = ticks};

    report(&record, "", key, "");
}

const char *ambit_status_text(enum status status)
{
    switch (status) {
#define STATUS_TEXT(name, code, text)                                          \
    case STATUS_##name:                                                        \
        return text;
        ABI_STATUS_LIST(STATUS_TEXT)
#undef STATUS_TEXT
    case STATUS_COUNT:
        break;
    }
    return "unknown status";
}
