/* SPDX-License-Identifier: Apache-2.0 */
/* Which kernel boots: the one inside `ambit`, or a file. */
#ifndef VMM_KERNEL_FILE_H
#define VMM_KERNEL_FILE_H

struct run;

/* Sets run->kernel, from --kernel if it is given. 0, or -1 with everything
 * said on stderr and run->exit_code set. */
int kernel_file_open(struct run *run);
void kernel_file_free(struct run *run);

#endif
