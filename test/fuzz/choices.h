/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the domain in ring 3 of the hosted kernel chooses, by the bytes of an
 * input: things that a program could know, and sometimes anything at all.
 */
#ifndef FUZZ_CHOICES_H
#define FUZZ_CHOICES_H

#include "fuzz.h"
#include "hosted/machine.h"

#include "kernel.h"

#define BUFFER 1280u

extern struct bytes in; /* what is left of the input */

void choices_begin(const uint8_t *data, size_t size);
/* Somebody was given this one. */
void know(uint64_t handle);
uint64_t handle(void);
uint64_t scratch(void); /* below the stack's top, where variables are */
uint64_t address(void);
uint64_t number(void);
uint64_t small(uint64_t usual); /* less than `usual`, most of the time */
/* Writes a name where the program's buffer is; returns its length. */
uint64_t name(void);

/* Registers of a call, by its number. */
void arguments(struct arch_frame *frame);
void arguments_wild(struct arch_frame *frame);
void arguments_made(struct arch_frame *frame);

#endif
