// The settings of the shown runs side by side.
import { ask, element, shownRuns } from "./store.js";
import { text } from "./texts.js";

let onlyDifferent = true;
let place = null;

export function open(view) {
  place = element("div", { class: "scroll" });
  view.append(
    element("div", { class: "controls" }, element("label", {}, element("input", {
      type: "checkbox", checked: onlyDifferent, onchange: event => { onlyDifferent = event.target.checked; update(); },
    }), text("onlyDifferent"))),
    place);
  update();
}

export const close = () => {};
export const redraw = () => {};

export async function update() {
  const runs = shownRuns();
  const settings = await Promise.all(runs.map(run => ask(`api/runs/${run.id}/settings`)));
  const names = [...new Set(settings.flatMap(Object.keys))].sort();
  const differs = name => new Set(settings.map(one => one[name])).size > 1;
  const shown = names.filter(name => runs.length < 2 || !onlyDifferent || differs(name));
  place.replaceChildren(names.length === 0
    ? element("p", { class: "empty" }, text("noSettings"))
    : element("table", {},
      element("thead", {}, element("tr", {}, element("th", { scope: "col" }, text("setting")), ...runs.map(run => element("th", { scope: "col" }, run.name)))),
      element("tbody", {}, ...shown.map(name => element("tr", { class: differs(name) ? "differs" : false },
        element("th", { scope: "row" }, name), ...settings.map(one => element("td", {}, one[name] ?? "")))))));
}
