/* SPDX-License-Identifier: Apache-2.0 */
/* What this host is and what `ambit` was built from. */
#define _GNU_SOURCE
#include "results_parts.h"

#include <abi/boot.h>
#include <abi/shared.h>
#include <ambit_version.h>
#include <cpuid.h>
#include <ctype.h>
#include <dirent.h>
#include <host/sha256.h>
#include <sched.h>
#include <string.h>
#include <sys/utsname.h>

#define VULNERABILITIES "/sys/devices/system/cpu/vulnerabilities"
#define TSC_KHZ "/sys/devices/system/cpu/cpu0/tsc_freq_khz"

#define CPUID_HYPERVISOR (1u << 31)       /* leaf 1, ecx */
#define CPUID_HYPERVISOR_LEAF 0x40000000u /* its vendor, in ebx ecx edx */

/* The rest of the first line, without its end; false when unreadable. */
static bool first_line(const char *path, char *out, size_t bytes)
{
    FILE *file = fopen(path, "re");
    bool good;

    if (!file) {
        return false;
    }
    good = fgets(out, (int)bytes, file) != NULL;
    fclose(file);
    if (good) {
        out[strcspn(out, "\n")] = '\0';
    }
    return good;
}

/* The first "key : value" of /proc/cpuinfo. */
static bool cpuinfo(const char *key, char *out, size_t bytes)
{
    FILE *file = fopen("/proc/cpuinfo", "re");
    char line[4096];
    bool found = false;

    while (file && !found && fgets(line, sizeof(line), file)) {
        char *colon = strchr(line, ':');
        if (!colon || strncmp(line, key, strlen(key)) != 0 ||
            !isspace((unsigned char)line[strlen(key)])) {
            continue;
        }
        colon += strspn(colon, ": \t");
        snprintf(out, bytes, "%.*s", (int)strcspn(colon, "\n"), colon);
        found = true;
    }
    if (file) {
        fclose(file);
    }
    return found;
}

static void set_cpuinfo(struct results *results, json_t *env, const char *key,
                        const char *name)
{
    char text[256];

    if (cpuinfo(name, text, sizeof(text))) {
        results_set(results, env, key, results_text(text));
    } else {
        results_lack(results, env, key, "/proc/cpuinfo does not tell");
    }
}

/* The vendor that the hypervisor below this host gives itself. */
static void set_hypervisor(struct results *results, json_t *env)
{
    unsigned a, b, c, d;
    char vendor[13] = {0};

    if (!__get_cpuid(1, &a, &b, &c, &d)) {
        results_lack(results, env, "hypervisor", "the processor does not tell");
        return;
    }
    if (!(c & CPUID_HYPERVISOR)) {
        results_set(results, env, "hypervisor", json_string("none"));
        return;
    }
    __cpuid(CPUID_HYPERVISOR_LEAF, a, b, c, d);
    memcpy(vendor, &b, 4);
    memcpy(vendor + 4, &c, 4);
    memcpy(vendor + 8, &d, 4);
    results_set(results, env, "hypervisor",
                results_text(*vendor ? vendor : "unnamed"));
}

static void set_mitigations(struct results *results, json_t *env)
{
    DIR *folder = opendir(VULNERABILITIES);
    json_t *list = folder ? json_object() : NULL;
    const struct dirent *entry;

    if (!folder) {
        results_lack(results, env, "mitigations",
                     VULNERABILITIES " is not there");
        return;
    }
    while ((entry = readdir(folder)) != NULL) {
        char path[sizeof(VULNERABILITIES) + sizeof(entry->d_name) + 1];
        char text[256];
        snprintf(path, sizeof(path), VULNERABILITIES "/%s", entry->d_name);
        if (entry->d_name[0] != '.' && first_line(path, text, sizeof(text))) {
            results_set(results, list, entry->d_name, results_text(text));
        }
    }
    closedir(folder);
    results_set(results, env, "mitigations", list);
}

static void set_tsc(struct results *results, json_t *env)
{
    char text[64];
    unsigned long long khz;

    if (first_line(TSC_KHZ, text, sizeof(text)) &&
        sscanf(text, "%llu", &khz) == 1) {
        results_set(results, env, "tsc_hz",
                    json_integer((json_int_t)khz * 1000));
    } else {
        results_lack(results, env, "tsc_hz", "this host does not tell it");
    }
}

/* The CPUs that this process may use, when these are not all of them. */
static void set_pinned(struct results *results, json_t *env)
{
    json_t *list;
    cpu_set_t set;
    char possible[256] = "";
    unsigned last = 0;

    if (sched_getaffinity(0, sizeof(set), &set) < 0) {
        results_lack(results, env, "pinned_cpus", "sched_getaffinity failed");
        return;
    }
    list = json_array();
    if (first_line("/sys/devices/system/cpu/online", possible,
                   sizeof(possible)) &&
        sscanf(possible, "0-%u", &last) == 1 && CPU_COUNT(&set) <= (int)last) {
        for (int i = 0; i < CPU_SETSIZE; i++) {
            if (CPU_ISSET((size_t)i, &set)) {
                results_append(results, list, json_integer(i));
            }
        }
    }
    results_set(results, env, "pinned_cpus", list);
}

json_t *results_env(struct results *results)
{
    json_t *env = json_object();
    struct utsname name;

    set_cpuinfo(results, env, "cpu", "model name");
    set_cpuinfo(results, env, "microcode", "microcode");
    if (uname(&name) == 0) {
        results_set(results, env, "host_kernel",
                    json_sprintf("%s %s", name.sysname, name.release));
    } else {
        results_lack(results, env, "host_kernel", "uname failed");
    }
    set_hypervisor(results, env);
    set_mitigations(results, env);
    set_tsc(results, env);
    set_pinned(results, env);
    return env;
}

static json_t *hash(const void *bytes, size_t count)
{
    uint8_t digest[32];

    sha256(bytes, count, digest);
    return results_sha256(digest);
}

json_t *results_versions(struct results *results)
{
    const struct image *image = results->run->image;
    json_t *versions = json_object();
    json_t *programs = json_object();

    results_set(results, versions, "ambit", json_string(AMBIT_VERSION));
    results_set(results, versions, "commit", json_string(AMBIT_COMMIT));
    results_set(results, versions, "dirty", json_boolean(AMBIT_DIRTY));
    results_set(results, versions, "compiler", json_string(AMBIT_COMPILER));
    results_set(results, versions, "build_type", json_string(AMBIT_BUILD_TYPE));
    results_set(results, versions, "abi",
                json_pack("{s:i,s:i,s:i}", "boot", BOOT_MODULE_VERSION, "spec",
                          SPEC_VERSION, "shared", SHARED_VERSION));
    results_set(results, versions, "kernel_sha256",
                hash(results->run->kernel, results->run->kernel_bytes));
    for (uint32_t i = 0; i < image->program_count; i++) {
        results_set(results, programs, image->programs[i].name,
                    hash(image->programs[i].elf, image->programs[i].elf_bytes));
    }
    results_set(results, versions, "program_sha256", programs);
    return versions;
}
