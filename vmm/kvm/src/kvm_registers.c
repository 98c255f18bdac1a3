/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The register host call (abi/hostcall.h): ring-3 state that a guest kernel
 * without XSAVE and FSGSBASE cannot reach is saved, reset and restored here.
 * One KVM_SET_XSAVE covers x87, vector and PKRU state; the FS and GS bases go
 * through KVM_SET_SREGS, only when they differ.
 */
#define _GNU_SOURCE
#include "kvm_internal.h"
#include <cpuid.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

/* The XSAVE image (Intel SDM vol. 1, 13.4): legacy region, then a header. */
#define XSAVE_FCW 0u   /* 16-bit words of region[] are packed in pairs */
#define XSAVE_MXCSR 6u /* index into region[] */
#define XSAVE_XSTATE_BV 128u
#define X87_CONTROL_RESET 0x37fu
#define MXCSR_RESET 0x1f80u
#define STATE_X87_SSE 3u
#define STATE_PKRU (1u << 9)
#define CPUID_7_ECX_OSPKE (1u << 4)

struct call {
    uint32_t from; /* below HOSTCALL_DOMAINS, or HOSTCALL_NO_DOMAIN */
    uint32_t to;
    uint32_t operation;
};

static int failed(const char *what, struct failure *failure)
{
    return failure_set(failure, EXIT_HOST, "kvm: register call: %s: %s", what,
                       strerror(errno));
}

static int get_state(const struct engine *engine, struct kvm_xsave *to,
                     struct failure *failure)
{
    unsigned long request = engine->has_xsave2 ? KVM_GET_XSAVE2 : KVM_GET_XSAVE;

    if (ioctl(engine->vcpu, request, to) < 0) {
        return failed("KVM_GET_XSAVE", failure);
    }
    return 0;
}

static int set_state(const struct engine *engine, struct kvm_xsave *from,
                     struct failure *failure)
{
    int rc = ioctl(engine->vcpu, KVM_SET_XSAVE, from);

    /* The host has PKRU, but this KVM gives none to the vCPU. */
    if (rc < 0 && errno == EINVAL && from == engine->store.clean &&
        from->region[XSAVE_XSTATE_BV] & STATE_PKRU) {
        from->region[XSAVE_XSTATE_BV] &= ~STATE_PKRU;
        rc = ioctl(engine->vcpu, KVM_SET_XSAVE, from);
    }
    return rc < 0 ? failed("KVM_SET_XSAVE", failure) : 0;
}

/* CPUID 7: does ring 3 of the host have protection keys? */
static bool host_has_pkru(void)
{
    unsigned a, b, c, d;

    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (c & CPUID_7_ECX_OSPKE);
}

static int get_bases(const struct engine *engine, struct kvm_bases *to,
                     struct failure *failure)
{
    struct kvm_sregs sregs;

    if (ioctl(engine->vcpu, KVM_GET_SREGS, &sregs) < 0) {
        return failed("KVM_GET_SREGS", failure);
    }
    to->fs = sregs.fs.base;
    to->gs = sregs.gs.base;
    return 0;
}

static int set_bases(const struct engine *engine, const struct kvm_bases *from,
                     struct failure *failure)
{
    struct kvm_sregs sregs;

    if (ioctl(engine->vcpu, KVM_GET_SREGS, &sregs) < 0) {
        return failed("KVM_GET_SREGS", failure);
    }
    if (sregs.fs.base == from->fs && sregs.gs.base == from->gs) {
        return 0;
    }
    sregs.fs.base = from->fs;
    sregs.gs.base = from->gs;
    if (ioctl(engine->vcpu, KVM_SET_SREGS, &sregs) < 0) {
        return failed("KVM_SET_SREGS", failure);
    }
    return 0;
}

static struct kvm_xsave *new_image(const struct kvm_register_store *store,
                                   struct failure *failure)
{
    struct kvm_xsave *image = calloc(1, store->bytes);

    if (!image) {
        (void)failure_set(failure, EXIT_HOST,
                          "kvm: register call: out of memory");
    }
    return image;
}

/*
 * The state that a processor has after XRSTOR of nothing: every component in
 * its initial configuration. It is built, not captured, so that nothing that
 * ring 3 did before the first call can be in it.
 */
