// Opens an HTML report in Debian's Chromium with the network off, wide and narrow, light and dark, with and without
// JavaScript, and says what is wrong with it: a line each on stderr, and exit code 1.
// usage: node open_report.mjs REPORT [--pictures FOLDER]; exit code 77: there is no browser to ask. Node.js 18 or later.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { launch } from "./chromium.mjs";

const [report, , pictures] = process.argv.slice(2);
const browserPath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const sizes = [{ name: "wide", width: 1400, height: 900 }, { name: "phone", width: 390, height: 844 }];
const schemes = ["light", "dark"];
const problems = [];

const note = (where, what) => problems.push(`${where}: ${what}`);
const expect = (where, holds, what) => { if (!holds) note(where, what); };

const skip = (why) => {
  console.log(`skipped: ${why}`);
  process.exit(77);
};

if (!existsSync(browserPath)) skip(`there is no ${browserPath}`);

// A page that must ask for nothing but itself, and complain of nothing.
const openPage = async (browser, where, options) => {
  const page = await browser.newPage(options);
  const url = pathToFileURL(report).href;
  page.on("Network.requestWillBeSent", ({ request }) => {
    if (request.url !== url && !request.url.startsWith("data:")) note(where, `asked for ${request.url.slice(0, 80)}`);
  });
  page.on("Runtime.consoleAPICalled", ({ type, args }) => {
    if (["error", "warning", "assert"].includes(type)) note(where, `console: ${args.map((arg) => arg.value ?? arg.description).join(" ")}`);
  });
  page.on("Log.entryAdded", ({ entry }) => { if (["error", "warning"].includes(entry.level)) note(where, `log: ${entry.text}`); });
  page.on("Runtime.exceptionThrown", ({ exceptionDetails }) => note(where, `script: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`));
  page.on("Page.javascriptDialogOpening", ({ message }) => {
    note(where, `dialog: ${message}`);
    page.send("Page.handleJavaScriptDialog", { accept: false });
  });
  await page.goto(url);
  return page;
};

const isDrawn = (page) => page.waitFor(
  () => [...document.querySelectorAll(".chart")].every((figure) => figure.dataset.drawn), 30000);

// Counts the colours of every canvas: an empty one has a single colour, or none.
const canvasColours = (page) => page.evaluate(() => [...document.querySelectorAll("canvas")].map((canvas) => {
  const { width, height } = canvas, colours = new Set();
  if (!width || !height) return { id: canvas.closest("figure").id, colours: 0 };
  const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const pixels = new Uint32Array(copy.getImageData(0, 0, width, height).data.buffer);
  for (const pixel of pixels) if (colours.size < 50) colours.add(pixel);
  return { id: canvas.closest("figure").id, colours: colours.size };
}));

const checkCharts = async (page, where) => {
  const canvases = await canvasColours(page);
  for (const canvas of canvases) expect(where, canvas.colours >= 4, `${canvas.id} is blank: ${canvas.colours} colours`);
  return canvases.length;
};

const checkLayout = async (page, where, width) => {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(where, wide <= width, `the page is ${wide} px wide`);
  expect(where, (await page.locator("h1").innerText()).trim().length > 0, "there is no headline");
};

// Without its heads the board names the columns in its cells, and leaves verdicts a line of their own.
const checkBoard = async (page, where) => {
  const wrong = await page.evaluate(() => {
    if (getComputedStyle(document.querySelector(".board thead") ?? document.body).display !== "none") return [];
    const unnamed = [...document.querySelectorAll(".board tbody td")].filter((cell) => getComputedStyle(cell, "::before").content === "none");
    const narrow = [...document.querySelectorAll(".board td[data-head=verdicts] span")].filter((words) =>
      words.getBoundingClientRect().height > 3 * parseFloat(getComputedStyle(words).lineHeight));
    return [...unnamed.map((cell) => `the board does not say what ${cell.textContent} is of`),
            ...narrow.map((words) => `the board squeezes "${words.textContent}"`)];
  });
  for (const one of wrong) note(where, one);
  const beyond = await page.evaluate(() => [...document.querySelectorAll(".board-frame")].map((frame) => frame.scrollWidth - frame.clientWidth));
  expect(where, beyond.every((px) => px <= 0), `the board stands out of its frame by ${beyond} px`);
};

