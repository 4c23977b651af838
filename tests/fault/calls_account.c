/* calls_account.c: how actions of accounts are called while calls fail (torture.h). Before each
 * call Ann is as she was: her password, her sessions, no second factor, one address. What must
 * hold: all of a change, its audit row, its event and its mail, or nothing of it. */
#include <string.h>

#include "app/credential.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/totp.h"
#include "torture.h"

#define IN_A        "tenant_id = '" KIT_SHOP_A "'"
#define ANN         "id = '" KIT_ANN "' AND " IN_A
#define MAILS       "SELECT count(*) FROM app.messages"
#define AUDIT       "SELECT count(*) FROM app.audit_logs"
#define ADDRESS     "0190a000-0000-7000-8000-00000000add1"
#define TOLD(topic) "SELECT count(*) FROM app.outbox WHERE topic = '" topic "'"

static const char *reset(struct kit *k)
{
    static char hash[200];
    char *made;
    crypto_set_password_cost(CRYPTO_COST_MIN);
    if (!*hash && crypto_password_hash(k->arena, "blue lantern 7", &made) == RC_OK)
        (void)str_copy(hash, sizeof hash, made);
    kit_sql(k, "CREATE TABLE IF NOT EXISTS public.torture_sessions AS SELECT * FROM app.sessions");
    kit_sql(k,
            arena_printf(
                k->arena,
                "DELETE FROM app.sessions; INSERT INTO app.sessions SELECT * FROM "
                "public.torture_sessions; UPDATE app.sessions SET expires_at = 'infinity', seen_at "
                "= 'infinity'; DELETE FROM app.login_attempts; DELETE FROM app.second_factors; "
                "DELETE FROM app.recovery_codes; DELETE FROM app.account_tokens; DELETE FROM "
                "app.messages; DELETE FROM shop.consents; DELETE FROM shop.addresses; "
                "UPDATE shop.customers SET email = 'ann@a.test', name = 'Ann', epoch = 0, status = "
                "'active', erased_at = NULL, deleted_at = NULL, marketing_opt_in_at = NULL, "
                "password_hash = '%s' WHERE " ANN
                "; DELETE FROM shop.customers WHERE email = 'new@example.test'"
                "; INSERT INTO shop.addresses (tenant_id, id, customer_id, country, name, line1, "
                "city) VALUES ('" KIT_SHOP_A "', '" ADDRESS "', '" KIT_ANN
                "', 'LK', 'Ann', '1 Main St', 'Galle')",
                hash));
    return "";
}

/* ---- links ---- */

struct link {
    const char *purpose, *content, *token;
    bool owned;
};

static enum rc link_in_tx(struct db *db, void *arg)
{
    struct link *l = arg;
    struct owner owner = { { { 0 } } };
    ck_assert_int_eq(uuid_parse(KIT_ANN, &owner.customer), RC_OK);
    return credential_token_add(db, l->purpose, l->owned ? &owner : NULL, 0, l->content,
                                instant_now() + SECONDS(3600), &l->token);
}

static const char *link_to(struct kit *k, const char *path, struct link l)
{
    struct uuid tenant;
    (void)reset(k);
    ck_assert_int_eq(uuid_parse(KIT_SHOP_A, &tenant), RC_OK);
    db_scope_begin(k->app.db, k->arena, &tenant, instant_now());
    ck_assert_int_eq(db_tx(k->app.db, 0, link_in_tx, &l), RC_OK);
    db_scope_end(k->app.db);
    return arena_printf(k->arena, path, l.token);
}

static const char *verify(struct kit *k)
{
    return link_to(k, "/verify/%s",
                   (struct link){ "register",
                                  "{\"name\":\"New\",\"email\":\"new@example.test\",\"password\":"
                                  "\"$argon2id$x\",\"next\":\"\",\"marketing\":true}",
                                  NULL, false });
}

static const char *renew(struct kit *k)
{
    return link_to(k, "/reset/%s", (struct link){ "reset", NULL, NULL, true });
}

static const char *moved(struct kit *k)
{
    return link_to(k, "/email/%s", (struct link){ "email", "new@example.test", NULL, true });
}

static const char *unsubscribe(struct kit *k)
{
    unsigned char *sealed;
    size_t n;
    (void)reset(k);
    ck_assert_int_eq(
        crypto_seal(k->arena, "unsubscribe:" KIT_SHOP_A, "ann@a.test", 10, &sealed, &n), RC_OK);
    return arena_printf(k->arena, "/newsletter/unsubscribe/%s",
                        crypto_base64url(k->arena, sealed, n));
}

