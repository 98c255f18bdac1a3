/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guards: every check or act of the kernel that keeps a domain within its
 * bounds, one by one. The code that guards says GUARD(ID, condition)
 * (<abi/guard.h>). `ambit run --without-guard name` boots the mutation kernel,
 * which is built from the same sources and does without that one guard; a test
 * that passes all the same does not need it, so it proves nothing about it.
 *
 * X(ID, "name", "what it stops"). Numbers follow the order; 0 is no guard.
 */
#ifndef ABI_GUARDS_H
#define ABI_GUARDS_H

/* clang-format off */
#define ABI_GUARDS(X)                                                          \
    X(HANDLE_GENERATION, "handle-generation",                                  \
      "a handle to a deleted capability does not reach its slot's next holder") \
    X(HANDLE_TYPE, "handle-type",                                              \
      "a capability serves only calls for its own type of resource")           \
    X(HANDLE_RIGHTS, "handle-rights",                                          \
      "a call needs its right on the capability it is given")                  \
    X(DERIVE_RIGHTS, "derive-rights",                                          \
      "a derived capability has no right that its source lacks")               \
    X(DERIVE_PART, "derive-part",                                              \
      "a derived part of a range ends where its source ends")                  \
    X(COPY_ADDRESS, "copy-address",                                            \
      "a pointer in a system call is below the kernel's half")                 \
    X(FRAME_RIP, "frame-rip",                                                  \
      "ring 3 resumes below the kernel's half")                                \
    X(QUOTA_LIMIT, "quota-limit",                                              \
      "nothing is charged beyond a quota's limit")                             \
    X(FRAME_SCRUB, "frame-scrub",                                              \
      "a frame is zeroed before it is free")                                   \
    X(TLB_FLUSH, "tlb-flush",                                                  \
      "a revoked page is gone from the TLB before ring 3 runs again")
/* clang-format on */

enum abi_guard {
    GUARD_NONE,
#define ABI_GUARD_ENUM(id, name, text) GUARD_##id,
    ABI_GUARDS(ABI_GUARD_ENUM)
#undef ABI_GUARD_ENUM
        GUARD_COUNT /* one more than the last */
};

#endif
