"use strict";
// What is text in the data stays text: nodes are made, markup is never parsed.
const element = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

// The exact value of a cell, as in its CSV; where it is the text shown, less the commas of a number, it is not repeated.
const exact = (cell) =>
  cell.dataset.v ?? (cell.classList.contains("n") ? cell.textContent.replaceAll(",", "") : cell.textContent);
const count = (n) => n.toLocaleString("en-US");

// A word of a filter: part of a text, or a comparison (>1000, <=2024-06-30) that some number or day of the row must meet.
const test = (word) => {
  const [, sign, value] = word.match(/^(<=|>=|<|>|=)(.+)$/) ?? [];
  const isDay = /^\d{4}-\d\d-\d\d$/.test(value);
  const wanted = isDay ? value : Number(value?.replaceAll(",", ""));
  if (Number.isNaN(wanted)) return (cells) => cells.some((c) => !c.isHidden && (c.shown.includes(word) || c.exact.toLowerCase().includes(word)));
  const meets = { "<": (x) => x < wanted, "<=": (x) => x <= wanted, ">": (x) => x > wanted, ">=": (x) => x >= wanted, "=": (x) => x === wanted }[sign];
  return (cells) =>
    cells.some((c) => !c.isHidden && c.exact !== "" && (isDay ? c.kind === "d" && meets(c.exact.slice(0, 10)) : c.kind === "n" && meets(Number(c.exact))));
};

// Gives a table its filter, its copy button and headings that sort.
const enhance = (region) => {
  const table = region.querySelector("table");
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  const kind = (at) => (heads[at].classList.contains("n") ? "n" : heads[at].classList.contains("d") ? "d" : "");
  const rows = [...body.rows].map((row) => ({
    row,
    isRest: row.classList.contains("rest"),
    cells: [...row.cells].map((cell, at) => ({ shown: cell.textContent.toLowerCase(), exact: exact(cell), kind: kind(at), isHidden: cell.hidden })),
  }));
  const all = table.dataset.all ?? count(rows.length);
  const filter = element("input", { type: "search", placeholder: "text, >1000, <=2024-06-30", size: 26, autocomplete: "off" });
  const copy = element("button", { type: "button", textContent: "Copy as CSV" });
  const status = element("output");
  status.setAttribute("aria-live", "polite");
  const say = (more = "") => {
    const left = rows.filter(({ row }) => !row.hidden).length;
    const of = all === count(rows.length) ? "" : ` of ${all}: all are in ${table.dataset.csv}`;
    status.textContent = (left === rows.length ? "" : `${count(left)} of `) + `${count(rows.length)} row${rows.length === 1 ? "" : "s"}` + of + more;
  };

  filter.addEventListener("input", () => {
    const tests = filter.value.toLowerCase().split(/\s+/).filter(Boolean).map(test);
    for (const { row, cells } of rows) row.hidden = !tests.every((passes) => passes(cells));
    // Totals are of all rows, and would be taken for those of the rows left.
    if (table.tFoot) table.tFoot.hidden = tests.length > 0;
    say(table.tFoot && tests.length ? "; totals are of all rows and not shown" : "");
  });

  copy.addEventListener("click", async () => {
    const field = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const shown = [...body.rows].filter((row) => !row.hidden);
    const lines = [heads.map((head) => head.dataset.name), ...shown.map((row) => [...row.cells].map(exact))];
    const text = lines.map((fields) => fields.map(field).join(",") + "\n").join("");
    try {
      await navigator.clipboard.writeText(text);
      say("; copied");
    } catch {
      // A browser that keeps the clipboard from a page of a file still copies what is selected.
      const area = element("textarea", { value: text });
      document.body.append(area);
      area.select();
      const isDone = document.execCommand("copy");
      area.remove();
      copy.focus();
      say(isDone ? "; copied" : `; this browser did not let the page copy: take ${table.dataset.csv}`);
    }
  });

  const sort = (at) => {
    const was = heads[at].getAttribute("aria-sort");
    const next = was === "ascending" ? "descending" : was === "descending" ? null : "ascending";
    for (const head of heads) head.removeAttribute("aria-sort");
    if (next) heads[at].setAttribute("aria-sort", next);
    const sign = next === "descending" ? -1 : 1;
    // Buckets and states have an order of their own, which a column beside them tells.
    const numbered = heads.findIndex((head) => head.dataset.name === `${heads[at].dataset.name}_no`);
    const by = numbered < 0 ? at : numbered;
    const value = ({ cells }) => (kind(by) === "n" ? Number(cells[by].exact) : cells[by].exact);
    const compare = (a, b) => (kind(by) === "" ? a.localeCompare(b, "en") : a < b ? -1 : a > b ? 1 : 0);
    // Rows without a value, and the row for those left out, stay last whichever way.
    const rank = (row) => (row.isRest ? 2 : row.cells[at].exact === "" ? 1 : 0);
    const sorted = next ? [...rows].sort((a, b) => rank(a) - rank(b) || sign * compare(value(a), value(b))) : rows;
    body.append(...sorted.map(({ row }) => row));
  };
  heads.forEach((head, at) => {
    const button = element("button", { type: "button" }, ...head.childNodes);
    button.addEventListener("click", () => sort(at));
    head.append(button);
  });

  region.before(element("div", { className: "tools" }, element("label", {}, "Filter ", filter), copy, status));
  say();
};
for (const region of document.querySelectorAll(".table")) enhance(region);

