"""What one would use instead: the same pipeline behind FastAPI, BentoML's own batching, and LitServe's."""
