/* calls_app.c: how the core's own actions, jobs and consumers are called while calls fail
 * (torture.h). A mail is in the folder in the end, once, and what was sent is forgotten. */
#include <string.h>

#include "app/mail.h"
#include "base/time.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "torture.h"

static const struct torture_call calls[] = {
    { .route = "POST /preferences", .body = "theme=dark&currency=USD&locale=si&next=%2Flist" },
    { 0 }
};

static enum rc queue_in_tx(struct db *db, void *arg)
{
    (void)arg;
    struct uuid event = { { 1, 2, 3 } };
    return mail_queue(db, &(struct mail){ .event = event,
                                          .template = "mail/account_welcome",
                                          .to = "torture@example.test",
                                          .values = "{\"NAME\":\"Nimal\"}" });
}

/* One mail waits; its job is the one that is called. */
static const char *waiting(struct kit *k)
{
    struct uuid tenant;
    kit_sql(k, "DELETE FROM app.messages; DELETE FROM app.jobs WHERE name = 'mail.send'");
    ck_assert_int_eq(uuid_parse(KIT_SHOP_A, &tenant), RC_OK);
    db_scope_begin(k->app.db, k->arena, &tenant, instant_now());
    ck_assert_int_eq(db_tx(k->app.db, 0, queue_in_tx, NULL), RC_OK);
    db_scope_end(k->app.db);
    kit_sql(k, "DELETE FROM app.jobs WHERE name = 'mail.send'");
    return arena_printf(k->arena, "{\"message\":\"%s\"}",
                        kit_cell(k, "SELECT id FROM app.messages"));
}

static const char *old_mail(struct kit *k)
{
    (void)waiting(k);
    kit_sql(k, "UPDATE app.messages SET state = 'sent', payload_sealed = NULL, ended_at = now() - "
               "interval '100 days'");
    return NULL;
}

static const char *old_proofs(struct kit *k)
{
    kit_sql(k, "DELETE FROM app.login_attempts; DELETE FROM app.account_tokens; "
               "INSERT INTO app.login_attempts (tenant_id, who_hash, last_at) VALUES ('" KIT_SHOP_A
               "', decode(repeat('01', 32), 'hex'), now() - interval '9 days'); "
               "INSERT INTO app.account_tokens (tenant_id, token_hash, purpose, expires_at) VALUES "
               "('" KIT_SHOP_A
               "', decode(repeat('01', 32), 'hex'), 'register', now() - interval '9 days')");
    return NULL;
}

static const struct torture_job jobs[] = {
    { .job = "mail.send",
      .before = waiting,
      .holds = { "SELECT bool_and(state = 'sent' AND payload_sealed IS NULL) FROM app.messages" } },
    { .job = "mail.expire",
      .before = old_mail,
      .holds = { "SELECT count(*) = 0 FROM app.messages" } },
    { .job = "credential.expire",
      .before = old_proofs,
      .holds = { "SELECT count(*) = 0 FROM app.login_attempts",
                 "SELECT count(*) = 0 FROM app.account_tokens" } },
    { 0 }
};

static const char *erased(struct kit *k)
{
    (void)waiting(k);
    return "0190a000-0000-7000-8000-00000000cccc"; /* its event names no address: nothing to forget
                                                    */
}

static const struct torture_event events[] = {
    { .consumer = "app:customer.erased", .before = erased }, { 0 }
};

TORTURE(.name = "app", .calls = calls, .jobs = jobs, .events = events)
