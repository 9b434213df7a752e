/* What is typed and not yet saved, kept in this tab's own storage: it survives a reload and a crash.
   A copy has the name of its page (`tab`), a `number` that grows with what is typed, the `version`
   of the record, the time (`at`) and the `values` as pairs. */

export class Copies {
  /** The copies of one form and one person. `storage()` may throw, as where storing is forbidden. */
  constructor(key, storage = () => sessionStorage) {
    this.newest = `draft:${key}`;
    this.earlier = `${this.newest}:left`;
    this.storage = storage;
  }

  /** Keep the copy of this page in place of the one before. */
  save(copy) { this.write(this.newest, copy); }

  clear() { this.write(this.newest, null); }

  /** Copies of earlier pages, oldest first, but those that hold nothing new. */
  takeEarlier(holdsNothingNew) {
    const newest = this.read(this.newest), copies = this.read(this.earlier) || [];
    const kept = (newest ? [...copies, newest] : copies).filter((copy) => !holdsNothingNew(copy));
    this.clear();
    this.replaceEarlier(kept);
    return kept;
  }

  /** Keep exactly these for later pages. */
  replaceEarlier(copies) { this.write(this.earlier, copies.length ? copies : null); }

  read(key) {
    try { return JSON.parse(this.storage().getItem(key)); } catch { return null; }
  }

  write(key, value) {
    try {
      if (value === null) this.storage().removeItem(key);
      else this.storage().setItem(key, JSON.stringify(value));
    } catch { /* full or forbidden: the text still stands in the page */ }
  }
}

/** Of copies of earlier pages those that the server has not got. `saves` are its last saves as
    "tab:number:version", parted by blanks; `drawnVersion` is the version that this page shows. */
export function notSaved(copies, saves, drawnVersion) {
  const known = saves.split(" ").map((save) => save.split(":"));
  // A save that came after this page was drawn is not what it shows.
  const isShown = (copy) => known.some(([tab, number, version]) =>
    copy.tab === tab && copy.number <= Number(number) && Number(version) <= drawnVersion);
  return copies.filter((copy) => !isShown(copy));
}

/** The copies, oldest first, with the draft from the server where it is newer than its page's copy. */
export function withDraft(copies, draft) {
  if (copies.some((copy) => copy.tab === draft.tab && copy.number >= draft.number)) return copies;
  const others = copies.filter((copy) => copy.tab !== draft.tab);
  return [...others, draft].sort((a, b) => a.at - b.at);
}

const BEIJING = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

/** Hours and minutes of a moment in Beijing, as the server writes them: 09:05. */
export function clockTime(milliseconds) { return BEIJING.format(milliseconds); }
