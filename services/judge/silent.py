"""The judge that has nothing to look with, and says so instead of inventing a score."""

from dataclasses import dataclass

from promptlift.contracts import CompareRequest, Comparison, Judgement, JudgeRequest


@dataclass(frozen=True)
class Silent:
    """Answers every request with the status `unavailable` and the reason."""

    reason: str
    version: str

    async def judge(self, request: JudgeRequest) -> Judgement:
        """Give no opinion."""
        return Judgement(status="unavailable", reason=self.reason, model="none", rubric_version=self.version)

    async def compare(self, request: CompareRequest) -> Comparison:
        """Give no opinion."""
        return Comparison(status="unavailable", reason=self.reason, model="none", rubric_version=self.version)
