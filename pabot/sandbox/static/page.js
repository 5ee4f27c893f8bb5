// The page: live updates, buttons and menus, the message box. Forms are in forms.js, tables in tables.js.
import { caretNow, collect, complain, prepare as prepareForms, remember, resume, sendFiles } from "./forms.js";
import { prepareTables } from "./tables.js";

const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const me = document.body.dataset.as;
const here = document.body.dataset.in;

async function send(path, body) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ as: me, in: here, ...body }),
    });
    return await answer.json();
  } catch {
    return { error: "The workspace does not answer. Is it still running?" };
  }
}

function tell(words) {
  const notice = find(".notice");
  notice.textContent = words;
  notice.hidden = false;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => (notice.hidden = true), 7000);
}

// Live updates: the server draws the page, and only parts whose hash is new are put in place.

let events = null;
let fetching = false;
let again = false;

// A tab that nobody looks at lets go of its connection: browsers allow six to one place.
function listen() {
  events?.close();
  events = document.hidden ? null : new EventSource("/events");
  if (events) events.onmessage = refresh;
}

async function refresh() {
  if (fetching) return void (again = true);
  fetching = true;
  try {
    const answer = await fetch(location.href);
    if (answer.ok) merge(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // The event stream notices a server that is gone, and comes back with it.
  }
  fetching = false;
  if (again) {
    again = false;
    refresh();
  }
}

function merge(fresh) {
  const stream = find("#stream");
  const atEnd = stream && stream.scrollHeight - stream.scrollTop - stream.clientHeight < 80;
  const caret = caretNow();
  for (const list of all("[data-list]")) {
    const wanted = find(`#${list.id}`, fresh);
    if (wanted && mergeList(list, [...wanted.children]) && list.id === "views") {
      stackViews();
      if (!find("dialog[open]")) composer?.focus({ preventScroll: true });
    }
  }
  document.title = fresh.title;
  resume(caret);
  if (atEnd) stream.scrollTop = stream.scrollHeight;
}

function mergeList(list, wanted) {
  const old = new Map([...list.children].map((part) => [part.dataset.key, part]));
  let changed = false;
  let place = null;
  for (const part of wanted) {
    let now = old.get(part.dataset.key);
    old.delete(part.dataset.key);
    if (now?.dataset.hash !== part.dataset.hash) {
      changed = true;
      now?.remove();
      now = document.importNode(part, true);
    }
    const next = place ? place.nextElementSibling : list.firstElementChild;
    if (now !== next) list.insertBefore(now, next);
    if (!now.dataset.ready) prepare(now);
    place = now;
  }
  for (const gone of old.values()) {
    changed = true;
    gone.remove();
  }
  return changed;
}

function prepare(part) {
  part.dataset.ready = "yes";
  prepareForms(part, (root, text) => send("/suggest", { ...source(root), text }));
  prepareTables(part);
}

// Forms lie on a stack; only the top one is seen. The browser keeps focus inside it. From the first new one on
// they are laid down again, so that their order stays; a question about a form that changed is withdrawn.
function stackViews() {
  const views = all("dialog.view");
  const top = views.at(-1);
  const isNew = top && !top.open;
  const first = views.findIndex((view) => !view.open);
  if (first >= 0 && find(".ask").open) find(".ask").close();
  for (const view of first < 0 ? [] : views.slice(first)) {
    if (view.open) view.close();
    view.showModal();
  }
  for (const view of views) view.classList.toggle("under", view !== top);
  if (isNew) (find(".field .control, .field input", top) ?? top).focus();
}

// What was touched, and in what: enough for the server to find it again.
function source(element) {
  const container = element.closest("[data-container]");
  const { block, action, type } = element.dataset;
  const values = container.dataset.container === "view" ? collect(container) : [];
  return { ...container.dataset, block, action, type, values };
}

function confirmed(element) {
  if (!element.dataset.confirm) return Promise.resolve(true);
  const words = JSON.parse(element.dataset.confirm);
  const dialog = find(".ask");
  find("h2", dialog).textContent = words.title ?? "Are you sure?";
  find("p", dialog).textContent = words.text ?? "";
  const [no, yes] = all("[data-answer]", dialog);
  no.textContent = words.deny ?? "Cancel";
  yes.textContent = words.confirm ?? "Yes";
  yes.className = `button ${words.style}`;
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclick = (event) => event.target.dataset.answer && dialog.close(event.target.dataset.answer);
    dialog.onclose = () => resolve(dialog.returnValue === "yes");
    dialog.returnValue = "no";
  });
}

async function act(element, value) {
  if (element.ariaBusy === "true" || !(await confirmed(element))) return;
  element.ariaBusy = "true";
  const answer = await send("/act", { ...source(element), value });
  element.ariaBusy = null;
  if (answer.error) tell(answer.error);
  refresh();
}

async function submit(dialog) {
  const button = find("[data-submit]", dialog);
  if (!button || button.disabled) return;
  button.disabled = true;
  complain(dialog, {});
  const answer = await send("/submit", { view: dialog.dataset.view, values: collect(dialog) });
  button.disabled = false;
  complain(dialog, answer.errors ?? {}, answer.error);
  refresh();
}

async function close(dialog) {
  const answer = await send("/close", { view: dialog.dataset.view });
  if (answer.error) tell(answer.error);
  refresh();
}

