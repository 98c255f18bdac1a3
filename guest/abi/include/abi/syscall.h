/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls. rax = number; arguments in rdi, rsi, rdx, r10, r8, r9, r12.
 * Returns rax = enum status; values in rdi, rsi, rdx, r10, r8, r9, r12 as each
 * call says. rcx and r11 are lost, everything else is preserved, except that
 * vector registers do not survive CALL, RECEIVE, REPLY_RECEIVE.
 * On any status but OK the value registers keep what they held, except that
 * DOMAIN_CREATE says there why; WAIT that is to destroy, when that is BUSY, how
 * the domain ended; and REPLY_RECEIVE, once it has replied, leaves there what
 * the domain has had some time. A number that is not in the list, in its gaps
 * too, is NO_SUCH_CALL.
 *
 * Handles: {generation:32, table:8, index:24} in one 64-bit word; 0 is never
 * a handle. table 0 is caps, 1 is files. The numbers have gaps: one that is not
 * listed is no call.
 */
#ifndef ABI_SYSCALL_H
#define ABI_SYSCALL_H

#include <stdint.h>

/* number, name, arguments -> values. Not all numbers are calls. */
#define SYSCALL_LIST(X)                                                        \
    X(0, EXIT)             /* code -> never */                                 \
    X(1, YIELD)            /* */                                               \
    X(2, CONSOLE)          /* ptr, bytes<=1024 */                              \
    X(3, REPORT)           /* ptr to struct syscall_report */                  \
    X(4, CAPABILITY)       /* ptr name, bytes -> rdx handle */                 \
    X(5, LOCATE)           /* ptr name, bytes -> rdx base, r10 bytes */        \
    X(6, INSPECT)          /* handle -> rdx type, r10 rights, r8, r9 */        \
    X(7, DERIVE)           /* handle, rights, first, pages -> rdx */           \
    X(8, DELETE)           /* handle */                                        \
    X(9, REVOKE)           /* handle */                                        \
    X(10, COMPOSE)         /* ptr to u64 handles, count<=8 -> rdx */           \
    X(11, DERIVE_REPLACED) /* composite, member, handle, rights -> rdx */      \
    X(12, MEMBER)          /* composite, member, rights -> rdx */              \
    X(13, ATTACH)          /* range, rights -> rdx attachment */               \
    X(14, GROW)            /* range, pages -> rdx bytes now */                 \
    X(15, ALLOCATE)        /* pool -> rdx frame handle, r10 frame number */    \
    X(16, OPEN)            /* directory, ptr path, bytes -> rdx */             \
    X(17, READ)            /* file, offset, ptr, bytes<=4096 -> rdx bytes */   \
    X(18, LIST)            /* directory, index, ptr[64] -> rdx bytes, r10 */   \
    X(19, CALL)            /* endpoint, w0..w5 -> w0..w5 in rsi.. */           \
    X(20, RECEIVE)         /* endpoint -> rdi badge, w0..w5 */                 \
    X(21, REPLY)           /* -, w0..w5 */                                     \
    X(22, REPLY_RECEIVE)   /* endpoint, w0..w5 -> rdi badge, w0..w5 */         \
    X(23, SPAWN)           /* domain */                                        \
    X(24, STOP)            /* domain */                                        \
    X(25, WAIT)            /* domain, flags -> rdx outcome, r10 code */        \
    X(26, TRY)             /* landing, rsp (0, 0: disarm) */                   \
    X(27, RANDOM)          /* -> rdx */                                        \
    X(28, FAULT_WAIT)      /* handler, ptr syscall_fault -> rdx domain id */   \
    X(29, FAULT_RESUME)    /* handler, domain id, 0 stop / 1 skip / 2 retry */ \
    X(30, MOVE)            /* handle -> rdx */                                 \
    X(31, BADGE) /* endpoint or notification, rights, badge -> rdx */          \
    X(32, ENDPOINT_CREATE)     /* -> rdx */                                    \
    X(33, NOTIFICATION_CREATE) /* -> rdx */                                    \
    X(34, SIGNAL)              /* notification, bits */                        \
    X(35, AWAIT)          /* notification, 0 block / 1 poll -> rdx word */     \
    X(40, QUOTA_SPLIT)    /* quota, pages, 0 set aside / 1 ceiling -> rdx */   \
    X(41, QUOTA_TRADE)    /* from, to, pages */                                \
    X(42, QUOTA_RETURN)   /* quota */                                          \
    X(43, POOL_SPLIT)     /* pool, pages -> rdx */                             \
    X(44, POOL_RETURN)    /* pool */                                           \
    X(45, RANGE_CREATE)   /* pages, rights, 0 with frames / 1 bare, pool or 0  \
                             -> rdx */                                         \
    X(46, MAP)            /* frame, range, page, rights -> rdx mapping */      \
    X(47, UNMAP)          /* mapping */                                        \
    X(50, DOMAIN_CREATE)  /* ptr to struct syscall_domain -> rdx domain;       \
                             refused: r10 class, r8 refusal */                 \
    X(51, DOMAIN_START)   /* domain: it runs; once ended, afresh */            \
    X(52, DOMAIN_DESTROY) /* domain: gives back all it had */                  \
    X(60, CPU_READ)       /* cpu, ptr to struct syscall_registers */           \
    X(61, CPU_WRITE)      /* cpu, ptr to struct syscall_registers */           \
    X(62, STEP)           /* cpu, instructions */                              \
    X(63, TIME_SET)       /* time, budget ns, period ns, priority */           \
    X(64, TIME_QUERY)     /* time -> rdx budget, r10 period, r8, r9 left */    \
    X(65, TIME_BIND)      /* time, domain (0: oneself) */                      \
    X(66, TIME_CREATE)    /* time, budget, period, priority -> rdx */          \
    X(67, PART_OF)        /* domain, type, rights -> rdx */                    \
    X(68, ATTACH_TO)      /* range, rights, space -> rdx attachment */         \
    X(69, HANDLER_BIND)   /* handler, domain */                                \
    X(70, OPEN_WITH)  /* directory, ptr path, bytes, rights, flags -> rdx */   \
    X(80, PAUSE)      /* cpu -> rdx enum syscall_stand */                      \
    X(81, CONTINUE)   /* cpu */                                                \
    X(82, PAUSE_WAIT) /* cpu -> rdx, when it stands still */

