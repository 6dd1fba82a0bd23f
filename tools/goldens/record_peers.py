"""Records what functions of OpenRLHF, veRL and transformers give for the inputs of tests/goldens/ppo/*.json.

    python record_peers.py openrlhf CHECKOUT IN.json OUT.json         OpenRLHF at 3c3be623, torch 2.13.0
    python record_peers.py verl CHECKOUT IN.json OUT.json             veRL at b178a3cd, torch 2.13.0
    python record_peers.py schedules - IN.json OUT.json               transformers 4.55.4

Settings and inputs stay, outputs are written anew. The trainers' files run as they are; heavy packages that they import and
these functions do not need are replaced by empty modules. Kinds without a row in the tables below are copied.
"""
import json
import sys
import types
from pathlib import Path
from types import SimpleNamespace

import torch


def empty_module(name, **content):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__dict__.update(content)


def package(checkout, name):
    """A package whose modules are found in the checkout and whose own __init__ does not run."""
    empty_module(name, __path__=[str(Path(checkout, *name.split(".")))])


def tensors(case):
    arrays = {name: torch.tensor(value) if isinstance(value, list) else value for name, value in case["inputs"].items()}
    return {name: value.float() if name == "mask" else value for name, value in arrays.items()}


def grown(tensor):
    return tensor.clone().requires_grad_()


def openrlhf(checkout):
    for name in ("openrlhf", "openrlhf.models", "openrlhf.trainer", "openrlhf.trainer.ppo_utils", "openrlhf.utils"):
        package(checkout, name)
    from openrlhf.models import loss as losses, utils
    from openrlhf.trainer.ppo_utils.kl_controller import AdaptiveKLController, FixedKLController

    def policy_loss(s, i):
        sizes = ("batch_num_tokens", "global_batch_size", "dp_size")
        new = grown(i["log_probs"])
        objective = losses.PolicyLoss(**{k: v for k, v in s.items() if k not in sizes})
        loss, clipped, divergence, _ = objective(new, i["old_log_probs"], i["advantages"], i["mask"], **{k: s[k] for k in sizes if k in s})
        loss.backward()
        return dict(loss=loss, clip_ratio=clipped, ppo_kl=divergence, grad_log_probs=new.grad)

    def value_loss(s, i):
        new, sizes = grown(i["values"]), {k: v for k, v in s.items() if k != "clip_eps"}
        loss = losses.ValueLoss(clip_eps=s["clip_eps"])(new, i["old_values"], i["returns"], i["mask"], **sizes)
        loss.backward()
        return dict(loss=loss, grad_values=new.grad)

    def kl_controller(s, i):
        out = {}
        for name, controller in (("adaptive", AdaptiveKLController(s["init"], s["target"], s["horizon"])), ("fixed", FixedKLController(s["init"]))):
            out[name] = []
            for kl, n in i["kl_and_n"].tolist():
                controller.update(kl, n)
                out[name].append(float(controller.value))
        return out

    return dict(
        policy_loss=policy_loss, value_loss=value_loss, kl_controller=kl_controller,
        aggregate_loss=lambda s, i: dict(loss=losses.aggregate_loss(i["loss"], i["mask"], **s)),
        approx_kl=lambda s, i: {k: utils.compute_approx_kl(i["log_probs"], i["base"], k) for k in ("k1", "k2", "k3")},
        reward=lambda s, i: dict(rewards=utils.compute_reward(i["score"], s["kl_coef"], i["kl"], i["mask"], s["clip_range"])),
        log_probs_from_logits=lambda s, i: dict(log_probs=utils.log_probs_from_logits(i["logits"].clone(), i["labels"], s["temperature"])))


