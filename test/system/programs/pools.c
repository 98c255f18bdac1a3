/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Quotas and pools from ring 3: split, trade, return. Each right held and not
 * held, each status, and the books before and after.
 */
#include "tools.h"

static uint32_t wrong; /* this program is alone in its space */

static void expect(const char *what, enum status got, enum status want)
{
    if (got != want) {
        ambit_printf("%s: %s, expected: %s\n", what, ambit_status_text(got),
                     ambit_status_text(want));
        wrong++;
    }
}

static void numbers(const char *what, struct ambit_handle handle,
                    uint64_t first, uint64_t second)
{
    struct ambit_info info = {0};

    expect(what, ambit_inspect(handle, &info), STATUS_OK);
    if (info.first != first || info.second != second) {
        ambit_printf("%s: %lu of %lu, expected %lu of %lu\n", what, info.first,
                     info.second, first, second);
        wrong++;
    }
}

static struct ambit_handle named(const char *name)
{
    struct ambit_handle handle = {0};

    expect(name, ambit_capability(name, &handle), STATUS_OK);
    return handle;
}

static struct ambit_handle with(struct ambit_handle handle, uint32_t rights)
{
    struct ambit_handle out = {0};

    expect("derive", ambit_derive(handle, rights, &out), STATUS_OK);
    return out;
}

static struct ambit_handle split(struct ambit_handle from, uint64_t pages,
                                 enum ambit_quota_kind kind)
{
    struct ambit_handle out = {0};

    expect("split", ambit_quota_split(from, pages, kind, &out), STATUS_OK);
    return out;
}

static uint64_t used(struct ambit_handle handle)
{
    struct ambit_info info = {0};

    expect("used", ambit_inspect(handle, &info), STATUS_OK);
    return info.first;
}

static uint64_t limit(struct ambit_handle handle)
{
    struct ambit_info info = {0};

    expect("limit", ambit_inspect(handle, &info), STATUS_OK);
    return info.second;
}

/* Whatever is tried here fails, and the books stay. */
static void quota_refused(struct ambit_handle quota)
{
    struct ambit_handle none = {0}, look = with(quota, AMBIT_READ);
    uint64_t before = used(quota), most = limit(quota);

    expect("split without use",
           ambit_quota_split(look, 1, AMBIT_QUOTA_NEW, &none),
           STATUS_NO_RIGHTS);
    expect("trade without use", ambit_quota_trade(look, quota, 1),
           STATUS_NO_RIGHTS);
    expect("trade without use there", ambit_quota_trade(quota, look, 1),
           STATUS_NO_RIGHTS);
    expect("return without use", ambit_quota_return(look), STATUS_NO_RIGHTS);
    expect("split a pool",
           ambit_quota_split(named("pool"), 1, AMBIT_QUOTA_NEW, &none),
           STATUS_WRONG_TYPE);
    expect("split nothing", ambit_quota_split(quota, 0, AMBIT_QUOTA_NEW, &none),
           STATUS_INVALID_ARGUMENT);
    expect("split otherwise",
           ambit_quota_split(quota, 1, (enum ambit_quota_kind)2, &none),
           STATUS_INVALID_ARGUMENT);
    expect("split more than there is",
           ambit_quota_split(quota, most - before + 1, AMBIT_QUOTA_NEW, &none),
           STATUS_NO_QUOTA);
    expect("split all numbers",
           ambit_quota_split(quota, UINT64_MAX, AMBIT_QUOTA_NEW, &none),
           STATUS_NO_QUOTA);
    expect("a ceiling above the whole",
           ambit_quota_split(quota, most + 1, AMBIT_QUOTA_PART, &none),
           STATUS_NO_QUOTA);
    expect("trade with itself", ambit_quota_trade(quota, quota, 1),
           STATUS_INVALID_ARGUMENT);
    expect("return what is in use", ambit_quota_return(quota), STATUS_BUSY);
    ambit_assert(none.bits == 0);
    numbers("quota", quota, before, most);
    expect("delete", ambit_delete(look), STATUS_OK);
}

