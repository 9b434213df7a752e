/* Texts of light Markdown: the editor in place of the textarea. */
import { takeOver } from "./rich/editor.js";

document.querySelectorAll("[data-rich]").forEach(takeOver);
