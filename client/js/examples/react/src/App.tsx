import { useState, type ReactElement } from "react";
import { UploadsProvider } from "media-upload/react";
import { SignIn } from "./SignIn.tsx";
import { Uploader } from "./Uploader.tsx";
import { endpoint, getToken } from "./session.ts";

export function App(): ReactElement {
  const [user, setUser] = useState<string>();
  if (user === undefined) return <SignIn onDone={setUser} />;
  return (
    <UploadsProvider endpoint={endpoint()} getToken={getToken} user={user}>
      <Uploader />
    </UploadsProvider>
  );
}
