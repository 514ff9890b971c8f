"""The whole job: upsample, paint both arms in one batch, judge each picture, compare."""

import asyncio
import secrets
from collections.abc import Sequence
from typing import Protocol

from promptlift.contracts import (
    MAX_SEED,
    Arm,
    CompareRequest,
    Comparison,
    CreateRequest,
    Creation,
    GenerateRequest,
    GenerateResult,
    Judgement,
    JudgeRequest,
    Picture,
    UpsampleRequest,
    Upsampling,
)
from promptlift.errors import of_problem
from services.errors import ServiceError, from_client
from services.orchestrator.job import Job
from services.orchestrator.negative_prompt import negative_prompt, stock
from services.orchestrator.ranking import best


class Services(Protocol):
    """The three services, wherever they run. Each call raises `ServiceError` when it has no answer."""

    async def upsample(self, request: UpsampleRequest) -> Upsampling:
        """Give the prompt to paint."""

    async def generate(self, requests: list[GenerateRequest], timeout: float) -> list[GenerateResult]:
        """Paint a batch."""

    async def judge(self, request: JudgeRequest) -> Judgement:
        """Judge a picture."""

    async def compare(self, request: CompareRequest) -> Comparison:
        """Compare two pictures."""


async def create(request: CreateRequest, services: Services, job: Job, upsample_timeout: float) -> Creation:
    """Make pictures of a prompt, each judged against the user's own words.

    A picture never fails because of its helpers: without an upsampler the base prompt is painted, without a judge the
    pictures come without a score, and a warning says so.

    Raises:
        ServiceError: there is no picture at all.
    """
    upsampling = await _upsample(request, services, job, upsample_timeout) if request.upsample else None
    pictures = await _generate(request, upsampling, services, job)
    comparison = None
    if request.judge:
        pictures, comparison = await asyncio.gather(
            _judge(request, pictures, services, job), _compare(request, pictures, services, job)
        )
    return Creation(
        prompt=request.prompt,
        upsampling=upsampling,
        pictures=tuple(pictures),
        best=best(pictures),
        comparison=comparison,
        warnings=tuple(job.warnings),
        timings=tuple(job.timings),
        seconds=job.seconds,
    )


async def _upsample(request: CreateRequest, services: Services, job: Job, at_most: float) -> Upsampling | None:
    with job.stage("upsample"):
        try:
            asked = UpsampleRequest(prompt=request.prompt, seed=request.seed, timeout=job.left(at_most))
            upsampling = await services.upsample(asked)
        except ServiceError as error:
            job.warn(f"the base prompt is painted: {error.message}")
            return None
    if upsampling.fallback:
        job.warn(f"the base prompt is painted: {upsampling.reason}")
    return upsampling


def arms(request: CreateRequest, upsampling: Upsampling | None) -> list[tuple[Arm, str]]:
    """Give the prompts to paint, the base prompt before the upsampled one."""
    wanted: list[tuple[Arm, str]] = []
    upsampled = upsampling is not None and not upsampling.fallback
    if request.compare or not upsampled:
        wanted.append(("base", request.prompt))
    if upsampling is not None and upsampled:
        wanted.append(("upsampled", upsampling.prompt))
    return wanted


async def _generate(
    request: CreateRequest, upsampling: Upsampling | None, services: Services, job: Job
) -> list[Picture]:
    """Paint all arms with the same seeds in one batch."""
    first = secrets.randbelow(MAX_SEED + 1) if request.seed is None else request.seed
    negative = negative_prompt(
        request.prompt, request.negative_prompt, stock() if request.stock_negative_prompt else ()
    )
    with job.stage("generate"):
        orders = [
            (arm, _order(request, prompt, negative, (first + offset) % (MAX_SEED + 1)))
            for arm, prompt in arms(request, upsampling)
            for offset in range(request.n)
        ]
        try:
            results = await services.generate([order for _, order in orders], job.left())
        except ServiceError:
            job.left()  # out of time is the reason to name, if it is one
            raise
    return _painted([arm for arm, _ in orders], results, job)


def _order(request: CreateRequest, prompt: str, negative: str, seed: int) -> GenerateRequest:
    return GenerateRequest(
        prompt=prompt,
        negative_prompt=negative,
        width=request.width,
        height=request.height,
        steps=request.steps,
        guidance=request.guidance,
        seed=seed,
        format=request.format,
    )


def _painted(wanted: Sequence[Arm], results: Sequence[GenerateResult], job: Job) -> list[Picture]:
    """Keep the pictures that there are.

    Raises:
        ServiceError: there is none.
    """
    pictures = []
    problems = []
    for arm, result in zip(wanted, results, strict=True):
        if result.picture is not None:
            pictures.append(Picture(arm=arm, generated=result.picture))
            for warning in result.picture.warnings:
                job.warn(warning)
        elif result.error is not None:
            problems.append(result.error)
            job.warn(f"a picture of the {arm} prompt is missing: {result.error.message}")
    if not pictures:
        raise from_client(of_problem(problems[0]), "generator")
    return pictures


async def _judge(request: CreateRequest, pictures: Sequence[Picture], services: Services, job: Job) -> list[Picture]:
    """Judge each picture against the user's own prompt; the judge never learns which arm it came from."""

    async def judged(picture: Picture) -> Picture:
        image = picture.generated.image
        try:
            asked = JudgeRequest(
                prompt=request.prompt,
                image=image,
                mode=request.judge_mode,
                samples=request.judge_samples,
                seed=request.judge_seed,
                timeout=job.left(),
            )
            judgement = await services.judge(asked)
        except ServiceError as error:
            judgement = Judgement(status="unavailable", reason=error.message, model="none", rubric_version="none")
        if judgement.status != "ok":
            job.warn(f"a picture has no score: {judgement.reason}")
        return picture.model_copy(update={"judgement": judgement})

    with job.stage("judge"):
        return await asyncio.gather(*(judged(picture) for picture in pictures))


async def _compare(
    request: CreateRequest, pictures: Sequence[Picture], services: Services, job: Job
) -> Comparison | None:
    """Compare the first picture of each arm, if both arms have one."""
    first = {picture.arm: picture.generated.image for picture in reversed(pictures)}
    if not request.compare or len(first) < 2:
        return None
    with job.stage("compare"):
        try:
            return await services.compare(
                CompareRequest(
                    prompt=request.prompt,
                    first=first["base"],
                    second=first["upsampled"],
                    seed=request.judge_seed,
                    timeout=job.left(),
                )
            )
        except ServiceError as error:
            return Comparison(status="unavailable", reason=error.message, model="none", rubric_version="none")
