// A Chromium to be asked about a page, over the DevTools protocol on a pipe: messages are JSON, each ended by a NUL.
// No package is needed for that, and Node.js 18 is enough.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ANSWER_MS = 30000; // no answer within that is a hang
const keys = { Enter: { code: 13, text: "\r" }, ArrowDown: { code: 40 }, Escape: { code: 27 } };

const sleep = (ms) => new Promise((wake) => setTimeout(wake, ms));

// As root, which CI containers run as, Chromium has no sandbox of its own, nor where user namespaces are not to be had, as
// in a changed root.
const hasSandbox = () => process.getuid() !== 0 && spawnSync("unshare", ["--user", "true"]).status === 0;

const flags = (profile) => ["--headless=new", "--remote-debugging-pipe", `--user-data-dir=${profile}`, "--disable-gpu",
  "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
  "--disable-dev-shm-usage", "--hide-scrollbars", ...(hasSandbox() ? [] : ["--no-sandbox"]), "about:blank"];

// The two pipes as one function that sends a command and one list of listeners: listener(session, method, params).
class Connection {
  constructor(child) {
    this.out = child.stdio[3];
    this.waiting = new Map();
    this.listeners = [];
    this.next = 1;
    let rest = Buffer.alloc(0);
    child.stdio[4].on("data", (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      for (let end; (end = rest.indexOf(0)) >= 0; rest = rest.subarray(end + 1)) this.take(JSON.parse(rest.subarray(0, end)));
    });
    child.on("exit", (code, signal) => this.fail(`Chromium ended by ${signal ?? `exit code ${code}`}`));
    child.on("error", (error) => this.fail(error.message));
    for (const pipe of [this.out, child.stdio[4]]) pipe.on("error", (error) => this.fail(error.message));
  }

