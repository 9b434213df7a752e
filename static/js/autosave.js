/* Saving while typing: after two quiet seconds and on leaving a field the form goes to the server in
   the background. Until the server has it, the text also stays in this tab's own storage. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-autosave]");
  if (!form) return;
  var PAUSE = 2000, BEAT = 30000, ACTIVE = 60000, TIMEOUT = 20000, SLOWEST = 30000, SIGN_IN = 3000;
  var OWN = ["csrf_token", "version", "tab", "adopted", "typed_by"];
  var address = form.dataset.autosave, copies = window.labCopies(address + ":" + form.dataset.person);
  var version = form.elements.version, tab = copies.newName(), number = 0, adopted = "";
  var timer = null, failures = 0, active = Date.now(), freshTokens = 0;
  var sending = false, submitting = false, stopped = false, incomplete = false, submitLater = null;
  var state = form.querySelector("[data-autosave-state]"), offer = form.querySelector("[data-autosave-offer]");
  var trouble = form.querySelector("[data-autosave-trouble]"), present = form.querySelector("[data-presence]");

  function values() {
    return Array.from(new FormData(form)).filter(function (pair) {
      return typeof pair[1] === "string" && OWN.indexOf(pair[0]) < 0;
    }).map(function (pair) { return [pair[0], pair[1].replace(/\r\n?/g, "\n")]; });
  }
  var saved = JSON.stringify(values());
  function dirty() { return JSON.stringify(values()) !== saved; }

  // -- this tab's own copy --------------------------------------------------------------------

  function keep() {
    copies.keep({ tab: tab, number: number, version: version.value, at: Date.now(), values: values() });
  }
  var left = copies.left(function serverHas(copy) {
    var last = form.dataset.saved.split(":");
    return (copy.tab === last[0] && copy.number <= Number(last[1])) || JSON.stringify(copy.values) === saved;
  });

  function showOffer() {
    offer.hidden = !left.length;
    if (!left.length) return;
    var at = new Date(left[left.length - 1].at);
    offer.querySelector("[data-autosave-when]").textContent =
      String(at.getHours()).padStart(2, "0") + ":" + String(at.getMinutes()).padStart(2, "0");
  }

  function takeOff() {
    left = copies.takeOff(left);
    showOffer();
  }

  /** A control for what the page has no row for; the page is loaded anew once it is saved. */
  function hide(pair) {
    var control = document.createElement("textarea");
    control.name = pair[0];
    control.value = pair[1];
    control.hidden = true;
    form.append(control);
    incomplete = true;
  }

  function restore() {
    var copy = left[left.length - 1], byName = new Map(copy.values);
    version.value = copy.version;  // who saved since then is not overwritten unseen
    adopted = copy.tab + ":" + copy.number;
    Array.from(form.elements).forEach(function (control) {
      if (!control.name || OWN.indexOf(control.name) >= 0 || /^(file|submit|button)$/.test(control.type)) return;
      if (control.type === "checkbox" || control.type === "radio") {
        control.checked = copy.values.some(function (pair) { return pair[0] === control.name && pair[1] === control.value; });
      } else if (byName.has(control.name)) {
        control.value = byName.get(control.name);
      }
      if (control.dataset.limit) control.dispatchEvent(new Event("input", { bubbles: true }));
    });
    copy.values.forEach(function (pair) { if (!form.elements.namedItem(pair[0])) hide(pair); });
    changed();
    takeOff();
    send();
  }

  // -- what the page says ---------------------------------------------------------------------

  function say(text) { if (state.textContent !== text) state.textContent = text; }
  function warn(text, signIn) {
    trouble.hidden = !text;
    trouble.querySelector("[data-autosave-sentence]").textContent = text;
    trouble.querySelector("[data-autosave-sign-in]").hidden = !signIn;
  }
  function showOthers(answer) {
    var text = (answer.others || []).join(" ");
    if (present.textContent !== text) present.textContent = text;
  }

  // -- sending --------------------------------------------------------------------------------

  function post(pairs, lasting) {
    var stop = new AbortController(), body = new URLSearchParams(pairs);
    var late = setTimeout(function () { stop.abort(); }, TIMEOUT);
    body.append("csrf_token", form.elements.csrf_token.value);
    body.append("typed_by", form.dataset.person);
    return fetch(address, {
      method: "POST", body: body, headers: { Accept: "application/json" }, credentials: "same-origin",
      redirect: "error", keepalive: Boolean(lasting), signal: stop.signal,
    }).then(function (answer) {
      return answer.json().then(function (told) { return { status: answer.status, told: told }; });
    }).finally(function () { clearTimeout(late); });
  }

  function schedule(after) {
    clearTimeout(timer);
    timer = setTimeout(send, after);
  }

  function again() {
    failures += 1;
    schedule(Math.min(SLOWEST, 1000 * Math.pow(2, failures)));
  }

  function useToken(told) {
    document.querySelectorAll("input[name='csrf_token']").forEach(function (field) { field.value = told.csrf_token; });
  }

  function accepted(told, text) {
    failures = freshTokens = 0;
    adopted = "";
    version.value = told.version;
    saved = text;
    warn("", false);
    showOthers(told);
    if (dirty()) {
      keep();
      schedule(PAUSE);
      return;
    }
    copies.clear();
    form.dataset.changed = "";
    form.querySelectorAll("[data-dirty-note]").forEach(function (note) { note.hidden = true; });
    var faults = Object.values(told.errors || {});
    say("已保存 " + told.saved_at + (faults.length ? "。没有通过检查：" + faults.join(" ") : ""));
    if (incomplete) location.reload();
  }

  function refused(status, told) {
    if (status === 400 && told.csrf_token && freshTokens < 3) {
      freshTokens += 1;
      useToken(told);
      schedule(0);
      return;
    }
    if (status >= 500) throw new Error(String(status));
    stopped = told.state === "clash" || told.state === "broken";
    say(status === 401 ? "登录已过期，内容还在本页" : "没有保存，内容还在本页");
    warn(told.text || "", status === 401);
    // What is refused for good is tried again only when somebody comes back to the page or types.
    if (status === 400) again();
    else failures += 1;
    if (status === 401 || told.state === "other_person") schedule(SIGN_IN);
  }

  function send(lasting) {
    clearTimeout(timer);
    if (sending || stopped || submitting || !dirty()) return;
    var pairs = values(), text = JSON.stringify(pairs);
    sending = true;
    say("正在保存");
    pairs = pairs.concat([["version", version.value], ["tab", tab + ":" + number], ["adopted", adopted]]);
    post(pairs, lasting === true).then(function (answer) {
      sending = false;
      if (answer.status === 200) accepted(answer.told, text);
      else refused(answer.status, answer.told);
    }).catch(function () {
      sending = false;
      say("没有连上，内容还在本页，会自动再试");
      again();
    }).then(function () {
      if (submitLater) submitLater();
    });
  }

  function beat() {
    if (sending || stopped || submitting || document.hidden || Date.now() - active > ACTIVE) return;
    post([["beat", "1"]]).then(function (answer) {
      if (answer.status === 200) showOthers(answer.told);
      if (answer.status === 400 && answer.told.csrf_token) useToken(answer.told);
      if (answer.status === 401) warn(answer.told.text, true);
    }).catch(function () { /* the next save says so */ });
  }

  // -- what people do -------------------------------------------------------------------------

  function changed() {
    number += 1;
    keep();
    if (!sending && failures === 0) say("");
  }
  form.addEventListener("input", function (event) {
    changed();
    if (!event.isComposing) schedule(PAUSE);
  });
  form.addEventListener("change", function () { if (dirty()) { changed(); schedule(PAUSE); } });
  form.addEventListener("focusout", function () { if (dirty()) schedule(0); });
  ["keydown", "pointerdown"].forEach(function (kind) {
    document.addEventListener(kind, function () { active = Date.now(); }, { passive: true });
  });

  function hidden(fieldName) {
    var control = document.createElement("input");
    control.type = "hidden";
    control.name = fieldName;
    form.append(control);
    return control;
  }
  var ownTab = hidden("tab"), ownAdopted = hidden("adopted");
  form.addEventListener("submit", function (event) {
    if (sending) {  // one save after the other, or the second would meet the first
      event.preventDefault();
      submitLater = function () { submitLater = null; form.requestSubmit(event.submitter); };
      return;
    }
    clearTimeout(timer);
    submitting = true;
    number += 1;
    keep();
    ownTab.value = tab + ":" + number;
    ownAdopted.value = adopted;
  });
  window.addEventListener("pageshow", function () { submitting = false; });

  function retryNow() { if (failures && dirty()) schedule(0); }
  window.addEventListener("online", retryNow);
  window.addEventListener("focus", retryNow);
  document.addEventListener("visibilitychange", function () {
    if (document.hidden) send(true);
    else retryNow();
  });

  offer.querySelector("[data-restore]").addEventListener("click", restore);
  offer.querySelector("[data-forget]").addEventListener("click", takeOff);
  showOffer();
  beat();
  setInterval(beat, BEAT);
})();
