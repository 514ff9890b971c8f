"""Hand-written stand-ins for the three services behind the orchestrator."""

import asyncio
from dataclasses import dataclass, field

from promptlift.contracts import (
    CompareRequest,
    Comparison,
    GeneratedImage,
    GenerateRequest,
    GenerateResult,
    Judgement,
    JudgeRequest,
    Problem,
    Tokens,
    TokenUse,
    UpsampleRequest,
    Upsampling,
    Usage,
)
from services.errors import ServiceError
from tests.pictures import plain


def upsampling(prompt: str = "a", seed: int = 0, reason: str | None = None) -> Upsampling:
    return Upsampling(
        base_prompt=prompt,
        corrected_prompt=prompt,
        prompt=prompt if reason else f"{prompt}, in soft light",
        mode="faithful",
        constraints=(),
        tokens=Tokens(clip_l=5, clip_g=5),
        budget=75,
        negative_prompt="",
        attempts=1,
        model="fake",
        seed=seed,
        prompt_version="1",
        usage=Usage(calls=1, input_tokens=11, output_tokens=7),
        fallback=reason is not None,
        reason=reason,
    )


def generated(prompt: str = "a", seed: int = 0) -> GeneratedImage:
    return GeneratedImage(
        image=plain(),
        prompt=prompt,
        negative_prompt="",
        width=32,
        height=32,
        steps=4,
        guidance=5.0,
        seed=seed,
        model="fake",
        tokens=TokenUse(used=1, cut=0, chunks=1),
        batch_size=1.0,
        queue_seconds=0.0,
        compute_seconds=0.1,
    )


def judged(score: float | None) -> Judgement:
    if score is None:
        return Judgement(status="unavailable", reason="no eyes", model="fake", rubric_version="1")
    verdict = "correct" if score > 0.5 else "incorrect"
    return Judgement(status="ok", score=score, verdict=verdict, model="fake", rubric_version="1")


@dataclass
class FakeServices:
    """Answers at once, remembers what it was asked, and fails where it is told to."""

    scores: list[float | None] = field(default_factory=lambda: [0.9])
    upsampler_error: ServiceError | None = None
    generator_error: ServiceError | None = None
    judge_error: ServiceError | None = None
    missing: frozenset[int] = frozenset()
    fallback: str | None = None
    slow: float = 0.0
    upsampled: list[UpsampleRequest] = field(default_factory=list)
    painted: list[GenerateRequest] = field(default_factory=list)
    looked_at: list[JudgeRequest] = field(default_factory=list)
    compared: list[CompareRequest] = field(default_factory=list)

    async def upsample(self, request: UpsampleRequest) -> Upsampling:
        self.upsampled.append(request)
        await asyncio.sleep(self.slow)
        if self.upsampler_error:
            raise self.upsampler_error
        return upsampling(request.prompt, request.seed or 0, self.fallback)

    async def generate(self, requests: list[GenerateRequest], timeout: float) -> list[GenerateResult]:
        self.painted.extend(requests)
        if self.generator_error:
            raise self.generator_error
        problem = Problem(code="failed", message="the brush broke")
        return [
            GenerateResult(error=problem)
            if index in self.missing
            else GenerateResult(picture=generated(request.prompt, request.seed or 0))
            for index, request in enumerate(requests)
        ]

    async def judge(self, request: JudgeRequest) -> Judgement:
        self.looked_at.append(request)
        if self.judge_error:
            raise self.judge_error
        return judged(self.scores[(len(self.looked_at) - 1) % len(self.scores)])

    async def compare(self, request: CompareRequest) -> Comparison:
        self.compared.append(request)
        if self.judge_error:
            raise self.judge_error
        return Comparison(
            status="ok", winner="second", consistent=True, position_bias=0, model="fake", rubric_version="1"
        )
