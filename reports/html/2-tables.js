/* Tables that sort by any column and can be searched. */
(() => {
  const FILTER_FROM = 12; /* rows */
  const scales = { "": 1, "%": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, ns: 1, us: 1e3, ms: 1e6, s: 1e9,
                   B: 1, kB: 1e3, MB: 1e6, GB: 1e9, min: 6e10, of: 1 };

  /* "26.9 us" -> 26900; what is no figure comes last. */
  const figure = (text) => {
    const found = /^(?:<\s*)?(-?[\d.,]+(?:e[+-]?\d+)?)\s*([a-zA-Z%]*)/.exec(text);
    return found ? Number(found[1].replaceAll(",", "")) * (scales[found[2]] ?? 1) : NaN;
  };

  const cellText = (row, column) => {
    let at = 0;
    for (const cell of row.cells) {
      at += cell.colSpan;
      if (at > column) return cell.textContent.trim();
    }
    return "";
  };

  const sortBy = (table, column, direction) => {
    const body = table.tBodies[0];
    const keyed = [...body.rows].map((row) => {
      const text = cellText(row, column);
      return { row, text, value: figure(text) };
    });
    const numeric = table.tHead.rows[0].cells[column].classList.contains("n");
    keyed.sort((a, b) => {
      if (numeric && (Number.isNaN(a.value) || Number.isNaN(b.value)))
        return Number.isNaN(a.value) - Number.isNaN(b.value);
      return direction * (numeric ? a.value - b.value : a.text.localeCompare(b.text, "en", { numeric: true }));
    });
    body.append(...keyed.map((one) => one.row));
    table.classList.add("sorted");
  };

  const makeSortable = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = report.element("button", { type: "button" }, ...head.childNodes);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        sortBy(table, column, up ? 1 : -1);
      });
      head.append(button);
    });
  };

  const makeSearchable = (table) => {
    const count = report.element("span", { class: "legend", role: "status" });
    const rows = [...table.tBodies[0].rows];
    const search = report.element("input", { type: "search", placeholder: "Filter rows", "aria-label": "Filter rows" });
    search.addEventListener("input", () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        shown += !row.hidden;
      }
      table.classList.toggle("sorted", words.length > 0 || !!table.querySelector("[aria-sort]"));
      count.textContent = words.length ? `${shown} of ${rows.length} rows` : "";
    });
    controlsOf(table).prepend(search, count);
  };

  const save = (table) => {
    const title = table.closest("details")?.querySelector("summary").firstChild.textContent ?? table.id;
    const rows = [table.tHead.rows[0], ...table.tBodies[0].rows].filter((row) => !row.hidden);
    report.saveCsv(title, rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim())));
  };
  const controlsOf = (table) => {
    const frame = table.parentElement;
    if (!frame.previousElementSibling?.classList.contains("controls"))
      frame.before(report.element("div", { class: "controls" },
        report.saveButton(() => save(table))));
    return frame.previousElementSibling;
  };

  for (const table of document.querySelectorAll("table.data")) {
    makeSortable(table);
    controlsOf(table);
    if (table.tBodies[0].rows.length >= FILTER_FROM) makeSearchable(table);
  }
})();
