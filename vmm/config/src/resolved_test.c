/* SPDX-License-Identifier: Apache-2.0 */
/* The section `test`, every default spelled out. */
#include "reader.h"

static void print_says(const struct config_end *end, const char *before,
                       FILE *out)
{
    if (end->says_count == 0) {
        return;
    }
    fprintf(out, "%ssays: [", before);
    for (uint32_t i = 0; i < end->says_count; i++) {
        fputs(i ? ", " : "", out);
        print_quoted(out, end->says[i].text);
    }
    fputc(']', out);
}

void print_duration(uint64_t ns, FILE *out)
{
    uint64_t ms = ns / 1000000;

    if (ms % 3600000 == 0) {
        fprintf(out, "%lluh", (unsigned long long)(ms / 3600000));
    } else if (ms % 60000 == 0) {
        fprintf(out, "%llum", (unsigned long long)(ms / 60000));
    } else if (ms % 1000 == 0) {
        fprintf(out, "%llus", (unsigned long long)(ms / 1000));
    } else {
        fprintf(out, "%llums", (unsigned long long)ms);
    }
}

static const char *engines_text(uint32_t engines)
{
    static const char *const texts[] = {"", "kvm", "qemu", "kvm, qemu"};

    return texts[engines];
}

static void print_guards(const struct config_test *test, FILE *out)
{
    if (test->guard_count == 0) {
        return;
    }
    fprintf(out, "  guards:\n");
    for (uint32_t i = 0; i < test->guard_count; i++) {
        fprintf(out, "    %s: %d\n", test->guards[i].name.text,
                test->guards[i].exit);
    }
    fprintf(out, "  guards_on: [%s]\n", engines_text(test->guards_on));
}

static void print_control(const struct config_control *control, FILE *out)
{
    fprintf(out, "    %s:\n      set:\n", control->name.text);
    for (uint32_t i = 0; i < control->change_count; i++) {
        fputs("        ", out);
        print_quoted(out, control->changes[i].path.text);
        fputs(": ", out);
        print_value(out, control->changes[i].value);
        fputc('\n', out);
    }
    fprintf(out, "      exit: %d\n", control->end.exit);
    print_says(&control->end, "      ", out);
    fputs(control->end.says_count ? "\n" : "", out);
}

void print_test(const struct config *config, FILE *out)
{
    const struct config_test *test = &config->test;

    if (!test->given) {
        return;
    }
    fprintf(out, "test:\n");
    if (test->tries.text) {
        fprintf(out, "  tries: ");
        print_quoted(out, test->tries.text);
        fputc('\n', out);
    }
    print_guards(test, out);
    fprintf(out, "  exit: %d\n", test->end.exit);
    print_says(&test->end, "  ", out);
    fputs(test->end.says_count ? "\n" : "", out);
    fprintf(out, "  engines: [%s]\n  timeout: ", engines_text(test->engines));
    print_duration(test->timeout_ns, out);
    fputs(test->control_count ? "\n  controls:\n" : "\n", out);
    for (uint32_t i = 0; i < test->control_count; i++) {
        print_control(&test->controls[i], out);
    }
}
