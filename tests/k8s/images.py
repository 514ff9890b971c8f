"""Builds the images of the small services out of their bentos, with buildah: `python -m tests.k8s.images`.

It needs no daemon, but a base image, which an ordinary machine pulls. The generator's image would bring gigabytes of
CUDA; it is made in the same way.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.k8s.manifests import ROOT

BASE = "localhost/python:3.11-slim"
"""What `python:3.11-slim` in a bento's Dockerfile is taken for."""
SMALL = ("upsampler", "judge", "orchestrator")


def run(*command: str, **variables: str) -> str:
    """Run a program in the project's folder and give what it printed.

    Raises:
        RuntimeError: it failed.
    """
    done = subprocess.run(command, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr[-3000:]}")
    return done.stdout.strip()


def tag(name: str) -> str:
    return f"localhost/promptlift-{name}:test"


def missing() -> str | None:
    """Say what keeps images from being used here, if anything does."""
    if not shutil.which("buildah"):
        return "images need a builder: apt-get install buildah"
    for name in (BASE, *map(tag, SMALL)):
        if subprocess.run(["buildah", "inspect", "--type", "image", name], capture_output=True).returncode:
            return f"there is no image {name}: buildah pull python:3.11-slim, tag it {BASE}, and make test-images"
    return None


def build(name: str) -> None:
    """Build one bento, and its image by its own Dockerfile."""
    with tempfile.TemporaryDirectory() as home:
        shown = run(
            *(
                sys.executable,
                "-m",
                "bentoml",
                "build",
                "-f",
                f"services/{name}/bentofile.yaml",
                "--output",
                "tag",
                ".",
            ),
            BENTOML_HOME=home,
            BENTOML_DO_NOT_TRACK="True",
        )
        bento = Path(home, "bentos", *shown.rpartition("__tag__:")[2].split(":"))
        options = ("--pull-never", "--isolation", "chroot", "--network", "host", "--layers")
        run("buildah", "bud", *options, "-f", str(bento / "env" / "docker" / "Dockerfile"), "-t", tag(name), str(bento))


if __name__ == "__main__":
    for service in SMALL if shutil.which("buildah") else ():
        build(service)
