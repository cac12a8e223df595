import { lazy, Suspense, useCallback, useState, type ReactNode } from "react";
import type { ZipFile } from "./downloadZip.ts";
import { ZipContext } from "./zipContext.ts";

const ZipDownload = lazy(async () => ({
  default: (await import("./ZipDownload.tsx")).ZipDownload,
}));

interface Job {
  readonly number: number;
  readonly files: readonly ZipFile[];
}

/** Shows downloads of ZIPs, which go on while the user visits other pages. */
export function ZipDownloads({ children }: { readonly children: ReactNode }) {
  const [jobs, setJobs] = useState<readonly Job[]>([]);
  const start = useCallback((files: readonly ZipFile[]) => {
    setJobs((jobs) => [...jobs, { number: (jobs.at(-1)?.number ?? 0) + 1, files }]);
  }, []);
  return (
    <ZipContext value={start}>
      {children}
      {jobs.length > 0 && (
        <Suspense>
          <div className="zips">
            {jobs.map(({ number, files }) => (
              <ZipDownload
                key={number}
                files={files}
                onClose={() => setJobs((jobs) => jobs.filter((job) => job.number !== number))}
              />
            ))}
          </div>
        </Suspense>
      )}
    </ZipContext>
  );
}
