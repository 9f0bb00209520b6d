"""The static files, read once: one hash over the whole tree is part of every address, so they may be cached for ever.

Comments on lines of their own are left out of scripts and styles; the lines stay, so that every line keeps its number.
"""

import gzip
import hashlib
import posixpath
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

PACKAGE = Path(__file__).resolve().parent.parent
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".webmanifest": "application/manifest+json",
}
STATIC_IMPORT = re.compile(r"""^\s*(?:import|export)\b(?:[^"';]*?\bfrom)?\s*["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)

COMMENT = re.compile(rb"^[ \t]*(?:/\*.*?\*/[ \t]*$|//[^\n]*$)", re.MULTILINE | re.DOTALL)


def data_folder(name: str) -> Path:
    """The folder `static` or `templates`: inside the package in a wheel, beside it in a checkout."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


@dataclass(frozen=True)
class Body:
    """Bytes to serve again and again, compressed once where that makes them smaller."""

    content_type: str
    plain: bytes

    @cached_property
    def compressed(self) -> bytes:
        return gzip.compress(self.plain, 9, mtime=0)

    @cached_property
    def digest(self) -> str:
        """16 hexadecimal digits of SHA-256 over the plain bytes."""
        return hashlib.sha256(self.plain).hexdigest()[:16]

    @cached_property
    def tag(self) -> str:
        """A weak entity tag (RFC 9110, section 8.8.3)."""
        return f'W/"{self.digest}"'

    def response(self, request: Request, headers: dict[str, str]) -> Response:
        """The body as the client accepts it (RFC 9110, section 12.5.3)."""
        headers = {**headers, "Content-Type": self.content_type, "Vary": "Accept-Encoding"}
        if len(self.compressed) < len(self.plain) and _accepts_gzip(request):
            return Response(self.compressed, headers={**headers, "Content-Encoding": "gzip"})
        return Response(self.plain, headers=headers)


def _accepts_gzip(request: Request) -> bool:
    accepted = request.headers.get("accept-encoding", "").lower().split(",")
    return any(re.fullmatch(r"\s*gzip\s*(;\s*q=(0\.\d*[1-9]\d*|1(\.0*)?))?\s*", coding) for coding in accepted)


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    if path.suffix not in (".css", ".js"):
        return content
    return COMMENT.sub(lambda comment: b"\n" * comment[0].count(b"\n"), content)


class Assets:
    """The static tree in memory. Raises FileNotFoundError when the folder is missing."""

    def __init__(self, folder: Path) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.suffix in TYPES and path.is_file())
        self.files = {path.relative_to(folder).as_posix(): Body(TYPES[path.suffix], _content(path)) for path in paths}
        if not self.files:
            raise FileNotFoundError(f"No static files in {folder}")
        digest = hashlib.sha256()
        for name, body in self.files.items():
            digest.update(f"{name}\0{len(body.plain)}\0".encode() + body.plain)
        self.hash = digest.hexdigest()[:16]

    def url(self, path: str) -> str:
        """The address of a file, relative to the front page. Raises KeyError when there is no such file."""
        if path not in self.files:
            raise KeyError(path)
        return f"static/{self.hash}/{path}"

    def modules(self, entry: str) -> list[str]:
        """The paths of all ES modules that `entry` loads by static imports, itself first, each once."""
        found = [entry]
        for path in found:
            source = self.files[path].plain.decode()
            imported = (
                posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) for name in STATIC_IMPORT.findall(source)
            )
            found.extend(name for name in dict.fromkeys(imported) if name not in found)
        return found

    async def serve(self, request: Request) -> Response:
        """GET static/{hash}/{path}: for ever under this hash, 404 under any other."""
        body = self.files.get(request.path_params["path"])
        if body is None or request.path_params["hash"] != self.hash:
            raise HTTPException(404)
        return body.response(request, {"Cache-Control": "max-age=31536000, immutable"})
