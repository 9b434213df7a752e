/* The parser that the server uses, too, as a port of it; bundled into static/vendor/markdown-it. */
export { default as MarkdownIt } from "markdown-it";
export { default as anyTable } from "markdown-it/lib/rules_block/table.mjs";
