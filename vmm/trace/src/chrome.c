/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chrome's trace events ("Trace Event Format", Google, 2016): a complete event
 * ("X") for each stretch of a domain's time, flow events ("s", "f") for
 * crossings, instants ("i"), counters ("C"). Times are in microseconds: a tick
 * is written as a nanosecond, whatever it is, and the file says what it is.
 */
#include "names.h"

#include <debug/event_text.h>
#include <stdlib.h>

#define DOMAINS 4096u
#define TITLE 64u

/* What a domain is doing since `since`. */
enum doing { DOING_NOTHING, DOING_RING3, DOING_CALL, DOING_WAIT };

struct track {
    bool named;
    uint8_t doing; /* enum doing */
    uint64_t since;
    uint64_t call;   /* number, with DOING_CALL and DOING_WAIT */
    uint64_t flow;   /* of the message that is on its way to it; 0: none */
    uint64_t queued; /* likewise, of its own call that waits its turn */
};

struct trace_chrome {
    const struct trace_about *about;
    FILE *out;
    bool begun; /* an event has been written */
    bool started;
    uint64_t first, last; /* ticks */
    uint64_t flows;
    uint32_t current; /* in ring 3, or in a call; DOMAINS: nobody */
    struct track tracks[DOMAINS];
};

struct trace_chrome *trace_chrome_open(const struct trace_about *about,
                                       FILE *out)
{
    struct trace_chrome *chrome = calloc(1, sizeof(*chrome));

    if (chrome) {
        chrome->about = about;
        chrome->out = out;
        chrome->current = DOMAINS;
        fprintf(out,
                "{\"otherData\": {\"tool\": \"ambit\", \"tick\": \"%s\"},\n"
                " \"displayTimeUnit\": \"ns\",\n \"traceEvents\": [",
                about->instructions ? "executed instruction" : "TSC");
    }
    return chrome;
}

/* Names come from configs and files: what JSON cannot have as it is, goes. */
static void json_safe(char *text)
{
    for (; *text; text++) {
        if (*text == '"' || *text == '\\' || (unsigned char)*text < 0x20 ||
            (unsigned char)*text >= 0x7f) {
            *text = '?';
        }
    }
}

/* The fields that every event has; the rest follows. */
static void begin(struct trace_chrome *chrome, const char *phase,
                  const char *title, uint32_t domain, uint64_t tick)
{
    char name[TITLE];

    snprintf(name, sizeof(name), "%s", title);
    json_safe(name);
    fprintf(chrome->out,
            "%s\n  {\"ph\": \"%s\", \"name\": \"%s\", \"pid\": 1, \"tid\": "
            "%u, \"ts\": %llu.%03llu",
            chrome->begun ? "," : "", phase, name, domain + 1,
            (unsigned long long)((tick - chrome->first) / 1000),
            (unsigned long long)((tick - chrome->first) % 1000));
    chrome->begun = true;
}

static void finish(struct trace_chrome *chrome)
{
    fputc('}', chrome->out);
}

static void name_track(struct trace_chrome *chrome, uint32_t domain)
{
    char name[SHARED_NAME + 8];

    trace__name(chrome->about, domain, name, sizeof(name));
    json_safe(name);
    begin(chrome, "M", "thread_name", domain, chrome->first);
    fprintf(chrome->out, ", \"args\": {\"name\": \"%s\"}", name);
    finish(chrome);
    chrome->tracks[domain].named = true;
}

static void title_of(const struct track *track, char title[TITLE])
{
    char call[40];

    event_call_name(track->call, call, sizeof(call));
    switch ((enum doing)track->doing) {
    case DOING_RING3:
        snprintf(title, TITLE, "ring 3");
        break;
    case DOING_CALL:
        snprintf(title, TITLE, "%s", call);
        break;
    default:
        snprintf(title, TITLE, "waits in %s", call);
        break;
    }
}

/* What it was doing is over; it does something else now. */
static void turn(struct trace_chrome *chrome, uint32_t domain, enum doing next,
                 uint64_t tick)
{
    struct track *track = &chrome->tracks[domain];
    char title[TITLE];

    if (track->doing != DOING_NOTHING && tick > track->since) {
        uint64_t span = tick - track->since;

        title_of(track, title);
        begin(chrome, "X", title, domain, track->since);
        fprintf(chrome->out, ", \"dur\": %llu.%03llu",
                (unsigned long long)(span / 1000),
                (unsigned long long)(span % 1000));
        finish(chrome);
    }
    track->doing = (uint8_t)next;
    track->since = tick;
}

static void flow(struct trace_chrome *chrome, const char *phase, uint64_t id,
                 const char *title, uint32_t domain, uint64_t tick)
{
    begin(chrome, phase, title, domain, tick);
    fprintf(chrome->out, ", \"cat\": \"crossing\", \"id\": %llu%s",
            (unsigned long long)id, *phase == 'f' ? ", \"bp\": \"e\"" : "");
    finish(chrome);
}