enum syscall_number {
#define SYSCALL_ENUM(number, name) SYSCALL_##name = number,
    SYSCALL_LIST(SYSCALL_ENUM)
#undef SYSCALL_ENUM
        SYSCALL_COUNT
};

/* How a range is made at run time. */
enum syscall_range_kind {
    SYSCALL_RANGE_FRAMES, /* a frame for each page, zeroed */
    SYSCALL_RANGE_BARE    /* addresses: frames are mapped into it */
};

enum syscall_open_flags {
    SYSCALL_OPEN_EXCLUSIVE = 1 /* no other domain opens it meanwhile */
};

#define SYSCALL_KEEPS_MAX 6u
#define SYSCALL_HOLDS_MAX 16u
#define SYSCALL_TEXT_MAX 256u /* name, args and names of holds, with NULs */

enum syscall_make_flags {
    SYSCALL_MAKE_KEEP_ALL = 1, /* space: part: the image and the heap */
    SYSCALL_MAKE_START = 2     /* it runs at once */
};

enum syscall_wait_flags {
    SYSCALL_WAIT_DESTROY = 1 /* once it has ended, as DOMAIN_DESTROY */
};

/* What a part of a space keeps: the image, the heap, or a range. */
enum syscall_keep { KEEP_IMAGE = 1, KEEP_HEAP = 2 }; /* else a handle */

/* One capability that a new domain begins with. */
struct syscall_hold {
    uint64_t handle; /* of the creator's */
    uint64_t badge;  /* endpoints: 0 keeps the creator's */
    uint32_t rights; /* no more than the creator's */
    char name[28];   /* what the domain calls it, NUL-terminated */
};
_Static_assert(sizeof(struct syscall_hold) == 48, "syscall_hold");

