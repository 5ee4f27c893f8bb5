// Forms: what the fields hold, what was wrong with it, what was typed, and the type-ahead lists.

const chosenOf = new WeakMap(); // a type-ahead's root -> [{value, label}]
const filesOf = new WeakMap(); // a file control -> [{value, label}]

export function prepare(root, suggest) {
  for (const combo of root.querySelectorAll("[data-combo]")) wireCombo(combo, suggest);
  if (root.matches("dialog.view")) restore(root);
  for (const control of root.querySelectorAll("[data-longest]")) count(control);
}

// What stands in every field, or in one control when it is named.
export function collect(root, control) {
  if (control) return valueOf(control);
  return [...root.querySelectorAll("[data-choose], [data-files]")].map((each) => ({
    block: each.dataset.block,
    action: each.dataset.action,
    value: valueOf(each),
  }));
}

function valueOf(control) {
  if (control.matches("[data-combo]")) {
    const values = chosenOf.get(control).map((each) => each.value);
    return "many" in control.dataset ? values : values[0] ?? null;
  }
  if (control.matches("[data-ticks]")) {
    const values = [...control.querySelectorAll("input:checked")].map((each) => each.value);
    return control.dataset.type === "checkboxes" ? values : values[0] ?? null;
  }
  if (control.matches("[data-files]")) return (filesOf.get(control) ?? []).map((each) => each.value);
  return control.value || null;
}

export function complain(dialog, errors, trouble = "") {
  for (const field of dialog.querySelectorAll("[data-field]")) {
    const words = errors[field.dataset.field] ?? "";
    const line = field.querySelector(".error");
    line.textContent = words;
    line.hidden = !words;
    field.toggleAttribute("data-wrong", Boolean(words));
    for (const control of field.querySelectorAll("input, select, textarea")) control.ariaInvalid = words ? "true" : null;
  }
  const banner = dialog.querySelector(".trouble");
  banner.textContent = trouble;
  banner.hidden = !trouble;
  dialog.querySelector("[data-wrong] :is(input, select, textarea)")?.focus();
}

// What was typed outlives an update of the form, and a reload of the page.

const draftKey = (dialog) => `${document.body.dataset.run}:${dialog.dataset.view}`;

export function remember(element) {
  const dialog = element.closest("dialog.view");
  const control = element.closest("[data-choose]");
  if (element.matches("[data-longest]")) count(element);
  if (!dialog || !control) return;
  const draft = JSON.parse(sessionStorage.getItem(draftKey(dialog)) ?? "{}");
  const value = control.matches("[data-combo]") ? chosenOf.get(control) : valueOf(control);
  draft[`${control.dataset.block}/${control.dataset.action}`] = value;
  sessionStorage.setItem(draftKey(dialog), JSON.stringify(draft));
}

function restore(dialog) {
  const draft = JSON.parse(sessionStorage.getItem(draftKey(dialog)) ?? "{}");
  for (const control of dialog.querySelectorAll("[data-choose]")) {
    const key = `${control.dataset.block}/${control.dataset.action}`;
    if (key in draft) put(control, draft[key]);
  }
}

function put(control, value) {
  if (control.matches("[data-combo]")) {
    chosenOf.set(control, value);
    drawChosen(control);
  } else if (control.matches("[data-ticks]")) {
    for (const box of control.querySelectorAll("input")) box.checked = [value].flat().includes(box.value);
  } else {
    control.value = value ?? "";
  }
}

// A form that is drawn anew under somebody's hands gives back the focus, the caret, and what was typed but not chosen.

export function caretNow() {
  const { id, value, selectionStart, selectionEnd } = document.activeElement ?? {};
  return { id, value, selectionStart, selectionEnd };
}

