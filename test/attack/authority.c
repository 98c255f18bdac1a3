/* SPDX-License-Identifier: Apache-2.0 */
/* Capabilities made into what they are not: handles, types, rights, parts,
 * composites. Each domain holds `ring: rwu` unless its config says else. */
#include "attack.h"

#define TABLE_INDICES 4096u /* a table has 736 at most */
#define GENERATIONS 4u

static struct ambit_handle handle_at(uint64_t index, uint64_t generation)
{
    return (struct ambit_handle){generation << 32 | index};
}

/* Beyond the end of its table, and far beyond. */
AMBIT_ENTRY(index_main)
{
    struct ambit_info info;

    for (uint64_t index = 736; index < TABLE_INDICES; index++) {
        attack_expect("inspect", ambit_inspect(handle_at(index, 0), &info),
                      STATUS_INVALID_HANDLE);
    }
    attack_expect("the last", ambit_inspect(handle_at(0xffffff, 0), &info),
                  STATUS_INVALID_HANDLE);
    return 0;
}

/* What is left of a deleted capability that has children is nothing to use. */
AMBIT_ENTRY(deleted_main)
{
    struct ambit_handle ring = attack_capability("ring"), copy = {0};
    struct ambit_handle below = {0};
    struct ambit_info info;

    attack_expect("derive", ambit_derive(ring, AMBIT_READ, &copy), STATUS_OK);
    attack_expect("below", ambit_derive(copy, AMBIT_READ, &below), STATUS_OK);
    attack_expect("delete", ambit_delete(copy), STATUS_OK);
    attack_expect("inspect", ambit_inspect(copy, &info), STATUS_INVALID_HANDLE);
    attack_expect("the control", ambit_inspect(below, &info), STATUS_OK);
    return 0;
}

/* A composite's member stands in the slot behind it: no handle reaches it. */
AMBIT_ENTRY(member_handle_main)
{
    struct ambit_handle ring = attack_capability("ring"), whole = {0};
    struct ambit_info info;

    attack_expect("compose", ambit_compose(&ring, 1, &whole), STATUS_OK);
    for (uint64_t generation = 0; generation < GENERATIONS; generation++) {
        struct ambit_handle member =
            handle_at((whole.bits & 0xffffff) + 1, generation);
        attack_expect("inspect", ambit_inspect(member, &info),
                      STATUS_INVALID_HANDLE);
    }
    return 0;
}

/* A directory is not read as a file, nor a quota drawn on as a pool. */
AMBIT_ENTRY(type_main)
{
    struct ambit_handle files = attack_capability("files"), none = {0};
    uint64_t number;
    char bytes[16];
    size_t got = 0;

    attack_expect("read a directory",
                  ambit_read(files, 0, bytes, sizeof bytes, &got),
                  STATUS_WRONG_TYPE);
    attack_expect("attach files", ambit_attach(files, AMBIT_READ, &none),
                  STATUS_WRONG_TYPE);
    attack_expect("allocate of a quota",
                  ambit_allocate(attack_capability("quota"), &none, &number),
                  STATUS_WRONG_TYPE);
    return 0;
}

/* Each right that was given up stays given up. */
AMBIT_ENTRY(rights_main)
{
    struct ambit_handle pool = attack_capability("pool"), none = {0};
    struct ambit_handle ring = attack_capability("ring"), weak = {0};
    uint64_t number;

    attack_expect("derive", ambit_derive(pool, AMBIT_READ, &weak), STATUS_OK);
    attack_expect("allocate", ambit_allocate(weak, &none, &number),
                  STATUS_NO_RIGHTS);
    attack_expect("derive", ambit_derive(ring, AMBIT_READ, &weak), STATUS_OK);
    attack_expect("attach", ambit_attach(weak, AMBIT_READ, &none),
                  STATUS_NO_RIGHTS);
    attack_expect("derive back", ambit_derive(weak, AMBIT_ALL, &none),
                  STATUS_NO_RIGHTS);
    return 0;
}

/* Only the derivation: nothing else stands between it and the right. */
AMBIT_ENTRY(derive_back_main)
{
    struct ambit_handle ring = attack_capability("ring"), weak = {0};
    struct ambit_handle strong = {0}, made = {0};

    attack_expect("derive", ambit_derive(ring, AMBIT_USE | AMBIT_READ, &weak),
                  STATUS_OK);
    if (ambit_derive(weak, AMBIT_USE | AMBIT_READ | AMBIT_WRITE, &strong) ==
        STATUS_NO_RIGHTS) {
        return 0;
    }
    attack_expect("attach with it",
                  ambit_attach(strong, AMBIT_READ | AMBIT_WRITE, &made),
                  STATUS_OK);
    attack_succeeded("write came back");
}

