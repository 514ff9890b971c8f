"""Whether the packages of an extra are there, before anything that needs them is imported."""

import importlib.util

from promptlift.errors import Rejected


def need(extra: str, *modules: str) -> None:
    """Make sure that modules can be imported.

    Raises:
        Rejected: one can't; the message says what to install.
    """
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        raise Rejected(f"{', '.join(missing)} not installed; run: pip install 'promptlift[{extra}]'")
