/* Signs of the symbol fonts, which stand for bullets and ticks only where such a font is installed. */
const WINGDINGS = {
  l: "●", m: "○", n: "■", o: "□", p: "□", q: "□", u: "◆", v: "❖", w: "◆", "§": "▪", "¨": "□",
  "Ø": "➢", "ü": "✓", "û": "✗", "þ": "☑", "ý": "☒", "à": "→", "è": "→", "·": "•", "°": "°",
};
const PRIVATE_BASE = 0xf000;
const UNKNOWN = "□";
const PRIVATE = /[\ue000-\uf8ff]/g;
const BULLETS = "•·●○◆◇■□▪▫➢➤✓❖‣⁃–-";

/** Words set in a symbol font, as the signs that were seen. */
export function fromSymbolFont(text) {
  return Array.from(text).map((sign) => WINGDINGS[sign] || sign).join("");
}

/** The text with signs of private use as what they look like; `lost` is called for an unknown one. */
export function withoutPrivate(text, lost) {
  return text.replace(PRIVATE, (sign) => {
    const known = WINGDINGS[String.fromCharCode(sign.charCodeAt(0) - PRIVATE_BASE)];
    if (!known) lost();
    return known || UNKNOWN;
  });
}

/** Whether a word processor draws this sign before an item that has no number. */
export function isBullet(text) { return text === "o" || (text.length === 1 && BULLETS.includes(text)); }

const TYPED = /^[\s\u3000]*(?:[●◆■▪•➢❖]|[·○◇□‣⁃](?=[\s\u3000]))[\s\u3000]*/;

/** The text behind a bullet that somebody typed; null where none stands there. */
export function afterBullet(text) {
  const match = TYPED.exec(text);
  return match && text.length > match[0].length ? text.slice(match[0].length) : null;
}
