/* SPDX-License-Identifier: Apache-2.0 */
/* Domains made at run time, of each kind there is; nothing of them stays. */
#include <ambit/ambit.h>
#include <ambit/syscall.h>

static volatile uint64_t variable = 7;

static void must(const char *what, enum status got, enum status wanted)
{
    if (got != wanted) {
        ambit_printf("%s: %s; wanted: %s\n", what, ambit_status_text(got),
                     ambit_status_text(wanted));
        ambit_exit(1);
    }
}

static struct ambit_handle named(const char *name)
{
    struct ambit_handle handle = {0};

    must(name, ambit_capability(name, &handle), STATUS_OK);
    return handle;
}

static uint64_t free_pages(void)
{
    struct ambit_info info;

    must("pool", ambit_inspect(named("pool"), &info), STATUS_OK);
    return info.first;
}

static uint64_t used_pages(void)
{
    struct ambit_info info;

    must("quota", ambit_inspect(named("quota"), &info), STATUS_OK);
    return info.first;
}

/* Tells its creator what it finds: its variable, and what it can take. */
AMBIT_ENTRY(made_main)
{
    uint64_t found = variable;
    struct ambit_handle handle;

    ambit_assert(argc == 2 && argv[1][0] == 'x');
    ambit_assert(ambit_capability("stack", &handle) == STATUS_OK);
    ambit_assert(ambit_capability("nothing", &handle) == STATUS_NOT_FOUND);
    variable = 8;
    return (int)found;
}

static const struct ambit_domain_spec thread = {
    .name = "thread",
    .entry = made_main,
    .degree = {AMBIT_SAME, AMBIT_NEW, AMBIT_SAME, AMBIT_SAME, AMBIT_SAME,
               AMBIT_SAME, AMBIT_SAME},
    .args = "x",
    .args_bytes = 2,
    .argc = 1,
};

static struct ambit_handle made(const struct ambit_domain_spec *spec)
{
    struct ambit_handle handle = {0};
    struct ambit_refusal why = {0};
    enum status status = ambit_domain_create(spec, &handle, &why);

    if (status != STATUS_OK) {
        ambit_refusal_print(status, &why);
        ambit_exit(2);
    }
    return handle;
}

static int32_t run(struct ambit_handle domain)
{
    struct ambit_outcome outcome;

    must("start", ambit_domain_start(domain), STATUS_OK);
    must("wait", ambit_wait(domain, &outcome), STATUS_OK);
    if (outcome.kind != OUTCOME_EXIT) {
        ambit_printf("ended by %u\n", outcome.kind);
        ambit_exit(3);
    }
    return outcome.code;
}

/* `second`: what it finds in its variable when it is started again. */
static void whole_life(const char *name, struct ambit_domain_spec spec,
                       int32_t first, int32_t second)
{
    uint64_t pages = free_pages(), used = used_pages(), cost;
    struct ambit_handle domain;
    struct ambit_outcome outcome;

    spec.name = name;
    domain = made(&spec);
    cost = pages - free_pages();
    must("wait before", ambit_wait(domain, &outcome), STATUS_NOT_RUNNING);
    ambit_assert(run(domain) == first);
    ambit_assert(run(domain) == second);
    must("destroy", ambit_domain_destroy(domain), STATUS_OK);
    must("destroyed", ambit_domain_start(domain), STATUS_INVALID_HANDLE);
    if (free_pages() != pages || used_pages() != used) {
        ambit_printf("%s: %lu pages free of %lu, %lu charged of %lu\n", name,
                     free_pages(), pages, used_pages(), used);
        ambit_exit(4);
    }
    ambit_printf("%s: %lu KiB\n", name, cost * 4);
}

/* Frames that came back are handed out first, and never cleared then. */
static void frames_are_clean(uint64_t pages)
{
    uint64_t base, bytes, size;

    must("locate", ambit_locate("app.heap", &base, &bytes), STATUS_OK);
    must("size", ambit_grow(named("heap"), 0, &bytes), STATUS_OK);
    must("grow", ambit_grow(named("heap"), pages, &size), STATUS_OK);
    for (uint64_t at = base + bytes; at < base + size; at += 8) {
        if (*(const volatile uint64_t *)at != 0) {
            ambit_printf("%lx is not zero\n", at);
            ambit_exit(5);
        }
    }
}

AMBIT_ENTRY(create_main)
{
    struct ambit_domain_spec spec = thread;

    variable = 7;
    whole_life("thread", spec, 7, 8);
    variable = 7;
    spec.degree.space = AMBIT_PART;
    spec.keep_all = 1;
    whole_life("tis", spec, 7, 8);
    variable = 9;
    spec = thread;
    spec.degree.space = AMBIT_NEW;
    spec.degree.caps = AMBIT_NEW;
    spec.degree.quota = AMBIT_NEW;
    spec.quota_pages = 64;
    whole_life("process", spec, 7, 7);
    spec.degree.quota = AMBIT_PART;
    whole_life("ceiling", spec, 7, 7);
    frames_are_clean(16);
    spec.degree.quota = AMBIT_NEW;
    spec.degree.pool = AMBIT_NEW;
    spec.quota_pages = 128;
    spec.pool_pages = 128;
    spec.heap_pages = 16;
    whole_life("pir", spec, 7, 7);
    return 0;
}
