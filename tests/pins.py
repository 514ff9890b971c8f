"""The exact packages of each bento: all that its extras bring, each in the version of constraints.txt.

`python -m tests.pins` (`make pins`) writes them beside each bentofile.
"""

import importlib.metadata
import tomllib
from collections.abc import Iterable
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
SERVICES = ("upsampler", "generator", "judge", "orchestrator")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS: dict[str, tuple[str, ...]] = {name: (name, "tracing") for name in SERVICES} | {
    "upsampler": ("upsampler", "embedded", "tracing"),
    "orchestrator": ("orchestrator", "tracing", "traces"),
    "promptlift": ("embedded", "tracing", *SERVICES),
}
"""What each bento carries; `promptlift` is the all-in-one."""


def requirements_file(bento: str) -> Path:
    return ROOT / "requirements.txt" if bento == "promptlift" else ROOT / "services" / bento / "requirements.txt"


def direct(bento: str) -> list[str]:
    """Give the requirements that the project itself names for a bento."""
    extras = PROJECT["optional-dependencies"]
    return [*PROJECT["dependencies"], *(line for extra in EXTRAS[bento] for line in extras[extra])]


def pinned(bento: str) -> list[str]:
    """Give every package that a bento needs, directly or not, as `name==version`, in order.

    Left out is what constraints.txt leaves out: what torch's build for CUDA brings and pins itself.
    """
    versions = {}
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        name, separator, version = line.partition("==")
        if separator:
            versions[canonicalize_name(name)] = version
    found = sorted(_needed(Requirement(line) for line in direct(bento)))
    return [f"{name}=={versions[name]}" for name in found if name in versions]


def _needed(requirements: Iterable[Requirement]) -> set[str]:
    """Follow what the installed packages say that they need."""
    waiting, seen = list(requirements), set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if (name, frozenset(requirement.extras)) in seen:
            continue
        seen.add((name, frozenset(requirement.extras)))
        try:
            lines = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue  # for another platform than this one
        for line in lines:
            further = Requirement(line)
            wanted = ({"extra": extra} for extra in (*requirement.extras, ""))
            if further.marker is None or any(further.marker.evaluate(each) for each in wanted):
                waiting.append(further)
    return {name for name, _ in seen}


def written(bento: str) -> str:
    """Give the text of a bento's file."""
    extras = ", ".join(EXTRAS[bento])
    return "\n".join([f"# What {extras} of pyproject.toml need, as tried together: make pins", *pinned(bento), ""])


if __name__ == "__main__":
    for bento in EXTRAS:
        requirements_file(bento).write_text(written(bento))
