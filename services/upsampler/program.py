"""The DSPy programs that upsample: signatures, their demos, and how a compiled state of them is loaded."""

import hashlib
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import dspy

from promptlift.contracts import Mode, UpsampleRequest
from services.upsampler.clip import WINDOW
from services.upsampler.draft import Draft
from services.upsampler.task import CountTokens, Task, plan

MODES: tuple[Mode, ...] = ("faithful", "creative", "modify")
GIVEN: dict[str, tuple[type, str]] = {
    "prompt": (str, "the request"),
    "must_keep": (list[str], "facts of the request that rules found; each has to be true of the caption"),
    "max_words": (int, "words that the caption may have"),
    "draft": (str, "your last caption, or empty"),
    "faults": (list[str], "what is wrong with it"),
}
CHANGED: dict[str, tuple[type, str]] = {
    "previous": (str, "the caption to change"),
    "instruction": (str, "how to change it"),
}
WRITTEN = ("corrected_prompt", "caption")
DEMOS: dict[Mode, str] = {"faithful": "demos.json", "creative": "creative.json", "modify": "modify.json"}


class Captioning(dspy.Module):
    """One program for each mode."""

    def __init__(self, count: CountTokens) -> None:
        super().__init__()
        self.faithful = _program("faithful", count)
        self.creative = _program("creative", count)
        self.modify = _program("modify", count)

    def of(self, mode: Mode) -> dspy.Predict:
        """Give the program of a mode."""
        program: dspy.Predict = getattr(self, mode)
        return program


def load(path: Path, count: CountTokens) -> Captioning:
    """Load a compiled state of the programs.

    Raises:
        RuntimeError: the file is none, or is of programs with other fields.
    """
    captioning = Captioning(count)
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
        for mode in MODES:
            state[mode]["lm"] = None  # the service brings its own
        captioning.load_state(state)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RuntimeError(
            f"UPSAMPLER_PROGRAM={path} can't be loaded ({type(error).__name__}: {error}); give a file that "
            "`python -m services.upsampler.optimize` wrote"
        ) from error
    return captioning


def inputs_of(task: Task, draft: Draft | None, faults: list[str]) -> dict[str, Any]:
    """Give a program's inputs for a task."""
    inputs: dict[str, Any] = {
        "prompt": task.prompt,
        "must_keep": [str(constraint) for constraint in task.constraints],
        "max_words": task.most_words,
        "draft": draft.caption if draft else "",
        "faults": faults,
    }
    if task.mode == "modify":
        inputs |= {"previous": task.previous, "instruction": task.instruction}
    return inputs


def version(program: dspy.Predict) -> str:
    """Name a program's instructions and demos: eight hexadecimal digits that change with them."""
    told = [program.signature.instructions, [dict(demo) for demo in program.demos]]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:8]


def read(name: str) -> str:
    """Read one of the prompt files."""
    return (files("services.upsampler") / "prompts" / name).read_text(encoding="utf-8").strip()


def _program(mode: Mode, count: CountTokens) -> dspy.Predict:
    given = GIVEN | (CHANGED if mode == "modify" else {})
    fields: dict[str, Any] = {name: (kind, dspy.InputField(desc=about)) for name, (kind, about) in given.items()}
    fields |= {name: (str, dspy.OutputField()) for name in WRITTEN}
    predict = dspy.Predict(dspy.Signature(fields, f"{read(f'{mode}.md')}\n\n{read('rules.md')}"))
    predict.demos = [_demo(mode, entry, count) for entry in json.loads(read(DEMOS[mode]))]
    return predict


def _demo(mode: Mode, entry: dict[str, str], count: CountTokens) -> dspy.Example:
    """Complete a demo with the inputs that the service would give for its prompt."""
    asked = {name: value for name, value in entry.items() if name not in WRITTEN}
    task = plan(UpsampleRequest.model_validate({"mode": mode, **asked}), WINDOW, count)
    inputs = inputs_of(task, None, [])
    return dspy.Example(**inputs, **{name: entry[name] for name in WRITTEN}).with_inputs(*inputs)
