"""The `promptlift` command; needs the extra `cli`."""

import importlib.util
import sys


def main() -> None:
    """Run the command, or say what to install."""
    missing = [name for name in ("rich", "typer") if importlib.util.find_spec(name) is None]
    if missing:
        sys.exit(f"promptlift: {' and '.join(missing)} not installed; run: pip install 'promptlift[cli]'")
    from promptlift.cli.app import app  # noqa: PLC0415  only after the check above

    app()
