"""The eyes' exam: held-out pictures whose truth is known, with true facts to confirm and false ones to deny."""

import random
from collections.abc import Iterable, Sequence
from itertools import islice

import torch
from diffusers import StableDiffusionXLImg2ImgPipeline, StableDiffusionXLPipeline
from PIL import Image

from pocket.answers import answer, match
from pocket.captions import worded
from pocket.drawing import draw
from pocket.evaluation.exam import Question
from pocket.evaluation.intervals import Estimate, estimate
from pocket.evaluation.truth import falsified
from pocket.eyes import Eyes
from pocket.facts import KINDS, Kind, facts
from pocket.grammar import SIDE, load_grammar
from pocket.sight import SeenScene
from pocket.statement import group_of
from pocket.world import HELD_OUT_SEEDS, Scene, scenes


def held_out_scenes(number: int) -> list[Scene]:
    """Take held-out scenes that the painter's exam does not use."""
    return list(islice(scenes(held_out=True, start=2 * HELD_OUT_SEEDS), number))


def drawn(given: Iterable[Scene]) -> list[Image.Image]:
    """Draw scenes plainly."""
    return [draw(scene) for scene in given]


def repainted(given: Sequence[Scene], pipeline: StableDiffusionXLPipeline, strength: float = 0.5) -> list[Image.Image]:
    """Have the painter finish half-erased renders: its own hand, but the renderer's truth."""
    finish = StableDiffusionXLImg2ImgPipeline(**pipeline.components, add_watermarker=False)
    finish.set_progress_bar_config(disable=True)
    pictures = []
    for start in range(0, len(given), 16):
        some = given[start : start + 16]
        draws = [torch.Generator().manual_seed(start + place) for place in range(len(some))]
        prompts = [worded(scene.statement) for scene in some]
        pictures += finish(
            prompts, image=drawn(some), strength=strength, num_inference_steps=20, generator=draws
        ).images
    return pictures


def accuracy(given: Sequence[Scene], seen: Sequence[SeenScene]) -> dict[Kind, Estimate]:
    """Give by kind of fact how often a true one is confirmed and a false one denied."""
    verdicts: dict[Kind, list[list[float]]] = {kind: [] for kind in KINDS}
    for index, (scene, view) in enumerate(zip(given, seen, strict=True)):
        right: dict[Kind, list[float]] = {kind: [] for kind in KINDS}
        for fact in facts(scene.statement):
            right[fact.kind].append(float(answer(view, fact).holds))
            false = falsified(fact, scene, random.Random(index))
            if false is not None:
                right[fact.kind].append(float(not answer(view, false).holds))
        for kind in KINDS:
            verdicts[kind].append(right[kind])
    return {kind: estimate(rows) for kind, rows in verdicts.items()}


def match_scores(given: Sequence[Scene], seen: Sequence[SeenScene]) -> tuple[list[float], list[float]]:
    """Score pictures against their own statements and against another of the same group."""
    chance = random.Random(0)
    own = [match(view, scene.statement) for scene, view in zip(given, seen, strict=True)]
    other = []
    for scene, view in zip(given, seen, strict=True):
        rivals = [
            rival.statement
            for rival in given
            if group_of(rival.statement) == group_of(scene.statement) and rival.statement != scene.statement
        ]
        other.append(match(view, chance.choice(rivals)))
    return own, other


def blanks() -> list[Image.Image]:
    """List empty sheets: every background, every colour, and noise."""
    grammar = load_grammar()
    colours = [entry.rgb for names in (grammar.backgrounds, grammar.colours) for entry in names.values()]
    noise = torch.randint(0, 256, (SIDE, SIDE, 3), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
    return [*(Image.new("RGB", (SIDE, SIDE), rgb) for rgb in colours), Image.fromarray(noise.numpy())]


def highest_blank_score(asked: Sequence[Question], eyes: Eyes) -> float:
    """Find the best score that any prompt gives any empty sheet."""
    seen = eyes.look_at(blanks())
    return max(match(view, question.statement) for question in asked for view in seen)
