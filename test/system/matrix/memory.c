/* SPDX-License-Identifier: Apache-2.0 */
/* Cells of frame, range, space, quota and pool. */
#include "matrix.h"

#include <ambit/parts.h>
#include <ambit/ranges.h>

#define RW (AMBIT_READ | AMBIT_WRITE)
#define PAGES 2u

/* What a cell is about: one at a time. */
static struct {
    struct ambit_handle made;   /* what `make` made */
    struct ambit_handle out;    /* what the operation gave */
    struct ambit_handle beside; /* a frame or a range that `make` made, too */
    uint64_t address;           /* where to look */
} at;

static void drop(struct ambit_handle *handle)
{
    matrix_must("delete", ambit_delete(*handle));
    handle->bits = 0;
}

static void made_drop(void)
{
    drop(&at.made);
}

static void out_drop(void)
{
    drop(&at.out);
}

/* 1 readable, 2 writable too. */
static uint64_t reach(void)
{
    struct ambit_fault fault;
    uint64_t value;

    if (!ambit_try_read(at.address, &value, &fault)) {
        return 0;
    }
    return ambit_try_write(at.address, value, &fault) ? 2 : 1;
}

static enum status tell(struct ambit_handle handle)
{
    struct ambit_info info = {0};
    enum status status = ambit_inspect(handle, &info);

    matrix_told = info.first | info.second;
    return status;
}

/* ---- quota ---- */

static struct ambit_handle quota(void)
{
    return matrix_held("quota");
}

static enum status quota_split(struct ambit_handle handle)
{
    return ambit_quota_split(handle, PAGES, AMBIT_QUOTA_NEW, &at.out);
}

static uint64_t quota_used(void)
{
    struct ambit_info info = {0};

    matrix_must("inspect", ambit_inspect(quota(), &info));
    return info.first;
}

/* Split off the domain's own, with a page of it charged to nobody. */
static struct ambit_handle quota_make(void)
{
    matrix_must("split",
                ambit_quota_split(quota(), PAGES, AMBIT_QUOTA_NEW, &at.made));
    return at.made;
}

static enum status quota_give(struct ambit_handle handle)
{
    return ambit_quota_trade(handle, quota(), 1);
}

static enum status quota_take(struct ambit_handle handle)
{
    return ambit_quota_trade(quota(), handle, 1);
}

static enum status quota_return(struct ambit_handle handle)
{
    return ambit_quota_return(handle);
}

/* ---- pool ---- */

static struct ambit_handle pool(void)
{
    return matrix_held("pool");
}

static uint64_t pool_free(void)
{
    struct ambit_info info = {0};

    matrix_must("inspect", ambit_inspect(pool(), &info));
    return info.first;
}

static enum status pool_allocate(struct ambit_handle handle)
{
    uint64_t number;

    return ambit_allocate(handle, &at.out, &number);
}

static enum status pool_split(struct ambit_handle handle)
{
    return ambit_pool_split(handle, PAGES, &at.out);
}

static struct ambit_handle pool_make(void)
{
    matrix_must("split", ambit_pool_split(pool(), PAGES, &at.made));
    return at.made;
}

static enum status pool_return(struct ambit_handle handle)
{
    return ambit_pool_return(handle);
}

/* ---- range ---- */

static struct ambit_handle range_make(void)
{
    struct ambit_info info = {0};

    matrix_must("range", ambit_range_create(PAGES, RW, &at.made));
    matrix_must("inspect", ambit_inspect(at.made, &info));
    at.address = info.first;
    return at.made;
}

static enum status attach_read(struct ambit_handle handle)
{
    return ambit_attach(handle, AMBIT_READ, &at.out);
}

static enum status attach_write(struct ambit_handle handle)
{
    return ambit_attach(handle, RW, &at.out);
}

static struct ambit_handle heap(void)
{
    return matrix_held("heap");
}

static enum status heap_grow(struct ambit_handle handle)
{
    uint64_t bytes;

    return ambit_grow(handle, 0, &bytes);
}

/* ---- space ---- */

static struct ambit_handle space_make(void)
{
    (void)range_make();
    return matrix_held("space");
}

static enum status space_attach(struct ambit_handle handle)
{
    return ambit_attach_to(at.made, RW, handle, &at.out);
}

/* ---- frame ---- */

static struct ambit_handle frame_make(void)
{
    uint64_t number;

    matrix_must("allocate", ambit_allocate(pool(), &at.made, &number));
    return at.made;
}

/* A bare range, attached to read and write unless `rights` has exec. */
static struct ambit_handle bare(uint32_t rights)
{
    struct ambit_handle range = {0}, attachment = {0};
    struct ambit_info info = {0};

    matrix_must("range", ambit_range_create_bare(PAGES, rights, &range));
    matrix_must("inspect", ambit_inspect(range, &info));
    if (rights == RW) {
        matrix_must("attach", ambit_attach(range, RW, &attachment));
    }
    at.address = info.first;
    return range;
}

static struct ambit_handle frame_to_map(void)
{
    at.beside = bare(RW);
    return frame_make();
}

static void frame_drop(void)
{
    drop(&at.made);
    matrix_must("revoke", ambit_revoke(at.beside));
    drop(&at.beside);
}

