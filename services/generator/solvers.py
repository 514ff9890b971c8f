"""Samplers as tables: each step of each solver is the same linear formula with other numbers.

    input       x * scale                                    goes into the U-Net at `timestep`
    denoised    keep * x + take * output                     what this step makes of the U-Net's output
    next x      carry * x + use * denoised + recall * previous denoised + noise * fresh noise

A row needs nothing but its place in its own table, so one U-Net call can hold rows of any solver, at any step of any
schedule. Formulas: Euler and ancestral, Karras et al. 2022 (arXiv 2206.00364) as in k-diffusion; DPM-Solver++ 2M, Lu et
al. 2022 (arXiv 2211.01095); LCM, Luo et al. 2023 (arXiv 2310.04378). The schedules themselves are diffusers' own.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from diffusers import (
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    EulerDiscreteScheduler,
    LCMScheduler,
)

COLUMNS = ("scale", "timestep", "keep", "take", "carry", "use", "recall", "noise")


@dataclass(frozen=True)
class Table:
    """One solver's steps.

    Attributes:
        steps: (steps, 8) float32 on the CPU, one column for each name in `COLUMNS`.
        start: standard deviation of the starting noise.
    """

    steps: torch.Tensor
    start: float

    @property
    def length(self) -> int:
        """Steps until the picture is done."""
        return self.steps.shape[0]

    @property
    def noisy(self) -> bool:
        """Whether any step adds fresh noise."""
        return bool(self.steps[:, COLUMNS.index("noise")].any())


class UnknownSolver(Exception):
    """The checkpoint's scheduler has no table here."""


def tabulate(scheduler: Any, count: int) -> Table:
    """Tabulate `count` steps of a diffusers scheduler, which is not changed.

    Raises:
        UnknownSolver: it is of another class, or set up in a way that is no linear multistep.
    """
    own = type(scheduler).from_config(scheduler.config)
    tabulated = TABLES.get(type(own))
    if tabulated is None:
        known = ", ".join(kind.__name__ for kind in TABLES)
        raise UnknownSolver(f"there is no table for {type(own).__name__}, only for {known}")
    own.set_timesteps(count)
    return Table(torch.tensor(tabulated(own), dtype=torch.float64).float(), float(own.init_noise_sigma))


def _denoised(prediction: str, sigma: float) -> tuple[float, float]:
    """Give keep and take of the clean picture that a model's output stands for, at a noise level of `sigma`."""
    match prediction:
        case "epsilon":
            return 1.0, -sigma
        case "v_prediction":
            return 1 / (sigma**2 + 1), -sigma / math.sqrt(sigma**2 + 1)
        case "sample":
            return 0.0, 1.0
    raise UnknownSolver(f"there is no formula for a model that predicts {prediction}")


def _euler(scheduler: Any) -> list[list[float]]:
    sigmas = [float(sigma) for sigma in scheduler.sigmas]
    rows = []
    for timestep, sigma, after in zip(scheduler.timesteps, sigmas, sigmas[1:], strict=False):
        scale = 1 / math.sqrt(sigma**2 + 1)
        if scheduler.config.prediction_type == "epsilon":  # the shorter way, which rounds less
            keep, take, carry, use = 0.0, 1.0, 1.0, after - sigma
        else:
            keep, take = _denoised(scheduler.config.prediction_type, sigma)
            carry, use = after / sigma, 1 - after / sigma
        rows.append([scale, float(timestep), keep, take, carry, use, 0.0, 0.0])
    return rows


def _ancestral(scheduler: Any) -> list[list[float]]:
    sigmas = [float(sigma) for sigma in scheduler.sigmas]
    rows = []
    for timestep, sigma, after in zip(scheduler.timesteps, sigmas, sigmas[1:], strict=False):
        keep, take = _denoised(scheduler.config.prediction_type, sigma)
        up = math.sqrt(after**2 * (sigma**2 - after**2) / sigma**2)
        down = math.sqrt(after**2 - up**2)
        scale = 1 / math.sqrt(sigma**2 + 1)
        rows.append([scale, float(timestep), keep, take, down / sigma, 1 - down / sigma, 0.0, up])
    return rows


