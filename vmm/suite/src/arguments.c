/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "arguments.h"

#include <stdlib.h>
#include <string.h>

static void add(struct arguments *arguments, const char *text)
{
    size_t most = sizeof(arguments->list) / sizeof(arguments->list[0]) - 1;
    char *copy = arguments->count < most ? strdup(text) : NULL;

    if (!copy) {
        arguments->full = true;
        return;
    }
    arguments->list[arguments->count++] = copy;
    arguments->list[arguments->count] = NULL;
}

static void add_two(struct arguments *arguments, const char *option,
                    const char *value)
{
    add(arguments, option);
    add(arguments, value);
}

static void add_change(struct arguments *arguments,
                       const struct config_change *change)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);

    if (out) {
        config_print_change(change, out);
    }
    if (!out || fclose(out) != 0) {
        arguments->full = true;
    } else {
        add_two(arguments, "--set", text);
    }
    free(text);
}

uint64_t arguments_timeout(const struct suite *suite,
                           const struct suite_case *one)
{
    return suite->options->timeout_ns ? suite->options->timeout_ns
                                      : one->file->config->test.timeout_ns;
}

void arguments_make(struct arguments *arguments, const struct suite *suite,
                    const struct suite_case *one, const char *results)
{
    const struct suite_options *options = suite->options;
    char timeout[32];

    memset(arguments, 0, sizeof(*arguments));
    snprintf(timeout, sizeof(timeout), "%llums",
             (unsigned long long)(arguments_timeout(suite, one) / 1000000));
    add(arguments, "ambit");
    add_two(arguments, "run", one->file->path);
    add_two(arguments, "--engine", suite__engine_name(one->engine));
    add_two(arguments, "--timeout", timeout);
    add_two(arguments, "--json", results);
    for (size_t i = 0; options->pass[i]; i++) {
        add(arguments, options->pass[i]);
    }
    for (size_t i = 0; i < options->override_count; i++) {
        add_two(arguments, "--set", options->overrides[i].path_and_value);
    }
    for (uint32_t i = 0; one->control && i < one->control->change_count; i++) {
        add_change(arguments, &one->control->changes[i]);
    }
    if (one->guard) {
        add_two(arguments, "--without-guard", one->guard->name.text);
    }
}

void arguments_free(struct arguments *arguments)
{
    for (size_t i = 0; i < arguments->count; i++) {
        free(arguments->list[i]);
    }
}
