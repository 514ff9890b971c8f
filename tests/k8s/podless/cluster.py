"""The rendered documents, the replicas that run from them, and the network between them."""

import contextlib
import itertools
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.k8s.manifests import Docs, Pod, of
from tests.k8s.podless import bundle
from tests.k8s.podless.nft import NODE, SERVICES, policy_rules, service_rules
from tests.k8s.podless.replica import Files, Replica, run

TOOLS = ("runc", "nft", "ip", "mount", "umount")


def require() -> None:
    """Skip the test where pods can't be run, and say what is missing."""
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        pytest.skip(f"pods need {', '.join(missing)}: apt-get install runc nftables iproute2")
    if os.geteuid() != 0:
        pytest.skip("pods need root")
    if subprocess.run(["ip", "-4", "-o", "addr", "show", "scope", "global"], capture_output=True).stdout:
        pytest.skip("pods need a network of their own: make test-k8s")


class Cluster:
    """Use as a context manager; `state` keeps the logs, `images` holds the roots of the images that there are."""

    def __init__(self, docs: Docs, state: Path, models: Path, images: Mapping[str, Path] | None = None) -> None:
        self.docs, self.state, self.models, self.images = docs, state, models, images or {}
        self.replicas: list[Replica] = []
        self.addresses = {doc["metadata"]["name"]: f"{SERVICES}.0.{n}" for n, doc in enumerate(of(docs, "Service"), 1)}
        self._services = {self.addresses[doc["metadata"]["name"]]: doc for doc in of(docs, "Service")}
        self._numbers = itertools.count(2)
        self._lock = threading.RLock()

    def __enter__(self) -> "Cluster":
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", "pl0", "type", "bridge")
        run("ip", "addr", "add", f"{NODE}/16", "dev", "pl0")
        run("ip", "link", "set", "pl0", "up")
        run("ip", "route", "add", f"{SERVICES}.0.0/16", "dev", "pl0")
        hosts = ["127.0.0.1 localhost", *(f"{address} {name}" for name, address in self.addresses.items())]
        (self.state / "hosts").write_text("\n".join(hosts) + "\n")
        for doc in of(self.docs, "Deployment"):
            self.scale(doc["metadata"]["name"], doc["spec"].get("replicas", 1))
        return self

    def __exit__(self, *_: object) -> None:
        for replica in list(self.replicas):
            replica.destroy()
        run("ip", "link", "del", "pl0")

    def url(self, service: str) -> str:
        return f"http://{self.addresses[service]}:3000"

    def of(self, name: str) -> list[Replica]:
        """Give the replicas of a Deployment that are not on their way out."""
        return [replica for replica in self.replicas if replica.pod.name == name and not replica.leaving]

    def add(self, name: str) -> Replica:
        """Start one more replica."""
        [pod] = [Pod(doc) for doc in of(self.docs, "Deployment") if doc["metadata"]["name"] == name]
        variables = bundle.environment(pod, self.docs)
        files = Files(self.models, self.images.get(name))
        replica = Replica(pod, next(self._numbers), self.state, variables, self.sync, files)
        with self._lock:
            self.replicas.append(replica)
        self.sync()  # the policies are in force before the first process runs
        replica.start()
        return replica

    def remove(self, replica: Replica) -> float:
        """Delete a replica in all form, and give the seconds that it took."""
        took = replica.delete()
        with self._lock:
            self.replicas.remove(replica)
        self.sync()
        return took

    def scale(self, name: str, count: int) -> None:
        """Start or delete replicas until there are so many."""
        while len(self.of(name)) < count:
            self.add(name)
        leaving = self.of(name)[count:]
        with ThreadPoolExecutor(len(leaving) or 1) as pool:
            list(pool.map(self.remove, leaving))

    def roll(self, name: str) -> None:
        """Replace every replica, as far at once as the Deployment's strategy allows: one."""
        [doc] = [doc for doc in of(self.docs, "Deployment") if doc["metadata"]["name"] == name]
        surge = doc["spec"]["strategy"]["rollingUpdate"]["maxSurge"]
        for old in self.of(name):
            if surge:
                self.wait([self.add(name)])
                self.remove(old)
            else:
                # the new pod starts when the old one is gone: until then it holds the GPU
                self.remove(old)
                self.wait([self.add(name)])

    def wait(self, replicas: list[Replica] | None = None, seconds: float = 180.0) -> None:
        """Wait until replicas (all) are ready.

        Raises:
            TimeoutError: one is not, with the end of its log.
        """
        end = time.monotonic() + seconds
        for replica in replicas or list(self.replicas):
            while not replica.ready:
                if time.monotonic() > end:
                    raise TimeoutError(f"{replica.name} is not ready: {replica.log()[-2000:]}")
                time.sleep(0.1)

    def sync(self) -> None:
        """Write the rules of every namespace, by the present replicas."""
        with self._lock:
            present = list(self.replicas)
            services = service_rules(self._services, present)
            run("nft", "-f", "-", stdin=services)
            policies = list(of(self.docs, "NetworkPolicy"))
            for replica in present:
                rules = services + policy_rules(policies, replica, present)
                with self._unless_gone(replica):
                    run("nsenter", f"--net=/run/netns/{replica.space}", "nft", "-f", "-", stdin=rules)

    @contextlib.contextmanager
    def _unless_gone(self, replica: Replica) -> Iterator[None]:
        try:
            yield
        except RuntimeError:
            if not replica.leaving:
                raise
