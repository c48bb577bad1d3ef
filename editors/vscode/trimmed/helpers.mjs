// TypeScript's helpers for modules, once in the bundle: the language client brings a copy in each of 36 files, 26 kB.
// esbuild puts them where they are used (`inject`).
export function __createBinding(target, module, key, as = key) {
  Object.defineProperty(target, as, { enumerable: true, get: () => module[key] });
}

export function __exportStar(module, target) {
  for (const key of Object.keys(module)) {
    if (key !== "default" && !Object.prototype.hasOwnProperty.call(target, key)) {
      __createBinding(target, module, key);
    }
  }
}

export function __importStar(module) {
  if (module?.__esModule) {
    return module;
  }
  const result = {};
  for (const key of Object.getOwnPropertyNames(module ?? {})) {
    if (key !== "default") {
      __createBinding(result, module, key);
    }
  }
  result.default = module;
  return result;
}

export function __importDefault(module) {
  return module?.__esModule ? module : { default: module };
}