  take({ id, error, result, method, params, sessionId }) {
    if (id === undefined) return this.listeners.forEach((listener) => listener(sessionId, method, params));
    const asked = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) asked?.reject(new Error(`${asked.method}: ${error.message}`));
    else asked?.resolve(result);
  }

  fail(why) {
    this.broken ??= new Error(why);
    for (const { reject } of this.waiting.values()) reject(this.broken);
    this.waiting.clear();
  }

  send(method, params = {}, sessionId = undefined) {
    if (this.broken) return Promise.reject(this.broken);
    const id = this.next++;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${method}: no answer in ${ANSWER_MS / 1000} s`)), ANSWER_MS);
      const settled = (settle) => (value) => { clearTimeout(late); settle(value); };
      this.waiting.set(id, { method, resolve: settled(resolve), reject: settled(reject) });
      this.out.write(JSON.stringify({ id, method, params, sessionId }) + "\0");
    });
  }
}

// Elements of a page, found anew whenever they are asked for: all that a selector finds, one of them, what is in it.
// `find` is source text of JavaScript that gives an array of elements.
class Elements {
  constructor(page, find) {
    this.page = page;
    this.find = find;
  }

  locator(selector) { return new Elements(this.page, `${this.find}.flatMap((e) => [...e.querySelectorAll(${JSON.stringify(selector)})])`); }
  having(selector) { return new Elements(this.page, `${this.find}.filter((e) => e.querySelector(${JSON.stringify(selector)}))`); }
  visible() { return new Elements(this.page, `${this.find}.filter((e) => e.checkVisibility({ checkVisibilityCSS: true }) && e.getClientRects().length)`); }
  nth(index) { return new Elements(this.page, `${this.find}.slice(${index}, ${index} + 1)`); }
  first() { return this.nth(0); }
  parent() { return new Elements(this.page, `${this.find}.map((e) => e.parentElement)`); }

  ask(source) { return this.page.run(`((all) => ${source})(${this.find})`); }
  one(source) {
    return this.ask(`{ const e = all[0]; if (!e) throw new Error("there is no such element"); return ${source}; }`);
  }

  count() { return this.ask("all.length"); }
  allInnerTexts() { return this.ask("all.map((e) => e.innerText)"); }
  innerText() { return this.one("e.innerText"); }
  textContent() { return this.one("e.textContent"); }
  getAttribute(name) { return this.one(`e.getAttribute(${JSON.stringify(name)})`); }
  focus() { return this.one("e.focus()"); }

  async press(key) {
    await this.focus();
    await this.page.press(key);
  }

  async fill(text) {
    await this.one(`(e.focus(), e.value = ${JSON.stringify(text)}, e.dispatchEvent(new Event("input", { bubbles: true })))`);
  }

  // With the mouse, as a person would: what covers the element, or lies where it should be, gets the click.
  async click() {
    const at = await this.one(`(() => {
      e.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
      const { left, top, width, height } = e.getBoundingClientRect(), x = left + width / 2, y = top + height / 2;
      const hit = document.elementFromPoint(x, y);
      return { x, y, covered: hit && e.contains(hit) ? null : (hit?.outerHTML.slice(0, 80) ?? "nothing") };
    })()`);
    if (at.covered !== null) throw new Error(`${this.find} cannot be clicked: ${at.covered} is in its place`);
    await this.page.mouse("mousePressed", at);
    await this.page.mouse("mouseReleased", at);
  }
}

class Page {
  constructor(connection, session, context) {
    this.send = (method, params) => connection.send(method, params, session);
    this.close = () => connection.send("Target.disposeBrowserContext", { browserContextId: context });
    this.events = new Map();
    connection.listeners.push((from, method, params) => { if (from === session) this.events.get(method)?.(params); });
  }

  on(method, listener) { this.events.set(method, listener); }

  async goto(url) {
    const loaded = new Promise((resolve) => this.on("Page.loadEventFired", resolve));
    const { errorText } = await this.send("Page.navigate", { url });
    if (errorText) throw new Error(`${url}: ${errorText}`);
    await loaded;
  }

  // The value of an expression in the page, as JSON has it; its promise is waited for.
  async run(expression) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate",
      { expression, returnByValue: true, awaitPromise: true, userGesture: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  evaluate(work) { return this.run(`(${work})()`); }

  async waitFor(condition, ms) {
    for (const end = Date.now() + ms; !await this.evaluate(condition); await sleep(50))
      if (Date.now() > end) throw new Error(`not within ${ms / 1000} s`);
  }

  locator(selector) { return new Elements(this, "[document]").locator(selector); }
  click(selector) { return this.locator(selector).click(); }

  mouse(type, { x, y }) { return this.send("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1 }); }

  async press(key) {
    const { code, text } = keys[key];
    const event = { key, code: key, windowsVirtualKeyCode: code };
    await this.send("Input.dispatchKeyEvent", { ...event, type: text ? "keyDown" : "rawKeyDown", text });
    await this.send("Input.dispatchKeyEvent", { ...event, type: "keyUp" });
  }

  async screenshot() {
    const { data } = await this.send("Page.captureScreenshot", { captureBeyondViewport: true });
    return Buffer.from(data, "base64");
  }
}

class Browser {
  constructor(path) {
    this.profile = mkdtempSync(join(tmpdir(), "assay-chromium-"));
    this.child = spawn(path, flags(this.profile), { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    this.ended = new Promise((resolve) => this.child.once("close", resolve).once("error", resolve));
    this.connection = new Connection(this.child);
  }

  // A page in a profile of its own, with the network off. scripts: whether the page's own may run.
  async newPage({ width, height, colorScheme = "light", scripts = true }) {
    const { send } = this.connection, ask = send.bind(this.connection);
    const { browserContextId } = await ask("Target.createBrowserContext");
    const { targetId } = await ask("Target.createTarget", { url: "about:blank", browserContextId, width, height });
    const { sessionId } = await ask("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this.connection, sessionId, browserContextId);
    for (const domain of ["Page", "Runtime", "Network", "Log"]) await page.send(`${domain}.enable`);
    await page.send("Network.emulateNetworkConditions", { offline: true, latency: 0, downloadThroughput: 0, uploadThroughput: 0 });
    await page.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
    await page.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: colorScheme }] });
    await page.send("Emulation.setScriptExecutionDisabled", { value: !scripts });
    return page;
  }

  // Its processes write into the profile until the last of them is gone.
  async close() {
    await this.connection.send("Browser.close").catch(() => this.child.kill("SIGKILL"));
    await Promise.race([this.ended, sleep(5000).then(() => this.child.kill("SIGKILL"))]);
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

export const launch = (path) => new Browser(path);
