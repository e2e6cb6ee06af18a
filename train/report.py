"""What each family of features is worth: how the scores fall without it, and with it shuffled.

usage: report.py WORK [FOLD]   reads the matrices that tamis-train left in WORK (a pass's folder), trains on the
other folds, scores FOLD (default 0)

Ablation: a model is trained without the family. Permutation: the family's columns are shuffled together over
the blocks of FOLD, and the whole model asked again. The scores are the weighted cross-entropy of the blocks and
the mean F1 of the pages, in words, at a threshold of one half; each beside the whole model's. A few smaller trees
than the shipped model's: only the differences mean something.
"""
import sys
from pathlib import Path

import lightgbm as lgb
import numpy as np

work = Path(sys.argv[1])
left_out = int(sys.argv[2]) if len(sys.argv) > 2 else 0
names = (work / "names.txt").read_text().split("\n")
families = np.array([name.split("/")[0] for name in names])


def column(name, kind):
    return np.fromfile(work / name, kind)


x = column("x.f32", np.float32).reshape(-1, len(names))
y, w, size = column("y.f32", np.float32), column("w.f32", np.float32), column("size.f32", np.float32)
fold, labelled, page = column("fold.u8", np.uint8), column("labelled.u8", np.uint8) > 0, column("page.u32", np.uint32)
train, test = labelled & (fold != left_out), labelled & (fold == left_out)
PARAMETERS = dict(
    objective="cross_entropy", learning_rate=0.1, num_leaves=31, min_data_in_leaf=40, lambda_l2=2.0,
    feature_fraction=0.25, bagging_fraction=0.35, bagging_freq=1, max_bin=63, num_threads=2, seed=7,
    deterministic=True, force_col_wise=True, verbosity=-1,
)


def fit(columns):
    data = lgb.Dataset(x[np.ix_(train, columns)], y[train], weight=w[train], params=PARAMETERS)
    return lgb.train(PARAMETERS, data, 120)


def scores(chances):
    p = np.clip(chances, 1e-6, 1 - 1e-6)
    truth, weight = y[test], w[test]
    loss = -(weight * (truth * np.log(p) + (1 - truth) * np.log(1 - p))).sum() / weight.sum()
    of, words, kept = page[test], np.maximum(size[test], 0.5), p > 0.5
    hit = np.bincount(of, words * truth * kept)
    all_of = np.bincount(of, words * kept) + np.bincount(of, words * truth)
    seen = np.bincount(of) > 0
    return loss, (2 * hit[seen] / np.maximum(all_of[seen], 1e-9)).mean()


everything = np.arange(len(names))
whole = fit(everything)
base = scores(whole.predict(x[test]))
print(f"{'all features':16} {len(names):4} columns   loss {base[0]:.4f}   F1 {base[1]:.4f}")
order = np.random.default_rng(7).permutation(test.sum())
for family in dict.fromkeys(families):
    own = np.where(families == family)[0]
    others = np.where(families != family)[0]
    without = scores(fit(others).predict(x[np.ix_(test, others)]))
    shuffled = x[test]
    shuffled[:, own] = shuffled[np.ix_(order, own)]
    permuted = scores(whole.predict(shuffled))
    print(
        f"{family:16} {len(own):4} columns   without: loss {without[0] - base[0]:+.4f}  F1 {without[1] - base[1]:+.4f}"
        f"   shuffled: loss {permuted[0] - base[0]:+.4f}  F1 {permuted[1] - base[1]:+.4f}",
        flush=True,
    )
