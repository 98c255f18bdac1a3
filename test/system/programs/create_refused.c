/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests that make no sense, or for more than there is: each is refused with
 * its status, its class and its sentence, and nothing of it exists.
 */
#include <abi/refusals.h>
#include <ambit/ambit.h>
#include <ambit/syscall.h>

static volatile uint64_t variable = 1;

AMBIT_ENTRY(refused_child_main)
{
    variable = 2;
    return 0;
}

enum { FILES, CPU, SPACE, POOL, QUOTA, CAPS, HANDLER, ANY };

static struct ambit_domain_spec request;
static uint64_t pages, charged;

static uint64_t first_of(const char *name)
{
    struct ambit_handle handle;
    struct ambit_info info;

    ambit_assert(ambit_capability(name, &handle) == STATUS_OK);
    ambit_assert(ambit_inspect(handle, &info) == STATUS_OK);
    return info.first;
}

static void nothing_stays(const char *what)
{
    if (first_of("pool") != pages || first_of("quota") != charged) {
        ambit_printf("%s: %lu pages of %lu, %lu charged of %lu\n", what,
                     first_of("pool"), pages, first_of("quota"), charged);
        ambit_exit(4);
    }
}

static void refused(enum status wanted, uint32_t pd_class, uint32_t refusal)
{
    struct ambit_refusal why = {ANY, 0};
    struct ambit_handle handle = {0};
    enum status status = ambit_domain_create(&request, &handle, &why);

    if (status != wanted || why.refusal != refusal ||
        why.pd_class != pd_class) {
        ambit_printf("%s, class %u, %s; wanted: %s, class %u, %s\n",
                     ambit_status_text(status), why.pd_class,
                     refusal_text(why.refusal), ambit_status_text(wanted),
                     pd_class, refusal_text(refusal));
        ambit_exit(3);
    }
    nothing_stays(refusal_text(refusal));
}

static void anew(void)
{
    request = (struct ambit_domain_spec){
        .name = "child",
        .entry = refused_child_main,
        .degree = {.files = AMBIT_NONE, .cpu = AMBIT_NEW}};
}

static void degrees(void)
{
    anew();
    request.degree.cpu = AMBIT_SAME;
    refused(STATUS_INVALID_ARGUMENT, CPU, REFUSAL_CPU_DEGREE);
    anew();
    request.degree.space = AMBIT_NONE;
    refused(STATUS_INVALID_ARGUMENT, SPACE, REFUSAL_SPACE_DEGREE);
    anew();
    request.degree.pool = AMBIT_PART;
    refused(STATUS_INVALID_ARGUMENT, POOL, REFUSAL_POOL_DEGREE);
    anew();
    request.degree.handler = AMBIT_PART;
    refused(STATUS_INVALID_ARGUMENT, HANDLER, REFUSAL_HANDLER_DEGREE);
    anew();
    request.degree.files = AMBIT_PART;
    refused(STATUS_INVALID_ARGUMENT, FILES, REFUSAL_FILES_PART);
    anew();
    request.degree.pool = AMBIT_NEW;
    refused(STATUS_INVALID_ARGUMENT, POOL, REFUSAL_POOL_QUOTA);
    anew();
    request.degree.caps = 4;
    refused(STATUS_MALFORMED, ANY, 0);
    anew();
    request.on_fault = 2;
    refused(STATUS_INVALID_ARGUMENT, HANDLER, REFUSAL_HANDLER_NOBODY);
    request.on_fault = 1;
    request.degree.handler = AMBIT_NONE;
    refused(STATUS_INVALID_ARGUMENT, HANDLER, REFUSAL_HANDLER_NONE);
}

static void sizes(void)
{
    anew();
    request.degree.quota = AMBIT_NEW;
    refused(STATUS_OUT_OF_RANGE, QUOTA, REFUSAL_QUOTA_EMPTY);
    request.quota_pages = 1u << 30;
    refused(STATUS_NO_QUOTA, QUOTA, REFUSAL_QUOTA_PARENT);
    request.degree.quota = AMBIT_PART;
    refused(STATUS_NO_QUOTA, QUOTA, REFUSAL_QUOTA_PART_PARENT);
    anew();
    request.stack_pages = 257;
    refused(STATUS_OUT_OF_RANGE, ANY, REFUSAL_STACK_SIZE);
    anew();
    request.heap_pages = 1u << 30;
    refused(STATUS_OUT_OF_RANGE, ANY, REFUSAL_HEAP_LARGE);
    anew();
    request.degree.caps = AMBIT_NEW;
    request.caps_slots = 737;
    refused(STATUS_TOO_BIG, CAPS, REFUSAL_TABLE_LARGE);
    anew();
    request.entry = (int (*)(int, char **))(uintptr_t)&variable;
    refused(STATUS_OUT_OF_RANGE, ANY, REFUSAL_ENTRY);
}