export function resume(caret) {
  const box = caret.id && document.getElementById(caret.id);
  if (!box || box === document.activeElement) return;
  box.focus();
  if (box.closest("[data-combo]") && box.value !== caret.value) {
    box.value = caret.value;
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  if (Number.isInteger(caret.selectionStart)) box.setSelectionRange(caret.selectionStart, caret.selectionEnd);
}

function count(control) {
  const most = Number(control.dataset.longest);
  const counter = control.parentElement.querySelector("[data-counter]");
  const length = control.value.length;
  counter.hidden = length < most * 0.8;
  counter.textContent = `${length.toLocaleString()} of ${most.toLocaleString()} characters`;
  counter.classList.toggle("over", length > most);
}

export async function sendFiles(control) {
  const sent = [];
  for (const file of control.files) {
    const answer = await fetch(`/attach?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file });
    sent.push({ value: (await answer.json()).file, label: file.name });
  }
  filesOf.set(control, sent);
  const list = control.parentElement.querySelector(".files");
  list.replaceChildren(...sent.map((each) => element("li", { className: "chip", textContent: each.label })));
}

// Type-ahead: one choice shown in the box itself, or many as chips before it.

function element(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

function drawChosen(root) {
  const chosen = chosenOf.get(root);
  const box = root.querySelector("input");
  if (!("many" in root.dataset)) return void (box.value = chosen[0]?.label ?? "");
  box.value = "";
  root.querySelector(".chips").replaceChildren(...chosen.map((each) => {
    const chip = element("li", { className: "chip", textContent: each.label });
    const remove = element("button", { type: "button", textContent: "×", ariaLabel: `Remove ${each.label}` });
    remove.onclick = () => choose(root, chosen.filter((other) => other !== each));
    chip.append(remove);
    return chip;
  }));
}

function choose(root, chosen) {
  chosenOf.set(root, chosen);
  drawChosen(root);
  const box = root.querySelector("input");
  box.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true, data: "chosen" }));
  box.dispatchEvent(new CustomEvent("change", { bubbles: true, detail: true }));
}

function wireCombo(root, suggest) {
  const box = root.querySelector("input");
  const list = root.querySelector("[role=listbox]");
  const many = "many" in root.dataset;
  let active = -1;
  let asked = 0;
  let timer;
  chosenOf.set(root, JSON.parse(root.dataset.chosen));
  drawChosen(root);

  const items = () => [...list.querySelectorAll("[role=option]")];

  function shut() {
    asked += 1;
    list.hidden = true;
    box.ariaExpanded = "false";
    active = -1;
    box.removeAttribute("aria-activedescendant");
  }

  function point(index) {
    const options = items();
    active = Math.max(0, Math.min(index, options.length - 1));
    options.forEach((each, place) => (each.ariaSelected = String(place === active)));
    if (options[active]) box.setAttribute("aria-activedescendant", options[active].id);
    options[active]?.scrollIntoView({ block: "nearest" });
  }

  async function offer(text) {
    const mine = (asked += 1);
    const least = Number(root.dataset.least ?? 0);
    if (text.length < least) return draw([], `Type ${least} letters or more`);
    let groups;
    if ("remote" in root.dataset) {
      const answer = await suggest(root, text);
      if (mine !== asked) return;
      if (answer.error) return draw([], answer.error);
      groups = answer.groups;
    } else {
      const wanted = text.toLowerCase();
      groups = JSON.parse(root.dataset.options).map((group) => ({
        ...group,
        options: group.options.filter((option) => option.label.toLowerCase().includes(wanted)),
      }));
    }
    draw(groups, "Nothing found");
  }

  function draw(groups, none) {
    const taken = many ? new Set(chosenOf.get(root).map((each) => each.value)) : new Set();
    const rows = [];
    for (const group of groups) {
      const options = group.options.filter((option) => !taken.has(option.value));
      if (group.label && options.length) rows.push(element("li", { className: "group", textContent: group.label, role: "presentation" }));
      for (const option of options) {
        const row = element("li", { textContent: option.label, role: "option", ariaSelected: "false", id: `${list.id}-${rows.length}` });
        row.onmousedown = (event) => event.preventDefault(); // the box keeps its focus
        row.onclick = () => pick(option);
        rows.push(row);
      }
    }
    list.replaceChildren(...(rows.length ? rows : [element("li", { className: "note", textContent: none, role: "presentation" })]));
    list.hidden = false;
    box.ariaExpanded = "true";
    active = -1;
  }

  function pick(option) {
    const most = Number(root.dataset.most ?? Infinity);
    shut();
    choose(root, many ? [...chosenOf.get(root), option].slice(0, most) : [option]);
    box.focus();
  }

  box.addEventListener("input", (event) => {
    if (event.data === "chosen") return;
    clearTimeout(timer);
    timer = setTimeout(() => offer(box.value.trim()), 120);
  });
  box.addEventListener("click", () => list.hidden && offer(many ? box.value.trim() : ""));
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) offer(many ? box.value.trim() : "");
      else point(active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      items()[Math.max(active, 0)]?.click();
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      shut();
    } else if (event.key === "Backspace" && many && !box.value) {
      choose(root, chosenOf.get(root).slice(0, -1));
    }
  });
  box.addEventListener("blur", () => {
    clearTimeout(timer);
    shut();
    if (!many && !box.value.trim() && chosenOf.get(root).length) choose(root, []);
    else drawChosen(root);
  });
}
