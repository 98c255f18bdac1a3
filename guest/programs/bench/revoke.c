/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What revoking costs: of capabilities, and of memory that another domain has
 * attached, by whose space it is. Arguments: samples, then the names of those
 * who attach; the endpoint of each is held as `to-NAME`.
 */
#include "samples.h"

#define MANY 100u

static void derive(struct ambit_handle source, uint32_t children)
{
    for (uint32_t i = 0; i < children; i++) {
        struct ambit_handle child;

        must(ambit_derive(source, AMBIT_USE, &child));
    }
}

static uint64_t revoke(struct ambit_handle source)
{
    uint64_t start = sample_begin();

    must(ambit_revoke(source));
    return sample_end(start);
}

static void children(struct samples *samples, const char *detail,
                     uint32_t count)
{
    struct ambit_handle endpoint;

    must(ambit_endpoint_create(&endpoint));
    derive(endpoint, count);
    must(ambit_revoke(endpoint));
    for (uint32_t i = 0; i < samples->wanted; i++) {
        derive(endpoint, count);
        samples->values[i] = revoke(endpoint);
    }
    samples_print(samples,
                  (struct series){"revoke", "self", detail, count ? count : 1});
    must(ambit_delete(endpoint));
}

/* The other attaches what comes along, or says why it may not. */
static enum status lend(struct ambit_handle gate, struct ambit_handle range)
{
    struct ambit_message message = {0};

    must(ambit_call_with(gate, &message,
                         ambit_copy_of(range, AMBIT_READ | AMBIT_USE)));
    return (enum status)message.words[0];
}

static void ranges(struct samples *samples, const char *name)
{
    struct ambit_handle gate, range;
    enum status status;
    char held[40];

    ambit_snprintf(held, sizeof(held), "to-%s", name);
    must(ambit_capability(held, &gate));
    must(ambit_range_create(1, AMBIT_READ | AMBIT_WRITE, &range));
    status = lend(gate, range);
    must(ambit_revoke(range));
    for (uint32_t i = 0; status == STATUS_OK && i < samples->wanted; i++) {
        must(lend(gate, range));
        samples->values[i] = revoke(range);
    }
    if (status == STATUS_OK) {
        samples_print(samples, (struct series){"revoke", name, "range", 1});
    } else {
        ambit_printf("blank revoke %s range : it may not attach it: %s\n", name,
                     ambit_status_text(status));
    }
    must(ambit_delete(range));
}

AMBIT_ENTRY(revoke_main)
{
    struct samples samples;

    samples_begin(&samples, argc, argv);
    children(&samples, "nothing", 0);
    children(&samples, "one", 1);
    children(&samples, "many", MANY);
    for (int i = 2; i < argc; i++) {
        ranges(&samples, argv[i]);
    }
    return 0;
}

AMBIT_ENTRY(attach_main)
{
    struct ambit_message message;
    struct ambit_handle gate, attachment;

    must(ambit_capability("gate", &gate));
    must(ambit_receive(gate, &message));
    for (;;) {
        message.words[0] =
            (uint64_t)ambit_attach(message.capability, AMBIT_READ, &attachment);
        must(ambit_reply_receive(gate, &message));
    }
}
