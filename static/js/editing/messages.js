/* What a page says of saving: how it stands, what is in the way, who else is here. */

import { keepSteady } from "../shared/steady.js";
import { showSteps } from "./steps.js";

/** The places of a form where the page speaks; forms without them get those of the layout. */
export function furnish(form) {
  if (form.querySelector("[data-autosave-offer]")) return;
  const parts = document.getElementById("editing-parts").content.cloneNode(true);
  const state = parts.querySelector("[data-editing-state]"), bar = form.querySelector(".action-bar");
  if (bar) bar.prepend(state);
  else form.append(state);
  form.prepend(parts.querySelector("[data-editing-notes]"));
}

export class Messages {
  constructor(form) {
    this.state = form.querySelector("[data-autosave-state]");
    this.trouble = form.querySelector("[data-autosave-trouble]");
    this.presence = form.querySelector("[data-presence]");
  }

  // What is read aloud is written only when it changes.
  say(text) {
    if (this.state.textContent !== text) this.state.textContent = text;
  }

  /** Say what is in the way, "" for nothing, and whether to offer signing in. */
  warn(text, signIn = false) {
    keepSteady(() => {
      this.trouble.hidden = !text;
      this.trouble.querySelector("[data-autosave-sentence]").textContent = text;
      this.trouble.querySelector("[data-autosave-sign-in]").hidden = !signIn;
    });
  }

  /** What the answer to a save says of the page: who else is here, how the steps stand. */
  showAnswer(reply) {
    this.showPresence(reply.others);
    showSteps(reply.steps);
  }

  showPresence(others) {
    const text = (others || []).join(" ");
    if (this.presence.textContent === text) return;
    keepSteady(() => { this.presence.textContent = text; });
  }
}