/* a and b are split off the quota, c off b. */
static void quota_trades(struct ambit_handle quota)
{
    uint64_t before = used(quota), most = limit(quota);
    struct ambit_handle a = split(quota, 20, AMBIT_QUOTA_NEW);
    struct ambit_handle b = split(quota, 10, AMBIT_QUOTA_NEW);
    struct ambit_handle c = split(b, 4, AMBIT_QUOTA_NEW);

    numbers("two and their page", quota, before + 31, most);
    numbers("b", b, 4, 10);
    expect("beside", ambit_quota_trade(a, b, 15), STATUS_OK);
    numbers("a gave", a, 0, 5);
    numbers("b got", b, 4, 25);
    numbers("who pays for both", quota, before + 31, most);
    expect("down", ambit_quota_trade(b, c, 21), STATUS_OK);
    numbers("b", b, 25, 25);
    numbers("c", c, 0, 25);
    expect("what c has", ambit_quota_trade(b, a, 1), STATUS_NO_QUOTA);
    expect("up", ambit_quota_trade(c, b, 24), STATUS_OK);
    expect("up", ambit_quota_trade(b, quota, 24), STATUS_OK);
    numbers("all but one", quota, before + 7, most);
    expect("cousins", ambit_quota_trade(c, a, 1), STATUS_INVALID_ARGUMENT);
    expect("grandparent", ambit_quota_trade(c, quota, 1),
           STATUS_INVALID_ARGUMENT);
    expect("nothing", ambit_quota_trade(a, b, 0), STATUS_INVALID_ARGUMENT);
    expect("more than it has", ambit_quota_trade(a, b, 6), STATUS_NO_QUOTA);
    expect("return with one beneath", ambit_quota_return(b), STATUS_BUSY);
    numbers("a", a, 0, 5);
    numbers("b", b, 1, 1);
    expect("return", ambit_quota_return(c), STATUS_OK);
    numbers("c", c, 0, 0);
    expect("twice", ambit_quota_return(c), STATUS_CLOSED);
    expect("of one that is back", ambit_quota_trade(c, b, 1),
           STATUS_INVALID_ARGUMENT);
    expect("delete", ambit_delete(b), STATUS_OK); /* c's is beneath */
    expect("delete", ambit_delete(c), STATUS_OK);
    numbers("a and the page", quota, before + 6, most);
    expect("revoke", ambit_revoke(quota), STATUS_OK);
    numbers("nothing left", quota, before, most);
}

static void quota_ceilings(struct ambit_handle quota)
{
    uint64_t before = used(quota), most = limit(quota);
    struct ambit_handle part = split(quota, 8, AMBIT_QUOTA_PART);
    struct ambit_handle own = split(part, 6, AMBIT_QUOTA_NEW), none = {0};

    numbers("charged to the ceiling", part, 6, 8);
    numbers("and above", quota, before + 7, most);
    expect("beyond the ceiling",
           ambit_quota_split(part, 3, AMBIT_QUOTA_NEW, &none), STATUS_NO_QUOTA);
    expect("a ceiling gives nothing", ambit_quota_trade(part, quota, 1),
           STATUS_INVALID_ARGUMENT);
    expect("and gets nothing", ambit_quota_trade(quota, part, 1),
           STATUS_INVALID_ARGUMENT);
    expect("up to the ceiling", ambit_quota_trade(own, part, 6), STATUS_OK);
    numbers("both", part, 0, 8);
    numbers("both", quota, before + 1, most);
    expect("with one beneath", ambit_quota_return(part), STATUS_BUSY);
    expect("delete", ambit_delete(own), STATUS_OK);
    expect("return", ambit_quota_return(part), STATUS_OK);
    expect("delete", ambit_delete(part), STATUS_OK);
    numbers("nothing left", quota, before, most);
}

