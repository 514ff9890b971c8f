"""Mistakes that somebody could make in the manifests, each planted alone."""

import copy
from collections.abc import Callable
from dataclasses import dataclass

from tests.k8s.manifests import Doc, Docs


@dataclass(frozen=True)
class Mistake:
    """One change to the first document of a kind whose name starts with `target`."""

    name: str
    kind: str
    target: str
    change: Callable[[Doc], object]

    def plant(self, docs: Docs) -> Docs:
        """Give a copy of the documents that has the mistake.

        Raises:
            StopIteration: there is no such document.
        """
        docs = copy.deepcopy(docs)
        doc = next(d for d in docs if d["kind"] == self.kind and d["metadata"]["name"].startswith(self.target))
        self.change(doc)
        return docs


def pod(doc: Doc) -> Doc:
    return dict(doc["spec"]["template"])["spec"]


def box(doc: Doc) -> Doc:
    return pod(doc)["containers"][0]


def renamed(mapping: Doc, old: str, new: str) -> None:
    mapping[new] = mapping.pop(old)


def variable(doc: Doc, name: str) -> Doc:
    return next(entry for entry in box(doc)["env"] if entry["name"] == name)


def without_variable(doc: Doc, name: str) -> None:
    box(doc)["env"] = [entry for entry in box(doc)["env"] if entry["name"] != name]


def trigger(doc: Doc, number: int = 0) -> Doc:
    return doc["spec"]["triggers"][number]["metadata"]


def route(doc: Doc) -> Doc:
    return doc["spec"]["rules"][0]


def peers(doc: Doc) -> list[Doc]:
    return doc["spec"]["ingress"][0]["from"]


def alert(doc: Doc, name: str) -> Doc:
    return next(rule for rule in doc["spec"]["groups"][0]["rules"] if rule["alert"] == name)


D, G, OR = "Deployment", "generator", "orchestrator"
SO, HPA, NP = "ScaledObject", "HorizontalPodAutoscaler", "NetworkPolicy"

