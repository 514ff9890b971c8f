"""The default way of judging: take the prompt apart, look for each fact, and let code decide; with any eyes."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.judge.eyes import Eyes, Planner
from services.judge.pictures import Prepared
from services.judge.ruling import Ruling, rule
from services.judge.together import together


@dataclass(frozen=True)
class Checklist:
    """Judges pictures by the facts of their prompts."""

    planner: Planner
    eyes: Eyes

    async def judge(self, prompt: str, picture: Prepared, seeds: Sequence[int]) -> Ruling:
        """Look once with each seed for every fact of the prompt.

        Raises:
            NoOpinion: there is no plan, or not every look says something.
        """
        facts = await self.planner.plan(prompt)
        looks = await together(*(self.eyes.look(picture, facts, seed) for seed in seeds))
        return rule(prompt, facts, looks)
