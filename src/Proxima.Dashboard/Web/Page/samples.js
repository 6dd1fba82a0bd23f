// The samples browser: a list that is filtered and sorted by the server, and one answer with its tokens coloured.
import { ask, element, format, shownRuns } from "./store.js";
import { text } from "./texts.js";

const query = { text: "", kind: "", prompt: "", sort: "step", descending: true };
const pageSize = 100;
const colourings = {
  ratio: { of: sample => pairs(sample.log_probs, sample.ref_log_probs), twoSided: true },
  advantage: { of: sample => sample.advantages, twoSided: true },
  value: { of: sample => sample.values, twoSided: false },
  logProb: { of: sample => sample.log_probs ?? sample.ref_log_probs, twoSided: false },
};

let chosenRun = null;
let colouring = "ratio";
let rows = [];
let total = 0;
let chosen = null;      // number of the chosen sample
let sample = null;      // all of it
let places = {};
let asked = 0;

export function open(view) {
  const choose = (id, label, value, options, change) => element("label", {}, text(label), select(id, value, options, change));
  places = {
    run: select("run", null, [], value => { chosenRun = value; chosen = null; load(0); }),
    list: element("tbody"), count: element("span", { class: "legend", role: "status" }),
    more: element("button", { onclick: () => load(rows.length) }, text("more")),
    prompt: element("button", { onclick: togglePrompt }, text("samePrompt")),
    answer: element("aside", { class: "answer", "aria-label": text("response") }),
  };
  view.append(
    element("div", { class: "controls" },
      element("label", {}, text("run"), places.run),
      element("label", {}, text("search"), element("input", {
        type: "search", id: "search", value: query.text, oninput: event => { query.text = event.target.value; load(0); },
      })),
      choose("kind", "kind", query.kind, [["", text("all")], ["rollout", text("rollout")], ["reference", text("reference")]], value => { query.kind = value; load(0); }),
      choose("sort", "sort", query.sort, ["step", "score", "kl", "length"].map(key => [key, text(key)]), value => { query.sort = value; load(0); }),
      element("label", {}, element("input", {
        type: "checkbox", checked: query.descending, onchange: event => { query.descending = event.target.checked; load(0); },
      }), text("descending")),
      places.prompt),
    element("div", { class: "two" },
      element("div", {},
        places.count,
        element("div", { class: "scroll" }, element("table", {},
          element("thead", {}, element("tr", {},
            ...["step", "score", "kl", "length"].map(key => element("th", { class: "number", scope: "col" }, text(key))),
            element("th", { scope: "col", class: "wide" }, text("prompt")), element("th", { scope: "col" }, text("response")))),
          places.list)),
        places.more),
      places.answer));
  offerRuns();
  load(0);
}

// The runs to choose from; they may come, and be taken away, while the view is open.
function offerRuns() {
  if (!shownRuns().some(run => run.id === chosenRun)) {
    [chosenRun, chosen, sample] = [shownRuns()[0]?.id ?? null, null, null];
  }

  places.run.replaceChildren(...shownRuns().map(run => element("option", { value: run.id, selected: run.id === chosenRun }, run.name)));
}

export const close = () => {};

// New samples have come: the list is fetched again as long as the reader looks at its beginning.
export function update() {
  offerRuns();
  if (rows.length <= pageSize) {
    load(0);
  }
}

export function next(by) {
  const i = rows.findIndex(row => row.number === chosen);
  const row = rows[Math.min(rows.length - 1, Math.max(0, i + by))];
  if (row) {
    show(row.number);
  }
}

async function load(offset) {
  if (chosenRun === null) {
    return drawList();
  }

  const mine = ++asked;
  const parameters = new URLSearchParams({ ...query, offset, count: pageSize });
  const got = await ask(`api/runs/${chosenRun}/samples?${parameters}`);
  if (mine !== asked) {
    return;
  }

  rows = offset === 0 ? got.rows : [...rows, ...got.rows];
  total = got.total;
  drawList();
  if (chosen === null && rows.length > 0) {
    await show(rows[0].number);
  } else {
    drawAnswer();
  }
}

function drawList() {
  places.count.textContent = `${total} ${text("found")}`;
  places.more.hidden = rows.length >= total;
  places.prompt.textContent = text(query.prompt ? "everyPrompt" : "samePrompt");
  places.prompt.disabled = sample === null && !query.prompt;
  places.list.replaceChildren(...rows.map(row => {
    const line = element("tr", {
      "data-number": row.number, tabindex: 0, "aria-selected": String(row.number === chosen), onclick: () => show(row.number),
      onkeydown: event => { if (event.key === "Enter") { show(row.number); } },
    });
    line.append(
      ...[row.kind === "reference" ? text("reference") : row.step, format(row.score), format(row.kl), row.length].map(cell => element("td", { class: "number" }, String(cell))),
      element("td", { class: "wide" }, row.prompt), element("td", {}, row.response));
    return line;
  }));
  if (rows.length === 0) {
    places.list.append(element("tr", {}, element("td", { colspan: 6, class: "empty" }, text("noSamples"))));
  }
}

