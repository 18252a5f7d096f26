"""No address, however it is written and whatever its name says next, leads into our own network."""

import asyncio
import contextlib
import ipaddress
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from dangol.providers.egress.address import is_public, read_address
from dangol.providers.egress.client import Answer, EgressError, Limits, Resolve, open_egress
from dangol.providers.egress.target import RefusedTarget, read_target

SOON = Limits(seconds=2)
INNER_4 = (
    "127.0.0.1", "127.0.0.2", "127.255.255.254", "127.1.2.3", "0.0.0.0", "0.1.2.3", "10.0.0.1",
    "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255", "168.63.129.16",
    "169.254.0.1", "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.1",
    "192.0.0.192", "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.0.1",
    "192.168.255.255", "192.175.48.1", "198.18.0.1", "198.19.255.255", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
)  # fmt: skip
INNER_6 = (
    "::", "::1", "::2", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:0:127.0.0.1",
    "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:8.8.8.8", "0:0:0:0:0:ffff:127.0.0.1",
    "64:ff9b::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1",
    "64:ff9b::8.8.8.8", "100::1", "2001::1", "2001:0:7f00:1::", "2001:2::1", "2001:10::1",
    "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:7f00:1::1", "2002:a9fe:a9fe::1",
    "2002:0a00:0001::", "2002:c0a8:101::1", "2620:4f:8000::1", "3fff::1", "5f00::1", "fc00::1",
    "fd00::1", "fd00:ec2::254", "fd12:3456:789a::1", "fe80::1", "fe80::a9fe:a9fe", "febf::1",
    "fec0::1", "ff00::1", "ff02::1", "ff05::2", "2606:4700::5efe:127.0.0.1",
    "2606:4700::200:5efe:7f00:1", "0000:0000:0000:0000:0000:0000:0000:0001",
)  # fmt: skip
# Loopback as this or that reader of addresses has been seen to take it.
DISGUISED = (
    "2130706433", "017700000001", "0x7f000001", "0x7F000001", "0X7f000001", "0x7f.0x0.0x0.0x1",
    "0x7f.1", "127.1", "127.0.1", "0177.0.0.1", "0177.0.0.01", "00000177.0.0.1", "127.0.0.01",
    "127.0.0.001", "127.0x0.0.1", "127.0.0.0x1", "127.0.0.1.", "127.0.0.1..", "127..0.1",
    "0", "0x0", "00", "1", "10.1", "3232235777", "0300.0250.1.1", "2852039166", "0xa9fea9fe",
    "0xA9.0xFE.0xA9.0xFE", "0251.0376.0251.0376", "169.254.43518", "4294967295", "4294967296",
    "127.0.0.256", "127.0.0.1.1", "1.127.0.0.1", "127.0.0.1%00", "127.0.0.1%20", "127.0.0.1%2e",
    "127%2e0%2e0%2e1", "%31%32%37.0.0.1", "%6c%6f%63alhost", "127。0。0。1", "127．0．0．1",
    "１２７.０.０.１", "①②⑦.⓪.⓪.①", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "lo\u00adcalhost", "localhos\u212a", "127.0.0.1\u200b",
    "0x7f.00.00.01", "0x.0x.0", "127.0.0.0x", "[::1]", "[::]", "[::ffff:127.0.0.1]",
    "[0:0:0:0:0:0:0:1]", "[::1%25lo]", "[::1%lo]", "[fe80::1%25eth0]", "[v1.127]", "[127.0.0.1]",
    "[::1", "::1]", "::1", "[[::1]]", "[]", "[::ffff:0x7f.1]", "localhost", "LOCALHOST",
    "LocalHost", "localhost.", "a.localhost", "localhost.localdomain", "printer.local",
    "db.internal", "metadata.google.internal", "router.lan", "nas.home.arpa", "intranet",
    "wiki.intranet", "-a.example", "a-.example", "a..example", ".example", "example.",
    "a_b.example", "a" * 64 + ".example", ".".join(["a" * 60] * 5),
)  # fmt: skip
# What stands around the host; {} is the canary's own.
TRICKS = (
    "http://shop.example:{}/", "http://127.0.0.1:{}/", "HTTP://127.0.0.1:{}/", "ftp://shop.example/",
    "file:///etc/passwd", "gopher://127.0.0.1:{}/_x", "data:text/plain,x", "javascript:alert(1)",
    "unix:///tmp/s", "dict://127.0.0.1:{}/", "ldap://127.0.0.1:{}/", "ws://127.0.0.1:{}/",
    "//127.0.0.1:{}/", "127.0.0.1:{}", "https:127.0.0.1:{}/", "https:/127.0.0.1:{}/",
    "https:///127.0.0.1:{}/", "https:////127.0.0.1:{}/", "https:\\\\127.0.0.1:{}\\",
    "https://user@127.0.0.1:{}/", "https://user:pass@127.0.0.1:{}/", "https://@127.0.0.1:{}/",
    "https://:@127.0.0.1:{}/", "https://shop.example@127.0.0.1:{}/",
    "https://shop.example:443@127.0.0.1:{}/", "https://shop.example%40127.0.0.1:{}/",
    "https://127.0.0.1:{}@shop.example/", "https://shop.example\\@127.0.0.1:{}/",
    "https://127.0.0.1:{}\\@shop.example/", "https://shop.example\\.127.0.0.1:{}/",
    "https://shop.example#@127.0.0.1:{}/", "https://127.0.0.1:{}#@shop.example/",
    "https://shop.example?@127.0.0.1:{}/#", "https://shop.example;127.0.0.1:{}/",
    "https://shop.example,127.0.0.1:{}/", "https://shop.example 127.0.0.1:{}/",
    "https://shop.example\t@127.0.0.1:{}/", "https://shop.example\n127.0.0.1:{}/",
    "https://shop.example\r\nHost: 127.0.0.1:{}/", "https://shop.example\x00.127.0.0.1:{}/",
    " https://127.0.0.1:{}/", "https://127.0.0.1:{}/ ", "\thttps://127.0.0.1:{}/",
    "ht\ntps://127.0.0.1:{}/", "https://127.0.0.1:{}:443/", "https://127.0.0.1:+{}/",
    "https://127.0.0.1:-1/", "https://127.0.0.1:0/", "https://127.0.0.1:65536/",
    "https://127.0.0.1:99999/", "https://127.0.0.1:８０/", "https://127.0.0.1:/", "https://:{}/",
    "https://", "https:", "", "https://shop.example/" + "a" * 2_048, "https://shop.example/#x",
    "https://shop.example/\u2028", "https://shop.example/a b", "https://[::1]:{}/",
    "https://[::ffff:127.0.0.1]:{}/", "https://[::ffff:127.0.0.1%25lo]:{}/",
    "https://shop.example/{{{{ customer.id }}}}", "https://127.0.0.1:{}/?u=https://shop.example/",
)  # fmt: skip


