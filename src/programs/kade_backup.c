/* kade_backup.c: kade backup and kade restore: a folder with the database (pg_dump, custom format,
 * as kade_backup, which sees every shop) and the files that rows point at. The installation's key
 * is not in it: without the key sealed columns stay shut, so whoever finds the folder has no
 * secrets, and the key must be kept elsewhere. Restore goes into an empty installation only. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/time.h"
#include "config.h"
#include "platform/db.h"
#include "programs/kade.h"

static const char *path(struct kade *k, const char *dir, const char *name)
{
    return arena_printf(k->arena, "%s/%s", dir, name);
}

static const char *port(struct kade *k)
{
    return arena_printf(k->arena, "%d", k->prog.conf->db_port);
}

/* Folders below the state folder that belong to shops; the rest can be made again. */
static const char *const kept[] = { "media", "private", "theme" };

static bool pack_files(struct kade *k, const char *to)
{
    const char *argv[8 + COUNT_OF(kept)];
    size_t n = 0, folders = 0;
    argv[n++] = "tar";
    argv[n++] = "-C";
    argv[n++] = k->prog.conf->state_dir;
    argv[n++] = "-cf";
    argv[n++] = to;
    for (size_t i = 0; i < COUNT_OF(kept); i++) {
        struct stat st;
        if (stat(path(k, k->prog.conf->state_dir, kept[i]), &st) == 0 && S_ISDIR(st.st_mode)) {
            argv[n++] = kept[i];
            folders++;
        }
    }
    if (folders == 0) { /* an empty archive is one too */
        argv[n++] = "-T";
        argv[n++] = "/dev/null";
    }
    argv[n] = NULL;
    return kade_spawn(k, argv, NULL);
}

static bool write_manifest(struct kade *k, const char *file)
{
    FILE *f = fopen(file, "wxe");
    if (f == NULL)
        return false;
    fprintf(f, "kade %s\nmade %s\ndatabase %s\n", PACKAGE_VERSION,
            instant_rfc3339(k->arena, instant_now()), k->prog.conf->db_name);
    return fclose(f) == 0;
}

static int backup(struct kade *k, char **arg)
{
    int status = kade_load(k, false);
    if (status != 0)
        return status;
    const struct conf *c = k->prog.conf;
    const char *dir = arg[0];
    mode_t before = umask(0077); /* everything about every customer */
    int made = mkdir(dir, 0700);
    umask(before);
    if (made != 0)
        return kade_fail("%s: %s. Name a folder that is not there yet", dir, strerror(errno));
    umask(0077);
    const char *const dump[] = { "pg_dump",
                                 "--no-password",
                                 "-h",
                                 c->db_host,
                                 "-p",
                                 port(k),
                                 "-U",
                                 "kade_backup",
                                 "-Fc",
                                 "-f",
                                 path(k, dir, "database.dump"),
                                 c->db_name,
                                 NULL };
    if (!kade_spawn(k, dump, kade_password_env(k)))
        return kade_fail("the database was not saved: %s is incomplete, delete it", dir);
    if (!pack_files(k, path(k, dir, "files.tar")))
        return kade_fail("the files were not saved: %s is incomplete, delete it", dir);
    /* Last: a folder with a manifest is whole. */
    if (!write_manifest(k, path(k, dir, "manifest")))
        return kade_fail("%s/manifest: %s", dir, strerror(errno));
    printf("saved to %s; keep a copy of %s elsewhere: it is not in the backup\n", dir,
           c->secret_file);
    return 0;
}

static const char *read_file(struct kade *k, const char *file)
{
    struct buf b;
    buf_init(&b, k->arena, 1024 * 1024);
    FILE *f = fopen(file, "re");
    char part[4096];
    size_t n;
    while (f != NULL && (n = fread(part, 1, sizeof part, f)) > 0)
        buf_put(&b, part, n);
    if (f != NULL)
        fclose(f);
    return b.n == 0 || buf_rc(&b) != RC_OK ? NULL : b.p;
}

