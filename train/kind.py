"""Fits the three regressions of a kind model on what tamis-train wrote: out-of-fold scores, then all rows.

usage: kind.py WORK   reads x.f32 names.txt rows.tsv names.u32 words.u32, writes oof.f32, measures.f32, names.bin, words.bin

Softmax regressions over all rows at once (L-BFGS from zero): nothing is drawn by chance, so there is no seed.
"""
import sys
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from scipy.optimize import minimize

work = Path(sys.argv[1])
KINDS = "article forum product collection listing documentation service".split()
BUCKETS, CLIP, SHARE = 1 << 16, 4.0, 0.3
# What a page of a set counts: of news alone there is plenty.
WEIGHTS = {"wcxb": 1.0, "magic": 0.7, "aed": 0.3, "daniel": 0.06, "text": 1.0}
# A page without its address counts less than one with it; a text in a language of news alone as news does.
NO_ADDRESS, NEWS = 0.5, 0.1
RIDGE, PASSES = 60.0, 80
TOKEN_RIDGE, TOKEN_PASSES, TOKEN_PAGES = 0.003, 30, 20

names = (work / "names.txt").read_text().split("\n")
x = np.fromfile(work / "x.f32", np.float32).reshape(-1, len(names))
rows = [line.split("\t") for line in (work / "rows.tsv").read_text().split("\n")[:-1]]
y = np.array([KINDS.index(r[2]) for r in rows])
fold = np.array([int(r[3]) for r in rows])
known = np.array([r[4] == "1" for r in rows])
news = np.array([r[1] == "text" and r[5] != "" for r in rows])
weight = np.array([WEIGHTS[r[1]] for r in rows]) * np.where(known, 1.0, NO_ADDRESS) * np.where(news, NEWS, 1.0)


def buckets(name):
    """A row a page, 1 where it has a token of the bucket."""
    data = np.fromfile(work / name, np.uint32)
    ends, at, columns = [0], 0, []
    while at < len(data):
        n = int(data[at])
        columns.append(data[at + 1 : at + 1 + n])
        ends.append(ends[-1] + n)
        at += 1 + n
    columns = np.concatenate(columns) if columns else np.zeros(0, np.uint32)
    return sp.csr_matrix((np.ones(len(columns)), columns.astype(np.int64), ends), shape=(len(ends) - 1, BUCKETS))


def regress(x, y, weight, ridge, passes):
    """Weights (columns x kinds) and biases."""
    truth, columns, n = np.eye(len(KINDS))[y], x.shape[1], len(KINDS)
    turned = x.T.tocsr()

    def loss(flat):
        w, b = flat[: columns * n].reshape(columns, n), flat[columns * n :]
        z = x @ w + b
        z -= z.max(1, keepdims=True)
        p = np.exp(z)
        p /= p.sum(1, keepdims=True)
        off = (p - truth) * weight[:, None]
        value = -(weight * np.log(p[np.arange(len(y)), y] + 1e-12)).sum() + 0.5 * ridge * (w * w).sum()
        return value, np.concatenate([(turned @ off + ridge * w).ravel(), off.sum(0)])

    flat = minimize(loss, np.zeros((columns + 1) * n), jac=True, method="L-BFGS-B", options=dict(maxiter=passes)).x
    return flat[: columns * n].reshape(columns, n), flat[columns * n :]


def logarithms(z):
    z = z - z.max(1, keepdims=True)
    return z - np.log(np.exp(z).sum(1, keepdims=True))


def fit_measures(train):
    mean, spread = x[train].mean(0, dtype=np.float64), x[train].std(0, dtype=np.float64)
    inverse = np.where(spread > 1e-6, 1 / np.maximum(spread, 1e-6), 0.0)
    scaled = lambda of: sp.csr_matrix(np.clip((x[of] - mean) * inverse, -CLIP, CLIP))
    w, b = regress(scaled(train), y[train], weight[train], RIDGE, PASSES)
    return (mean, inverse, w, b), lambda of: scaled(of) @ w + b


def fit_tokens(tokens, train):
    counted = train & known & ~news & (weight > 0.1)
    kept = np.flatnonzero(np.asarray(tokens[counted].sum(0)).ravel() >= TOKEN_PAGES)

    def scaled(of):
        part = tokens[of][:, kept]
        return (sp.diags(1 / np.sqrt(np.maximum(1, np.asarray(part.sum(1)).ravel()))) @ part).tocsr()

    used = train & (weight > 0.02)
    w, b = regress(scaled(used), y[used], weight[used], TOKEN_RIDGE, TOKEN_PASSES)
    step = max(np.abs(w).max() / 127, 1e-6) if w.size else 1.0
    whole = np.round(w / step)
    return (kept, whole, step, b), lambda of: scaled(of) @ (whole * step) + b


def fit(train):
    fits = [fit_measures(train), fit_tokens(name_buckets, train), fit_tokens(word_buckets, train)]
    score = lambda of: sum(s * logarithms(f(of)) for s, (_, f) in zip((1.0, SHARE, SHARE), fits))
    return [f for f, _ in fits], score


name_buckets, word_buckets = buckets("names.u32"), buckets("words.u32")
oof = np.zeros((len(y), len(KINDS)), np.float32)
for k in np.unique(fold):
    _, score = fit(fold != k)
    oof[fold == k] = score(fold == k)
    print(f"  fold {k}: {(fold == k).sum()} rows", file=sys.stderr, flush=True)
oof.tofile(work / "oof.f32")
(mean, inverse, w, b), *tables = fit(np.ones(len(y), bool))[0]
measures = np.concatenate([np.column_stack([mean, inverse, w]).ravel(), b]).astype("<f4")
measures.tofile(work / "measures.f32")
for name, (kept, whole, step, b) in zip(("names", "words"), tables):
    with open(work / f"{name}.bin", "wb") as out:
        out.write(np.append(b, step).astype("<f4").tobytes() + np.uint32(len(kept)).astype("<u4").tobytes())
        for bucket, row in zip(kept.astype("<u2"), whole.astype(np.int8)):
            out.write(bucket.tobytes() + row.tobytes())
