// A host on loopback as hosts of static pages are: every file is compressed once, before anybody is timed, and sent from memory.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

// As xtask weighs: the best there is.
const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 } };
const brotli = promisify(brotliCompress);
const done = new Map();
/** The same bytes of several hosts once: the larger part of ours takes seconds. */
function compress(body) {
  const key = createHash("sha256").update(body).digest("hex");
  if (!done.has(key)) done.set(key, brotli(body, options));
  return done.get(key);
}

/** What belongs to a connection, and not to the file. */
const HOPS = ["connection", "content-encoding", "content-length", "date", "keep-alive", "transfer-encoding"];

/** Hosts what `read(path)` resolves to as `{ status, headers, body }`: the address, when all that was asked for is compressed, the end. */
export async function host(read) {
  const files = new Map();
  const load = async (path) => {
    const { status, headers, body } = await read(path);
    const kept = Object.entries(headers).filter(([name]) => !HOPS.includes(name.toLowerCase()));
    const small = await compress(body);
    return { status, headers: { ...Object.fromEntries(kept), "content-encoding": "br", "content-length": small.length }, small };
  };
  const server = createServer((request, response) => {
    if (!files.has(request.url)) files.set(request.url, load(request.url));
    files.get(request.url).then(
      ({ status, headers, small }) => response.writeHead(status, headers).end(small),
      (error) => response.writeHead(502).end(String(error)),
    );
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    ready: () => Promise.all(files.values()),
    end: () => (server.closeAllConnections(), server.close()),
  };
}
