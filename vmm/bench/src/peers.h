/* SPDX-License-Identifier: Apache-2.0 */
/* The Linux peers: one program, natively and in a Linux under QEMU. */
#ifndef BENCH_PEERS_H
#define BENCH_PEERS_H

#include "guest.h"

/* Measures all wanted operations of the peers at a place, and notes what went
 * wrong; or says why the place is not there. */
void peers_measure(struct bench_work *work, enum bench_place place);

/*
 * An archive in cpio's form "newc" with one file, /init, which is a program: an
 * initramfs. Returns its bytes, which the caller frees, or null: no memory.
 */
void *peers_archive(const void *program, size_t program_bytes, size_t *bytes);

/*
 * The kernel to boot: `asked`, or else the newest /boot/vmlinuz-*. 0 and its
 * path, or -1 with the reason and remedy in the site.
 */
int peers_kernel(const char *asked, char path[FOLDER_PATH],
                 struct bench_site *site);

#endif
