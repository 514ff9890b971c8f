"""The one training loop: warm-up and cosine decay, averaged weights, a log, sheets, resuming where it stopped."""

import copy
import json
import math
import time
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from pocket.training.muon import Muon, hidden


@dataclass(frozen=True)
class Plan:
    """How long and how fast to train."""

    steps: int
    learning_rate: float
    warmup: int = 200
    decay: float = 1.0
    """Share of the steps, at the end, over which the rate falls; before that it is constant."""
    averaging: float = 0.999
    """Decay of the averaged weights, which are the ones that get shipped."""
    weight_decay: float = 0.0
    muon: bool = False
    """Whether hidden layers are trained by Muon, and only the rest by AdamW, at a lower rate."""
    report_every: int = 100
    save_every: int = 1000


ADAM_SHARE = 0.7
"""Of the learning rate, for what Muon leaves to AdamW."""
Optimizers = dict[float, torch.optim.Optimizer]
"""By their shares of the learning rate."""
Loss = Callable[[int, torch.Generator], Tensor]
"""From the step and a generator seeded with it to the loss; so a resumed run sees what an unbroken one would."""


def device() -> torch.device:
    """Pick the GPU when there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def rate(step: int, plan: Plan) -> float:
    """Give the learning rate of a step: linear warm-up, a plateau, then half a cosine down to 2 percent."""
    if step < plan.warmup:
        return plan.learning_rate * (step + 1) / plan.warmup
    start = max(plan.warmup, plan.steps * (1 - plan.decay))
    done = max(0.0, step - start) / max(1.0, plan.steps - start)
    return plan.learning_rate * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, done))))


def train(
    network: nn.Module,
    loss: Loss,
    plan: Plan,
    folder: Path,
    sheet: Callable[[nn.Module, Path], None] | None = None,
    *,
    half: bool = True,
) -> nn.Module:
    """Train a network in place and return its averaged copy.

    The folder keeps `log.jsonl`, `state.pt` to resume from and the sheets; `half` computes in bfloat16 where that is
    safe, the weights stay in single precision.
    """
    folder.mkdir(parents=True, exist_ok=True)
    averaged = copy.deepcopy(network).eval().requires_grad_(False)
    optimizers = _optimizers(network, plan)
    start = _resume(folder / "state.pt", network, averaged, optimizers)
    losses: list[float] = []
    clock = time.perf_counter()
    network.train()
    for step in range(start, plan.steps):
        losses.append(_step(network, loss, optimizers, step, plan, half))
        _average(averaged, network, min(plan.averaging, (1 + step) / (10 + step)))
        done = step + 1
        if done % plan.report_every == 0 or done == plan.steps:
            _report(folder, done, losses, (time.perf_counter() - clock) / len(losses))
            losses, clock = [], time.perf_counter()
        if done % plan.save_every == 0 or done == plan.steps:
            _save(folder / "state.pt", done, network, averaged, optimizers)
            if sheet is not None:
                sheet(averaged, folder / f"sheet-{done:06d}.png")
    return averaged


def _optimizers(network: nn.Module, plan: Plan) -> Optimizers:
    """Make the optimizers, each with its share of the learning rate."""

    def adam(weights: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
        return torch.optim.AdamW(weights, lr=plan.learning_rate, betas=(0.9, 0.99), weight_decay=plan.weight_decay)

    if not plan.muon:
        return {1.0: adam(network.parameters())}
    matrices, rest = hidden(network)
    return {1.0: Muon(matrices, plan.learning_rate, weight_decay=plan.weight_decay), ADAM_SHARE: adam(rest)}


def _step(network: nn.Module, loss: Loss, optimizers: Optimizers, step: int, plan: Plan, half: bool) -> float:
    with torch.autocast(device().type, torch.bfloat16) if half else nullcontext():
        value = loss(step, torch.Generator().manual_seed(step))
    network.zero_grad(set_to_none=True)
    torch.autograd.backward(value)
    nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    for share, optimizer in optimizers.items():
        for group in optimizer.param_groups:
            group["lr"] = share * rate(step, plan)
        optimizer.step()
    return float(value.detach())


@torch.no_grad()
def _average(averaged: nn.Module, network: nn.Module, decay: float) -> None:
    old: list[Tensor] = list(averaged.parameters())
    new: list[Tensor] = list(network.parameters())
    torch._foreach_lerp_(old, new, 1 - decay)
    for kept, current in zip(averaged.buffers(), network.buffers(), strict=True):
        kept.copy_(current)


def _report(folder: Path, step: int, losses: list[float], seconds: float) -> None:
    entry = {"step": step, "loss": round(sum(losses) / len(losses), 5), "seconds_per_step": round(seconds, 3)}
    with (folder / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(entry) + "\n")


def _save(path: Path, step: int, network: nn.Module, averaged: nn.Module, optimizers: Optimizers) -> None:
    state = {
        "step": step,
        "network": network.state_dict(),
        "averaged": averaged.state_dict(),
        "optimizers": [optimizer.state_dict() for optimizer in optimizers.values()],
    }
    unfinished = path.with_suffix(".unfinished")
    torch.save(state, unfinished)
    unfinished.replace(path)


def _resume(path: Path, network: nn.Module, averaged: nn.Module, optimizers: Optimizers) -> int:
    if not path.exists():
        return 0
    state = torch.load(path, map_location=device(), weights_only=True)
    network.load_state_dict(state["network"])
    averaged.load_state_dict(state["averaged"])
    for optimizer, kept in zip(optimizers.values(), state["optimizers"], strict=True):
        optimizer.load_state_dict(kept)
    return int(state["step"])
