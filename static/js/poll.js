/* What the worker does, shown by itself: a page that waits for one job opens its result; parts of a
   page that name jobs under way are drawn anew until none is. */
import { refresh, regionOf, watchRegions } from "./shared/live.js";
import { askPortal, Waiting } from "./shared/waiting.js";

const UNREACHED = "暂时查不到进度，会自动再查。";
const STOPPED = "现在查不到进度。";
const LONG = "还没有完成，可以先离开，稍后再来查看。";

function leave(box, text) {
  const link = document.createElement("a");
  link.href = box.dataset.pollOpens;
  link.textContent = "查看进度";
  box.querySelector(".poll-spinner").hidden = true;
  box.querySelector("[data-poll-text]").textContent = text;
  box.append(link);
}

/** The result takes the place of the waiting text: of the part of the page, or of the page. */
async function open(box) {
  const region = regionOf(box);
  if (region && await refresh(box.dataset.pollOpens, [region]) && !box.isConnected) watch(region);
  else location.replace(box.dataset.pollOpens);
}

async function askOnce(box, words) {
  const note = box.querySelector("[data-poll-text]"), { verdict, answer } = await askPortal(box.dataset.poll, "application/json");
  if (!box.isConnected) return false;
  if (verdict === "stop") leave(box, STOPPED);
  if (verdict === "again") note.textContent = UNREACHED;
  if (verdict !== "read") return verdict === "again";
  const job = await answer.json();
  if (job.state === "done" || job.state === "failed") {
    await open(box);
    return false;
  }
  note.textContent = job.text || words;
  return true;
}

function watch(root) {
  root.querySelectorAll("[data-poll]").forEach((box) => {
    const words = box.querySelector("[data-poll-text]").textContent;
    new Waiting(() => askOnce(box, words), () => { leave(box, LONG); }).start();
  });
}

watch(document);
watchRegions();
