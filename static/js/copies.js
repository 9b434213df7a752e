/* What is typed and not yet saved, kept in this tab's own storage: it survives a reload and a crash.
   labCopies(place) gives the copies of one form and one person. */
window.labCopies = function (place) {
  "use strict";
  var newest = "draft:" + place, earlier = newest + ":left";

  function read(key) {
    try { return JSON.parse(sessionStorage.getItem(key)); } catch (error) { return null; }
  }
  function write(key, value) {
    try {
      if (value === null) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify(value));
    } catch (error) { /* full or forbidden: the text still stands in the page */ }
  }

  return {
    /** A random name for this page. */
    newName: function () {
      return Array.from(crypto.getRandomValues(new Uint8Array(12)), function (byte) {
        return byte.toString(16).padStart(2, "0");
      }).join("");
    },
    keep: function (copy) { write(newest, copy); },
    clear: function () { write(newest, null); },
    /** Copies of earlier pages, oldest first, but those that hold nothing new. */
    left: function (holdsNothingNew) {
      var copies = read(earlier) || [], last = read(newest);
      if (last) copies.push(last);
      copies = copies.filter(function (copy) { return !holdsNothingNew(copy); });
      write(newest, null);
      write(earlier, copies.length ? copies : null);
      return copies;
    },
    /** Keep exactly these for later pages. */
    leave: function (copies) { write(earlier, copies.length ? copies : null); }
  };
};
