/* SPDX-License-Identifier: Apache-2.0 */
/* Quotas and pools at run time: pages out of nothing, or out of another's. */
#include "attack.h"

static struct ambit_handle split(struct ambit_handle quota, uint64_t pages,
                                 enum ambit_quota_kind kind)
{
    struct ambit_handle out = {0};

    attack_expect("split", ambit_quota_split(quota, pages, kind, &out),
                  STATUS_OK);
    return out;
}

static struct ambit_info look(struct ambit_handle handle)
{
    struct ambit_info info = {0};

    attack_expect("inspect", ambit_inspect(handle, &info), STATUS_OK);
    return info;
}

static void refused(const char *what, enum status got, enum status wanted)
{
    if (got == STATUS_OK) {
        attack_succeeded(what);
    }
    attack_expect(what, got, wanted);
}

/* The one between them would have less than was split off it. */
AMBIT_ENTRY(quota_cousin_main)
{
    struct ambit_handle quota = attack_capability("quota");
    struct ambit_handle a = split(quota, 10, AMBIT_QUOTA_NEW);
    struct ambit_handle b = split(quota, 10, AMBIT_QUOTA_NEW);
    struct ambit_handle c = split(b, 5, AMBIT_QUOTA_NEW);

    attack_expect("b to a", ambit_quota_trade(b, a, 5), STATUS_OK);
    attack_expect("a to b", ambit_quota_trade(a, b, 5), STATUS_OK);
    refused("c to a", ambit_quota_trade(c, a, 5), STATUS_INVALID_ARGUMENT);
    return 0;
}

AMBIT_ENTRY(quota_empty_main)
{
    struct ambit_handle quota = attack_capability("quota");
    struct ambit_handle a = split(quota, 10, AMBIT_QUOTA_NEW);
    struct ambit_handle b = split(a, 5, AMBIT_QUOTA_NEW);

    refused("return of a quota in use", ambit_quota_return(a), STATUS_BUSY);
    attack_expect("return", ambit_quota_return(b), STATUS_OK);
    attack_expect("return", ambit_quota_return(a), STATUS_OK);
    return 0;
}

/* Each is split off the one before, whose capability goes. */
AMBIT_ENTRY(quota_depth_main)
{
    struct ambit_handle at = attack_capability("quota"), next = {0};
    enum status status;
    uint32_t made = 0;

    while ((status = ambit_quota_split(at, 300 - made, AMBIT_QUOTA_NEW,
                                       &next)) == STATUS_OK) {
        if (made > 0) {
            attack_expect("delete", ambit_delete(at), STATUS_OK);
        }
        at = next;
        made++;
    }
    attack_expect("split", status, STATUS_TOO_BIG);
    ambit_assert(made >= 127);
    if (made > 127) {
        attack_succeeded("a longer chain");
    }
    return 0;
}

/* Ceilings take nothing but the room they lie in. */
AMBIT_ENTRY(object_charge_main)
{
    struct ambit_handle quota = attack_capability("quota"), none = {0};
    struct ambit_info info = look(quota);
    enum status status;
    uint32_t made = 0;

    (void)split(quota, info.second - info.first - 1, AMBIT_QUOTA_NEW);
    while (made < 100 && (status = ambit_quota_split(quota, 1, AMBIT_QUOTA_PART,
                                                     &none)) == STATUS_OK) {
        made++;
    }
    if (made > 31) {
        attack_succeeded("objects beyond the quota");
    }
    attack_expect("split", status, STATUS_NO_QUOTA);
    info = look(quota);
    ambit_assert(info.first == info.second);
    return 0;
}

AMBIT_ENTRY(pool_charge_main)
{
    struct ambit_handle pool = attack_capability("pool"), own = {0};
    struct ambit_info quota = look(attack_capability("quota"));

    ambit_assert(look(pool).first > quota.second + 100);
    attack_expect("split", ambit_pool_split(pool, 10, &own), STATUS_OK);
    refused("set more aside than its quota",
            ambit_pool_split(pool, quota.second, &own), STATUS_NO_QUOTA);
    return 0;
}

AMBIT_ENTRY(pool_empty_main)
{
    struct ambit_handle pool = attack_capability("pool"), own = {0};
    struct ambit_handle frame = {0};
    uint64_t number = 0;

    attack_expect("split", ambit_pool_split(pool, 10, &own), STATUS_OK);
    attack_expect("allocate", ambit_allocate(own, &frame, &number), STATUS_OK);
    refused("return of a pool in use", ambit_pool_return(own), STATUS_BUSY);
    attack_expect("delete", ambit_delete(frame), STATUS_OK);
    attack_expect("return", ambit_pool_return(own), STATUS_OK);
    return 0;
}

static uint64_t heap_size(const char *name)
{
    uint64_t base = 0, bytes = 0;

    attack_expect(name, ambit_locate(name, &base, &bytes), STATUS_OK);
    return bytes;
}

/* Grows its heap, which is its own to see. */
AMBIT_ENTRY(grower_main)
{
    struct ambit_message message = {0};
    uint64_t before = heap_size("app.heap"), bytes = 0;

    attack_let_one_in(&message);
    attack_expect("grow", ambit_grow(attack_capability("heap"), 1, &bytes),
                  STATUS_OK);
    ambit_assert(heap_size("app.heap") == before + ABI_PAGE_SIZE);
    attack_let_it_go(&message);
    return 0;
}

AMBIT_ENTRY(locate_main)
{
    uint64_t before = heap_size("app.heap");

    attack_wait();
    if (heap_size("app.heap") != before) {
        attack_succeeded("a message by the size of a heap");
    }
    return 0;
}

/* Passes on a copy of a copy, and deletes what it was made of. */
AMBIT_ENTRY(burier_main)
{
    struct ambit_handle cpu = attack_capability("cpu"), copy = {0};
    struct ambit_message message = {0};

    attack_expect("derive", ambit_derive(cpu, AMBIT_READ, &copy), STATUS_OK);
    attack_expect("call",
                  ambit_call_with(attack_capability("gate"), &message,
                                  ambit_copy_of(copy, AMBIT_READ)),
                  STATUS_OK);
    attack_expect("delete", ambit_delete(copy), STATUS_OK);
    attack_expect("delete", ambit_delete(cpu), STATUS_OK);
    return 0;
}

AMBIT_ENTRY(buried_main)
{
    struct ambit_handle child = attack_capability("child");
    struct ambit_message message = {0};
    struct ambit_outcome outcome;
    struct ambit_info info = {0};

    attack_expect("spawn", ambit_spawn(child), STATUS_OK);
    attack_let_one_in(&message);
    attack_expect("control", ambit_inspect(message.capability, &info),
                  STATUS_OK);
    attack_let_it_go(&message);
    attack_expect("wait", ambit_wait(child, &outcome), STATUS_OK);
    ambit_assert(outcome.kind == OUTCOME_EXIT && outcome.code == 0);
    if (ambit_inspect(message.capability, &info) == STATUS_OK) {
        attack_succeeded(
            "a capability to the registers of a domain that is gone");
    }
    return 0;
}

AMBIT_ENTRY(range_charge_main)
{
    struct ambit_handle quota = attack_capability("quota"), range = {0};
    struct ambit_info info = look(quota);

    attack_expect("control", ambit_range_create(1, AMBIT_READ, &range),
                  STATUS_OK);
    refused("pages beyond the quota",
            ambit_range_create(info.second, AMBIT_READ, &range),
            STATUS_NO_QUOTA);
    return 0;
}
