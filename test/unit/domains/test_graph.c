/* SPDX-License-Identifier: Apache-2.0 */
/* The sharing graph of a spec, and the metrics over it and over small graphs
 * made by hand. */
#include "planned.h"
#include "suites.h"

#include <capabilities/cap.h>
#include <domains/metrics.h>
#include <stdlib.h>
#include <string.h>

#define DOMAINS 8u

static struct graph graph;
static uint8_t *reach[DOMAINS];

static void teardown(void)
{
    for (uint32_t i = 0; i < DOMAINS; i++) {
        free(reach[i]);
        reach[i] = NULL;
    }
    free(graph.nodes);
    free(graph.edges);
    memset(&graph, 0, sizeof graph);
    planned_free();
}

/* Exactly the room that is needed: a sanitizer sees who writes past it. */
static void room(uint32_t nodes, uint32_t edges)
{
    memset(&graph, 0, sizeof graph);
    graph.nodes = calloc(nodes, sizeof *graph.nodes);
    graph.edges = calloc(edges, sizeof *graph.edges);
    graph.node_room = nodes;
    graph.edge_room = edges;
}

static void all_reach(void)
{
    for (uint32_t i = 0; i < graph.domains; i++) {
        reach[i] = malloc(graph.node_count);
        metrics_reach(&graph, i, reach[i]);
    }
}

static void make(void)
{
    uint32_t nodes, edges;

    planned_make();
    memset(&graph, 0, sizeof graph);
    ck_assert_int_eq(graph_make(&planned.spec, &planned.plan, &graph),
                     STATUS_TOO_BIG);
    nodes = graph.node_count;
    edges = graph.edge_count;
    room(nodes, edges);
    ck_assert_int_eq(graph_make(&planned.spec, &planned.plan, &graph),
                     STATUS_OK);
    ck_assert_uint_eq(graph.node_count, nodes);
    ck_assert_uint_eq(graph.edge_count, edges);
    for (uint32_t i = 0; i < edges; i++) {
        ck_assert_uint_lt(graph.edges[i].from, nodes);
        ck_assert_uint_lt(graph.edges[i].to, nodes);
    }
    all_reach();
}

static void pair(uint32_t kind)
{
    planned_pair(kind);
    make();
}

static void is_rsi(enum graph_type type, bool written, uint64_t shared,
                   uint64_t either)
{
    struct metrics_rsi rsi;

    metrics_rsi(&graph, reach[0], reach[1], type, written, &rsi);
    ck_assert_uint_eq(rsi.shared, shared);
    ck_assert_uint_eq(rsi.either, either);
}

static uint32_t pages(uint32_t range)
{
    return planned.plan.ranges[range].pages;
}

static uint32_t stack_pages(void)
{
    return pages(planned.plan.domains[0].stack);
}

/* Pages of the image that there are (it has a hole), and of them writable. */
#define IMAGE (MAKER_PROGRAM_PAGES - 1u)

START_TEST(thread_shares_all)
{
    uint32_t all;

    pair(THREAD);
    all = IMAGE + pages(planned.plan.domains[0].heap) + 2 * stack_pages();
    is_rsi(GRAPH_ADDRESS, false, all, all);
    is_rsi(GRAPH_PAGE, false, all, all);
    is_rsi(GRAPH_SPACE, false, 1, 1);
    is_rsi(GRAPH_QUOTA, false, 1, 1);
    is_rsi(GRAPH_FILE, false, 0, 0);
}
END_TEST

/* Every stack has an address of its own, so what is shared is not 0. */
START_TEST(tis_keeps_its_stack)
{
    uint32_t common;

    pair(TIS);
    common = IMAGE + pages(planned.plan.domains[0].heap);
    is_rsi(GRAPH_ADDRESS, false, common, common + 2 * stack_pages());
    is_rsi(GRAPH_SPACE, false, 0, 2);
}
END_TEST

START_TEST(process_shares_text)
{
    uint32_t own;

    pair(PROCESS);
    own = MAKER_WRITABLE_PAGES + pages(planned.plan.domains[0].heap) +
          stack_pages();
    is_rsi(GRAPH_ADDRESS, false, 0, 2 * (own + IMAGE - MAKER_WRITABLE_PAGES));
    is_rsi(GRAPH_PAGE, false, IMAGE - MAKER_WRITABLE_PAGES,
           2 * own + IMAGE - MAKER_WRITABLE_PAGES);
    is_rsi(GRAPH_PAGE, true, 0, 2 * own);
    is_rsi(GRAPH_QUOTA, false, 0, 2);
    is_rsi(GRAPH_POOL, false, 1, 1);
}
END_TEST

