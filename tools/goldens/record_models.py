"""Records what transformers computes with the model folders of a case (tests/goldens/models/NAME).

    python record_models.py CASE_FOLDER...

Needs torch 2.13.0 (CPU), transformers 5.23.0 and safetensors. Reads causal/ and score/ and the ids, masks and lengths of
golden.safetensors; writes the other arrays and the numbers of golden.json anew. One thread, float32, eager attention.
"""
import json
import math
import sys
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

KEPT = ("lengths", "right.", "left.")
DECAY, RATE, BETAS, CLIP = 0.1, 1e-3, (0.9, 0.95), 1.0


def load(kind, folder, dtype=torch.float32):
    return kind.from_pretrained(folder, dtype=dtype, attn_implementation="eager").eval()


def batch(arrays, side):
    return dict(input_ids=arrays[f"{side}.input_ids"], attention_mask=arrays[f"{side}.attention_mask"].long(), position_ids=arrays[f"{side}.position_ids"])


def log_probs(logits, ids, temperature):
    return (logits[:, :-1] / temperature).log_softmax(-1).gather(-1, ids[:, 1:, None]).squeeze(-1)


def entropy(logits, temperature):
    p = (logits / temperature).log_softmax(-1)
    return -(p.exp() * p).sum(-1)


def without_padding_row(model):
    """torch drops the gradient of the pad's row; the right gradient has it where the pad is a real token too."""
    embedding = model.get_input_embeddings()
    if getattr(embedding, "padding_idx", None) is not None:
        embedding.padding_idx = None


def gradients(model):
    grads = {name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}
    norms = {name: float(g.norm()) for name, g in grads.items()}
    return grads, norms, math.sqrt(sum(n * n for n in norms.values()))


def undecayed(model):
    return [n for n, _ in model.named_parameters() if n.endswith("bias") or "norm" in n or ".ln_" in n]


def record_causal(folder, old, numbers):
    model, right = load(AutoModelForCausalLM, folder / "causal"), batch(old, "right")
    without_padding_row(model)
    ids, mask = right["input_ids"], right["attention_mask"].bool()
    valid = mask[:, 1:]
    with torch.no_grad():
        logits = model(**right).logits
    new = {"logits": logits * mask[..., None], "logprobs_valid": valid}
    for temperature, suffix in ((1.0, ""), (0.7, "_t0.7")):
        new["logprobs" + suffix] = log_probs(logits, ids, temperature) * valid
        new["entropy" + suffix] = entropy(logits, temperature) * mask

    def loss():
        return -log_probs(model(**right).logits, ids, 1.0)[valid].mean()

    value = loss()
    value.backward()
    grads, norms, norm = gradients(model)
    new.update({"grad." + name: g for name, g in grads.items()})
    numbers["sft"] = dict(loss=value.item(), valid_tokens=int(valid.sum()), grad_norm=norm, grad_norms=norms, no_decay=undecayed(model))
    numbers["greedy"].update(greedy(model, batch(old, "left"), numbers["greedy"]))

    plain = set(undecayed(model))
    groups = [dict(params=[p for n, p in model.named_parameters() if (n in plain) == is_plain], weight_decay=0.0 if is_plain else DECAY) for is_plain in (False, True)]
    optimizer, losses, lengths = torch.optim.AdamW(groups, lr=RATE, betas=BETAS, eps=1e-8), [], []
    for _ in range(3):
        optimizer.zero_grad()
        value = loss()
        value.backward()
        losses.append(value.item())
        lengths.append(float(torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)))
        optimizer.step()
    new.update({"after." + name: p.detach().clone() for name, p in model.named_parameters()})
    numbers["adamw"].update(losses=losses, grad_norms=lengths, loss_after=loss().item())
    return new


def greedy(model, left, old):
    out = {}
    for name, eos in (("tokens", old["eos_token_ids"]), ("tokens_without_eos", None)):
        model.generation_config.eos_token_id = eos
        rows = model.generate(left["input_ids"], attention_mask=left["attention_mask"], do_sample=False, max_new_tokens=old["max_new_tokens"], pad_token_id=0)
        rows = rows[:, left["input_ids"].shape[1]:].tolist()
        ends = [next((i + 1 for i, t in enumerate(row) if eos and t in eos), len(row)) for row in rows]
        out[name] = [row[:end] for row, end in zip(rows, ends)]
    return out


def record_score(folder, old, numbers):
    model = load(AutoModelForSequenceClassification, folder / "score")
    without_padding_row(model)
    new, rows = {}, torch.arange(len(old["lengths"]))
    for side in ("left", "right"):
        inputs = batch(old, side)
        hidden = model.base_model(**inputs).last_hidden_state
        values = model.score(hidden).squeeze(-1)
        last = old["lengths"].long() - 1 if side == "right" else torch.full_like(old["lengths"].long(), values.shape[1] - 1)
        new[f"score.scores_{side}"] = values[rows, last]
        new[f"score.hf_scores_{side}"] = model(**inputs).logits.squeeze(-1)
    new["score.values"] = values * inputs["attention_mask"].bool()                                  # of the right padded batch
    loss = new["score.scores_right"].square().mean()
    loss.backward()
    grads, norms, norm = gradients(model)
    new.update({"score.grad." + name: g for name, g in grads.items()})
    numbers["score"].update(loss=loss.item(), grad_norm=norm, grad_norms=norms)
    return {name: array.detach() for name, array in new.items()}


def main(folder):
    old, numbers = load_file(folder / "golden.safetensors"), json.loads((folder / "golden.json").read_text())
    new = {name: array for name, array in old.items() if name.startswith(KEPT)}
    new.update(record_causal(folder, old, numbers))
    if (folder / "score").exists():
        new.update(record_score(folder, old, numbers))
    numbers["versions"] = dict(python=sys.version.split()[0], torch=torch.__version__, transformers=transformers.__version__)
    save_file({name: array.contiguous() for name, array in new.items()}, folder / "golden.safetensors")
    (folder / "golden.json").write_text(json.dumps(numbers, indent=1))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    torch.set_num_threads(1)
    for name in sys.argv[1:]:
        main(Path(name))
