"""What the services and evaluations do with the real Weave SDK, each part in a project of its own.

Run as `python -m tests.services.traces.sdk PART…` with a trace server in the environment; it prints what the SDK read
back, as JSON by part. The SDK keeps much in its process, so that it is never imported by the tests themselves.
"""

import asyncio
import io
import json
import os
import sys
import time
import traceback
from typing import Any

import weave
from PIL import Image
from weave import Content, EvaluationLogger
from weave.flow.leaderboard import Leaderboard, LeaderboardColumn, get_leaderboard_results

Said = dict[str, Any]


def pictures(client: Any, project: str) -> Said:
    @weave.op
    def paint(prompt):
        return {"image": Content.from_bytes(jpeg("red"), mimetype="image/jpeg"), "seed": 7}

    @weave.op
    def look(image):
        if image.size != (16, 16):
            raise ValueError("wrong size")
        return 0.5

    @weave.op
    def create(request):
        painted = paint(request["prompt"])
        look(Image.new("RGB", (16, 16), "blue"))
        try:
            look(Image.new("RGB", (8, 8), "blue"))
        except ValueError:
            return painted["seed"]

    with weave.attributes({"service": "orchestrator"}):
        _, call = create.call({"prompt": "a red circle"})
    client.flush()
    again = client.get_call(call.id)
    painted, looked, failed = again.children()
    return {
        "trace_id": call.trace_id,
        "output": again.output,
        "prompt": again.inputs["request"]["prompt"],
        "content": painted.output["image"].data == jpeg("red"),
        "picture": list(looked.inputs["image"].size),
        "exception": json.loads(failed.exception)["message"],
        "status": [each.summary["weave"]["status"] for each in (again, looked, failed)],
        "ops": again.op_name.split("/")[-1].split(":")[0],
    }


def evaluation(client: Any, project: str) -> Said:
    class Painter(weave.Model):
        upsample: bool

        @weave.op
        def predict(self, prompt: str) -> dict:
            return {"length": len(prompt) + (10 if self.upsample else 0)}

    class Longer(weave.Scorer):
        @weave.op
        def score(self, *, output: dict, prompt: str) -> dict:
            return {"quality": output["length"] / 20}

    rows = [{"prompt": "a cat", "n": 1}, {"prompt": "a dog", "n": 2}, {"prompt": "two birds", "n": 3}]
    dataset = weave.publish(weave.Dataset(name="prompts", rows=weave.Table(rows))).get()
    compared = weave.Evaluation(name="ab", dataset=dataset, scorers=[Longer()])
    models = (Painter(name="base", upsample=False), Painter(name="upsampled", upsample=True))
    results = [asyncio.run(compared.evaluate(model)) for model in models]
    reference = weave.publish(compared).uri
    column = LeaderboardColumn(
        evaluation_object_ref=reference, scorer_name="Longer", summary_metric_path="quality.mean"
    )
    board = Leaderboard(name="board", description="", columns=[column])
    weave.publish(board)
    client.flush()
    return {
        "means": [result["Longer"]["quality"]["mean"] for result in results],
        "board": [each.column_scores[0].scores[0].value for each in get_leaderboard_results(board, client)],
        "rows": [dict(row) for row in weave.ref("prompts").get().rows],
        "predictions": len(client.get_calls(filter={"op_names": [f"weave:///{project}/op/Painter.predict:*"]})),
    }


def logged(client: Any, project: str) -> Said:
    log = EvaluationLogger(name="by-hand", model="base", dataset="forty")
    for number in range(3):
        with log.log_prediction(inputs={"prompt": f"prompt {number}"}) as prediction:
            prediction.output = {"score": number / 2}
            prediction.log_score("faithful", number / 2)
    log.log_summary({"faithful": 0.5})
    client.flush()
    (ended,) = client.get_calls(filter={"trace_roots_only": True})
    return {"mean": ended.output["faithful"]["mean"]}


def prices(client: Any, project: str) -> Said:
    @weave.op
    def ask(prompt):
        used = {"prompt_tokens": 100, "completion_tokens": 10, "requests": 1}
        weave.get_current_call().summary = {"usage": {"local-1": used}}
        return "an answer"

    @weave.op
    def chain(prompt):
        return ask(prompt) + ask(prompt)

    client.add_cost(llm_id="local-1", prompt_token_cost=1.0, completion_token_cost=2.0)
    client.add_cost(llm_id="local-1", prompt_token_cost=0.001, completion_token_cost=0.01)
    client.add_cost(llm_id="gone", prompt_token_cost=1, completion_token_cost=1)
    client.purge_costs([cost.id for cost in client.query_costs(llm_ids=["gone"])])
    _, call = chain.call("a cat")
    client.flush()
    (priced,) = client.get_calls(filter={"call_ids": [call.id]}, include_costs=True)
    cost = priced.summary["weave"]["costs"]["local-1"]
    return {
        "requests": priced.summary["usage"]["local-1"]["requests"],
        "cost": cost["prompt_tokens_total_cost"] + cost["completion_tokens_total_cost"],
        "models": sorted(cost.llm_id for cost in client.query_costs()),
    }