static void instant(struct trace_chrome *chrome,
                    const struct shared_record *record)
{
    const struct event_names none = {0};
    char text[256];

    event_describe_by(&record->event, &none, text, sizeof(text));
    begin(chrome, "i", text, record->event.domain, record->tick);
    fputs(", \"s\": \"t\"", chrome->out);
    finish(chrome);
}

static void counter(struct trace_chrome *chrome,
                    const struct shared_record *record)
{
    char name[TITLE];

    trace__quota_name(chrome->about, record->third, name, sizeof(name));
    begin(chrome, "C", name, 0, record->tick);
    fprintf(chrome->out, ", \"args\": {\"pages\": %u}", record->event.first);
    finish(chrome);
}

/* A message on its way: the arrow ends where the other goes on. */
static void send(struct trace_chrome *chrome,
                 const struct shared_record *record, const char *title)
{
    uint32_t from = record->event.domain, to = record->event.first;
    uint64_t id = ++chrome->flows;

    flow(chrome, "s", id, title, from, record->tick);
    if (to < DOMAINS) {
        chrome->tracks[to].flow = id;
    } else {
        chrome->tracks[from].queued = id;
    }
}

static void arrive(struct trace_chrome *chrome, uint32_t domain, uint64_t id,
                   uint64_t tick)
{
    if (id != 0) {
        flow(chrome, "f", id, "crossing", domain, tick);
    }
}

static void take(struct trace_chrome *chrome,
                 const struct shared_record *record)
{
    uint32_t from = record->event.first;

    if (from < DOMAINS) {
        arrive(chrome, record->event.domain, chrome->tracks[from].queued,
               record->tick);
        chrome->tracks[from].queued = 0;
    }
}

static void switched(struct trace_chrome *chrome,
                     const struct shared_record *record)
{
    uint32_t to = record->event.domain, from = chrome->current;
    struct track *track = &chrome->tracks[to];

    if (from < DOMAINS && from != to &&
        chrome->tracks[from].doing == DOING_RING3) {
        turn(chrome, from, DOING_NOTHING, record->tick); /* it is preempted */
    }
    turn(chrome, to, DOING_RING3, record->tick);
    arrive(chrome, to, track->flow, record->tick);
    track->flow = 0;
    chrome->current = to;
}

static void returned(struct trace_chrome *chrome,
                     const struct shared_record *record)
{
    turn(chrome, record->event.domain,
         record->event.first == EVENT_BLOCKED ? DOING_WAIT : DOING_RING3,
         record->tick);
}

static void called(struct trace_chrome *chrome,
                   const struct shared_record *record)
{
    struct track *track = &chrome->tracks[record->event.domain];

    turn(chrome, record->event.domain, DOING_CALL, record->tick);
    track->call = record->event.first;
}

static void act(struct trace_chrome *chrome, const struct shared_record *record)
{
    switch (record->event.kind) {
    case EVENT_CALL:
        called(chrome, record);
        break;
    case EVENT_RETURN:
        returned(chrome, record);
        break;
    case EVENT_SWITCH:
        switched(chrome, record);
        break;
    case EVENT_SEND:
        send(chrome, record, "call");
        break;
    case EVENT_REPLY:
    case EVENT_SIGNAL:
        if (record->event.first < DOMAINS) { /* else nobody is woken */
            send(chrome, record,
                 record->event.kind == EVENT_REPLY ? "reply" : "signal");
        }
        break;
    case EVENT_TAKE:
        take(chrome, record);
        break;
    case EVENT_END:
        turn(chrome, record->event.domain, DOING_NOTHING, record->tick);
        instant(chrome, record);
        break;
    default:
        instant(chrome, record);
        break;
    }
}

int trace_chrome_record(void *to, const struct shared_record *record)
{
    struct trace_chrome *chrome = to;

    if (!chrome->started) {
        chrome->first = record->tick;
        chrome->started = true;
    }
    chrome->last = record->tick;
    if (record->event.kind == EVENT_QUOTA) {
        counter(chrome, record);
    } else if (record->event.domain < DOMAINS) {
        if (!chrome->tracks[record->event.domain].named) {
            name_track(chrome, record->event.domain);
        }
        act(chrome, record);
    }
    return ferror(chrome->out) ? -1 : 0;
}

int trace_chrome_close(struct trace_chrome *chrome, uint64_t lost)
{
    int result;

    for (uint32_t i = 0; i < DOMAINS; i++) {
        turn(chrome, i, DOING_NOTHING, chrome->last);
    }
    fprintf(chrome->out, "\n ],\n \"lostRecords\": %llu}\n",
            (unsigned long long)lost);
    result = fflush(chrome->out) == 0 && !ferror(chrome->out) ? 0 : -1;
    free(chrome);
    return result;
}