/* A part of a part, larger than it; then one that begins before it. */
AMBIT_ENTRY(part_back_main)
{
    struct ambit_handle ring = attack_capability("ring"), part = {0};
    struct ambit_handle none = {0};

    attack_expect("part",
                  ambit_derive_part(ring, AMBIT_READ | AMBIT_USE, 1, 1, &part),
                  STATUS_OK);
    attack_expect("two of one",
                  ambit_derive_part(part, AMBIT_READ | AMBIT_USE, 0, 2, &none),
                  STATUS_OUT_OF_RANGE);
    attack_expect("behind it",
                  ambit_derive_part(part, AMBIT_READ | AMBIT_USE, 1, 1, &none),
                  STATUS_OUT_OF_RANGE);
    attack_expect(
        "before it",
        ambit_derive_part(part, AMBIT_READ | AMBIT_USE, (uint64_t)-1, 4, &none),
        STATUS_OUT_OF_RANGE);
    attack_expect(
        "round the end",
        ambit_derive_part(part, AMBIT_READ | AMBIT_USE, 0, (uint64_t)-1, &none),
        STATUS_OUT_OF_RANGE);
    return 0;
}

/* A page at the front of the range, made the whole of it, and attached. */
AMBIT_ENTRY(part_whole_main)
{
    struct ambit_handle ring = attack_capability("ring"), part = {0};
    struct ambit_handle whole = {0}, made = {0};
    uint64_t value;
    struct ambit_fault fault;

    attack_expect("part",
                  ambit_derive_part(ring, AMBIT_READ | AMBIT_USE, 3, 1, &part),
                  STATUS_OK);
    if (ambit_derive_part(part, AMBIT_READ | AMBIT_USE, (uint64_t)-3, 4,
                          &whole) == STATUS_OUT_OF_RANGE) {
        return 0;
    }
    attack_expect("attach", ambit_attach(whole, AMBIT_READ, &made), STATUS_OK);
    if (ambit_try_read(attack_place("ring"), &value, &fault)) {
        attack_succeeded("a page became four");
    }
    return ATTACK_SUCCEEDED;
}

/* A badge is given, not chosen. */
AMBIT_ENTRY(badge_choose_main)
{
    struct ambit_handle gate = attack_capability("gate"), mine = {0};

    attack_expect("a part of an endpoint",
                  ambit_derive_part(gate, AMBIT_WRITE, 0, 77, &mine),
                  STATUS_INVALID_ARGUMENT);
    return 0;
}

/* A chain of derivations without end. */
AMBIT_ENTRY(depth_main)
{
    struct ambit_handle at = attack_capability("ring"), next = {0};
    enum status status = STATUS_OK;

    for (uint32_t i = 0; i < 200 && status == STATUS_OK; i++) {
        status = ambit_derive(at, AMBIT_READ, &next);
        at = next;
    }
    attack_expect("one more", status, STATUS_TOO_BIG);
    return 0;
}

/* More than a table holds, by each call that makes one. */
AMBIT_ENTRY(slots_main)
{
    struct ambit_handle ring = attack_capability("ring"), made = {0};
    enum status status = STATUS_OK;

    for (uint32_t i = 0; i < 1000 && status == STATUS_OK; i++) {
        status = ambit_derive(ring, AMBIT_READ, &made);
    }
    attack_expect("derive", status, STATUS_NO_SLOT);
    attack_expect("compose", ambit_compose(&ring, 1, &made), STATUS_NO_SLOT);
    attack_expect("attach", ambit_attach(ring, AMBIT_READ, &made),
                  STATUS_NO_SLOT);
    return 0;
}

/* A composite with fewer rights hands out none of the others. */
AMBIT_ENTRY(member_rights_main)
{
    struct ambit_handle ring = attack_capability("ring"), whole = {0};
    struct ambit_handle weak = {0}, none = {0};

    attack_expect("compose", ambit_compose(&ring, 1, &whole), STATUS_OK);
    attack_expect("derive", ambit_derive(whole, AMBIT_READ, &weak), STATUS_OK);
    attack_expect("the control", ambit_member(weak, 0, AMBIT_READ, &none),
                  STATUS_OK);
    attack_expect("a member with w", ambit_member(weak, 0, AMBIT_WRITE, &none),
                  STATUS_NO_RIGHTS);
    return 0;
}

/* What is replaced stays of its type. */
AMBIT_ENTRY(member_type_main)
{
    struct ambit_handle ring = attack_capability("ring"), whole = {0};
    struct ambit_handle none = {0};

    attack_expect("compose", ambit_compose(&ring, 1, &whole), STATUS_OK);
    attack_expect("a directory for a range",
                  ambit_derive_replaced(whole, 0, attack_capability("files"),
                                        AMBIT_ALL, &none),
                  STATUS_WRONG_TYPE);
    return 0;
}

AMBIT_ENTRY(nested_main)
{
    struct ambit_handle ring = attack_capability("ring"), whole = {0};
    struct ambit_handle none = {0};

    attack_expect("compose", ambit_compose(&ring, 1, &whole), STATUS_OK);
    attack_expect("compose it again", ambit_compose(&whole, 1, &none),
                  STATUS_INVALID_ARGUMENT);
    return 0;
}

