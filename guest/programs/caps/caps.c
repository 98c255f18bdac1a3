/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every operation on capabilities, from ring 3: what works, and the status of
 * what does not. Needs holds `ring` (a range of at least 8 pages, rwu) and
 * `line` (an endpoint, call). Prints each difference; exits with their number.
 */
#include <ambit/ambit.h>

static uint32_t wrong; /* this program is alone in its space */

static void expect(const char *what, enum status got, enum status want)
{
    if (got != want) {
        ambit_printf("%s: %s, expected: %s\n", what, ambit_status_text(got),
                     ambit_status_text(want));
        wrong++;
    }
}

static void expect_rights(const char *what, struct ambit_handle handle,
                          uint32_t rights)
{
    struct ambit_info info = {0};

    expect(what, ambit_inspect(handle, &info), STATUS_OK);
    if (info.rights != rights) {
        ambit_printf("%s: rights %x, expected %x\n", what, info.rights, rights);
        wrong++;
    }
}

static struct ambit_handle derived(struct ambit_handle from, uint32_t rights)
{
    struct ambit_handle handle = {0};

    ambit_assert(ambit_derive(from, rights, &handle) == STATUS_OK);
    return handle;
}

static void check_rights(struct ambit_handle ring)
{
    struct ambit_handle read = derived(ring, AMBIT_READ), none = {0};

    expect_rights("derive r of rwu", read, AMBIT_READ);
    expect("derive rw of r",
           ambit_derive(read, AMBIT_READ | AMBIT_WRITE, &none),
           STATUS_NO_RIGHTS);
    expect("derive u of r", ambit_derive(read, AMBIT_USE, &none),
           STATUS_NO_RIGHTS);
    expect("derive x of rwu", ambit_derive(ring, AMBIT_EXEC, &none),
           STATUS_NO_RIGHTS);
    /* Bits that a careless kernel would cut off. */
    expect("derive bit 8", ambit_derive(read, 0x100 | AMBIT_READ, &none),
           STATUS_INVALID_ARGUMENT);
    ambit_assert(none.bits == 0);
    expect("delete r", ambit_delete(read), STATUS_OK);
}

static void check_parts(struct ambit_handle ring)
{
    struct ambit_handle part = {0}, inner = {0}, none = {0};

    expect("pages 2..4", ambit_derive_part(ring, AMBIT_READ, 2, 3, &part),
           STATUS_OK);
    expect("all of it", ambit_derive_part(part, AMBIT_READ, 0, 3, &inner),
           STATUS_OK);
    expect("one more", ambit_derive_part(part, AMBIT_READ, 0, 4, &none),
           STATUS_OUT_OF_RANGE);
    expect("one behind", ambit_derive_part(part, AMBIT_READ, 3, 1, &none),
           STATUS_OUT_OF_RANGE);
    expect("around the end of numbers",
           ambit_derive_part(part, AMBIT_READ, 2, UINT64_MAX, &none),
           STATUS_OUT_OF_RANGE);
    expect("before it",
           ambit_derive_part(part, AMBIT_READ, UINT64_MAX, 2, &none),
           STATUS_OUT_OF_RANGE);
    ambit_assert(none.bits == 0);
    expect("delete inner", ambit_delete(inner), STATUS_OK);
    expect("delete part", ambit_delete(part), STATUS_OK);
}

static void check_delete(struct ambit_handle ring)
{
    struct ambit_handle a = derived(ring, AMBIT_READ);
    struct ambit_handle b = derived(a, AMBIT_READ);
    struct ambit_info info;

    expect("delete a", ambit_delete(a), STATUS_OK);
    expect("a is gone", ambit_inspect(a, &info), STATUS_INVALID_HANDLE);
    expect_rights("b lives on", b, AMBIT_READ);
    expect("delete b", ambit_delete(b), STATUS_OK);
    struct ambit_handle c = derived(ring, AMBIT_READ);
    expect("the slot is another's now", ambit_inspect(a, &info),
           STATUS_STALE_HANDLE);
    expect("delete by the old handle", ambit_delete(a), STATUS_STALE_HANDLE);
    expect("delete c", ambit_delete(c), STATUS_OK);
}

