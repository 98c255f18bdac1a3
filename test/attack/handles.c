/* SPDX-License-Identifier: Apache-2.0 */
/* Authority that was not given: forged, foreign, stale, amplified. */
#include "attack.h"

#define TABLES 4u
#define INDICES 800u /* more than a table can have */
#define GENERATIONS 4u

/* Tries handles by the thousand. Argument: how many capabilities of each table
 * it was given; not one more may answer. */
AMBIT_ENTRY(guess_main)
{
    struct ambit_info info;
    uint64_t wanted = 0, found = 0;

    ambit_assert(argc == 2 && ambit_number(argv[1], &wanted));
    for (uint64_t table = 0; table < TABLES; table++) {
        for (uint64_t index = 0; index < INDICES; index++) {
            for (uint64_t generation = 0; generation < GENERATIONS;
                 generation++) {
                struct ambit_handle guess = {generation << 32 | table << 24 |
                                             index};
                found += ambit_inspect(guess, &info) == STATUS_OK;
            }
        }
    }
    ambit_printf("%lu handles answered\n", found);
    return found == wanted ? 0 : ATTACK_SUCCEEDED;
}

/* Passes one of its handles, from far up in its table, to whoever calls. */
AMBIT_ENTRY(giver_main)
{
    struct ambit_handle ring = attack_capability("ring"), last = ring;
    struct ambit_message message;

    for (uint32_t i = 0; i < 20; i++) {
        attack_expect("derive", ambit_derive(ring, AMBIT_READ, &last),
                      STATUS_OK);
    }
    attack_let_one_in(&message);
    message.words[0] = last.bits;
    attack_let_it_go(&message);
    return 0;
}

/* A number is no authority: the giver's handle names nothing here. */
AMBIT_ENTRY(taker_main)
{
    struct ambit_message message = {0};
    struct ambit_handle none = {0};
    struct ambit_info info;

    attack_expect("call", ambit_call(attack_capability("gate"), &message),
                  STATUS_OK);
    struct ambit_handle foreign = {message.words[0]};
    attack_expect("inspect", ambit_inspect(foreign, &info),
                  STATUS_INVALID_HANDLE);
    attack_expect("attach", ambit_attach(foreign, AMBIT_READ, &none),
                  STATUS_INVALID_HANDLE);
    attack_expect("derive", ambit_derive(foreign, AMBIT_READ, &none),
                  STATUS_INVALID_HANDLE);
    return 0;
}

/* Holds ring: ru and files; may not get w out of it in any way. */
AMBIT_ENTRY(amplify_main)
{
    struct ambit_handle ring = attack_capability("ring"), none = {0};
    struct ambit_handle whole = {0}, replaced = {0}, copy = {0};

    for (uint32_t rights = 0; rights <= AMBIT_ALL; rights++) {
        bool within = (rights & ~(uint32_t)(AMBIT_READ | AMBIT_USE)) == 0;
        attack_expect("derive", ambit_derive(ring, rights, &copy),
                      within ? STATUS_OK : STATUS_NO_RIGHTS);
        if (within) {
            attack_expect("delete", ambit_delete(copy), STATUS_OK);
        }
    }
    attack_expect("attach rw",
                  ambit_attach(ring, AMBIT_READ | AMBIT_WRITE, &none),
                  STATUS_NO_RIGHTS);
    attack_expect("grow", ambit_grow(ring, 1, &none.bits), STATUS_NO_RIGHTS);
    attack_expect("compose", ambit_compose(&ring, 1, &whole), STATUS_OK);
    attack_expect("member with w", ambit_member(whole, 0, AMBIT_ALL, &none),
                  STATUS_NO_RIGHTS);
    attack_expect("replaced",
                  ambit_derive_replaced(whole, 0, ring, AMBIT_ALL, &replaced),
                  STATUS_OK);
    attack_expect("its member with w",
                  ambit_member(replaced, 0, AMBIT_WRITE, &none),
                  STATUS_NO_RIGHTS);
    attack_expect("compose itself", ambit_compose(&whole, 1, &none),
                  STATUS_INVALID_ARGUMENT);
    ambit_assert(none.bits == 0);
    return 0;
}

/* A stale handle does not name what stands in its slot now. */
AMBIT_ENTRY(stale_main)
{
    struct ambit_handle ring = attack_capability("ring"), old = {0}, now = {0};
    struct ambit_info info;

    attack_expect("derive", ambit_derive(ring, AMBIT_READ, &old), STATUS_OK);
    for (uint32_t i = 0; i < 100; i++) {
        now = old;
        attack_expect("delete", ambit_delete(now), STATUS_OK);
        attack_expect("derive", ambit_derive(ring, AMBIT_READ, &old),
                      STATUS_OK);
        ambit_assert((uint32_t)now.bits == (uint32_t)old.bits);
        attack_expect("inspect", ambit_inspect(now, &info),
                      STATUS_STALE_HANDLE);
        attack_expect("delete", ambit_delete(now), STATUS_STALE_HANDLE);
        attack_expect("revoke", ambit_revoke(now), STATUS_STALE_HANDLE);
    }
    return 0;
}

/* ---- badges ---- */

/* Serves two calls; each caller's first word claims a badge that is not its
 * own. The kernel's badges differ all the same, and are not what is claimed. */
AMBIT_ENTRY(badge_server_main)
{
    struct ambit_message first = {0}, second = {0};

    attack_let_one_in(&first);
    attack_let_it_go(&first);
    attack_let_one_in(&second);
    attack_let_it_go(&second);
    ambit_assert(first.badge != second.badge);
    ambit_assert(first.badge != first.words[0]);
    ambit_assert(second.badge != second.words[0]);
    return 0;
}

AMBIT_ENTRY(badge_caller_main)
{
    struct ambit_message message = {.badge = 77, .words = {77}};
    struct ambit_handle gate = attack_capability("gate"), none = {0};

    attack_expect("call", ambit_call(gate, &message), STATUS_OK);
    attack_expect("serve", ambit_receive(gate, &message), STATUS_NO_RIGHTS);
    attack_expect("answer", ambit_reply(&message), STATUS_NOT_FOUND);
    attack_expect("derive serve", ambit_derive(gate, AMBIT_USE, &none),
                  STATUS_NO_RIGHTS);
    return 0;
}
