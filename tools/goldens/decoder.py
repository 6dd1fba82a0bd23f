"""A decoder of every supported family in numpy, written from the descriptions of the models alone.

It shares nothing with Proxima and nothing with transformers: float64, one row at a time, no cache, no fused anything. The
functions read and write safetensors too, so that numpy is all that is needed.
"""
import json
import struct
from pathlib import Path

import numpy as np

TYPES = {"F64": np.float64, "F32": np.float32, "F16": np.float16, "I64": np.int64, "BOOL": np.bool_, "U8": np.uint8}


def read_safetensors(path):
    data = Path(path).read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    arrays = {}
    for name, entry in json.loads(data[8:8 + size]).items():
        if name == "__metadata__":
            continue
        begin, end = (8 + size + offset for offset in entry["data_offsets"])
        if entry["dtype"] == "BF16":
            wide = np.frombuffer(data[begin:end], np.uint16).astype(np.uint32) << 16
            array = wide.view(np.float32)
        else:
            array = np.frombuffer(data[begin:end], TYPES[entry["dtype"]])
        arrays[name] = array.reshape(entry["shape"])
    return arrays


def to_bf16(array):
    """To the nearest bfloat16, ties to even, as its 16 bits."""
    bits = np.ascontiguousarray(array, np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


def write_safetensors(path, arrays, types=None):
    """types: name -> "BF16" or "F16" for what is not stored as it is."""
    header, parts, at = {"__metadata__": {"format": "pt"}}, [], 0
    names = {np.dtype(t): n for n, t in TYPES.items()}
    for name in sorted(arrays):
        kind = (types or {}).get(name)
        array = np.ascontiguousarray(arrays[name])
        stored = to_bf16(array) if kind == "BF16" else array.astype(TYPES[kind]) if kind else array
        raw = stored.tobytes()
        header[name] = {"dtype": kind or names[array.dtype], "shape": list(array.shape), "data_offsets": [at, at + len(raw)]}
        parts.append(raw)
        at += len(raw)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    Path(path).write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def read_weights(folder):
    folder = Path(folder)
    index = folder / "model.safetensors.index.json"
    files = sorted(set(json.loads(index.read_text())["weight_map"].values())) if index.exists() else ["model.safetensors"]
    return {name: array for file in files for name, array in read_safetensors(folder / file).items()}


class Model:
    """A folder's model: `logits(ids)` or `values(ids)` of one row."""

    def __init__(self, folder):
        self.c = c = json.loads((Path(folder) / "config.json").read_text())
        self.w = {name: array.astype(np.float64) for name, array in read_weights(folder).items()}
        self.kind = c["model_type"]
        gpt2 = self.kind == "gpt2"
        self.prefix = next((p for p in ("model.", "transformer.") if any(n.startswith(p) for n in self.w)), "")
        self.heads = c["n_head"] if gpt2 else c["num_attention_heads"]
        self.hidden = c["n_embd"] if gpt2 else c["hidden_size"]
        self.layers = c["n_layer"] if gpt2 else c["num_hidden_layers"]
        self.key_heads = self.heads if gpt2 else c.get("num_key_value_heads") or self.heads
        size = {"qwen3": 128, "gemma": 256, "gemma2": 256, "ernie4_5": 128}.get(self.kind, self.hidden // self.heads)
        self.size = c.get("head_dim") or size
        self.epsilon = c.get("layer_norm_epsilon", c.get("rms_norm_eps", 1e-5 if self.kind == "ernie4_5" else 1e-6))
        self.scale = self.size ** -0.5
        if self.kind == "gemma2":
            self.scale = c.get("query_pre_attn_scalar", 256) ** -0.5
        if gpt2 and not c.get("scale_attn_weights", True):
            self.scale = 1.0

    # ---- parts
    def linear(self, x, name):
        w = self.w[self.prefix + name + ".weight"]
        y = x @ (w if self.kind == "gpt2" else w.T)                              # GPT-2 stores [in, out]
        return y + self.w.get(self.prefix + name + ".bias", 0.0)

    def norm(self, x, name):
        w = self.w[self.prefix + name + ".weight"]
        if self.kind == "gpt2":
            x = x - x.mean(-1, keepdims=True)
            return x / np.sqrt((x ** 2).mean(-1, keepdims=True) + self.epsilon) * w + self.w[self.prefix + name + ".bias"]
        x = x / np.sqrt((x ** 2).mean(-1, keepdims=True) + self.epsilon)
        return x * (1 + w if self.kind.startswith("gemma") else w)

    def frequencies(self):
        c = self.c
        scaling = c.get("rope_parameters") or c.get("rope_scaling") or {}
        theta = scaling.get("rope_theta", c.get("rope_theta", 500000.0 if self.kind == "ernie4_5" else 10000.0))
        f = theta ** (-np.arange(0, self.size, 2) / self.size)
        kind = scaling.get("rope_type", scaling.get("type", "default"))
        if kind == "linear":
            return f / scaling["factor"]
        if kind == "llama3":
            original = scaling.get("original_max_position_embeddings", c.get("original_max_position_embeddings"))
            length = 2 * np.pi / f
            smooth = (original / length - scaling["low_freq_factor"]) / (scaling["high_freq_factor"] - scaling["low_freq_factor"])
            middle = (1 - smooth) * f / scaling["factor"] + smooth * f
            slow, fast = length > original / scaling["low_freq_factor"], length < original / scaling["high_freq_factor"]
            return np.where(slow, f / scaling["factor"], np.where(fast, f, middle))
        return f

    def turn(self, x):
        """x: [heads, T, size]"""
        angle = np.arange(x.shape[1])[:, None] * self.frequencies()              # [T, size / 2]
        cos, sin = np.cos(angle), np.sin(angle)
        y = np.empty_like(x)
        if self.kind == "ernie4_5":                                              # neighbours are pairs
            a, b = x[..., 0::2], x[..., 1::2]
            y[..., 0::2], y[..., 1::2] = a * cos - b * sin, a * sin + b * cos
        else:                                                                    # the halves are
            a, b = np.split(x, 2, -1)
            y[..., :self.size // 2], y[..., self.size // 2:] = a * cos - b * sin, a * sin + b * cos
        return y

    def window(self, layer):
        c = self.c
        types = c.get("layer_types")
        if self.kind in ("qwen2", "qwen3"):
            on = c.get("use_sliding_window", False)
            sliding = types[layer] == "sliding_attention" if types else layer >= c.get("max_window_layers", 28)
            return c.get("sliding_window") if on and sliding else None
        if self.kind == "mistral":
            return c.get("sliding_window", 4096)
        if self.kind == "gemma2":
            sliding = types[layer] == "sliding_attention" if types else layer % 2 == 0
            return c.get("sliding_window", 4096) if sliding else None
        return None

    def attention(self, x, layer, at):
        length = len(x)

        def heads_of(y, count):
            return y.reshape(length, count, self.size).transpose(1, 0, 2)

        if self.kind == "gpt2":
            q, k, v = (heads_of(y, self.heads) for y in np.split(self.linear(x, at + "attn.c_attn"), 3, -1))
        else:
            q = heads_of(self.linear(x, at + "self_attn.q_proj"), self.heads)
            k = heads_of(self.linear(x, at + "self_attn.k_proj"), self.key_heads)
            v = heads_of(self.linear(x, at + "self_attn.v_proj"), self.key_heads)
            if self.kind == "qwen3":
                q, k = self.norm(q, at + "self_attn.q_norm"), self.norm(k, at + "self_attn.k_norm")
            q, k = self.turn(q), self.turn(k)
        k, v = (y.repeat(self.heads // self.key_heads, 0) for y in (k, v))
        score = q @ k.transpose(0, 2, 1) * self.scale
        cap = self.c.get("attn_logit_softcapping", 50.0) if self.kind == "gemma2" else None
        score = cap * np.tanh(score / cap) if cap else score
        distance = np.arange(length)[:, None] - np.arange(length)
        window = self.window(layer)
        seen = (distance >= 0) & (distance < (window or length + 1))
        score = np.where(seen, score, -np.inf)
        share = np.exp(score - score.max(-1, keepdims=True))
        y = (share / share.sum(-1, keepdims=True)) @ v
        return self.linear(y.transpose(1, 0, 2).reshape(length, -1), at + ("attn.c_proj" if self.kind == "gpt2" else "self_attn.o_proj"))

    def feed_forward(self, x, at):
        def gelu(y):
            return 0.5 * y * (1 + np.tanh(np.sqrt(2 / np.pi) * (y + 0.044715 * y ** 3)))

        if self.kind == "gpt2":
            return self.linear(gelu(self.linear(x, at + "mlp.c_fc")), at + "mlp.c_proj")
        gate, up = self.linear(x, at + "mlp.gate_proj"), self.linear(x, at + "mlp.up_proj")
        gate = gelu(gate) if self.kind.startswith("gemma") else gate / (1 + np.exp(-gate))
        return self.linear(gate * up, at + "mlp.down_proj")

    # ---- the whole
    def states(self, ids):
        gpt2 = self.kind == "gpt2"
        x = self.w[self.prefix + ("wte.weight" if gpt2 else "embed_tokens.weight")][ids]
        if gpt2:
            x = x + self.w[self.prefix + "wpe.weight"][:len(ids)]
        if self.kind.startswith("gemma"):
            x = x * float(np.float32(self.hidden ** 0.5))
        for layer in range(self.layers):
            at = f"h.{layer}." if gpt2 else f"layers.{layer}."
            y = self.attention(self.norm(x, at + ("ln_1" if gpt2 else "input_layernorm")), layer, at)
            if self.kind == "gemma2":
                x = x + self.norm(y, at + "post_attention_layernorm")
                y = self.feed_forward(self.norm(x, at + "pre_feedforward_layernorm"), at)
                x = x + self.norm(y, at + "post_feedforward_layernorm")
            else:
                x = x + y
                x = x + self.feed_forward(self.norm(x, at + ("ln_2" if gpt2 else "post_attention_layernorm")), at)
        return self.norm(x, "ln_f" if gpt2 else "norm")

    def logits(self, ids):
        tied = self.c.get("tie_word_embeddings", self.kind in ("gpt2", "gemma", "gemma2", "ernie4_5"))
        name = self.prefix + ("wte.weight" if self.kind == "gpt2" else "embed_tokens.weight") if tied else "lm_head.weight"
        logits = self.states(ids) @ self.w[name].T
        cap = self.c.get("final_logit_softcapping", 30.0) if self.kind == "gemma2" else None
        return cap * np.tanh(logits / cap) if cap else logits

    def values(self, ids):
        return (self.states(ids) @ self.w["score.weight"].T)[:, 0]
