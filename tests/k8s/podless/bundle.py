"""A pod template as runc's configuration: user, capabilities, environment, mounts, memory."""

from pathlib import Path

from tests.k8s.manifests import Doc, Docs, Pod, named

UNITS = {"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30}
BENTO = "/home/bentoml/bento"
SOURCE = f"{BENTO}/src"
VENV = "/app/.venv"
KERNEL = [
    {"destination": "/proc", "type": "proc", "source": "proc"},
    {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755", "size=65536k"]},
    {"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": ["mode=1777"]},
    {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["ro"]},
]
KNOWN = {
    "args",
    "env",
    "envFrom",
    "image",
    "imagePullPolicy",
    "lifecycle",
    "livenessProbe",
    "name",
    "ports",
    "readinessProbe",
    "resources",
    "securityContext",
    "startupProbe",
    "volumeMounts",
}


def refuse_unknown(pod: Pod) -> None:
    """Stop at what would be ignored, so that a test never proves less than it says.

    Raises:
        NotImplementedError: there is something.
    """
    if unknown := set(pod.container) - KNOWN:
        raise NotImplementedError(f"{pod.name}: {sorted(unknown)}")
    if pod.spec.get("initContainers"):
        raise NotImplementedError(f"{pod.name}: init containers")


def environment(pod: Pod, docs: Docs) -> list[str]:
    """Give the variables, without one for each Service.

    Raises:
        LookupError: one comes out of a Secret that is not there, and must.
    """
    fixed = {
        "PATH": f"{VENV}/bin:/usr/local/bin:/usr/bin:/bin",
        "BENTO_PATH": BENTO,
        "PYTHONPATH": f"{SOURCE}/clients:{SOURCE}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "BENTOML_CONTAINERIZED": "true",
    }
    given = {name: value for name, value in pod.environment(docs).items() if value is not None}
    for entry in pod.container.get("env", []):
        secret = entry.get("valueFrom", {}).get("secretKeyRef")
        if secret and not secret.get("optional") and not named(docs, "Secret", secret["name"]):
            raise LookupError(f"{pod.name}: there is no Secret {secret['name']}")
    return [f"{name}={value}" for name, value in (fixed | given).items()]


def command(pod: Pod, *, image: bool) -> list[str]:
    """Start an image by its entry point; without one, do the same to the project's own tree."""
    if image:
        return [f"{BENTO}/env/docker/entrypoint.sh", *pod.container["args"]]
    verb, *options = pod.container["args"]
    service = pod.container["image"].rpartition("promptlift-")[2].partition(":")[0]
    entry = f"services.{service}.service:{service.capitalize()}"
    return [f"{VENV}/bin/python", "-m", "bentoml", verb, entry, "--working-dir", SOURCE, "--port", "3000", *options]


def bind(inside: str, outside: Path, *, read_only: bool) -> Doc:
    options = ["rbind", "ro" if read_only else "rw"]
    return {"destination": inside, "type": "bind", "source": str(outside), "options": options}


def configuration(pod: Pod, name: str, root: Path, process: Doc, space: str, binds: list[Doc]) -> Doc:
    """Translate the fields that change what a process may do; the container's own win over the pod's.

    `process` says what is run, with which variables and where.
    """
    security = {**pod.spec.get("securityContext", {}), **pod.container.get("securityContext", {})}
    kept = [] if "ALL" in security.get("capabilities", {}).get("drop", []) else ["CAP_NET_BIND_SERVICE"]
    memory = pod.container["resources"]["limits"]["memory"]
    return {
        "ociVersion": "1.0.2",
        "hostname": name,
        "root": {"path": str(root), "readonly": security.get("readOnlyRootFilesystem", False)},
        "mounts": KERNEL + binds,
        "process": {
            "user": {"uid": security.get("runAsUser", 0), "gid": security.get("runAsGroup", 0)},
            **process,
            "noNewPrivileges": not security.get("allowPrivilegeEscalation", True),
            "capabilities": {kind: kept for kind in ("bounding", "effective", "permitted")},
        },
        "linux": {
            "namespaces": [{"type": kind} for kind in ("pid", "ipc", "uts", "mount")]
            + [{"type": "network", "path": f"/run/netns/{space}"}],
            "resources": {"memory": {"limit": int(memory[:-2]) * UNITS[memory[-2:]]}},
            "maskedPaths": ["/proc/kcore"],
            "readonlyPaths": ["/proc/sys"],
        },
    }
