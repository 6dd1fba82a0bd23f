"""One PPO step as plain PyTorch does it, timed: the yardstick of `bash scripts/gpu_check.sh run` on a machine with a GPU. Proxima itself needs no Python.

The shape is that of Qwen2.5-0.5B with random weights, the step that of docs/performance.md: 16 sequences of 8 + 32 tokens, four models in bfloat16, two passes in
four optimizer steps each. Eager operations, scaled_dot_product_attention, a key/value cache whose memory is taken at once, fused AdamW.

usage: python3 plain_ppo.py FILE      writes {"step_s": median, "rollout_s": …, "score_s": …, "update_s": …}
"""

import json
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

C, L, H, KV, INNER, V = 896, 24, 14, 2, 4864, 151936
D = C // H
SEQUENCES, PROMPT, NEW = 16, 8, 32
PASSES, GROUPS = 2, 4
GAMMA, LAMBDA, KL, CLIP, VALUE_CLIP = 1.0, 0.95, 0.02, 0.2, 5.0
WARM, ROUNDS = 2, 5


class Norm(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(C))

    def forward(self, x):
        wide = x.float()
        return (wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + 1e-5)).to(x.dtype) * self.weight


def turn(x, cosine, sine):
    first, second = x.chunk(2, -1)
    return x * cosine + torch.cat((-second, first), -1) * sine


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = Norm(), Norm()
        self.q, self.k, self.v = (nn.Linear(C, n * D, bias=False) for n in (H, KV, KV))
        self.o = nn.Linear(H * D, C, bias=False)
        self.gate, self.up = nn.Linear(C, INNER, bias=False), nn.Linear(C, INNER, bias=False)
        self.down = nn.Linear(INNER, C, bias=False)

    def forward(self, x, rotation, cache, start):
        B, T, _ = x.shape
        y = self.norm1(x)
        q = turn(self.q(y).view(B, T, H, D).transpose(1, 2), *rotation)
        k = turn(self.k(y).view(B, T, KV, D).transpose(1, 2), *rotation)
        v = self.v(y).view(B, T, KV, D).transpose(1, 2)
        if cache is not None:
            cache[0][:, :, start:start + T], cache[1][:, :, start:start + T] = k, v
            k, v = cache[0][:, :, :start + T], cache[1][:, :, :start + T]
        k, v = k.repeat_interleave(H // KV, 1), v.repeat_interleave(H // KV, 1)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=T > 1)
        x = x + self.o(mixed.transpose(1, 2).reshape(B, T, H * D))
        y = self.norm2(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


class Model(nn.Module):
    def __init__(self, scores):
        super().__init__()
        self.embedding = nn.Embedding(V, C)
        self.layers = nn.ModuleList(Layer() for _ in range(L))
        self.norm = Norm()
        self.score = nn.Linear(C, 1, bias=False) if scores else None
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.normal_(p, std=0.02)

    def states(self, ids, caches=None, start=0):
        places = torch.arange(start, start + ids.shape[1], device=ids.device)[:, None]
        angles = places * 10000.0 ** (-torch.arange(0, D, 2, device=ids.device) / D)
        angles = torch.cat((angles, angles), -1)
        x = self.embedding(ids)
        rotation = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
        for i, layer in enumerate(self.layers):
            x = layer(x, rotation, caches[i] if caches else None, start)
        return self.norm(x)

    def log_probs(self, ids):
        states = self.states(ids)[:, PROMPT - 1:-1]
        logits = F.linear(states, self.embedding.weight).float()
        return logits.log_softmax(-1).gather(-1, ids[:, PROMPT:, None]).squeeze(-1)

    def values(self, ids):
        return self.score(self.states(ids)).float().squeeze(-1)


def model(scores):
    return Model(scores).to("cuda", torch.bfloat16)


@torch.no_grad()
def roll_out(actor, prompts):
    caches = [[torch.empty(SEQUENCES, KV, PROMPT + NEW, D, device="cuda", dtype=torch.bfloat16) for _ in range(2)] for _ in range(L)]
    ids, read = prompts, prompts
    for start in range(PROMPT, PROMPT + NEW):
        states = actor.states(read, caches, start - read.shape[1])[:, -1]
        probabilities = F.linear(states, actor.embedding.weight).float().softmax(-1)
        read = torch.multinomial(probabilities, 1)
        ids = torch.cat((ids, read), 1)
    return ids


@torch.no_grad()
def experience(actor, reference, critic, reward, ids):
    old, ref = actor.log_probs(ids), reference.log_probs(ids)
    values = critic.values(ids)[:, PROMPT - 1:-1]
    rewards = -KL * (old - ref)
    rewards[:, -1] += reward.values(ids)[:, -1].clamp(-10, 10)
    advantages, carried = torch.zeros_like(rewards), 0.0
    for t in reversed(range(NEW)):
        following = values[:, t + 1] if t + 1 < NEW else 0.0
        carried = rewards[:, t] + GAMMA * following - values[:, t] + GAMMA * LAMBDA * carried
        advantages[:, t] = carried
    return old, values, advantages, advantages + values


def update(actor, critic, optimizers, ids, old, old_values, advantages, returns):
    for _ in range(PASSES):
        for rows in torch.randperm(SEQUENCES, device="cuda").chunk(GROUPS):
            ratio = (actor.log_probs(ids[rows]) - old[rows]).exp()
            a = advantages[rows]
            torch.maximum(-a * ratio, -a * ratio.clamp(1 - CLIP, 1 + CLIP)).mean().backward()
            v = critic.values(ids[rows])[:, PROMPT - 1:-1]
            clipped = v.clamp(old_values[rows] - VALUE_CLIP, old_values[rows] + VALUE_CLIP)
            (0.5 * torch.maximum((v - returns[rows]) ** 2, (clipped - returns[rows]) ** 2).mean()).backward()
            for network, optimizer in zip((actor, critic), optimizers):
                nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                optimizer.step()
                optimizer.zero_grad()


def main(path):
    torch.manual_seed(1)
    actor, reference, critic, reward = model(False), model(False), model(True), model(True)
    optimizers = [torch.optim.AdamW(network.parameters(), lr=1e-5, weight_decay=0.0, fused=True) for network in (actor, critic)]
    times = []
    for _ in range(WARM + ROUNDS):
        prompts = torch.randint(0, V, (SEQUENCES, PROMPT), device="cuda")
        torch.cuda.synchronize()
        marks = [time.perf_counter()]
        ids = roll_out(actor, prompts)
        torch.cuda.synchronize()
        marks.append(time.perf_counter())
        old, values, advantages, returns = experience(actor, reference, critic, reward, ids)
        torch.cuda.synchronize()
        marks.append(time.perf_counter())
        update(actor, critic, optimizers, ids, old, values, advantages, returns)
        torch.cuda.synchronize()
        marks.append(time.perf_counter())
        times.append([marks[3] - marks[0], *(after - before for before, after in zip(marks, marks[1:]))])
    medians = [statistics.median(column) for column in zip(*times[WARM:])]
    with open(path, "w", encoding="utf-8") as file:
        json.dump(dict(zip(("step_s", "rollout_s", "score_s", "update_s"), medians)), file)
    print(f"plain PyTorch {torch.__version__}: {medians[0]:.3f} s a PPO step, of which rollout {medians[1]:.3f}, scores {medians[2]:.3f}, update {medians[3]:.3f}")


if __name__ == "__main__":
    main(sys.argv[1])