static int make_clean(struct engine *engine, struct failure *failure)
{
    struct kvm_register_store *store = &engine->store;
    int bytes = ioctl(engine->vm, KVM_CHECK_EXTENSION, KVM_CAP_XSAVE2);

    engine->has_xsave2 = bytes > (int)sizeof(struct kvm_xsave);
    store->bytes =
        engine->has_xsave2 ? (size_t)bytes : sizeof(struct kvm_xsave);
    store->clean = new_image(store, failure);
    store->image = new_image(store, failure);
    if (!store->clean || !store->image) {
        return -1;
    }
    store->clean->region[XSAVE_FCW] = X87_CONTROL_RESET;
    store->clean->region[XSAVE_MXCSR] = MXCSR_RESET;
    /* A component that XSTATE_BV leaves out is reset, too; but Linux before
     * 6.2 kept PKRU then, so it is named, and zero. */
    store->clean->region[XSAVE_XSTATE_BV] =
        STATE_X87_SSE | (host_has_pkru() ? STATE_PKRU : 0);
    return 0;
}

static void drop(struct kvm_register_store *store, uint32_t id)
{
    if (id != HOSTCALL_NO_DOMAIN) {
        free(store->saved[id]);
        store->saved[id] = NULL;
    }
}

/* Most of an image is of registers that a domain has not touched. */
static size_t image_end(const struct kvm_register_store *store)
{
    const uint8_t *image = (const uint8_t *)store->image;
    size_t end = store->bytes;

    while (end > 0 && image[end - 1] == 0) {
        end--;
    }
    return end;
}

/* Saves the live state as domain `id`'s. */
static int save(struct engine *engine, uint32_t id, struct failure *failure)
{
    struct kvm_register_store *store = &engine->store;
    struct kvm_saved *saved;
    size_t end;

    if (get_state(engine, store->image, failure) < 0) {
        return -1;
    }
    end = image_end(store);
    saved = store->saved[id];
    if (!saved || saved->bytes != end) {
        saved = realloc(saved, sizeof(*saved) + end);
        if (!saved) {
            return failure_set(failure, EXIT_HOST,
                               "kvm: register call: out of memory");
        }
        store->saved[id] = saved;
        saved->bytes = end;
    }
    memcpy(saved->image, store->image, end);
    return get_bases(engine, &saved->bases, failure);
}

static int load(struct engine *engine, uint32_t id, struct failure *failure)
{
    static const struct kvm_bases none = {0, 0};
    struct kvm_register_store *store = &engine->store;
    const struct kvm_saved *saved =
        id == HOSTCALL_NO_DOMAIN ? NULL : store->saved[id];

    if (!saved) {
        return set_state(engine, store->clean, failure) < 0
                   ? -1
                   : set_bases(engine, &none, failure);
    }
    memcpy(store->image, saved->image, saved->bytes);
    memset((uint8_t *)store->image + saved->bytes, 0,
           store->bytes - saved->bytes);
    return set_state(engine, store->image, failure) < 0
               ? -1
               : set_bases(engine, &saved->bases, failure);
}

static int do_switch(struct engine *engine, const struct call *call,
                     struct failure *failure)
{
    if (call->from != HOSTCALL_NO_DOMAIN &&
        save(engine, call->from, failure) < 0) {
        return -1;
    }
    return load(engine, call->to, failure);
}

static int do_reset(struct engine *engine, const struct call *call,
                    struct failure *failure)
{
    drop(&engine->store, call->from);
    drop(&engine->store, call->to);
    return load(engine, call->to, failure);
}

static bool is_number(uint32_t id)
{
    return id < HOSTCALL_DOMAINS || id == HOSTCALL_NO_DOMAIN;
}

int kvm_registers_call(struct engine *engine, uint32_t value,
                       struct failure *failure)
{
    const struct call call = {
        .from = value & HOSTCALL_NO_DOMAIN,
        .to = value >> HOSTCALL_REGISTERS_TO & HOSTCALL_NO_DOMAIN,
        .operation = value >> HOSTCALL_REGISTERS_OPERATION};

    if (!engine->store.clean && make_clean(engine, failure) < 0) {
        return -1;
    }
    if (!is_number(call.from) || !is_number(call.to)) {
        return failure_set(failure, EXIT_HOST,
                           "kvm: the guest kernel made register call 0x%x for "
                           "a domain that cannot exist",
                           value);
    }
    switch (call.operation) {
    case HOSTCALL_REGISTERS_SWITCH:
        return do_switch(engine, &call, failure);
    case HOSTCALL_REGISTERS_RESET:
        return do_reset(engine, &call, failure);
    case HOSTCALL_REGISTERS_FORGET:
        drop(&engine->store, call.from);
        return 0;
    default:
        return failure_set(failure, EXIT_HOST,
                           "kvm: the guest kernel made register call 0x%x, "
                           "which does not exist",
                           value);
    }
}

void kvm_registers_free(struct kvm_register_store *store)
{
    for (uint32_t id = 0; id < HOSTCALL_DOMAINS; id++) {
        free(store->saved[id]);
    }
    free(store->clean);
    free(store->image);
}
