import { lazy, Suspense, useEffect } from "react";
import { Navigate, Outlet, Route, Routes, useLocation } from "react-router";
import { arrival } from "../session/issuerMark.ts";
import { useSession } from "../session/useSession.ts";
import { Boundary } from "./Boundary.tsx";
import { BrokenPage } from "./BrokenPage.tsx";
import { Gate } from "./Gate.tsx";
import { whenIdle } from "./idle.ts";
import { loadLogin, loadMember, loadSignUp } from "./preload.ts";
import { Starting } from "./Starting.tsx";

const LoginPage = lazy(async () => ({ default: (await loadLogin()).LoginPage }));
const SignUpPage = lazy(async () => ({ default: (await loadSignUp()).SignUpPage }));
const Member = lazy(async () => ({ default: (await loadMember()).Member }));

/** Shows pages to signed-out visitors only; redirects signed-in users to where they were going. */
function Visitor() {
  const state = useSession();
  const location = useLocation();
  const { from } = (location.state ?? {}) as { from?: string };
  // The library opens at once after signing in.
  useEffect(() => whenIdle(() => void loadMember().catch(() => undefined)), []);
  if (arrival !== null && state.kind === "starting") return <Starting />;
  return state.kind === "signedIn" ? <Navigate to={from ?? "/library"} replace /> : <Outlet />;
}

/** All pages by their addresses: those for visitors here, all others in `Member`. */
export function Pages() {
  return (
    <Boundary
      broken={
        <main className="starting">
          <BrokenPage />
        </main>
      }
    >
      <Suspense fallback={<Starting />}>
        <Routes>
          <Route element={<Visitor />}>
            <Route path="/login" element={<LoginPage />} />
            <Route path="/signup" element={<SignUpPage />} />
          </Route>
          <Route path="*" element={<Gate>{(viewer) => <Member viewer={viewer} />}</Gate>} />
        </Routes>
      </Suspense>
    </Boundary>
  );
}
