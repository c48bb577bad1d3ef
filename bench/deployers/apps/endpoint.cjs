// Leads AWS' older JavaScript SDK (osls uses it) to AWS_ENDPOINT_URL, which it does not know.
const Module = require("node:module");
const load = Module._load;
Module._load = function (request, ...rest) {
  const loaded = load.call(this, request, ...rest);
  const config = loaded && loaded.config;
  if ((request === "aws-sdk" || request.startsWith("aws-sdk/")) && config && typeof config.update === "function") {
    config.update({ endpoint: process.env.AWS_ENDPOINT_URL, s3ForcePathStyle: true });
  }
  return loaded;
};
