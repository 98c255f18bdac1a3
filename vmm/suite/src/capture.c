/* SPDX-License-Identifier: Apache-2.0 */
#include "capture.h"

#include <stdlib.h>
#include <string.h>

int capture_init(struct capture *capture, const struct config_end *end)
{
    memset(capture, 0, sizeof(*capture));
    capture->matches = calloc(end->says_count + 1, sizeof(struct match));
    if (!capture->matches) {
        return -1;
    }
    for (uint32_t i = 0; i < end->says_count; i++) {
        if (match_init(&capture->matches[i], end->says[i].text) < 0) {
            return -1;
        }
        capture->match_count++;
    }
    return 0;
}

void capture_free(struct capture *capture)
{
    for (uint32_t i = 0; i < capture->match_count; i++) {
        match_free(&capture->matches[i]);
    }
    free(capture->matches);
    capture->matches = NULL;
    capture->match_count = 0;
}

void capture_take(struct capture *capture, const char *bytes, size_t count)
{
    for (uint32_t i = 0; i < capture->match_count; i++) {
        match_take(&capture->matches[i], bytes, count);
    }
    for (size_t i = 0; i < count; i++, capture->bytes++) {
        if (capture->bytes < CAPTURE_HEAD) {
            capture->head[capture->bytes] = bytes[i];
        } else {
            capture->tail[(capture->bytes - CAPTURE_HEAD) % CAPTURE_TAIL] =
                bytes[i];
        }
    }
}

void capture_put(const struct capture *capture, FILE *out)
{
    uint64_t rest = 0, first;

    if (capture->bytes <= CAPTURE_HEAD) {
        fwrite(capture->head, 1, (size_t)capture->bytes, out);
        return;
    }
    fwrite(capture->head, 1, CAPTURE_HEAD, out);
    rest = capture->bytes - CAPTURE_HEAD;
    if (rest <= CAPTURE_TAIL) {
        fwrite(capture->tail, 1, (size_t)rest, out);
        return;
    }
    fprintf(out, "\n[%llu bytes left out]\n",
            (unsigned long long)(rest - CAPTURE_TAIL));
    first = rest % CAPTURE_TAIL; /* the oldest byte of the ring */
    fwrite(capture->tail + first, 1, CAPTURE_TAIL - (size_t)first, out);
    fwrite(capture->tail, 1, (size_t)first, out);
}