static void check_revoke(struct ambit_handle ring)
{
    struct ambit_handle a = derived(ring, AMBIT_READ | AMBIT_WRITE);
    struct ambit_handle b = derived(a, AMBIT_READ);
    struct ambit_handle c = derived(b, AMBIT_READ);
    struct ambit_info info;

    expect("revoke a", ambit_revoke(a), STATUS_OK);
    expect("b is gone", ambit_inspect(b, &info), STATUS_INVALID_HANDLE);
    expect("c is gone", ambit_inspect(c, &info), STATUS_INVALID_HANDLE);
    expect_rights("a stays", a, AMBIT_READ | AMBIT_WRITE);
    b = derived(a, AMBIT_READ);
    expect("delete b", ambit_delete(b), STATUS_OK);
    expect("delete a", ambit_delete(a), STATUS_OK);
}

static void check_compose(struct ambit_handle ring, struct ambit_handle line)
{
    struct ambit_handle members[9], whole = {0}, part = {0}, none = {0};

    for (uint32_t i = 0; i < 9; i++) {
        members[i] = (i & 1) == 0 ? ring : line;
    }
    expect("of nothing", ambit_compose(members, 0, &none),
           STATUS_INVALID_ARGUMENT);
    expect("of nine", ambit_compose(members, 9, &none),
           STATUS_INVALID_ARGUMENT);
    expect("of two", ambit_compose(members, 2, &whole), STATUS_OK);
    members[0] = whole;
    expect("of a composite", ambit_compose(members, 1, &none),
           STATUS_INVALID_ARGUMENT);
    expect("member 1", ambit_member(whole, 1, AMBIT_WRITE, &part), STATUS_OK);
    expect_rights("member 1", part, AMBIT_WRITE);
    expect("delete it", ambit_delete(part), STATUS_OK);
    expect("member 2", ambit_member(whole, 2, 0, &none), STATUS_NOT_FOUND);
    expect("more than member 0 has", ambit_member(whole, 0, AMBIT_EXEC, &none),
           STATUS_NO_RIGHTS);
    expect("member of a range", ambit_member(ring, 0, 0, &none),
           STATUS_WRONG_TYPE);
    ambit_assert(none.bits == 0);
    expect("delete whole", ambit_delete(whole), STATUS_OK);
}

/* Figure 1 of the model: derive a composite, replace one member, share the
 * rest. */
static void check_replace(struct ambit_handle ring, struct ambit_handle line)
{
    struct ambit_handle members[2] = {ring, line};
    struct ambit_handle read = derived(ring, AMBIT_READ);
    struct ambit_handle whole = {0}, other = {0}, part = {0}, none = {0};

    expect("compose", ambit_compose(members, 2, &whole), STATUS_OK);
    expect("a range by an endpoint",
           ambit_derive_replaced(whole, 0, line, AMBIT_ALL, &none),
           STATUS_WRONG_TYPE);
    expect("member 5", ambit_derive_replaced(whole, 5, read, AMBIT_ALL, &none),
           STATUS_NOT_FOUND);
    expect("of a range", ambit_derive_replaced(ring, 0, read, AMBIT_ALL, &none),
           STATUS_WRONG_TYPE);
    expect("replace", ambit_derive_replaced(whole, 0, read, AMBIT_ALL, &other),
           STATUS_OK);
    expect("no more than the replacement",
           ambit_member(other, 0, AMBIT_WRITE, &none), STATUS_NO_RIGHTS);
    expect("the replacement", ambit_member(other, 0, AMBIT_READ, &part),
           STATUS_OK);
    expect("revoke what it was made of", ambit_revoke(read), STATUS_OK);
    expect("member 0 went with it", ambit_member(other, 0, AMBIT_READ, &none),
           STATUS_NOT_FOUND);
    expect("member 1 is shared", ambit_member(other, 1, AMBIT_WRITE, &part),
           STATUS_OK);
    expect("delete it", ambit_delete(part), STATUS_OK);
    expect("delete other", ambit_delete(other), STATUS_OK);
    expect("delete whole", ambit_delete(whole), STATUS_OK);
    expect("delete read", ambit_delete(read), STATUS_OK);
}

