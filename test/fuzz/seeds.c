/* SPDX-License-Identifier: Apache-2.0 */
/*
 * First inputs of target `spec`, for tools/fuzz:
 *   fuzz_seeds FOLDER CONFIG...
 * Writes the spec blob of each config into the folder. A config that cannot be
 * packed here (a program it names is not built in) is passed over.
 */
#define _GNU_SOURCE
#include <image/image.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int blob_write(const char *folder, const char *path,
                      const struct image *image)
{
    const struct spec_header *header = image->spec.header;
    const char *slash = strrchr(path, '/');
    char *name;
    FILE *out;
    size_t done;

    if (asprintf(&name, "%s/%s.spec", folder, slash ? slash + 1 : path) < 0) {
        return -1;
    }
    out = fopen(name, "wb");
    if (!out) {
        perror(name);
        free(name);
        return -1;
    }
    done = fwrite(header, 1, header->bytes, out);
    free(name);
    return fclose(out) == 0 && done == header->bytes ? 0 : -1;
}

static int seed(const char *folder, const char *path)
{
    struct diagnostics diagnostics = {0};
    struct failure failure = {0};
    struct config *config = config_load(path, NULL, 0, &diagnostics, &failure);
    struct image *image =
        config ? image_make(config, 0, NULL, 0, &diagnostics, &failure) : NULL;
    int result = image ? blob_write(folder, path, image) : 0;

    image_free(image);
    config_free(config);
    diagnostics_free(&diagnostics);
    return result;
}

int main(int argc, char **argv)
{
    int result = 0;

    for (int i = 2; i < argc; i++) {
        result |= seed(argv[1], argv[i]);
    }
    return result == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
