/* SPDX-License-Identifier: Apache-2.0 */
/* Which actions a state has. Refused ones are among them, where it is the
 * core's part to refuse. */
#include "action.h"
#include "encode.h"
#include "life.h"
#include "travel.h"

#define R CAP_READ
#define W CAP_WRITE

const struct wish wishes[WISHES] = {
    {"r", R, false, 0, 0},
    {"rw", R | W, false, 0, 0},
    {"rwxu", CAP_ALL, false, 0, 0},
    {"rw of the second page", R | W, true, 1, 1},
    {"r of a page past the end", R, true, 1, 2},
    {"r of the first page", R, true, 0, 1},
    {"r of no page", R, true, 0, 0},
};

struct list {
    const struct view *view;
    struct action *out;
    uint32_t count;
};

static void add(struct list *list, struct action action)
{
    if ((scene->acts >> action.act & 1) != 0 && list->count < ACTIONS_MAX) {
        list->out[list->count++] = action;
    }
}

/* Do domains act, by what is theirs? */
static bool owners_act(void)
{
    return scene->life || scene->travel;
}

/* Can the owner of the table act? */
static bool acts(uint32_t table)
{
    if (scene->travel) {
        return travel_runs(table_domain(table));
    }
    return !scene->life ||
           world.rest.life[table_domain(table)] == LIFE_RUNNABLE;
}

static bool has_handle(const struct view *view, uint32_t node)
{
    return view->node[node].state == CAP_LIVE && !is_member(&view->node[node]);
}

static uint8_t table_of(uint32_t node)
{
    return (uint8_t)(node / CAP_CHUNK_SLOTS);
}

/* Derives and the like: to every caps table, or to the owner's alone. */
static void add_to_tables(struct list *list, struct action action)
{
    if (owners_act()) {
        action.to = table_of(action.node);
        add(list, action);
        return;
    }
    for (uint32_t d = 0; d < scene->domains; d++) {
        action.to = (uint8_t)caps_table(d);
        add(list, action);
    }
}

static void derives(struct list *list, uint8_t node)
{
    const struct node *n = &list->view->node[node];

    for (uint32_t wish = 0; wish < scene->wishes; wish++) {
        if (wishes[wish].narrow && n->type != CAP_RANGE) {
            continue;
        }
        add_to_tables(list, (struct action){.act = ACT_DERIVE,
                                            .node = node,
                                            .wish = (uint8_t)wish});
    }
    if (n->type == CAP_RANGE) {
        for (uint8_t wish = 0; wish < 2; wish++) {
            add_to_tables(
                list,
                (struct action){.act = ACT_ATTACH, .node = node, .wish = wish});
        }
    }
}

/* To every table; and badges: one of each kind, a second, and none. */
static void moves(struct list *list, uint8_t node)
{
    static const struct {
        uint8_t badge, wish;
    } badges[] = {{1, 2}, {2, 1}, {0, 2}};

    add_to_tables(list, (struct action){.act = ACT_MOVE, .node = node});
    for (uint32_t i = 0; i < (scene->travel ? 1 : sizeof badges / 2); i++) {
        add_to_tables(list, (struct action){.act = ACT_BADGE,
                                            .node = node,
                                            .position = badges[i].badge,
                                            .wish = badges[i].wish});
    }
}

static void composite(struct list *list, uint8_t node)
{
    const struct view *view = list->view;

    for (uint8_t position = 0; position < 2; position++) {
        struct action action = {
            .node = node, .position = position, .to = table_of(node)};

        action.act = ACT_MEMBER;
        add(list, action);
        action.act = ACT_REVOKE_MEMBER;
        add(list, action);
        action.act = ACT_REPLACE;
        action.wish = 1;
        for (uint32_t i = 0; i < node_count; i++) {
            if (table_of(nodes[i]) == table_of(node) &&
                has_handle(view, nodes[i])) {
                action.other = nodes[i];
                add_to_tables(list, action);
            }
        }
    }
}

static void composes(struct list *list, uint8_t node)
{
    struct action action = {
        .act = ACT_COMPOSE, .node = node, .to = table_of(node)};

    add(list, action);
    for (uint32_t i = 0; i < node_count; i++) {
        if (table_of(nodes[i]) != 0 && has_handle(list->view, nodes[i])) {
            action.other = nodes[i];
            add(list, action);
        }
    }
}

/* With nothing that goes along, and with each in every way. */
static void passing(struct list *list, struct action action)
{
    uint32_t table = caps_table(action.domain);

    add(list, action);
    for (uint32_t i = 1; i <= scene->slots; i++) {
        action.other = (uint8_t)(table * CAP_CHUNK_SLOTS + i);
        for (uint8_t how = PASS_CALLS;
             has_handle(list->view, action.other) && how < PASSES; how++) {
            action.position = how;
            add(list, action);
        }
    }
}

/* What the owner of a capability to an endpoint or notification does by it. */
static void crossings_by(struct list *list, uint8_t node)
{
    bool word = list->view->node[node].type == CAP_NOTIFICATION;
    struct action action = {.node = node,
                            .domain = (uint8_t)table_domain(table_of(node))};

    action.act = word ? ACT_SIGNAL : ACT_CALL;
    if (word) {
        add(list, action);
    } else {
        passing(list, action);
    }
    action.act = word ? ACT_AWAIT : ACT_RECEIVE;
    add(list, action);
    action.position = 1;
    if (word) {
        add(list, action);
    }
}

