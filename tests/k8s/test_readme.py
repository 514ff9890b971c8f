"""What k8s/README.md says is so, as far as no cluster is needed to see it."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml

from promptlift import endpoints
from promptlift.contracts import CreateRequest
from tests.k8s import manifests
from tests.k8s.manifests import K8S, OVERLAYS, ROOT, kubectl, label, of, pods
from tests.k8s.mistakes import INVALID, UNFIT
from tests.k8s.rules import settings
from tests.k8s.rules.references import SECRET, SECRET_KEYS
from tests.k8s.test_manifests import COMPONENTS

TEXT = (K8S / "README.md").read_text()
BLOCKS = [(language, code) for language, code in re.findall(r"```(\w+)\n(.*?)```", TEXT, re.S)]
LINES = [
    line.strip()
    for language, code in BLOCKS
    if language == "sh"
    for line in code.replace("\\\n", " ").splitlines()
    if line.strip()
]
INLINE = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", TEXT, flags=re.S))
PASSING = ("kubectl create secret", "kubectl rollout status", "kubectl wait --for=condition=Available")
"""Named without what they are to act on."""
COMMANDS = [
    line
    for line in [*LINES, *INLINE]
    if line.startswith("kubectl ") and line not in PASSING and "kustomize" not in line
]


def table(head: str) -> set[str]:
    """Give the first column of the table whose head begins so."""
    rows = TEXT[TEXT.index(head) :].split("\n\n")[0].splitlines()[2:]
    return {row.split("|")[1].strip(" `") for row in rows}


@pytest.mark.parametrize("command", COMMANDS)
def test_kubectl_understands_every_command_and_only_misses_the_cluster(command: str) -> None:
    words = [kubectl(), "--server=http://127.0.0.1:9", "--request-timeout=2s", *shlex.split(command)[1:]]

    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode != 0
    assert "127.0.0.1:9" in done.stderr, done.stderr


def test_what_the_commands_name_is_in_the_manifests() -> None:
    docs = manifests.overlay("production")
    known = {label(doc).lower() for doc in [*docs, *manifests.combined(("tracing/in-cluster",))]}

    for command in COMMANDS:
        for name in re.findall(r"\b(?:deployment|job|service|scaledobject)/[\w-]+", command):
            assert name in known, command
        for path in re.findall(r"-k (\S+)", command):
            assert (ROOT / path / "kustomization.yaml").exists(), command
        for namespace in re.findall(r"-n (\S+)", command):
            assert namespace == "promptlift", command
        for item in re.findall(r"name=(\w+)", command):
            assert item in {pod.name for pod in pods(docs)}, command


def test_what_the_commands_render_is_an_overlay() -> None:
    rendered = re.findall(r"kubectl kustomize k8s/overlays/(\w+)", "\n".join(LINES))

    assert rendered
    assert set(rendered) <= set(OVERLAYS)


def test_every_make_target_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.M))

    asked = {word for line in [*LINES, *INLINE] for word in re.findall(r"\bmake ([a-z][\w-]*)", line)}
    assert asked
    assert asked <= targets


def test_the_tables_list_what_there_is() -> None:
    assert table("| overlay |") == set(OVERLAYS)
    assert table("| component |") == COMPONENTS
    assert table("| key |") == SECRET_KEYS


def test_the_images_that_are_loaded_are_those_of_the_laptop() -> None:
    [load] = [line for line in LINES if line.startswith("kind load")]

    assert set(load.split()[3:]) == {pod.container["image"] for pod in pods(manifests.overlay("laptop"))}


def test_the_first_call_is_one_that_the_orchestrator_takes() -> None:
    [call] = [line for line in LINES if line.startswith("curl")]
    words = shlex.split(call)

    assert words[2] == f"localhost:3000{endpoints.CREATE.path}"
    assert CreateRequest.model_validate_json(words[words.index("-d") + 1])


def test_the_secret_is_made_as_the_manifests_name_it() -> None:
    [create] = [line for line in LINES if "create secret" in line]

    assert f"create secret generic {SECRET} " in create
    assert set(re.findall(r"--from-literal=([\w-]+)=", create)) <= SECRET_KEYS


def test_every_setting_that_is_named_is_one() -> None:
    known = {name for service in settings.SETTINGS for name in settings.known(service)}
    named = {word for word in re.findall(r"\b[A-Z]+_[A-Z_]+[A-Z]\b", TEXT)}

    assert {name for name in named if name.split("_")[0].lower() in settings.SETTINGS} <= known


def test_the_settings_in_the_examples_are_taken_by_the_code() -> None:
    for language, code in BLOCKS:
        if language == "yaml":
            for entry in yaml.safe_load(code)["configMapGenerator"]:
                assert {line.split("=")[0] for line in entry["literals"]} <= set(settings.known(entry["name"]))


def test_python_examples_compile() -> None:
    examples = [code for language, code in BLOCKS if language == "python"]

    assert examples
    for code in examples:
        compile(code, "README.md", "exec")  # raises a SyntaxError


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (K8S / target).exists(), target


def test_the_numbers_are_those_of_the_manifests() -> None:
    docs = manifests.combined(("scale-to-zero",), base=Path(K8S / "overlays" / "production"))
    [scaled] = of(docs, "ScaledObject")
    down = scaled["spec"]["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]["scaleDown"]
    orchestrator = next(pod for pod in pods(docs) if pod.name == "orchestrator").environment(docs)

    assert (down["stabilizationWindowSeconds"], down["policies"][0]["periodSeconds"]) == (600, 120)
    assert scaled["spec"]["cooldownPeriod"] == 1800  # half an hour
    assert f"up to {orchestrator['ORCHESTRATOR_GENERATOR_WAIT']} s" in TEXT
    assert f"{orchestrator['ORCHESTRATOR_TIMEOUT']} s with `scale-to-zero`" in TEXT
    assert f"each of {len(INVALID) + len(UNFIT)} planted mistakes" in TEXT