// Letters are to be read: WCAG's 4.5 to 1 (1.4.3), whatever lets paper through.
const checkContrast = async (page, where) => {
  const pale = await page.evaluate(() => {
    const rgba = (colour) => { // color-mix gives "color(srgb r g b / a)", with parts from 0 to 1
      const [r, g, b, a = 1] = colour.match(/-?[\d.]+(e-?\d+)?/g).map(Number), most = colour.startsWith("color(") ? 1 : 255;
      return [r / most, g / most, b / most, a];
    };
    const over = ([r, g, b, a], under) => [r, g, b].map((part, i) => part * a + under[i] * (1 - a));
    const light = (parts) => parts.map((part) => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4)
      .reduce((sum, part, i) => sum + part * [.2126, .7152, .0722][i], 0);
    const paperOf = (element) => {
      const below = element.parentElement ? paperOf(element.parentElement) : [1, 1, 1];
      return over(rgba(getComputedStyle(element).backgroundColor), below);
    };
    const opacityOf = (element) => element ? getComputedStyle(element).opacity * opacityOf(element.parentElement) : 1;
    const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    return [...document.body.querySelectorAll("*")].filter((element) => element.getClientRects().length && hasText(element)).flatMap((element) => {
      const [r, g, b, a] = rgba(getComputedStyle(element).color), paper = paperOf(element);
      if (a === 0 || element.closest(".legend-entry i")) return []; // marks of a chart, beside their names
      const pair = [light(over([r, g, b, a * opacityOf(element)], paper)), light(paper)];
      const ratio = (Math.max(...pair) + .05) / (Math.min(...pair) + .05);
      return ratio < 4.5 ? [`${element.tagName} ${element.className} in ${element.parentElement.className} has a contrast of ${ratio.toFixed(2)}`] : [];
    });
  });
  for (const one of new Set(pale)) note(where, one);
};

// Marks stand on the lines of their rows, and a logarithmic axis begins where its figures do.
const checkMarks = async (page, where) => {
  const wrong = await page.evaluate(() => [...document.querySelectorAll("canvas")].flatMap((canvas) => {
    const chart = Chart.getChart(canvas), id = canvas.closest("figure").id;
    const off = chart.data.datasets.flatMap(({ data }) => data).filter((point) => point?.row !== undefined && point.y !== chart.scales.y.ticks[point.row].value);
    const log = Object.values(chart.scales).filter((scale) => scale.type === "logarithmic").filter((scale) => {
      const values = chart.data.datasets.flatMap(({ data }) => data.flatMap((point) => [point[scale.axis], ...(scale.axis === "x" ? [point.low, point.high, ...(chart.options.plugins.intervals.each && point.launches || [])] : [])])).filter((value) => value > 0);
      return scale.min < Math.min(...values) / 1.5 || scale.max > Math.max(...values) * 1.5;
    });
    return [...off.slice(0, 1).map(() => `${id}: a mark is off its line`), ...log.map(({ axis }) => `${id}: the ${axis} axis is longer than its figures`)];
  }));
  for (const one of wrong) note(where, one);
};

// A family is chosen for all charts together, and what each launch saw is drawn on demand.
const checkChoices = async (page, where) => {
  const drawn = () => page.evaluate(() => [...document.querySelectorAll("canvas")].map((canvas) => {
    const chart = Chart.getChart(canvas), select = canvas.closest("figure").querySelector("select[aria-label^=Family]");
    return { rows: chart.scales.y.ticks.map(({ label }) => label), height: canvas.clientHeight, families: select && [...select.options].map(({ value }) => value) };
  }));
  const choose = (name) => page.evaluate(`() => {
    const select = document.querySelector("select[aria-label^=Family]");
    select.value = "${name}";
    select.dispatchEvent(new Event("change"));
  }`);
  const before = await drawn(), has = before.find(({ families }) => families);
  if (!has) return;
  const name = has.families[1];
  await choose(name);
  const few = (await drawn()).filter(({ families }) => families?.includes(name));
  const letters = { HMAC: "HS", "RSA PKCS #1": "RS", "RSA-PSS": "PS", ECDSA: "ES", EdDSA: "Ed" }[name];
  expect(where, few.length > 0 && few.every(({ rows }) => rows.length && rows.every((row) => row.startsWith(letters))), `${name} is not all that charts show`);
  await choose("");
  expect(where, JSON.stringify(await drawn()) === JSON.stringify(before), "the choice of a family does not let go");
  const box = page.locator("input.launches").first();
  if (await box.count() === 0) return;
  await box.click();
  expect(where, JSON.stringify(await drawn()) !== JSON.stringify(before), "launches are not drawn");
  await checkMarks(page, `${where}, each launch`);
  await box.click();
};