START_TEST(pir_has_its_allocator)
{
    pair(PIR);
    is_rsi(GRAPH_POOL, false, 0, 2);
}
END_TEST

START_TEST(files_and_endpoints)
{
    uint32_t tree, port;

    planned_pair(TIF);
    tree = maker_tree(&planned.m, "public");
    planned.m.domains[0].degree[PD_FILES] = PD_NEW;
    planned.m.domains[0].tree = tree;
    planned.m.domains[1].tree = maker_tree(&planned.m, "other");
    port = maker_endpoint(&planned.m, "port");
    maker_hold(&planned.m, CAP_ENDPOINT, port, CAP_WRITE);
    make();
    is_rsi(GRAPH_FILE, false, 0, 2);
    /* One table of capabilities: what one is given, both have. */
    is_rsi(GRAPH_ENDPOINT, false, 1, 1);
}
END_TEST

/* A part of files is one folder: what lies beneath, and nothing beside it. */
START_TEST(a_folder_of_files)
{
    uint32_t tree, root;
    struct spec_node *nodes = planned.m.nodes;

    planned_pair(THREAD);
    tree = maker_tree(&planned.m, "public");
    root = planned.m.trees[tree].root;
    /* public/{deep/{below}, hello.txt} */
    planned.m.header.nodes.count += 2;
    nodes[root].count = 2;
    nodes[root + 2] = nodes[root + 3] = nodes[root + 1];
    nodes[root + 1] = nodes[root];
    nodes[root + 1].name = maker_string(&planned.m, "deep");
    nodes[root + 1].first = root + 3;
    nodes[root + 1].count = 1;
    planned.m.domains[0].degree[PD_FILES] = PD_NEW;
    planned.m.domains[0].tree = tree;
    planned.m.domains[1].degree[PD_FILES] = PD_PART;
    planned.m.domains[1].files_dir = root + 1 + 1;
    make();
    is_rsi(GRAPH_FILE, false, 1, 2);
}
END_TEST

/* As the papers' middle row: an address space each, 7 of 9 pages in common. */
START_TEST(fraction)
{
    struct graph_node domain = {.type = GRAPH_DOMAIN, .weight = 1};

    room(9, 8);
    graph.domains = 2;
    for (uint32_t i = 0; i < 3; i++) {
        (void)graph_node_add(&graph, &domain);
    }
    for (uint32_t i = 0; i < 3; i++) { /* 3, 4, 5: virtual */
        (void)graph_node_add(
            &graph, &(struct graph_node){.type = GRAPH_ADDRESS, .weight = 7});
    }
    for (uint32_t weight = 7, i = 0; i < 3; i++, weight = 1) { /* 6, 7, 8 */
        (void)graph_node_add(
            &graph, &(struct graph_node){.type = GRAPH_PAGE, .weight = weight});
    }
    graph_edge_add(&graph, GRAPH_HOLD, GRAPH_ADDRESS, 3, 0, 3);
    graph_edge_add(&graph, GRAPH_HOLD, GRAPH_ADDRESS, 1, 1, 4);
    graph_edge_add(&graph, GRAPH_MAP, GRAPH_PAGE, 3, 3, 6);
    graph_edge_add(&graph, GRAPH_MAP, GRAPH_PAGE, 3, 4, 6);
    graph_edge_add(&graph, GRAPH_HOLD, GRAPH_PAGE, 3, 0, 7);
    graph_edge_add(&graph, GRAPH_HOLD, GRAPH_PAGE, 3, 1, 8);
    graph_edge_add(&graph, GRAPH_HOLD, GRAPH_PAGE, 1, 2, 5);
    all_reach();
    is_rsi(GRAPH_ADDRESS, false, 0, 14);
    is_rsi(GRAPH_PAGE, false, 7, 9);
    ck_assert_uint_eq(reach[1][6], METRICS_REACHED | CAP_READ);
    ck_assert_uint_eq(reach[0][5], 0);
}
END_TEST

static uint32_t hops(uint32_t a, uint32_t b, uint32_t *ancestor)
{
    uint32_t *scratch = calloc(2 * graph.node_count, sizeof *scratch);
    struct metrics_radius radius = {.hops = 99};

    ck_assert(metrics_radius(&graph, a, b, scratch, &radius));
    *ancestor = radius.ancestor;
    free(scratch);
    return radius.hops;
}

START_TEST(radius)
{
    uint32_t ancestor;

    planned_pair(THREAD);
    maker_domain(&planned.m, "other", PROCESS, SPEC_NONE);
    maker_domain(&planned.m, "leaf", THREAD, 1);
    make();
    ck_assert_uint_eq(hops(0, 1, &ancestor), 1);
    ck_assert_uint_eq(ancestor, 0);
    /* Two without a parent meet at the root domain. */
    ck_assert_uint_eq(hops(0, 2, &ancestor), 1);
    ck_assert_uint_eq(ancestor, graph.domains);
    ck_assert_uint_eq(hops(1, 3, &ancestor), 1);
    ck_assert_uint_eq(hops(0, 0, &ancestor), 0);
}
END_TEST

