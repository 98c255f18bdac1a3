/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that is written after the guest has run, when nothing can be opened
 * or renamed any more (host/sandbox.h). It is opened before, under another
 * name, and appears under its own, whole, when it is committed: a process of
 * its own, the keeper, waits for that outside the sandbox and can do nothing
 * else. Without a commit nothing is left, and what was there before stays.
 * A device or pipe is opened as it is, and has no keeper.
 */
#ifndef HOST_LATE_FILE_H
#define HOST_LATE_FILE_H

#include <host/failure.h>
#include <host/sandbox.h>
#include <sys/types.h>

struct late_file {
    const char *path; /* borrowed; null: not open */
    int fd;           /* write here */
    int keeper_fd;    /* -1: a device or pipe */
    pid_t keeper;
};

/* 0, or -1 and *failure ("cannot write PATH: ..."). Cost: a fork. */
int late_file_open(struct late_file *file, const char *path,
                   struct failure *failure);

/* What writing and committing needs. Does nothing if it is not open. */
void late_file_confine(const struct late_file *file, struct sandbox *sandbox);

/* Writes all of it; 0, or -1 and *failure. */
int late_file_write(struct late_file *file, const void *bytes, size_t count,
                    struct failure *failure);

/* Closes; the file is there. 0, or -1 and *failure: it is not. */
int late_file_commit(struct late_file *file, struct failure *failure);

/* Closes, if it is open; the file is not there. */
void late_file_drop(struct late_file *file);

#endif