def verl(checkout):
    for name in ("verl", "verl.utils", "verl.trainer", "verl.trainer.ppo", "verl.workers"):
        package(checkout, name)
    empty_module("omegaconf", DictConfig=dict)
    empty_module("tensordict", TensorDict=dict)
    empty_module("verl.trainer.config", AlgoConfig=object)
    empty_module("verl.workers.config", ActorConfig=SimpleNamespace)
    empty_module("verl.utils.device", get_device_name=lambda: "cpu", get_torch_device=lambda: torch.cpu)
    from verl.utils import groupwise
    sys.modules["verl.utils"].__dict__.update(as_torch_index=groupwise.as_torch_index, group_mean_std=groupwise.group_mean_std)
    from verl.trainer.ppo import core_algos as algorithms
    from verl.utils import torch_functional as functional

    class Config(SimpleNamespace):
        def get(self, name, default=None):
            return getattr(self, name, default)

    def policy_loss(s, i):
        clips, sizes = ("clip_ratio", "clip_ratio_low", "clip_ratio_high", "clip_ratio_c"), ("dp_size", "batch_num_tokens")
        config = Config(global_batch_info={k: s[k] for k in sizes if k in s}, **{k: s[k] for k in clips})
        new = grown(i["log_probs"])
        loss, metrics = algorithms.compute_policy_loss_vanilla(i["old_log_probs"], new, i["advantages"], i["mask"], s["loss_agg_mode"], config)
        loss.backward()
        return dict(loss=loss, grad_log_probs=new.grad, **metrics)

    def value_loss(s, i):
        new = grown(i["values"])
        loss, clipped = algorithms.compute_value_loss(new, i["returns"], i["old_values"], i["mask"], s["cliprange_value"], s["loss_agg_mode"])
        loss.backward()
        return dict(loss=loss, clipfrac=clipped, grad_values=new.grad)

    def kl_penalty(s, i):
        out = {}
        for kind in ("k1", "abs", "k2", "k3"):
            new = grown(i["log_probs"])
            out[kind] = algorithms.kl_penalty(new, i["ref_log_probs"], kind)
            out[kind].sum().backward()
            out["grad " + kind] = new.grad
        return out

    def masked(s, i):
        x, mask = i["x"], i["mask"]
        return dict(mean=functional.masked_mean(x, mask), var=functional.masked_var(x, mask), var_biased=functional.masked_var(x, mask, unbiased=False),
                    whiten=functional.masked_whiten(x, mask), whiten_keep_mean=functional.masked_whiten(x, mask, shift_mean=False))

    def gae(s, i):
        advantages, returns = algorithms.compute_gae_advantage_return(i["rewards"], i["values"], i["mask"], s["gamma"], s["lam"])
        return dict(advantages=advantages, returns=returns)

    modes = ("token-mean", "seq-mean-token-sum", "seq-mean-token-mean", "seq-mean-token-sum-norm")
    return dict(policy_loss=policy_loss, value_loss=value_loss, kl_penalty=kl_penalty, masked=masked, gae=gae,
                agg_loss=lambda s, i: {m: algorithms.agg_loss(i["loss"], i["mask"], m, **s) for m in modes})


def schedules(_):
    from transformers import get_scheduler

    def rates(kind):
        name = "polynomial" if kind == "polynomial_power_2" else kind

        def run(s, i):
            optimizer = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))], lr=s["lr"])
            special = {k: s[k] for k in ("lr_end", "power", "min_lr") if k in s}
            schedule = get_scheduler(name, optimizer, num_warmup_steps=s["warmup"], num_training_steps=s["total"], scheduler_specific_kwargs=special or None)
            out = []
            for _ in range(31):
                out.append(optimizer.param_groups[0]["lr"])
                optimizer.step()
                schedule.step()
            return dict(lr=out)

        return run

    kinds = ("linear", "cosine", "constant", "constant_with_warmup", "polynomial", "polynomial_power_2", "cosine_with_min_lr")
    return {kind: rates(kind) for kind in kinds}


def plain(value):
    """float32 with the 9 digits that bring it back."""
    if isinstance(value, torch.Tensor):
        return plain(value.detach().tolist())
    if isinstance(value, list):
        return [plain(v) for v in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


def main(program, checkout, source, target):
    sys.path.insert(0, checkout)
    document, table = json.loads(Path(source).read_text()), dict(openrlhf=openrlhf, verl=verl, schedules=schedules)[program](checkout)
    for kind, run in table.items():
        for case in document[kind]:
            outputs = run(case["settings"], tensors(case))
            case["outputs"] = outputs if kind in ("kl_controller",) or program == "schedules" else {k: plain(v) for k, v in outputs.items()}
    Path(target).write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
