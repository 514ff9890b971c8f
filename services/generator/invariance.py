"""Calls of different sizes that give the same bits, and the proof that they do.

How many rows a U-Net call has can change the last bits of each of them: a library picks another kernel for another
shape. On a CPU nearly all of it comes from the few products that have one row per picture (of the time and size
embeddings); run at a fixed height they no longer depend on the others. Whether any two call sizes agree on a machine is
then not assumed but tried, bit by bit, for each size of picture.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional

HEIGHT = 32
"""Rows of a product whose height is fixed; at least as many as a call may have."""
Probe = Callable[[int], torch.Tensor]
"""Runs the U-Net on so many identical rows, and gives their outputs."""


class FixedHeight(nn.Linear):
    """A linear layer that multiplies matrices of one height only, whatever it is given."""

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """Map (rows, in) to (rows, out), or any other shape as a linear layer does."""
        rows = states.shape[0]
        if states.ndim != 2 or rows > HEIGHT:
            return super().forward(states)
        return super().forward(functional.pad(states, (0, 0, 0, HEIGHT - rows)))[:rows]


def fix_heights(unet: Any) -> None:
    """Fix the height of every product of a U-Net that has one row per picture."""
    embeddings = (
        "time_embedding.linear_1",
        "time_embedding.linear_2",
        "add_embedding.linear_1",
        "add_embedding.linear_2",
    )
    for name, module in unet.named_modules():
        if type(module) is nn.Linear and (name in embeddings or name.endswith("time_emb_proj")):
            module.__class__ = FixedHeight


def agreeing_sizes(probe: Probe, smallest: int, larger: Iterable[int]) -> tuple[int, ...]:
    """Give the call sizes whose every row has the same bits as the smallest size's.

    All rows of a probe are alike, so one call tries every place of a row at once.
    """
    reference = probe(smallest)[0]
    agreeing = (size for size in larger if all(torch.equal(row, reference) for row in probe(size)))
    return (smallest, *agreeing)


def fitting(sizes: Sequence[int], rows: int) -> int:
    """Give the smallest size that holds so many rows.

    Raises:
        ValueError: none does.
    """
    for size in sizes:
        if size >= rows:
            return size
    raise ValueError(f"no call holds {rows} rows, only {', '.join(map(str, sizes))}")