/* Nothing of anybody's may be in the way; a database that is missing is made. */
static int must_be_empty(struct kade *k, const char *superuser)
{
    const char *file = path(k, k->prog.conf->sql_dir, "empty.sql");
    const char *script = read_file(k, file);
    if (script == NULL)
        return kade_fail("%s cannot be read: is sql_dir right?", file);
    int status = kade_make_database(k, superuser);
    if (status != 0)
        return status;
    k->app.db = db_new(k->prog.conf, superuser, "kade restore");
    enum rc rc = db_script(k->app.db, script);
    if (rc != RC_OK)
        status = kade_fail_db(k, "restore", rc);
    db_free(k->app.db);
    k->app.db = NULL;
    return status;
}

/* Roles belong to the whole server and are not in the dump, but its grants name them. They are
 * made by way of a database that lives for a moment, so that ours stays empty. */
static int make_roles(struct kade *k, const char *superuser)
{
    struct conf c = *k->prog.conf;
    c.db_name = arena_printf(k->arena, "%s_roles", c.db_name);
    if (!kade_createdb(k, superuser, c.db_name))
        return kade_fail("the database '%s' was not made", c.db_name);
    int status = kade_bootstrap(k, &c, superuser);
    if (!kade_dropdb(k, superuser, c.db_name))
        status |= kade_fail("the database '%s' is left behind: drop it", c.db_name);
    return status;
}

static bool load_database(struct kade *k, const char *dir, const char *superuser)
{
    const struct conf *c = k->prog.conf;
    const char *const argv[] = { "pg_restore",
                                 "--no-password",
                                 "-h",
                                 c->db_host,
                                 "-p",
                                 port(k),
                                 "-U",
                                 superuser,
                                 "-d",
                                 c->db_name,
                                 "--exit-on-error",
                                 "--single-transaction",
                                 path(k, dir, "database.dump"),
                                 NULL };
    return kade_spawn(k, argv, kade_password_env(k));
}

static int restore(struct kade *k, char **arg)
{
    int status = kade_load(k, false);
    if (status != 0)
        return status;
    const struct conf *c = k->prog.conf;
    const char *dir = arg[0], *superuser = k->value[OPT_SUPERUSER];
    if (str_empty(superuser)) {
        (void)kade_fail("restore needs --superuser NAME, for instance postgres");
        return EXIT_USAGE;
    }
    if (access(path(k, dir, "manifest"), R_OK) != 0)
        return kade_fail("%s holds no whole backup: there is no manifest in it", dir);
    status = must_be_empty(k, superuser);
    if (status == 0)
        status = make_roles(k, superuser);
    if (status != 0)
        return status;
    if (!load_database(k, dir, superuser))
        return kade_fail("the database was not restored; it is as it was before");
    status = kade_bootstrap(k, c, superuser); /* who may connect is not in the dump either */
    const char *const unpack[] = { "tar", "-C", c->state_dir, "-xpf", path(k, dir, "files.tar"),
                                   NULL };
    if (!kade_spawn(k, unpack, NULL))
        return kade_fail("the database is restored, the files are not: unpack %s/files.tar in %s",
                         dir, c->state_dir);
    if (status == 0)
        printf("restored from %s; put the key that belongs to it at %s, then run 'kade migrate' "
               "and 'kade doctor'\n",
               dir, c->secret_file);
    return status;
}

static const enum kade_option no_options[] = { OPTIONS };
static const enum kade_option restore_options[] = { OPT_SUPERUSER, OPTIONS };
const struct command kade_backup_commands[] = {
    { "backup", NULL, "DIR", "Save database and files into a new folder.", 1, 1, no_options,
      backup },
    { "restore", NULL, "DIR --superuser NAME", "Load such a folder into an empty installation.", 1,
      1, restore_options, restore },
    { 0 }
};
