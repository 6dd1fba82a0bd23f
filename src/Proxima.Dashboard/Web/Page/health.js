// The lights: colour, shape and words say the same, so that no one has to tell colours apart.
import { ask, colourOf, element, format, shownRuns } from "./store.js";
import { text } from "./texts.js";

export async function update(place) {
  const open = new Set([...place.querySelectorAll("details[open]")].map(details => details.dataset.light));
  const lights = await Promise.all(shownRuns().map(async run => ({ run, lights: await ask(`api/runs/${run.id}/health`) })));
  place.replaceChildren(...lights.flatMap(({ run, lights }) => lights
    .filter(light => light.level === "watch" || light.level === "alarm" || (light.level === "good" && shownRuns().length === 1))
    .map(light => lightOf(run, light, open))));
}

function lightOf(run, light, open) {
  const key = `${run.id}/${light.id}`;
  const [title, advice] = text(`h_${light.id}`);
  const compared = light.start === null || light.start === undefined
    ? ""
    : ` (${text(light.id === "gold" ? "healthBest" : "healthStart")} ${format(light.start)})`;
  const name = shownRuns().length > 1 ? [element("span", { class: "swatch" }), `${run.name} · `] : [];
  name[0]?.style.setProperty("background", colourOf(run));
  return element("details", { "data-light": key, open: open.has(key) },
    element("summary", {}, element("span", { class: `light ${light.level}`, role: "img", "aria-label": text(`level_${light.level}`) }), ...name, title),
    element("p", {}, `${text(`level_${light.level}`)}: ${text("healthNow")} ${format(light.value)}${compared}. ${light.level === "good" ? "" : advice}`));
}
