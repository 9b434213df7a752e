/* Who fits what was typed: asked of the server, the newest question alone. */

let asked = null;  // what cancels the question that is open

/** Whether an answer is waited for. */
export function isAsking() { return asked !== null; }

const TOO_OFTEN = 429;  // answered with an advice in place of people

/** The people that fit: {people, more}; null where a newer question came or the line is down. */
export async function search(address, typed, unit) {
  if (asked) asked.abort();
  const own = new AbortController();
  asked = own;
  try {
    const response = await fetch(`${address}?${new URLSearchParams({ q: typed, unit })}`, {
      signal: own.signal, headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "error",
    });
    return response.ok || response.status === TOO_OFTEN ? await response.json() : null;
  } catch {
    return null;
  } finally {
    if (asked === own) asked = null;
  }
}
