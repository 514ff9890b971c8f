"""One replica: its namespace, its container, and the thread that probes it as a kubelet does."""

import contextlib
import json
import os
import shutil
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.k8s.manifests import ROOT, Doc, Pod
from tests.k8s.podless import bundle
from tests.k8s.podless.nft import NODE

LOOK_SECONDS = 0.1


def run(*command: str, stdin: str | None = None, check: bool = True) -> str:
    """Run a program and give what it printed."""
    done = subprocess.run(command, input=stdin, text=True, capture_output=True, check=False)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}\n{stdin or ''}")
    return done.stdout


@dataclass
class Probes:
    """How often each probe failed in a row, and when it is next due."""

    began: float
    started: bool = False
    failures: dict[str, int] = field(default_factory=dict)
    due: dict[str, float] = field(default_factory=dict)

    def kinds(self) -> tuple[str, ...]:
        return ("livenessProbe", "readinessProbe") if self.started else ("startupProbe",)


@dataclass(frozen=True)
class Files:
    """What a container sees: the root of its image, or the project's own tree in the machine's root; and models."""

    models: Path
    image: Path | None = None


class Replica:
    """Use it through `Cluster`, which gives it its number, its rules and its end.

    Attributes:
        ready: whether it is among the endpoints of its Service.
        restarts: how often its container was started again.
    """

    def __init__(
        self, pod: Pod, number: int, state: Path, environment: list[str], changed: Callable[[], None], files: Files
    ) -> None:
        bundle.refuse_unknown(pod)
        self.pod, self.number, self.state = pod, number, state
        self.name = f"{pod.name}-{number}"
        self.ip, self.space = f"10.231.1.{number}", f"pl-{os.getpid()}-{number}"
        self.folder = state / self.name
        self.ready = self.leaving = False
        self.restarts = 0
        self._environment, self._changed, self._files = environment, changed, files
        self._connect()

    def start(self) -> None:
        """Run the container and begin to probe it."""
        self._launch()
        self._kubelet = threading.Thread(target=self._watch, name=self.name, daemon=True)
        self._kubelet.start()

    def runc(self, *words: str, check: bool = False) -> str:
        return run("runc", "--root", str(self.state / "runc"), *words, check=check)

    def kill(self) -> None:
        """End the container's first process at once, as when its memory is used up."""
        self.runc("kill", self.name, "KILL", check=True)

    def log(self) -> str:
        return (self.state / f"{self.name}.log").read_text(errors="replace")

    def delete(self) -> float:
        """Leave the endpoints, run preStop, then SIGTERM and, after the grace, SIGKILL; give the seconds it took."""
        began, self.leaving = time.monotonic(), True
        self._changed()
        time.sleep(self.pod.container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0))
        grace = self.pod.spec["terminationGracePeriodSeconds"] - (time.monotonic() - began)
        self._stop(grace)
        took = time.monotonic() - began
        self._kubelet.join()
        self._clean()
        run("ip", "netns", "del", self.space, check=False)
        return took

    def destroy(self) -> None:
        """Remove it without ceremony."""
        self.leaving = True
        self._stop(0)
        self._kubelet.join()
        self._clean()
        run("ip", "netns", "del", self.space, check=False)

    def _connect(self) -> None:
        cable = f"v{self.number}"
        run("ip", "netns", "add", self.space)
        run("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", self.space)
        run("ip", "link", "set", cable, "master", "pl0", "up")
        for words in (f"addr add {self.ip}/16 dev eth0", "link set eth0 up", "link set lo up"):
            run("ip", "-n", self.space, *words.split())
        run("ip", "-n", self.space, "route", "add", "default", "via", NODE)

    def _launch(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        for part in ("upper", "work", "root", "volumes"):
            (self.folder / part).mkdir(parents=True)
        for closed in _closed(Path(interpreter())) if self._files.image is None else ():
            # the interpreter may stand in root's home, which nobody else may enter; here they may
            (self.folder / "upper" / closed.relative_to("/")).mkdir(parents=True, mode=0o755, exist_ok=True)
        root = self.folder / "root"
        layers = f"lowerdir={self._files.image or '/'},upperdir={self.folder}/upper,workdir={self.folder}/work"
        run("mount", "-t", "overlay", "overlay", "-o", layers, str(root))
        binds = self._binds()
        for each in binds:  # a read-only root can grow no mount points
            (root / each["destination"].lstrip("/")).mkdir(parents=True, exist_ok=True)
        binds.append(bundle.bind("/etc/hosts", self.state / "hosts", read_only=True))
        from_image = self._files.image is not None
        process = {
            "args": bundle.command(self.pod, image=from_image),
            "env": self._environment,
            "cwd": bundle.BENTO if from_image else bundle.SOURCE,
        }
        config = bundle.configuration(self.pod, self.name, root, process, self.space, binds)
        (self.folder / "config.json").write_text(json.dumps(config))
        with (self.state / f"{self.name}.log").open("a") as log:
            command = ["runc", "--root", str(self.state / "runc"), "run", "-b", str(self.folder), self.name]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def _binds(self) -> list[Doc]:
        binds = [bundle.bind("/models", self._files.models, read_only=True)]
        if self._files.image is None:
            binds.append(bundle.bind(bundle.VENV, Path(os.path.realpath(ROOT / ".venv")), read_only=True))
            binds.append(bundle.bind(bundle.SOURCE, ROOT, read_only=True))
        for mount in self.pod.container["volumeMounts"]:
            outside = self.folder / "volumes" / mount["name"]
            outside.mkdir()
            os.chown(outside, 0, self.pod.spec["securityContext"]["fsGroup"])
            outside.chmod(0o2775)  # as kubelet leaves an emptyDir
            binds.append(bundle.bind(mount["mountPath"], outside, read_only=mount.get("readOnly", False)))
        return binds

    def _watch(self) -> None:
        probes = Probes(time.monotonic())
        while not self.leaving:
            if self._process.poll() is not None or self._probe_failed(probes):
                self._restart()
                probes = Probes(time.monotonic())
            time.sleep(LOOK_SECONDS)

    def _probe_failed(self, probes: Probes) -> bool:
        """Ask the probes that are due, and tell whether the container must be started again."""
        for kind in probes.kinds():
            probe = self.pod.container[kind]
            if time.monotonic() < probes.due.get(kind, 0):
                continue
            probes.due[kind] = time.monotonic() + probe.get("periodSeconds", 10)
            passed = self._asked(probe)
            probes.failures[kind] = 0 if passed else probes.failures.get(kind, 0) + 1
            spent = probes.failures[kind] >= probe.get("failureThreshold", 3)
            if kind == "startupProbe" and passed:
                probes.started = True
            elif kind == "readinessProbe":
                self._turn(ready=passed or (self.ready and not spent))
            elif spent:
                self._stop(self.pod.spec["terminationGracePeriodSeconds"])
                return True
        return False

    def _asked(self, probe: Doc) -> bool:
        http = probe["httpGet"]
        url = f"http://{self.ip}:{self.pod.port(http['port'])}{http['path']}"
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=probe.get("timeoutSeconds", 1)) as said:
            return bool(200 <= said.status < 400)
        return False

    def _turn(self, *, ready: bool) -> None:
        if ready != self.ready:
            self.ready = ready
            self._changed()

    def _restart(self) -> None:
        if self.leaving:
            return
        self.restarts += 1
        self._turn(ready=False)
        self._clean()
        self._launch()

    def _stop(self, grace: float) -> None:
        self.runc("kill", self.name, "TERM" if grace else "KILL")
        try:
            self._process.wait(grace or 30)
        except subprocess.TimeoutExpired:
            self.runc("kill", self.name, "KILL")
            self._process.wait()

    def _clean(self) -> None:
        self.runc("delete", "-f", self.name)
        run("umount", str(self.folder / "root"), check=False)


def interpreter() -> str:
    """Find the interpreter that the virtual environment leads to."""
    return os.path.realpath(ROOT / ".venv" / "bin" / "python")


def _closed(path: Path) -> list[Path]:
    """Give the folders on the way to a path that only their owner may enter."""
    return [folder for folder in reversed(path.parents) if not folder.stat().st_mode & 0o001]
