/* Parts of a page that are drawn anew from the page's own address while something in them waits. */
import { askPortal, Waiting } from "./waiting.js";

/** The part that holds an element, if it has a name by which it is found in the answer. */
export function regionOf(element) { return element.closest("[data-live][id]"); }

/** Whether somebody is doing something in it that a new drawing would undo. */
function isInUse(region) {
  const typing = region.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
  return typing || region.querySelector("details[open]") !== null;
}

/** The control in `region` that is the same as `control` was: by its address or its name. */
function counterpart(region, control) {
  const same = (other) => other.tagName === control.tagName && other.getAttribute("href") === control.getAttribute("href") && other.textContent === control.textContent;
  return Array.from(region.querySelectorAll(control.tagName)).find(same);
}

function put(region, fresh) {
  const focused = region.contains(document.activeElement) ? document.activeElement : null;
  region.replaceChildren(...fresh.childNodes);
  const again = focused && counterpart(region, focused);
  if (again) again.focus({ preventScroll: true });
}

function announce(text) {
  let note = document.querySelector("[data-live-say]");
  if (!note) {
    note = document.createElement("p");
    note.className = "visually-hidden";
    note.setAttribute("role", "status");
    note.dataset.liveSay = "";
    document.querySelector("main").append(note);
  }
  note.textContent = text;
}

function show(html, regions) {
  const page = new DOMParser().parseFromString(html, "text/html");
  regions.forEach((region) => {
    const fresh = page.getElementById(region.id);
    if (!fresh || isInUse(region) || fresh.innerHTML === region.innerHTML) return;
    const ended = region.querySelectorAll("[data-waiting], [data-poll]").length > fresh.querySelectorAll("[data-waiting], [data-poll]").length;
    put(region, fresh);
    if (ended) announce(region.dataset.live || "已更新。");
  });
}

/** Draw regions anew from the page at `address`; whether that page could be had. */
export async function refresh(address, regions) {
  const { verdict, answer } = await askPortal(address, "text/html");
  if (verdict !== "read") return false;
  show(await answer.text(), regions);
  return true;
}

function waits(region) { return "every" in region.dataset || region.querySelector("[data-waiting]") !== null; }

async function askOnce(regions) {
  const { verdict, answer } = await askPortal(location.href, "text/html");
  if (verdict === "read") show(await answer.text(), regions);
  return verdict !== "stop" && regions.some(waits);
}

/** Watch the page's parts that wait, and those drawn anew for good, every so many seconds. */
export function watchRegions() {
  const regions = Array.from(document.querySelectorAll("[data-live][id]"));
  if (!regions.some(waits)) return;
  const least = Math.min(...regions.filter(waits).map((region) => Number(region.dataset.every) || 0));
  new Waiting(() => askOnce(regions), () => {}, least * 1000).start();
}
