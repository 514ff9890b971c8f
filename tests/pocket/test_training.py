"""Rules of training: every stage runs, goes on where it stopped, and ends in weights that load."""

import json
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
import torch
from diffusers import DDPMScheduler
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional
from typer import BadParameter

from pocket.evaluation.intervals import estimate, ranking
from pocket.eyes import Eyes, world_classes
from pocket.grammar import SIDE, load_grammar
from pocket.painter import EYES, PAINTER, brush, load_painter
from pocket.retina import Retina as PlainRetina
from pocket.statement import nested
from pocket.train import Stage
from pocket.train import train as train_all
from pocket.training import record
from pocket.training.eyes import WIDTH
from pocket.training.latents import Lesson
from pocket.training.loop import Plan, train
from pocket.training.networks import Painter, new_scheduler
from pocket.training.painter import FOCUS, SHARES, focus, hardness, shares, velocity_loss
from pocket.training.pictures import training_scenes
from pocket.training.retina import Retina
from pocket.training.words import LENGTH, new_tokenizer, vocabulary

PLAN = Plan(steps=6, learning_rate=0.1, warmup=2, report_every=3, save_every=3)


def test_the_eyes_compute_without_torch_what_was_trained() -> None:
    weights = load_file(EYES / "model.safetensors")
    trained = Retina(world_classes(), WIDTH).eval()
    trained.load_state_dict(weights)
    ours = PlainRetina({name: weight.numpy() for name, weight in weights.items()}, world_classes())
    pictures = np.random.default_rng(0).uniform(-1, 1, (2, 3, SIDE, SIDE)).astype(np.float32)

    maps = ours(pictures)
    with torch.inference_mode():
        wanted = trained(torch.from_numpy(pictures))

    for name, values in vars(maps).items():
        assert np.allclose(values, getattr(wanted, name).numpy(), atol=1e-3), name


class PowerCut(Exception):
    """Ends a training before its time."""


def _fit(folder: Path, plan: Plan, stop: int | None = None) -> nn.Module:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(2, 32), nn.Linear(32, 32), nn.Linear(32, 1))

    def loss(step: int, chance: torch.Generator) -> Tensor:
        given = torch.randn((4, 2), generator=chance)
        return functional.mse_loss(network(given), given.sum(1, keepdim=True))

    def sheet(averaged: nn.Module, path: Path) -> None:
        if path.stem == f"sheet-{stop or 0:06d}":
            raise PowerCut

    try:
        return train(network, loss, plan, folder, sheet, half=False)
    except PowerCut:
        return network


def test_a_rehearsal_of_all_stages_ends_in_weights_that_load(tmp_path: Path) -> None:
    train_all(build=tmp_path / "build", weights=tmp_path / "weights", rehearse=True)

    picture = brush(load_painter(tmp_path / "weights" / "painter"), steps=2)(["a red circle"], [0])[0]
    seen = Eyes.load(tmp_path / "weights" / "eyes").look(picture)

    assert picture.size == (128, 128)
    assert set(seen.backgrounds) == set(load_grammar().backgrounds)
    for stage in ("vae", "eyes", "painter"):
        entry = json.loads((tmp_path / "build" / stage / "log.jsonl").read_text().splitlines()[-1])
        assert entry["step"] == 3
    assert [(run.stage, run.steps) for run in record.kept(tmp_path / "weights")] == [
        ("vae", 3),
        ("eyes", 3),
        ("painter", 3),
    ]


