// Stands in the bundle for the language client's module of the same name, whose minimatch is 28 kB of it: the only
// patterns that are matched here are those of our own document selector (`**`, `*`, `?`, `{a,b}`).
exports.matchGlobPattern = function matchGlobPattern(pattern, resource) {
  return typeof pattern === "string" && expression(pattern).test(resource.path);
};

function expression(pattern) {
  const parts = pattern.matchAll(/\*\*\/|\*\*|\*|\?|\{[^}]*\}|[^*?{]+|\{/g);
  return new RegExp(`^${[...parts].map(([part]) => translated(part)).join("")}$`);
}

function translated(part) {
  switch (part) {
    case "**/":
      return "(?:.*/)?";
    case "**":
      return ".*";
    case "*":
      return "[^/]*";
    case "?":
      return "[^/]";
    default:
      return /^\{.+\}$/.test(part) ? `(?:${part.slice(1, -1).split(",").map(escaped).join("|")})` : escaped(part);
  }
}

function escaped(text) {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