// What is read aloud holds what is seen (WCAG 2.5.3), so that it can be said to a machine that listens.
const checkNames = async (page, where) => {
  const strange = await page.evaluate(() => [...document.querySelectorAll(":is(a, button, td, th, [tabindex])[aria-label]")].filter((element) => {
    const seen = element.innerText?.trim().toLowerCase();
    return seen && !element.getAttribute("aria-label").toLowerCase().includes(seen);
  }).map((element) => `"${element.innerText}" is called "${element.getAttribute("aria-label")}"`));
  for (const one of new Set(strange)) note(where, one);
};

// axe-core is no package of Debian: where AXE_CORE names its axe.min.js, it is asked too.
const checkAxe = async (page, where, of = "document") => {
  if (!process.env.AXE_CORE) return;
  await page.run(`${readFileSync(process.env.AXE_CORE, "utf8")};0`);
  const faults = await page.run(`axe.run(${of}, { resultTypes: ["violations"] }).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + " of " + nodes.length + ": " + nodes[0].html.slice(0, 120)))`);
  for (const fault of faults) note(where, `axe-core: ${fault}`);
};

// Labels along an axis that would be drawn over each other.
const checkTicks = async (page, where) => {
  const wrong = await page.evaluate(() => [...document.querySelectorAll("canvas")].flatMap((canvas) => {
    const chart = Chart.getChart(canvas), scale = chart.scales.x;
    chart.ctx.font = `${scale.options.ticks.font?.size ?? Chart.defaults.font.size}px ${Chart.defaults.font.family}`;
    const labels = scale.ticks.filter(({ label }) => label).map(({ value, label }) => {
      const half = chart.ctx.measureText(label).width / 2, at = scale.getPixelForValue(value);
      return { label, from: at - half, to: at + half };
    });
    return labels.slice(1).filter((label, i) => label.from < labels[i].to)
      .map(({ label }) => `${canvas.closest("figure").id}: "${label}" stands over its neighbour`);
  }));
  for (const one of wrong) note(where, one);
};

// In a table that scrolls, what a row is of stays in sight.
const checkKeys = async (page, where) => {
  const lost = await page.evaluate(() => [...document.querySelectorAll("details.figures[open] .scroll")].flatMap((frame) => {
    frame.scrollLeft = frame.scrollWidth;
    const cells = [...frame.querySelectorAll(".keyed tbody tr:first-child td:nth-child(-n+2):not([colspan]), tbody tr:first-child td:first-child")];
    const { left, right } = frame.getBoundingClientRect();
    const gone = cells.filter((cell) => cell.getBoundingClientRect().left < left - 1 || cell.getBoundingClientRect().right > right);
    const narrow = cells.filter((cell) => cell.getBoundingClientRect().width < 60);
    frame.scrollLeft = 0;
    return [...gone.map((cell) => `"${cell.textContent}" scrolls out of its table`),
            ...narrow.map((cell) => `"${cell.textContent}" is squeezed`)];
  }));
  for (const one of lost) note(where, one);
};

// Light and dark differ, by the system's wish and by the switch.
const checkTheme = async (page, where, scheme) => {
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const isDark = (colour) => Number(/\d+/.exec(colour)[0]) < 128;
  expect(where, isDark(await paper()) === (scheme === "dark"), `the page is not ${scheme}: ${await paper()}`);
  await page.click("#theme");
  expect(where, isDark(await paper()) !== (scheme === "dark"), `the switch leaves it ${scheme}`);
  await checkCharts(page, `${where}, switched`);
  await page.click("#theme");
};

