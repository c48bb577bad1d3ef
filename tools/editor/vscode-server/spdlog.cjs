// Stands in for @vscode/spdlog, whose native code needs a C++ compiler: appends each line to its file, without rotation.
const fs = require("node:fs");

const LEVELS = ["trace", "debug", "info", "warning", "error", "critical"];

class Logger {
  constructor(file) {
    this.file = file;
    this.level = 2;
    this.bare = false;
  }
  setLevel(level) {
    this.level = level;
  }
  getLevel() {
    return this.level;
  }
  // Output channels write whole lines themselves and clear the formatters; a pattern means that we add time and level.
  setPattern() {
    this.bare = false;
  }
  clearFormatters() {
    this.bare = true;
  }
  flush() {}
  drop() {}
  write(level, text) {
    if (level >= this.level) {
      const time = new Date().toISOString().replace("T", " ").replace("Z", "");
      fs.appendFileSync(this.file, this.bare ? text : `${time} [${LEVELS[level]}] ${text}\n`);
    }
  }
  trace(text) {
    this.write(0, text);
  }
  debug(text) {
    this.write(1, text);
  }
  info(text) {
    this.write(2, text);
  }
  warn(text) {
    this.write(3, text);
  }
  error(text) {
    this.write(4, text);
  }
  critical(text) {
    this.write(5, text);
  }
}

function createRotatingLogger(name, file) {
  fs.mkdirSync(require("node:path").dirname(file), { recursive: true });
  return new Logger(file);
}

exports.version = 0;
exports.setFlushOn = () => {};
exports.setLevel = () => {};
exports.shutdown = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = async (name, file) => createRotatingLogger(name, file);
exports.createAsyncRotatingLogger = exports.createRotatingLogger;