INVALID = [
    Mistake("a probe's key is misspelt", D, G, lambda d: renamed(box(d), "readinessProbe", "readinesProbe")),
    Mistake("a string for an integer", D, G, lambda d: box(d)["startupProbe"].update(periodSeconds="2s")),
    Mistake("replicas is a word", D, "judge", lambda d: d["spec"].update(replicas="two")),
    Mistake("a GPU quantity in words", D, G, lambda d: box(d)["resources"]["limits"].update({"nvidia.com/gpu": "one"})),
    Mistake("GPU requests differ", D, G, lambda d: box(d)["resources"]["requests"].update({"nvidia.com/gpu": 2})),
    Mistake(
        "a rollout that can't move",
        D,
        "judge",
        lambda d: d["spec"]["strategy"].update(rollingUpdate={"maxSurge": 0, "maxUnavailable": 0}),
    ),
    Mistake("a selector of other pods", D, G, lambda d: d["spec"]["selector"].update(matchLabels={"a": "b"})),
    Mistake(
        "a mount without a volume", D, G, lambda d: box(d)["volumeMounts"].append({"name": "no", "mountPath": "/x"})
    ),
    Mistake("a probe of an unknown port", D, G, lambda d: box(d)["livenessProbe"]["httpGet"].update(port="htp")),
    Mistake("liveness must succeed twice", D, G, lambda d: box(d)["livenessProbe"].update(successThreshold=2)),
    Mistake("an unknown imagePullPolicy", D, G, lambda d: box(d).update(imagePullPolicy="Sometimes")),
    Mistake("an unknown toleration effect", D, G, lambda d: pod(d)["tolerations"][0].update(effect="NoSched")),
    Mistake("a name with capitals", D, G, lambda d: d["metadata"].update(name="Gen_1")),
    Mistake("a PDB with both bounds", "PodDisruptionBudget", G, lambda d: d["spec"].update(minAvailable=1)),
    Mistake("an unknown metric type", HPA, G, lambda d: d["spec"]["metrics"][0].update(type="Podz")),
    Mistake("an API version of the past", HPA, G, lambda d: d.update(apiVersion="autoscaling/v2beta2")),
    Mistake(
        "an unknown protocol", NP, "orchestrator-to", lambda d: d["spec"]["ingress"][0]["ports"][0].update(protocol="H")
    ),
    Mistake("port 99999", "Service", G, lambda d: d["spec"]["ports"][0].update(port=99999)),
    Mistake("a typo in a ScaledObject", SO, G, lambda d: renamed(d["spec"], "minReplicaCount", "minReplicas")),
    Mistake("a typo in an HTTPRoute", "HTTPRoute", OR, lambda d: renamed(route(d), "timeouts", "timeout")),
    Mistake("a typo in a PodMonitor", "PodMonitor", "", lambda d: renamed(d["spec"], "jobLabel", "joblabel")),
    Mistake("a key beside spec", SO, G, lambda d: d.update(triggers=[])),
]
UNFIT = [
    Mistake("grace shorter than a request", D, G, lambda d: pod(d).update(terminationGracePeriodSeconds=30)),
    Mistake("grace of the default", D, OR, lambda d: pod(d).pop("terminationGracePeriodSeconds")),
    Mistake("no preStop", D, OR, lambda d: box(d).pop("lifecycle")),
    Mistake("the default surge on a GPU", D, G, lambda d: d["spec"].pop("strategy")),
    Mistake("a rollout that takes pods first", D, "judge", lambda d: d["spec"].pop("strategy")),
    Mistake("no start-up probe", D, G, lambda d: box(d).pop("startupProbe")),
    Mistake("ten seconds to start", D, G, lambda d: box(d)["startupProbe"].update(failureThreshold=2)),
    Mistake("a probe's timeout of 1 s", D, G, lambda d: box(d)["livenessProbe"].pop("timeoutSeconds")),
    Mistake("liveness by dependency", D, OR, lambda d: box(d)["livenessProbe"]["httpGet"].update(path="/readyz")),
    Mistake(
        "the orchestrator starts when others are ready",
        D,
        OR,
        lambda d: box(d)["startupProbe"]["httpGet"].update(path="/readyz"),
    ),
    Mistake("a short progress deadline", D, G, lambda d: d["spec"].update(progressDeadlineSeconds=600)),
    Mistake("Service links", D, G, lambda d: pod(d).pop("enableServiceLinks")),
    Mistake("a Service named bentoml", "Service", "upsampler", lambda d: d["metadata"].update(name="bentoml")),
    Mistake("a user by name", D, G, lambda d: pod(d)["securityContext"].pop("runAsUser")),
    Mistake("no seccomp profile", D, "judge", lambda d: pod(d)["securityContext"].pop("seccompProfile")),
    Mistake(
        "a root that can be written",
        "Job",
        "weights",
        lambda d: box(d)["securityContext"].pop("readOnlyRootFilesystem"),
    ),
    Mistake("BENTOML_HOME on the read-only root", D, G, lambda d: without_variable(d, "BENTOML_HOME")),
    Mistake("no memory limit", D, "judge", lambda d: box(d)["resources"].pop("limits")),
    Mistake("a CPU limit", D, G, lambda d: box(d)["resources"]["limits"].update(cpu="2")),
    Mistake("an image without a digest or tag", D, G, lambda d: box(d).update(image="promptlift-generator")),
    Mistake("the tag latest", D, "judge", lambda d: box(d).update(image="promptlift-judge:latest")),
    Mistake(
        "a Secret that nobody fills",
        D,
        "judge",
        lambda d: variable(d, "OPENAI_API_KEY")["valueFrom"]["secretKeyRef"].update(name="promptlfit"),
    ),
    Mistake("a variable that nobody reads", D, G, lambda d: variable(d, "HF_HOME").update(name="HF_HOMES")),
    Mistake("a setting misspelt", "ConfigMap", OR, lambda d: renamed(d["data"], "ORCHESTRATOR_JUDGE_URL", "JUDGE_URL")),
    Mistake("a setting's bad value", "ConfigMap", G, lambda d: d["data"].update(GENERATOR_DEVICE="gpu")),
    Mistake(
        "an address where nobody answers",
        "ConfigMap",
        OR,
        lambda d: d["data"].update(ORCHESTRATOR_GENERATOR_URL="http://generator:8000"),
    ),
    Mistake("no waiting for a generator", "ConfigMap", OR, lambda d: d["data"].pop("ORCHESTRATOR_GENERATOR_WAIT")),
    Mistake("readiness by dependency", "ConfigMap", OR, lambda d: d["data"].update(ORCHESTRATOR_READY_WITH="all")),
    Mistake("a timeout beyond the grace", "ConfigMap", OR, lambda d: d["data"].update(ORCHESTRATOR_TIMEOUT="900")),
    Mistake("a ConfigMap of another name", "ConfigMap", "upsampler", lambda d: d["metadata"].update(name="up")),
    Mistake("another namespace", "ConfigMap", "upsampler", lambda d: d["metadata"].update(namespace="default")),
    Mistake("a targetPort of no pod", "Service", G, lambda d: d["spec"]["ports"][0].update(targetPort="htp")),
    Mistake("a Service of no pod", "Service", G, lambda d: d["spec"].update(selector={"app": "generatr"})),
    Mistake(
        "a PDB of no pod", "PodDisruptionBudget", G, lambda d: d["spec"]["selector"].update(matchLabels={"app": G})
    ),
    Mistake("a PDB that blocks drains", "PodDisruptionBudget", G, lambda d: d["spec"].update(maxUnavailable=0)),
    Mistake("backends open to all", NP, "orchestrator-to", lambda d: d["spec"]["ingress"][0].pop("from")),
    Mistake(
        "a policy for a port of nobody",
        NP,
        "orchestrator-to",
        lambda d: d["spec"]["ingress"][0]["ports"][0].update(port=1),
    ),
    Mistake("an edge that is missing", NP, "orchestrator-to-judge", lambda d: peers(d).clear()),
    Mistake("no default deny", NP, "default-deny", lambda d: d["spec"].update(podSelector={"matchLabels": {"a": "b"}})),
    Mistake(
        "a way to the metadata server",
        NP,
        "internet",
        lambda d: d["spec"]["egress"][0]["to"][0]["ipBlock"].pop("except"),
    ),
    Mistake("everybody reaches the internet", NP, "internet", lambda d: d["spec"].update(podSelector={})),
    Mistake("a gateway's timeout of 60 s", "HTTPRoute", OR, lambda d: route(d).update(timeouts={"request": "60s"})),
    Mistake("a gateway's default timeout", "HTTPRoute", OR, lambda d: route(d).pop("timeouts")),
    Mistake(
        "metrics for the world",
        "HTTPRoute",
        OR,
        lambda d: route(d)["matches"].append({"path": {"type": "PathPrefix", "value": "/"}}),
    ),
    Mistake("nginx's timeout of 60 s", "Ingress", OR, lambda d: d["metadata"].pop("annotations")),
    Mistake("a metric of nobody", HPA, G, lambda d: d["spec"]["metrics"][0]["pods"]["metric"].update(name="rows")),
    Mistake(
        "a query of nobody's metric",
        SO,
        G,
        lambda d: trigger(d).update(query='sum(generator_rows{namespace="promptlift"})'),
    ),
    Mistake("a query that is none", SO, G, lambda d: trigger(d).update(query="sum(promptlift_generator_rows")),
    Mistake("a typo in a trigger", SO, G, lambda d: renamed(trigger(d), "query", "qurey")),
    Mistake("empty answers ignored", SO, G, lambda d: trigger(d, 1).pop("ignoreNullValues")),
    Mistake("a cool-down below the start", SO, G, lambda d: d["spec"].update(cooldownPeriod=300)),
    Mistake("two owners of the replicas", D, G, lambda d: d["spec"].update(replicas=3)),
    Mistake("replicas gone at the first lull", HPA, G, lambda d: d["spec"]["behavior"].pop("scaleDown")),
    Mistake("a scaler of nothing", SO, G, lambda d: d["spec"]["scaleTargetRef"].update(name="painter")),
    Mistake(
        "an alert on a label that is none",
        "PrometheusRule",
        "",
        lambda d: alert(d, "PicturesFail").update(expr='promptlift_generator_pictures_total{result="failed"} > 0'),
    ),
    Mistake(
        "a panel without data",
        "ConfigMap",
        "promptlift-dashboard",
        lambda d: d["data"].update(
            {
                "promptlift.json": d["data"]["promptlift.json"].replace(
                    "promptlift_generator_step_seconds", "promptlift_step_seconds"
                )
            }
        ),
    ),
    Mistake(
        "nothing to scrape", "PodMonitor", "", lambda d: d["spec"]["podMetricsEndpoints"][0].update(port="metrics")
    ),
    Mistake("half a vault", "ExternalSecret", "", lambda d: d["spec"]["data"].pop()),
]
