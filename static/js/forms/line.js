/* Whether the portal answers at all: asked before the browser leaves a page that holds typed text. */
const TIMEOUT = 8000;
const NOBODY_BEHIND = [502, 504];  // said by a proxy for a portal that does not answer

/** Whether the portal answers at this address; what it answers does not matter. */
export async function isReached(address, ask = fetch, timeout = TIMEOUT) {
  const stop = new AbortController(), timer = setTimeout(() => { stop.abort(); }, timeout);
  try {
    const answer = await ask(address, {
      method: "OPTIONS", cache: "no-store", credentials: "same-origin", redirect: "manual", signal: stop.signal,
    });
    return !NOBODY_BEHIND.includes(answer.status);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** What the page says where a press of this button did not reach the portal. */
export function notReached(button) {
  return `没有连上门户，刚才没有提交。您填写的内容还在本页，网络恢复后请再点一次“${button}”。`;
}

/** What it says once the line is back. */
export function reachedAgain(button) {
  return `网络已恢复。刚才没有提交，请再点一次“${button}”。`;
}
