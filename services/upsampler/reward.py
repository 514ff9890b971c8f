"""What a prompt's picture is worth: painted by the generator, judged against the user's own words by the judge."""

import logging

from promptlift import Client, PromptliftError

log = logging.getLogger("promptlift.upsampler")


class Painted:
    """Paints a prompt and has it judged, each by a running service."""

    def __init__(self, generator: Client, judge: Client, seed: int = 0) -> None:
        """Take clients of both; `seed` is that of every picture, so that prompts are compared and not luck."""
        self._generator = generator
        self._judge = judge
        self._seed = seed

    def __call__(self, base: str, prompt: str) -> float | None:
        """Give the judge's score in [0, 1] of the prompt's picture against the base prompt, or None without one."""
        try:
            painted = self._generator.generate(prompt=prompt, seed=self._seed)
            judgement = self._judge.judge(prompt=base, image=painted.image)
        except PromptliftError as error:
            log.warning("a picture has no reward: %s", error)
            return None
        if judgement.score is None:
            log.warning("a picture has no reward: %s", judgement.reason)
        return judgement.score
