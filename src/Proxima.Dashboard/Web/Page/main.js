// Starts the page: tabs, runs, keys, and the events that say when something new was written.
import * as curves from "./curves.js";
import * as health from "./health.js";
import * as phases from "./phases.js";
import * as samples from "./samples.js";
import * as settings from "./settings.js";
import { colourOf, element, fetchMetrics, isDark, refresh, store } from "./store.js";
import { switchLanguage, text, translate } from "./texts.js";

const views = { curves, samples, phases, settings };
const view = document.getElementById("view");
let current = null;
let refreshing = false;
let again = false;

function open(name) {
  views[current]?.close();
  current = name;
  location.hash = name;
  view.replaceChildren();
  for (const tab of document.querySelectorAll("[role=tab]")) {
    const isCurrent = tab.dataset.view === name;
    tab.setAttribute("aria-selected", String(isCurrent));
    tab.tabIndex = isCurrent ? 0 : -1;
  }

  view.setAttribute("aria-labelledby", `tab-${name}`);
  views[name].open(view);
}

function drawRuns() {
  document.getElementById("runs").replaceChildren(...store.runs.map(run => {
    const swatch = element("span", { class: "swatch" });
    swatch.style.setProperty("background", colourOf(run));
    return element("label", {}, element("input", { type: "checkbox", checked: run.shown, onchange: event => choose(run, event.target.checked) }), swatch, run.name);
  }));
}

async function choose(run, shown) {
  run.shown = shown;
  if (shown) {
    await fetchMetrics(run);
  }

  await update();
}

async function update() {
  tell();
  await health.update(document.getElementById("health"));
  views[current].update();
}

function tell(lost = false) {
  const shown = store.runs.filter(run => run.shown);
  const steps = shown.map(run => `${text("step")} ${run.last_step}${run.max_steps > 0 ? ` ${text("of")} ${run.max_steps}` : ""}`);
  document.getElementById("state").textContent = lost ? text("lost") : store.runs.length === 0 ? text("waiting") : `${text("live")} · ${steps.join(" · ")}`;
}

// One refresh at a time; what comes meanwhile asks for one more.
async function changed() {
  again = true;
  if (refreshing) {
    return;
  }

  refreshing = true;
  try {
    while (again) {
      again = false;
      const before = store.runs.length;
      await refresh();
      if (store.runs.length !== before) {
        drawRuns();
      }

      await update();
    }
  } catch (error) {
    console.warn(error);
    tell(true);
  } finally {
    refreshing = false;
  }
}

function redrawAll() {
  translate(document);
  document.getElementById("runs").setAttribute("aria-label", text("run"));
  document.getElementById("health").setAttribute("aria-label", text("health"));
  drawRuns();
  fillKeys();
  open(current ?? "curves");
  tell();
  health.update(document.getElementById("health"));
}

function switchTheme() {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  localStorage.setItem("theme", theme);
  redrawAll();
}

const keys = [
  ["1 2 3 4", "key_tabs"], ["[ ]", "key_smooth"], ["/", "key_filter"], ["Esc", "key_reset"], ["j k", "key_sample"], ["d", "key_theme"], ["l", "key_language"], ["?", "key_help"],
];

function fillKeys() {
  document.getElementById("keys-list").replaceChildren(...keys.flatMap(([key, meaning]) => [
    element("dt", {}, ...key.split(" ").map(one => element("kbd", {}, one))), element("dd", {}, text(meaning)),
  ]));
}

function press(event) {
  const typing = event.target.matches("input:not([type=checkbox]):not([type=range]), select");
  if (event.ctrlKey || event.metaKey || event.altKey || (typing && event.key !== "Escape")) {
    return;
  }

  const acts = {
    1: () => open("curves"), 2: () => open("samples"), 3: () => open("phases"), 4: () => open("settings"),
    "[": () => curves.setSmoothing(store.smoothing - .1), "]": () => curves.setSmoothing(store.smoothing + .1),
    "/": () => document.getElementById("search")?.focus(),
    Escape: () => (typing ? event.target.blur() : curves.zoom(null)),
    j: () => current === "samples" && samples.next(1), k: () => current === "samples" && samples.next(-1),
    d: switchTheme, l: () => { switchLanguage(); redrawAll(); }, "?": () => document.getElementById("keys").showModal(),
  };
  const act = acts[event.key];
  if (act && !document.getElementById("keys").open) {
    event.preventDefault();
    act();
  }
}

function moveTab(event) {
  const names = Object.keys(views);
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (by) {
    open(names[(names.indexOf(current) + by + names.length) % names.length]);
    document.getElementById(`tab-${current}`).focus();
  }
}

document.documentElement.dataset.theme = localStorage.getItem("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
document.getElementById("tabs").addEventListener("click", event => event.target.dataset.view && open(event.target.dataset.view));
document.getElementById("tabs").addEventListener("keydown", moveTab);
document.getElementById("language").addEventListener("click", () => { switchLanguage(); redrawAll(); });
document.getElementById("theme").addEventListener("click", switchTheme);
document.getElementById("help").addEventListener("click", () => document.getElementById("keys").showModal());
document.addEventListener("keydown", press);
window.addEventListener("resize", () => views[current].redraw?.());
current = location.hash.slice(1) in views ? location.hash.slice(1) : "curves";
redrawAll();

const events = new EventSource("api/events");
events.addEventListener("change", changed);
events.addEventListener("error", () => tell(true));
