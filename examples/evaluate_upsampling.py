"""Measure whether upsampling helps with a few prompts of your own, and read the outcome as a program.

Start the services first (`make serve`), then run `python examples/evaluate_upsampling.py`. The same as a command:
`promptlift evaluate --prompts my_prompts.txt --seeds 2 --out evaluation`. Needs the extra `evaluation`.
"""

import asyncio
import sys
from pathlib import Path

from promptlift.evaluation.formats import Row
from promptlift.evaluation.headline import between, headline
from promptlift.evaluation.plan import planned
from promptlift.evaluation.prompts import prompt_set
from promptlift.evaluation.session import Outcome, Services, evaluate

URL = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:3000"
FOLDER = Path("evaluation")
PROMPTS = {
    "counting": ["two green stars", "three red hearts", "four blue circles", "two small black squares"],
    "relation": [
        "a red circle above a blue square",
        "a yellow star to the left of a purple ring",
        "a pink heart below a brown cross",
        "a white diamond to the right of an orange triangle",
    ],
}


def main() -> None:
    """Walk through an evaluation."""
    # A prompt set is rows of prompts with categories; `load` reads them from a file, or from Weave.
    rows = [Row(prompt, category, category) for category, prompts in PROMPTS.items() for prompt in prompts]
    prompts = prompt_set("my prompts", rows)

    # The plan is all that decides what is asked. Both arms of a trial share prompt, seed and settings, so that two
    # runs of one plan paint the same pictures, and a run that was stopped goes on where it stood.
    plan, prompts = planned(prompts, seeds=2)

    # The judge must pass its controls first: blank, swapped, mirrored and miscounted pictures, and painted words.
    outcome = asyncio.run(evaluate(plan, prompts, FOLDER, Services(url=URL, judge_url=URL)))
    show(outcome)


def show(outcome: Outcome) -> None:
    """Print what the report says, and where it is."""
    found = outcome.findings
    print(headline(found))
    print(f"This evaluation is {found.validity.verdict}.")
    for reason in (*found.validity.reasons, *found.validity.notes):
        print(f"  {reason}")

    # Intervals resample prompts, since prompts are what a result should generalise to; below eight there is none.
    for one in (found.whole, *found.categories):
        print(f"{one.name}: {between(one.correct.difference)} points, {one.signs.improved} prompts improved", end="")
        print(f", {one.signs.worse} got worse, {one.signs.same} stayed the same")
    if found.noise is not None:
        print(f"Two equal systems would differ by {100 * found.noise.of_run:.1f} points (standard deviation).")
    print(f"The report: {outcome.files[0]}")


if __name__ == "__main__":
    main()
