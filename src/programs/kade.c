/* kade.c: the operator's command line: finds the command, reads options, prints help. What commands
 * do is in kade_*.c, one file a group. Errors go to standard error and say what to do next; results
 * go to standard output; the exit status is 0, 1 (failed) or 2 (usage). */
#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "config.h"
#include "programs/kade.h"

static const struct {
    const char *name, *value, *help;
} options[OPTIONS] = {
    [OPT_CONFIG] = { "config", "FILE", "configuration; else $KADE_CONFIG, else defaults" },
    [OPT_JSON] = { "json", NULL, "print data as JSON" },
    [OPT_TENANT] = { "tenant", "SLUG", "the shop it is about" },
    [OPT_HELP] = { "help", NULL, "this text, or a command's" },
    [OPT_VERSION] = { "version", NULL, "print the version" },
    [OPT_ROUTES] = { "routes", NULL, "print the sitemap" },
    [OPT_PERMISSIONS] = { "permissions", NULL, "print the permissions" },
    [OPT_TEMPLATES] = { "templates", NULL, "print the templates" },
    [OPT_EVENTS] = { "events", NULL, "print who listens to which event, and jobs" },
    [OPT_BOOTSTRAP] = { "bootstrap", NULL, "make database, roles and extensions first" },
    [OPT_SUPERUSER] = { "superuser", "NAME", "database role that may do so" },
    [OPT_DRY_RUN] = { "dry-run", NULL, "only report" },
    [OPT_NAME] = { "name", "NAME", "name shown to people" },
    [OPT_HOST] = { "host", "HOST", "host name of the shop" },
    [OPT_CURRENCY] = { "currency", "CODE", "ISO 4217, default USD" },
    [OPT_LOCALE] = { "locale", "TAG", "first language, default en" },
    [OPT_ZONE] = { "zone", "ZONE", "IANA time zone, default UTC" },
    [OPT_COUNTRY] = { "country", "CC", "ISO 3166 country" },
    [OPT_ROLE] = { "role", "CODE", "role of the person, default admin" },
    [OPT_OPERATOR] = { "operator", NULL, "an operator of the platform, of no shop" },
    [OPT_FORMAT] = { "format", "FORMAT", "woocommerce, shopify or kade" },
    [OPT_PICTURES] = { "pictures", "DIR", "folder that file: pictures come from" },
    [OPT_PRODUCTS] = { "products", "N", "at least so many products in the first shop" },
    [OPT_ORDERS] = { "orders", "N", "so many orders" },
    [OPT_ALT] = { "alt", "TEXT", "what the picture shows, for people who do not see it" },
    [OPT_CAPTION] = { "caption", "TEXT", "text below the picture" },
    [OPT_SKU] = { "sku", "SKU", "the product that shows it" },
    [OPT_ALL] = { "all", NULL, "every picture that needs it" },
    [OPT_YES] = { "yes", NULL, "do it without asking back" },
};

static const struct command *const groups[] = {
    kade_check_commands,  kade_migrate_commands, kade_tenant_commands,     kade_user_commands,
    kade_import_commands, kade_media_commands,   kade_search_commands,     kade_theme_commands,
    kade_home_commands,   kade_order_commands,   kade_collection_commands, kade_desk_commands,
    kade_field_commands,  kade_tax_commands,     kade_payment_commands,    kade_jobs_commands,
    kade_backup_commands
};

static void print_command(FILE *to, const struct command *c)
{
    fprintf(to, "  kade %s%s%s%s%s\n      %s\n", c->group, c->name == NULL ? "" : " ",
            c->name == NULL ? "" : c->name, str_empty(c->args) ? "" : " ", c->args, c->help);
}

static void print_option(FILE *to, enum kade_option o)
{
    char text[40];
    (void)snprintf(text, sizeof text, "--%s%s%s", options[o].name,
                   options[o].value == NULL ? "" : " ",
                   options[o].value == NULL ? "" : options[o].value);
    fprintf(to, "  %-20s %s\n", text, options[o].help);
}

