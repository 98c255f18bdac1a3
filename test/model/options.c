/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: model [option ...]\n"
    "  --scene NAME    only this scene\n"
    "  --bug NAME      with this bug seeded, in its scene; 0: found\n"
    "  --depth N       no state further than N operations\n"
    "  --states N      stop at N states\n"
    "  --least N       fail below N states, all scenes together\n"
    "  --exactly N     fail unless there are N states\n"
    "  --memory MIB    fail when more was resident\n"
    "  --long          larger bounds\n"
    "  --plain         without symmetry\n"
    "  --mutual        with and without symmetry: the same states?\n"
    "  --trace         print the shortest way to the last state of a scene\n"
    "  --list          scenes and bugs\n";

static bool number(const char *text, uint32_t *out)
{
    char *end = NULL;
    unsigned long value;

    if (text == NULL || text[0] < '0' || text[0] > '9') {
        return false;
    }
    errno = 0;
    value = strtoul(text, &end, 10);
    *out = (uint32_t)value;
    return errno == 0 && *end == 0 && value <= UINT32_MAX;
}

static bool *flag(struct options *o, const char *name)
{
    const struct {
        const char *name;
        bool *flag;
    } flags[] = {
        {"--list", &o->list},     {"--trace", &o->trace},
        {"--long", &o->longer},   {"--plain", &o->plain},
        {"--mutual", &o->mutual},
    };

    for (uint32_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (strcmp(flags[i].name, name) == 0) {
            return flags[i].flag;
        }
    }
    return NULL;
}

static bool with_value(struct options *o, const char *name, const char *value)
{
    const struct {
        const char *name;
        const char **text;
        uint32_t *number;
    } values[] = {
        {"--scene", &o->scene, NULL},     {"--bug", &o->bug, NULL},
        {"--depth", NULL, &o->depth},     {"--states", NULL, &o->states},
        {"--least", NULL, &o->least},     {"--memory", NULL, &o->memory},
        {"--exactly", NULL, &o->exactly},
    };

    for (uint32_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        if (strcmp(values[i].name, name) != 0) {
            continue;
        }
        if (values[i].text != NULL) {
            *values[i].text = value;
            return value != NULL;
        }
        return number(value, values[i].number);
    }
    return false;
}

bool options_read(int argc, char **argv, struct options *o)
{
    memset(o, 0, sizeof *o);
    for (int i = 1; i < argc; i++) {
        bool *set = flag(o, argv[i]);

        if (set != NULL) {
            *set = true;
        } else if (with_value(o, argv[i], argv[i + 1])) {
            i++;
        } else {
            (void)fprintf(stderr, "model: cannot use %s\n%s", argv[i], usage);
            return false;
        }
    }
    return true;
}
