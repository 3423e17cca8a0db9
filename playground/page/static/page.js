// Puts in place what the server sends, and sends what the person does. Everything shown is rendered by the server.
"use strict";

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const where = new URLSearchParams(location.search);
const commands = JSON.parse($("#commands").textContent);
const kept = (() => { try { return sessionStorage; } catch { return {}; } })(); // what a reload of this tab keeps, where it may
const wants = new URLSearchParams({ channel: kept.channel || "" });
let socket, pause = 250;

// ---------------------------------------------------------------- the wire

function connect() {
  const query = new URLSearchParams({ as: wants.get("as") || where.get("as") || "", channel: wants.get("channel") || "" });
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live?${query}`);
  socket.onopen = () => { pause = 250; $("#link").hidden = true; };
  socket.onmessage = (event) => { pictures.push(JSON.parse(event.data)); if (!pressed) catchUp(); };
  socket.onclose = () => { $("#link").hidden = false; setTimeout(connect, pause); pause = Math.min(pause * 2, 4000); };
}

function send(doing) {
  if (socket.readyState !== WebSocket.OPEN) return false;
  socket.send(JSON.stringify(doing));
  return true;
}

// A button that is painted anew between its press and its release hears of no click: while one is pressed, nothing is painted.
let pressed = false;
const pictures = [];
function catchUp() { while (pictures.length) show(pictures.shift()); }
function released() { if (pressed) setTimeout(() => { pressed = false; catchUp(); }); } // once the click has been heard
document.addEventListener("pointerdown", (event) => { pressed = event.button === 0 && Boolean(event.target.closest("button, summary, a, [data-go]")); }, true);
document.addEventListener("keydown", (event) => { if (event.key === " " && event.target.matches("button, summary")) pressed = true; }, true);
for (const kind of ["pointerup", "pointercancel", "keyup", "contextmenu"]) document.addEventListener(kind, released, true);
document.addEventListener("pointermove", (event) => { if (!event.buttons) released(); }, true);
addEventListener("blur", released);

// A laptop that slept holds a dead socket without knowing: look at once, rather than at the next heartbeat.
document.addEventListener("visibilitychange", () => { if (!document.hidden && socket.readyState > 1) connect(); });

// ---------------------------------------------------------------- showing

function show(picture) {
  if (picture.person !== wants.get("as") || picture.channel !== wants.get("channel")) {
    wants.set("as", picture.person);
    wants.set("channel", kept.channel = picture.channel);
    history.replaceState(null, "", `?as=${encodeURIComponent(picture.person)}`);
  }
  for (const [id, html] of Object.entries(picture.regions)) put(id, html);
  for (const box of boxes) {
    const of = `${picture.person} ${picture.channel} ${box.id === "replies" ? picture.thread : ""}`;
    if (box.id in picture.lists) arrange(box, picture.lists[box.id], of);
    box.of = of;
  }
  $("#threadbox").hidden = !picture.thread;
  document.body.classList.toggle("threaded", Boolean(picture.thread));
  if (picture.thread && picture.thread === openThread.wanted) { openThread.wanted = ""; $("#reply").focus(); }
  boxes.forEach(rove);
  roveCells();
  const mentions = Number($("#rooms").dataset.mentions || 0);
  document.title = `${mentions ? `(${mentions}) ` : ""}Quarterdeck, rehearsed`;
  if ($("#why").of && !$("#why").of.isConnected) tell(null);
  dress(document);
}

// Why a pod is not ready, where the pointer or the focus is: within the window, whatever it stands in.
function tell(cell) {
  const why = $("#why");
  why.of = cell;
  why.hidden = !cell;
  if (!cell) return;
  why.textContent = cell.dataset.why;
  const at = cell.getBoundingClientRect(), size = why.getBoundingClientRect();
  why.style.left = `${Math.max(6, Math.min(at.left, innerWidth - size.width - 6))}px`;
  why.style.top = `${at.bottom + size.height + 8 > innerHeight ? at.top - size.height - 4 : at.bottom + 4}px`;
}
for (const [kind, shown] of [["mouseover", true], ["focusin", true], ["mouseout", false], ["focusout", false]]) {
  document.addEventListener(kind, (event) => {
    const cell = event.target.closest?.("[data-why]");
    if (cell) tell(shown ? cell : null);
  });
}

function put(id, html) {
  const old = document.getElementById(id), fresh = made(html);
  if (!old || !fresh) return;
  const focus = old.contains(document.activeElement) ? placeOf(document.activeElement) : null;
  keepEntered(old, fresh);
  old.replaceWith(fresh);
  if (id === "modal") openModal(fresh, focus);
  else if (focus) focusAgain({ ...focus, region: fresh });
  if (focus && id === "breaks") fresh.scrollIntoView({ block: "nearest" }); // what it did is told below the buttons
}

function made(html) {
  const box = document.createElement("template");
  box.innerHTML = html.trim();
  return box.content.firstElementChild;
}

// What was typed into a form stays when the server paints it again (with what is wrong beside it).
function keepEntered(old, fresh) {
  const before = $("[data-view]", old), after = $("[data-view]", fresh);
  if (before && after && before.dataset.view === after.dataset.view) {
    for (const input of $$("[name]", before)) {
      const ticks = input.type === "checkbox" || input.type === "radio";
      const same = $$(`[name="${CSS.escape(input.name)}"]`, after).find((i) => !ticks || i.value === input.value);
      if (!same) continue;
      if (ticks) same.checked = input.checked;
      else if (input.multiple) for (const option of same.options) option.selected = [...input.selectedOptions].some((o) => o.value === option.value);
      else same.value = input.value;
    }
  }
  for (const details of $$("details[open][data-key]", old)) {
    const same = $(`details[data-key="${CSS.escape(details.dataset.key)}"]`, fresh);
    if (same) same.open = true;
  }
}

// `of` says what the list is of: what is new in the same one is said aloud.
function arrange(box, list, of) {
  const focus = box.contains(document.activeElement) ? placeOf(document.activeElement) : null, fresh = [];
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
  const wanted = new Set(list.order);
  for (const child of [...box.children]) if (!wanted.has(child.id)) child.remove();
  let before = null;
  for (const id of list.order) {
    let item = document.getElementById(id);
    if (list.html[id] !== undefined) {
      if (item) { put(id, list.html[id]); item = document.getElementById(id); } else fresh.push(item = made(list.html[id]));
    }
    const place = before ? before.nextElementSibling : box.firstElementChild;
    if (item !== place) box.insertBefore(item, place);
    before = item;
  }
  if (atEnd || box.of !== of) box.scrollTop = box.scrollHeight;
  if (box.of === of) hear(fresh);
  if (focus && !box.contains(document.activeElement)) focusAgain(focus);
}

// ---------------------------------------------------------------- forms and buttons

function openModal(region, focus) {
  const dialog = $("dialog", region);
  if (!dialog) { if (openModal.back) focusAgain(openModal.back); openModal.back = null; return; }
  openModal.back ??= placeOf(document.activeElement);
  if (!dialog.open) dialog.showModal();
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); dismiss(dialog); });
  const same = focus?.key && $(`[data-key="${CSS.escape(focus.key)}"]`, dialog);
  ($("[aria-invalid=true]", dialog) || same || $("[autofocus], input, textarea, select", dialog))?.focus();
}

const dismiss = (dialog) => send({ do: "dismiss", view: dialog.dataset.view });

// {block id: what was entered}, as the server's inputs are named.
function values(within) {
  const found = {};
  for (const input of $$("[name]", within)) {
    if (input.type === "radio") { if (input.checked) found[input.name] = input.value; }
    else if (input.type === "checkbox") { found[input.name] ??= []; if (input.checked) found[input.name].push(input.value); }
    else if (input.multiple) found[input.name] = [...input.selectedOptions].map((option) => option.value);
    else if (input.value !== "") found[input.name] = input.value;
  }
  return found;
}

function use(control, option) {
  const message = control.closest("[data-ts]"), view = control.closest("[data-view]");
  const place = view ? { view: view.dataset.view } : { ts: message.dataset.ts };
  send({ do: "click", action: control.dataset.action, option, values: values(view || message), ...place });
  control.setAttribute("aria-busy", "true");
  setTimeout(() => control.removeAttribute("aria-busy"), 3000);
}

function confirmed(control, then) {
  const asked = control.dataset.confirm ? JSON.parse(control.dataset.confirm) : null;
  if (!asked) return then();
  const dialog = $("#confirm");
  dialog.replaceChildren(made(`<form method="dialog"><h2 id="confirm-title"></h2><p></p><footer>
    <button value="">x</button><button value="yes" class="primary">y</button></footer></form>`));
  $("h2", dialog).textContent = asked.title;
  $("p", dialog).textContent = asked.text;
  const [no, yes] = $$("button", dialog);
  no.textContent = asked.deny;
  yes.textContent = asked.confirm;
  if (asked.style === "danger") yes.className = "danger";
  dialog.returnValue = "";
  const back = placeOf(control);
  dialog.onclose = () => { focusAgain(back); if (dialog.returnValue === "yes") then(); };
  dialog.showModal();
  yes.focus();
}

document.addEventListener("click", (event) => {
  const control = event.target.closest("button, [data-go]");
  if (!control) return;
  const data = control.dataset;
  if (data.go) { send({ do: "go", channel: data.go }); showPart("channel"); }
  else if ("thread" in data) openThread(data.thread);
  else if ("dismiss" in data) dismiss(control.closest("dialog"));
  else if (data.action) confirmed(control, () => use(control, data.option));
  else if (data.do) confirmed(control, () => send({ ...JSON.parse(data.with || "{}"), do: data.do }));
  else if (data.put !== undefined) { put_into_composer(data.put); }
  else if (data.show) showPart(data.show);
});

function openThread(ts) {
  if (!ts) focusAgain({ article: `m${openThread.ts}` });
  openThread.ts = openThread.wanted = ts;
  send({ do: "thread", ts });
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.classList.contains("threaded") && !$("dialog[open]") && offers.hidden) openThread("");
});

document.addEventListener("change", (event) => {
  const control = event.target;
  if (control.id === "be") send({ do: "be", person: control.value });
  else if (control.dataset.action && control.dataset.dispatch) confirmed(control, () => use(control, control.value));
});

document.addEventListener("submit", (event) => {
  const dialog = event.target.closest("[data-view]");
  if (!dialog) return;
  event.preventDefault();
  send({ do: "submit", view: dialog.dataset.view, values: values(dialog) });
});

function showPart(part) {
  $(".deck").dataset.shown = part;
  for (const button of $$("[data-show]")) button.setAttribute("aria-pressed", String(button.dataset.show === part));
}

// ---------------------------------------------------------------- the composer

const HISTORY = 50; // lines that ↑ goes back
const said = { list: JSON.parse(kept.said || "[]") };
said.at = said.list.length;
const box = $("#say"), offers = $("#suggestions");

function put_into_composer(text) {
  showPart("channel");
  box.value = text;
  box.focus();
  grow(box);
  offer();
}

function grow(area) { area.style.height = "auto"; area.style.height = `${Math.min(area.scrollHeight, 220)}px`; }

function offer() {
  const typed = /^\/\S*$/.test(box.value) ? box.value : null, known = /^(\/\S+)\s/.exec(box.value);
  const found = typed ? commands.filter((c) => c.name.startsWith(typed)) : known ? commands.filter((c) => c.name === known[1]) : [];
  offers.replaceChildren(...found.map((command, index) => {
    const item = made(`<li role="option" id="offer-${index}"><b></b> <code></code> <span></span></li>`);
    $("b", item).textContent = command.name;
    $("code", item).textContent = command.hint;
    $("span", item).textContent = command.about;
    item.dataset.name = command.name;
    item.setAttribute("aria-selected", String(Boolean(typed) && index === 0));
    return item;
  }));
  offers.hidden = !found.length;
  offers.classList.toggle("usage", !typed);
  box.setAttribute("aria-expanded", String(Boolean(typed && found.length)));
  pick(typed && found.length ? 0 : -1);
}

function pick(index) {
  const items = $$("li", offers);
  items.forEach((item, i) => item.setAttribute("aria-selected", String(i === index)));
  if (index < 0) box.removeAttribute("aria-activedescendant");
  else box.setAttribute("aria-activedescendant", `offer-${index}`);
}

const picked = () => $$("li", offers).findIndex((item) => item.getAttribute("aria-selected") === "true");
const choosing = () => !offers.hidden && !offers.classList.contains("usage");

function choose(item) { box.value = `${item.dataset.name} `; box.focus(); offer(); }
offers.addEventListener("mousedown", (event) => {
  event.preventDefault();
  if (choosing()) choose(event.target.closest("li"));
});

box.addEventListener("input", () => { grow(box); offer(); });
box.addEventListener("keydown", (event) => {
  const items = $$("li", offers);
  if (choosing() && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    pick((picked() + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length);
  } else if (choosing() && (event.key === "Tab" || (event.key === "Enter" && items[picked()]?.dataset.name !== box.value))) {
    event.preventDefault();
    choose(items[picked()]);
  } else if (event.key === "Escape" && !offers.hidden) offers.hidden = true;
  else if (event.key === "ArrowUp" && (box.value === "" || box.value === said.list[said.at]) && said.at > 0) {
    event.preventDefault();
    box.value = said.list[--said.at];
  } else if (event.key === "ArrowDown" && box.value === said.list[said.at]) {
    event.preventDefault();
    box.value = said.list[++said.at] ?? "";
  }
});

for (const [form, thread] of [["#composer", false], ["#replier", true]]) {
  const area = $("textarea", $(form));
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !event.defaultPrevented) { event.preventDefault(); $(form).requestSubmit(); }
  });
  $(form).addEventListener("submit", (event) => {
    event.preventDefault();
    const text = area.value.trim(), root = thread ? $("#replies article")?.dataset.ts : "";
    if (!text || !send({ do: "say", text, thread: root })) return;
    if (!thread) {
      said.list = [...said.list, text].slice(-HISTORY);
      said.at = said.list.length;
      kept.said = JSON.stringify(said.list);
    }
    area.value = "";
    grow(area);
    offers.hidden = true;
    const log = $(thread ? "#replies" : "#messages");
    log.scrollTop = log.scrollHeight;
  });
}

connect();
