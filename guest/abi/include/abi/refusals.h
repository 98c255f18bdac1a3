/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why a composition is refused, one by one: the same sentences for a config,
 * which the host's messages and the kernel's validator quote, and at run time,
 * where DOMAIN_CREATE returns {class, number} and a program prints the
 * sentence (ambit_refusal). Numbers follow the order; 0 is no refusal. New
 * ones are added at the end.
 *
 * X(ID, "sentence").
 */
#ifndef ABI_REFUSALS_H
#define ABI_REFUSALS_H

#include <stdint.h>

/* clang-format off */
#define ABI_REFUSALS(X)                                                        \
    X(CPU_DEGREE,                                                              \
      "cpu: can only be new: two domains on one set of registers would be one " \
      "domain")                                                                \
    X(SPACE_DEGREE,                                                            \
      "space: can be same, part or new: a domain without any space has "       \
      "nowhere to run")                                                        \
    X(POOL_DEGREE,                                                             \
      "pool: can be same, new or none: a part of an allocator is a limit on "  \
      "it, which is quota: part")                                              \
    X(HANDLER_DEGREE,                                                          \
      "handler: can be same, new or none: a fault cannot be handled in part")  \
    X(TABLE_LARGE, "a table has at most 736 slots")                            \
    X(TABLE_SMALL,                                                             \
      "the table has too few slots for what the domain holds")                 \
    X(FILES_SAME,                                                              \
      "files: same shares a table that the parent, whose files are none, does " \
      "not have")                                                              \
    X(FILES_PART_ROOT,                                                         \
      "files: part without a parent would be a part of the root domain's "     \
      "files, which are empty")                                                \
    X(FILES_PART,                                                              \
      "files: part is a part of a table that the parent does not have")        \
    X(CAPS_NONE_HOLDS,                                                         \
      "caps: none leaves no table for what the domain holds")                  \
    X(CAPS_SAME_ROOT,                                                          \
      "caps: same without a parent: the root domain has no table to share")    \
    X(CAPS_PART_ROOT,                                                          \
      "caps: part without a parent: the root domain has no table to take a "   \
      "part of")                                                               \
    X(CAPS_SAME,                                                               \
      "caps: same shares a table that the parent, whose caps are none, does "  \
      "not have")                                                              \
    X(CAPS_PART,                                                               \
      "caps: part is a part of a table that the parent does not have")         \
    X(KEEP_HEAP,                                                               \
      "space: part keeps a heap that the parent does not have")                \
    X(KEEP_RANGE,                                                              \
      "space: part keeps a range that is not in the parent's view")            \
    X(SPACE_SAME_ROOT,                                                         \
      "space: same without a parent: the root domain has no space to share")   \
    X(SPACE_PART_ROOT,                                                         \
      "space: part without a parent: the root domain has no space to take a "  \
      "part of")                                                               \
    X(QUOTA_PARENT_NONE,                                                       \
      "quota: same, part and new come out of a quota that the parent, whose "  \
      "quota is none, does not have")                                          \
    X(QUOTA_EMPTY, "quota: new has no page")                                   \
    X(QUOTA_MACHINE,                                                           \
      "quota: new asks for more than the machine's memory")                    \
    X(QUOTA_PARENT, "quota: new asks for more than the parent's quota")        \
    X(QUOTA_LEFT,                                                              \
      "quota: new asks for more than other domains leave of the quota it is "  \
      "made of")                                                               \
    X(QUOTA_PART_EMPTY, "quota: part is a ceiling without a page beneath it")  \
    X(QUOTA_PART_MACHINE,                                                      \
      "quota: part is a ceiling above the machine's memory")                   \
    X(QUOTA_PART_PARENT,                                                       \
      "quota: part is a ceiling above the parent's quota")                     \
    X(POOL_PARENT_NONE,                                                        \
      "pool: same and new come out of a pool that the parent, whose pool is "  \
      "none, does not have")                                                   \
    X(POOL_QUOTA,                                                              \
      "pool: new needs quota: new; otherwise the shared quota re-opens the "   \
      "channel it closes")                                                     \
    X(POOL_EMPTY, "pool: new has no page")                                     \
    X(POOL_MACHINE, "pool: new asks for more than the machine's memory")       \
    X(POOL_PARENT, "pool: new asks for more than the parent's pool")           \
    X(POOL_LEFT,                                                               \
      "pool: new asks for more than other domains leave of the pool it is "    \
      "made of")                                                               \
    X(HANDLER_NOBODY,                                                          \
      "handler: no domain handles these faults, so with on_fault: handler the " \
      "first would last for ever")                                             \
    X(HANDLER_NONE,                                                            \
      "handler: none lets a fault end the domain, so on_fault can only be "    \
      "stop")                                                                  \
    X(STACK_SIZE, "a stack has 1 to 256 pages")                                \
    X(HEAP_LARGE, "the heap is larger than the machine's memory")              \
    X(START_PARENT, "start: boot needs a parent that starts at boot")          \
    X(HOLD_EXEC,                                                               \
      "a range cannot be held with exec: only pages of programs are "          \
      "executable, and no page is writable and executable")                    \
    X(HOLD_BLIND_WRITE,                                                        \
      "a range cannot be held with write but not read: page tables know no "   \
      "such page")                                                             \
    X(HOLD_STRANGER,                                                           \
      "a domain can hold only its descendants and their handlers")             \
    X(HOLD_RIGHTS,                                                             \
      "a hold has no right, or one that its type does not know")               \
    X(NO_DOMAINS, "there is no domain to run")                                 \
    X(RANGE_EMPTY, "a range is empty")                                         \
    X(RANGES_LARGE,                                                            \
      "the ranges together are larger than the machine's memory")              \
    X(TIME_PRIORITY, "a time's priority is 0 to 7")                            \
    X(TIME_LARGE, "a time's budget is larger than its period")                 \
    X(TIME_LENGTH,                                                             \
      "a time's budget is at least 100 us long and its period at most 4 s")    \
    X(CREATOR_QUOTA,                                                           \
      "the creator's quota is none: nothing can be charged at run time")       \
    X(CREATOR_POOL,                                                            \
      "the creator's pool is none: nothing can be allocated at run time")      \
    X(CREATOR_CAPS,                                                            \
      "the creator has no table for a capability to what it makes")            \
    X(ENTRY, "the entry is not in an executable page of the program")          \
    X(PROGRAM, "the program is no file that the creator holds with exec")      \
    X(KEEP_HELD,                                                               \
      "space: part keeps a range that the creator has no capability to use "   \
      "and read")                                                              \
    X(HOLD_HELD,                                                               \
      "a hold is of no capability that the creator has with these rights")     \
    X(NUMBERS, "no number is left for a domain of this pool")                  \
    X(WINDOW, "no addresses are left in the window of this pool")              \
    X(DIRECTORIES,                                                             \
      "space: same needs a page directory that the quota or pool of the "      \
      "space's first domain has no page for")                                  \
    X(QUOTA_BUILD, "the quota does not cover what building the domain takes")  \
    X(POOL_BUILD, "the pool does not cover what building the domain takes")    \
    X(ARGS_LARGE, "name, arguments and holds take more than 256 bytes")        \
    X(PROGRAM_IMAGE,                                                           \
      "space: another program needs an image of its own: new, or a part that " \
      "does not keep the image")                                               \
    X(PROGRAM_ENTRY, "another program begins in its main: the entry is 0")     \
    X(KEEP_WHOLE,                                                              \
      "space: part keeps a part of a range; only a whole one is in a space")
/* clang-format on */

enum abi_refusal {
    REFUSAL_NONE,
#define ABI_REFUSAL_ENUM(id, text) REFUSAL_##id,
    ABI_REFUSALS(ABI_REFUSAL_ENUM)
#undef ABI_REFUSAL_ENUM
        REFUSAL_COUNT /* one more than the last */
};

/* The sentence; "" for no refusal and for numbers that are none. */
static inline const char *refusal_text(uint32_t refusal)
{
    static const char *const texts[] = {"",
#define ABI_REFUSAL_TEXT(id, text) text,
                                        ABI_REFUSALS(ABI_REFUSAL_TEXT)
#undef ABI_REFUSAL_TEXT
    };

    return refusal < REFUSAL_COUNT ? texts[refusal] : "";
}

#endif