// From a row to the rows behind it.
const openRows = ({ anchor, levels }) => {
  const section = document.getElementById(anchor);
  const table = section?.querySelector("table");
  if (!table) return;
  const key = (values) => values.join("\u001f");
  for (const level of levels) level.byKey = new Map(level.groups.map(([values, rows, rest]) => [key(values), { rows, rest }]));
  const panel = element("div", { className: "drill", hidden: true });
  section.querySelector(".more, .notes")?.before(panel);

  // Makes the cell of what is chosen a button, in every row behind which there are rows.
  const link = (row, values, depth, open) => {
    const level = levels[depth];
    if (!level) return null;
    const cells = level.keys.map((name) => values[name]);
    const wanted = cells.map((cell) => cell && exact(cell));
    if (!level.byKey.has(key(wanted))) return null;
    const cell = values[level.keys.at(-1)];
    const button = element("button", { type: "button", className: "open" }, ...cell.childNodes);
    button.addEventListener("click", () => open(wanted, cells.map((cell) => cell.textContent)));
    cell.append(button);
    return button;
  };

  const cell = (tag, value, kind) => {
    const [text, full] = Array.isArray(value) ? value : [value];
    const made = element(tag, { textContent: text, className: kind });
    if (full !== undefined) made.dataset.v = full;
    return made;
  };

  // Shows the rows behind the one whose values are `path`, which read as `said`; `back` goes to the level before.
  const show = (depth, path, said, back) => {
    const level = levels[depth];
    const { rows, rest } = level.byKey.get(key(path));
    const heads = level.columns.map(([name, title, kind]) => {
      const head = cell("th", title, kind);
      head.scope = "col";
      head.dataset.name = name;
      return head;
    });
    const body = element("tbody");
    for (const values of rest ? [...rows, rest] : rows) {
      const cells = values.map((value, at) => cell(at ? "td" : "th", value, level.columns[at][2]));
      cells[0].scope = "row";
      const row = element("tr", { className: values === rest ? "rest" : "" }, ...cells);
      body.append(row);
      if (values === rest) continue;
      const named = Object.fromEntries(level.columns.map(([name], at) => [name, cells[at]]));
      level.keys.forEach((name, at) => (named[name] ??= cell("td", [said[at], path[at]], "")));
      link(row, named, depth + 1, (next, words) => show(depth + 1, next, words, () => show(depth, path, said, back)));
    }
    const title = `${level.title}: ${said.join(" · ")}`;
    const heading = element("h3", { textContent: title, tabIndex: -1 });
    const close = element("button", { type: "button", textContent: depth ? "Back" : "Close" });
    close.addEventListener("click", back);
    const made = element("table", {}, element("caption", { textContent: title }), element("thead", {}, element("tr", {}, ...heads)), body);
    const region = element("div", { className: "table first", tabIndex: 0, role: "region", ariaLabel: title }, made);
    made.dataset.csv = level.csv;
    panel.replaceChildren(element("div", { className: "bar" }, heading, close), region);
    panel.hidden = false;
    enhance(region);
    heading.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
  };

  const names = [...table.tHead.rows[0].cells].map((head) => head.dataset.name);
  const amount = names.indexOf(levels[0].largestBy);
  const buttons = [...table.tBodies[0].rows].map((row) => {
    const named = Object.fromEntries(names.map((name, at) => [name, row.cells[at]]));
    const tip = `${named[levels[0].keys.at(-1)].textContent}: ${row.cells[amount]?.textContent}`;
    const button = link(row, named, 0, (path, said) =>
      show(0, path, said, () => {
        panel.hidden = true;
        button.focus();
      }));
    return { tip, button };
  });
  // Bars stand in the order of the rows, and each says which row it is.
  for (const svg of section.querySelectorAll("figure svg")) {
    let from = 0;
    for (const bar of svg.querySelectorAll("rect > title")) {
      const at = buttons.findIndex(({ tip }, place) => place >= from && tip === bar.textContent);
      if (at < 0 || !buttons[at].button) continue;
      from = at + 1;
      bar.parentNode.classList.add("open");
      bar.parentNode.addEventListener("click", () => buttons[at].button.click());
    }
  }
};
const data = document.getElementById("drill-data");
if (data) openRows(JSON.parse(data.textContent));
