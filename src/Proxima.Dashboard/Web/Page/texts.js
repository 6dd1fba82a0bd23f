// Every word of the page in both languages, and which one is shown.

const english = {
  skip: "Skip to the content", curves: "Curves", samples: "Samples", phases: "Phases", settings: "Settings",
  language: "中文", theme: "Dark / light", keys: "Keys", close: "Close",
  waiting: "Waiting for the first line of metrics.jsonl", live: "live", lost: "the server does not answer; trying again", step: "step", of: "of",
  smoothing: "Smoothing", filter: "Metrics with", zoomHint: "Drag over a curve to zoom, double click to see all", reset: "See all",
  noMetrics: "No metric has this in its name.", noSamples: "No samples yet (log_samples_per_step 0 writes none).",
  search: "Text", kind: "Kind", all: "all", rollout: "rollout", reference: "reference", sort: "Sort by", score: "score", kl: "KL", length: "length",
  descending: "greatest first", run: "Run", prompt: "Prompt", response: "Response", more: "Show more", found: "found",
  samePrompt: "Only this prompt", everyPrompt: "Every prompt", colour: "Colour", none: "none", ratio: "log-prob − reference", value: "value", advantage: "advantage", logProb: "log-prob",
  against: "Compared with the reference's answer", noReference: "The reference's answer to this prompt was not logged.",
  finished: "finished", cut: "cut", tokens: "tokens", choose: "Choose a sample to see its tokens.",
  phasesHint: "Seconds of each phase of a step. Move over the picture to read a step.", evaluation: "evaluation", save: "save", update: "update", noPhases: "No times yet.",
  setting: "Setting", onlyDifferent: "Only what differs", noSettings: "There is no run_config.json.",
  healthNow: "now", healthStart: "at the start", healthBest: "best", level_good: "good", level_watch: "worth a look", level_alarm: "probably wrong", level_unknown: "not enough steps yet", health: "Health",
  key_tabs: "curves, samples, phases, settings", key_smooth: "less / more smoothing", key_filter: "go to the search field", key_reset: "see all steps", key_sample: "next / previous sample", key_theme: "dark / light", key_language: "language", key_help: "this list",
  h_kl: ["KL to the reference", "The policy moves away from the reference. If answers get odd, raise kl_coeff, lower learning_rate, or use kl_controller adaptive."],
  h_entropy: ["Entropy", "The policy has become almost certain of each token; it no longer explores. Lower learning_rate, raise kl_coeff, or set a small entropy_coeff."],
  h_length: ["Length", "Answers have changed their length a lot while the score rose: length itself may be what is rewarded. Read samples sorted by length; set max_dec_len or missing_eos_penalty, or mix the function length into the reward."],
  h_critic: ["Critic", "The values explain the returns no better than a constant. Raise critic_learning_rate, give critic_warmup_steps, or check the scale of the rewards (normalize_reward)."],
  h_clip: ["Clipping", "Many ratios leave the clip range: each step changes the policy too much. Lower learning_rate or update_iters, or set target_kl."],
  h_gap: ["Sampler and trainer", "The log-probs of the sampler differ from those of the trainer. Compare temperature and precision of both; try use_fusemt false and bf16 false to find the cause."],
  h_saturation: ["Spread of the scores", "All answers get almost the same score, so there is little to learn from. Check the reward source and clip_range_score; the run may simply have finished."],
  h_diversity: ["Variety", "Answers repeat the same pairs of tokens. Raise kl_coeff or temperature; read samples for a phrase that the reward likes."],
  h_skipped: ["Skipped steps", "Losses or gradients were not finite and optimizer steps were left out. Lower learning_rate; look for null in the metrics."],
  h_gold: ["Gold metric", "The gold metric has fallen from its best while the training reward rose: the reward model is being exploited. Take the checkpoint of the best gold metric, raise kl_coeff, stop earlier."],
};

