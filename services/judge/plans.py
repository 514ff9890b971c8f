"""Plans that are made once: kept in memory and in the store, and shared by requests that want the same one together.

Two pictures of one prompt are then judged by the same facts; by facts of its own, each would be judged differently.
"""

import asyncio
from collections import OrderedDict

from pydantic import TypeAdapter

from promptlift.contracts import Fact
from services.judge.eyes import Planner
from services.judge.store import Store, key

Plan = tuple[Fact, ...]

MOST_PLANS = 1_000
"""Kept in memory, at some kilobytes each."""
PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)


class RememberedPlanner:
    """Plans each prompt once.

    Attributes:
        version: names what a plan depends on besides its prompt.
    """

    def __init__(self, planner: Planner, store: Store) -> None:
        self.version = planner.version
        self._planner = planner
        self._store = store
        self._plans: OrderedDict[str, Plan] = OrderedDict()
        self._flights: dict[str, _Flight] = {}

    async def plan(self, prompt: str) -> Plan:
        """Give the plan that there is, wait for the one that is being made, or make it."""
        if prompt in self._plans:
            self._plans.move_to_end(prompt)
            return self._plans[prompt]
        flight = self._flights.get(prompt)
        if flight is None:
            flight = self._flights[prompt] = _Flight(asyncio.ensure_future(self._make(prompt)))
        try:
            return await flight.join()
        finally:
            if not flight.waiting:  # the last one to go, with the plan or without it
                del self._flights[prompt]
                flight.task.cancel()

    async def _make(self, prompt: str) -> Plan:
        name = key(plan=prompt, version=self.version)
        kept = await self._store.get(name)
        if kept is None:
            made = tuple(await self._planner.plan(prompt))
            kept = await self._store.keep(name, PLAN.dump_json(made).decode())
        plan = self._plans[prompt] = PLAN.validate_json(kept)
        if len(self._plans) > MOST_PLANS:
            self._plans.popitem(last=False)
        return plan


class _Flight:
    """A plan in the making, and how many wait for it."""

    def __init__(self, task: asyncio.Future[Plan]) -> None:
        self.task = task
        self.waiting = 0

    async def join(self) -> Plan:
        self.waiting += 1
        try:
            return await asyncio.shield(self.task)  # one that leaves does not take the plan away from the others
        finally:
            self.waiting -= 1
