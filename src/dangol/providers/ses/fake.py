"""A stand-in for SES on loopback, which can be told to fail, and for SNS, which signs."""

import base64
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from dangol.providers.ses.callback import DIGESTS, SIGNED

CERTIFICATE_URL: Final = "https://sns.ap-northeast-2.amazonaws.com/SimpleNotificationService-1.pem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """How SES answers for one recipient."""

    status: int = 200
    error: str = ""
    # It took the mail, and hangs up without saying so.
    hang_up: bool = False
    retry_after: str = ""


@dataclass(slots=True, kw_only=True)
class FakeSes:
    """An HTTP server in a thread of its own; what it took stands in ``calls``."""

    script: Callable[[str], Script] = lambda _: Script()
    calls: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    headers: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    # What it answers about the account.
    standing: dict[str, object] = field(default_factory=dict[str, object])
    # 0: any that is free.
    port: int = 0
    _server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        """Where to call."""
        assert self._server is not None  # noqa: S101 - entered
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                fake.answer(self)

            def do_GET(self) -> None:
                fake.describe(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None  # noqa: S101 - entered
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Take one call, as the script says."""
        body = request.rfile.read(int(request.headers["Content-Length"]))
        call = json.loads(body)
        script = self.script(call["Destination"]["ToAddresses"][0])
        if script.status == 200 or script.hang_up:  # noqa: PLR2004 - HTTP's yes
            self.calls.append(call)
            self.headers.append({name.lower(): value for name, value in request.headers.items()})
        if script.hang_up:
            request.close_connection = True
            return
        said = {"MessageId": f"ses-{len(self.calls)}"} if not script.error else {"message": "no"}
        request.send_response(script.status)
        if script.error:
            request.send_header("x-amzn-ErrorType", script.error)
        if script.retry_after:
            request.send_header("Retry-After", script.retry_after)
        content = json.dumps(said).encode()
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        _ = request.wfile.write(content)

    def describe(self, request: BaseHTTPRequestHandler) -> None:
        """Say how the account stands, to whoever shows any signature."""
        signed = request.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256 ")
        content = json.dumps(self.standing if signed else {"message": "unsigned"}).encode()
        request.send_response(200 if signed else 403)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        _ = request.wfile.write(content)


class FakeSns:
    """Writes and signs what SNS would, with a certificate of its own."""

    def __init__(self, topic_arn: str) -> None:
        self.topic_arn = topic_arn
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
        now = datetime(2026, 1, 1, tzinfo=UTC)
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self._key.public_key())
            .serial_number(1)
            .not_valid_before(now)
            .not_valid_after(now + timedelta(days=3650))
            .sign(self._key, hashes.SHA256())
            .public_bytes(serialization.Encoding.PEM)
        )

    def write(
        self, message: object, *, kind: str = "Notification", version: str = "2", **changed: str
    ) -> tuple[dict[str, str], bytes]:
        """Return headers and body of a call; ``changed`` are fields of the envelope."""
        text = message if isinstance(message, str) else json.dumps(message)
        envelope: dict[str, str] = {
            "Type": kind,
            "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
            "TopicArn": self.topic_arn,
            "Message": text,
            "Timestamp": "2027-03-02T03:00:00.000Z",
            "SignatureVersion": version,
            "SigningCertURL": CERTIFICATE_URL,
            **changed,
        }
        if kind != "Notification":
            root = CERTIFICATE_URL.rpartition("/")[0]
            envelope = {"Token": "t", "SubscribeURL": f"{root}/?Action=Confirm", **envelope}
        said = "".join(f"{one}\n{envelope[one]}\n" for one in SIGNED[kind] if one in envelope)
        signature = self._key.sign(said.encode(), padding.PKCS1v15(), DIGESTS[version])
        envelope["Signature"] = base64.b64encode(signature).decode()
        return {"X-Amz-Sns-Message-Type": kind}, json.dumps(envelope).encode()
