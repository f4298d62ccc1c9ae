/* What the other scripts share: elements, figures, the theme. */
"use strict";
const report = {};

/* element("button", {class: "x", onclick: f}, "text", child) */
report.element = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== false && value !== null) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
};

report.json = (selector) => {
  const element = document.querySelector(selector);
  return element ? JSON.parse(element.textContent) : null;
};

/* Three significant digits with a prefix, as in the tables. */
report.scaled = (value, units) => {
  if (value === 0) return "0" + units[0];
  const sign = value < 0 ? "-" : "";
  let size = Math.abs(value), unit = 0;
  while (Number(size.toPrecision(3)) >= 1000 && unit < units.length - 1) { size /= 1000; unit++; }
  const rounded = Number(size.toPrecision(3));
  const decimals = rounded >= 100 ? 0 : rounded >= 10 ? 1 : rounded >= 1 ? 2 : 3;
  return sign + rounded.toFixed(decimals) + units[unit];
};

report.figure = {
  rate: (value) => report.scaled(value, ["", " k", " M", " G"]),
  ns: (value) => report.scaled(value, [" ns", " us", " ms", " s"]),
  times: (value) => report.scaled(value, [""]),
  share: (value) => report.scaled(value * 100, [""]) + " %",
  count: (value) => report.scaled(value, ["", " k", " M", " G"]),
  percentile: (nines) => nines === 0 ? "fastest" : report.percentile(nines),
};
report.percentile = (nines) => {
  const share = 100 * (1 - 10 ** -nines);
  return "p" + Number(share.toFixed(Math.max(0, Math.ceil(nines - 1.999))));
};
/* On an axis "10.0 k" is 10 k. */
report.tick = (unit, value) => report.figure[unit](value).replace(/\.0+(?!\d)/, "").replace(/(\.\d*?)0+(?!\d)/, "$1");

/* The colour that a custom property stands for in the theme of the moment. */
report.colour = (name) => {
  const probe = report.element("span", { style: `color: var(${name}); display: none` });
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
};

/* Subjects keep colour and form through all charts: eight colours and seven forms, so that 56 differ. */
report.subjects = report.json("#subjects") || [];
report.forms = [["circle", 0, "\u25cf"], ["triangle", 0, "\u25b2"], ["rect", 0, "\u25a0"], ["rectRot", 0, "\u25c6"],
                ["triangle", 180, "\u25bc"], ["star", 0, "\u2733"], ["crossRot", 0, "\u2715"]];
report.look = (name, fallback) => {
  const found = report.subjects.indexOf(name), at = found < 0 ? fallback : found;
  const [form, rotation, sign] = report.forms[at % report.forms.length];
  return { colour: `--s${at % (found < 0 ? 10 : 8)}`, form, rotation, sign: found < 0 ? "\u25a0" : sign };
};

report.copyButton = (text) =>
  report.element("button", {
    class: "copy", type: "button", title: "Copy the command",
    onclick: async (event) => {
      try {
        await navigator.clipboard.writeText(text);
        event.target.textContent = "copied";
      } catch {
        event.target.textContent = "select and copy by hand";
      }
    },
  }, "copy");

/* RFC 4180; no text of a result is taken for a formula by a spreadsheet. records: lists of texts */
report.saveCsv = (title, records) => {
  const field = (text) => {
    const safe = /^[=@]|^[+-](?![\d.])./.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const csv = records.map((record) => record.map(field).join(",") + "\r\n").join("");
  const url = URL.createObjectURL(new Blob([csv], { type: "text/csv" }));
  report.element("a", { href: url, download: `${title.trim().toLowerCase().replace(/[^a-z0-9]+/g, "-")}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
};
report.saveButton = (save, title = "Save the rows that are shown as CSV") =>
  report.element("button", { type: "button", class: "save", title, onclick: save }, "Save as CSV");

report.themed = []; /* functions to call when the theme changes */
(() => {
  const root = document.documentElement, key = "assay-report-theme";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
  const changed = () => {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", isDark() ? "Switch to light colours" : "Switch to dark colours");
    for (const redraw of report.themed) redraw();
  };
  const button = report.element("button", { type: "button", id: "theme", onclick: () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem(key, root.dataset.theme); } catch { /* not kept, then */ }
    changed();
  } });
  try {
    const kept = localStorage.getItem(key);
    if (kept === "light" || kept === "dark") root.dataset.theme = kept;
  } catch { /* no storage for this page */ }
  document.querySelector(".tools").append(button);
  system.addEventListener("change", changed);
  changed();

  /* Paper is white. */
  let before = null;
  addEventListener("beforeprint", () => { before = root.dataset.theme ?? ""; root.dataset.theme = "light"; changed(); });
  addEventListener("afterprint", () => {
    if (before) root.dataset.theme = before;
    else delete root.dataset.theme;
    changed();
  });
})();

for (const command of document.querySelectorAll("code.command"))
  if (!command.textContent.endsWith("TOKEN")) command.after(report.copyButton(command.textContent));

/* The section that is being read, in the navigation. */
(() => {
  const links = new Map([...document.querySelectorAll(".top nav a")].map((link) => [link.hash.slice(1), link]));
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute("aria-current");
      links.get(entry.target.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-20% 0px -70% 0px" });
  for (const id of links.keys()) {
    const section = document.getElementById(id);
    if (section) observer.observe(section);
  }
})();

/* What reaches beyond its frame on the right fades out there. */
(() => {
  const frames = [...document.querySelectorAll(".top nav, .scroll")];
  const mark = (frame) => frame.classList.toggle("cut", frame.scrollLeft + frame.clientWidth < frame.scrollWidth - 1);
  const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => mark(target)));
  for (const frame of frames) {
    frame.addEventListener("scroll", () => mark(frame), { passive: true });
    sizes.observe(frame);
  }
})();

/* On paper nothing is folded. */
(() => {
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const one of folded) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of folded) one.open = false; });
})();
