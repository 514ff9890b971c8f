"""The kept load results as a picture: the latency of short pictures and the pictures per second, system by system."""

import json
from pathlib import Path

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot

from bench.results import FOLDER

PANELS = {"images_per_second": "images/s", "p99": "p99 of all, s", "short_p99": "p99 of 4-step pictures, s"}


def draw() -> Path:
    """Draw bench/results/generator-load.json beside it, and give the picture's path."""
    kept = json.loads((FOLDER / "generator-load.json").read_text())
    loads = {title: systems for title, systems in kept["results"].items() if isinstance(systems, dict)}
    figure, axes = pyplot.subplots(1, len(PANELS), figsize=(4.2 * len(PANELS), 0.5 + 1.1 * len(loads) * 1.3))
    for axis, (field, label) in zip(axes, PANELS.items(), strict=True):
        names, values = [], []
        for title, systems in loads.items():
            for name, summary in systems.items():
                if summary[field] is not None:
                    names.append(f"{title}: {name}")
                    values.append(summary[field])
        axis.barh(names[::-1], values[::-1], color=["#2a6f97" if "ours" in name else "#adb5bd" for name in names[::-1]])
        axis.set_title(label, fontsize=9)
        axis.tick_params(labelsize=7)
        axis.spines[["top", "right"]].set_visible(False)
    figure.suptitle(f"{kept['machine']}, {kept['measured']}", fontsize=8)
    figure.tight_layout()
    path = FOLDER / "generator-load.svg"
    figure.savefig(path)
    return path
