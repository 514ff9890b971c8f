"""`promptlift publish`: a prompt set as a Weave dataset, which `promptlift evaluate` takes by its ref."""

from typing import Annotated

import typer
from rich.console import Console

from promptlift.cli.exits import told
from promptlift.cli.extras import need


def publish(
    *,
    prompts: Annotated[str, typer.Option(help="A TSV, CSV, JSONL or text file, or smoke, which is shipped.")],
    project: Annotated[str, typer.Option(help="W&B project to publish in.")],
    entity: Annotated[str | None, typer.Option(help="W&B entity of the project.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the dataset; default: that of the file.")] = None,
    description: Annotated[str, typer.Option(help="What the set is, and whom to cite.")] = "",
) -> None:
    """Publish a prompt set as a Weave dataset, and print its ref."""
    with told():
        need("tracing", "weave")
        from promptlift.evaluation.datasets import publish as published  # noqa: PLC0415  only after the check above
        from promptlift.evaluation.prompts import load  # noqa: PLC0415

        ref = published(load(prompts), project, entity, name, description)
    Console(soft_wrap=True).print(ref, markup=False, highlight=False)
