/* SPDX-License-Identifier: Apache-2.0 */
/* Takes all it can get, in every way there is, and says what stopped it. */
#include <abi/layout.h>
#include <ambit/ambit.h>

static uint64_t charged(void)
{
    struct ambit_handle quota;
    struct ambit_info info;

    ambit_assert(ambit_capability("quota", &quota) == STATUS_OK);
    ambit_assert(ambit_inspect(quota, &info) == STATUS_OK);
    return info.first;
}

static enum status eat_frames(uint64_t *count)
{
    struct ambit_handle pool, frame;
    uint64_t number;
    enum status status = ambit_capability("pool", &pool);

    for (*count = 0; status == STATUS_OK; *count += status == STATUS_OK) {
        status = ambit_allocate(pool, &frame, &number);
    }
    return status;
}

static enum status eat_heap(uint64_t *bytes)
{
    struct ambit_handle heap;
    enum status status = ambit_capability("heap", &heap);

    while (status == STATUS_OK) {
        status = ambit_grow(heap, 16, bytes);
    }
    return status;
}

/* Needs a heap that may grow beyond the quota. */
AMBIT_ENTRY(quota_main)
{
    uint64_t frames, bytes = 0;

    ambit_printf("charged at the start: %lu pages\n", charged());
    enum status status = eat_heap(&bytes);
    ambit_printf("heap: %lu bytes, then: %s\n", bytes,
                 ambit_status_text(status));
    ambit_assert(status == STATUS_NO_QUOTA);
    status = eat_frames(&frames);
    ambit_printf("frames: %lu, then: %s\n", frames, ambit_status_text(status));
    ambit_assert(status == STATUS_NO_QUOTA || status == STATUS_NO_SLOT);
    return 0;
}
