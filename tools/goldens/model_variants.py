"""Small models in the odd styles of published files, and what decoder.py computes with them.

    python3 model_variants.py make OUT            writes the cases, for tests/goldens/variants
    python3 model_variants.py verify DIR...       compares case folders (tests/goldens/models/*, tests/goldens/variants/*) with decoder.py

Needs numpy. A second run of `make` gives the same bytes. `verify` on the cases that transformers made is the proof that the
decoder computes what transformers computes, before anything is compared with what it made itself.
"""
import json
import sys
from pathlib import Path

import numpy as np

from decoder import Model, read_safetensors, write_safetensors

COMMON = dict(hidden_size=24, intermediate_size=30, num_hidden_layers=2, num_attention_heads=4, vocab_size=61, max_position_embeddings=64)

# name -> (configuration, stored types, changes to the names in the file, notes)
CASES = {
    "llama_first": dict(
        config=dict(COMMON, architectures=["LLaMAForCausalLM"], model_type="llama", hidden_act="silu", max_sequence_length=64, rms_norm_eps=1e-6,
                    bos_token_id=1, eos_token_id=2, pad_token_id=-1, torch_dtype="float16"),
        stored="F16", buffers=True,
        notes="first files: no head_dim, no key heads, no rope keys, pad -1, buffers of frequencies among the weights, fp16"),
    "llama3_beside": dict(
        config=dict(COMMON, architectures=["LlamaForCausalLM"], model_type="llama", num_key_value_heads=1, rope_theta=10000.0,
                    rope_scaling=dict(type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0), original_max_position_embeddings=16,
                    tie_word_embeddings=True, eos_token_id=[2, 5], torch_dtype="bfloat16"),
        stored="BF16", listed_head=True, notes="llama3 under the old key, its length beside it, tied but the projection is listed, bf16"),
    "llama_linear_new": dict(
        config=dict(COMMON, architectures=["LlamaForCausalLM"], model_type="llama", num_key_value_heads=2, head_dim=10, attention_bias=True, mlp_bias=True,
                    rope_parameters=dict(rope_type="linear", factor=3.0, rope_theta=2000.0), tie_word_embeddings=False, eos_token_id=2, dtype="float32"),
        notes="linear scaling in rope_parameters, biases everywhere, head_dim apart"),
    "llama_mixed": dict(
        config=dict(COMMON, architectures=["LlamaForCausalLM"], model_type="llama", num_key_value_heads=None, rope_scaling=None, rope_theta=10000, eos_token_id=2),
        stored="mixed", notes="norms in fp32 and matrices in bf16, key heads null"),
    "mistral_heads": dict(
        config=dict(COMMON, architectures=["MistralForCausalLM"], model_type="mistral", num_attention_heads=8, head_dim=6, sliding_window=4, rope_theta=1e4,
                    eos_token_id=2),
        key_heads=8, notes="the number of key heads is that of the class, a window, head_dim apart"),
    "mistral_no_window": dict(
        config=dict(COMMON, architectures=["MistralForCausalLM"], model_type="mistral", num_key_value_heads=2, sliding_window=None, rope_theta=1e6, eos_token_id=2),
        notes="sliding_window null"),
    "qwen2_window": dict(
        config=dict(COMMON, architectures=["Qwen2ForCausalLM"], model_type="qwen2", num_hidden_layers=3, num_key_value_heads=2, use_sliding_window=True,
                    sliding_window=3, max_window_layers=1, rope_theta=1e6, tie_word_embeddings=True, eos_token_id=2),
        notes="windows from max_window_layers on, without layer_types"),
    "qwen2_layer_types": dict(
        config=dict(COMMON, architectures=["Qwen2ForCausalLM"], model_type="qwen2", num_hidden_layers=3, num_key_value_heads=4, use_sliding_window=True,
                    sliding_window=2, max_window_layers=3, layer_types=["sliding_attention", "full_attention", "sliding_attention"],
                    rope_parameters=dict(rope_type="default", rope_theta=1e6), tie_word_embeddings=False, eos_token_id=2),
        notes="windows by layer_types"),
    "qwen3_bias": dict(
        config=dict(COMMON, architectures=["Qwen3ForCausalLM"], model_type="qwen3", num_key_value_heads=1, head_dim=8, attention_bias=True, rope_theta=1e6,
                    tie_word_embeddings=False, eos_token_id=2, sliding_window=None, use_sliding_window=False),
        notes="biases on attention"),
    "gemma_bias": dict(
        config=dict(COMMON, architectures=["GemmaForCausalLM"], model_type="gemma", num_key_value_heads=2, head_dim=6, attention_bias=True,
                    hidden_act="gelu_pytorch_tanh", hidden_activation="gelu_pytorch_tanh", rope_theta=10000.0, eos_token_id=1, pad_token_id=0, bos_token_id=2),
        notes="biases on attention, tying not named"),
    "gemma2_plain": dict(
        config=dict(COMMON, architectures=["Gemma2ForCausalLM"], model_type="gemma2", num_hidden_layers=3, num_key_value_heads=2, head_dim=8,
                    query_pre_attn_scalar=7, attn_logit_softcapping=None, final_logit_softcapping=None, sliding_window=3,
                    hidden_activation="gelu_pytorch_tanh", eos_token_id=1),
        notes="caps taken off, windows without layer_types, three layers"),
    "gpt2_untied": dict(
        config=dict(architectures=["GPT2LMHeadModel"], model_type="gpt2", n_embd=24, n_head=3, n_layer=2, n_positions=40, n_ctx=40, n_inner=18, vocab_size=61,
                    activation_function="gelu_new", layer_norm_epsilon=1e-5, scale_attn_weights=False, tie_word_embeddings=False, eos_token_id=2),
        stored="F16", no_prefix=True, notes="own projection, no scale on the scores, n_inner, names without prefix, fp16"),
    "ernie_bias": dict(
        config=dict(COMMON, architectures=["Ernie4_5_ForCausalLM"], model_type="ernie4_5", num_key_value_heads=2, head_dim=8, use_bias=True,
                    tie_word_embeddings=False, eos_token_id=2, pad_token_id=0, rms_norm_eps=1e-5),
        notes="biases, own projection, theta of the class, the first name of the class"),
    "score_no_prefix": dict(
        config=dict(COMMON, architectures=["Qwen2ForSequenceClassification"], model_type="qwen2", num_key_value_heads=2, num_labels=1, rope_theta=1e6,
                    eos_token_id=2, pad_token_id=2),
        score=True, no_prefix=True, notes="a score model that says num_labels, names without prefix"),
}


