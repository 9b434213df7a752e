/* Waiting for a job: asks how far it is until it is done or has failed, and then opens the page that
   shows what came of it. */
const EVERY = 2000, GIVE_UP = 450;

/** Show what the server says about a job; return whether to ask again. */
function show(box, job) {
  box.querySelector("[data-poll-text]").textContent = job.text || "正在生成，请稍候。";
  if (job.state !== "done" && job.state !== "failed") return true;
  location.replace(box.dataset.pollOpens);
  return false;
}

async function askOnce(box) {
  try {
    const answer = await fetch(box.dataset.poll, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    return show(box, await answer.json());
  } catch {
    box.querySelector("[data-poll-text]").textContent = "暂时查不到进度，稍后会再查。";
    return true;
  }
}

async function ask(box, times) {
  const again = await askOnce(box);
  if (again && times < GIVE_UP) setTimeout(() => { ask(box, times + 1); }, EVERY);
}

document.querySelectorAll("[data-poll]").forEach((box) => { ask(box, 1); });
