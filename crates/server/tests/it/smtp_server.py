"""A real SMTP server for the tests: prints its port, then every message it takes as one line of JSON.

python3 smtp_server.py plain|starttls|tls [CERTIFICATE KEY USER PASSWORD]
"""
import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        print(json.dumps({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "encrypted": server.transport.get_extra_info("ssl_object") is not None,
            "signed_in": bool(session.authenticated),
            "subject": message["Subject"],
            "message_id": message["Message-ID"],
            "auto": message["Auto-Submitted"],
            "text": message.get_content(),
        }), flush=True)
        return "250 OK"


def authenticate(expected):
    def check(server, session, envelope, mechanism, data):
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == expected, handled=False)
    return check


async def main():
    mode, *rest = sys.argv[1:]
    context = None
    options = {}
    if rest:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(rest[0], rest[1])
        options = {"authenticator": authenticate((rest[2], rest[3])), "auth_required": True}
    if mode == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    elif mode == "tls":
        options |= {"auth_require_tls": False}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Handler(), hostname="localhost", loop=loop, enable_SMTPUTF8=True, **options),
        "127.0.0.1", 0, ssl=context if mode == "tls" else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