const chinese = {
  skip: "跳到内容", curves: "曲线", samples: "样本", phases: "阶段", settings: "设置",
  language: "English", theme: "深色 / 浅色", keys: "快捷键", close: "关闭",
  waiting: "等待 metrics.jsonl 的第一行", live: "实时", lost: "服务器没有响应,正在重试", step: "步", of: "/",
  smoothing: "平滑", filter: "指标名含有", zoomHint: "在曲线上拖动放大,双击恢复", reset: "查看全部",
  noMetrics: "没有名字含有它的指标。", noSamples: "还没有样本(log_samples_per_step 为 0 时不写)。",
  search: "文字", kind: "种类", all: "全部", rollout: "采样", reference: "参考模型", sort: "排序", score: "得分", kl: "KL", length: "长度",
  descending: "从大到小", run: "运行", prompt: "提示", response: "回答", more: "显示更多", found: "条",
  samePrompt: "只看这个提示", everyPrompt: "所有提示", colour: "着色", none: "无", ratio: "对数概率 − 参考", value: "价值", advantage: "优势", logProb: "对数概率",
  against: "与参考模型的回答比较", noReference: "没有记录参考模型对这个提示的回答。",
  finished: "已结束", cut: "被截断", tokens: "个词元", choose: "选一条样本查看每个词元。",
  phasesHint: "每一步各阶段的秒数。移到图上可读某一步。", evaluation: "评估", save: "保存", update: "更新", noPhases: "还没有时间数据。",
  setting: "设置项", onlyDifferent: "只看不同的", noSettings: "没有 run_config.json。",
  healthNow: "现在", healthStart: "开始时", healthBest: "最好", level_good: "正常", level_watch: "值得看看", level_alarm: "很可能有问题", level_unknown: "步数还不够", health: "健康",
  key_tabs: "曲线、样本、阶段、设置", key_smooth: "减弱 / 加强平滑", key_filter: "到搜索框", key_reset: "查看所有步", key_sample: "下一条 / 上一条样本", key_theme: "深色 / 浅色", key_language: "语言", key_help: "本列表",
  h_kl: ["与参考模型的 KL", "策略正在远离参考模型。如果回答变得奇怪,请提高 kl_coeff、降低 learning_rate,或用 kl_controller adaptive。"],
  h_entropy: ["熵", "策略对每个词元几乎都已确定,不再探索。请降低 learning_rate、提高 kl_coeff,或设一个小的 entropy_coeff。"],
  h_length: ["长度", "得分上升的同时回答长度变化很大:被奖励的可能就是长度。请按长度排序看样本;设置 max_dec_len 或 missing_eos_penalty,或在奖励里加入 length 函数。"],
  h_critic: ["价值模型", "价值对回报的解释不比常数好。请提高 critic_learning_rate、设置 critic_warmup_steps,或检查奖励的尺度(normalize_reward)。"],
  h_clip: ["裁剪", "很多比值超出裁剪范围:每步改动太大。请降低 learning_rate 或 update_iters,或设置 target_kl。"],
  h_gap: ["采样与训练", "采样器与训练器的对数概率不一致。请比较两者的温度和精度;试 use_fusemt false 与 bf16 false 找原因。"],
  h_saturation: ["得分的离散", "所有回答得分几乎相同,没有多少可学。请检查奖励来源和 clip_range_score;也可能训练已经完成。"],
  h_diversity: ["多样性", "回答重复相同的词元对。请提高 kl_coeff 或 temperature;在样本里找奖励偏爱的短语。"],
  h_skipped: ["跳过的步", "损失或梯度不是有限数,优化步被跳过。请降低 learning_rate;在指标里找 null。"],
  h_gold: ["黄金指标", "训练奖励上升时黄金指标从最好处下降:奖励模型正在被利用。请取黄金指标最好的检查点、提高 kl_coeff、更早停止。"],
};

const texts = { en: english, zh: chinese };
let language = localStorage.getItem("language") ?? (navigator.language.startsWith("zh") ? "zh" : "en");

export const text = key => texts[language][key];
export const currentLanguage = () => language;

export function switchLanguage() {
  language = language === "en" ? "zh" : "en";
  localStorage.setItem("language", language);
}

// Writes the words into everything that carries data-text.
export function translate(root) {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const element of root.querySelectorAll("[data-text]")) {
    element.textContent = text(element.dataset.text);
  }
}
