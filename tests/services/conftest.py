"""Parts of services are tested under no settings but those that a test gives."""

import os

import pytest

from tests.conftest import SETTINGS


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the settings of the services that run in this process."""
    for name in list(os.environ):
        if name.startswith(SETTINGS):
            monkeypatch.delenv(name)
