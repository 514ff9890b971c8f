"""Make a picture of a terse prompt with and without upsampling, and see which one shows what was asked.

Start the services first (`make serve`), then run `python examples/generate_and_validate.py "two blue squares"`.
"""

import sys
from pathlib import Path

from promptlift import Client, Creation, Judgement

PROMPT = sys.argv[1] if len(sys.argv) > 1 else "a red circle to the left of a blue square"
URL = sys.argv[2] if len(sys.argv) > 2 else "http://localhost:3000"
FOLDER = Path("generated")


def main() -> None:
    """Walk through one job."""
    # One call does the whole job. `compare` paints the base prompt as well, from the same seed, so that the prompts are
    # all that differs; the judge is asked about the user's own words and never learns which picture is which.
    with Client(URL) as client:
        creation = client.create(prompt=PROMPT, compare=True, seed=7)

    show_prompts(creation)
    FOLDER.mkdir(exist_ok=True)
    for picture in creation.pictures:
        image = picture.generated.image
        file = image.save(FOLDER / f"{picture.arm}{image.suffix}")
        print(f"\n{picture.arm}: {file}")
        if picture.judgement is not None:
            show_judgement(picture.judgement)

    # The pairwise comparison asks once in each order; a preference that turns with the order is a tie.
    if creation.comparison is not None:
        names = {"first": "base", "second": "upsampled", "tie": "neither", None: "no opinion"}
        print(f"\nwhich shows more: {names[creation.comparison.winner]}")
    for warning in creation.warnings:
        print(f"warning: {warning}")
    if creation.trace_url:
        print(f"every step of it: {creation.trace_url}")


def show_prompts(creation: Creation) -> None:
    """Print what was asked and what was painted."""
    print(f"base prompt: {creation.prompt}")
    if creation.upsampling is None or creation.upsampling.fallback:
        print("upsampled:   not, the base prompt is painted alone")
        return
    print(f"upsampled:   {creation.upsampling.prompt}")
    for constraint in creation.upsampling.constraints:
        print(f"  {'kept' if constraint.kept else 'LOST'}: {constraint.kind} {constraint.value}")


def show_judgement(judgement: Judgement) -> None:
    """Print the verdict and what it rests on; a silent judge gives no score, and none is invented."""
    if judgement.score is None:
        print(f"  no verdict: {judgement.reason}")
        return
    print(f"  {judgement.verdict}, score {judgement.score:.2f}")
    for fact in judgement.facts:
        print(f"  {'yes' if fact.holds else 'no '} {fact.question} {fact.evidence}")


if __name__ == "__main__":
    main()