// Sorting and filtering of the first long table.
const checkTables = async (page, where) => {
  const table = page.locator("details.figures").having("input[type=search]").first();
  if (await table.count() === 0) return;
  if (await table.getAttribute("open") === null) await table.locator("summary").press("Enter");
  const firsts = () => table.locator("tbody tr:not([hidden])").allInnerTexts();
  const before = await firsts();
  expect(where, await table.locator("button.save").count() === 1, "a table cannot be saved as CSV");
  const head = table.locator("th.n button").first();
  await head.focus();
  await page.press("Enter");
  await page.press("Enter");
  expect(where, await head.parent().getAttribute("aria-sort") === "descending", "a table does not sort by the keyboard");
  expect(where, JSON.stringify(await firsts()) !== JSON.stringify(before), "sorting moves no row");
  await table.locator("input[type=search]").fill("no such thing");
  expect(where, (await firsts()).length === 0, "the filter hides nothing");
  await table.locator("input[type=search]").fill("");
  expect(where, (await firsts()).length === before.length, "the filter does not let go");
};

// The matrix as CSV: a record a class that the filters show, whether its stage is folded or not.
const checkSaved = async (page, where) => {
  const [head, ...records] = await page.run(`(() => {
    const before = report.saveCsv;
    let saved = null;
    report.saveCsv = (title, records) => { saved = records; };
    document.querySelector("#heat-controls .save").click();
    report.saveCsv = before;
    return saved;
  })()`);
  const { rows, subjects } = JSON.parse(await page.locator("#verdict-data").textContent());
  expect(where, records.length === rows.length, `the matrix is saved with ${records.length} of ${rows.length} classes`);
  expect(where, head.length === 3 + subjects.length && records.every((record) => record.length === head.length && record.every((text) => typeof text === "string")),
         "the matrix is not saved as a table");
};

// Stages in the order of the pipeline, each a head that folds its rows away.
const checkStages = async (page, where) => {
  const order = ["good tokens and controls", "compact-split", "base64url", "header-json", "header-policy", "claims-json",
    "key-selection", "signature", "registered-claims", "authorisation", "key-import"];
  const places = (await page.locator("#heat .stage").allInnerTexts()).map((text) => order.findIndex((name) => text.trim().startsWith(name)))
    .filter((place) => place >= 0);
  expect(where, places.every((place, i) => i === 0 || places[i - 1] < place), `the stages stand in the order ${places}`);
  const seen = () => page.locator("#heat tbody:first-of-type tr:not([hidden]):not(.stage)").count();
  const head = page.locator("#heat .stage button").first(), before = await seen();
  await head.press("Enter");
  expect(where, (await seen() === 0) === (before > 0), "the head of a stage does not fold its rows");
  await head.press("Enter");
  expect(where, await seen() === before, "the head of a stage does not unfold its rows");
  await unfold(page);
};
const unfold = (page) => page.evaluate(() => document.querySelectorAll("#heat [aria-expanded=false]").forEach((head) => head.click()));

const nextFrame = "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))";

// A busy machine closes it a while after the key, and tells so with the next frame.
const closeDrawer = async (page, where) => {
  await page.press("Escape");
  await page.waitFor(() => !document.querySelector("dialog[open]"), 5000).catch(() => note(where, "Escape does not close the drawer"));
  await page.run(nextFrame);
};

// The matrix by keyboard: arrows, the drawer, Escape; then a filter.
const checkMatrix = async (page, where) => {
  if (await page.locator("#heat").count() === 0) return;
  await unfold(page);
  const cell = page.locator("#heat td[tabindex='0']");
  await cell.focus();
  const before = await cell.getAttribute("title");
  await page.press("ArrowDown");
  const after = await page.evaluate(() => document.activeElement.getAttribute("title"));
  expect(where, after !== null && after !== before, "arrows do not move in the matrix");
  const wrong = page.locator("#heat td.k0").first();
  if (await wrong.count()) await wrong.click();
  else await page.press("Enter");
  expect(where, await page.locator("dialog[open]").count() === 1, "a cell opens no drawer");
  const text = await page.locator("dialog").innerText();
  expect(where, text.includes("Expected"), "the drawer does not tell what is expected");
  if (await wrong.count()) expect(where, /assay check --subject \S+ --explain \S/.test(text), "the drawer has no command of the run's subject");
  await closeDrawer(page, where);
  await checkStages(page, where);
  await checkSaved(page, where);
  const rows = page.locator("#heat tbody tr:not([hidden])"), search = page.locator("#heat-controls input[type=search]");
  await search.fill("");
  const all = await rows.count();
  await search.fill("no such class");
  expect(where, await rows.count() === 0, "the matrix does not filter");
  await search.fill("");
  expect(where, await rows.count() === all, "the matrix's filter does not let go");
};

