/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guards: every check or act of the kernel that keeps a domain within its
 * bounds, one by one. The code that guards says GUARD(ID, condition)
 * (<abi/guard.h>). `ambit run --without-guard name` boots the mutation kernel,
 * which is built from the same sources and does without that one guard; a test
 * that passes all the same does not need it, so it proves nothing about it.
 *
 * X(ID, "name", "what it stops"). Numbers follow the order; 0 is no guard.
 */
#ifndef ABI_GUARDS_H
#define ABI_GUARDS_H

/* clang-format off */
#define ABI_GUARDS(X)                                                          \
    X(HANDLE_INDEX, "handle-index",                                            \
      "an index beyond a table's end reaches no slot")                         \
    X(HANDLE_LIVE, "handle-live",                                              \
      "a deleted capability answers to no handle")                             \
    X(HANDLE_MEMBER, "handle-member",                                          \
      "a member of a composite has no handle of its own")                      \
    X(HANDLE_GENERATION, "handle-generation",                                  \
      "a handle to a deleted capability does not reach its slot's next holder") \
    X(HANDLE_TYPE, "handle-type",                                              \
      "a capability serves only calls for its own type of resource")           \
    X(HANDLE_RIGHTS, "handle-rights",                                          \
      "a call needs its right on the capability that it is given")             \
    X(DERIVE_RIGHTS, "derive-rights",                                          \
      "a derived capability has no right that its source lacks")               \
    X(DERIVE_PART, "derive-part",                                              \
      "a part of a range lies within its source")                              \
    X(DERIVE_NARROW, "derive-narrow",                                          \
      "nothing but a range has parts: a badge is not chosen by its holder")    \
    X(DERIVE_DEPTH, "derive-depth",                                            \
      "a chain of derivations has a greatest length")                          \
    X(TABLE_SLOTS, "table-slots",                                              \
      "a full table takes no capability")                                      \
    X(MEMBER_RIGHTS, "member-rights",                                          \
      "a derived composite's members lose the rights that it was not given")   \
    X(MEMBER_TYPE, "member-type",                                              \
      "what replaces a member of a composite is of the member's type")         \
    X(COMPOSE_NESTED, "compose-nested",                                        \
      "a composite is no member of another")                                   \
    X(COMPOSE_COUNT, "compose-count",                                          \
      "a composite has no more members than fit")                              \
    X(FILES_APART, "files-apart",                                              \
      "no file or directory gets into the table of the other capabilities")    \
    X(ATTACHMENT_DERIVE, "attachment-derive",                                  \
      "nothing is derived from an attachment")                                 \
    X(REVOKE_MARK, "revoke-mark",                                              \
      "nothing is derived from what is being revoked")                         \
    X(REVOKE_DETACH, "revoke-detach",                                          \
      "what is revoked leaves the page tables")                                \
    X(TOMBSTONE, "tombstone",                                                  \
      "deleting a capability does not cut its descendants off from revocation") \
    X(FRAME_LAST, "frame-last",                                                \
      "a frame is free when its last capability goes, and not before")         \
    X(GIVE_REVOKED, "give-revoked",                                            \
      "what was revoked is not given again to a child")                        \
    X(OUTLIVE, "outlive",                                                      \
      "no capability outlives the domain whose memory it reaches")             \
    X(DEAD_NAMES, "dead-names",                                                \
      "what a domain was given in a shared table goes with it")                \
    X(REPLY_OWED, "reply-owed",                                                \
      "only a call that was received can be replied to")                       \
    X(REVOKE_WAITING, "revoke-waiting",                                        \
      "who waits at an endpoint by a revoked capability is sent away")         \
    X(REPLY_CALLER, "reply-caller",                                            \
      "a reply goes to the call that was received, not to the caller's next one") \
    X(CALL_NUMBER, "call-number",                                              \
      "a number that is no system call does nothing")                          \
    X(NAME_LIMIT, "name-limit",                                                \
      "a name or path that is copied in fits the kernel's buffer")             \
    X(CONSOLE_LIMIT, "console-limit",                                          \
      "output that is copied in fits the kernel's buffer")                     \
    X(INSPECT_READ, "inspect-read",                                            \
      "without read, a capability does not tell what it refers to")            \
    X(COPY_ADDRESS, "copy-address",                                            \
      "a pointer in a system call lies below the kernel's half")               \
    X(COPY_FAULT, "copy-fault",                                                \
      "a pointer to nothing ends a system call, not the kernel")               \
    X(WRITE_PROTECT, "write-protect",                                          \
      "the kernel's copies respect read-only pages")                           \
    X(ATTACH_RIGHTS, "attach-rights",                                          \
      "an attachment has no right that its capability lacks")                  \
    X(ATTACH_PLAN, "attach-plan",                                              \
      "an attachment has no right that the composition kept from the space")   \
    X(ATTACH_READ, "attach-read",                                              \
      "an attachment can be read")                                             \
    X(RANGE_WHOLE, "range-whole",                                              \
      "a part of a range neither attaches nor grows the whole")                \
    X(GROW_LIMIT, "grow-limit",                                                \
      "a heap grows no further than its own addresses, and nothing else grows") \
    X(QUOTA_LIMIT, "quota-limit",                                              \
      "nothing is charged beyond a quota's limit")                             \
    X(POOL_LIMIT, "pool-limit",                                                \
      "a pool gives no more frames than it has")                               \
    X(FREE_LINK, "free-link",                                                  \
      "a free frame's link is gone when the frame is handed out")              \
    X(TABLE_CHARGE, "table-charge",                                            \
      "page tables are charged to whoever needs them")                         \
    X(FRAME_SCRUB, "frame-scrub",                                              \
      "a frame is zeroed before it is free")                                   \
    X(PAGE_WRITE, "page-write",                                                \
      "a page is writable only with the right to write")                       \
    X(PAGE_EXEC, "page-exec",                                                  \
      "a page is executable only with the right to execute")                   \
    X(PRIVATE_DATA, "private-data",                                            \
      "writable pages of a program are copies, one for each instance")         \
    X(ROOT_RIGHTS, "root-rights",                                              \
      "a root has the rights of its own attachments, no other's")              \
    X(KERNEL_PAGES, "kernel-pages",                                            \
      "the kernel's pages are not ring 3's")                                   \
    X(OWN_VIEWS, "own-views",                                                  \
      "what a domain brings to its space is in no other space")                \
    X(STACK_VIEWS, "stack-views",                                              \
      "a part of a space contains no stack but the domain's own")              \
    X(KEPT_VIEWS, "kept-views",                                                \
      "a part of a space keeps what is listed and nothing else")               \
    X(STACK_GAP, "stack-gap",                                                  \
      "a stack does not begin where another ends")                             \
    X(RANGE_DETACH, "range-detach",                                            \
      "a dead domain's memory leaves every space that it was in")              \
    X(TLB_FLUSH, "tlb-flush",                                                  \
      "a page that was taken away is gone from the TLB before ring 3 runs again") \
    X(WALK_DIRECTORY, "walk-directory",                                        \
      "a path leads through directories only")                                 \
    X(READ_LIMIT, "read-limit",                                                \
      "one read copies a page at most, with interrupts off")                   \
    X(READ_END, "read-end",                                                    \
      "a file is read to its end and no further")                              \
    X(LIST_END, "list-end",                                                    \
      "a directory is listed to its end and no further")                       \
    X(STOP_SELF, "stop-self",                                                  \
      "a domain does not destroy itself while it runs")                        \
    X(DESTROY_PARENT, "destroy-parent",                                        \
      "a domain from which a live one is composed is not destroyed")           \
    X(DESTROY_RUNNING, "destroy-running",                                      \
      "the right to start a domain does not destroy it while it runs")         \
    X(WAIT_DESTROY, "wait-destroy",                                            \
      "the right to wait for a domain does not destroy it")                    \
    X(SPAWN_PARENT, "spawn-parent",                                            \
      "a domain is not composed from a parent that is gone")                   \
    X(HANDLER_PENDING, "handler-pending",                                      \
      "a handler decides about those whose fault waits for it, and nobody else") \
    X(HANDLER_FORGET, "handler-forget",                                        \
      "a domain that is gone waits for no handler")                            \
    X(HANDLER_ORPHAN, "handler-orphan",                                        \
      "those whose faults wait for a handler end with it")                     \
    X(HANDLER_ONCE, "handler-once",                                            \
      "a fault is decided about once")                                         \
    X(HANDLER_DECISION, "handler-decision",                                    \
      "a handler decides one of three things")                                 \
    X(FAULT_ADDRESS, "fault-address",                                          \
      "only the record of a page fault has an address: CR2 may be another domain's") \
    X(FAULT_LIMIT, "fault-limit",                                              \
      "fault records beyond the last place are dropped")                       \
    X(REPORT_LIMIT, "report-limit",                                            \
      "reports beyond the last place are dropped")                             \
    X(FRAME_RIP, "frame-rip",                                                  \
      "ring 3 resumes below the kernel's half")                                \
    X(ENTRY_FORGED, "entry-forged",                                            \
      "a jump to the kernel's entry is no system call, and its flags are not believed") \
    X(SYSCALL_FLAGS, "syscall-flags",                                          \
      "TF, DF, NT and AC of ring 3 end at `syscall`")                          \
    X(SYSCALL_INTERRUPTS, "syscall-interrupts",                                \
      "no interrupt arrives in the kernel")                                    \
    X(DIRECTION_FLAG, "direction-flag",                                        \
      "ring 3's DF ends at a fault")                                           \
    X(GATE_PRIVILEGE, "gate-privilege",                                        \
      "ring 3 raises no interrupt by `int n` but the breakpoint")              \
    X(IO_PORTS, "io-ports",                                                    \
      "no port is ring 3's")                                                   \
    X(UMIP, "umip",                                                            \
      "SGDT, SIDT, SLDT, STR and SMSW tell ring 3 nothing, where the processor can refuse them") \
    X(REGISTERS_CLEAR, "registers-clear",                                      \
      "a domain begins with vector registers that are nobody's")               \
    X(REGISTERS_SWITCH, "registers-switch",                                    \
      "a domain that goes on finds its own vector registers")                  \
    X(SEGMENT_BASES, "segment-bases",                                          \
      "FS and GS bases are the domain's own")                                  \
    X(SELECTORS, "selectors",                                                  \
      "segment selectors are nobody's after a switch")                         \
    X(TIMER, "timer",                                                          \
      "a domain that does not give the processor up loses it")                 \
    X(TIMER_TURN, "timer-turn",                                                \
      "slices go round by turns, whoever hands the processor to whom")         \
    X(QUOTA_PART, "quota-part",                                                \
      "what a part of a quota is charged, the whole is charged, too")          \
    X(QUOTA_NONE, "quota-none",                                                \
      "a domain whose quota is none has nothing charged at run time")          \
    X(POOL_NONE, "pool-none",                                                  \
      "a domain whose pool is none has nothing allocated at run time")         \
    X(MOVE_LEAVES, "move-leaves",                                              \
      "a capability that is moved is not left behind")                         \
    X(MOVE_TYPE, "move-type",                                                  \
      "an attachment stays where the view is that it stands for")              \
    X(BADGE_USE, "badge-use",                                                  \
      "only who may receive from an endpoint or notification gives badges")    \
    X(BADGE_ONCE, "badge-once",                                                \
      "a badge is set once")                                                   \
    X(FILE_EXCLUSIVE, "file-exclusive",                                        \
      "a file that one domain has for itself is opened by no other")           \
    X(FILE_ALONE, "file-alone",                                                \
      "the capability to a file that a domain has for itself stays alone")     \
    X(FILE_END, "file-end",                                                    \
      "a domain that has ended has no file for itself")                        \
    X(FILE_RIGHTS, "file-rights",                                              \
      "an opened file has no right that its directory lacks")                  \
    X(FILE_EXEC, "file-exec",                                                  \
      "what is no program is not executed")                                    \
    X(QUOTA_NEIGHBOURS, "quota-neighbours",                                    \
      "a quota's limit moves to the one it was split off, or between those split off the same") \
    X(QUOTA_EMPTY, "quota-empty",                                              \
      "a quota is not merged while something is charged to it")                \
    X(QUOTA_DEPTH, "quota-depth",                                              \
      "a chain of quotas has a greatest length")                               \
    X(OBJECT_CHARGE, "object-charge",                                          \
      "kernel objects that are made at run time are charged")                  \
    X(POOL_CHARGE, "pool-charge",                                              \
      "a pool that is split off at run time is paid for by who splits it off") \
    X(POOL_EMPTY, "pool-empty",                                                \
      "a pool is not merged while something is taken from it")                 \
    X(TIME_BUDGET, "time-budget",                                              \
      "a domain whose time is used up does not run before the next period")    \
    X(TIME_DEBT, "time-debt",                                                  \
      "what was used beyond a budget is missing from the next")                \
    X(TIME_REFILL, "time-refill",                                              \
      "a budget does not become fuller by being set")                          \
    X(TIME_FORM, "time-form",                                                  \
      "a budget is no larger than its period, and neither is too short")       \
    X(TIME_SHARE, "time-share",                                                \
      "a time has no more of the processor and no higher priority than its source") \
    X(CREATE_ENTRY, "create-entry",                                            \
      "a domain made at run time begins in code of its program")               \
    X(CREATE_CHILDREN, "create-children",                                      \
      "a domain from which others are made is not destroyed before them")      \
    X(CREATE_RUNNING, "create-running",                                        \
      "a domain that runs is not started again")                               \
    X(CREATE_FRESH, "create-fresh",                                            \
      "a domain that is started again finds nothing of its past")              \
    X(FILES_FOLDER, "files-folder",                                            \
      "a part of a parent's files is the folder that is named, and no more")   \
    X(SIGNAL_BADGE, "signal-badge",                                            \
      "a signal through a badge sets its bits and no others")                  \
    X(PASS_ATTACHMENT, "pass-attachment",                                      \
      "an attachment does not go along with a call")                           \
    X(PASS_ORIGINAL, "pass-original",                                          \
      "what a domain made does not leave it, but for copies")                  \
    X(PASS_FILES, "pass-files",                                                \
      "files go into files tables")                                            \
    X(LOCATE_VIEW, "locate-view",                                              \
      "how far a range has grown is told to those who have it in their space") \
    X(TOMBSTONE_CLEAR, "tombstone-clear",                                      \
      "what was derived from a deleted capability goes with the table that it was in") \
    X(FILE_IMAGE, "file-image",                                                \
      "another program has an image of its own, and begins nowhere in another's")\
    X(CPU_STOPPED, "cpu-stopped",                                              \
      "registers are read and written of a domain that stands still")          \
    X(CPU_TRAP_FLAG, "cpu-trap-flag",                                          \
      "TF is not written: a step is asked for")                                \
    X(STEP_FLAG, "step-flag",                                                  \
      "the TF of a step ends with it")                                         \
    X(STEP_COUNT, "step-count",                                                \
      "one call asks for so many steps and no more")                           \
    X(PART_RIGHTS, "part-rights",                                              \
      "who may inspect a domain does not change its parts")                    \
    X(HANDLER_SELF, "handler-self",                                            \
      "no domain handles its own faults")                                      \
    X(ATTACH_SPACE, "attach-space",                                            \
      "nothing is attached to the space of a domain that is gone")             \
    X(DESERTED, "deserted",                                                    \
      "nobody waits for a server where no domain can serve")                   \
    X(RANGE_CHARGE, "range-charge",                                            \
      "pages and tables of a range made at run time are charged to its maker") \
    X(TIME_SOURCE, "time-source",                                              \
      "a time made at run time has no more than what it is made out of")       \
    X(TIME_CHAIN, "time-chain",                                                \
      "what is used of a time is used of those it was made out of")            \
    X(TIME_PRIORITY, "time-priority",                                          \
      "a time's priority is no higher than its sources' are now")              \
    X(TIME_KEPT, "time-kept",                                                  \
      "a time stays the limit of those made out of it when nobody has it")     \
    X(STEP_PUSHED, "step-pushed",                                              \
      "who is stepped does not find the step in flags that it pushes")         \
    X(STEP_POPPED, "step-popped",                                              \
      "who is stepped does not end it by taking flags from its stack")         \
    X(STEP_CALL, "step-call",                                                  \
      "who is stepped does not find the step in r11 after a system call")      \
    X(STEP_END, "step-end",                                                    \
      "steps end with the domain that owes them, and with who asked")          \
    X(PAUSE_HELD, "pause-held",                                                \
      "who is paused does not run, whatever it is woken for")                  \
    X(PAUSE_SELF, "pause-self",                                                \
      "no domain pauses itself")                                               \
    X(PAUSE_ONCE, "pause-once",                                                \
      "who is paused is not paused by another, too")                           \
    X(PAUSE_CALL, "pause-call",                                                \
      "registers of a domain in a crossing are not written")                   \
    X(PAUSE_END, "pause-end",                                                  \
      "who was paused goes on when who paused it ends")                        \
    X(MAP_RIGHTS, "map-rights",                                                \
      "a frame is mapped with no right that its capability lacks")             \
    X(MAP_BARE, "map-bare",                                                    \
      "a page that has a frame of the range's own does not get another")       \
    X(MAP_PART, "map-part",                                                    \
      "who holds a part of a range maps nothing outside it")                   \
    X(MAP_TAKEN, "map-taken",                                                  \
      "a page that another has mapped a frame to does not get another")        \
    X(MAP_KEEP, "map-keep",                                                    \
      "a frame that is mapped is not free")                                    \
    X(MAP_MADE, "map-made",                                                    \
      "a mapping whose range is gone is in no range that has its addresses now") \
    X(UNMAP, "unmap",                                                          \
      "a frame leaves its range with the capability that it was mapped by")    \
    X(ORPHAN_QUEUE, "orphan-queue",                                            \
      "faults that end with their handler end one after another, however deep") \
    X(PART_ATTACH, "part-attach",                                              \
      "a part of a range that is attached does not bring the rest along")      \
    X(POOL_WINDOW, "pool-window",                                              \
      "a pool split off at run time has addresses that no other pool's ranges get")\
    X(RANGE_SOURCE, "range-source",                                            \
      "a range that was made out of a pool goes when the pool is taken back")  \
    X(DESTROY_STEPS, "destroy-steps",                                          \
      "others have their turns while a domain that gave much away is destroyed")\
    X(PART_SPACE, "part-space",                                                \
      "who may change a domain does not change the space that it shares")      \
    X(ATTACH_COUNT, "attach-count",                                            \
      "a range is attached to a space as often as can be counted")             \
    X(ROOT_FORGET, "root-forget",                                              \
      "attachments to a space end with it, whoever has their capabilities")    \
    X(FAST_SAYS, "fast-says",                                                  \
      "the short way of a crossing leads where the handle still leads")        \
    X(FAST_RIGHTS, "fast-rights",                                              \
      "the short way of a call is for who may call")                           \
    X(FAST_NOTE, "fast-note",                                                  \
      "several who wait by one capability are known, the short way, too")      \
    X(FAST_ALONE, "fast-alone",                                                \
      "no capability is lost on the short way of a crossing")                  \
    X(FAST_PRIORITY, "fast-priority",                                          \
      "the short way of a crossing passes no one of a higher priority")        \
    X(FAST_STEPPED, "fast-stepped",                                            \
      "who is stepped stops after the short way of a crossing, too")           \
    X(SPACE_PARTS, "space-parts",                                              \
      "a space has no more attached parts than its directories can count")     \
    X(START_CHILDREN, "start-children",                                        \
      "who has made domains that exist is not started anew beneath them") \
    X(STEP_SHADOW, "step-shadow",                                              \
      "flags pushed or popped behind a move to SS show no step, either")
/* clang-format on */

enum abi_guard {
    GUARD_NONE,
#define ABI_GUARD_ENUM(id, name, text) GUARD_##id,
    ABI_GUARDS(ABI_GUARD_ENUM)
#undef ABI_GUARD_ENUM
        GUARD_COUNT /* one more than the last */
};

#endif