static void pool_refused(struct ambit_handle pool)
{
    struct ambit_handle none = {0}, look = with(pool, AMBIT_READ);
    struct ambit_handle quota = named("quota");
    uint64_t before = used(quota), most = limit(quota), number = 0;
    uint64_t free = used(pool), total = limit(pool);

    expect("split without use", ambit_pool_split(look, 1, &none),
           STATUS_NO_RIGHTS);
    expect("return without use", ambit_pool_return(look), STATUS_NO_RIGHTS);
    expect("allocate without use", ambit_allocate(look, &none, &number),
           STATUS_NO_RIGHTS);
    expect("split nothing", ambit_pool_split(pool, 0, &none),
           STATUS_INVALID_ARGUMENT);
    expect("beyond the quota", ambit_pool_split(pool, most - before, &none),
           STATUS_NO_QUOTA);
    expect("beyond all numbers", ambit_pool_split(pool, UINT64_MAX, &none),
           STATUS_NO_QUOTA);
    expect("return a domain's own", ambit_pool_return(pool), STATUS_BUSY);
    numbers("quota", quota, before, most);
    numbers("pool", pool, free, total);
    expect("delete", ambit_delete(look), STATUS_OK);
}

static void pool_splits(struct ambit_handle pool)
{
    struct ambit_handle quota = named("quota"), own = {0}, inner = {0};
    struct ambit_handle frame = {0}, none = {0};
    uint64_t before = used(quota), most = limit(quota), number = 0;
    uint64_t free = used(pool), total = limit(pool);

    expect("split", ambit_pool_split(pool, 16, &own), STATUS_OK);
    numbers("set aside, and a page", quota, before + 17, most);
    numbers("less by as much", pool, free - 17, total);
    numbers("all its own", own, 16, 16);
    expect("allocate", ambit_allocate(own, &frame, &number), STATUS_OK);
    numbers("paid before", quota, before + 17, most);
    numbers("one less", own, 15, 16);
    expect("split again", ambit_pool_split(own, 8, &inner), STATUS_OK);
    numbers("out of it", own, 7, 16);
    expect("more than is left", ambit_pool_split(own, 8, &none),
           STATUS_NO_QUOTA);
    expect("in use", ambit_pool_return(own), STATUS_BUSY);
    expect("inner", ambit_pool_return(inner), STATUS_OK);
    expect("twice", ambit_pool_return(inner), STATUS_CLOSED);
    expect("nothing left of it", ambit_allocate(inner, &none, &number),
           STATUS_NO_QUOTA);
    expect("in use still", ambit_pool_return(own), STATUS_BUSY);
    expect("delete", ambit_delete(inner), STATUS_OK);
    expect("the frame stays", ambit_delete(own), STATUS_OK);
    numbers("and is paid for", quota, before + 17, most);
    expect("delete", ambit_delete(frame), STATUS_OK);
    numbers("nothing left", quota, before, most);
    numbers("all back", pool, free, total);
}

/* One more than fits: nothing is made, and what was made can be undone. */
static void until_full(struct ambit_handle quota)
{
    uint64_t before = used(quota), most = limit(quota);
    struct ambit_handle none = {0};
    enum status status;
    uint32_t made = 0;

    while ((status = ambit_quota_split(quota, 1, AMBIT_QUOTA_NEW, &none)) ==
           STATUS_OK) {
        made++;
    }
    expect("table full", status, STATUS_NO_SLOT);
    numbers("all paid", quota, before + made + (made + 30) / 31, most);
    expect("pool", ambit_pool_split(named("pool"), 1, &none), STATUS_NO_SLOT);
    numbers("no more", quota, before + made + (made + 30) / 31, most);
    expect("revoke", ambit_revoke(quota), STATUS_OK);
    numbers("nothing left", quota, before, most);
}

AMBIT_ENTRY(pools_main)
{
    struct ambit_handle quota = named("quota"), pool = named("pool");

    quota_refused(quota);
    quota_trades(quota);
    quota_ceilings(quota);
    pool_refused(pool);
    pool_splits(pool);
    until_full(quota);
    return (int)wrong;
}
