// Where the time of each step goes: one bar a step, one colour a phase.
import { lowerBound } from "./chart.js";
import { element, format, isDark, shownRuns } from "./store.js";
import { text } from "./texts.js";

const phases = [["rollout", "time/rollout_s"], ["score", "time/score_s"], ["update", "time/update_s"], ["evaluation", "time/eval_s"], ["save", "time/save_s"]];
const colours = { light: ["#0b5cd5", "#8250df", "#bc4c00", "#1a7f37", "#59636e"], dark: ["#4493f8", "#ab7df8", "#f0883e", "#3fb950", "#9198a1"] };

let place = null;

export function open(view) {
  place = element("div");
  const legend = element("p", { class: "legend" }, ...phases.flatMap(([key], i) => {
    const swatch = element("span", { class: "swatch" });
    swatch.style.setProperty("background", palette()[i]);
    return [swatch, text(key)];
  }));
  view.append(element("p", { class: "legend" }, text("phasesHint")), legend, place);
  update();
}

export const close = () => {};

export function update() {
  place.replaceChildren(...shownRuns().map(timeline));
  if (!shownRuns().some(run => run.metrics.series.has("time/update_s"))) {
    place.replaceChildren(element("p", { class: "empty" }, text("noPhases")));
  }

  redraw();
}

export function redraw() {
  place.querySelectorAll("canvas").forEach(canvas => canvas.draw());
}

const palette = () => colours[isDark() ? "dark" : "light"];

function timeline(run) {
  const canvas = element("canvas", { role: "img" });
  const reading = element("span");
  const main = run.metrics.series.get("time/update_s");
  canvas.draw = () => main && draw(canvas, run, main.steps);
  const tell = step => {
    reading.textContent = `${text("step")} ${step}: ${phases
      .map(([key, metric]) => [key, at(run, metric, step)])
      .filter(([, seconds]) => seconds > 0)
      .map(([key, seconds]) => `${text(key)} ${format(seconds)} s`).join(", ")}`;
    canvas.setAttribute("aria-label", `${run.name}: ${reading.textContent}`);
  };
  if (main) {
    tell(main.steps.at(-1));
    canvas.addEventListener("pointermove", event => {
      const i = Math.floor(event.offsetX / canvas.clientWidth * main.steps.length);
      tell(main.steps[Math.min(main.steps.length - 1, Math.max(0, i))]);
    });
  }

  return element("figure", { class: "chart" }, element("figcaption", {}, element("b", {}, run.name), reading), canvas);
}

// With more steps than columns, a column shows the mean over its steps.
function draw(canvas, run, steps) {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const columns = Math.min(steps.length, Math.floor(width));
  const bars = Array.from({ length: columns }, (_, c) => {
    const [from, to] = [Math.floor(c * steps.length / columns), Math.floor((c + 1) * steps.length / columns)];
    return phases.map(([, metric]) => {
      let sum = 0;
      for (let i = from; i < to; i++) {
        sum += at(run, metric, steps[i]);
      }

      return sum / (to - from);
    });
  });
  const sums = bars.map(bar => bar.reduce((a, b) => a + b, 0));
  const top = [...sums].sort((a, b) => a - b)[Math.floor(sums.length * .98)] * 1.05 || 1;
  const gap = width / columns > 4 ? 1 : 0;
  bars.forEach((bar, c) => {
    let y = height;
    bar.forEach((seconds, i) => {
      const size = seconds / top * height;
      pen.fillStyle = palette()[i];
      pen.fillRect(c * width / columns, y - size, width / columns - gap, size);
      y -= size;
    });
  });
}

function at(run, metric, step) {
  const series = run.metrics.series.get(metric);
  if (!series) {
    return 0;
  }

  const i = lowerBound(series.steps, step);
  return series.steps[i] === step ? series.values[i] || 0 : 0;
}