/* ---- bodies ---- */

static const char *device(struct kit *k)
{
    unsigned char hash[CRYPTO_HASH], digest[CRYPTO_HASH];
    (void)reset(k);
    memset(hash, 7, sizeof hash);
    kit_sql(k, "INSERT INTO app.sessions (tenant_id, token_hash, customer_id, expires_at) VALUES "
               "('" KIT_SHOP_A "', decode(repeat('07', 32), 'hex'), '" KIT_ANN "', 'infinity')");
    crypto_digest(hash, sizeof hash, digest);
    return arena_printf(k->arena, "device=%s", crypto_base64url(k->arena, digest, 12));
}

static const char *factor(struct kit *k)
{
    static const unsigned char secret[TOTP_SECRET] = { 1, 2, 3 };
    unsigned char *sealed;
    size_t n;
    char *code;
    (void)reset(k);
    ck_assert_int_eq(crypto_seal(k->arena, "totp.offer:" KIT_SHOP_A ":" KIT_ANN, secret,
                                 sizeof secret, &sealed, &n),
                     RC_OK);
    /* the clock moves on before the call */
    ck_assert_int_eq(totp_code(k->arena, secret, totp_step(instant_now() + SECONDS(121)), &code),
                     RC_OK);
    return arena_printf(k->arena, "secret=%s&code=%s&password=blue+lantern+7",
                        crypto_base64url(k->arena, sealed, n), code);
}

static void factor_on(struct kit *k)
{
    (void)reset(k);
    kit_sql(k, "INSERT INTO app.second_factors (tenant_id, owner_id, customer_id, secret_sealed) "
               "VALUES ('" KIT_SHOP_A "', '" KIT_ANN "', '" KIT_ANN "', '\\x00')");
}

static const char *proof(struct kit *k)
{
    (void)reset(k);
    return "password=blue+lantern+7";
}

static const char *proof_with_factor(struct kit *k)
{
    factor_on(k);
    return "password=blue+lantern+7";
}

static const char *login(struct kit *k)
{
    (void)reset(k);
    return "email=ann%40a.test&password=blue+lantern+7&next=%2Faccount%2Fdevices";
}

static const char *joining(struct kit *k)
{
    (void)reset(k);
    return "name=New&email=new%40example.test&password=green+lantern+8";
}

static const char *forgotten(struct kit *k)
{
    (void)reset(k);
    return "email=ann%40a.test";
}

static const char *passwords(struct kit *k)
{
    (void)reset(k);
    return "password=blue+lantern+7&new_password=green+lantern+8";
}

static const char *moving(struct kit *k)
{
    (void)reset(k);
    return "password=blue+lantern+7&email=new%40example.test";
}

static const char *details(struct kit *k)
{
    (void)reset(k);
    return arena_printf(k->arena, "name=Ann+B&phone=0771234567&version=%s",
                        kit_cell(k, "SELECT version FROM shop.customers WHERE " ANN));
}

static const char *address(struct kit *k)
{
    (void)reset(k);
    return "country=LK&name=Ann&phone=0771234567&address_line1=2+Main+St&city=Kandy&version=1";
}

static const char *agree(struct kit *k)
{
    (void)reset(k);
    return "marketing=1";
}

static const char *erase(struct kit *k)
{
    (void)reset(k);
    return "password=blue+lantern+7&sure=1";
}