// What the drawer of a cell tells, by the data that the page holds: each check on the first cell that fits.
const checkDrawer = async (page, where) => {
  if (await page.locator("#heat").count() === 0) return;
  const data = JSON.parse(await page.locator("#verdict-data").textContent());
  const isPlain = (text) => /^ey[\w-]+\./.test(text); // its header can be decoded
  const texts = new Map(data.tokens.map(([place, , text]) => [place, text]));
  const cells = data.rows.flatMap((row, r) => row.cells.map(([, , unscored, , kinds, , said], s) => {
    const examples = [...kinds.filter((one) => one.length > 2), ...said].map((one) => one.at(-1)).filter((place) => data.ids[place]);
    return { r, s, unscored, said, example: examples.find((place) => texts.has(place)), lost: examples.find((place) => !texts.has(place)),
             first: examples.length ? undefined : data.tokens.find(([, name]) => name === row.class) };
  }));
  await unfold(page);
  const drawer = async (found) => {
    if (!found) return null;
    await page.locator("#heat tbody tr:not(.stage)").nth(found.r).locator("td").nth(found.s).click();
    const text = await page.locator("dialog").innerText();
    await closeDrawer(page, where);
    return text;
  };
  // Without the marks that are shown by their numbers.
  const header = (token) => Buffer.from(token.split(".")[0], "base64url").toString().replaceAll("\u202e", "\\u202e");
  const kept = cells.find(({ example }) => isPlain(texts.get(example))), right = cells.find(({ first }) => first && isPlain(first[2]));
  const lost = cells.find((cell) => cell.lost !== undefined), unscored = cells.find((cell) => cell.unscored && cell.said.length);
  const bare = (text) => text.replace(/\s/g, ""); // JSON has a line a member there
  const told = (found, words, what) => drawer(found).then((text) => expect(where, text === null || bare(text).includes(bare(words)), what));
  if (kept) await told(kept, header(texts.get(kept.example)), "the drawer does not decode its token's header");
  if (right) await told(right, header(right.first[2]), "the drawer of a right cell shows no token of the class");
  await told(lost, "not kept this token's text", "the drawer does not say that a token's text is not kept");
  await told(unscored, `${unscored?.unscored} not scored`, "the drawer does not tell how many tokens are not scored");
  await told(unscored, data.answers[unscored?.said[0][0]], "the drawer does not tell an answer that is not scored");
  return [kept, right, lost, unscored].filter(Boolean).length;
};

const checkAddress = async (page, where, right, what) => {
  const address = await page.evaluate(() => location.hash);
  expect(where, address === right, `${what}: it is ${address} in place of ${right}`);
};

// A link to a cell opens its drawer, which leads on to the next.
const checkLinks = async (page, where) => {
  if (await page.locator("#heat").count() === 0) return;
  const { rows, subjects } = JSON.parse(await page.locator("#verdict-data").textContent());
  const linkOf = (row) => `#cell:${encodeURIComponent(row.class)}:${encodeURIComponent(subjects[0].name)}`;
  await page.run(`location.hash = ${JSON.stringify(linkOf(rows[0]))}`);
  await page.waitFor(() => document.querySelector("dialog[open]"), 5000).catch(() => note(where, "a link opens no drawer"));
  const title = () => page.locator("#cell-title").textContent();
  expect(where, await title() === rows[0].class, `the link to ${rows[0].class} opens ${await title()}`);
  const [sentence] = rows[0].told;
  expect(where, !sentence || (await page.locator("dialog").textContent()).includes(sentence), "the drawer lacks the sentence of its class");
  await checkAxe(page, `${where}, drawer`, "'dialog'");
  if (rows.length > 1) {
    await page.locator("dialog .next").click();
    expect(where, await title() === rows[1].class, `after ${rows[0].class} comes ${await title()}`);
    await checkAddress(page, where, linkOf(rows[1]), "the address does not follow the drawer");
  }
  // A drawer that is closed and opened again before the next frame, in which its "close" event comes.
  await page.run(`(document.querySelector("dialog").close(), document.querySelector("#heat tbody td").click())`);
  await page.run(nextFrame);
  await checkAddress(page, where, linkOf(rows[0]), "the address does not follow a drawer that is opened at once again");
  await closeDrawer(page, where);
};

