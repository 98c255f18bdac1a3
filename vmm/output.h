/* SPDX-License-Identifier: Apache-2.0 */
/* Standard output, which may be a full disk, or a reader that has left. */
#ifndef VMM_OUTPUT_H
#define VMM_OUTPUT_H

#include <stdbool.h>

/* True if whoever read standard output has left: that is no failure of ours,
 * as with `ambit run x.yaml | head -1`. */
bool output_reader_left(void);

#endif