/* group NULL: everything. */
static void help(FILE *to, const char *group)
{
    fputs("usage: kade [--config FILE] COMMAND [options]\n\n", to);
    bool any[OPTIONS] = { [OPT_CONFIG] = true,
                          [OPT_JSON] = true,
                          [OPT_TENANT] = true,
                          [OPT_HELP] = true,
                          [OPT_VERSION] = true };
    for (size_t i = 0; i < COUNT_OF(groups); i++)
        for (const struct command *c = groups[i]; c->group != NULL; c++) {
            if (group != NULL && !str_eq(group, c->group))
                continue;
            print_command(to, c);
            for (const enum kade_option *o = c->options; *o != OPTIONS; o++)
                any[*o] = true;
        }
    fputs("  kade version\n  kade help [COMMAND]\n\noptions:\n", to);
    for (unsigned o = 0; o < OPTIONS; o++)
        if (any[o])
            print_option(to, (enum kade_option)o);
}

static bool allowed(const struct command *c, enum kade_option o)
{
    if (o <= OPT_VERSION)
        return true;
    for (const enum kade_option *p = c->options; *p != OPTIONS; p++)
        if (*p == o)
            return true;
    return false;
}

/* Options may stand anywhere; arguments are left in argv[optind..]. */
static bool read_options(struct kade *k, int argc, char **argv)
{
    struct option table[OPTIONS + 1] = { 0 };
    for (int i = 0; i < OPTIONS; i++)
        table[i] = (struct option){ options[i].name,
                                    options[i].value == NULL ? no_argument : required_argument,
                                    NULL, 1000 + i };
    int o;
    while ((o = getopt_long(argc, argv, "", table, NULL)) != -1) {
        if (o < 1000 || o >= 1000 + OPTIONS)
            return false; /* getopt has said what */
        k->value[o - 1000] = optarg == NULL ? "" : optarg;
    }
    return true;
}

static const struct command *find(char **arg, int n, int *used)
{
    for (size_t i = 0; i < COUNT_OF(groups) && n > 0; i++)
        for (const struct command *c = groups[i]; c->group != NULL; c++) {
            if (!str_eq(c->group, arg[0]))
                continue;
            *used = c->name == NULL ? 1 : 2;
            if (c->name == NULL || (n > 1 && str_eq(c->name, arg[1])))
                return c;
        }
    return NULL;
}

static bool is_group(const char *word)
{
    for (size_t i = 0; i < COUNT_OF(groups); i++)
        if (str_eq(groups[i]->group, word))
            return true;
    for (const struct command *c = kade_backup_commands; c->group != NULL; c++)
        if (str_eq(c->group, word))
            return true;
    return false;
}

static int wrong_usage(char **arg, int n)
{
    if (n == 0)
        fputs("kade: which command?\n\n", stderr);
    else if (is_group(arg[0]))
        fprintf(stderr, "kade: '%s' is not used like that\n\n", arg[0]);
    else
        fprintf(stderr, "kade: there is no command '%s'\n\n", arg[0]);
    help(stderr, n > 0 && is_group(arg[0]) ? arg[0] : NULL);
    return EXIT_USAGE;
}

static int dispatch(struct kade *k, char **arg, int n)
{
    if (kade_has(k, OPT_VERSION) || (n == 1 && str_eq(arg[0], "version")))
        return puts("kade " PACKAGE_VERSION) < 0;
    bool ask = n > 0 && str_eq(arg[0], "help");
    if (kade_has(k, OPT_HELP) || ask) {
        const char *group = n > ask ? arg[ask] : NULL;
        if (group != NULL && !is_group(group))
            return wrong_usage(arg + ask, n - ask);
        help(stdout, group);
        return 0;
    }
    int used = 0;
    const struct command *c = find(arg, n, &used);
    if (c == NULL || n - used < c->least || n - used > c->most)
        return wrong_usage(arg, n);
    for (unsigned o = 0; o < OPTIONS; o++)
        if (kade_has(k, (enum kade_option)o) && !allowed(c, (enum kade_option)o)) {
            fprintf(stderr, "kade: %s does not know --%s\n\n", c->group, options[o].name);
            help(stderr, c->group);
            return EXIT_USAGE;
        }
    return c->run(k, arg + used);
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    struct kade k = { 0 };
    k.value[OPT_CONFIG] = getenv("KADE_CONFIG");
    if (!read_options(&k, argc, argv)) {
        fputs("Try 'kade help'.\n", stderr);
        return EXIT_USAGE;
    }
    k.arena = arena_new_sized(0);
    int status = dispatch(&k, argv + optind, argc - optind);
    if (k.opened) {
        loader_call_stop(&k.app);
        app_close(&k.app);
    }
    if (k.prog.arena != NULL)
        prog_free(&k.prog);
    arena_free(k.arena);
    if (fflush(stdout) != 0 && status == 0)
        status = kade_fail("standard output: %s", strerror(errno));
    return status;
}
