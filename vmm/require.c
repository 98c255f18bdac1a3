/* SPDX-License-Identifier: Apache-2.0 */
#include "require.h"

#include <abi/shared.h>
#include <string.h>

/* In the order of enum shared_feature's bits. */
static const char *const features[] = {"syscall", "smep",     "smap",   "umip",
                                       "nx",      "fsgsbase", "x2apic", "pku"};
#define FEATURES (sizeof(features) / sizeof(features[0]))

static const char *const engines[] = {"kvm", "qemu", NULL};
static const char *const rings[] = {"hardware", "emulated", "tcg", NULL};
static const char *const registers[] = {"kernel", "host", NULL};

static const struct {
    const char *key;
    const char *const *values; /* null: a feature */
} keys[] = {{"engine", engines},
            {"ring0", rings},
            {"registers", registers},
            {"feature", NULL}};

const char *require_feature_name(unsigned index)
{
    return index < FEATURES ? features[index] : NULL;
}

static bool known(const char *const *values, const char *value)
{
    if (!values) {
        for (size_t i = 0; i < FEATURES; i++) {
            if (strcmp(features[i], value) == 0) {
                return true;
            }
        }
        return false;
    }
    for (; *values; values++) {
        if (strcmp(*values, value) == 0) {
            return true;
        }
    }
    return false;
}

static const char *values_text(const char *const *values)
{
    if (values == engines) {
        return "kvm or qemu";
    }
    if (values == rings) {
        return "hardware, emulated or tcg";
    }
    return values == registers ? "kernel or host"
                               : "syscall, smep, smap, umip, nx, fsgsbase, "
                                 "x2apic or pku";
}

int require_parse(const char *text, struct requirement *out, char *why,
                  size_t bytes)
{
    const char *equals = strchr(text, '=');
    size_t key = equals ? (size_t)(equals - text) : 0;

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (!equals || strlen(keys[i].key) != key ||
            strncmp(keys[i].key, text, key) != 0) {
            continue;
        }
        if (!known(keys[i].values, equals + 1)) {
            snprintf(why, bytes, "%s is %s", keys[i].key,
                     values_text(keys[i].values));
            return -1;
        }
        snprintf(out->key, sizeof(out->key), "%s", keys[i].key);
        snprintf(out->value, sizeof(out->value), "%s", equals + 1);
        return 0;
    }
    snprintf(why, bytes, "expected engine=, ring0=, registers= or feature=");
    return -1;
}

static bool has_feature(uint32_t bits, const char *name)
{
    for (unsigned i = 0; i < FEATURES; i++) {
        if (strcmp(features[i], name) == 0) {
            return bits & (1u << i);
        }
    }
    return false;
}

static bool contradicts(const struct requirement *want,
                        const struct require_facts *facts)
{
    if (strcmp(want->key, "engine") == 0) {
        return strcmp(want->value, facts->engine) != 0;
    }
    if (strcmp(want->key, "ring0") == 0) {
        return strcmp(want->value, facts->ring0) != 0;
    }
    if (!facts->guest) {
        return false;
    }
    if (strcmp(want->key, "registers") == 0) {
        return strcmp(want->value, facts->registers_host ? "host" : "kernel") !=
               0;
    }
    return !has_feature(facts->features, want->value);
}

const struct requirement *require_unmet(const struct options *options,
                                        const struct require_facts *facts)
{
    for (size_t i = 0; i < options->requirement_count; i++) {
        if (contradicts(&options->requirements[i], facts)) {
            return &options->requirements[i];
        }
    }
    return NULL;
}

void require_facts_text(const struct require_facts *facts, char *out,
                        size_t bytes)
{
    const char *before = "";

    snprintf(out, bytes, "engine=%s ring0=%s", facts->engine, facts->ring0);
    if (!facts->guest) {
        return;
    }
    snprintf(out + strlen(out), bytes - strlen(out), " registers=%s features=",
             facts->registers_host ? "host" : "kernel");
    for (size_t i = 0; i < FEATURES; i++) {
        if (facts->features & (1u << i)) {
            snprintf(out + strlen(out), bytes - strlen(out), "%s%s", before,
                     features[i]);
            before = ",";
        }
    }
}
