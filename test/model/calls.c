/* SPDX-License-Identifier: Apache-2.0 */
#include "calls.h"

#include "life.h"
#include "travel.h"

const struct calls calls_right = {
    .insert = cap_insert,
    .look_up = cap_look_up,
    .derive = cap_derive,
    .derive_object = cap_derive_object,
    .compose = cap_compose,
    .replace = cap_derive_replaced,
    .member = cap_member,
    .move = cap_move,
    .badge = cap_derive_badged,
    .enter = cap_table_enter,
    .quit = cap_table_leave,
    .remove = cap_delete,
    .revoke = cap_revoke,
    .clear = cap_table_clear,
    .call = ipc_call,
    .receive = ipc_receive,
    .reply = ipc_reply,
    .signal = ipc_signal,
    .await = ipc_await,
    .leave = ipc_leave,
    .cancel = ipc_cancel,
    .close = ipc_close,
    .charge = pd_quota_charge,
    .uncharge = pd_quota_uncharge,
    .split = pd_quota_split,
    .merge = pd_quota_merge,
    .build = pd_build,
    .reserve = life_reserve,
    .frame_gone = life_frame_gone,
    .end = life_end,
    .destroy = life_destroy,
    .drop_tables = life_drop_tables,
    .clear_tombstone = life_clear_tombstone,
    .pass = travel_pass,
    .waiters = travel_waiters,
    .desert = travel_desert,
};

struct calls calls;