/* Members for a buffer that has room for eight. */
AMBIT_ENTRY(many_members_main)
{
    static struct ambit_handle members[1024];
    struct ambit_handle none = {0};

    for (uint32_t i = 0; i < 1024; i++) {
        members[i] = attack_capability("ring");
    }
    for (uint64_t count = 1024; count > 8; count /= 2) {
        attack_expect("compose", ambit_compose(members, count, &none),
                      STATUS_INVALID_ARGUMENT);
    }
    attack_expect("nine", ambit_compose(members, 9, &none),
                  STATUS_INVALID_ARGUMENT);
    attack_expect("the control", ambit_compose(members, 8, &none), STATUS_OK);
    return 0;
}

/* An attachment twice would be given up twice: what is counted down below
 * nothing stays mapped for ever. */
AMBIT_ENTRY(attachment_main)
{
    struct ambit_handle ring = attack_capability("ring"), made = {0};
    struct ambit_handle copy = {0};

    attack_expect("revoke", ambit_revoke(ring), STATUS_OK);
    attack_expect("attach", ambit_attach(ring, AMBIT_READ, &made), STATUS_OK);
    attack_expect("compose", ambit_compose(&made, 1, &copy), STATUS_WRONG_TYPE);
    attack_expect("derive", ambit_derive(made, AMBIT_READ, &copy),
                  STATUS_INVALID_ARGUMENT);
    return 0;
}

/* A capability in the middle is deleted: what was derived from it is still
 * below what the owner revokes. */
AMBIT_ENTRY(launder_main)
{
    struct ambit_handle ring = attack_capability("ring"), middle = {0};
    struct ambit_handle last = {0};
    struct ambit_info info;

    attack_expect("derive", ambit_derive(ring, AMBIT_READ, &middle), STATUS_OK);
    attack_expect("derive", ambit_derive(middle, AMBIT_READ, &last), STATUS_OK);
    attack_expect("delete", ambit_delete(middle), STATUS_OK);
    attack_expect("revoke", ambit_revoke(ring), STATUS_OK);
    if (ambit_inspect(last, &info) == STATUS_OK) {
        attack_succeeded("a grandchild outlived its revocation");
    }
    return 0;
}

/* Of two capabilities to a frame one is deleted: the frame is not free. */
AMBIT_ENTRY(frame_twice_main)
{
    struct ambit_handle pool = attack_capability("pool"), frame = {0};
    struct ambit_handle copy = {0}, other = {0};
    uint64_t number, next;

    attack_expect("allocate", ambit_allocate(pool, &frame, &number), STATUS_OK);
    attack_expect("derive", ambit_derive(frame, AMBIT_READ, &copy), STATUS_OK);
    attack_expect("delete", ambit_delete(copy), STATUS_OK);
    attack_expect("allocate", ambit_allocate(pool, &other, &next), STATUS_OK);
    if (number == next) {
        attack_succeeded("the same frame twice");
    }
    return 0;
}

/* A capability without read tells its type and rights, and no more. */
AMBIT_ENTRY(inspect_main)
{
    struct ambit_handle pool = attack_capability("pool"), blind = {0};
    struct ambit_info info;

    attack_expect("control", ambit_inspect(pool, &info), STATUS_OK);
    ambit_assert(info.first != 0 && info.second != 0);
    attack_expect("derive", ambit_derive(pool, AMBIT_USE, &blind), STATUS_OK);
    attack_expect("inspect", ambit_inspect(blind, &info), STATUS_OK);
    if (info.first != 0 || info.second != 0) {
        attack_succeeded("it tells how much memory is free");
    }
    return 0;
}

/* ---- while it is being revoked ---- */

#define COPIES 300u

AMBIT_ENTRY(revoking_owner_main)
{
    struct ambit_handle ring = attack_capability("ring");
    struct ambit_message message;

    attack_let_one_in(&message);
    attack_let_it_go(&message);
    attack_expect("revoke", ambit_revoke(ring), STATUS_OK);
    return 0;
}

/* Holds hundreds of copies, so that revoking takes steps; in between it
 * derives new ones faster than the old ones go. */
AMBIT_ENTRY(revoked_user_main)
{
    struct ambit_handle ring = attack_capability("ring"), made = {0};
    struct ambit_info info;
    enum status status = STATUS_OK;

    for (uint32_t i = 0; i < COPIES; i++) {
        attack_expect("derive", ambit_derive(ring, AMBIT_READ, &made),
                      STATUS_OK);
    }
    attack_wait();
    while (ambit_inspect(made, &info) == STATUS_OK) {
        ambit_yield();
    }
    status = ambit_derive(ring, AMBIT_READ, &made);
    attack_expect("derive", status, STATUS_REVOKING);
    return 0;
}
