"""PPO's formulas in numpy (float64) against what other trainers recorded: tests/goldens/ppo/*.json.

    python3 ppo_formulas.py FILE.json...

Prints, for each file and recorded function, the largest difference relative to max(1, |recorded|). Functions of other advantage
estimators are passed over.
"""
import json
import math
import sys
from pathlib import Path

import numpy as np


def array(x):
    return np.array(x, np.float64)


def last(mask):
    return mask.shape[1] - 1 - mask[:, ::-1].argmax(1)


def mean(x, mask):
    return (x * mask).sum() / max(mask.sum(), 1e-8)


def surrogate(new, old, advantages, low, high, dual=None, held=20.0):
    ratio = np.exp(np.clip(new - old, -held, held))
    plain, clipped = -advantages * ratio, -advantages * np.clip(ratio, 1 - low, 1 + high)
    losses = np.maximum(plain, clipped)
    return (np.where(advantages < 0, np.minimum(losses, -dual * advantages), losses) if dual else losses), clipped > plain


def value_losses(new, old, returns, clip):
    plain = (new - returns) ** 2
    return 0.5 * (plain if clip is None else np.maximum(plain, (old + np.clip(new - old, -clip, clip) - returns) ** 2))


def gae(rewards, values, mask, gamma, lam, carry):
    rewards, values = rewards * mask, values * mask
    out, ahead, following = np.zeros_like(rewards), np.zeros(len(rewards)), np.zeros(len(rewards))
    for t in reversed(range(rewards.shape[1])):
        counts = mask[:, t] > 0
        here = rewards[:, t] + gamma * following - values[:, t] + gamma * lam * ahead
        out[:, t] = np.where(counts, here, 0)
        if carry:
            ahead, following = np.where(counts, here, ahead), np.where(counts, values[:, t], following)
        else:
            ahead, following = here, values[:, t]
    return out


def whitened(x, mask, ddof):
    kept = x[mask > 0]
    return (x - kept.mean()) / (kept.std(ddof=ddof) + 1e-8) * mask


def kl(new, ref, kind):
    k1 = new - ref
    return {"k1": k1, "k2": k1 ** 2 / 2, "k3": np.exp(-np.clip(k1, -20, 20)) - 1 + np.clip(k1, -20, 20)}[kind]


def rate(kind, step, lr, warmup, total, floor=None, end=1e-7, power=1.0):
    if kind == "constant":
        return lr
    if floor is not None:
        if warmup > 0 and step <= warmup:
            return lr * step / warmup
        x = (step - warmup) / (total - warmup)
        return floor if step > total else floor + ((1 - x) if kind == "linear" else (1 + math.cos(math.pi * x)) / 2) * (lr - floor)
    if step < warmup:
        return lr * step / max(1, warmup)
    x = (step - warmup) / max(1, total - warmup)
    return {"constant_with_warmup": lambda: lr, "linear": lambda: lr * max(0.0, (total - step) / max(1, total - warmup)),
            "cosine": lambda: lr * (1 + math.cos(math.pi * x)) / 2,
            "polynomial": lambda: end if step > total else (lr - end) * (1 - x) ** power + end}[kind]()


class Differences(dict):
    def add(self, name, mine, recorded, mask=1.0):
        recorded = array(recorded)
        worst = float((np.abs(mine - recorded) * mask / np.maximum(1, np.abs(recorded))).max())
        self[name] = max(self.get(name, 0.0), worst)


def schedules(document, found):
    for kind, cases in document.items():
        for case in cases if isinstance(cases, list) else []:
            s = case["settings"]
            base = {"polynomial_power_2": "polynomial", "cosine_with_min_lr": "cosine"}.get(kind, kind)
            steps = range(s["total"] + 1 if base == "cosine" else 31)          # transformers lets cosines rise again past their end
            mine = [rate(base, t, s["lr"], s["warmup"], s["total"], s.get("min_lr"), s.get("lr_end", 1e-7), s.get("power", 1.0)) for t in steps]
            found.add(kind, array(mine) / s["lr"], array(case["outputs"]["lr"][:len(mine)]) / s["lr"])


