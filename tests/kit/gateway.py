#!/usr/bin/env python3
"""A payment gateway for tests: it speaks the public protocol of a card gateway with hosted checkout
pages (sessions, refunds, signed deliveries) on a free port of loop-back, which it prints. Cards are
"typed" on its page; 3-D Secure is the page's second step. What it would deliver waits at
/_/deliveries, so that a test brings it in any order, as often as it likes; with --hook URL it
delivers by itself, --delay S late, each --times N. --fail N answers the first N calls with 500.
It ends when its standard input does."""
import hashlib, hmac, http.server, json, random, sys, threading, time, urllib.parse, urllib.request

opt = {"hook": "", "delay": "0", "times": "1", "fail": "0", "secret": "whsec_test", "key": "sk_test"}
args = sys.argv[1:]
while args:
    opt[args.pop(0).lstrip("-")] = args.pop(0)

lock = threading.Lock()
sessions, intents, refunds, once, deliveries, calls = {}, {}, {}, {}, [], []
state = {"fail": int(opt["fail"]), "n": 0}


def name(kind):
    state["n"] += 1
    return "%s_test_%06d" % (kind, state["n"])


def sign(body, at=None):
    at = int(time.time()) if at is None else at
    mac = hmac.new(opt["secret"].encode(), ("%d." % at).encode() + body.encode(), hashlib.sha256)
    return "t=%d,v1=%s" % (at, mac.hexdigest())


def deliver(kind, thing):
    event = {"id": name("evt"), "object": "event", "type": kind, "created": int(time.time()),
             "data": {"object": thing}}
    body = json.dumps(event)
    deliveries.append({"body": body, "signature": sign(body)})
    if opt["hook"]:
        threading.Thread(target=post, args=(body,), daemon=True).start()


def post(body):
    for _ in range(int(opt["times"])):
        time.sleep(float(opt["delay"]) * (0.5 + random.random()))
        ask = urllib.request.Request(opt["hook"], body.encode(), {
            "Content-Type": "application/json", "Stripe-Signature": sign(body)})
        for _again in range(5):
            try:
                urllib.request.urlopen(ask, timeout=10).read()
                break
            except OSError:
                time.sleep(0.5)


def nested(form):
    """a[b][c]=d as objects."""
    out = {}
    for key, value in form:
        at, parts = out, key.replace("]", "").split("[")
        for part in parts[:-1]:
            at = at.setdefault(part, {})
        at[parts[-1]] = value
    return out