def test_a_finished_painter_can_be_trained_further(tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    copytree(PAINTER, weights / "painter")
    before = load_file(weights / "painter" / "text_encoder" / "model.safetensors")

    train_all(build=tmp_path, weights=weights, stage=[Stage.PAINTER], steps=1, onward=True, rehearse=True)
    train_all(build=tmp_path, weights=weights, stage=[Stage.PAINTER], steps=2, onward=True, rehearse=True)

    changes = [
        float((weight - before[name]).abs().max())
        for name, weight in load_file(weights / "painter" / "text_encoder" / "model.safetensors").items()
    ]
    assert 0 < max(changes) < 0.01
    assert [(run.stage, run.steps) for run in record.kept(weights)] == [("painter", 1), ("painter", 2)]


def test_only_the_painter_is_trained_further(tmp_path: Path) -> None:
    with pytest.raises(BadParameter, match="--stage painter"):
        train_all(build=tmp_path, weights=tmp_path, onward=True, rehearse=True)


def test_the_error_counts_more_where_one_thing_lies_inside_another() -> None:
    given = training_scenes(300)

    weights = focus(given)

    assert weights.shape == (300, 1, 16, 16)
    for scene, weight in zip(given, weights[:, 0], strict=True):
        assert set(weight.unique().tolist()) == ({1.0, FOCUS} if nested(scene.statement) else {1.0})
        if nested(scene.statement):
            inner = min(scene.things, key=lambda thing: thing.radius)
            for row, column in (weight > 1).nonzero().tolist():
                assert abs((row + 0.5) / 16 - inner.y) < inner.radius + 0.5 / 16
                assert abs((column + 0.5) / 16 - inner.x) < inner.radius + 0.5 / 16
            assert weight[int(inner.y * 16), int(inner.x * 16)] == FOCUS


def test_what_is_learned_counts_the_inner_thing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    given = training_scenes(100)
    lesson = Lesson(given, torch.randn((100, 4, 16, 16), generator=torch.Generator().manual_seed(0)).half())
    painter, noising = Painter(), DDPMScheduler.from_config(new_scheduler().config)

    def losses(inside: bool) -> list[float]:
        chosen = torch.tensor([place for place, scene in enumerate(given) if nested(scene.statement) == inside][:2])
        found = []
        for weight in (1.0, FOCUS):
            monkeypatch.setattr("pocket.training.painter.FOCUS", weight)
            chance = torch.Generator().manual_seed(0)
            found.append(float(velocity_loss(painter, noising, lesson, chosen, chance).detach()))
        return found

    plain, focused = losses(inside=True)
    assert focused > 1.1 * plain
    plain, focused = losses(inside=False)
    assert focused == plain


def test_hard_groups_of_scenes_are_learned_as_often_as_planned() -> None:
    given = training_scenes(2000)
    groups = [hardness(scene.statement) for scene in given]

    weights = shares(given)

    total = float(weights.sum())
    for group, share in SHARES.items():
        own = sum(float(weight) for weight, one in zip(weights, groups, strict=True) if one == group)
        assert own / total == pytest.approx(share / sum(SHARES.values()))


@pytest.mark.parametrize("muon", [False, True])
def test_an_interrupted_training_ends_where_an_unbroken_one_does(tmp_path: Path, muon: bool) -> None:
    plan = replace(PLAN, muon=muon)
    unbroken = _fit(tmp_path / "unbroken", plan)
    _fit(tmp_path / "broken", plan, stop=3)

    resumed = _fit(tmp_path / "broken", plan)

    for one, other in zip(unbroken.parameters(), resumed.parameters(), strict=True):
        assert torch.equal(one, other)


def test_every_word_of_the_grammar_is_one_token() -> None:
    grammar = load_grammar()
    tokenizer = new_tokenizer(grammar)

    for word in vocabulary(grammar):
        assert len(tokenizer(word).input_ids) == 3, word
    assert tokenizer.model_max_length == LENGTH


def test_words_from_outside_go_through_as_pieces() -> None:
    tokenizer = new_tokenizer(load_grammar())

    assert tokenizer.decode(tokenizer("a frog, café").input_ids, skip_special_tokens=True).strip() == "a frog , café"


def test_an_interval_holds_its_mean_and_narrows_with_more_prompts() -> None:
    few, many = estimate([[1, 0]] * 3 + [[1, 1]] * 3), estimate([[1, 0]] * 60 + [[1, 1]] * 60)

    assert few.low <= few.mean <= few.high
    assert many.high - many.low < few.high - few.low


def test_a_ranking_is_one_when_every_match_beats_every_mismatch() -> None:
    assert ranking([0.9, 0.8], [0.1, 0.7]) == 1.0
    assert ranking([0.5], [0.5]) == 0.5
