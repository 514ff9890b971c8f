"""The pipeline behind a lock in FastAPI: one request at a time."""

import threading
from typing import Any

import uvicorn
from fastapi import FastAPI

from bench.generator.peers import pipeline

app = FastAPI()
lock = threading.Lock()
state: dict[str, Any] = {}


@app.get("/readyz")
def ready() -> str:
    """Say that the model is loaded."""
    return "ready"


@app.post("/generate")
def generate(requests: list[dict[str, Any]]) -> list[str]:
    """Paint when it is one's turn; FastAPI runs this on a thread."""
    with lock:
        return pipeline.paint(state["pipeline"], requests)


if __name__ == "__main__":
    options = pipeline.options()
    state["pipeline"] = pipeline.load(options.model, options.threads)
    uvicorn.run(app, host="127.0.0.1", port=options.port, log_level="warning")