static const struct torture_call calls[] = {
    { .route = "POST /login",
      .who = AS_GUEST,
      .body_of = login,
      .counts = { { TOLD("customer.logged_in"), 1 },
                  { "SELECT count(*) FROM app.sessions WHERE customer_id = '" KIT_ANN "'", 1 } } },
    { .route = "POST /logout",
      .who = AS_CUSTOMER,
      .body_of = reset,
      .counts = { { "SELECT count(*) FROM app.sessions", -1 } } },
    { .route = "POST /2fa", .who = AS_GUEST, .body = "code=123456" },
    { .route = "POST /register",
      .body_of = joining,
      .counts = { { MAILS, 1 }, { "SELECT count(*) FROM app.account_tokens", 1 } } },
    { .route = "POST /verify/{token:token}",
      .path_of = verify,
      .body = "",
      .counts = { { "SELECT count(*) FROM shop.customers", 1 },
                  { MAILS, 1 },
                  { TOLD("customer.registered"), 1 },
                  { "SELECT count(*) FROM shop.consents", 1 } } },
    { .route = "POST /forgot", .body_of = forgotten, .counts = { { MAILS, 1 } } },
    { .route = "POST /reset/{token:token}",
      .path_of = renew,
      .body = "password=green+lantern+8",
      .counts = { { MAILS, 1 }, { AUDIT, 1 }, { TOLD("customer.password_changed"), 1 } } },
    { .route = "POST /email/{token:token}",
      .path_of = moved,
      .body = "",
      .counts = { { MAILS, 1 },
                  { AUDIT, 1 },
                  { "SELECT count(*) FROM shop.customers WHERE email = 'new@example.test'", 1 } } },
    { .route = "POST /newsletter/unsubscribe/{token:token}",
      .path_of = unsubscribe,
      .status = 200,
      .body = "List-Unsubscribe=One-Click",
      .counts = { { "SELECT count(*) FROM shop.consents", 1 } } },
    { .route = "POST /account/profile",
      .who = AS_CUSTOMER,
      .body_of = details,
      .counts = { { AUDIT, 1 }, { TOLD("customer.changed"), 1 } } },
    { .route = "POST /account/password",
      .who = AS_CUSTOMER,
      .body_of = passwords,
      .counts = { { MAILS, 1 }, { AUDIT, 1 } } },
    { .route = "POST /account/email",
      .who = AS_CUSTOMER,
      .body_of = moving,
      .counts = { { MAILS, 1 }, { "SELECT count(*) FROM app.account_tokens", 1 } } },
    { .route = "POST /account/devices/end",
      .who = AS_CUSTOMER,
      .body_of = device,
      .counts = { { "SELECT count(*) FROM app.sessions", -1 } } },
    { .route = "POST /account/devices/end-others", .who = AS_CUSTOMER, .body_of = reset },
    { .route = "POST /account/2fa",
      .who = AS_CUSTOMER,
      .body_of = factor,
      .status = 200,
      .counts = { { "SELECT count(*) FROM app.recovery_codes", 10 }, { MAILS, 1 } } },
    { .route = "POST /account/2fa/off",
      .who = AS_CUSTOMER,
      .body_of = proof_with_factor,
      .counts = { { "SELECT count(*) FROM app.second_factors", -1 }, { MAILS, 1 } } },
    { .route = "POST /account/2fa/codes",
      .who = AS_CUSTOMER,
      .body_of = proof_with_factor,
      .status = 200,
      .counts = { { "SELECT count(*) FROM app.recovery_codes", 10 } } },
    { .route = "POST /account/addresses",
      .who = AS_CUSTOMER,
      .body_of = address,
      .counts = { { "SELECT count(*) FROM shop.addresses", 1 }, { AUDIT, 1 } } },
    { .route = "POST /account/addresses/{address:id}",
      .who = AS_CUSTOMER,
      .body_of = address,
      .path = "/account/addresses/" ADDRESS,
      .counts = { { AUDIT, 1 },
                  { "SELECT count(*) FROM shop.addresses WHERE city = 'Kandy'", 1 } } },
    { .route = "POST /account/addresses/{address:id}/default",
      .who = AS_CUSTOMER,
      .body_of = reset,
      .path = "/account/addresses/" ADDRESS "/default",
      .counts = { { "SELECT count(*) FROM shop.addresses WHERE is_default", 1 } } },
    { .route = "POST /account/addresses/{address:id}/remove",
      .who = AS_CUSTOMER,
      .body_of = reset,
      .path = "/account/addresses/" ADDRESS "/remove",
      .counts = { { "SELECT count(*) FROM shop.addresses WHERE deleted_at IS NULL", -1 },
                  { AUDIT, 1 } } },
    { .route = "POST /account/privacy",
      .who = AS_CUSTOMER,
      .body_of = agree,
      .counts = { { "SELECT count(*) FROM shop.consents", 1 } } },
    { .route = "POST /account/export",
      .who = AS_CUSTOMER,
      .body_of = proof,
      .status = 200,
      .counts = { { TOLD("customer.export"), 1 }, { AUDIT, 1 } } },
    { .route = "POST /account/erase",
      .who = AS_CUSTOMER,
      .body_of = erase,
      .counts = { { TOLD("customer.erased"), 1 },
                  { "SELECT count(*) FROM shop.customers WHERE erased_at IS NOT NULL", 1 },
                  { "SELECT count(*) FROM shop.addresses WHERE line1 <> ''", -1 } } },
    { 0 }
};

TORTURE(.name = "account", .calls = calls)
