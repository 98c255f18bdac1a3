/* SPDX-License-Identifier: Apache-2.0 */
/* What a loaded config holds: order, marks, defaults, overrides. */
#define _POSIX_C_SOURCE 200809L
#include "suites.h"

#include <abi/shared.h>
#include <capabilities/cap.h>
#include <config/config.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OVERRIDES_MAX 4

static struct config *load(const char *path, const char *const *sets)
{
    struct config_override overrides[OVERRIDES_MAX];
    struct diagnostics diagnostics = {0};
    struct failure failure = {0};
    struct config *config;
    size_t count = 0;

    while (sets && sets[count]) {
        overrides[count].path_and_value = sets[count];
        count++;
    }
    config = config_load(path, overrides, count, &diagnostics, &failure);
    diagnostics_print(&diagnostics, stderr);
    ck_assert_ptr_nonnull(config);
    ck_assert_uint_eq(diagnostics.count, 0);
    ck_assert_int_eq(failure.exit_code, 0);
    return config;
}

static const struct config_domain *domain(const struct config *config,
                                          const char *name)
{
    for (uint32_t i = 0; i < config->domain_count; i++) {
        if (strcmp(config->domains[i].name.text, name) == 0) {
            return &config->domains[i];
        }
    }
    ck_abort_msg("no domain %s", name);
    return NULL;
}

START_TEST(parents_come_first)
{
    static const char *const expected[] = {"other", "top", "middle", "leaf"};
    static const uint32_t declared[] = {2, 3, 1, 0};
    struct config *config = load(CONFIG_FOLDER "/good/order.yaml", NULL);

    ck_assert_uint_eq(config->domain_count, 4);
    for (uint32_t i = 0; i < 4; i++) {
        const struct config_domain *one = &config->domains[i];

        ck_assert_str_eq(one->name.text, expected[i]);
        ck_assert_uint_eq(one->declared, declared[i]);
        ck_assert(one->parent == SPEC_NONE || one->parent < i);
        ck_assert_str_eq(one->program.text, "hello"); /* inherited */
    }
    ck_assert_uint_eq(config->domains[3].parent, 2);
    ck_assert_uint_eq(config->domains[3].program.mark.line, 7); /* top's */
    config_free(config);
}
END_TEST

START_TEST(defaults_are_filled_in)
{
    struct config *config = load(CONFIG_FOLDER "/good/minimal.yaml", NULL);
    const struct config_domain *app = domain(config, "app");

    ck_assert_uint_eq(config->memory_bytes, CONFIG_MEMORY_DEFAULT);
    ck_assert_uint_eq(config->memory_mark.mark.line, 0);
    ck_assert_ptr_null(config->memory_mark.text);
    ck_assert_uint_eq(config->seed, CONFIG_SEED_DEFAULT);
    ck_assert_uint_eq(config->cpus, 1);
    ck_assert_str_eq(app->kind_name.text, "process");
    ck_assert_str_eq(app->entry.text, "main");
    ck_assert_ptr_null(app->parent_name.text);
    ck_assert_uint_eq(app->parent, SPEC_NONE);
    ck_assert_uint_eq(app->stack_bytes, CONFIG_STACK_DEFAULT);
    ck_assert_uint_eq(app->heap_bytes, CONFIG_HEAP_DEFAULT);
    ck_assert_uint_eq(app->caps_slots, CONFIG_SLOTS_DEFAULT);
    ck_assert_uint_eq(app->files_slots, CONFIG_FILES_SLOTS_DEFAULT);
    ck_assert_uint_eq(app->classes[PD_QUOTA].degree, PD_NEW);
    ck_assert_uint_eq(app->classes[PD_QUOTA].bytes, CONFIG_QUOTA_DEFAULT);
    ck_assert_uint_eq(app->classes[PD_POOL].bytes, 0);
    ck_assert(!app->expect.given);
    ck_assert_str_eq(config->folder, CONFIG_FOLDER "/good");
    config_free(config);
}
END_TEST

START_TEST(design_example)
{
    struct config *config = load(CONFIG_FOLDER "/good/design.yaml", NULL);
    const struct config_domain *app = domain(config, "app");
    const struct config_domain *prober = domain(config, "prober");
    const struct config_domain *plugin = domain(config, "plugin");

    ck_assert_uint_eq(app->hold_count, 2);
    ck_assert_uint_eq(app->holds[0].type, CAP_RANGE);
    ck_assert_uint_eq(app->holds[0].rights, CAP_READ | CAP_WRITE);
    ck_assert_uint_eq(app->holds[1].type, CAP_ENDPOINT);
    ck_assert_uint_eq(app->holds[1].rights, CAP_USE);
    ck_assert_str_eq(app->classes[PD_FILES].host.text, "./data");
    ck_assert_uint_eq(app->classes[PD_QUOTA].bytes, 48u << 20);
    ck_assert_uint_eq(app->classes[PD_QUOTA].mark.line, 14);
    ck_assert_uint_eq(app->classes[PD_CAPS].mark.line, 11); /* kind: */
    ck_assert_uint_eq(prober->on_fault, SPEC_FAULT_CONTINUE);
    ck_assert_uint_eq(prober->expect.fault_count, 2);
    ck_assert_uint_eq(prober->expect.faults[1].access, ACCESS_WRITE);
    ck_assert_str_eq(prober->expect.faults[1].to.text, "app.stack");
    ck_assert(!prober->classes[PD_SPACE].keep_given);
    ck_assert(plugin->classes[PD_SPACE].keep_given);
    ck_assert_uint_eq(plugin->classes[PD_SPACE].keep_count, 0);
    ck_assert_uint_eq(plugin->classes[PD_FILES].degree, PD_NONE);
    ck_assert_str_eq(plugin->holds[0].name.text, "input");
    ck_assert_str_eq(plugin->holds[0].object.text, "ring");
    ck_assert_uint_eq(config->boundaries[0].between[1],
                      (uint32_t)(plugin - config->domains));
    ck_assert(config->asserts[0].kind == ASSERT_DENY);
    ck_assert_uint_eq(config->asserts[0].rights, CAP_READ | CAP_WRITE);
    config_free(config);
}
END_TEST