def shapes(config, case):
    """Names and shapes of the weights."""
    if config["model_type"] == "gpt2":
        c, inner = config["n_embd"], config["n_inner"]
        out = {"transformer.wte.weight": (config["vocab_size"], c), "transformer.wpe.weight": (config["n_positions"], c),
               "transformer.ln_f.weight": (c,), "transformer.ln_f.bias": (c,)}
        for i in range(config["n_layer"]):
            at = f"transformer.h.{i}."
            for name, shape in {"attn.c_attn": (c, 3 * c), "attn.c_proj": (c, c), "mlp.c_fc": (c, inner), "mlp.c_proj": (inner, c), "ln_1": (c,), "ln_2": (c,)}.items():
                out[at + name + ".weight"] = shape
                out[at + name + ".bias"] = (shape[-1],)
        out["lm_head.weight"] = (config["vocab_size"], c)
        return out
    kind, c, inner, heads = config["model_type"], config["hidden_size"], config["intermediate_size"], config["num_attention_heads"]
    size = config.get("head_dim") or c // heads
    keys = case.get("key_heads") or config.get("num_key_value_heads") or heads
    out = {"model.embed_tokens.weight": (config["vocab_size"], c), "model.norm.weight": (c,)}
    bias = config.get("attention_bias") or config.get("use_bias")
    for i in range(config["num_hidden_layers"]):
        at = f"model.layers.{i}."
        for name, rows, columns, has in (
                ("self_attn.q_proj", heads * size, c, bias or kind == "qwen2"), ("self_attn.k_proj", keys * size, c, bias or kind == "qwen2"),
                ("self_attn.v_proj", keys * size, c, bias or kind == "qwen2"), ("self_attn.o_proj", c, heads * size, bias),
                ("mlp.gate_proj", inner, c, config.get("mlp_bias") or config.get("use_bias")), ("mlp.up_proj", inner, c, config.get("mlp_bias") or config.get("use_bias")),
                ("mlp.down_proj", c, inner, config.get("mlp_bias") or config.get("use_bias"))):
            out[at + name + ".weight"] = (rows, columns)
            if has:
                out[at + name + ".bias"] = (rows,)
        norms = ["input_layernorm", "post_attention_layernorm"] + (["pre_feedforward_layernorm", "post_feedforward_layernorm"] if kind == "gemma2" else [])
        for name in norms:
            out[at + name + ".weight"] = (c,)
        if kind == "qwen3":
            out[at + "self_attn.q_norm.weight"] = out[at + "self_attn.k_norm.weight"] = (size,)
    tied = config.get("tie_word_embeddings", kind in ("gemma", "gemma2", "ernie4_5"))
    if case.get("score"):
        out["score.weight"] = (1, c)
    elif not tied:
        out["lm_head.weight"] = (config["vocab_size"], c)
    return out


