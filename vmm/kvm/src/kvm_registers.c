/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The register host call (abi/hostcall.h): ring-3 state that a guest kernel
 * without XSAVE and FSGSBASE cannot reach is saved, reset and restored here.
 * One KVM_SET_XSAVE covers x87, vector and PKRU state; the FS and GS bases go
 * through KVM_SET_SREGS, only when they differ.
 */
#define _GNU_SOURCE
#include "kvm_internal.h"
#include <abi/hostcall.h>
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
    uint8_t from;
    uint8_t to;
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
    if (!store->clean) {
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

/* Saves the live state as domain `id`'s. */
static int save(struct engine *engine, uint8_t id, struct failure *failure)
{
    struct kvm_xsave **slot = &engine->store.saved[id];

    if (!*slot) {
        *slot = new_image(&engine->store, failure);
    }
    if (!*slot || get_state(engine, *slot, failure) < 0) {
        return -1;
    }
    return get_bases(engine, &engine->store.bases[id], failure);
}

static void drop(struct kvm_register_store *store, uint8_t id)
{
    free(store->saved[id]);
    store->saved[id] = NULL;
    store->bases[id] = (struct kvm_bases){0, 0};
}

static int load(struct engine *engine, uint8_t id, struct failure *failure)
{
    struct kvm_xsave *image = engine->store.saved[id];

    if (set_state(engine, image ? image : engine->store.clean, failure) < 0) {
        return -1;
    }
    return set_bases(engine, &engine->store.bases[id], failure);
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

int kvm_registers_call(struct engine *engine, uint32_t value,
                       struct failure *failure)
{
    const struct call call = {.from = (uint8_t)value,
                              .to = (uint8_t)(value >> 8),
                              .operation = value >> 16};

    if (!engine->store.clean && make_clean(engine, failure) < 0) {
        return -1;
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
    unsigned id;

    for (id = 0; id < KVM_DOMAIN_IDS; id++) {
        free(store->saved[id]);
    }
    free(store->clean);
}
