/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A moment at which KVM_RUN returns. The signal's handler sets
 * kvm_run->immediate_exit (through engine_kick), so a timer that fires after
 * we looked and before KVM_RUN began is not lost.
 */
#define _GNU_SOURCE
#include "kvm_internal.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define NS_PER_S 1000000000ull

/* glibc has no public name for this member of struct sigevent. */
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

static void on_timer(int signal_number)
{
    (void)signal_number;
    engine_kick();
}

static int timer_begin(struct kvm_timer *timer, struct failure *failure)
{
    struct sigaction action = {.sa_handler = on_timer};
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID,
                             .sigev_signo = SIGRTMIN};

    event.sigev_notify_thread_id = gettid();
    if (sigaction(SIGRTMIN, &action, NULL) < 0 ||
        timer_create(CLOCK_MONOTONIC, &event, &timer->timer) < 0) {
        return failure_set(failure, EXIT_HOST, "kvm: creating a timer: %s",
                           strerror(errno));
    }
    timer->exists = true;
    timer->armed_ns = 0;
    return 0;
}

int kvm_timer_set(struct kvm_timer *timer, uint64_t until_ns,
                  struct failure *failure)
{
    struct itimerspec when = {
        .it_value = {.tv_sec = (time_t)(until_ns / NS_PER_S),
                     .tv_nsec = (long)(until_ns % NS_PER_S)}};

    if (until_ns == timer->armed_ns) {
        return 0;
    }
    if (!timer->exists && timer_begin(timer, failure) < 0) {
        return -1;
    }
    if (timer_settime(timer->timer, TIMER_ABSTIME, &when, NULL) < 0) {
        return failure_set(failure, EXIT_HOST, "kvm: setting a timer: %s",
                           strerror(errno));
    }
    timer->armed_ns = until_ns;
    return 0;
}

void kvm_timer_close(struct kvm_timer *timer)
{
    if (timer->exists) {
        (void)timer_delete(timer->timer);
        timer->exists = false;
    }
}
