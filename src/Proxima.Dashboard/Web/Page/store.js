// What the page knows: the runs, which of them are shown, and their metrics in columns.

const colours = {
  light: ["#0b5cd5", "#bc4c00", "#1a7f37", "#8250df", "#cf222e", "#0e7490", "#7d4e00", "#bf3989"],
  dark: ["#4493f8", "#f0883e", "#3fb950", "#ab7df8", "#f85149", "#39c5cf", "#d29922", "#db61a2"],
};

export const store = {
  runs: [],            // { id, name, last_step, max_steps, shown, colour, metrics }
  zoom: null,          // [first step, last step], or all
  smoothing: Number(localStorage.getItem("smoothing") ?? 0),
  filter: "",
};

export const shownRuns = () => store.runs.filter(run => run.shown);
export const isDark = () => document.documentElement.dataset.theme === "dark";
export const colourOf = run => colours[isDark() ? "dark" : "light"][run.index % 8];

export async function ask(path) {
  const response = await fetch(path);
  if (!response.ok) {
    throw new Error(`${path}: ${response.status}`);
  }

  return response.json();
}

// Learns of new runs, keeps what is known of the old ones, and fetches the new points of those that are shown.
export async function refresh() {
  const known = new Map(store.runs.map(run => [run.id, run]));
  const found = await ask("api/runs");
  store.runs = found.map((run, index) => Object.assign(known.get(run.id) ?? { shown: index < 4, metrics: emptyMetrics() }, run, { index }));
  await Promise.all(shownRuns().map(fetchMetrics));
}

export async function fetchMetrics(run) {
  const had = run.metrics;
  const got = await ask(`api/runs/${run.id}/metrics?generation=${had.generation}&after=${had.lines}`);
  const series = got.generation === had.generation ? had.series : new Map();
  for (const [name, points] of Object.entries(got.series)) {
    const column = series.get(name) ?? { steps: [], values: [] };
    for (let i = 0; i < points.steps.length; i++) {
      column.steps.push(points.steps[i]);
      column.values.push(points.values[i] ?? NaN);
    }

    series.set(name, column);
  }

  run.metrics = { generation: got.generation, lines: got.lines, series };
}

function emptyMetrics() {
  return { generation: -1, lines: 0, series: new Map() };
}

// Exponential mean that starts without a bias (as Adam's moments do); gaps are passed over.
export function smooth(values, weight) {
  if (weight === 0) {
    return values;
  }

  let mean = 0;
  let share = 0;
  return values.map(value => {
    if (!Number.isFinite(value)) {
      return NaN;
    }

    mean = weight * mean + (1 - weight) * value;
    share = weight * share + (1 - weight);
    return mean / share;
  });
}

export function format(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) {
    return "–";
  }

  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) {
      made.addEventListener(key.slice(2), value);
    } else if (value === true) {
      made.setAttribute(key, "");
    } else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(key, value);
    }
  }

  made.append(...children);
  return made;
}
