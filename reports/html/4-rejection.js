/* The heat map: filters, arrow keys, and a drawer with what is known of a cell. */
(() => {
  const table = document.getElementById("heat"), data = report.json("#verdict-data");
  if (!table || !data) return;
  const groups = [...table.tBodies].map((body) => ({ head: body.rows[0], rows: [...body.rows].slice(1) }));
  const rows = groups.flatMap((group) => group.rows);
  const kindOf = (cell) => Number(/k(\d+)/.exec(cell.className)[1]);
  const RIGHT = data.kinds.length - 2, CANNOT = data.kinds.findIndex(([word]) => word === "cannot");
  const number = (value) => value.toLocaleString("en");
  const { element } = report;

  /* The drawer. */

  const dialog = element("dialog", { "aria-labelledby": "cell-title" });
  document.body.append(dialog);
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

  const list = (title, items) => items.length ? [element("h4", {}, title), element("ul", {}, ...items)] : [];

  const variantName = (row, [name]) => name || (row.variants.length > 1 ? "plain" : "");

  /* Some variants may stand there more than once, with other expectations. */
  const pinnedName = (row, variant) => [variantName(row, variant), variant[2] ? "pinned" : ""].filter(Boolean).join(", ");

  const expectedItems = (row) => {
    const variants = new Map();
    for (const variant of row.variants)
      variants.set(variant[1], [...(variants.get(variant[1]) ?? []), pinnedName(row, variant)]);
    return [...variants].map(([expected, names]) => {
      const text = data.answers[expected], sentence = data.sentences[text], named = names.filter(Boolean).join("; ");
      return element("li", {}, element("b", {}, text), sentence ? ` ${sentence}` : "", ...(named ? [element("br"), element("small", {}, named)] : []));
    });
  };

  /* "asked: 3 good and 0 bad tokens, and 2 tokens for which several answers are acceptable" */
  const swatch = (kind) => element("span", { class: `swatch k${kind}` }, kind === RIGHT ? "\u2713" : data.kinds[kind][1]);

  const tokenCount = (count, kind = "") => `${number(count)} ${kind}token${count === 1 ? "" : "s"}`;

  const askedText = ([good, bad, unscored]) => {
    const scored = [[good, "good "], [bad, "bad "]].filter(([count]) => count).map(([count, kind]) => tokenCount(count, kind));
    const open = unscored ? [`${tokenCount(unscored)} for which several answers are acceptable`] : [];
    return `asked: ${[...scored, ...open].join(", and ") || "nothing"}`;
  };

  const countItems = (found) => {
    const [, , unscored, lacking, kinds] = found;
    const items = kinds.map(([kind, count]) =>
      element("li", {}, swatch(kind), ` ${data.kinds[kind][2]}: ${tokenCount(count)}`));
    if (unscored) items.push(element("li", {}, swatch(RIGHT + 1), ` ${number(unscored)} not scored`));
    if (lacking) items.push(element("li", {}, `${number(lacking)} of algorithms that it does not have`));
    items.push(element("li", {}, element("small", {}, askedText(found))));
    return items;
  };

  const variantItems = (row, entries) => entries.map(([variant, kind, count]) =>
    element("li", {}, `${variantName(row, row.variants[variant]) || "the only variant"}: ${data.kinds[kind][2]}, ${tokenCount(count)}`));

  /* "expected reject signature.invalid, answered reject header-policy.alg-unknown: 3 tokens" */
  const givenItems = (given) => [...given].sort((a, b) => b[2] - a[2]).map(([expected, answer, count, example]) =>
    element("li", {}, `expected ${data.answers[expected]}, answered ${data.answers[answer]}: ${tokenCount(count)}`,
            element("br"), element("small", {}, data.ids[example])));

  /* As a shell reads it. */
  const quoted = (word) => /^[A-Za-z0-9_.\/:@+,=%-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

  /* Tokens whose texts the result holds, decoded as they are: what is no base64url of UTF-8 is shown raw, and what
     would draw nothing, or redraw what stands beside it, by its number. */

  const tokens = new Map(data.tokens.map(([place, , ...token]) => [data.ids[place], token]));
  const invisible = /[\u0000-\u0009\u000b-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufe00-\ufe0f\ufeff]/g;
  const visible = (text) => text.replace(invisible, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const decoded = (part) => {
    if (!/^[A-Za-z0-9_-]+$/.test(part)) return null;
    try {
      const bytes = Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return null;
    }
  };
  /* JSON with a line a member, letter by letter, so that members that stand there twice or numbers beyond a double
     stay what they are; null where it is none, or has space of its own. */
  const indented = (text) => {
    try { JSON.parse(text); } catch { return null; }
    const parts = text.match(/"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g);
    if (parts.join("") !== text) return null;
    let depth = 0;
    const line = () => "\n" + "  ".repeat(depth);
    return parts.map((part, i) => {
      const isEmpty = /^[{[][}\]]$/.test((parts[i - 1] ?? "") + part);
      if (/^[{[]$/.test(part)) { depth++; return /^[}\]]$/.test(parts[i + 1]) ? part : part + line(); }
      if (/^[}\]]$/.test(part)) { depth--; return isEmpty ? part : line() + part; }
      return part === "," ? part + line() : part === ":" ? ": " : part;
    }).join("");
  };
  const partItems = (name, part) => {
    const raw = decoded(part), text = raw === null ? null : indented(raw) ?? raw;
    return [element("dt", {}, name, text === null && part ? element("small", {}, " as it was sent") : ""),
            element("dd", {}, element("code", {}, visible(text ?? part) || "empty"))];
  };
  const tokenParts = (id) => {
    if (!tokens.has(id)) return [element("small", { class: "kept" }, "The result has not kept this token's text; the command shows it.")];
    const [text, count] = tokens.get(id), names = count > 1 ? ["header", "payload"] : ["token"], parts = text.split(".");
    return [element("dl", { class: "token" }, ...names.flatMap((name, i) => partItems(name, parts[i])),
                    ...(count === 3 ? [] : [element("dt", {}, "parts"), element("dd", {}, `${count} in place of 3`)]))];
  };

  const exampleItem = (subject, what, id) => {
    const command = `${subject.command} ${quoted(id)}`;
    return element("li", {}, `${what} `, element("br"), element("code", { class: "command" }, command), report.copyButton(command), ...tokenParts(id));
  };

  /* One of each kind and each unscored answer; of a class that was answered rightly, its first. */
  const exampleItems = (row, subject, kinds, said) => {
    const of = kinds.filter((one) => one.length > 2).map(([kind, , example]) => [data.kinds[kind][0], example]);
    const open = said.map(([answer, example]) => [data.answers[answer], example]);
    const first = data.tokens.find(([, name]) => name === row.class);
    const shown = of.length || open.length ? [...of, ...open] : first ? [["one of the class", first[0]]] : [];
    return shown.map(([what, place]) => exampleItem(subject, what, data.ids[place]));
  };

  /* What is wrong with tokens of the class, how grave it is to accept them, and where that is written. */
  const toldItems = ({ told: [sentence, reference, level] }) => {
    const [word, meaning] = data.levels[level];
    return [...(sentence ? [element("p", { class: "told" }, sentence)] : []),
            ...(word || reference ? [element("p", { class: "legend" }, ...(word ? [element("b", {}, word), ` ${meaning} `] : []), reference ?? "")] : [])];
  };

  /* "#cell:exp-past:openssl" */
  const linkOf = (row, subject) => `#cell:${encodeURIComponent(row.class)}:${encodeURIComponent(subject.name)}`;
  const linked = () => {
    const [kind, name, label] = location.hash.split(":");
    if (kind !== "#cell" || label === undefined) return null;
    try {
      const row = data.rows.findIndex((one) => one.class === decodeURIComponent(name));
      const subject = data.subjects.findIndex((one) => one.name === decodeURIComponent(label));
      return row < 0 || subject < 0 ? null : rows[row].cells[subject + 1];
    } catch {
      return null; /* no text that was encoded */
    }
  };

  /* The cell above or below, of those that the filters show, also where their stage is folded. */
  const stepButton = (cell, name, step) => {
    const to = nextRow(cell.parentElement, step, (tr) => fitting.has(tr))?.cells[cell.cellIndex];
    return element("button", { type: "button", class: name.toLowerCase(), disabled: !to, onclick: () => {
      moveTo(to);
      open(to);
      const again = dialog.querySelector(`.${name.toLowerCase()}`);
      (again.disabled ? dialog.querySelector(".close") : again).focus();
    } }, name);
  };

  const open = (cell) => {
    const row = data.rows[rows.indexOf(cell.parentElement)], subject = data.subjects[cell.cellIndex - 1];
    const found = row.cells[cell.cellIndex - 1], [, , , , kinds, entries, said, given] = found, link = linkOf(row, subject);
    const cannot = kinds.some(([kind]) => data.kinds[kind][0] === "cannot");
    dialog.replaceChildren(
      element("div", { class: "steps" }, stepButton(cell, "Previous", -1), stepButton(cell, "Next", 1),
              element("a", { href: link }, "Link"),
              element("button", { class: "close", type: "button", onclick: () => dialog.close() }, "Close")),
      element("h3", { id: "cell-title" }, row.class),
      ...toldItems(row),
      element("p", {}, element("b", {}, subject.name), ` ${subject.level === "whole" ? "as a whole verifier" : "in assay's pipeline"}`),
      ...list("Answers", countItems(found)),
      ...list("Expected", expectedItems(row)),
      ...list("Not right, by variant", variantItems(row, entries)),
      ...list("Answered otherwise", givenItems(given)),
      ...list("A token of each", exampleItems(row, subject, kinds, said)),
      ...(cannot ? list("Has no setting for", subject.gaps.map(([reasons, why]) => element("li", {}, `${reasons}: ${why}`))) : []));
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    history.replaceState(null, "", link);
  };
  /* The event comes with the next frame: by then the next cell's drawer may be open. */
  dialog.addEventListener("close", () => { if (!dialog.open) history.replaceState(null, "", "#rejection"); });

  /* Cells: one stop of the tab key, arrows from there. */

  /* The name of a cell stays what it shows; its title describes it. */
  const describe = (cell, row) => {
    const [, , meaning] = data.kinds[kindOf(cell)], count = cell.querySelector("small")?.textContent;
    cell.title = `${row.class}, ${data.subjects[cell.cellIndex - 1].name}: ${meaning}${count ? `, ${count} token${count === "1" ? "" : "s"}` : ""}`;
  };

  rows.forEach((tr, i) => {
    for (const cell of tr.cells) {
      if (cell.tagName !== "TD") continue;
      cell.tabIndex = -1;
      describe(cell, data.rows[i]);
    }
  });
  table.setAttribute("role", "grid");
  let current = rows[0]?.cells[1];
  if (current) current.tabIndex = 0;

  const moveTo = (cell) => {
    if (!cell || cell.tagName !== "TD") return;
    reveal(cell.parentElement);
    current.tabIndex = -1;
    current = cell;
    current.tabIndex = 0;
    current.focus();
  };
  const nextRow = (from, step, fits) => {
    let at = rows.indexOf(from) + step;
    while (rows[at] && !fits(rows[at])) at += step;
    return rows[at];
  };
  const isSeen = (tr) => !tr.hidden;
  table.addEventListener("click", (event) => {
    const cell = event.target.closest("td");
    if (cell) { moveTo(cell); open(cell); }
  });
  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td");
    if (!cell) return;
    const at = cell.cellIndex, row = cell.parentElement;
    const steps = {
      ArrowLeft: () => moveTo(row.cells[at - 1]), ArrowRight: () => moveTo(row.cells[at + 1]),
      ArrowUp: () => moveTo(nextRow(row, -1, isSeen)?.cells[at]), ArrowDown: () => moveTo(nextRow(row, 1, isSeen)?.cells[at]),
      Enter: () => open(cell), " ": () => open(cell),
    };
    if (!steps[event.key]) return;
    event.preventDefault();
    steps[event.key]();
  });

  const openLinked = () => {
    const cell = linked();
    if (cell) { moveTo(cell); open(cell); }
  };
  addEventListener("hashchange", openLinked);

  /* Filters. */

  const state = { words: [], stage: "", level: "", differing: false, kinds: new Set() };
  const status = element("span", { class: "legend", role: "status" });

  const empty = element("p", { class: "legend", hidden: true });
  table.parentElement.before(empty);

  const isShown = (tr, row) => {
    const kinds = [...tr.cells].slice(1).map(kindOf);
    if (state.stage && row.stage !== state.stage || state.level && row.told[2] !== Number(state.level)) return false;
    if (state.differing && new Set(kinds.filter((kind) => kind <= RIGHT)).size < 2) return false;
    if (state.kinds.size && !kinds.some((kind) => state.kinds.has(kind))) return false;
    const text = `${row.class} ${row.variants.map(([name]) => name).join(" ")}`.toLowerCase();
    return state.words.every((word) => text.includes(word));
  };
  const isFiltered = () => state.words.length || state.stage || state.level || state.differing || state.kinds.size;
  const fitting = new Set(rows); /* what the filters let through */

  /* Stages where there is nothing to see are folded, as long as nothing is asked for. */
  const isQuiet = (group) => group.rows.every((tr) => [...tr.cells].slice(1).every((cell) => kindOf(cell) >= CANNOT));
  const quiet = groups.filter(isQuiet);
  let folded = new Set(quiet);

  const showRows = () => {
    for (const group of groups) {
      for (const tr of group.rows) tr.hidden = folded.has(group) || !fitting.has(tr);
      group.head.hidden = !group.rows.some((tr) => fitting.has(tr));
      group.button.setAttribute("aria-expanded", String(!folded.has(group)));
    }
    if (!current?.parentElement.hidden) return;
    const first = rows.find(isSeen);
    current.tabIndex = -1;
    current = first ? first.cells[1] : current;
    current.tabIndex = 0;
  };
  const reveal = (tr) => {
    if (!tr.hidden) return;
    fitting.add(tr);
    folded.delete(groups.find((group) => group.rows.includes(tr)));
    showRows();
  };
  for (const group of groups) {
    const name = group.head.querySelector("span");
    group.button = element("button", { type: "button", onclick: () => {
      folded[folded.has(group) ? "delete" : "add"](group);
      showRows();
    } }, ...name.childNodes);
    name.append(group.button);
  }

  const apply = () => {
    rows.forEach((tr, i) => fitting[isShown(tr, data.rows[i]) ? "add" : "delete"](tr));
    folded = new Set(isFiltered() ? [] : quiet);
    showRows();
    const classes = rows.filter((tr, i) => data.rows[i].class !== "valid"); /* as every table counts them */
    const shown = classes.filter((tr) => fitting.has(tr)).length;
    status.textContent = `${shown === classes.length ? "" : `${shown} of `}${classes.length} class${classes.length === 1 ? "" : "es"}`;
    empty.hidden = fitting.size > 0;
    empty.textContent = state.differing && !state.words.length && !state.stage && !state.level && !state.kinds.size
      ? "The subjects answer every class alike, as far as the worst answer of each tells; single tokens that they disagree about stand under Drift."
      : "No class fits these filters.";
  };

  /* A row a class: "accepted 2" as a cell shows it. */
  const save = () => {
    const cellText = (cell) => [data.kinds[kindOf(cell)][0], cell.querySelector("small")?.textContent ?? ""].join(" ").trim();
    const record = (tr, i) => [data.rows[i].class, data.rows[i].stage, data.levels[data.rows[i].told[2]][0], ...[...tr.cells].slice(1).map(cellText)];
    report.saveCsv("rejection matrix", [["class", "stage", "severity", ...data.subjects.map(({ name }) => name)],
                                        ...rows.map(record).filter((_, i) => fitting.has(rows[i]))]);
  };

  const search = element("input", { type: "search", placeholder: "Class or variant", "aria-label": "Filter classes" });
  search.addEventListener("input", () => { state.words = search.value.toLowerCase().split(/\s+/).filter(Boolean); apply(); });
  const stages = [...new Set(data.rows.map((row) => row.stage))].filter(Boolean);
  const chooser = (label, field, all, options) => options.length < 2 ? [] : [element("select", { "aria-label": label, onchange: (event) => {
    state[field] = event.target.value;
    apply();
  } }, element("option", { value: "" }, all), ...options.map(([value, text]) => element("option", { value }, text)))];
  const levels = data.levels.map(([word], level) => [level, word]).filter(([level, word]) => word && data.rows.some((row) => row.told[2] === level));
  const box = element("input", { type: "checkbox", onchange: () => { state.differing = box.checked; apply(); } });
  document.getElementById("heat-controls").append(search, ...chooser("Stage", "stage", "every stage", stages.map((stage) => [stage, stage])), ...chooser("Severity", "level", "every severity", levels), element("label", {}, box, "only where subjects differ"), report.saveButton(save, "Save the classes that fit the filters as CSV, those of folded stages too"), status);

  let unfolded = [];
  addEventListener("beforeprint", () => { unfolded = [...folded]; folded.clear(); showRows(); });
  addEventListener("afterprint", () => { for (const stage of unfolded) folded.add(stage); showRows(); });

  for (const item of document.querySelectorAll(".key li")) {
    const kind = Number(item.dataset.kind);
    const button = element("button", { type: "button", "aria-pressed": "false", title: "Only classes with such an answer", onclick: () => {
      const on = !state.kinds.has(kind);
      state.kinds[on ? "add" : "delete"](kind);
      button.setAttribute("aria-pressed", String(on));
      apply();
    } }, ...item.childNodes);
    item.append(button);
  }
  apply();
  openLinked();
})();
