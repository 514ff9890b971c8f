"""Tables of what was measured: printed on a terminal, or written into a page between two marks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pocket.evaluation.intervals import Estimate


@dataclass
class Report:
    """One table with the sentences that stand below it.

    Attributes:
        title: says what was measured, with the numbers of prompts and seeds.
    """

    title: str
    headings: Sequence[str]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, *cells: str | Estimate) -> None:
        """Add a row; estimates are written as percentages."""
        self.rows.append(tuple(cell if isinstance(cell, str) else cell.percent() for cell in cells))

    def show(self, console: Console) -> None:
        """Print it."""
        table = Table(title=self.title, title_justify="left")
        for heading in self.headings:
            table.add_column(heading)
        for row in self.rows:
            table.add_row(*row)
        console.print(table)
        for note in self.notes:
            console.print(note)

    def markdown(self) -> str:
        """Write it in Markdown."""
        table = [self.headings, ["---"] * len(self.headings), *self.rows]
        lines = ["| " + " | ".join(row) + " |" for row in table]
        return "\n\n".join([f"{self.title}:", "\n".join(lines), *self.notes])


def put(page: Path, name: str, text: str) -> None:
    """Replace what stands between `<!-- name -->` and `<!-- /name -->` on a page.

    Raises:
        ValueError: the page has no such marks.
    """
    before = page.read_text(encoding="utf-8")
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not pattern.search(before):
        raise ValueError(f"{page} has no marks <!-- {name} --> and <!-- /{name} -->")
    page.write_text(pattern.sub(lambda marks: f"{marks[1]}\n{text}\n\n{marks[2]}", before), encoding="utf-8")
