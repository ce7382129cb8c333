// What is checked inside of a page; each part gives back what is wrong, in words.
(() => {
  const wrong = [];
  const say = (text) => { if (wrong.length < 12) wrong.push(text); };
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const seen = (element) => element.getClientRects().length > 0;
  const name = (element) => {
    const id = element.id ? `#${element.id}` : "";
    const words = element.textContent.trim().replace(/\s+/g, " ").slice(0, 40);
    return `<${element.tagName.toLowerCase()}${id} class="${element.getAttribute("class") ?? ""}"> ${words}`;
  };
  const follow = async (hash) => {
    const changed = location.hash !== hash && new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));
    location.hash = hash;
    await changed;
  };

  return {
    // The parts that every page has, and that what can be used has a name.
    form() {
      const html = document.documentElement;
      if (document.doctype === null || !html.lang) say("no doctype or no lang");
      if (!document.title.trim()) say("no title");
      if (all("h1").length !== 1) say(`${all("h1").length} h1`);
      if (all("main").length !== 1) say(`${all("main").length} main`);
      if (!document.querySelector("main h1")) say("the h1 is not in main");
      const ids = new Set();
      for (const { id } of all("[id]")) {
        if (ids.has(id)) say(`two elements have the id ${id}`);
        ids.add(id);
      }
      for (const element of all("a[href], button, summary, input, select, [role=img], [role=region]")) {
        const label = element.getAttribute("aria-label") ?? element.textContent;
        const labelled = [...element.labels ?? []].some((other) => other.textContent.trim());
        if (!label.trim() && !labelled) say(`without a name: ${name(element)}`);
      }
      for (const image of all("img:not([alt])")) say(`without alt: ${name(image)}`);
      const skip = document.querySelector("a");
      if (skip?.getAttribute("href") !== "#main") say("the first link does not skip to the content");
      let last = 1;
      for (const heading of all("h1, h2, h3, h4, h5, h6")) {
        const level = Number(heading.tagName[1]);
        if (level > last + 1) say(`a level is left out before ${name(heading)}`);
        last = level;
      }
      return wrong;
    },

    // What links lead to: places of this page that are not there, and other files with their places.
    links() {
      const form = document.querySelector("form[data-filter]");
      const others = new Set();
      for (const link of all("a[href]")) {
        const href = link.getAttribute("href");
        if (/^https?:/.test(href) || href === "#") { if (href === "#") say(`leads nowhere: ${name(link)}`); continue; }
        if (!href.startsWith("#")) { others.add(href); continue; }
        const hash = href.slice(1);
        if (hash.includes("=")) {
          for (const [facet, value] of new URLSearchParams(hash)) {
            const fields = form ? all(`[name="${CSS.escape(facet)}"]`, form) : [];
            const has = facet === "q" && fields.length > 0 || fields.some((field) =>
              field.value === value || all("option", field).some((option) => option.value === value));
            if (!has) say(`${href} chooses what the filter does not have`);
          }
        } else if (!document.getElementById(decodeURIComponent(hash))) {
          say(`${href} is not there`);
        }
      }
      return { wrong, others: [...others] };
    },

    // Whether each link to a place shows it, folded or filtered as it may be; some of many.
    async places() {
      const places = [...new Set(all("a[href^='#']").map((link) => link.getAttribute("href")))];
      const step = Math.max(1, Math.floor(places.length / 25));
      for (let at = 0; at < places.length; at += step) {
        const id = decodeURIComponent(places[at].slice(1));
        const target = document.getElementById(id);
        if (!target) continue;
        await follow(places[at]);
        if (!seen(target)) say(`${places[at]} does not show what it leads to`);
      }
      return wrong;
    },

    // Whether the filter shows as many items as it promises, keeps its state in the hash, and takes
    // it from there; how many items there are.
    async filter() {
      const form = document.querySelector("form[data-filter]");
      if (!form) return { wrong, items: 0 };
      const items = all("[data-item]", document.getElementById(form.dataset.filter));
      const shown = () => items.filter((item) => !item.hidden).length;
      const changed = () => form.dispatchEvent(new Event("input", { bubbles: true }));
      for (const box of all("input[type=checkbox]", form)) {
        const count = Number(box.parentElement.querySelector("b").textContent);
        box.click();
        if (shown() !== count) say(`${box.name}=${box.value} shows ${shown()}, not ${count}`);
        if (location.hash !== `#${box.name}=${box.value}`) say(`${box.name}=${box.value} is not in ${location.hash}`);
        box.click();
        if (shown() !== items.length || location.hash) say(`${box.name}=${box.value} does not go away`);
        await follow(`#${box.name}=${box.value}`);
        if (!box.checked || shown() !== count) say(`${location.hash} is not taken from the address`);
        form.querySelector("[type=reset]").click();
      }
      for (const menu of all("select", form)) for (const option of all("option", menu)) {
        if (!option.value) continue;
        const count = Number(option.textContent.match(/\((\d+)\)$/)[1]);
        menu.value = option.value;
        changed();
        if (shown() !== count) say(`${menu.name}=${option.value} shows ${shown()}, not ${count}`);
        menu.value = "";
      }
      const field = form.elements.q;
      const search = (words) => { field.value = words; changed(); return shown(); };
      if (search("no such words zzz") !== 0) say("a search for nothing finds something");
      if (!seen(document.querySelector("[data-none]") ?? form)) say("nobody says that nothing was found");
      const last = items.at(-1);
      if (last) {
        const words = (last.id || last.textContent.trim().split(/\s+/)[0]).toUpperCase();
        if (search(words) < 1 || last.hidden) say(`a search for ${words} does not find it`);
        search("no such words zzz");
        if (last.id) {
          await follow(`#${encodeURIComponent(last.id)}`);
          if (!seen(last)) say(`#${last.id} does not show what the filter has left out`);
        }
      }
      search("");
      if (shown() !== items.length) say("without words not all is shown");
      return { wrong, items: items.length };
    },

    // Whether the search over everything finds something, and keeps what is looked for in the hash.
    async search() {
      const field = document.getElementById("search");
      if (!field) return wrong;
      const search = (words) => { field.value = words; field.dispatchEvent(new Event("input", { bubbles: true })); };
      const found = () => document.querySelectorAll("#found a").length;
      search("player volume");
      if (!found()) say("a search for player volume finds nothing");
      if (location.hash !== "#q=player+volume") say(`a search is not in ${location.hash}`);
      search("no such words zzz");
      if (found()) say("a search for nothing finds something");
      await follow("#q=session");
      if (field.value !== "session" || !found()) say("what is looked for is not taken from the address");
      search("");
      if (found() || location.hash) say("a search does not go away");
      return wrong;
    },

    // Whether a page that was opened with #q=session looks for it.
    searched() {
      const field = document.getElementById("search");
      if (field.value !== "session" || !document.querySelector("#found a")) say("#q=session is lost when the page is opened");
      return wrong;
    },

    // Whether everything fits the width, with all that folds open.
    fits() {
      for (const details of all("details")) details.open = true;
      const width = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth > width) {
        const wide = all("body *").filter((element) => element.getBoundingClientRect().right > width + 1);
        const scrolls = (element) => {
          for (let at = element.parentElement; at; at = at.parentElement) {
            if (getComputedStyle(at).overflowX !== "visible") return true;
          }
          return false;
        };
        const first = wide.find((element) => !scrolls(element));
        say(`${document.documentElement.scrollWidth} px wide, the window has ${width}: ${first ? name(first) : "?"}`);
      }
      return wrong;
    },

    // Texts whose contrast with what is behind them is below 4.5 (3 for large ones), one of each kind.
    contrast() {
      const parse = (color) => {
        const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number);
        return color.startsWith("color(") ? [r * 255, g * 255, b * 255, a] : [r, g, b, a];
      };
      const luminance = (color) => {
        const [r, g, b] = color.map((part) => {
          const value = part / 255;
          return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const over = (front, back) => front.slice(0, 3).map((part, at) => part * front[3] + back[at] * (1 - front[3]));
      const behind = (element) => {
        const layers = [];
        for (let at = element; at; at = at.parentElement) {
          const color = parse(getComputedStyle(at).backgroundColor);
          if (color[3] > 0) layers.push(color);
          if (color[3] === 1) break;
        }
        return layers.reduceRight((back, front) => over(front, back), [255, 255, 255]);
      };
      const told = new Set();
      const texts = all("body *").filter((element) =>
        [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
      const kinds = new Map();
      for (const element of texts) {
        const path = [];
        for (let at = element; at && path.length < 3; at = at.parentElement) path.push(at.tagName + (at.getAttribute("class") ?? ""));
        const key = path.join("<");
        if (!kinds.has(key) && seen(element)) kinds.set(key, element);
      }
      for (const element of kinds.values()) {
        const style = getComputedStyle(element);
        if (element.closest("script, style, .anchor, .skip")) continue;
        const svg = element.namespaceURI.endsWith("svg");
        const back = behind(element);
        const front = over(parse(svg ? style.fill : style.color), back);
        const [light, dark] = [luminance(front), luminance(back)].sort((a, b) => b - a);
        const ratio = (light + 0.05) / (dark + 0.05);
        const size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 600);
        if (ratio < (large ? 3 : 4.5)) say(`contrast ${ratio.toFixed(2)}: ${name(element)}`);
      }
      const back = behind(document.body);
      return { wrong, dark: luminance(back) < 0.2 };
    },

    // Whether the button changes the theme.
    toggle() {
      const before = getComputedStyle(document.body).backgroundColor;
      const button = document.querySelector("[data-toggle-theme]");
      if (!button || !seen(button)) return ["there is no button for dark and light"];
      button.click();
      if (getComputedStyle(document.body).backgroundColor === before) say("the theme does not change");
      button.click();
      if (getComputedStyle(document.body).backgroundColor !== before) say("the theme does not change back");
      localStorage.removeItem("theme");
      delete document.documentElement.dataset.theme;
      return wrong;
    },

    // Whether paper has what matters and no more.
    paper() {
      for (const element of all(".top, .filter")) if (seen(element)) say(`on paper: ${name(element)}`);
      if (!seen(document.querySelector("h1"))) say("no title on paper");
      return wrong;
    },

    // What a report says of its run.
    report() {
      const verdict = document.querySelector("[data-verdict]");
      const rules = document.querySelector("[data-rules]");
      return verdict && { verdict: verdict.textContent, rules: Number(rules.dataset.rules) };
    },
  };
})()