def make(out):
    for number, (name, case) in enumerate(CASES.items()):
        random = np.random.default_rng(700 + number)
        config = case["config"]
        folder = Path(out) / name / ("score" if case.get("score") else "causal")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
        weights = {}
        for key, shape in shapes(config, case).items():
            centre = 1.0 if ("norm" in key or "ln_" in key) and key.endswith("weight") and not config["model_type"].startswith("gemma") else 0.0
            weights[key] = (centre + 0.35 * random.standard_normal(shape)).astype(np.float32)
        if case.get("listed_head"):
            weights["lm_head.weight"] = weights["model.embed_tokens.weight"].copy()
        if case.get("buffers"):
            for i in range(config["num_hidden_layers"]):
                weights[f"model.layers.{i}.self_attn.rotary_emb.inv_freq"] = (10000.0 ** (-np.arange(0, 6, 2) / 6)).astype(np.float32)
        if case.get("no_prefix"):
            weights = {key.removeprefix("model.").removeprefix("transformer."): value for key, value in weights.items()}
        kind = case.get("stored")
        types = {key: "BF16" for key, value in weights.items() if value.ndim == 2} if kind == "mixed" else {key: kind for key in weights} if kind else {}
        write_safetensors(folder / "model.safetensors", weights, types)
        write_golden(Path(out) / name, folder, random, config["vocab_size"], case)


def write_golden(target, folder, random, vocabulary, case):
    lengths = [17, 9, 3, 1]
    width = max(lengths)
    ids, mask = np.zeros((4, width), np.int64), np.zeros((4, width), np.int64)
    for row, length in enumerate(lengths):
        ids[row, :length] = random.integers(3, vocabulary, length)
        mask[row, :length] = 1
    positions = np.maximum(mask.cumsum(1) - 1, 0)
    arrays = {"lengths": np.array(lengths), "right.input_ids": ids, "right.attention_mask": mask, "right.position_ids": positions}
    model = Model(folder)
    if case.get("score"):
        arrays["score.values"] = np.zeros((4, width), np.float32)
        for row, length in enumerate(lengths):
            arrays["score.values"][row, :length] = model.values(ids[row, :length])
    else:
        arrays["logits"] = np.zeros((4, width, vocabulary), np.float32)
        arrays["logprobs"] = np.zeros((4, width - 1), np.float32)
        arrays["logprobs_valid"] = mask[:, 1:] > 0
        for row, length in enumerate(lengths):
            logits = model.logits(ids[row, :length])
            arrays["logits"][row, :length] = logits
            top = logits.max(-1, keepdims=True)
            log_softmax = logits - top - np.log(np.exp(logits - top).sum(-1, keepdims=True))
            arrays["logprobs"][row, :length - 1] = log_softmax[np.arange(length - 1), ids[row, 1:length]]
    write_safetensors(target / "golden.safetensors", arrays)
    numbers = dict(family=case["config"]["model_type"], notes=case["notes"], lengths=lengths, made_by="tools/goldens/model_variants.py")
    (target / "golden.json").write_text(json.dumps(numbers, indent=1) + "\n")


def verify(folder):
    folder = Path(folder)
    arrays = read_safetensors(folder / "golden.safetensors")
    ids, lengths, worst = arrays["right.input_ids"], arrays["lengths"], {}

    def compare(name, mine, theirs):
        worst[name] = max(worst.get(name, 0.0), float(np.abs(mine - theirs).max()))

    for kind in ("causal", "score"):
        if not (folder / kind).exists():
            continue
        model = Model(folder / kind)
        for row, length in enumerate(lengths):
            if kind == "score":
                compare("values", model.values(ids[row, :length]), arrays["score.values"][row, :length])
            elif "logits" in arrays:
                compare("logits", model.logits(ids[row, :length]), arrays["logits"][row, :length])
            else:
                compare("logits", model.logits(ids[row, :length])[-8:], arrays["logits_last8"][row])
    print(f"{folder.name:20}", "  ".join(f"{name} {difference:.1e}" for name, difference in worst.items()))
    return max(worst.values()) <= 2e-4


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"] and len(sys.argv) == 3:
        make(sys.argv[2])
    elif sys.argv[1:2] == ["verify"] and len(sys.argv) > 2:
        sys.exit(0 if all([verify(folder) for folder in sys.argv[2:]]) else 1)
    else:
        sys.exit(__doc__)
