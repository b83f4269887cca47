/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Searches folders for files, each folder once, regardless of symbolic links. */
#include "walk.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct walk {
    GPtrArray *captures;
    GHashTable *paths;   /* captures that are listed */
    char **excluded;     /* patterns of --exclude; NULL: none */
    const char *extract; /* the folder of the extracts, which is not searched unless it is named; NULL: none */
    GHashTable *folders; /* device and inode of the folders searched so far, so that links cannot lead in circles */
};

static struct capture *add_file(struct walk *walk, const char *path, bool is_found, gint64 size)
{
    struct capture *capture = NULL;

    if (g_hash_table_add(walk->paths, g_strdup(path))) {
        capture = capture_new(path, is_found);
        capture->listed_size = size;
        g_ptr_array_add(walk->captures, capture);
    }
    return capture;
}

/* A pattern with a slash is for the whole path, others are for the name. */
static bool is_excluded(const struct walk *walk, const char *path)
{
    const char *name = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
    bool is_excluded = false;

    for (char **pattern = walk->excluded; pattern != NULL && *pattern != NULL && !is_excluded; pattern++) {
        is_excluded = fnmatch(*pattern, strchr(*pattern, '/') != NULL ? path : name, 0) == 0;
    }
    return is_excluded;
}

static void add_unreadable(struct walk *walk, const char *path, const char *reason)
{
    if (g_hash_table_add(walk->paths, g_strdup(path))) {
        struct capture *capture = capture_new(path, false);
        capture_set_status(capture, CAPTURE_UNREADABLE, g_strdup_printf("Folder: %s", reason));
        g_ptr_array_add(walk->captures, capture);
    }
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of a folder's entries in order; NULL and errno when it cannot be read. */
static GPtrArray *list_folder(const char *path)
{
    GError *error = NULL;
    GDir *folder = g_dir_open(path, 0, &error);
    GPtrArray *names = NULL;

    if (folder != NULL) {
        names = g_ptr_array_new_with_free_func(g_free);
        for (const char *name; (name = g_dir_read_name(folder)) != NULL;) {
            g_ptr_array_add(names, g_strdup(name));
        }
        g_ptr_array_sort(names, compare_names);
        g_dir_close(folder);
    } else {
        errno = g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_ACCES) ? EACCES : EIO;
        g_error_free(error);
    }
    return names;
}

static void add_path(struct walk *walk, const char *path, bool is_found);

static void add_folder(struct walk *walk, const char *path, const struct stat *status)
{
    if (!g_hash_table_add(walk->folders,
                          g_strdup_printf("%ju:%ju", (uintmax_t)status->st_dev, (uintmax_t)status->st_ino))) {
        return;
    }
    GPtrArray *names = list_folder(path);
    if (names == NULL) {
        add_unreadable(walk, path, g_strerror(errno));
        return;
    }
    /* Files and real folders first: a link to what is here anyway finds it listed. */
    for (int is_link = 0; is_link <= 1; is_link++) {
        for (guint i = 0; i < names->len; i++) {
            char *entry = g_build_filename(path, g_ptr_array_index(names, i), NULL);
            if (g_file_test(entry, G_FILE_TEST_IS_SYMLINK) == is_link && !is_excluded(walk, entry)) {
                add_path(walk, entry, true);
            }
            g_free(entry);
        }
    }
    g_ptr_array_unref(names);
}

static bool is_extract_folder(const struct walk *walk, const struct stat *folder)
{
    struct stat extract;

    return walk->extract != NULL && stat(walk->extract, &extract) == 0 && extract.st_dev == folder->st_dev &&
           extract.st_ino == folder->st_ino;
}

static void add_path(struct walk *walk, const char *path, bool is_found)
{
    struct stat status;
    bool exists = stat(path, &status) == 0;

    if (exists && S_ISDIR(status.st_mode)) {
        if (!is_found || !is_extract_folder(walk, &status)) {
            add_folder(walk, path, &status);
        }
    } else if (!exists || S_ISREG(status.st_mode) || !is_found) {
        add_file(walk, path, is_found, exists ? status.st_size : 0); /* reading it will say what is wrong */
    }
}

static void add_list(struct walk *walk, FILE *file, char separator)
{
    char *line = NULL;
    size_t size = 0;

    for (ssize_t len; (len = getdelim(&line, &size, separator, file)) >= 0;) {
        if (len > 0 && line[len - 1] == separator) {
            line[--len] = '\0';
        }
        if (separator == '\n' && len > 0 && line[len - 1] == '\r') {
            line[--len] = '\0';
        }
        if (len > 0) {
            add_path(walk, line, false);
        }
    }
    free(line);
}

static bool read_list(struct walk *walk, const struct options *options, char **reason)
{
    bool is_stdin = strcmp(options->list, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(options->list, "re");

    if (file == NULL) {
        *reason = g_strdup_printf("could not read the list \"%s\": %s", options->list, g_strerror(errno));
        return false;
    }
    add_list(walk, file, options->is_null_separated ? '\0' : '\n');
    bool is_read = !ferror(file);
    if (!is_read) {
        *reason = g_strdup_printf("could not read the list \"%s\"", options->list);
    }
    if (!is_stdin) {
        fclose(file);
    }
    return is_read;
}

static gint compare_captures(gconstpointer a, gconstpointer b)
{
    const struct capture *left = *(struct capture *const *)a, *right = *(struct capture *const *)b;

    return strcmp(left->path, right->path);
}

static void free_capture(gpointer capture)
{
    if (capture != NULL) {
        capture_free(capture);
    }
}

GPtrArray *walk_inputs(const struct options *options, char **reason)
{
    struct walk walk = {
        .captures = g_ptr_array_new_with_free_func(free_capture),
        .paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .excluded = options->excluded,
        .extract = options->extract,
        .folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
    };

    for (char **argument = options->arguments; *argument != NULL; argument++) {
        if (strcmp(*argument, "-") == 0) {
            struct capture *capture = add_file(&walk, "-", false, 0);
            if (capture != NULL) {
                capture->is_stdin = true;
            }
        } else {
            add_path(&walk, *argument, false);
        }
    }
    if (options->list != NULL && !read_list(&walk, options, reason)) {
        g_clear_pointer(&walk.captures, g_ptr_array_unref);
    } else {
        g_ptr_array_sort(walk.captures, compare_captures);
    }
    g_hash_table_destroy(walk.paths);
    g_hash_table_destroy(walk.folders);
    return walk.captures;
}
