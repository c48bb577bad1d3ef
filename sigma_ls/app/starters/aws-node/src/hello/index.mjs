/** Answers each request with a greeting. */
export async function handler(event) {
  const name = event.queryStringParameters?.name ?? "world";
  return {
    statusCode: 200,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ message: `${process.env.GREETING}, ${name}!` }),
  };
}
