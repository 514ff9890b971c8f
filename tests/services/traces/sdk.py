"""Code that uses the real Weave SDK as the services and evaluations do; each part is run in a process of its own."""

INIT = """
import json, weave
client = weave.init("local/tests")
"""

OPS_AND_PICTURES = (
    INIT
    + """
import io
from PIL import Image
from weave import Content

def jpeg(colour):
    buffer = io.BytesIO()
    Image.new("RGB", (32, 16), colour).save(buffer, format="JPEG")
    return Content.from_bytes(buffer.getvalue(), mimetype="image/jpeg")

@weave.op
def paint(prompt):
    return {"image": jpeg("red"), "seed": 7}

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
        pass
    return painted["seed"]

with weave.attributes({"service": "orchestrator"}):
    result, call = create.call({"prompt": "a red circle"})
client.flush()
again = client.get_call(call.id)
painted, looked, failed = again.children()
print(json.dumps({
    "trace_id": call.trace_id,
    "output": again.output,
    "inputs": again.inputs["request"]["prompt"],
    "content": type(painted.output["image"]).__name__,
    "bytes": painted.output["image"].data[:3].hex(),
    "picture": list(looked.inputs["image"].size),
    "exception": failed.exception,
    "status": [each.summary["weave"]["status"] for each in (again, looked, failed)],
}))
"""
)
