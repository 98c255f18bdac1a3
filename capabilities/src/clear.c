/* SPDX-License-Identifier: Apache-2.0 */
/* Emptying a whole table. */
#include "internal.h"

enum status cap_table_clear(const struct cap_context *context,
                            struct cap_table *table)
{
    uint32_t visited = 0;

    while (table->cursor < table->size) {
        if (visited >= CAP_STEP_MAX) {
            return STATUS_MORE;
        }
        struct cap_slot *slot = cap_table_slot(table, table->cursor);
        table->cursor++;
        if (slot->state == CAP_LIVE) {
            /* A composite comes before its members and takes them along. */
            core_assert((slot->flags & CAP_MEMBER) == 0);
            (void)cap__remove(context, slot, &visited);
            visited += cap__work(context);
        } else {
            visited++;
        }
    }
    table->cursor = 0;
    return STATUS_OK;
}
