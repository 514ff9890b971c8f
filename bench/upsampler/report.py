"""Figures as tables on the terminal, and as JSON where a file is named."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

Row = Sequence[Any]


class Report:
    """Prints each table as it comes and remembers all of them."""

    def __init__(self, target: Path | None) -> None:
        self._console = Console()
        self._target = target
        self._tables: dict[str, list[dict[str, Any]]] = {}

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Show a table; ratios come as floats and are shown with three digits."""
        shown = Table(title=title, title_justify="left", title_style="bold")
        for index, column in enumerate(columns):
            shown.add_column(column, justify="left" if index == 0 else "right")
        for row in rows:
            shown.add_row(*(f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row))
        self._console.print(shown)
        self._tables[title] = [dict(zip(columns, row, strict=True)) for row in rows]

    def save(self) -> None:
        """Write all tables, if a file was named."""
        if self._target is not None:
            self._target.parent.mkdir(parents=True, exist_ok=True)
            self._target.write_text(json.dumps(self._tables, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
            self._console.print(f"written to {self._target}", highlight=False)