async function show(number) {
  chosen = number;
  const mine = chosenRun;
  const got = await ask(`api/runs/${chosenRun}/samples/${number}`);
  const reference = await referenceTo(got);
  if (chosen !== number || chosenRun !== mine) {
    return;
  }

  sample = { ...got, reference };
  for (const line of places.list.querySelectorAll("tr[data-number]")) {
    const isChosen = Number(line.dataset.number) === chosen;
    line.setAttribute("aria-selected", String(isChosen));
    if (isChosen && !line.contains(document.activeElement)) {
      line.scrollIntoView({ block: "nearest" });
    }
  }

  places.prompt.disabled = false;
  drawAnswer();
}

async function referenceTo(answer) {
  if (answer.kind === "reference") {
    return null;
  }

  const parameters = new URLSearchParams({ kind: "reference", prompt: answer.prompt, count: 1 });
  const found = await ask(`api/runs/${chosenRun}/samples?${parameters}`);
  return found.rows[0]?.response ?? null;
}

function togglePrompt() {
  query.prompt = query.prompt ? "" : sample.prompt;
  load(0);
}

function drawAnswer() {
  if (sample === null) {
    places.answer.replaceChildren(element("p", { class: "empty" }, text("choose")));
    return;
  }

  const kl = sample.log_probs ? pairs(sample.log_probs, sample.ref_log_probs).reduce((sum, x) => sum + x, 0) : null;
  const facts = [["step", sample.step], ["score", format(sample.score)], ["kl", format(kl)]]
    .map(([key, value]) => element("li", {}, `${text(key)} `, element("b", {}, String(value))));
  const picker = select("colour", colouring, Object.keys(colourings).map(key => [key, text(key)]), value => { colouring = value; drawAnswer(); });
  places.answer.replaceChildren(
    element("ul", { class: "facts" }, ...facts,
      element("li", {}, `${sample.response_ids.length} ${text("tokens")}, ${text(sample.finished ? "finished" : "cut")}`)),
    element("div", { class: "controls" }, element("label", {}, text("colour"), picker)),
    element("div", { class: "text" }, element("span", { class: "prompt" }, sample.prompt), ...tokens()),
    ...comparison());
}

function tokens() {
  const { of, twoSided } = colourings[colouring];
  const numbers = of(sample);
  const finite = (numbers ?? []).filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const greatest = Math.max(Math.abs(low), Math.abs(high)) || 1;
  return (sample.response_pieces ?? [sample.response]).map((piece, i) => {
    const token = element("span", { class: "token", title: numbers ? titleOf(piece, i) : false }, piece);
    const number = numbers?.[i];
    if (Number.isFinite(number)) {
      const strength = twoSided ? Math.abs(number) / greatest : (high - number) / (high - low || 1);
      const hue = twoSided && number < 0 ? "var(--alarm)" : twoSided ? "var(--good)" : "var(--accent)";
      token.style.setProperty("background", `color-mix(in srgb, ${hue} ${Math.round(45 * strength)}%, transparent)`);
    }

    return token;
  });
}

function titleOf(piece, i) {
  const parts = [["log_probs", "logProb"], ["ref_log_probs", "reference"], ["values", "value"], ["advantages", "advantage"]]
    .filter(([name]) => sample[name])
    .map(([name, label]) => `${text(label)} ${format(sample[name][i])}`);
  return `${JSON.stringify(piece)} ${sample.response_ids[i]}\n${parts.join("\n")}`;
}

function comparison() {
  if (sample.kind === "reference") {
    return [];
  }

  const title = element("h2", {}, text("against"));
  return sample.reference === null
    ? [title, element("p", { class: "legend" }, text("noReference"))]
    : [title, element("p", { class: "text" }, ...difference(sample.reference, sample.response))];
}

// Longest common subsequence of words: what the reference said and the policy does not is struck out.
function difference(before, after) {
  const [a, b] = [words(before), words(after)];
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i][j] = a[i] === b[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }

  const parts = [];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      parts.push(element("span", { class: "same" }, a[i]));
      i++;
      j++;
    } else if (j === b.length || (i < a.length && lengths[i + 1][j] >= lengths[i][j + 1])) {
      parts.push(element("del", { class: "gone" }, a[i++]));
    } else {
      parts.push(element("ins", { class: "added" }, b[j++]));
    }
  }

  return parts;
}

const words = line => (line.match(/\p{Script=Han}|[^\s\p{Script=Han}]+\s*|\s+/gu) ?? []).slice(0, 2000);
const pairs = (ours, reference) => ours?.map((x, i) => x - reference[i]);

function select(id, value, options, change) {
  return element("select", { id, onchange: event => change(event.target.value) },
    ...options.map(([key, label]) => element("option", { value: key, selected: key === value }, label)));
}