static enum status map_read(struct ambit_handle handle)
{
    return ambit_map(handle, at.beside, 0, AMBIT_READ, &at.out);
}

static enum status map_write(struct ambit_handle handle)
{
    return ambit_map(handle, at.beside, 0, RW, &at.out);
}

/* ---- a range that a frame is mapped into ---- */

static struct ambit_handle range_to_map(void)
{
    struct ambit_handle frame = frame_make();

    at.beside = frame;
    at.made = bare(RW);
    return at.made;
}

static enum status map_into(struct ambit_handle handle)
{
    return ambit_map(at.beside, handle, 0, AMBIT_READ, &at.out);
}

static void range_drop(void)
{
    drop(&at.beside);
    matrix_must("revoke", ambit_revoke(at.made));
    drop(&at.made);
}

/* With a page in it; not attached. */
static struct ambit_handle range_to_execute(void)
{
    struct ambit_handle mapping = {0};

    at.beside = frame_make();
    at.made = bare(RW | AMBIT_EXEC);
    matrix_must("map", ambit_map(at.beside, at.made, 0, RW, &mapping));
    return at.made;
}

static enum status attach_execute(struct ambit_handle handle)
{
    return ambit_attach(handle, AMBIT_READ | AMBIT_EXEC, &at.out);
}

static void execute_drop(void)
{
    matrix_must("revoke", ambit_revoke(at.beside));
    range_drop();
}

static struct ambit_handle space(void)
{
    return matrix_held("space");
}

#define READ AMBIT_READ
#define WRITE AMBIT_WRITE
#define EXEC AMBIT_EXEC
#define USE AMBIT_USE
#define NOT STATUS_NO_RIGHTS

static const struct cell cells[] = {
    {AMBIT_TYPE_FRAME, READ, 0, "inspect: its number", STATUS_OK, frame_make,
     tell, NULL, NULL, made_drop},
    {AMBIT_TYPE_FRAME, READ, USE, "map, to read", NOT, frame_to_map, map_read,
     reach, out_drop, frame_drop},
    {AMBIT_TYPE_FRAME, WRITE, READ | USE, "map, to write", NOT, frame_to_map,
     map_write, reach, out_drop, frame_drop},
    {AMBIT_TYPE_FRAME, USE, READ, "map", NOT, frame_to_map, map_read, reach,
     out_drop, frame_drop},

    {AMBIT_TYPE_RANGE, READ, 0, "inspect: where it is", STATUS_OK, range_make,
     tell, NULL, NULL, made_drop},
    {AMBIT_TYPE_RANGE, READ, USE, "attach, to read", NOT, range_make,
     attach_read, reach, out_drop, made_drop},
    {AMBIT_TYPE_RANGE, WRITE, READ | USE, "attach, to write", NOT, range_make,
     attach_write, reach, out_drop, made_drop},
    {AMBIT_TYPE_RANGE, WRITE, 0, "grow", NOT, heap, heap_grow, NULL, NULL,
     NULL},
    {AMBIT_TYPE_RANGE, WRITE, 0, "map a frame into it", NOT, range_to_map,
     map_into, reach, out_drop, range_drop},
    {AMBIT_TYPE_RANGE, EXEC, READ | USE, "attach, to execute", NOT,
     range_to_execute, attach_execute, reach, out_drop, execute_drop},
    {AMBIT_TYPE_RANGE, USE, READ, "attach", NOT, range_make, attach_read, reach,
     out_drop, made_drop},

    {AMBIT_TYPE_SPACE, READ, 0, "inspect: ranges in it", STATUS_OK, space, tell,
     NULL, NULL, NULL},
    {AMBIT_TYPE_SPACE, WRITE, 0, "attach to it", NOT, space_make, space_attach,
     reach, out_drop, made_drop},

    {AMBIT_TYPE_QUOTA, READ, 0, "query", STATUS_OK, quota, tell, NULL, NULL,
     NULL},
    {AMBIT_TYPE_QUOTA, USE, 0, "split", NOT, quota, quota_split, quota_used,
     out_drop, NULL},
    {AMBIT_TYPE_QUOTA, USE, 0, "trade, from", NOT, quota_make, quota_give,
     quota_used, NULL, made_drop},
    {AMBIT_TYPE_QUOTA, USE, 0, "trade, to", NOT, quota_make, quota_take,
     quota_used, NULL, made_drop},
    {AMBIT_TYPE_QUOTA, USE, 0, "return", NOT, quota_make, quota_return,
     quota_used, NULL, made_drop},

    {AMBIT_TYPE_POOL, READ, 0, "query", STATUS_OK, pool, tell, NULL, NULL,
     NULL},
    {AMBIT_TYPE_POOL, USE, 0, "allocate", NOT, pool, pool_allocate, pool_free,
     out_drop, NULL},
    {AMBIT_TYPE_POOL, USE, 0, "split", NOT, pool, pool_split, pool_free,
     out_drop, NULL},
    {AMBIT_TYPE_POOL, USE, 0, "return", NOT, pool_make, pool_return, pool_free,
     NULL, made_drop},
};

const struct cell_table memory_cells = {cells,
                                        sizeof(cells) / sizeof(cells[0])};
