"""The network behind the eyes: finds things on a grid, a map for each size; names shapes, colours, background."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

GRID = 32
"""Cells along one side of the maps; each covers 4 x 4 pixels."""


@dataclass(frozen=True)
class Classes:
    """How many of each there are to tell apart."""

    sizes: int
    shapes: int
    colours: int
    backgrounds: int


@dataclass(frozen=True)
class Maps:
    """What the network says: by size and grid cell, raw scores except for offsets.

    things (batch, sizes, 32, 32); offsets (batch, sizes, 2, 32, 32) in cells, x then y;
    shapes and colours (batch, sizes, classes, 32, 32); backgrounds (batch, classes).
    """

    things: Tensor
    offsets: Tensor
    shapes: Tensor
    colours: Tensor
    backgrounds: Tensor


class Retina(nn.Module):
    """A small convolutional network that looks coarse first and fine again."""

    def __init__(self, classes: Classes, width: int = 32) -> None:
        """Build it for so many classes; `width` is its channels at half resolution."""
        super().__init__()
        self.classes = classes
        self.fine = nn.Sequential(_layer(3, width, 2), _layer(width, 2 * width, 2), _layer(2 * width, 2 * width))
        self.middle = nn.Sequential(_layer(2 * width, 3 * width, 2), _layer(3 * width, 3 * width))
        self.coarse = nn.Sequential(_layer(3 * width, 4 * width, 2), _layer(4 * width, 4 * width))
        self.up = _layer(4 * width, 3 * width)
        self.merge = nn.Sequential(_layer(3 * width, 2 * width), _layer(2 * width, 2 * width))
        self.neck = _layer(2 * width, 3 * width)
        self.entry = 3 + classes.shapes + classes.colours
        self.maps = nn.Conv2d(3 * width, classes.sizes * self.entry, 1)
        self.behind = nn.Linear(6 * width, classes.backgrounds)
        # Things are rare: start out seeing none.
        rare = torch.zeros(classes.sizes, self.entry)
        rare[:, 0] = -4.0
        self.maps.bias = nn.Parameter(rare.flatten())

    def forward(self, pictures: Tensor) -> Maps:
        """Look at pictures (batch, 3, 128, 128) in [-1, 1]."""
        fine = self.fine(pictures)
        middle = self.middle(fine)
        coarse = self.coarse(middle)
        middle = middle + functional.interpolate(self.up(coarse), scale_factor=2.0)
        neck = self.neck(fine + functional.interpolate(self.merge(middle), scale_factor=2.0))
        summary = torch.cat([fine.mean((2, 3)), coarse.amax((2, 3))], dim=1)
        maps = self.maps(neck).unflatten(1, (self.classes.sizes, self.entry))
        shapes_end = 3 + self.classes.shapes
        return Maps(
            maps[:, :, 0], maps[:, :, 1:3], maps[:, :, 3:shapes_end], maps[:, :, shapes_end:], self.behind(summary)
        )


def _layer(given: int, made: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(given, made, 3, stride, 1, bias=False), nn.BatchNorm2d(made), nn.SiLU(inplace=True))
