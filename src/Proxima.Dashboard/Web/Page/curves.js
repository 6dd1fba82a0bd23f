// The view of all curves, grouped by what stands before the slash.
import { Chart } from "./chart.js";
import { element, shownRuns, store } from "./store.js";
import { text } from "./texts.js";

const order = ["objective", "eval", "policy", "critic", "rollout", "ptx", "sft", "reward", "throughput", "time", "memory"];

let charts = new Map();
let observer = null;
let board = null;

export function open(view) {
  charts = new Map();
  observer = new IntersectionObserver(entries => {
    for (const entry of entries) {
      const chart = charts.get(entry.target.dataset.metric);
      if (chart) {
        chart.visible = entry.isIntersecting;
        chart.draw();
      }
    }
  }, { rootMargin: "200px" });
  const smoothing = element("input", {
    type: "range", id: "smoothing", min: 0, max: .98, step: .02, value: store.smoothing,
    oninput: event => setSmoothing(Number(event.target.value)),
  });
  const filter = element("input", { type: "search", id: "search", value: store.filter, oninput: event => { store.filter = event.target.value; update(); } });
  board = element("div");
  view.append(
    element("div", { class: "controls" },
      element("label", {}, text("smoothing"), smoothing),
      element("label", {}, text("filter"), filter),
      element("button", { onclick: () => zoom(null) }, text("reset")),
      element("span", { class: "legend" }, text("zoomHint"))),
    board);
  update();
}

export function close() {
  observer?.disconnect();
  charts = new Map();
}

export function update() {
  const names = new Set(shownRuns().flatMap(run => [...run.metrics.series.keys()]).filter(name => name.includes(store.filter)));
  const sorted = [...names].sort((a, b) => rank(a) - rank(b));
  if (sorted.join() !== [...charts.keys()].join()) {
    build(sorted);
  }

  for (const [name, chart] of charts) {
    chart.show(shownRuns().filter(run => run.metrics.series.has(name)).map(run => ({ run, ...run.metrics.series.get(name) })));
  }
}

export function redraw() {
  charts.forEach(chart => chart.draw());
}

export function setSmoothing(weight) {
  store.smoothing = Math.min(.98, Math.max(0, weight));
  localStorage.setItem("smoothing", store.smoothing);
  const input = document.getElementById("smoothing");
  if (input) {
    input.value = store.smoothing;
  }

  update();
}

export function zoom(range) {
  store.zoom = range;
  redraw();
}

function hover(step) {
  for (const chart of charts.values()) {
    chart.hover = step;
    if (chart.visible) {
      chart.draw();
    }
  }
}

function build(names) {
  observer.disconnect();
  charts = new Map(names.map(name => [name, new Chart(name, zoom, hover)]));
  board.replaceChildren();
  if (names.length === 0) {
    board.append(element("p", { class: "empty" }, text(store.filter ? "noMetrics" : "waiting")));
  }

  for (const group of new Set(names.map(groupOf))) {
    const grid = element("div", { class: "charts" });
    for (const name of names.filter(name => groupOf(name) === group)) {
      const { figure } = charts.get(name);
      figure.dataset.metric = name;
      grid.append(figure);
      observer.observe(figure);
    }

    board.append(element("section", { class: "group" }, element("h2", {}, group), grid));
  }
}

const groupOf = name => name.split("/")[0];
const rank = name => (order.indexOf(groupOf(name)) + order.length + 1) % (order.length + 1);
