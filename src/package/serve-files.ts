/** A file that is served. */
export interface PageFile {
  /** Its path below the page, such as `/style.css`; `/` is the page itself. */
  readonly path: string;
  readonly type: string;
  /** Strong, with its quotation marks. */
  readonly etag: string;
  readonly text: string;
}

/** What a page consists of. */
export interface PageFiles {
  readonly files: readonly PageFile[];
  /** What is served with status 404. */
  readonly notFound: PageFile;
  /** What every answer has. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Serves the files of a page. */
export function serveFiles({
  files,
  headers,
}: PageFiles): (request: Request, path: string) => Response | undefined {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return (request, path) => {
    if (!isRead(request)) return undefined;
    if (path === "") return toFolder(request);
    const file = byPath.get(path);
    return file && answerWith(file, request, headers);
  };
}

/** Answers every request with the page for addresses without one. */
export function serveMissing({ notFound, headers }: PageFiles): (request: Request) => Response {
  return (request) =>
    new Response(request.method === "HEAD" ? null : notFound.text, {
      status: 404,
      headers: { ...headers, "Content-Type": notFound.type },
    });
}

function answerWith(
  { type, etag, text }: PageFile,
  request: Request,
  shared: PageFiles["headers"],
): Response {
  const headers = { ...shared, "Content-Type": type, ETag: etag };
  if (isKnown(etag, request.headers.get("If-None-Match")))
    return new Response(null, { status: 304, headers });
  return new Response(request.method === "HEAD" ? null : text, { headers });
}

/** The page names its files relative to its folder, so it must stand in one. */
function toFolder({ url }: Request): Response {
  const { pathname, search } = new URL(url);
  return new Response(null, { status: 308, headers: { Location: `${pathname}/${search}` } });
}

function isRead({ method }: Request): boolean {
  return method === "GET" || method === "HEAD";
}

/** Whether the client has the file already. A proxy that compresses makes the tag a weak one. */
function isKnown(etag: string, tags: string | null): boolean {
  return (tags ?? "").split(",").some((tag) => ["*", etag].includes(tag.trim().replace(/^W\//, "")));
}