static void check_forged(struct ambit_handle ring)
{
    static const uint64_t forged[] = {
        0,                     /* never a handle */
        0xffffffull,           /* the last slot there could be */
        0x2000001ull,          /* a table that there is not */
        0xff000001ull,         /* likewise */
        0x1000005ull,          /* in the files table, which is empty here */
        0x8000000000000000ull, /* a generation far ahead, of slot 0 */
        UINT64_MAX};
    struct ambit_info info;

    for (uint32_t i = 0; i < sizeof forged / sizeof *forged; i++) {
        expect("a forged handle",
               ambit_inspect((struct ambit_handle){forged[i]}, &info),
               STATUS_INVALID_HANDLE);
    }
    struct ambit_handle next = {ring.bits + (1ull << 32)};
    expect("the next generation", ambit_inspect(next, &info),
           STATUS_STALE_HANDLE);
}

static void check_types(struct ambit_handle ring, struct ambit_handle line)
{
    struct ambit_message message = {0};
    struct ambit_outcome outcome;
    struct ambit_handle none = {0}, read = derived(ring, AMBIT_READ);
    uint64_t number;

    expect("call a range", ambit_call(ring, &message), STATUS_WRONG_TYPE);
    expect("spawn a range", ambit_spawn(ring), STATUS_WRONG_TYPE);
    expect("wait for an endpoint", ambit_wait(line, &outcome),
           STATUS_WRONG_TYPE);
    expect("allocate from a range", ambit_allocate(ring, &none, &number),
           STATUS_WRONG_TYPE);
    expect("open in an endpoint", ambit_open(line, "x", &none),
           STATUS_WRONG_TYPE);
    expect("attach an endpoint", ambit_attach(line, AMBIT_READ, &none),
           STATUS_WRONG_TYPE);
    expect("serve what may be called", ambit_receive(line, &message),
           STATUS_NO_RIGHTS);
    expect("attach without use", ambit_attach(read, AMBIT_READ, &none),
           STATUS_NO_RIGHTS);
    expect("answer nobody", ambit_reply(&message), STATUS_NOT_FOUND);
    ambit_assert(none.bits == 0);
    expect("delete read", ambit_delete(read), STATUS_OK);
}

/* A full table refuses, and is as good as before when it is emptied. */
static void check_full(struct ambit_handle ring)
{
    struct ambit_handle taken[64], none = {0};
    uint32_t count = 0;

    while (count < 64 &&
           ambit_derive(ring, AMBIT_READ, &taken[count]) == STATUS_OK) {
        count++;
    }
    expect("one more", ambit_derive(ring, AMBIT_READ, &none), STATUS_NO_SLOT);
    expect("a composite", ambit_compose(taken, 2, &none), STATUS_NO_SLOT);
    for (uint32_t i = 0; i < count; i++) {
        expect("delete", ambit_delete(taken[i]), STATUS_OK);
    }
    expect("delete", ambit_delete(derived(ring, AMBIT_READ)), STATUS_OK);
}

AMBIT_ENTRY(main)
{
    struct ambit_handle ring, line;

    ambit_assert(ambit_capability("ring", &ring) == STATUS_OK);
    ambit_assert(ambit_capability("line", &line) == STATUS_OK);
    check_rights(ring);
    check_parts(ring);
    check_delete(ring);
    check_revoke(ring);
    check_compose(ring, line);
    check_replace(ring, line);
    check_forged(ring);
    check_types(ring, line);
    check_full(ring);
    ambit_printf("%u answers were not as documented\n", wrong);
    return (int)wrong;
}