static void capabilities(void)
{
    struct ambit_hold hold = {.name = "x", .rights = AMBIT_READ};
    uint64_t keep = 12345;

    anew();
    request.holds = &hold;
    request.hold_count = 1;
    refused(STATUS_INVALID_HANDLE, ANY, REFUSAL_HOLD_HELD);
    ambit_assert(ambit_capability("dial", &hold.handle) == STATUS_OK);
    hold.rights = AMBIT_WRITE | AMBIT_USE;
    refused(STATUS_NO_RIGHTS, ANY, REFUSAL_HOLD_HELD);
    hold.rights = 0;
    refused(STATUS_NO_RIGHTS, ANY, REFUSAL_HOLD_RIGHTS);
    hold.rights = AMBIT_WRITE;
    request.degree.caps = AMBIT_NONE;
    refused(STATUS_INVALID_ARGUMENT, CAPS, REFUSAL_CAPS_NONE_HOLDS);
    anew();
    request.degree.space = AMBIT_PART;
    request.keeps = &keep;
    request.keep_count = 1;
    refused(STATUS_INVALID_HANDLE, SPACE, REFUSAL_KEEP_HELD);
    keep = KEEP_HEAP;
    refused(STATUS_INVALID_ARGUMENT, SPACE, REFUSAL_KEEP_HEAP);
}

/* Pointers to nothing, and to what is not the caller's. */
static void pointers(void)
{
    static const uint64_t nowhere[] = {0, 8, 0x7ffffffff000, 0xffff800000000000,
                                       UINT64_MAX};

    for (uint32_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++) {
        struct ambit_registers io = {.rdi = nowhere[i]};

        ambit_assert(ambit_syscall(SYSCALL_DOMAIN_CREATE, &io) != STATUS_OK);
        anew();
        request.args = (const char *)nowhere[i];
        request.args_bytes = 4;
        request.argc = 1;
        refused(STATUS_BAD_POINTER, ANY, 0);
        anew();
        request.degree.space = AMBIT_PART;
        request.keeps = (const uint64_t *)nowhere[i];
        request.keep_count = 1;
        refused(STATUS_BAD_POINTER, ANY, 0);
    }
    anew();
    request.args = "no end";
    request.args_bytes = 4;
    request.argc = 1;
    refused(STATUS_INVALID_ARGUMENT, ANY, 0);
}

AMBIT_ENTRY(refused_main)
{
    pages = first_of("pool");
    charged = first_of("quota");
    degrees();
    sizes();
    capabilities();
    pointers();
    return 0;
}

/* A quota one page too small, two, and so on: refused, whole. Then it does. */
static void quota_loop(struct ambit_domain_spec spec)
{
    struct ambit_refusal why;
    struct ambit_handle handle;
    uint32_t failed = 0;

    for (uint32_t size = 1;; size++) {
        enum status status;

        spec.quota_pages = size;
        status = ambit_domain_create(&spec, &handle, &why);
        if (status == STATUS_OK) {
            break;
        }
        ambit_assert(status == STATUS_NO_QUOTA);
        nothing_stays("quota");
        failed++;
    }
    ambit_assert(failed > 4);
    ambit_assert(ambit_domain_destroy(handle) == STATUS_OK);
    nothing_stays("destroyed");
}

static void pool_loop(struct ambit_domain_spec spec)
{
    struct ambit_refusal why;
    struct ambit_handle handle;
    uint32_t failed = 0;

    spec.degree.quota = AMBIT_NEW;
    spec.degree.pool = AMBIT_NEW;
    spec.quota_pages = 64;
    for (spec.pool_pages = 1;; spec.pool_pages++) {
        enum status status = ambit_domain_create(&spec, &handle, &why);

        if (status == STATUS_OK) {
            break;
        }
        ambit_assert(status == STATUS_NO_MEMORY);
        nothing_stays("pool");
        failed++;
    }
    ambit_assert(failed > 4);
    ambit_assert(ambit_domain_destroy(handle) == STATUS_OK);
    nothing_stays("destroyed");
}

/* Until its table is full, and all of them away again. */
static void slots_loop(struct ambit_domain_spec spec)
{
    struct ambit_handle *made = ambit_malloc(200 * sizeof(*made));
    struct ambit_refusal why;
    uint32_t count = 0;
    enum status status;

    ambit_assert(made != NULL);
    pages = first_of("pool"); /* its heap has grown */
    charged = first_of("quota");
    while ((status = ambit_domain_create(&spec, &made[count], &why)) ==
           STATUS_OK) {
        count++;
    }
    /* A pool of its own has numbers of its own, and fewer. */
    ambit_assert(count > 50 && (status == STATUS_NO_SLOT ||
                                (status == STATUS_OUT_OF_RANGE &&
                                 why.refusal == REFUSAL_NUMBERS)));
    while (count-- > 0) {
        ambit_assert(ambit_domain_destroy(made[count]) == STATUS_OK);
    }
    nothing_stays("slots");
}

AMBIT_ENTRY(loops_main)
{
    pages = first_of("pool");
    charged = first_of("quota");
    anew();
    slots_loop(request);
    request.degree.space = AMBIT_PART;
    request.keep_all = 1;
    slots_loop(request);
    request.degree.space = AMBIT_NEW;
    request.degree.caps = AMBIT_NEW;
    request.degree.quota = AMBIT_NEW;
    quota_loop(request);
    request.degree.quota = AMBIT_PART;
    quota_loop(request);
    request.heap_pages = 4;
    pool_loop(request);
    return 0;
}
