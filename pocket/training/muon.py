"""Muon: momentum whose matrices are made orthogonal before each step, so that no direction of a layer lags behind.

K. Jordan et al., "Muon: An optimizer for hidden layers in neural networks" (2024); the size of a step follows Moonlight
(arXiv:2502.16982), so that learning rates are those of AdamW. `torch.optim.Muon` takes no kernels of convolutions, and
steps matrix by matrix, which on a CPU takes four times as long as all matrices of one shape at once.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

COEFFICIENTS = (3.4445, -4.7750, 2.0315)
"""Of the quintic Newton-Schulz iteration, chosen by its authors for the fastest rise of small singular values."""


class Muon(torch.optim.Optimizer):
    """Optimizes matrices (rows, columns) and kernels (out, in, height, width), taken as out rows."""

    def __init__(
        self, weights: Iterable[nn.Parameter], lr: float = 1e-3, momentum: float = 0.95, weight_decay: float = 0.0
    ) -> None:
        shapes: dict[torch.Size, list[nn.Parameter]] = defaultdict(list)
        for weight in weights:
            shapes[weight.flatten(1).shape].append(weight)
        groups = [{"params": alike} for alike in shapes.values()]
        super().__init__(groups, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Change every weight that has a gradient."""
        assert closure is None
        for group in self.param_groups:
            learning = [weight for weight in group["params"] if weight.grad is not None]
            if learning:
                self._step(learning, group)

    def _step(self, weights: list[nn.Parameter], group: dict[str, Any]) -> None:
        updates = []
        for weight in weights:
            assert weight.grad is not None
            slope = weight.grad.flatten(1)
            momentum = self.state[weight].setdefault("momentum", torch.zeros_like(slope))
            momentum.lerp_(slope, 1 - group["momentum"])
            updates.append(slope.lerp(momentum, group["momentum"]))
        stacked = orthogonal(torch.stack(updates))
        size = 0.2 * math.sqrt(max(stacked.shape[1:])) * group["lr"]
        for weight, update in zip(weights, stacked, strict=True):
            weight.mul_(1 - group["lr"] * group["weight_decay"]).add_(update.view_as(weight), alpha=-size)


def orthogonal(matrices: Tensor, steps: int = 5) -> Tensor:
    """Bring all singular values of matrices (number, rows, columns) near 1, in bfloat16."""
    x = matrices.bfloat16()
    tall = x.shape[1] > x.shape[2]
    x = x.mT if tall else x
    x = x / (matrices.norm(dim=(1, 2), keepdim=True) + 1e-7).bfloat16()
    first, second, third = COEFFICIENTS
    for _ in range(steps):
        square = torch.bmm(x, x.mT)
        polynomial = torch.baddbmm(square, square, square, beta=second, alpha=third)
        x = torch.baddbmm(x, polynomial, x, beta=first)
    return (x.mT if tall else x).to(matrices)


def hidden(network: nn.Module, smallest: int = 32) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """Split a network's weights into what Muon is for and the rest: biases, norms, embeddings, outermost layers."""
    matrices: list[nn.Parameter] = []
    rest: list[nn.Parameter] = []
    for name, weight in network.named_parameters():
        outer = any(part in name for part in ("embedding", "conv_in", "conv_out"))
        wide = weight.ndim in (2, 4) and min(len(weight), weight[0].numel()) >= smallest
        (matrices if wide and not outer else rest).append(weight)
    return matrices, rest
