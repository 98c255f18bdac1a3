/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One list of outcomes for the cores, the kernel, ring 3 and the host.
 * 0 is success. A status is the caller's fault; our own bugs are assertions.
 */
#ifndef ABI_STATUS_H
#define ABI_STATUS_H

#define ABI_STATUS_LIST(X)                                                     \
    X(OK, 0, "done")                                                           \
    X(INVALID_HANDLE, 1, "the handle names no live capability")                \
    X(STALE_HANDLE, 2, "the handle's generation has passed")                   \
    X(WRONG_TYPE, 3, "the capability is of another type")                      \
    X(NO_RIGHTS, 4, "the capability lacks a right that this needs")            \
    X(INVALID_ARGUMENT, 5, "an argument makes no sense")                       \
    X(OUT_OF_RANGE, 6, "an offset or size lies outside the resource")          \
    X(NO_SLOT, 7, "the capability table is full")                              \
    X(NO_QUOTA, 8, "the memory quota is exhausted")                            \
    X(NO_MEMORY, 9, "the physical allocator has no free memory")               \
    X(BAD_POINTER, 10, "a pointer is not readable or writable by the caller")  \
    X(NOT_FOUND, 11, "no such name")                                           \
    X(REVOKING, 12, "the capability is being revoked")                         \
    X(CLOSED, 13, "the other side is gone")                                    \
    X(TOO_BIG, 14, "larger than the limit")                                    \
    X(EXISTS, 15, "it exists already")                                         \
    X(NO_SUCH_CALL, 16, "no such system call")                                 \
    X(BUSY, 17, "the object is in use")                                        \
    X(MALFORMED, 18, "the data does not have the documented form")             \
    X(UNSUPPORTED, 19, "this substrate or build does not offer it")            \
    X(MORE, 20, "not finished: call again")                                    \
    X(NOT_RUNNING, 21, "the domain does not run")                              \
    X(WOULD_DEADLOCK, 22, "waiting for this would never end")

enum status {
#define ABI_STATUS_ENUM(name, code, text) STATUS_##name = code,
    ABI_STATUS_LIST(ABI_STATUS_ENUM)
#undef ABI_STATUS_ENUM
        STATUS_COUNT
};

/* A result that must not be dropped. */
#define MUST_CHECK __attribute__((warn_unused_result))

#endif