def feedback(client: Any, project: str) -> Said:
    @weave.op
    def ask(prompt):
        return "an answer"

    _, call = ask.call("a cat")
    client.flush()
    reaction = call.feedback.add_reaction("👍")
    call.feedback.add_note("good")
    call.feedback.add("human", {"score": 3})
    client.flush()
    before = [each.payload for each in client.get_feedback(reaction="👍")]
    call.feedback.purge(reaction)
    (again,) = client.get_calls(include_feedback=True)
    return {
        "before": before,
        "read": sorted(each.feedback_type for each in call.feedback),
        "with_call": sorted(each["feedback_type"] for each in again.summary["weave"]["feedback"]),
    }


def queries(client: Any, project: str) -> Said:
    @weave.op
    def work(number, tag):
        if number == 3:
            raise ValueError("three")
        return {"double": number * 2, "tag": tag}

    for number in range(6):
        with weave.thread("session"):
            try:
                work(number, "even" if number % 2 == 0 else "odd")
            except ValueError:
                continue
    client.flush()

    return asked(client, work)


def asked(client: Any, work: Any) -> Said:
    def numbers(**asked):
        return [call.inputs["number"] for call in client.get_calls(**asked)]

    def where(operator, operands):
        return numbers(query={"$expr": {operator: operands}})

    def field(name):
        return {"$getField": name}

    def literal(value):
        return {"$literal": value}

    def by(name):
        return [{"field": name, "direction": "desc"}]

    first = client.get_calls()[0]
    first.set_display_name("the first")
    number, tag, double = field("inputs.number"), field("inputs.tag"), field("output.double")
    contained = {"input": tag, "substr": literal("VE"), "case_insensitive": True}
    said = {
        "newest": numbers(sort_by=by("started_at"), limit=2),
        "largest": numbers(sort_by=by("output.double"), limit=2),
        "page": numbers(limit=2, offset=3),
        "eq": where("$eq", [tag, literal("odd")]),
        "gte": where("$gte", [{"$convert": {"input": double, "to": "int"}}, literal(8)]),
        "not": where("$not", [{"$in": [number, [literal(0), literal(1), literal(2)]]}]),
        "contains": where("$contains", contained),
        "errors": where("$eq", [field("summary.weave.status"), literal("error")]),
        "or": where("$or", [{"$eq": [number, literal(n)]} for n in (1, 4)]),
        "later": where("$gt", [field("started_at"), literal(first.started_at.timestamp())]),
        "thread": len(numbers(filter={"thread_ids": ["session"]})),
        "named": [
            each.display_name for each in client.get_calls(filter={"call_ids": [first.id]}, columns=["display_name"])
        ],
        "op": len(client.get_calls(filter={"op_names": [work.ref.uri]})),
    }
    first.delete()
    return said | {"left": numbers()}


def objects(client: Any, project: str) -> Said:
    one = weave.publish({"style": "faithful"}, name="prompt")
    weave.publish({"style": "creative"}, name="prompt")
    again = weave.publish({"style": "faithful"}, name="prompt")
    client.add_tags(one, ["reviewed", "old"])
    client.remove_tags(one, ["old"])
    client.set_aliases(one, "production")
    table = weave.publish(weave.Dataset(name="rows", rows=[{"n": n} for n in range(2500)])).get()
    added = weave.publish(table.add_rows([{"n": 2500}])).get()
    return {
        "same": one.digest == again.digest,
        "styles": [weave.ref(f"prompt:{name}").get()["style"] for name in ("latest", "v0", "production")],
        "tags": client.get_tags(one),
        "labels": [client.list_tags(), client.list_aliases()],
        "rows": [len(table.rows), len(added.rows), sum(row["n"] for row in added.rows)],
        "row": weave.ref(table.rows[7].ref.uri).get()["n"],
    }


def dying(client: Any, project: str) -> Said:
    """End without a farewell while a call is running whose start was sent at once."""

    @weave.op
    def child():
        return 1

    @weave.op(eager_call_start=True)
    def eager():
        child()
        time.sleep(2.5)
        os._exit(0)

    eager()
    raise AssertionError("it has ended")


def nested(client: Any, project: str) -> Said:
    @weave.op
    def inner():
        return 1

    @weave.op
    def outer():
        return inner()

    _, call = outer.call()
    client.flush()
    return {"output": client.get_call(call.id).output}


def jpeg(colour: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (32, 16), colour).save(buffer, format="JPEG")
    return buffer.getvalue()


def main(names: list[str]) -> None:
    said = {}
    for name in names:
        client = weave.init(f"local/{name}")
        try:
            said[name] = globals()[name](client, f"local/{name}")
        except Exception:  # noqa: BLE001  of one part, told to the test of it
            said[name] = {"failed": traceback.format_exc()}
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
