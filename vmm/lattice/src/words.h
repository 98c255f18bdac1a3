/* SPDX-License-Identifier: Apache-2.0 */
/* Words that the CSV and JSON forms share. */
#ifndef LATTICE_WORDS_H
#define LATTICE_WORDS_H

#include <lattice/lattice.h>

static inline const char *words_verdict(enum lattice_verdict verdict)
{
    static const char *const texts[] = {[LATTICE_NO_DEGREE] = "no such degree",
                                        [LATTICE_REFUSED] = "refused",
                                        [LATTICE_VALID] = "valid"};

    return texts[verdict];
}

static inline const char *words_tried(uint8_t tried)
{
    static const char *const texts[] = {[LATTICE_NOT_TRIED] = "",
                                        [LATTICE_MET] = "met",
                                        [LATTICE_MISMATCH] = "mismatch"};

    return texts[tried];
}

/* Files hold every selected point, or the valid ones if that was asked for. */
static inline bool words_shown(const struct lattice_row *row,
                               enum lattice_show show)
{
    return row->selected && (show != LATTICE_ONLY_VALID ||
                             row->judgement.verdict == LATTICE_VALID);
}

#endif
