"""Boosts trees on the matrices that tamis-train wrote: out-of-fold predictions, then a model on all rows.

usage: boost.py WORK first|second   reads x.f32 y.f32 w.f32 fold.u8 labelled.u8 names.txt, writes oof.f32, model.txt, gain.tsv
"""
import sys
from pathlib import Path

import lightgbm as lgb
import numpy as np

work = Path(sys.argv[1])
names = (work / "names.txt").read_text().split("\n")
x = np.fromfile(work / "x.f32", np.float32).reshape(-1, len(names))
y = np.fromfile(work / "y.f32", np.float32)
w = np.fromfile(work / "w.f32", np.float32)
fold = np.fromfile(work / "fold.u8", np.uint8)
labelled = np.fromfile(work / "labelled.u8", np.uint8).astype(bool)

# The second pass knows the first one's answers: smaller trees do.
TREES, LEAVES, FEATURES = {"first": (250, 47, 0.2), "second": (150, 31, 0.25)}[sys.argv[2]]
# Models that differ by their seed alone are averaged, as log-odds.
SEEDS = {"first": [7], "second": [7, 17]}[sys.argv[2]]
PARAMETERS = dict(
    objective="cross_entropy", learning_rate=0.07, num_leaves=LEAVES, min_data_in_leaf=40,
    min_sum_hessian_in_leaf=3.0, lambda_l2=2.0, feature_fraction=FEATURES, bagging_fraction=0.35, bagging_freq=1,
    max_bin=63, num_threads=2, deterministic=True, force_col_wise=True, verbosity=-1,
)


def fit(rows):
    data = lgb.Dataset(x[rows], y[rows], weight=w[rows], params=PARAMETERS)
    return [lgb.train(PARAMETERS | {"seed": seed}, data, TREES) for seed in SEEDS]


def predict(models, rows):
    odds = sum(model.predict(x[rows], raw_score=True) for model in models) / len(models)
    return 1 / (1 + np.exp(-odds))


oof = np.zeros(len(y), np.float32)
for k in np.unique(fold):
    rows = fold == k
    oof[rows] = predict(fit(labelled & (fold != k)), rows)
    print(f"  fold {k}: {rows.sum()} blocks", file=sys.stderr, flush=True)
oof.tofile(work / "oof.f32")
models = fit(labelled)
(work / "model.txt").write_text("\n".join(model.model_to_string() for model in models))
gain = sum(model.feature_importance("gain") for model in models)
with open(work / "gain.tsv", "w") as out:
    for g, name in sorted(zip(gain / gain.sum(), names), reverse=True):
        print(f"{g:.5f}\t{name}", file=out)
