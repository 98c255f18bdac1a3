/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small program whose file the tests load, damage and pack. It is never run.
 * #line gives its functions a file and lines that tests can know.
 */
int sample_main(int argc, char **argv);
int other_main(int argc, char **argv);
void _start(void);

static long answer = 42;
long *sample_pointers[4] = {&answer, &answer, &answer, &answer};
long sample_zeroes[3000];
const char sample_text[] = "read only";

#line 1000 "some/folder/known.c"
int sample_main(int argc, char **argv)
{
    sample_zeroes[0] = (long)argv;
    return argc + (int)*sample_pointers[1];
}

#line 2000 "some/folder/known.c"
__attribute__((noinline)) static int helper(int number)
{
    return number * 3 + (int)sample_zeroes[number & 7];
}

#line 3000 "some/folder/other.c"
int other_main(int argc, char **argv)
{
    (void)argv;
    return helper(argc) + sample_text[argc & 7];
}

#line 4000 "some/folder/start.c"
void _start(void)
{
    sample_main(1, (char **)0);
    other_main(2, (char **)0);
    for (;;) {
    }
}