def openrlhf(document, found):
    for case in document["policy_loss"]:
        s, i = case["settings"], {k: array(v) for k, v in case["inputs"].items()}
        if s.get("policy_loss_type") or s.get("token_level_loss") is False:
            continue
        losses, clipped = surrogate(i["log_probs"], i["old_log_probs"], i["advantages"], s.get("clip_eps_low", 0.2), s.get("clip_eps_high", 0.2), s.get("dual_clip"))
        tokens = s.get("batch_num_tokens", i["mask"].sum()) / s.get("dp_size", 1)
        found.add("policy_loss", (losses * i["mask"]).sum() / tokens, case["outputs"]["loss"])
        found.add("clip_ratio", mean(clipped, i["mask"]), case["outputs"]["clip_ratio"])
    for case in document["value_loss"]:
        s, i = case["settings"], {k: array(v) for k, v in case["inputs"].items()}
        tokens = s.get("batch_num_tokens", i["mask"].sum()) / s.get("dp_size", 1)
        found.add("value_loss", (value_losses(i["values"], i["old_values"], i["returns"], s["clip_eps"]) * i["mask"]).sum() / tokens, case["outputs"]["loss"])
    for case in document["gae"]:
        s, i = case["settings"], {k: array(v) for k, v in case["inputs"].items()}
        found.add("gae", gae(i["rewards"], i["values"], i["mask"], s["gamma"], s["lambd"], carry=False), case["outputs"]["advantages"], i["mask"])
    for case in document["approx_kl"]:
        for kind, recorded in case["outputs"].items():
            found.add(kind, np.clip(kl(array(case["inputs"]["log_probs"]), array(case["inputs"]["base"]), kind), -10, 10), recorded)
    for case in document["end_to_end_gae"]:
        s, parts = case["settings"], [{k: array(v) for k, v in part.items()} for part in case["inputs"]["experiences"]]
        raw = []
        for part in parts:
            rewards = -s["kl_coef"] * np.clip(part["log_probs"] - part["ref_log_probs"], -10, 10)
            rewards[np.arange(len(rewards)), last(part["mask"])] += np.clip(part["scores"], *s["score_clip"])
            raw.append(gae(rewards, part["values"], part["mask"], s["gamma"], s["lambd"], carry=False))
        mask = np.concatenate([part["mask"] for part in parts])
        if not s["no_std_norm"]:
            found.add("end_to_end advantages", whitened(np.concatenate(raw), mask, ddof=0), np.concatenate([array(a) for a in case["outputs"]["advantages"]]), mask)
        for part, advantages, recorded in zip(parts, raw, case["outputs"]["returns"]):
            found.add("end_to_end returns", advantages + part["values"], recorded, part["mask"])
    controllers(document, found)


