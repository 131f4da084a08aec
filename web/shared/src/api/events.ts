// Server-sent events over fetch, so that the Authorization header travels.

export interface ServerEvent {
  // "message" unless the server names it.
  name: string;
  data: string;
}

// The events of a stream, in order. Comments and other fields are skipped, and so is an event that
// the end of the stream cut off.
export async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let name = "";
  let data: string[] = [];
  try {
    for (;;) {
      const chunk = await reader.read();
      if (chunk.done) return;
      const lines = (rest + chunk.value).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line === "") {
          if (data.length > 0) yield { name: name || "message", data: data.join("\n") };
          name = "";
          data = [];
          continue;
        }
        const [, field, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
        if (field === "data") data.push(value!);
        if (field === "event") name = value!;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
