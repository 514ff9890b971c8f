"""Unix sockets that stay reachable until the end.

When a composed system is told to stop, BentoML removes the folder of its sockets at once, while jobs are still in work.
A second name for the same socket, in a folder of our own, outlives that.
"""

import os
import shutil
import tempfile
from pathlib import Path

from promptlift.address import parse


class Sockets:
    """Second names for unix sockets, until `close`."""

    def __init__(self) -> None:
        self._folder: Path | None = None

    def lasting(self, url: str) -> str:
        """Give another address of the same service; one that is no unix socket stays as it is."""
        path = parse(url).unix_socket
        if path is None:
            return url
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="promptlift-"))
        name = self._folder / Path(path).name
        os.link(path, name)
        return f"unix://{name}"

    def close(self) -> None:
        """Remove the names."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
