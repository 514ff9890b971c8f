"""The network behind the eyes, computed with NumPy: it finds things on a grid, and names them and the background.

What looks at pictures then needs no torch; `pocket.training.retina` is the same network for training.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Values = TypeVar("Values")
Array = NDArray[np.float32]

GRID = 32
"""Cells along one side of the maps; each covers 4 x 4 pixels."""
EPSILON = 1e-5
"""What torch's batch normalisation adds to variances."""
STEPS = {
    "fine.0": 2, "fine.1": 2, "fine.2": 1, "middle.0": 2, "middle.1": 1, "coarse.0": 2, "coarse.1": 1,
    "up": 1, "merge.0": 1, "merge.1": 1, "neck": 1,
}  # fmt: skip
"""Stride of each convolution, by its name among the weights."""


@dataclass(frozen=True)
class Classes:
    """How many of each there are to tell apart."""

    sizes: int
    shapes: int
    colours: int
    backgrounds: int

    @property
    def entry(self) -> int:
        """Numbers for each size and cell: whether there is a thing, where in it, its shape, its colour."""
        return 3 + self.shapes + self.colours


@dataclass(frozen=True)
class Maps(Generic[Values]):
    """What the network says: by size and grid cell, raw scores except for offsets.

    things (batch, sizes, 32, 32); offsets (batch, sizes, 2, 32, 32) in cells, x then y;
    shapes and colours (batch, sizes, classes, 32, 32); backgrounds (batch, classes).
    """

    things: Values
    offsets: Values
    shapes: Values
    colours: Values
    backgrounds: Values

    @classmethod
    def of(cls, entries: Any, backgrounds: Values, classes: Classes) -> "Maps[Values]":
        """Part entries (batch, sizes, entry, 32, 32)."""
        end = 3 + classes.shapes
        return cls(entries[:, :, 0], entries[:, :, 1:3], entries[:, :, 3:end], entries[:, :, end:], backgrounds)


class Retina:
    """The trained network; nothing in it changes, so threads may share it."""

    def __init__(self, weights: Mapping[str, Array], classes: Classes) -> None:
        """Take the weights as training leaves them."""
        self._classes = classes
        self._layers = {name: _folded(weights, name) for name in STEPS}
        self._maps = weights["maps.weight"][:, :, 0, 0], weights["maps.bias"]
        self._behind = weights["behind.weight"], weights["behind.bias"]

    def __call__(self, pictures: Array) -> Maps[Array]:
        """Look at pictures (batch, 3, 128, 128) in [-1, 1]."""
        fine = self._run("fine.2", self._run("fine.1", self._run("fine.0", pictures)))
        middle = self._run("middle.1", self._run("middle.0", fine))
        coarse = self._run("coarse.1", self._run("coarse.0", middle))
        middle = middle + _doubled(self._run("up", coarse))
        neck = self._run("neck", fine + _doubled(self._run("merge.1", self._run("merge.0", middle))))
        weight, bias = self._maps
        entries = np.einsum("ec,nchw->nehw", weight, neck, optimize=True) + bias[:, None, None]
        entries = entries.reshape(len(pictures), self._classes.sizes, self._classes.entry, GRID, GRID)
        summary = np.concatenate([fine.mean((2, 3)), coarse.max((2, 3))], axis=1)
        weight, bias = self._behind
        return Maps.of(entries, summary @ weight.T + bias, self._classes)

    def _run(self, name: str, given: Array) -> Array:
        """Convolve 3 x 3 with a border of zeros, then apply SiLU."""
        kernel, bias = self._layers[name]
        step = STEPS[name]
        padded = np.pad(given, ((0, 0), (0, 0), (1, 1), (1, 1)))
        windows = sliding_window_view(padded, (3, 3), axis=(2, 3))[:, :, ::step, ::step]
        made = np.tensordot(windows, kernel, axes=((1, 4, 5), (1, 2, 3))) + bias
        active: Array = made / (1 + np.exp(-made))
        return active.transpose(0, 3, 1, 2)


def _folded(weights: Mapping[str, Array], name: str) -> tuple[Array, Array]:
    """Fold a layer's normalisation into its kernel (made, given, 3, 3) and a bias (made,)."""
    scale = weights[f"{name}.1.weight"] / np.sqrt(weights[f"{name}.1.running_var"] + np.float32(EPSILON))
    bias = weights[f"{name}.1.bias"] - weights[f"{name}.1.running_mean"] * scale
    return weights[f"{name}.0.weight"] * scale[:, None, None, None], bias


def _doubled(given: Array) -> Array:
    """Repeat each cell twice along both sides."""
    return given.repeat(2, axis=2).repeat(2, axis=3)