// On paper the head of a table stands on every page of it: Chromium repeats none with a button in it. Nothing stands
// out of the page, which is where it is cut off, and no section is empty.
const PAPER = 688; // of A4 within its margins
const checkPaper = async (page, where) => {
  await page.send("Emulation.setEmulatedMedia", { media: "print" });
  await page.send("Emulation.setDeviceMetricsOverride", { width: PAPER, height: 970, deviceScaleFactor: 1, mobile: false });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  const wide = await page.evaluate(() => [...document.querySelectorAll(".scroll")].filter((frame) => frame.scrollWidth > frame.clientWidth + 1)
    .map((frame) => `${frame.closest("section").id}: a table stands ${frame.scrollWidth - frame.clientWidth} px out of the paper: ${frame.innerText.slice(0, 60)}`));
  for (const one of wide) note(where, one.replaceAll("\n", " "));
  const folded = await page.evaluate(() => document.querySelectorAll("details:not([open]), #heat [aria-expanded=false]").length);
  expect(where, folded === 0, `${folded} parts are folded on paper`);
  const boxed = await page.evaluate(() => [...document.querySelectorAll("thead button")].filter((button) => getComputedStyle(button).display !== "contents").length);
  expect(where, boxed === 0, `${boxed} buttons keep heads from being repeated on paper`);
};

const checkScripted = async (browser, size, scheme) => {
  const where = `${size.name}, ${scheme}`;
  const page = await openPage(browser, where, { ...size, colorScheme: scheme });
  await isDrawn(page).catch(() => note(where, "not every chart was drawn within 30 s"));
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
  const charts = await checkCharts(page, where);
  await checkLayout(page, where, size.width);
  await checkBoard(page, where);
  await checkContrast(page, where);
  await checkNames(page, where);
  await checkAxe(page, where);
  await checkTicks(page, where);
  await checkMarks(page, where);
  await checkChoices(page, where);
  if (size.name === "phone") await checkKeys(page, where);
  if (pictures) writeFileSync(`${pictures}/${size.name}-${scheme}.png`, await page.screenshot());
  await checkTheme(page, where, scheme);
  await checkTables(page, where);
  await checkMatrix(page, where);
  const cells = await checkDrawer(page, where);
  await checkLinks(page, where);
  console.log(`${where}: ${charts} charts, ${cells ?? "no"} kinds of cells, first paint after ${paint ? `${Math.round(paint)} ms` : "an unknown time"}`);
  await checkPaper(page, where);
  await page.close();
};

// Without scripts no chart is left as a hole, and every table can be read.
const checkPlain = async (browser, size) => {
  const where = `${size.name}, without JavaScript`;
  const page = await openPage(browser, where, { ...size, scripts: false });
  expect(where, await page.locator("figure.chart").visible().count() === 0, "there are empty charts");
  expect(where, (await page.locator("h1").innerText()).trim().length > 0, "there is no headline");
  const tables = await page.locator("table.data").count(), seen = await page.locator("table.data").visible().count();
  expect(where, seen === tables, `${tables - seen} of ${tables} tables are hidden`);
  console.log(`${where}: ${tables} tables`);
  await page.close();
};

const browser = launch(browserPath);
try {
  for (const size of sizes) {
    for (const scheme of schemes) await checkScripted(browser, size, scheme);
    await checkPlain(browser, size);
  }
} finally {
  await browser.close();
}
for (const problem of problems) console.error(problem);
process.exit(problems.length ? 1 : 0);
