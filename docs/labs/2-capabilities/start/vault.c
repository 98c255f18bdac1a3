/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lab 2. `keeper` has a range, the vault, with a number in it. `reader` is to
 * read it for a while, and no more than that; `thief` wants to write. Write
 * the three functions that say TASK; the rest is good as it is.
 */
#include <ambit/ambit.h>

#define SECRET 42

/* TASK 1: a capability derived from `vault` that has the right to read, and
 * no other. */
static struct ambit_handle weaken(struct ambit_handle vault)
{
    return vault;
}

/* TASK 3: nothing that was derived from `vault`, wherever it is, may be there
 * when this returns. */
static void take_back(struct ambit_handle vault)
{
    (void)vault;
}

/* TASK 4: tries to derive a capability with the rights to read and to write
 * from one that can only read. Returns what the kernel says to that. */
static enum status steal(struct ambit_handle weak, struct ambit_handle *strong)
{
    (void)weak;
    (void)strong;
    return STATUS_NO_RIGHTS;
}

/* ---- from here on there is nothing to do ---- */

static struct ambit_handle held(const char *name)
{
    struct ambit_handle handle;

    ambit_assert(ambit_capability(name, &handle) == STATUS_OK);
    return handle;
}

static uint64_t vault_base(void)
{
    uint64_t base, bytes;

    ambit_assert(ambit_locate("vault", &base, &bytes) == STATUS_OK);
    return base;
}

static void report_rights(const char *key, struct ambit_handle handle)
{
    struct ambit_info info = {0};
    char text[8];

    ambit_assert(ambit_inspect(handle, &info) == STATUS_OK);
    ambit_snprintf(text, sizeof(text), "%s%s%s%s",
                   info.rights & AMBIT_READ ? "r" : "",
                   info.rights & AMBIT_WRITE ? "w" : "",
                   info.rights & AMBIT_EXEC ? "x" : "",
                   info.rights & AMBIT_USE ? "u" : "");
    ambit_report(key, text);
}

/* Reads the number, then tries to write it back. */
static void look(const char *key)
{
    struct ambit_fault fault;
    uint64_t value = 0;
    bool read = ambit_try_read(vault_base(), &value, &fault) && value == SECRET;
    bool written = ambit_try_write(vault_base(), SECRET, &fault);

    ambit_report(key, read && written ? "rw" : read ? "r" : "nothing");
}

AMBIT_ENTRY(keeper_main)
{
    struct ambit_handle vault = held("vault"), door = held("door"), weak;
    struct ambit_message message;
    struct ambit_outcome outcome;

    *(uint64_t *)vault_base() = SECRET;
    weak = weaken(vault);
    report_rights("weakened", weak);
    ambit_assert(ambit_spawn(held("reader")) == STATUS_OK);
    ambit_assert(ambit_receive(door, &message) == STATUS_OK);
    take_back(vault); /* while the reader waits for the reply */
    ambit_assert(ambit_reply(&message) == STATUS_OK);
    ambit_assert(ambit_wait(held("reader"), &outcome) == STATUS_OK);
    return 0;
}

AMBIT_ENTRY(reader_main)
{
    struct ambit_message message = {0};

    look("before");
    ambit_assert(ambit_call(held("door"), &message) == STATUS_OK);
    look("after");
    return 0;
}

/* Ends with 1 if it could steal. */
AMBIT_ENTRY(thief_main)
{
    struct ambit_handle strong = {0};
    enum status status = steal(held("vault"), &strong);

    ambit_report("stealing", ambit_status_text(status));
    return status == STATUS_OK && strong.bits != 0 ? 1 : 0;
}