@dataclass
class Canary:
    """Servers on both loopbacks that must never hear anything."""

    port: int
    heard: list[object] = field(default_factory=list)


@contextlib.asynccontextmanager
async def canary():
    bird = Canary(port=0)

    async def hear(_, writer):
        bird.heard.append(writer.get_extra_info("sockname"))
        writer.close()
        await writer.wait_closed()

    servers = [await asyncio.start_server(hear, "127.0.0.1", 0)]
    bird.port = servers[0].sockets[0].getsockname()[1]
    # A machine without IPv6 has one loopback.
    with contextlib.suppress(OSError):
        servers.append(await asyncio.start_server(hear, "::1", bird.port))
    try:
        yield bird
        await asyncio.sleep(0.05)
    finally:
        for server in servers:
            server.close()


def always(found: Sequence[str]) -> Resolve:
    """A resolver that says the same of every name."""

    async def resolve(*_: object) -> Sequence[str]:
        return found

    return resolve


def forms(port: int) -> list[str]:
    hosts = [*INNER_4, *(f"[{address}]" for address in INNER_6), *DISGUISED]
    written = [f"https://{host}:{port}/hook" for host in hosts]
    return [*written, *(trick.format(port) for trick in TRICKS)]


def test_no_form_of_an_address_reaches_the_canary() -> None:
    async def attack() -> tuple[int, list[str], list[object]]:
        async with canary() as bird, open_egress(limits=SOON) as egress:
            urls = forms(bird.port)
            passed = [url for url in urls if not await is_refused(egress, url)]
            return len(urls), passed, bird.heard

    tried, passed, heard = asyncio.run(attack())

    assert tried >= 200
    assert passed == []
    assert heard == []