class Gateway(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *a):
        pass

    def answer(self, status, thing, kind="application/json", more=()):
        body = thing.encode() if isinstance(thing, str) else json.dumps(thing).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for k, v in more:
            self.send_header(k, v)
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, status, text):
        self.answer(status, {"error": {"type": "invalid_request_error", "message": text}})

    def do_GET(self):
        with lock:
            self.route("GET", {})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        with lock:
            self.route("POST", nested(urllib.parse.parse_qsl(body, True)))

    def route(self, method, form):
        url = urllib.parse.urlparse(self.path)
        parts = [p for p in url.path.split("/") if p]
        query = dict(urllib.parse.parse_qsl(url.query))
        if parts[:1] == ["_"]:
            return self.control(parts[1:], query)
        if parts[:1] == ["c"]:
            return self.page(method, parts[1], form)
        if parts[:1] != ["v1"]:
            return self.refuse(404, "no such page")
        calls.append(method + " " + url.path)
        if self.headers.get("Authorization") != "Bearer " + opt["key"]:
            return self.refuse(401, "Invalid API Key provided")
        if state["fail"] > 0:
            state["fail"] -= 1
            return self.refuse(500, "try again")
        key = self.headers.get("Idempotency-Key")
        if method == "POST" and key and key in once:
            known, answer = once[key]
            return self.answer(200, answer) if known == form else self.refuse(400, "key used before")
        made = self.api(method, parts[1:], form, query)
        if made is not None:
            if method == "POST" and key:
                once[key] = (form, made)
            self.answer(200, made)

    def api(self, method, parts, form, query):
        if parts[:2] == ["checkout", "sessions"] and method == "POST" and len(parts) == 2:
            line = form["line_items"]["0"]
            total = int(line["price_data"]["unit_amount"]) * int(line["quantity"])
            if total <= 0:
                return self.refuse(400, "amount too small")
            s = {"id": name("cs"), "object": "checkout.session", "mode": form["mode"],
                 "client_reference_id": form["client_reference_id"], "amount_total": total,
                 "currency": line["price_data"]["currency"], "status": "open",
                 "payment_status": "unpaid", "payment_intent": None,
                 "metadata": form.get("metadata", {}), "success_url": form["success_url"],
                 "cancel_url": form["cancel_url"], "created": int(time.time())}
            s["url"] = "http://127.0.0.1:%d/c/%s" % (self.server.server_port, s["id"])
            sessions[s["id"]] = s
            return s
        if parts[:2] == ["checkout", "sessions"] and method == "GET" and len(parts) == 2:
            return {"object": "list", "data": list(sessions.values())[::-1]}
        if parts[:2] == ["checkout", "sessions"] and len(parts) == 3:
            return sessions.get(parts[2]) or self.refuse(404, "No such session")
        if parts == ["refunds"] and method == "POST":
            intent = intents.get(form.get("payment_intent"))
            if intent is None:
                return self.refuse(404, "No such payment_intent")
            amount = int(form["amount"])
            if amount > intent["amount"] - intent["refunded"]:
                return self.refuse(400, "Refund amount is greater than unrefunded amount on charge")
            intent["refunded"] += amount
            r = {"id": name("re"), "object": "refund", "amount": amount, "status": "succeeded",
                 "payment_intent": intent["id"], "metadata": form.get("metadata", {}),
                 "currency": intent["currency"]}
            refunds[r["id"]] = r
            deliver("refund.created", r)
            return r
        return self.refuse(404, "Unrecognized request URL")

    def pay(self, s, good):
        if s["status"] != "open":
            return
        if not good:
            return
        intent = {"id": name("pi"), "amount": s["amount_total"], "refunded": 0,
                  "currency": s["currency"]}
        intents[intent["id"]] = intent
        s.update(status="complete", payment_status="paid", payment_intent=intent["id"])
        deliver("checkout.session.completed", dict(s))

    def page(self, method, ref, form):
        s = sessions.get(ref)
        if s is None:
            return self.refuse(404, "no such session")
        step = form.get("step")
        if method == "POST" and step == "card":
            return self.answer(200, """<!doctype html><html lang="en"><title>Your bank</title>
<h1>Confirm with your bank</h1><form method="post"><input type="hidden" name="step" value="bank">
<button name="answer" value="yes" id="yes">Confirm</button>
<button name="answer" value="no" id="no">Refuse</button></form></html>""", "text/html")
        if method == "POST":
            good = form.get("answer") == "yes"
            self.pay(s, good)
            return self.answer(303, "", more=[("Location", s["success_url" if good else "cancel_url"])])
        self.answer(200, """<!doctype html><html lang="en"><title>Pay</title><h1>Pay by card</h1>
<form method="post"><input type="hidden" name="step" value="card">
<label>Card number <input name="number" value="4000002760003184"></label>
<button id="pay">Pay</button></form></html>""", "text/html")

    def control(self, parts, query):
        s = sessions.get(query.get("session", "")) or (list(sessions.values()) or [None])[-1]
        if parts == ["pay"]:
            self.pay(s, True)
        elif parts == ["expire"]:
            s["status"] = "expired"
            deliver("checkout.session.expired", dict(s))
        elif parts == ["refund"]:  # by somebody at the gateway
            intent = intents[s["payment_intent"]]
            r = {"id": name("re"), "object": "refund", "amount": int(query["amount"]),
                 "status": "succeeded", "payment_intent": intent["id"], "metadata": {},
                 "currency": intent["currency"]}
            intent["refunded"] += r["amount"]
            deliver("refund.created", r)
        elif parts == ["dispute"]:
            d = {"id": "dp_" + s["id"], "object": "dispute", "amount": s["amount_total"],
                 "payment_intent": s["payment_intent"], "metadata": {}, "status": query["status"]}
            deliver("charge.dispute." + query["event"], d)
        elif parts == ["stranger"]:  # a session of somebody else's in the same account
            t = dict(s or {}, id=name("cs"), client_reference_id="another-system", status="complete",
                     payment_status="paid", payment_intent=name("pi"), currency="lkr",
                     amount_total=5)
            sessions[t["id"]] = t
            deliver("checkout.session.completed", t)
        elif parts == ["fail"]:
            state["fail"] = int(query["n"])
        elif parts == ["deliveries"]:
            return self.answer(200, "".join("%s\n%s\n" % (d["signature"], d["body"])
                                            for d in deliveries), "text/plain")
        elif parts == ["calls"]:
            return self.answer(200, "\n".join(calls), "text/plain")
        self.answer(200, {"session": s["id"] if s else None})


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
print(server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
