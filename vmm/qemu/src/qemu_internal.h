/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share. */
#ifndef QEMU_INTERNAL_H
#define QEMU_INTERNAL_H

#include <host/engine.h>
#include <host/memory.h>
#include <stdbool.h>
#include <sys/types.h>

#define QEMU_PROGRAM "qemu-system-x86_64"
#define QEMU_PATH_MAX 4096u
#define QEMU_STDERR_KEPT 512u
#define QEMU_LINE_MAX 65536u
#define QEMU_BELLS 256u

/* Doorbells that run() has not handed out: each byte at most once. */
struct qemu_bells {
    uint8_t queue[QEMU_BELLS];
    unsigned first;
    unsigned count;
    bool queued[QEMU_BELLS]; /* by byte */
    bool closed;             /* QEMU has let go of its end */
};

/* One line of QMP at a time. */
struct qemu_qmp {
    int fd;
    size_t used;
    bool closed;
    char buffer[QEMU_LINE_MAX];
};

struct engine {
    pid_t child;   /* 0: none, or reaped */
    int status;    /* of the reaped child */
    int bell;      /* our end of the debug console; -1: closed */
    int output;    /* its stdout and stderr */
    int kick;      /* eventfd of engine_kick() */
    int kernel_fd; /* what QEMU opens by path */
    int module_fd;
    int memory_fd; /* borrowed */
    int gdb_fd;    /* borrowed; 0: no gdb */
    bool running;  /* `cont` has been sent since the last `stop` */
    bool reset;    /* the guest reset itself: QEMU stands still */
    bool echo;     /* show QEMU's own output on stderr */
    bool icount;
    bool sandbox; /* start QEMU with -sandbox on */
    uint64_t memory_bytes;
    struct guest_memory memory;
    size_t kept; /* bytes of output kept */
    char text[QEMU_STDERR_KEPT];
    struct qemu_bells bells;
    struct qemu_qmp qmp;
};

/* qemu_path.c: the program in PATH; false if there is none. */
bool qemu_find(char path[QEMU_PATH_MAX]);

/* qemu_spawn.c: starts QEMU, halted; the descriptors of *engine are set. */
int qemu_spawn(struct engine *engine, const char *path,
               struct failure *failure);
/* Ends it if it still runs, and reaps it. */
void qemu_reap(struct engine *engine, bool kill_it);

/* qemu_pump.c: waits for anything, up to `timeout_ns` (negative: for ever),
 * and takes in doorbells, output and QMP bytes. True if kicked. */
bool qemu_pump(struct engine *engine, int64_t timeout_ns);
/* The next doorbell; -1: none. */
int qemu_bell_take(struct qemu_bells *bells);

/* qemu_qmp.c: 0, or -1 and *failure. */
int qemu_qmp_begin(struct engine *engine, struct failure *failure);
int qemu_qmp_stop(struct engine *engine, struct failure *failure);
int qemu_qmp_cont(struct engine *engine, struct failure *failure);
/* Takes in what QEMU tells unasked. */
void qemu_qmp_events(struct engine *engine);
int qemu_qmp_registers(struct engine *engine, struct engine_registers *out,
                       struct failure *failure);

/* qemu_confine.c */
void qemu_confine(struct engine *engine, struct sandbox *sandbox);

/* qemu_run.c */
void qemu_engine_run(struct engine *engine, uint64_t run_until_ns,
                     struct engine_result *out);
/* Why QEMU is gone, with what it said. */
int qemu_died(struct engine *engine, struct failure *failure);

#endif
