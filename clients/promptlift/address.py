"""Where a service listens: `http(s)://host`, `tcp://host:port`, or a unix socket as `unix:///path` or `file:///path`."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class Address:
    """A base URL, and the unix socket to reach it by, if any."""

    base_url: str
    unix_socket: str | None = None


def parse(url: str) -> Address:
    """Read a service's URL.

    Raises:
        ValueError: the scheme is none of the five, or the host or path is missing.
    """
    parts = urlsplit(url)
    if parts.scheme in ("unix", "file") and parts.path:
        return Address("http://localhost", unquote(parts.path))
    if parts.scheme == "tcp" and parts.netloc:
        return Address(f"http://{parts.netloc}")
    if parts.scheme in ("http", "https") and parts.netloc:
        return Address(url.rstrip("/"))
    raise ValueError(f"{url!r} is not a service's URL; give one like http://localhost:3000 or unix:///run/service.sock")
