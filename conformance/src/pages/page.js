"use strict";

// The theme: that of the system until somebody chooses the other one.
for (const button of document.querySelectorAll("[data-toggle-theme]")) {
  button.addEventListener("click", () => {
    const root = document.documentElement;
    const now = root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* It lasts as long as the page. */ }
  });
}

// Ids that are links to where they stand.
for (const link of document.querySelectorAll("a.id:not([href])")) {
  link.href = "#" + link.closest("[id]").id;
}

// Lines to be copied.
for (const line of document.querySelectorAll(".command")) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.copy = "";
  button.textContent = "copy";
  line.append(button);
}
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const code = button.parentElement.querySelector("code");
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "copied";
  } catch {
    getSelection().selectAllChildren(code);
    button.textContent = "selected";
  }
  setTimeout(() => { button.textContent = before; }, 1500);
});

// What a link leads to may be folded, or left out by the filter.
const filter = document.querySelector("form[data-filter]");
function reveal(id) {
  const target = document.getElementById(id);
  if (!target) return;
  if (filter && target.closest("[data-item][hidden], [data-group][hidden]")) {
    clear();
    apply();
  }
  for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  target.scrollIntoView();
}

// The filter of the list whose id is in data-filter. An item is shown if it has one of the values
// chosen of each facet, and all words. What is chosen stands in the hash: #q=words&status=failed.
const list = filter && document.getElementById(filter.dataset.filter);
const items = list ? [...list.querySelectorAll("[data-item]")] : [];
const groups = list ? [...list.querySelectorAll("[data-group]")] : [];
const facets = filter ? [...new Set([...filter.elements].map((e) => e.name).filter((name) => name && name !== "q"))] : [];
const texts = new WeakMap();
function textOf(item) {
  let text = texts.get(item);
  if (text === undefined) texts.set(item, text = (item.id + " " + item.textContent).toLowerCase());
  return text;
}
function chosen() {
  const params = new URLSearchParams();
  for (const [name, value] of new FormData(filter)) if (value.trim()) params.append(name, value.trim());
  return params;
}
function clear() {
  for (const field of filter.elements) {
    if (field.type === "checkbox") field.checked = false;
    else if (field.name) field.value = "";
  }
}
function apply() {
  const params = chosen();
  const words = (params.get("q") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = facets.map((name) => [name, params.getAll(name)]).filter(([, values]) => values.length);
  let shown = 0;
  for (const item of items) {
    const fits = wanted.every(([name, values]) => {
      const has = (item.dataset[name] ?? "").split(" ");
      return values.some((value) => has.includes(value));
    }) && words.every((word) => textOf(item).includes(word));
    item.hidden = !fits;
    shown += fits;
  }
  for (const group of groups) group.hidden = !group.querySelector("[data-item]:not([hidden])");
  const count = filter.querySelector("output");
  const unit = filter.dataset.unit && ` ${filter.dataset.unit}`;
  if (count) count.value = (shown === items.length ? `all ${shown}` : `${shown} of ${items.length}`) + unit;
  const none = document.querySelector("[data-none]");
  if (none) none.hidden = shown > 0;
  const reset = filter.querySelector("[type=reset]");
  if (reset) reset.hidden = params.size === 0;
}
function fromHash() {
  const hash = location.hash.slice(1);
  if (filter && hash.includes("=")) {
    const params = new URLSearchParams(hash);
    clear();
    for (const field of filter.elements) {
      if (field.type === "checkbox") field.checked = params.getAll(field.name).includes(field.value);
      else if (field.name) field.value = params.get(field.name) ?? "";
    }
    apply();
    filter.scrollIntoView();
  } else if (hash) {
    let id = hash;
    try { id = decodeURIComponent(hash); } catch { /* It is no link of this page. */ }
    reveal(id);
  }
}
if (filter) {
  const changed = () => {
    apply();
    const hash = chosen().toString();
    history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search);
  };
  filter.addEventListener("input", changed);
  filter.addEventListener("submit", (event) => event.preventDefault());
  filter.addEventListener("reset", (event) => {
    event.preventDefault();
    clear();
    changed();
    filter.elements.q?.focus();
  });
  for (const button of document.querySelectorAll("[data-open]")) {
    button.addEventListener("click", () => {
      const open = button.dataset.open === "all";
      for (const item of items) if (item.tagName === "DETAILS" && !item.hidden) item.open = open;
    });
  }
  apply();
}
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  const field = document.querySelector("input[type=search]");
  if (field) { event.preventDefault(); field.focus(); }
});
addEventListener("hashchange", fromHash);
fromHash();
