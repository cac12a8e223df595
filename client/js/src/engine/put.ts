import { abortable } from "./abortable.ts";
import type { PartRequest } from "./types.ts";

export type PutOutcome =
  | { readonly kind: "accepted" }
  | { readonly kind: "refused"; readonly status: number; readonly code: string | undefined }
  | { readonly kind: "unreachable" }
  | { readonly kind: "stalled" };

export interface PutOptions {
  readonly createXhr: () => XMLHttpRequest;
  readonly signal: AbortSignal;
  readonly onProgress: (bytesSent: number) => void;
  /** When any request last made progress: distinguishes queued requests from dead ones. */
  readonly activity: { lastAt: number };
  /** How long a request may go without progress while its body is sent. */
  readonly stallMs: number;
  /** How long the response may take: bytes reported as sent may still be in buffers. */
  readonly answerMs: number;
}

/** Send one part by XMLHttpRequest, since fetch does not report upload progress. */
export function put(request: PartRequest, body: Blob, options: PutOptions): Promise<PutOutcome> {
  const { signal, activity, onProgress, stallMs, answerMs } = options;
  return abortable(signal, (resolve) => {
    const xhr = options.createXhr();
    let progressAt: number | undefined;
    let sent = false;
    const end = () => {
      clearInterval(watch);
      xhr.upload.onprogress = null;
      activity.lastAt = Date.now();
    };
    const settle = (outcome: PutOutcome) => {
      end();
      resolve(outcome);
    };
    activity.lastAt = Date.now();
    const watch = setInterval(() => {
      const idleMs = Date.now() - (progressAt ?? activity.lastAt);
      if (idleMs < (sent ? answerMs : stallMs)) return;
      settle({ kind: "stalled" });
      xhr.abort();
    }, stallMs / 4);

    xhr.upload.onprogress = ({ loaded }) => {
      progressAt = activity.lastAt = Date.now();
      onProgress(loaded);
    };
    xhr.upload.onload = () => {
      sent = true;
      progressAt = Date.now();
    };
    xhr.onload = () => {
      if (xhr.status >= 200 && xhr.status < 300) settle({ kind: "accepted" });
      else settle({ kind: "refused", status: xhr.status, code: errorCode(xhr.responseText) });
    };
    xhr.onerror = () => settle({ kind: "unreachable" });
    xhr.open(request.method, request.url);
    for (const { name, value } of request.headers) xhr.setRequestHeader(name, value);
    xhr.send(body);
    return () => {
      end();
      xhr.abort();
    };
  });
}

/** Return the error code in S3's XML response. */
function errorCode(xml: string): string | undefined {
  return /<Code>(\w+)<\/Code>/.exec(xml)?.[1];
}
