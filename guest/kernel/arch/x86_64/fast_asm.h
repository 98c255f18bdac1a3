/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What fast.S knows of the structures of the kernel and of its cores:
 * ../../fast.c asserts every number of this file.
 */
#ifndef FAST_ASM_H
#define FAST_ASM_H

/* System calls that have a short way. */
#define FAST_CALL 19
#define FAST_REPLY 22

/* struct domain, and what lies in it */
#define DOMAIN_CALL_HANDLE 304
#define DOMAIN_CALL_SLOT 312
#define DOMAIN_CALL_SAYS 320
#define DOMAIN_SERVE_HANDLE 328
#define DOMAIN_SERVE_SLOT 336
#define DOMAIN_SERVE_SAYS 344
#define DOMAIN_TABLE 352
#define DOMAIN_COUNTS 360
#define DOMAIN_WAITS_BY 368
#define DOMAIN_INDEX 376
#define DOMAIN_PRIORITY 380
#define DOMAIN_PAUSED 381
#define DOMAIN_NOTE 382
#define PARTY_STATE 384
#define PARTY_NEXT 392
#define PARTY_PREVIOUS 396
#define PARTY_ENDPOINT 400
#define PARTY_PEER 408
#define PARTY_ANSWERING 412
#define DOMAIN_STATE 1013
#define DOMAIN_SPACE 1064

/* enum domain_state, enum ipc_state, bounds of core 2 */
#define STATE_RUNNABLE 1
#define STATE_CROSSING 2
#define STATE_IDLE 0
#define STATE_WAITING 2
#define STATE_RECEIVING 3
#define PARTY_NONE -1
#define PARTY_COUNT 4096

/* struct ipc_endpoint; struct space */
#define ENDPOINT_FIRST_CALLER 12
#define ENDPOINT_FIRST_RECEIVER 20
#define ENDPOINT_LAST_RECEIVER 24
#define SPACE_ROOT 32

/* struct cap_slot, struct cap_table */
#define SLOT_GENERATION 4
#define SLOT_HEAD 14
#define SLOT_OBJECT 16
#define SLOT_COUNT 80
#define SLOT_BYTES 88
#define TABLE_SIZE 128
#define CHUNK_SLOTS 46
/* index * CHUNK_FACTOR >> 16 is index / CHUNK_SLOTS for all that there are. */
#define CHUNK_FACTOR 1425
/* State, type, the right to call, no member: a slot's first four bytes. */
#define SLOT_CALL_MASK 0x0202ffff
#define SLOT_CALL_SAYS 0x00020a01

/* struct shared, struct shared_domain, struct arch_cpu */
#define SHARED_CURRENT 12
#define SHARED_FAST 2720
#define SHARED_FALLS 2728
#define COUNT_CALLS 40
#define COUNT_SWITCHES 56
#define CPU_FEATURES 0
#define CPU_FSGSBASE 32
#define CPU_CR3 8
#define CPU_CR3_WRITES 16

/* abi/layout.h */
#define USER_LIMIT 0x8000000000

/* enum crossing_fall */
#define FALL_CAPABILITY 1
#define FALL_HANDLE 2
#define FALL_NOBODY 3
#define FALL_PRIORITY 4
#define FALL_STOPPED 5
#define FALL_OWED 6
#define FALL_QUEUED 7
#define FALL_ELSEWHERE 8

#endif