async def is_refused(egress, url: str) -> bool:
    try:
        _ = await egress.post(url, headers={}, body=b"{}")
    except RefusedTarget:
        return True
    except EgressError:
        return False
    return False


@pytest.mark.parametrize("address", [*INNER_4, *INNER_6])
def test_a_name_that_leads_inwards_is_refused(address: str) -> None:
    async def attack() -> list[object]:
        async with canary() as bird, open_egress(limits=SOON, resolve=always([address])) as egress:
            with pytest.raises(RefusedTarget, match="public internet"):
                _ = await egress.post(f"https://shop.example:{bird.port}/", headers={}, body=b"")
            return bird.heard

    assert asyncio.run(attack()) == []


@pytest.mark.parametrize(
    "found",
    [
        ["8.8.8.8", "127.0.0.1"],
        ["127.0.0.1", "8.8.8.8"],
        ["2606:4700::1111", "::1"],
        ["fe80::1%lo"],
        ["localhost"],
        ["0x7f.1"],
        [],
    ],
)
def test_one_inner_address_among_several_is_enough_to_refuse(found: list[str]) -> None:
    async def attack() -> list[object]:
        async with canary() as bird, open_egress(limits=SOON, resolve=always(found)) as egress:
            with pytest.raises(RefusedTarget):
                _ = await egress.post(f"https://shop.example:{bird.port}/", headers={}, body=b"")
            return bird.heard

    assert asyncio.run(attack()) == []


def test_a_name_that_changes_its_mind_is_asked_once_and_the_first_answer_called() -> None:
    """A rebinding name: public when looked at, loopback when looked at again."""
    asked: list[str] = []

    async def attack() -> list[object]:
        async def resolve(host: str, *_: object) -> Sequence[str]:
            asked.append(host)
            # Public, and nobody answers there.
            return ["192.0.1.1"] if len(asked) == 1 else ["127.0.0.1"]

        limits = Limits(seconds=0.5)
        async with canary() as bird, open_egress(limits=limits, resolve=resolve) as egress:
            with pytest.raises(EgressError):
                _ = await egress.post(f"https://a.example:{bird.port}/", headers={}, body=b"")
            # By the second call it leads to loopback, and is refused.
            with pytest.raises(RefusedTarget):
                _ = await egress.post(f"https://a.example:{bird.port}/", headers={}, body=b"")
            return bird.heard

    assert asyncio.run(attack()) == []
    assert asked == ["a.example", "a.example"]


@given(st.integers(min_value=0, max_value=2**32 - 1))
def test_what_is_public_is_global_to_python_too(number: int) -> None:
    address = ipaddress.IPv4Address(number)

    assert not is_public(address) or (address.is_global and not address.is_multicast)


@given(st.integers(min_value=0, max_value=2**128 - 1))
def test_of_ipv6_too(number: int) -> None:
    address = ipaddress.IPv6Address(number)

    assert not is_public(address) or (address.is_global and not address.is_multicast)


@pytest.mark.parametrize("text", ["8.8.8.8", "1.1.1.1", "203.0.112.1", "2606:4700:4700::1111"])
def test_the_public_internet_is_open(text: str) -> None:
    address = read_address(text)

    assert address is not None
    assert is_public(address)


def test_an_address_is_taken_apart_as_it_is_sent() -> None:
    target = read_target("HTTPS://Hooks.Shop.Example:8443?a=1&b=%2F")

    assert (target.scheme, target.host, target.port) == ("https", "hooks.shop.example", 8443)
    assert target.path == "/?a=1&b=%2F"


# What is answered, by a real server on this machine --------------------------------------------


@dataclass
class Server:
    """Answers every connection with the same bytes and keeps what it heard."""

    answer: bytes
    port: int = 0
    heard: list[bytes] = field(default_factory=list)
    hold: bool = False


