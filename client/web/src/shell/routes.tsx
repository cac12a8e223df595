import { createBrowserRouter, Navigate, useLocation } from "react-router";
import type { ReactNode } from "react";
import { LoginPage } from "../accounts/LoginPage.tsx";
import { SignUpPage } from "../accounts/SignUpPage.tsx";
import { LibraryPage } from "../library/LibraryPage.tsx";
import { useSession } from "../session/useSession.ts";
import { BrokenPage } from "./BrokenPage.tsx";
import { Shell } from "./Shell.tsx";
import { UnknownPage } from "./UnknownPage.tsx";

/** Shows a page to signed-out visitors only; redirects signed-in users to where they were going. */
function Visitor({ children }: { readonly children: ReactNode }) {
  const state = useSession();
  const location = useLocation();
  const { from } = (location.state ?? {}) as { from?: string };
  return state.kind === "signedIn" ? <Navigate to={from ?? "/library"} replace /> : children;
}

export const router = createBrowserRouter([
  {
    errorElement: <BrokenPage />,
    hydrateFallbackElement: <div className="starting" />,
    children: [
      {
        path: "/login",
        element: (
          <Visitor>
            <LoginPage />
          </Visitor>
        ),
      },
      {
        path: "/signup",
        element: (
          <Visitor>
            <SignUpPage />
          </Visitor>
        ),
      },
      {
        element: <Shell />,
        children: [
          { index: true, element: <Navigate to="/library" replace /> },
          { path: "/library", element: <LibraryPage /> },
          {
            path: "/upload",
            lazy: async () => ({
              Component: (await import("../upload/UploadPage.tsx")).UploadPage,
            }),
          },
          {
            path: "/keys",
            lazy: async () => ({ Component: (await import("../keys/KeysPage.tsx")).KeysPage }),
          },
          {
            path: "/account",
            lazy: async () => ({
              Component: (await import("../accounts/AccountPage.tsx")).AccountPage,
            }),
          },
          {
            path: "/playground",
            lazy: async () => ({
              Component: (await import("../playground/PlaygroundPage.tsx")).PlaygroundPage,
            }),
          },
          { path: "*", element: <UnknownPage /> },
        ],
      },
    ],
  },
]);
