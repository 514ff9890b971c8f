"""The network behind the eyes as it is trained; `pocket.retina` computes the same without torch."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from pocket.retina import Classes, Maps


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
        self.maps = nn.Conv2d(3 * width, classes.sizes * classes.entry, 1)
        self.behind = nn.Linear(6 * width, classes.backgrounds)
        # Things are rare: start out seeing none.
        rare = torch.zeros(classes.sizes, classes.entry)
        rare[:, 0] = -4.0
        self.maps.bias = nn.Parameter(rare.flatten())

    def forward(self, pictures: Tensor) -> Maps[Tensor]:
        """Look at pictures (batch, 3, 128, 128) in [-1, 1]."""
        fine = self.fine(pictures)
        middle = self.middle(fine)
        coarse = self.coarse(middle)
        middle = middle + functional.interpolate(self.up(coarse), scale_factor=2.0)
        neck = self.neck(fine + functional.interpolate(self.merge(middle), scale_factor=2.0))
        summary = torch.cat([fine.mean((2, 3)), coarse.amax((2, 3))], dim=1)
        entries = self.maps(neck).unflatten(1, (self.classes.sizes, self.classes.entry))
        return Maps.of(entries, self.behind(summary), self.classes)


def _layer(given: int, made: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(given, made, 3, stride, 1, bias=False), nn.BatchNorm2d(made), nn.SiLU(inplace=True))
