/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What client and server say to each other: one call an operation. word 0 is
 * the operation, and of the reply the status.
 */
#ifndef FILESERVER_PROTOCOL_H
#define FILESERVER_PROTOCOL_H

#include <abi/syscall.h>

enum file_operation {
    FILE_OPEN,     /* 1: rights; 2..5: name -> 1: number of the open file */
    FILE_READ,     /* 1: number, 2: offset, 3: bytes -> 1: bytes; 2..5: data */
    FILE_WRITE,    /* 1: number, 2: offset | bytes << 32; 3..5: data */
    FILE_TRUNCATE, /* 1: number, 2: bytes */
    FILE_SIZE,     /* 1: number -> 1: bytes */
    FILE_CLOSE     /* 1: number */
};

#define FILE_NAME_BYTES 32u  /* with its NUL */
#define FILE_READ_BYTES 32u  /* of one call */
#define FILE_WRITE_BYTES 24u /* of one call */
#define FILE_BYTES_MAX 65536u

#endif