static uint32_t trusted(uint32_t x, uint32_t *via)
{
    uint32_t n = graph.domains;
    struct metrics_link *links = calloc((size_t)n * n, sizeof *links);
    uint32_t count;

    for (uint32_t i = 0; i < n * n; i++) {
        metrics_depends(&graph, i / n, i % n, reach[i / n], reach[i % n],
                        &links[i]);
    }
    count = metrics_tcb(&graph, links, x, via);
    free(links);
    return count;
}

/* app, its thread, its process, a stranger. */
START_TEST(tcb)
{
    uint32_t via[DOMAINS];

    planned_pair(THREAD);
    maker_domain(&planned.m, "child", PROCESS, 0);
    maker_domain(&planned.m, "stranger", PROCESS, SPEC_NONE);
    make();
    ck_assert_uint_eq(trusted(0, via), 1);
    ck_assert_uint_eq(via[1], 0);
    ck_assert_uint_eq(via[2], GRAPH_NONE);
    /* The child trusts who composed it, and whoever writes its memory. */
    ck_assert_uint_eq(trusted(2, via), 2);
    ck_assert_uint_eq(via[0], 2);
    ck_assert_uint_eq(via[1], 0);
    ck_assert_uint_eq(trusted(3, via), 0);
}
END_TEST

START_TEST(tcb_by_a_range)
{
    uint32_t via[DOMAINS], ring;

    maker_init(&planned.m);
    ring = maker_range(&planned.m, "ring", 4);
    maker_domain(&planned.m, "writer", PROCESS, SPEC_NONE);
    maker_hold(&planned.m, CAP_RANGE, ring, CAP_READ | CAP_WRITE);
    maker_domain(&planned.m, "reader", PROCESS, SPEC_NONE);
    maker_hold(&planned.m, CAP_RANGE, ring, CAP_READ);
    make();
    ck_assert_uint_eq(trusted(0, via), 0);
    ck_assert_uint_eq(trusted(1, via), 1);
}
END_TEST

/* A chain of four: each hop is found, and the way is the shortest. */
START_TEST(tcb_shortest)
{
    static const uint8_t edges[][2] = {{0, 1}, {1, 2}, {2, 3},
                                       {0, 4}, {4, 3}, {3, 0}};
    struct metrics_link links[25] = {{0}};
    uint32_t via[5];

    memset(&graph, 0, sizeof graph);
    graph.domains = 5;
    for (uint32_t i = 0; i < 6; i++) {
        links[edges[i][0] * 5 + edges[i][1]].why = METRICS_REQUESTS;
    }
    ck_assert_uint_eq(metrics_tcb(&graph, links, 0, via), 4);
    ck_assert_uint_eq(via[3], 4);
    ck_assert_uint_eq(via[2], 1);
    ck_assert_uint_eq(metrics_tcb(&graph, links, 2, via), 4);
    ck_assert_uint_eq(via[1], 0);
}
END_TEST

START_TEST(spectrum)
{
    maker_spectrum(&planned.m);
    make();
    ck_assert_uint_eq(graph_find(&graph, GRAPH_DOMAIN, 3, 0), 3);
    ck_assert_uint_eq(graph_find(&graph, GRAPH_DOMAIN, 70, 0), GRAPH_NONE);
    ck_assert_str_eq(graph_type_osmosis(GRAPH_ADDRESS), "VMR");
    ck_assert_str_eq(graph_type_name(GRAPH_TYPE_COUNT), "unknown");
}
END_TEST

Suite *suite_graph(void)
{
    Suite *suite = suite_create("graph");
    TCase *tests = tcase_create("graph");

    tcase_add_checked_fixture(tests, NULL, teardown);
    tcase_add_test(tests, thread_shares_all);
    tcase_add_test(tests, tis_keeps_its_stack);
    tcase_add_test(tests, process_shares_text);
    tcase_add_test(tests, pir_has_its_allocator);
    tcase_add_test(tests, files_and_endpoints);
    tcase_add_test(tests, a_folder_of_files);
    tcase_add_test(tests, fraction);
    tcase_add_test(tests, radius);
    tcase_add_test(tests, tcb);
    tcase_add_test(tests, tcb_by_a_range);
    tcase_add_test(tests, tcb_shortest);
    tcase_add_test(tests, spectrum);
    suite_add_tcase(suite, tests);
    return suite;
}
