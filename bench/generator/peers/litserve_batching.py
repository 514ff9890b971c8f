"""LitServe with its own batching around the pipeline."""

from typing import Any

import litserve

from bench.generator.peers import pipeline


class Painter(litserve.LitAPI):
    """Paints batches of at most 4 pictures, collected for at most 50 ms."""

    def __init__(self, model: str, threads: int) -> None:
        super().__init__(max_batch_size=4, batch_timeout=0.05, api_path="/generate")
        self.model = model
        self.threads = threads

    def setup(self, device: str) -> None:
        """Load the model."""
        self.pipeline = pipeline.load(self.model, self.threads)

    def decode_request(self, request) -> dict[str, Any]:  # type: ignore[no-untyped-def] # noqa: ANN001  it would parse one
        """Take the one request of a body."""
        only: dict[str, Any] = request[0]
        return only

    def predict(self, requests: Any) -> list[str]:
        """Paint a batch."""
        return pipeline.paint(self.pipeline, list(requests))

    def encode_response(self, output: str) -> list[str]:
        """Answer with a list of one."""
        return [output]


if __name__ == "__main__":
    options = pipeline.options()
    api = Painter(options.model, options.threads)
    api.request_timeout = 3600
    server = litserve.LitServer(api, accelerator="cpu", timeout=False, healthcheck_path="/readyz")
    server.run(port=options.port, host="127.0.0.1", generate_client_file=False, log_level="warning", pretty_logs=False)
