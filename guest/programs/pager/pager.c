/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pager. It takes `lazy` away from its child, which the config lets have it,
 * and gives it back when the child faults there: one range, twice. A fault
 * anywhere else ends the child.
 */
#include <ambit/ambit.h>

static volatile uint64_t nowhere = 8; /* an address that is nobody's */

static void must(enum status status)
{
    ambit_assert(status == STATUS_OK);
}

static struct ambit_handle held(const char *name)
{
    struct ambit_handle handle = {0};

    must(ambit_capability(name, &handle));
    return handle;
}

static uint64_t lazy_base(uint64_t *bytes)
{
    uint64_t base = 0;

    must(ambit_locate("lazy", &base, bytes));
    return base;
}

/* What the child finds there: the pager alone has written it. */
static void fill(uint64_t round)
{
    uint64_t bytes;
    volatile uint64_t *lazy = (volatile uint64_t *)lazy_base(&bytes);

    for (uint64_t i = 0; i < bytes / sizeof *lazy; i++) {
        lazy[i] = round * 1000 + i;
    }
}

static bool within_lazy(const struct syscall_fault *fault)
{
    uint64_t bytes, base = lazy_base(&bytes);

    return fault->type == FAULT_PAGE && fault->address >= base &&
           fault->address - base < bytes;
}

#define ROUNDS 2u

AMBIT_ENTRY(pager_main)
{
    struct ambit_handle handler = held("handler"), lazy = held("lazy");
    struct ambit_handle child = held("child"), space, attachment, own;
    struct syscall_fault fault = {0};

    must(ambit_part_of(child, AMBIT_TYPE_SPACE, AMBIT_WRITE, &space));
    for (uint64_t round = 1;; round++) {
        /* Whoever has the range, the pager itself among them, loses it. */
        must(ambit_revoke(lazy));
        must(ambit_fault_wait(handler, &fault));
        if (!within_lazy(&fault) || round > ROUNDS) {
            ambit_printf("fault at 0x%lx: not to be answered\n", fault.address);
            must(ambit_fault_resume(handler, fault.domain, AMBIT_RESUME_STOP));
            return 0;
        }
        must(ambit_attach(lazy, AMBIT_READ | AMBIT_WRITE, &own));
        fill(round);
        must(ambit_attach_to(lazy, AMBIT_READ, space, &attachment));
        ambit_printf("gives page in, %lu of %u\n", round, ROUNDS);
        must(ambit_fault_resume(handler, fault.domain, AMBIT_RESUME_RETRY));
        /* The child says when it is done with it, by a call. */
        {
            struct ambit_message message;

            must(ambit_receive(held("done"), &message));
            must(ambit_reply(&message));
        }
    }
}

AMBIT_ENTRY(paged_main)
{
    uint64_t bytes;
    volatile uint64_t *lazy = (volatile uint64_t *)lazy_base(&bytes);

    for (uint64_t round = 1; round <= ROUNDS; round++) {
        struct ambit_message message = {0};

        ambit_printf("reads %lu\n", lazy[7]);
        must(ambit_call(held("done"), &message));
    }
    *(volatile uint64_t *)nowhere = 1; /* nobody answers for this */
    return 0;
}