def verl(document, found):
    for case in document["gae"]:
        s, i = case["settings"], {k: array(v) for k, v in case["inputs"].items()}
        advantages = gae(i["rewards"], i["values"], i["mask"], s["gamma"], s["lam"], carry=True)
        found.add("gae returns", advantages + i["values"], case["outputs"]["returns"], i["mask"])
        found.add("gae whitened", whitened(advantages, i["mask"], ddof=1), case["outputs"]["advantages"], i["mask"])
    for case in document["policy_loss"]:
        s, i = case["settings"], {k: array(v) for k, v in case["inputs"].items()}
        if s["loss_agg_mode"] == "token-mean" and "dp_size" not in s:
            low, high = s["clip_ratio_low"] or s["clip_ratio"], s["clip_ratio_high"] or s["clip_ratio"]
            losses, clipped = surrogate(i["log_probs"], i["old_log_probs"], i["advantages"], low, high, s["clip_ratio_c"])
            found.add("policy_loss", mean(losses, i["mask"]), case["outputs"]["loss"])
            found.add("pg_clipfrac", mean(clipped, i["mask"]), case["outputs"]["actor/pg_clipfrac"])
    for case in document["kl_penalty"]:
        for kind in ("k1", "k2", "k3"):
            mine = kl(array(case["inputs"]["log_probs"]), array(case["inputs"]["ref_log_probs"]), kind)
            found.add(kind, np.clip(mine, -10, 10) if kind == "k3" else mine, case["outputs"][kind])
    for case in document["end_to_end_gae"]:
        s, i, o = case["settings"], {k: array(v) for k, v in case["inputs"].items()}, case["outputs"]
        rewards = -s["kl_coef"] * kl(i["log_probs"], i["ref_log_probs"], s["kl_estimator"]) * i["mask"]
        rewards[np.arange(len(rewards)), last(i["mask"])] += i["scores"]
        advantages = gae(rewards, i["values"], i["mask"], s["gamma"], s["lam"], carry=True)
        white = whitened(advantages, i["mask"], ddof=1)
        found.add("end_to_end advantages", white, o["advantages"], i["mask"])
        found.add("end_to_end policy_loss", mean(surrogate(i["new_log_probs"], i["log_probs"], white, 0.2, 0.2, 3.0)[0], i["mask"]), o["policy_loss"])
        losses = value_losses(i["new_values"], i["values"], advantages + i["values"], s["cliprange_value"])
        found.add("end_to_end value_loss", mean(losses, i["mask"]), o["value_loss"])
    controllers(document, found)


def controllers(document, found):
    for case in document["kl_controller"]:
        s, c, mine = case["settings"], case["settings"]["init"], []
        for value, n in case["inputs"]["kl_and_n"]:
            c *= 1 + min(max(value / s["target"] - 1, -0.2), 0.2) * n / s["horizon"]
            mine.append(c)
        found.add("kl_controller", array(mine), case["outputs"]["adaptive"])


def paddlenlp(document, found):
    for case in document["rewards_and_advantages"]:
        s, i, o = case["settings"], {k: array(v) for k, v in case["inputs"].items()}, case["outputs"]
        mask = i["attention_mask"][:, 1:].copy()
        mask[:, :s["prompt_width"] - 1] = 0
        rewards = -s["kl_coeff"] * (i["log_probs"] - i["ref_log_probs"])
        rewards[np.arange(len(rewards)), last(mask)] += np.clip(i["scores"], -s["clip_range_score"], s["clip_range_score"])
        advantages = gae(rewards, i["values"], mask, s["gamma"], s["gae_lambda"], carry=False)
        part = slice(mask.shape[1] - array(o["rewards"]).shape[1], None)
        found.add("rewards", rewards[:, part], o["rewards"], mask[:, part])
        found.add("advantages", advantages[:, part], o["advantages"], mask[:, part])
        found.add("returns", (advantages + i["values"])[:, part], o["returns"], mask[:, part])
    for case in document["losses"]:
        s, i = case["settings"], {k: array(v) for k, v in case["inputs"].items()}
        losses = surrogate(i["log_probs"], i["old_log_probs"], i["advantages"], s["clip_range_ratio"], s["clip_range_ratio"], held=1e9)[0]
        found.add("actor_loss", mean(losses, i["mask"]), case["outputs"]["actor_loss"])
        found.add("critic_loss", mean(value_losses(i["values"], i["old_values"], i["returns"], s["clip_range_value"]), i["mask"]), case["outputs"]["critic_loss"])
    for case in document["annealing_schedule"]:
        s = case["settings"]
        for kind, recorded in case["outputs"].items():
            mine = [rate(kind, t, s["lr"], s["warmup"], s["decay_steps"], s["min_lr"]) for t in range(len(recorded))]
            found.add("annealing_schedule", array(mine) / s["lr"], array(recorded) / s["lr"])


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for path in map(Path, sys.argv[1:]):
        found = Differences()
        {"schedules": schedules, "openrlhf": openrlhf, "verl": verl, "paddlenlp": paddlenlp}[path.stem](json.loads(path.read_text()), found)
        print(path.stem)
        for name, difference in found.items():
            print(f"  {name:26} {difference:.1e}")
