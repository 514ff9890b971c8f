"""The pipeline that all peers share, and how each of them calls it."""

import argparse
import base64
import io
from collections import defaultdict
from typing import Any

import torch
from diffusers import StableDiffusionXLPipeline


def options() -> argparse.Namespace:
    """Read how a peer is started."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--port", type=int, required=True)
    return parser.parse_args()


def load(model: str, threads: int) -> Any:
    """Load the model as any user of diffusers would."""
    torch.set_num_threads(threads)
    pipeline: Any = StableDiffusionXLPipeline
    pipeline = pipeline.from_pretrained(model)
    pipeline.set_progress_bar_config(disable=True)
    paint(pipeline, [{"prompt": "warm up", "steps": 2, "guidance": 5.0, "seed": 0}])
    return pipeline


def paint(pipeline: Any, requests: list[dict[str, Any]]) -> list[str]:
    """Paint requests, one call of the pipeline for each group with the same steps and guidance; PNGs in base64."""
    groups: dict[tuple[int, float], list[int]] = defaultdict(list)
    for index, request in enumerate(requests):
        groups[request["steps"], request["guidance"]].append(index)
    painted: dict[int, str] = {}
    for (steps, guidance), indices in groups.items():
        pictures = pipeline(
            prompt=[requests[index]["prompt"] for index in indices],
            num_inference_steps=steps,
            guidance_scale=guidance,
            generator=[torch.Generator("cpu").manual_seed(requests[index]["seed"]) for index in indices],
        ).images
        for index, picture in zip(indices, pictures, strict=True):
            painted[index] = _encoded(picture)
    return [painted[index] for index in range(len(requests))]


def _encoded(picture: Any) -> str:
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", compress_level=1)
    return base64.b64encode(buffer.getvalue()).decode()