@contextlib.asynccontextmanager
async def serving(server: Server, *, tls: ssl.SSLContext | None = None):
    async def respond(reader, writer):
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            size = next(
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length")
            )
            server.heard.append(head + await reader.readexactly(size))
            writer.write(server.answer)
            await writer.drain()
            if server.hold:
                _ = await reader.read()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    made = await asyncio.start_server(respond, "127.0.0.1", 0, ssl=tls)
    server.port = made.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        made.close()
        await asyncio.sleep(0.05)


def call(server: Server, *, limits: Limits = SOON, loopback: bool = True) -> Answer:
    async def run() -> Answer:
        async with serving(server), open_egress(limits=limits, loopback=loopback) as egress:
            url = f"http://127.0.0.1:{server.port}/hook"
            return await egress.post(url, headers={"X-A": "b"}, body=b"{}")

    return asyncio.run(run())


def test_an_answer_comes_back_as_it_is() -> None:
    answer = call(Server(b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\nno"))

    assert (answer.status, answer.headers["retry-after"], answer.body) == (503, "7", b"no")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(status: int) -> None:
    """Where it leads would be a second connection, which is heard."""
    server = Server(b"")

    async def run() -> Answer:
        async with serving(server), open_egress(limits=SOON, loopback=True) as egress:
            place = f"http://127.0.0.1:{server.port}/"
            head = f"HTTP/1.1 {status} Moved\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n"
            server.answer = head.encode()
            return await egress.post(place, headers={}, body=b"")

    assert asyncio.run(run()).status == status
    assert len(server.heard) == 1


def test_no_more_is_read_than_the_limit() -> None:
    endless = Server(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_000_000)

    assert len(call(endless, limits=Limits(seconds=5, answer_bytes=1_000)).body) == 1_000


def test_endless_headers_are_no_answer() -> None:
    with pytest.raises(EgressError):
        _ = call(Server(b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"y" * 2_000_000))


def test_no_longer_is_waited_than_the_limit() -> None:
    slow = Server(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", hold=True)

    with pytest.raises(EgressError, match=r"no answer within 0\.3 s"):
        _ = call(slow, limits=Limits(seconds=0.3))


def test_proxies_of_the_environment_are_not_asked(monkeypatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert call(Server(b"HTTP/1.1 204 No\r\n\r\n")).status == 204


def test_this_machine_is_not_called_unless_a_test_asks() -> None:
    server = Server(b"HTTP/1.1 204 No\r\n\r\n")

    with pytest.raises(RefusedTarget):
        _ = call(server, loopback=False)
    assert server.heard == []


def test_tls_and_host_say_the_name_while_the_connection_goes_to_the_address(tmp_path) -> None:
    names: list[str | None] = []
    server = Server(b"HTTP/1.1 204 No\r\n\r\n")
    tls = certified("hooks.example", tmp_path)
    tls.sni_callback = lambda _, name, __: names.append(name)

    async def run() -> None:
        trust = ssl.create_default_context(cafile=tmp_path / "certificate.pem")
        async with (
            serving(server, tls=tls),
            open_egress(
                limits=SOON, loopback=True, resolve=always(["127.0.0.1"]), trust=trust
            ) as egress,
        ):
            url = f"https://hooks.example:{server.port}/"
            assert (await egress.post(url, headers={}, body=b"")).status == 204
            # The certificate is another name's.
            url = f"https://other.example:{server.port}/"
            with pytest.raises(EgressError, match="certificate"):
                _ = await egress.post(url, headers={}, body=b"")

    asyncio.run(run())

    assert names == ["hooks.example", "other.example"]
    assert f"host: hooks.example:{server.port}".encode() in server.heard[0].lower()


def certified(name: str, folder: Path) -> ssl.SSLContext:
    """A server's own context, with a certificate for one name that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    began = datetime.now(UTC) - timedelta(days=1)  # noqa: TID251 - TLS asks the machine's clock
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=3))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, key_pem = folder / "certificate.pem", folder / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key_pem)
    return context


def test_a_name_nobody_knows_is_said_so() -> None:
    async def run() -> None:
        async with open_egress(limits=SOON) as egress:
            _ = await egress.post("https://nobody.invalid/", headers={}, body=b"")

    with pytest.raises(EgressError):
        asyncio.run(run())
