// The search over everything. What is looked for stands in the hash, as with every filter: #q=words.
const field = document.getElementById("search");
const found = document.getElementById("found");
const told = document.querySelector(".search output");
const entries = JSON.parse(document.getElementById("search-entries").textContent)
  .map(([kind, name, href, words]) => ({ kind, name, href, words, low: name.toLowerCase(), all: (name + " " + words).toLowerCase() }));
const most = 40;

function excerpt(entry, words) {
  const low = entry.words.toLowerCase();
  const at = Math.max(0, Math.min(...words.map((word) => low.indexOf(word)).filter((at) => at >= 0), entry.words.length) - 40);
  const text = entry.words.slice(at === entry.words.length - 40 ? 0 : at, at + 160);
  return (at > 0 && text ? "… " : "") + text;
}
function find() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  history.replaceState(null, "", words.length ? "#" + new URLSearchParams({ q: field.value.trim() }) : location.pathname + location.search);
  found.textContent = "";
  told.value = "";
  if (!words.length) return;
  const hits = entries.filter((entry) => words.every((word) => entry.all.includes(word)));
  const rank = (entry) => words.filter((word) => entry.low.includes(word)).length;
  hits.sort((a, b) => rank(b) - rank(a));
  told.value = hits.length > most ? `the first ${most} of ${hits.length}` : `${hits.length} found`;
  for (const entry of hits.slice(0, most)) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = entry.href;
    link.textContent = entry.name;
    const kind = document.createElement("span");
    kind.className = "tag";
    kind.textContent = entry.kind;
    const text = document.createElement("p");
    text.className = "small dim";
    text.textContent = excerpt(entry, words);
    item.append(kind, " ", link, text);
    found.append(item);
  }
}
field.addEventListener("input", find);
field.form.addEventListener("submit", (event) => {
  event.preventDefault();
  found.querySelector("a")?.click();
});
function findFromHash() {
  const asked = new URLSearchParams(location.hash.slice(1)).get("q") ?? "";
  if (asked === field.value.trim()) return;
  field.value = asked;
  find();
}
addEventListener("hashchange", findFromHash);
// A browser that comes back to the page may have kept what was in the field.
if (location.hash) findFromHash();
else if (field.value) find();
