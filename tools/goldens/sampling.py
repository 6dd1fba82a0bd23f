"""Sampling cases: recomputed by their definitions, or by the logits processors of transformers.

    python3 sampling.py verify CASES.json.gz                  numpy alone, in float64
    python3 sampling.py record CASES.json.gz OUT.json.gz      with transformers 5.23.0 and torch 2.13.0: inputs as they are, outputs anew

`verify` compares kept tokens, probabilities and draws with those stored.
"""
import gzip
import json
import math
import sys

import numpy as np


def ids_of(case, key):
    value = case.get(key)
    return [] if value is None else value if isinstance(value, list) else [value]


def numbers(values):
    return np.array([-math.inf if v == "-inf" else v for v in values], np.float32).astype(np.float64)


def softmax(scores):
    shares = np.exp(scores - scores.max())
    return shares / shares.sum()


def processed(case):
    """Scores after all processors; -inf marks what was put out."""
    scores, context = numbers(case["logits"]), case.get("context", [])
    if len(context) - case.get("prompt_length", len(context)) < case.get("min_new_tokens", 0):
        scores[ids_of(case, "eos")] = -math.inf
    penalty = case.get("repetition_penalty", 1.0)
    for token in set(context):
        scores[token] *= penalty if scores[token] < 0 else 1 / penalty
    scores /= case.get("temperature", 1.0)
    if case.get("top_k"):
        scores[scores < np.sort(scores)[-min(case["top_k"], len(scores))]] = -math.inf
    top_p = case.get("top_p", 1.0)
    if top_p < 1:
        order = np.argsort(scores, kind="stable")                    # ascending; of ties the higher ids come last and stay
        mass = np.cumsum(softmax(scores)[order]).astype(np.float32)
        out = mass <= np.float32(1 - top_p)
        out[-1] = False
        scores[order[out]] = -math.inf
    return scores


def draw(probabilities, u):
    running = np.cumsum(probabilities.astype(np.float64))
    return int(np.argmax((running > u * running[-1]) & (probabilities > 0)))


def verify(path):
    worst, draws, cases = 0.0, 0, json.load(gzip.open(path))["cases"]
    for case in cases:
        scores = processed(case)
        kept = case["processed"]["kept"]
        if not case.get("force_top_p"):
            assert kept == np.flatnonzero(scores > -math.inf).tolist(), case["name"]
        probabilities = softmax(scores)
        worst = max(worst, float(np.abs(probabilities[kept] - numbers(case["processed"]["probs"])).max()))
        for u, token in case["draws"]:
            draws += 1
            assert draw(probabilities, u) == token, (case["name"], u)
    print(f"{len(cases)} cases, {draws} draws, probabilities off by {worst:.1e} at most")


def record(path, out):
    import torch
    from transformers import (LogitsProcessorList, MinNewTokensLengthLogitsProcessor, RepetitionPenaltyLogitsProcessor, TemperatureLogitsWarper,
                              TopKLogitsWarper, TopPLogitsWarper)

    torch.set_num_threads(1)
    document = json.load(gzip.open(path))
    for case in document["cases"]:
        context = torch.tensor([case.get("context") or [0]])
        chain = LogitsProcessorList()
        if case.get("min_new_tokens"):
            chain.append(MinNewTokensLengthLogitsProcessor(case["prompt_length"], case["min_new_tokens"], torch.tensor(ids_of(case, "eos"))))
        if case.get("repetition_penalty", 1.0) != 1.0:
            chain.append(RepetitionPenaltyLogitsProcessor(case["repetition_penalty"]))
        if case.get("temperature", 1.0) != 1.0:
            chain.append(TemperatureLogitsWarper(case["temperature"]))
        if case.get("top_k"):
            chain.append(TopKLogitsWarper(case["top_k"]))
        if case.get("top_p", 1.0) < 1.0 or case.get("force_top_p"):
            chain.append(TopPLogitsWarper(case["top_p"]))
        scores = chain(context, torch.tensor(numbers(case["logits"]), dtype=torch.float32)[None])[0]
        probabilities = scores.softmax(-1).numpy()
        kept = torch.isfinite(scores).nonzero().flatten().tolist()
        case["processed"].update(kept=kept, scores=[float(scores[i]) for i in kept], probs=[float(probabilities[i]) for i in kept])
        case["draws"] = [[u, draw(probabilities, u)] for u, _ in case["draws"]]
    with gzip.GzipFile(out, "wb", mtime=0) as file:
        file.write(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())


if __name__ == "__main__":
    if sys.argv[1:2] == ["verify"] and len(sys.argv) == 3:
        verify(sys.argv[2])
    elif sys.argv[1:2] == ["record"] and len(sys.argv) == 4:
        record(*sys.argv[2:])
    else:
        sys.exit(__doc__)
