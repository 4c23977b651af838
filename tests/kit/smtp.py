"""smtp.py: a mail server for tests. Takes letters into a folder and misbehaves as the recipient's name says.

usage: smtp.py DIR [--cert FILE --key FILE [--smtps]] [--auth USER:PASSWORD]
Prints its port, then serves until standard input ends. Each letter that arrived whole is DIR/NNN.eml, its envelope
DIR/NNN.to and DIR/NNN.from. What happens to whom:
  nobody@  550 at RCPT           later@  451 at RCPT, twice     full@  452 after DATA, once
  never@   554 after DATA        cut@    taken, but the connection is lost before the answer, once
  half@    the connection is lost when the letter begins, once
"""
import argparse
import asyncio
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.count = 0
        self.seen = {}

    def once(self, name, times=1):
        n = self.seen[name] = self.seen.get(name, 0) + 1
        return n <= times

    async def handle_RCPT(self, server, session, envelope, address, options):
        who = address.split("@")[0]
        if who == "nobody":
            return "550 5.1.1 no such mailbox " + address
        if who == "later" and self.once(address, 2):
            return "451 4.3.0 try again later"
        if who == "half" and self.once(address):
            server.transport.abort()
            return "451 gone"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        who = envelope.rcpt_tos[0].split("@")[0]
        if who == "never":
            return "554 5.6.0 not wanted"
        if who == "full" and self.once(envelope.rcpt_tos[0]):
            return "452 4.2.2 mailbox full"
        self.count += 1
        base = self.folder / ("%03d" % self.count)
        base.with_suffix(".from").write_text(envelope.mail_from)
        base.with_suffix(".to").write_text(" ".join(envelope.rcpt_tos) + "\n")
        made = base.with_suffix(".part")
        made.write_bytes(envelope.original_content)
        made.rename(base.with_suffix(".eml"))
        if who == "cut" and self.once(envelope.rcpt_tos[0]):
            server.transport.abort()
        return "250 taken"


async def main():
    p = argparse.ArgumentParser()
    p.add_argument("folder")
    p.add_argument("--cert")
    p.add_argument("--key")
    p.add_argument("--smtps", action="store_true")
    p.add_argument("--auth")
    o = p.parse_args()
    tls = None
    if o.cert:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(o.cert, o.key)
    handler = Handler(o.folder)

    def check(server, session, envelope, mechanism, data):
        good = o.auth.encode() == data.login + b":" + data.password
        return AuthResult(success=good)

    def make():
        # original_content keeps the bytes as they came: line ends are part of what is tested
        extra = {"authenticator": check, "auth_required": True} if o.auth else {}
        if o.smtps:
            extra["auth_require_tls"] = False
        return SMTP(handler, tls_context=None if o.smtps else tls, require_starttls=bool(tls) and not o.smtps,
                    enable_SMTPUTF8=True, **extra)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(make, "127.0.0.1", 0, ssl=tls if o.smtps else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()

asyncio.run(main())
