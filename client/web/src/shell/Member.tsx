import { ApolloProvider } from "@apollo/client/react";
import { lazy, Suspense } from "react";
import { Navigate, Route, Routes } from "react-router";
import { client } from "../api/client.ts";
import { LibraryPage } from "../library/LibraryPage.tsx";
import type { Viewer } from "../session/session.ts";
import "../styles/member.css";
import { subscribe } from "../ui/notices.ts";
import { Boundary } from "./Boundary.tsx";
import { UploadQueue } from "../upload/UploadQueue.tsx";
import { ZipDownloads } from "../zip/ZipDownloads.tsx";
import { loadEventually, whenIdle } from "./idle.ts";
import { loadAccount, loadKeys, loadPlayground, loadTrash, loadUpload } from "./places.ts";
import { Shell } from "./Shell.tsx";

// The first view has no notices.
const Notices = lazy(async () => {
  await new Promise<void>((resolve) => {
    whenIdle(resolve);
    subscribe(resolve);
  });
  return { default: (await loadEventually(() => import("../ui/Notices.tsx"))).Notices };
});
const UploadPage = lazy(async () => ({ default: (await loadUpload()).UploadPage }));
const TrashPage = lazy(async () => ({ default: (await loadTrash()).TrashPage }));
const KeysPage = lazy(async () => ({ default: (await loadKeys()).KeysPage }));
const AccountPage = lazy(async () => ({ default: (await loadAccount()).AccountPage }));
const UnknownPage = lazy(async () => ({
  default: (await import("./UnknownPage.tsx")).UnknownPage,
}));
const PlaygroundPage = lazy(async () => ({ default: (await loadPlayground()).PlaygroundPage }));

/** All pages for signed-in users. For visitors, this code and Apollo Client are loaded only once the page is idle. */
export function Member({ viewer }: { readonly viewer: Viewer }) {
  return (
    <ApolloProvider client={client}>
      <UploadQueue viewerId={viewer.id}>
        <ZipDownloads>
          <Routes>
            <Route element={<Shell viewer={viewer} />}>
              <Route index element={<Navigate to="/library" replace />} />
              <Route path="/library" element={<LibraryPage />} />
              <Route path="/upload" element={<UploadPage />} />
              <Route path="/trash" element={<TrashPage />} />
              <Route path="/keys" element={<KeysPage />} />
              <Route path="/account" element={<AccountPage />} />
              <Route path="/playground" element={<PlaygroundPage />} />
              <Route path="*" element={<UnknownPage />} />
            </Route>
          </Routes>
        </ZipDownloads>
      </UploadQueue>
      <Boundary broken={null}>
        <Suspense>
          <Notices />
        </Suspense>
      </Boundary>
    </ApolloProvider>
  );
}
