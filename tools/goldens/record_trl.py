"""Runs TRL's PPOTrainer on the start models of tests/goldens/ppo/trl/models and records the updates as they happen.

    python record_trl.py RUN_FOLDER OUT          RUN_FOLDER: tests/goldens/ppo/trl/NAME, whose run.json gives the configuration

Needs trl 0.21.0 (run `minibatch`: 0.16.1), transformers 4.55.4, accelerate 1.15.0, datasets, torch 2.13.0. Nothing of TRL is changed:
three functions that it calls are wrapped, and the local variables of their callers are what gets written. Prompts are drawn from the
seed of run.json: other versions of numpy or torch sample other responses, and a run of the same kind.
"""
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

ROLLOUT = ("queries", "responses", "postprocessed_responses", "logprobs", "ref_logprobs", "values", "scores", "sequence_lengths", "padding_mask",
           "padding_mask_p1", "contain_eos_token", "kl", "rewards", "returns")
MICRO = dict(inds="micro_batch_inds", order="b_inds", new_logprobs="new_logprobs", vpred="vpred", pg_loss="pg_loss", vf_loss="vf_loss",
             vf_clipfrac="vf_clipfrac", loss="loss")
DERIVED = ("batch_size", "mini_batch_size", "local_mini_batch_size", "micro_batch_size", "num_total_batches")   # of the configuration: TRL works them out


def copied(value):
    return value.detach().clone() if torch.is_tensor(value) else value


def trainer_of(run, models):
    import trl.trainer.ppo_trainer as module
    from datasets import Dataset
    from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, AutoTokenizer, set_seed
    from trl import PPOConfig, PPOTrainer

    numbers = np.random.default_rng(run["seed"])
    prompts = [numbers.integers(3, 64, size=int(numbers.integers(3, 9))).tolist() for _ in range(run["prompts"])]
    data = Dataset.from_dict({"input_ids": prompts})
    settings = {k: v for k, v in run["config"].items() if k not in DERIVED}
    config = PPOConfig(output_dir=tempfile.mkdtemp(), seed=run["seed"], total_episodes=16, stop_token="eos", report_to="none", use_cpu=True, bf16=False,
                       save_strategy="no", eval_strategy="no", num_sample_generations=0, logging_steps=1, disable_tqdm=True, **settings)
    language, score = (lambda name: AutoModelForCausalLM.from_pretrained(models / name, attn_implementation="eager"),
                       lambda name: AutoModelForSequenceClassification.from_pretrained(models / name, num_labels=1, attn_implementation="eager"))
    set_seed(run["seed"])
    trainer = PPOTrainer(args=config, processing_class=AutoTokenizer.from_pretrained(models / "policy", padding_side="left"), model=language("policy"),
                         ref_model=language(run["reference"]), reward_model=score("reward"), value_model=score("value"), train_dataset=data, eval_dataset=data)
    return module, trainer


class Recorder:
    """Wraps what TRL calls and keeps what its callers know."""

    def __init__(self, module, trainer, out):
        self.trainer, self.out, self.now, self.updates = trainer, out, {"micro": []}, []
        whiten, reward = module.masked_whiten, module.get_reward
        backward, step, log = trainer.accelerator.backward, trainer.optimizer.step, trainer.log

        def wrapped_whiten(values, mask, shift_mean=True):
            if shift_mean:                                                        # the advantages; else the rewards
                caller = sys._getframe(1).f_locals
                self.now.update({name: copied(caller[name]) for name in (*ROLLOUT, "context_length")}, advantages_raw=copied(values))
            else:
                self.now["rewards_before_whitening"] = copied(values)
            return whiten(values, mask, shift_mean)

        def wrapped_reward(model, *rest):
            result = reward(model, *rest)
            if model is trainer.reward_model:
                self.now.setdefault("raw_scores", []).append(copied(result[1]))
            return result

        def wrapped_backward(loss, **options):
            caller = sys._getframe(1).f_locals
            self.now.setdefault("advantages", copied(caller["advantages"]))
            self.now["micro"].append({name: copied(caller[local]) for name, local in MICRO.items()})
            return backward(loss, **options)

        def wrapped_step(*rest, **options):
            self.now["micro"][-1]["optimizer_step"] = bool(trainer.accelerator.sync_gradients)
            return step(*rest, **options)

        def wrapped_log(metrics, *rest, **options):
            self.write(metrics)
            return log(metrics, *rest, **options)

        module.masked_whiten, module.get_reward = wrapped_whiten, wrapped_reward
        trainer.accelerator.backward, trainer.optimizer.step, trainer.log = wrapped_backward, wrapped_step, wrapped_log

    def write(self, metrics):
        number, now = len(self.updates) + 1, self.now
        arrays = {name: now[name] for name in (*ROLLOUT, "advantages_raw", "advantages", "rewards_before_whitening") if name in now}
        arrays["query_mask"] = now["queries"] != self.trainer.processing_class.pad_token_id
        arrays["scores_before_penalty"] = torch.cat(now["raw_scores"])
        arrays["micro.inds"] = torch.tensor(np.stack([micro["inds"] for micro in now["micro"]]))
        arrays["order"] = torch.tensor(np.stack([micro["order"] for micro in now["micro"]]))[::len(now["micro"]) // self.trainer.args.num_ppo_epochs]
        for name in ("new_logprobs", "vpred"):
            arrays[f"micro.{name}"] = torch.stack([micro[name] for micro in now["micro"]])
        flat = {name: (a.to(torch.uint8) if a.dtype == torch.bool else a).contiguous() for name, a in arrays.items()}
        save_file(flat, self.out / f"update_{number}.safetensors")
        for name in ("policy_model", "value_model"):
            getattr(self.trainer, name).save_pretrained(self.out / f"{name.removesuffix('_model')}_after_{number}")
        losses = [{k: float(v) if torch.is_tensor(v) else v for k, v in micro.items() if k in ("pg_loss", "vf_loss", "vf_clipfrac", "loss", "optimizer_step")}
                  for micro in now["micro"]]
        self.updates.append(dict(update=number, context_length=int(now["context_length"]), micro_batches=losses, logged={k: float(v) for k, v in metrics.items()}))
        self.now = {"micro": []}


def main(folder, out):
    run = json.loads((folder / "run.json").read_text())
    out.mkdir(parents=True, exist_ok=True)
    recorder = Recorder(*trainer_of(run, folder.parent / "models"), out)
    recorder.trainer.train()
    (out / "run.json").write_text(json.dumps(dict(run, updates=recorder.updates), indent=1))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    torch.set_num_threads(1)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