START_TEST(slots_are_whole_chunks)
{
    struct config *config = load(CONFIG_FOLDER "/good/sizes.yaml", NULL);

    ck_assert_uint_eq(domain(config, "app")->caps_slots, CAP_TABLE_MAX);
    ck_assert_uint_eq(domain(config, "app")->files_slots, CAP_CHUNK_SLOTS);
    ck_assert_uint_eq(domain(config, "none")->caps_slots, 2 * CAP_CHUNK_SLOTS);
    ck_assert_uint_eq(domain(config, "none")->heap_bytes, 0);
    ck_assert_uint_eq(config->seed, UINT64_MAX);
    config_free(config);
}
END_TEST

static uint64_t size_of(const struct config *config, const char *name,
                        enum pd_class class)
{
    return domain(config, name)->classes[class].bytes >> 20;
}

/* good/nested-sizes.yaml shows who has what out of whose. */
START_TEST(default_sizes_nest)
{
    struct config *config = load(CONFIG_FOLDER "/good/nested-sizes.yaml", NULL);

    ck_assert_uint_eq(size_of(config, "grandchild", PD_QUOTA), 1);
    ck_assert_uint_eq(size_of(config, "thread", PD_QUOTA), 0);
    ck_assert_uint_eq(size_of(config, "child", PD_QUOTA), 4 + 1);
    ck_assert_uint_eq(size_of(config, "cell", PD_QUOTA), 4);
    ck_assert_uint_eq(size_of(config, "cell", PD_POOL), 4);
    ck_assert_uint_eq(size_of(config, "vault", PD_QUOTA), 4 + 4);
    ck_assert_uint_eq(size_of(config, "vault", PD_POOL), 4 + 4);
    ck_assert_uint_eq(size_of(config, "app", PD_QUOTA), 4 + 5 + 8 + 6);
    ck_assert_uint_eq(size_of(config, "app", PD_POOL), 0);
    ck_assert_uint_eq(size_of(config, "sized", PD_QUOTA), 6);
    ck_assert_uint_eq(size_of(config, "beneath", PD_QUOTA), 4);
    ck_assert_uint_eq(config->kinds[0].classes[PD_QUOTA].bytes, 0);
    ck_assert_uint_eq(config->kinds[0].classes[PD_POOL].bytes, 0);
    config_free(config);
}
END_TEST

START_TEST(overrides_have_marks)
{
    static const char *const sets[] = {"machine.memory=32MiB",
                                       "domains.app.entry=other",
                                       "domains.app.entry=last", NULL};
    struct config *config = load(CONFIG_FOLDER "/good/minimal.yaml", sets);
    const struct config_domain *app = domain(config, "app");

    ck_assert_uint_eq(config->memory_bytes, 32u << 20);
    ck_assert_ptr_eq(config->memory_mark.mark.file, sets[0]);
    ck_assert_uint_eq(config->memory_mark.mark.line, 0);
    ck_assert_uint_eq(config->memory_mark.mark.column, 16);
    ck_assert_str_eq(app->entry.text, "last"); /* in the order given */
    config_free(config);
}
END_TEST

START_TEST(hash_is_of_the_bytes_read)
{
    char path[] = "/tmp/config-XXXXXX";
    int fd = mkstemp(path);
    static const char text[] = "ambit: 1\ndomains: {a: {program: hello}}\n";
    struct config *config;
    uint8_t other[32];

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, sizeof text - 1), sizeof text - 1);
    config = load(path, NULL);
    memcpy(other, config->sha256, sizeof other);
    config_free(config);
    ck_assert_int_eq(write(fd, "#\n", 2), 2);
    close(fd);
    config = load(path, NULL);
    ck_assert_int_ne(memcmp(other, config->sha256, sizeof other), 0);
    ck_assert_str_eq(config->folder, "/tmp");
    config_free(config);
    unlink(path);
}
END_TEST

TCase *load_case(void)
{
    TCase *loads = tcase_create("load");

    tcase_add_test(loads, parents_come_first);
    tcase_add_test(loads, defaults_are_filled_in);
    tcase_add_test(loads, design_example);
    tcase_add_test(loads, slots_are_whole_chunks);
    tcase_add_test(loads, default_sizes_nest);
    tcase_add_test(loads, overrides_have_marks);
    tcase_add_test(loads, hash_is_of_the_bytes_read);
    return loads;
}
