"""A receiver of webhooks: HTTPS on loopback, under a certificate of its own, with answers that a test chooses."""

import asyncio
import datetime
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from chatroom.hooks.post import Poster
from chatroom.hooks.webhook import secret_key

NAME = "hooks.example"
"""Resolves nowhere: whoever asks for it a second time does not get through."""
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
KEY = secret_key(SECRET)
OK = b"HTTP/1.1 204 No Content\r\n\r\n"


@dataclass
class Request:
    target: str
    headers: dict[str, str]
    body: bytes


def certificate(folder: Path, name: str) -> Path:
    """A file with a key and a certificate for this name, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


class Receiver:
    """An async context manager. `answer` is what everyone gets, `requests` what came; `asked` counts the names looked up."""

    def __init__(self, folder: Path, name: str = NAME) -> None:
        self.requests: list[Request] = []
        self.names: list[str | None] = []
        """As the clients gave them in the TLS handshake."""
        self.answer = OK
        self.endless = False
        self.asked = 0
        self.came = asyncio.Event()
        """Set at every request."""
        self._certificate = certificate(folder, name)
        self._open: dict[asyncio.StreamWriter, asyncio.Event] = {}

    async def __aenter__(self) -> "Receiver":
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(self._certificate)
        tls.sni_callback = lambda connection, name, context: self.names.append(name)
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for writer, left in list(self._open.items()):
            writer.transport.abort()
            await left.wait()

    def poster(self, may_reach: Callable[[str], bool] = lambda address: True, path: str = "/in?from=rooms") -> Poster:
        """A poster to this receiver that believes its certificate and finds its name at 127.0.0.1."""
        trusting = ssl.create_default_context(cafile=str(self._certificate))
        return Poster(f"https://{NAME}:{self.port}{path}", trusting, self.ask, may_reach)

    async def ask(self, host: str, port: int) -> list[str]:
        assert (host, port) == (NAME, self.port)
        self.asked += 1
        return ["127.0.0.1"]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        left = self._open[writer] = asyncio.Event()
        try:
            self.requests.append(await _read(reader))
            self.came.set()
            writer.write(self.answer)
            while self.endless:
                await writer.drain()
                writer.write(self.answer)
            await reader.read()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()
            del self._open[writer]
            left.set()


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
    return Request(first, headers, await reader.readexactly(int(headers["content-length"])))
