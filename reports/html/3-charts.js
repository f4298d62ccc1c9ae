/* Draws the charts from the JSON beside their canvases. */
(() => {
  if (!window.Chart) return; /* which comes with the first chart */
  const INTERVAL_STEP = 2; /* pixels from the interval of one subject to that of the next in a row, so that each is seen */
  const LAUNCH_STEP = 9; /* the same where each launch has a dot on it */
  const FAMILY_GAP = 0.6; /* between rows of two families, in rows */
  const FASTEST_ROOM = 46; /* pixels from its label to that of the median */

  const intervals = {
    id: "intervals",
    afterDatasetsDraw(chart, _, { each }) {
      const { ctx, scales: { x } } = chart, step = each ? LAUNCH_STEP : INTERVAL_STEP;
      chart.data.datasets.forEach((dataset, i) => {
        if (!chart.isDatasetVisible(i)) return;
        ctx.save();
        ctx.strokeStyle = ctx.fillStyle = dataset.borderColor;
        ctx.lineWidth = 2;
        chart.getDatasetMeta(i).data.forEach((point, j) => {
          const { low, high, launches } = dataset.data[j];
          const y = point.y + (i - (chart.data.datasets.length - 1) / 2) * step;
          for (const value of (each && launches) || []) {
            ctx.beginPath();
            ctx.arc(x.getPixelForValue(value), y, 2.5, 0, 2 * Math.PI);
            ctx.fill();
          }
          if (low === undefined || low === null || high === null) return;
          ctx.beginPath();
          ctx.moveTo(x.getPixelForValue(low), y);
          ctx.lineTo(x.getPixelForValue(high), y);
          ctx.stroke();
        });
        ctx.restore();
      });
    },
  };

  const marks = {
    id: "marks",
    beforeDatasetsDraw(chart, _, options) {
      const { ctx, chartArea: { top, bottom }, scales: { x } } = chart;
      ctx.save();
      ctx.font = `12px ${Chart.defaults.font.family}`;
      ctx.strokeStyle = ctx.fillStyle = options.colour;
      ctx.setLineDash([4, 4]);
      for (const mark of options.marks) {
        const at = x.getPixelForValue(mark.at);
        ctx.beginPath();
        ctx.moveTo(at, top);
        ctx.lineTo(at, bottom);
        ctx.stroke();
        ctx.textAlign = at > (x.left + x.right) / 2 ? "right" : "left";
        ctx.fillText(mark.label, at + (ctx.textAlign === "left" ? 6 : -6), top - 6);
      }
      ctx.restore();
    },
  };

  /* On a logarithmic axis 1, 2 and 5 are enough. */
  const isRound = (value) => [1, 2, 5].includes(Number((value / 10 ** Math.floor(Math.log10(value) + 1e-9)).toPrecision(3)));

  const axisOf = (axis, theme, range) => ({
    type: axis.log ? "logarithmic" : "linear",
    title: { display: true, text: axis.title, color: theme.soft },
    grid: { color: theme.line, drawBorder: false, drawTicks: false },
    ticks: {
      color: theme.soft, maxRotation: 0, autoSkipPadding: 18, padding: 6,
      includeBounds: false,
      callback: (value) => axis.log && !isRound(value) ? null : report.tick(axis.unit, value),
    },
    ...(axis.unit === "percentile" ? { afterBuildTicks: (scale) => {
      const median = Math.log10(2), hasRoom = scale.width * median / (scale.max - scale.min) >= FASTEST_ROOM;
      const nines = [...(hasRoom ? [0] : []), median, 1, 2, 3, 4, 5];
      scale.ticks = nines.filter((value) => value <= scale.max).map((value) => ({ value }));
    } } : {}),
    ...(range && axis.log && range[0] > 0 ? { bounds: "data", min: range[0] / 1.25, max: range[1] * 1.25 } : {}),
    ...(range && !axis.log ? { beginAtZero: true, suggestedMax: range[1] * 1.05 } : {}),
  });

  const families = { HS: "HMAC", RS: "RSA PKCS #1", PS: "RSA-PSS", ES: "ECDSA", Ed: "EdDSA" };
  const familyOf = (row) => families[/^(HS|RS|PS|ES|Ed)[0-9D]/.exec(row)?.[1]] ?? "";
  const familiesOf = (view) => [...new Set(view.rows.map(familyOf))].filter(Boolean);

  /* Where rows stand: those of a family together, with room before the next. */
  const placesOf = (rows) => {
    let at = -1;
    return rows.map((row, i) => at += i && familyOf(row) !== familyOf(rows[i - 1]) ? 1 + FAMILY_GAP : 1);
  };

  /* The rows of one family, or all where the view has none of it. */
  const ofFamily = (view, family) => {
    if (!familiesOf(view).includes(family)) return view;
    const kept = view.rows.map((row, i) => familyOf(row) === family ? i : -1).filter((i) => i >= 0);
    return { ...view, rows: kept.map((i) => view.rows[i]), series: view.series.map((series) => ({
      ...series, points: series.points.filter(([row]) => kept.includes(row)).map(([row, ...rest]) => [kept.indexOf(row), ...rest]) })) };
  };

  const rowAxis = ({ rows, places }, theme) => ({
    type: "linear", reverse: true, min: -0.6, max: (places.at(-1) ?? 0) + 0.6,
    grid: { color: theme.line, drawBorder: false, drawTicks: false },
    afterBuildTicks: (scale) => { scale.ticks = places.map((value) => ({ value })); },
    ticks: { color: theme.ink, autoSkip: false, padding: 10, callback: (_, i) => {
      const label = rows[i] ?? "", most = innerWidth < 600 ? 21 : 46;
      return label.length > most ? label.slice(0, most - 1) + "\u2026" : label;
    } },
  });

  const themeNow = () => ({ ink: report.colour("--ink"), soft: report.colour("--soft"), line: report.colour("--line"),
                            paper: report.colour("--paper") });

  const datasetLook = (series, index) => {
    const look = report.look(series.name, index), colour = report.colour(look.colour);
    return { label: series.name, borderColor: colour, backgroundColor: colour, pointStyle: look.form,
             pointRotation: look.rotation, hidden: series.off === true };
  };

  const dotData = (view) => view.series.map((series, i) => ({
    ...datasetLook(series, i), pointRadius: 4.5, pointHoverRadius: 7, pointBorderWidth: 2, showLine: false, clip: false,
    data: series.points.map(([row, x, low, high, launches]) => ({ x, y: view.places[row], row, low, high, launches })),
  }));

  /* All marks of the row that the pointer is in: one that covers another does not hide it. */
  Chart.Interaction.modes.row = (chart, event) => {
    const at = chart.scales.y.getValueForPixel(event.y), { places } = chart.options.plugins.intervals;
    const row = places.reduce((best, place, i) => Math.abs(place - at) < Math.abs(places[best] - at) ? i : best, 0);
    return chart.getSortedVisibleDatasetMetas().flatMap((meta) => meta.data.flatMap((element, index) =>
      chart.data.datasets[meta.index].data[index].row === row ? [{ element, datasetIndex: meta.index, index }] : []));
  };
  const interactions = { dots: { mode: "row" }, lines: { mode: "index", intersect: false }, stack: { mode: "index", axis: "y", intersect: false } };

  const lineData = (view) => view.series.map((series, i) => ({
    ...datasetLook(series, i), borderWidth: 2, pointRadius: 3, pointHoverRadius: 5, tension: 0, fill: false,
    borderDash: i % 3 === 1 ? [7, 3] : i % 3 === 2 ? [2, 3] : [],
    data: [...series.points].sort((a, b) => a[0] - b[0]).map(([x, y]) => ({ x, y })),
  }));

  const stackData = (view, theme) => view.series.map((series, i) => ({
    ...datasetLook(series, i), borderColor: theme.paper, borderWidth: 1, maxBarThickness: 34,
    data: view.rows.map((_, row) => series.points.find((point) => point[0] === row)?.[1] ?? 0),
  }));

  const interval = (point, unit) =>
    point.low === undefined || point.low === null ? "" : `  [${report.figure[unit](point.low)}, ${report.figure[unit](point.high)}]`;

  const tooltipOf = (spec, view, theme) => {
    const { x, y } = spec.axes;
    const title = { dots: (item) => view.rows[item.raw.row], lines: (item) => report.figure[x.unit](item.raw.x),
                    stack: (item) => item.label };
    const label = {
      dots: (item) => ` ${item.dataset.label}  ${report.figure[x.unit](item.raw.x)}${x.unit === "rate" ? "/s" : ""}${interval(item.raw, x.unit)}`,
      lines: (item) => ` ${item.dataset.label}  ${report.figure[y.unit](item.raw.y)}${y.unit === "rate" ? "/s" : ""}`,
      stack: (item) => ` ${item.dataset.label}  ${report.figure[x.unit](item.raw)}`,
    };
    return {
      backgroundColor: theme.ink, titleColor: theme.paper, bodyColor: theme.paper, usePointStyle: true, padding: 10,
      callbacks: { title: (items) => items.length ? title[spec.kind](items[0]) : "", label: label[spec.kind] },
    };
  };

  const rangeOf = (view) => {
    const figures = ([, value, low, high, launches]) => [value, low, high, ...(view.each && launches || [])];
    const values = view.series.flatMap((series) => series.points.flatMap(figures)).filter((value) => value !== null && value !== undefined);
    return [Math.min(...values), Math.max(...values)];
  };

  /* Negative pieces pile up left of zero. */
  const lowestStack = (view) => {
    const sums = view.rows.map((_, row) => view.series.reduce((sum, series) =>
      sum + Math.min(0, series.points.find((point) => point[0] === row)?.[1] ?? 0), 0));
    return Math.min(0, ...sums) * 1.2;
  };

  const scalesOf = (spec, view, theme) => {
    const { x, y } = spec.axes;
    if (spec.kind === "lines") return { x: axisOf(x, theme), y: axisOf(y, theme, y.log ? rangeOf(view) : null) };
    if (spec.kind === "dots") return { x: axisOf(x, theme, rangeOf(view)), y: rowAxis(view, theme) };
    return { x: { ...axisOf(x, theme), stacked: true, min: lowestStack(view) },
             y: { stacked: true, grid: { display: false, drawBorder: false }, ticks: { color: theme.ink } } };
  };

  const heightOf = (spec, view) => {
    if (spec.kind === "lines") return innerWidth < 600 ? 300 : 400;
    if (spec.kind === "stack") return Math.max(150, view.rows.length * 44 + 80);
    const row = view.each ? LAUNCH_STEP * view.series.length + 14 : Math.max(26, 5 * view.series.length);
    return Math.max(150, ((view.places.at(-1) ?? 0) + 1) * row + 80);
  };

  const configOf = (spec, view, theme) => ({
    type: spec.kind === "stack" ? "bar" : "line",
    data: { labels: spec.kind === "stack" ? view.rows : undefined,
            datasets: spec.kind === "dots" ? dotData(view) : spec.kind === "lines" ? lineData(view) : stackData(view, theme) },
    plugins: [intervals, marks],
    options: {
      animation: false, responsive: true, maintainAspectRatio: false,
      indexAxis: spec.kind === "lines" ? "x" : "y",
      layout: { padding: { top: spec.marks.length ? 20 : 8, right: 24 } },
      interaction: interactions[spec.kind],
      scales: scalesOf(spec, view, theme),
      plugins: { legend: { display: false }, tooltip: tooltipOf(spec, view, theme),
                 marks: { marks: spec.marks, colour: theme.soft }, intervals: { each: view.each, places: view.places } },
    },
  });

  /* One choice for all charts: who is hidden, which family of algorithms and which view are shown where a chart has it. */
  const hidden = new Set();
  let family = "";
  const redraw = () => figures.filter((figure) => figure.chart).forEach((figure) => figure.draw());
  const choose = (name) => {
    for (const figure of figures) figure.choose(name);
    redraw();
  };

  class Figure {
    constructor(element, spec) {
      this.element = element;
      this.spec = spec;
      this.spec.views = spec.views.filter((view) => view.series.some((series) => series.points.length));
      this.at = Math.min(spec.first, this.spec.views.length - 1);
      this.plot = element.querySelector(".plot");
      this.legend = report.element("div", { class: "controls", role: "group", "aria-label": "Show and hide" });
      this.addControls();
    }

    get view() {
      const view = ofFamily(this.spec.views[this.at], family);
      return { ...view, places: placesOf(view.rows), each: this.each };
    }

    get hasLaunches() { return this.spec.views.some((view) => view.series.some((series) => series.points.some((point) => point.length > 4))); }

    addControls() {
      const controls = this.element.querySelector(".controls");
      if (this.spec.views.length > 1) {
        const select = report.element("select", { "aria-label": "What the chart shows", onchange: () => {
          choose(this.spec.views[Number(select.value)].name);
        } });
        this.select = select;
        this.spec.views.forEach((view, i) => select.append(report.element("option", { value: i, selected: i === this.at }, view.name)));
        controls.append(select);
      }
      const found = this.spec.kind === "dots" ? familiesOf(this.spec.views.at(-1)) : [];
      if (found.length > 1) {
        this.family = report.element("select", { "aria-label": "Family of algorithms", onchange: () => {
          family = this.family.value;
          redraw();
        } }, report.element("option", { value: "" }, "every family"), ...found.map((name) => report.element("option", { value: name }, name)));
        controls.append(this.family);
      }
      controls.append(this.legend);
      if (this.hasLaunches) {
        const box = report.element("input", { type: "checkbox", class: "launches", onchange: () => { this.each = box.checked; this.draw(); } });
        controls.append(report.element("label", {}, box, "each launch"));
      }
    }

    choose(name) {
      const at = this.spec.views.findIndex((view) => view.name === name);
      if (at < 0) return;
      this.at = at;
      if (this.select) this.select.value = String(at);
    }

    addLegend() {
      for (const series of this.spec.views[this.at].series) series.off = hidden.has(series.name);
      const entries = this.view.series.map((series, i) => {
        const look = report.look(series.name, i);
        return report.element("button", { type: "button", class: "legend-entry", "aria-pressed": String(!series.off),
          onclick: () => {
            hidden[hidden.has(series.name) ? "delete" : "add"](series.name);
            redraw();
            this.legend.children[i].focus();
          } }, report.element("i", { style: `color: var(${look.colour})` }, look.sign), series.name);
      });
      this.legend.replaceChildren(...entries);
    }

    draw() {
      this.addLegend();
      if (this.family) this.family.value = familiesOf(this.spec.views[this.at]).includes(family) ? family : "";
      this.chart?.destroy();
      this.plot.style.height = `${heightOf(this.spec, this.view)}px`;
      this.chart = new Chart(this.plot.querySelector("canvas"), configOf(this.spec, this.view, themeNow()));
      this.element.dataset.drawn = "yes";
    }
  }

  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 12.5;
  const figures = [...document.querySelectorAll("script[data-chart]")].map((script) =>
    new Figure(document.getElementById(`chart-${script.dataset.chart}`), JSON.parse(script.textContent)));
  report.themed.push(redraw);

  /* One after the other, so that the page answers in between. */
  const idle = window.requestIdleCallback ?? ((call) => setTimeout(call, 1));
  const drawNext = (at) => {
    if (at >= figures.length) return;
    figures[at].draw();
    idle(() => drawNext(at + 1));
  };
  requestAnimationFrame(() => setTimeout(() => drawNext(0)));
  addEventListener("beforeprint", () => figures.filter((figure) => !figure.chart).forEach((figure) => figure.draw()));
})();