/* Handed to DOMAIN_CREATE: a composition, class by class. */
struct syscall_domain {
    uint64_t bytes;    /* of this struct: its version */
    uint8_t degree[7]; /* files cpu space pool quota caps handler: 0 same,
                          1 part, 2 new, 3 none */
    uint8_t on_fault;  /* 0 stop, 1 continue, 2 handler */
    uint64_t program;  /* 0: the creator's own; else a file, held with exec */
    uint64_t entry;    /* offset of the entry function in the image; 0 where
                          the program is a file: its main */
    uint64_t name;     /* address: name_bytes of 1 to 31, no NUL */
    uint64_t args;     /* address: argc NUL-terminated strings */
    uint32_t args_bytes, argc;
    uint32_t stack_pages, heap_pages;
    uint32_t quota_pages, pool_pages; /* new or part; new */
    uint32_t caps_slots, files_slots; /* new or part */
    uint32_t flags;                   /* enum syscall_make_flags */
    uint32_t keep_count, hold_count;
    uint32_t name_bytes;
    uint64_t keeps; /* address of u64: enum syscall_keep, or handles */
    uint64_t holds; /* address of struct syscall_hold */
};
_Static_assert(sizeof(struct syscall_domain) == 112, "syscall_domain");

/*
 * A capability that goes along with CALL, REPLY or REPLY_RECEIVE: r13 holds its
 * handle and what to do, 0 for none. The receiver finds a handle of its own in
 * r13, or 0. Copied: a child of it with these rights. Moved: it is the
 * receiver's now. The receiver's table must have room: else NO_SLOT, and
 * neither message nor capability has gone.
 */
#define SYSCALL_PASS_RIGHTS 26u /* shift of the rights of a copy */
#define SYSCALL_PASS_MOVE (UINT64_C(1) << 30)
#define SYSCALL_PASS_MASK (UINT64_C(31) << 26)

#define SYSCALL_NAME_MAX 63u /* bytes of a name or one path component */
#define SYSCALL_PATH_MAX 255u
#define SYSCALL_CONSOLE_MAX 1024u
#define SYSCALL_READ_MAX 4096u
#define SYSCALL_COMPOSE_MAX 8u
#define SYSCALL_WORDS 6u

/* Handed to REPORT. Strings are NUL-terminated. */
struct syscall_report {
    char about[32]; /* domain the observation is about; "" is the caller */
    char key[32];
    char value[32];
    uint64_t number;
    uint32_t kind; /* enum report_kind of abi/shared.h */
    uint32_t reserved;
};
_Static_assert(sizeof(struct syscall_report) == 112, "syscall_report");

/* Filled by FAULT_WAIT; also the shape a caught try leaves in registers:
 * rax = type, rdx = access, r10 = address, r8 = range, r9 = owner. */
struct syscall_fault {
    uint32_t domain;
    uint32_t type;   /* enum fault_type */
    uint32_t access; /* enum fault_access */
    uint32_t range;
    uint32_t owner;
    uint32_t reserved;
    uint64_t address;
    uint64_t rip;
};
_Static_assert(sizeof(struct syscall_fault) == 40, "syscall_fault");

/* Where a domain stands. */
enum syscall_stand {
    SYSCALL_STAND_INSTRUCTION, /* between two; a call that is repeated when it
                                  goes on (WAIT, FAULT_WAIT) is still ahead */
    SYSCALL_STAND_CALL,  /* in a crossing, which ends by itself: its registers
                            are those of the call, and are not written */
    SYSCALL_STAND_FAULT, /* its handler has to decide, too */
    SYSCALL_STAND_START  /* made, and not started yet */
};

/* General registers of a domain that stands still. */
struct syscall_registers {
    uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
    uint64_t rbp, rdi, rsi, rdx, rcx, rbx, rax;
    uint64_t rip, rflags, rsp;
};
_Static_assert(sizeof(struct syscall_registers) == 144, "syscall_registers");

#define SYSCALL_STEPS_MAX 1000000u

/*
 * What a domain finds at its start: rdi points here (in its own stack), rsp
 * is just below, 16-byte aligned minus 8; all other registers are 0.
 */
struct syscall_start {
    uint64_t bytes;      /* of this struct */
    uint64_t image_base; /* load address of its image */
    uint64_t entry;      /* the function to call */
    uint64_t args;       /* address of argc NUL-terminated strings */
    uint32_t argc;
    uint32_t domain; /* index */
    char name[32];   /* of the domain */
    uint64_t seed;
    uint64_t reserved;
};
_Static_assert(sizeof(struct syscall_start) == 88, "syscall_start");

#endif
