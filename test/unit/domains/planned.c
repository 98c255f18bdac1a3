/* SPDX-License-Identifier: Apache-2.0 */
#include "planned.h"

#include "model.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

struct planned planned;

void planned_make(void)
{
    struct spec_error error;
    struct spec packed;
    uint32_t bytes;

    planned_free();
    planned.blob = maker_pack(&planned.m, &bytes);
    ck_assert_msg(spec_validate(planned.blob, bytes, &packed, &error) ==
                      STATUS_OK,
                  "%s", error.what);
    maker_spread(&packed, &planned.spec);
    memset(&planned.plan, 0, sizeof planned.plan);
    ck_assert_int_eq(plan_make(&planned.spec, &planned.plan), STATUS_OK);
    ck_assert_ptr_null(model_fault(&planned.spec, &planned.plan));
}

void planned_free(void)
{
    if (planned.blob != NULL) {
        maker_gather(&planned.spec);
    }
    free(planned.blob);
    planned.blob = NULL;
}

void planned_pair(uint32_t kind)
{
    maker_init(&planned.m);
    maker_domain(&planned.m, "app", PROCESS, SPEC_NONE);
    maker_domain(&planned.m, "it", kind, 0);
}
