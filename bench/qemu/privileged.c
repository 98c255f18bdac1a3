/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plugin of QEMU's TCG that counts privileged instructions between the marks
 * of abi/measure.h, as a program in the guest sets them around a sample. It
 * watches from outside: the kernels that run are those that always run, and the
 * count of instructions is the same with it and without.
 *
 *     -plugin privileged.so,out=FILE      a line a sample: the counts
 *     -plugin privileged.so,profile=FILE  at the end: ADDRESS INSTRUCTIONS of
 *                                         each block that samples executed
 *     -plugin privileged.so,probe=CODE    end QEMU with CODE at once
 */
#define _GNU_SOURCE
#include "decode.h"
#include "plugin_api.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A block of code, as translated; one that is translated again is another. */
struct block {
    struct block *next;
    uint64_t address, instructions, executed;
};

static struct {
    bool open; /* between the marks */
    uint64_t counts[PRIVILEGED_COUNT];
    FILE *out;           /* null: not wanted */
    const char *profile; /* null: not wanted */
    struct block *blocks;
} state;

PLUGIN_EXPORT int qemu_plugin_version = PLUGIN_VERSION;

static void on_begin(unsigned int vcpu, void *data)
{
    (void)vcpu;
    (void)data;
    memset(state.counts, 0, sizeof(state.counts));
    state.open = true;
}

static void on_end(unsigned int vcpu, void *data)
{
    (void)vcpu;
    (void)data;
    if (!state.open) {
        return;
    }
    state.open = false;
    if (state.out) {
        for (unsigned i = 0; i < PRIVILEGED_COUNT; i++) {
            fprintf(state.out, "%llu%c", (unsigned long long)state.counts[i],
                    i + 1 < PRIVILEGED_COUNT ? ' ' : '\n');
        }
        fflush(state.out); /* QEMU may be killed */
    }
}

static void on_privileged(unsigned int vcpu, void *data)
{
    (void)vcpu;
    state.counts[(uintptr_t)data] += state.open;
}

static void on_block(unsigned int vcpu, void *data)
{
    struct block *block = data;

    (void)vcpu;
    block->executed += state.open;
}

static void watch_block(struct qemu_plugin_tb *tb, size_t instructions)
{
    struct block *block = calloc(1, sizeof(*block));

    if (block) {
        *block = (struct block){.next = state.blocks,
                                .address = qemu_plugin_tb_vaddr(tb),
                                .instructions = instructions};
        state.blocks = block;
        qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block,
                                             QEMU_PLUGIN_CB_NO_REGS, block);
    }
}

static void on_translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
    size_t count = qemu_plugin_tb_n_insns(tb);

    (void)id;
    if (state.profile) {
        watch_block(tb, count);
    }
    for (size_t i = 0; i < count; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        enum privileged what =
            decode(qemu_plugin_insn_data(insn), qemu_plugin_insn_size(insn));
        plugin_executed callback = what == MARK_BEGIN        ? on_begin
                                   : what == MARK_END        ? on_end
                                   : what < PRIVILEGED_COUNT ? on_privileged
                                                             : NULL;

        if (callback) {
            qemu_plugin_register_vcpu_insn_exec_cb(insn, callback,
                                                   QEMU_PLUGIN_CB_NO_REGS,
                                                   (void *)(uintptr_t)what);
        }
    }
}

static void on_exit_(qemu_plugin_id_t id, void *data)
{
    FILE *out = fopen(state.profile, "w");

    (void)id;
    (void)data;
    for (const struct block *b = state.blocks; out && b; b = b->next) {
        if (b->executed) {
            fprintf(out, "%llx %llu\n", (unsigned long long)b->address,
                    (unsigned long long)(b->executed * b->instructions));
        }
    }
    if (out) {
        fclose(out);
    }
}

PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const void *info,
                                      int argc, char **argv);
PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const void *info,
                                      int argc, char **argv)
{
    (void)info;
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "probe=", 6) == 0) {
            _exit(atoi(argv[i] + 6));
        } else if (strncmp(argv[i], "out=", 4) == 0) {
            state.out = fopen(argv[i] + 4, "w");
        } else if (strncmp(argv[i], "profile=", 8) == 0) {
            state.profile = strdup(argv[i] + 8);
        }
    }
    if (!state.out && !state.profile) {
        fprintf(stderr, "privileged: no file to write to\n");
        return -1;
    }
    if (state.profile) {
        qemu_plugin_register_atexit_cb(id, on_exit_, NULL);
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translated);
    return 0;
}