def _multistep(scheduler: Any) -> list[list[float]]:
    """Tabulate DPM-Solver++ of order 1 or 2, whose last step is of order 1 as in diffusers."""
    config = scheduler.config
    if config.algorithm_type != "dpmsolver++" or config.solver_order > 2 or config.thresholding:
        raise UnknownSolver("of DPM-Solver there are tables for dpmsolver++ of order 1 or 2, without thresholding")
    sigmas = [float(sigma) for sigma in scheduler.sigmas]
    rows: list[list[float]] = []
    for index, timestep in enumerate(scheduler.timesteps):
        alpha, sigma = _variance_preserving(sigmas[index])
        keep, take = _denoised_preserving(config.prediction_type, alpha, sigma)
        first_order = index == 0 or config.solver_order == 1 or _ends_low(config, index, len(scheduler.timesteps))
        carry, use, recall = _lambda_step(sigmas, index, first_order, config.solver_type)
        rows.append([1.0, float(timestep), keep, take, carry, use, recall, 0.0])
    return rows


def _variance_preserving(sigma: float) -> tuple[float, float]:
    alpha = 1 / math.sqrt(sigma**2 + 1)
    return alpha, sigma * alpha


def _denoised_preserving(prediction: str, alpha: float, sigma: float) -> tuple[float, float]:
    match prediction:
        case "epsilon":
            return 1 / alpha, -sigma / alpha
        case "v_prediction":
            return alpha, -sigma
        case "sample":
            return 0.0, 1.0
    raise UnknownSolver(f"there is no formula for a model that predicts {prediction}")


def _ends_low(config: Any, index: int, count: int) -> bool:
    last = index == count - 1
    return last and (
        config.euler_at_final or config.final_sigmas_type == "zero" or (config.lower_order_final and count < 15)
    )


def _lambda_step(sigmas: list[float], index: int, first_order: bool, solver_type: str) -> tuple[float, float, float]:
    """Give carry, use and recall of one step of DPM-Solver++; at a noise level of 0 the step is the clean picture."""
    if sigmas[index + 1] == 0:
        return 0.0, 1.0, 0.0
    (_, sigma), (alpha_after, sigma_after) = (
        _variance_preserving(sigmas[index]),
        _variance_preserving(sigmas[index + 1]),
    )
    h = math.log(sigmas[index]) - math.log(sigmas[index + 1])
    carry, use = sigma_after / sigma, -alpha_after * math.expm1(-h)
    if first_order or h == 0:  # some schedules end with a step of no length
        return carry, use, 0.0
    ratio = (math.log(sigmas[index - 1]) - math.log(sigmas[index])) / h
    weight = 0.5 * use if solver_type == "midpoint" else alpha_after * (math.expm1(-h) / h + 1)
    return carry, use + weight / ratio, -weight / ratio


def _consistency(scheduler: Any) -> list[list[float]]:
    """Tabulate LCM, which jumps to a clean picture at each step and adds noise again, except at the last."""
    config = scheduler.config
    timesteps = [int(timestep) for timestep in scheduler.timesteps]
    rows = []
    for timestep, after in zip(timesteps, [*timesteps[1:], None], strict=True):
        alpha, sigma = _at(scheduler, timestep)
        keep, take = _denoised_preserving(config.prediction_type, alpha, sigma)
        scaled = timestep * config.timestep_scaling
        skip = 0.25 / (scaled**2 + 0.25)  # sigma_data is 0.5
        out = scaled / math.sqrt(scaled**2 + 0.25)
        alpha_after, sigma_after = (1.0, 0.0) if after is None else _at(scheduler, after)
        rows.append([1.0, timestep, out * keep + skip, out * take, 0.0, alpha_after, 0.0, sigma_after])
    return rows


def _at(scheduler: Any, timestep: int) -> tuple[float, float]:
    """Give alpha and sigma of the variance preserving process at a timestep."""
    product = float(scheduler.alphas_cumprod[timestep])
    return math.sqrt(product), math.sqrt(1 - product)


TABLES: dict[type, Callable[[Any], list[list[float]]]] = {
    EulerDiscreteScheduler: _euler,
    EulerAncestralDiscreteScheduler: _ancestral,
    DPMSolverMultistepScheduler: _multistep,
    LCMScheduler: _consistency,
}
