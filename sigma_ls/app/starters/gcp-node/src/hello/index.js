/** Answers each request with a greeting. */
import functions from "@google-cloud/functions-framework";

functions.http("hello", (request, response) => {
  const name = request.query.name ?? "world";
  response.json({ message: `${process.env.GREETING}, ${name}!` });
});