static void capability(struct list *list, uint8_t node)
{
    const struct node *n = &list->view->node[node];
    bool files = scene->life &&
                 table_of(node) == files_table(table_domain(table_of(node)));

    if (scene->travel) {
        crossings_by(list, node);
    } else if (n->type == CAP_ENDPOINT) {
        uint8_t domain = (uint8_t)table_domain(table_of(node));

        add(list,
            (struct action){.act = ACT_CALL, .node = node, .domain = domain});
        add(list, (struct action){
                      .act = ACT_RECEIVE, .node = node, .domain = domain});
    } else if (n->type == CAP_DIRECTORY) {
        add(list, (struct action){
                      .act = ACT_OPEN, .node = node, .to = table_of(node)});
    } else if (n->type == CAP_POOL) {
        for (uint32_t i = 0; i < scene->frames; i++) {
            if (!world.rest.frame[i].taken) {
                add(list, (struct action){.act = ACT_ALLOCATE, .node = node});
                break;
            }
        }
    } else if (n->type == CAP_COMPOSITE) {
        composite(list, node);
    }
    if (!files) {
        derives(list, node);
        moves(list, node);
        composes(list, node);
    }
    add(list, (struct action){.act = ACT_DELETE, .node = node});
    add(list, (struct action){.act = ACT_REVOKE, .node = node});
}

static void insert(struct list *list, uint32_t thing)
{
    for (uint32_t d = 0; d < scene->domains; d++) {
        add(list, (struct action){.act = ACT_INSERT,
                                  .thing = (uint8_t)thing,
                                  .domain = (uint8_t)d});
    }
}

static void inserts(struct list *list)
{
    for (uint32_t i = 0; i < scene->ranges; i++) {
        if (world.rest.range[i].refs == 0) {
            insert(list, THING_RANGE + i);
            if (!canonical_off) {
                break; /* all unused ones are alike */
            }
        }
    }
    for (uint32_t i = 0; i < scene->endpoints; i++) {
        if (world.rest.endpoint[i].object.refs == 0) {
            insert(list, THING_ENDPOINT + i);
        }
    }
}

/* What is done to a whole table; two may act by one. */
static void tables(struct list *list)
{
    for (uint32_t d = 0; d < scene->domains; d++) {
        struct action action = {.to = (uint8_t)caps_table(d),
                                .domain = (uint8_t)d};
        uint32_t users = world.rest.table[action.to].users;

        action.act = ACT_CLEAR;
        add(list, action);
        action.act = users < 2 ? ACT_ENTER : ACT_QUIT;
        add(list, action);
        action.act = ACT_QUIT;
        if (users == 1) {
            add(list, action);
        }
    }
}

static void lives(struct list *list)
{
    for (uint8_t d = 0; d < scene->domains && owners_act(); d++) {
        if (d == 0 || world.rest.life[0] == LIFE_RUNNABLE) {
            add(list, (struct action){.act = ACT_BUILD, .domain = d});
        }
        if ((world.rest.live >> d & 1) != 0) {
            add(list, (struct action){.act = ACT_DESTROY, .domain = d});
            if (world.rest.life[d] != LIFE_ENDED) {
                add(list, (struct action){.act = ACT_END, .domain = d});
            }
        }
    }
}

/* Crossings by endpoint, where the scene has no capabilities to them. */
static void bare_crossings(struct list *list, uint8_t domain)
{
    for (uint32_t i = 0; i < scene->endpoints && !owners_act(); i++) {
        struct action action = {.domain = domain,
                                .thing = (uint8_t)(THING_ENDPOINT + i)};
        bool word = notifies(i);

        action.act = word ? ACT_SIGNAL : ACT_CALL;
        add(list, action);
        action.act = word ? ACT_AWAIT : ACT_RECEIVE;
        add(list, action);
        action.position = 1;
        if (word) {
            add(list, action);
        }
    }
}

static void crossings(struct list *list)
{
    for (uint8_t d = 0; d < scene->domains && scene->crossings; d++) {
        if (scene->travel) {
            if (travel_runs(d)) {
                passing(list, (struct action){.act = ACT_REPLY, .domain = d});
            }
            continue;
        }
        if (scene->life ? world.rest.life[d] == LIFE_RUNNABLE
                        : world.rest.ipc.party[d]->state == IPC_IDLE) {
            bare_crossings(list, d);
            add(list, (struct action){.act = ACT_REPLY, .domain = d});
        }
        add(list, (struct action){.act = ACT_LEAVE, .domain = d});
        add(list, (struct action){.act = ACT_CANCEL, .domain = d});
    }
    for (uint32_t i = 0; i < scene->endpoints; i++) {
        add(list, (struct action){.act = ACT_CLOSE,
                                  .thing = (uint8_t)(THING_ENDPOINT + i)});
    }
}

uint32_t actions_list(const struct view *view, struct action *out)
{
    struct list list = {view, out, 0};

    inserts(&list);
    for (uint32_t i = 0; i < node_count; i++) {
        if (table_of(nodes[i]) != 0 && has_handle(view, nodes[i]) &&
            acts(table_of(nodes[i]))) {
            capability(&list, nodes[i]);
        }
    }
    tables(&list);
    lives(&list);
    crossings(&list);
    return list.count;
}
