"""Every kind of address that a service can have."""

import pytest

from promptlift.address import Address, parse


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://localhost:3000", Address("http://localhost:3000")),
        ("https://example.org/promptlift/", Address("https://example.org/promptlift")),
        ("tcp://127.0.0.1:4000", Address("http://127.0.0.1:4000")),
        ("unix:///run/service.sock", Address("http://localhost", "/run/service.sock")),
        ("file:///tmp/a%20folder/1.sock", Address("http://localhost", "/tmp/a folder/1.sock")),
    ],
)
def test_an_address_is_read(url: str, address: Address) -> None:
    assert parse(url) == address


@pytest.mark.parametrize("url", ["", "localhost:3000", "ftp://host", "http://", "unix://"])
def test_what_is_no_address_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(ValueError, match="give one like http://localhost:3000"):
        parse(url)