function toggleMenu(button) {
  const menu = button.nextElementSibling;
  const opens = menu.hidden;
  closeMenus();
  menu.hidden = !opens;
  button.ariaExpanded = String(opens);
  if (opens) menu.firstElementChild?.focus();
}

function closeMenus() {
  for (const menu of all(".menu:not([hidden])")) {
    menu.hidden = true;
    menu.previousElementSibling.ariaExpanded = "false";
  }
}

// The first row whose selector is at or around the thing clicked says what happens.
const CLICKS = [
  ["[data-menu]", toggleMenu],
  ["[data-press]", (element) => act(element, element.dataset.value)],
  ["[data-shortcut]", (element) => start("/shortcut", { callback_id: element.dataset.shortcut })],
  ["[data-message-shortcut]", (element) => start("/shortcut", { callback_id: element.dataset.messageShortcut, ...source(element) })],
  ["[data-dismiss]", (element) => start("/dismiss", source(element))],
  ["[data-close]", (element) => close(element.closest("dialog"))],
  [".drawer", (element) => (element.ariaExpanded = String(document.body.classList.toggle("drawn")))],
  ["main", () => document.body.classList.remove("drawn")],
];

async function start(path, body) {
  document.body.classList.remove("drawn");
  const answer = await send(path, body);
  if (answer.error) tell(answer.error);
  refresh();
}

document.addEventListener("click", (event) => {
  const row = CLICKS.find(([selector]) => event.target.closest(selector));
  if (row?.[0] !== "[data-menu]") closeMenus();
  row?.[1](event.target.closest(row[0]));
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const dialog = event.target.closest("dialog.view");
  if (dialog) submit(dialog);
  else say();
});

document.addEventListener("change", async (event) => {
  const { target } = event;
  if (target.matches("[data-outage]")) return start("/outage", { on: target.checked });
  if (target.matches("[data-files]")) return sendFiles(target);
  const control = target.closest("[data-choose]");
  if (control && tells(control, event)) act(control, collect(control.parentElement, control));
});

// Outside a form's fields every choice tells the app at once. A field does when it says so.
function tells(control, event) {
  if (control.matches("[data-combo]")) return event.detail && (!control.closest("[data-field]") || control.querySelector("[data-dispatch]"));
  if (!control.closest("[data-field]")) return true;
  return control.matches("select[data-dispatch], input:is([type=date], [type=time], [type=datetime-local])[data-dispatch], [data-ticks][data-dispatch]");
}

document.addEventListener("input", (event) => {
  const { target } = event;
  remember(target);
  if (target.matches("[data-dispatch][data-dispatch-on~=on_character_entered]")) {
    clearTimeout(target.timer);
    target.timer = setTimeout(() => act(target, target.value), 300);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  if (event.key === "Enter" && event.target.matches("input[data-dispatch][data-dispatch-on~=on_enter_pressed]")) {
    event.preventDefault();
    act(event.target, event.target.value);
  }
  if (event.key !== "Escape") return;
  const menu = find(".menu:not([hidden])");
  const view = all("dialog.view").at(-1);
  if (menu) {
    event.preventDefault();
    closeMenus();
    menu.previousElementSibling.focus();
  } else if (view && !find(".ask").open) {
    event.preventDefault(); // the server closes it, so that the app hears of it
    close(view);
  }
  document.body.classList.remove("drawn");
});

// The message box.

const composer = find("#composer");
const draftKey = `${document.body.dataset.run}:${me}:${here}`;

async function say() {
  const text = composer.value.trim();
  if (!text) return;
  composer.value = "";
  typed();
  const answer = await send("/say", { text });
  if (answer.error) {
    tell(answer.error);
    composer.value ||= text;
    typed();
  }
  await refresh();
  find("#stream").scrollTop = find("#stream").scrollHeight;
}

function typed() {
  sessionStorage.setItem(draftKey, composer.value);
  const commands = JSON.parse(composer.dataset.commands);
  const [first] = composer.value.split(" ");
  const exact = commands.find((each) => each.command === first);
  find(".usage").textContent = exact ? `${exact.command} ${exact.usage_hint ?? ""} — ${exact.description ?? ""}` : "";
  const offered = composer.value.startsWith("/") && !exact ? commands.filter((each) => each.command.startsWith(first)) : [];
  const list = find("#commands");
  list.hidden = !offered.length;
  list.replaceChildren(...offered.map((each, index) => {
    const item = document.createElement("li");
    item.role = "option";
    item.ariaSelected = String(index === 0);
    item.textContent = `${each.command} — ${each.description ?? ""}`;
    item.onmousedown = (event) => event.preventDefault(); // the box keeps its focus
    item.onclick = () => complete(each.command);
    return item;
  }));
}

function complete(command) {
  composer.value = `${command} `;
  composer.focus();
  typed();
}

composer?.addEventListener("input", typed);
composer?.addEventListener("blur", () => (find("#commands").hidden = true));
composer?.addEventListener("keydown", (event) => {
  const offered = find("#commands li");
  if (event.key === "Tab" && offered && !find("#commands").hidden) {
    event.preventDefault();
    offered.click();
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    say();
  }
});

// Start.

for (const part of all("[data-list] > *")) prepare(part);
stackViews();
if (composer) {
  composer.value = sessionStorage.getItem(draftKey) ?? "";
  typed();
  find("#stream").scrollTop = find("#stream").scrollHeight;
  if (!find("dialog[open]")) composer.focus({ preventScroll: true });
}
if (find("#home")) start("/home", {});
document.addEventListener("visibilitychange", listen);
listen();
