/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Assertions of the cores: our own bugs, never the caller's mistakes. The one
 * outside hook of a core; the kernel and hosted tests each define it.
 */
#ifndef CAPABILITIES_ASSERT_H
#define CAPABILITIES_ASSERT_H

/*
 * Reports `what` (the condition's text) and never returns.
 * Needs: to be defined once by whoever links a core.
 */
_Noreturn void core_assert_fail(const char *what, const char *file,
                                unsigned line);

#define core_assert(condition)                                                 \
    ((condition) ? (void)0 : core_assert_fail(#condition, __FILE__, __LINE__))

#endif
