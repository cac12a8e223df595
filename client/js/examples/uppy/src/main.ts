import Uppy from "@uppy/core";
import "@uppy/core/css/style.min.css";
import Dashboard from "@uppy/dashboard";
import "@uppy/dashboard/css/style.min.css";
import { MediaUpload } from "media-upload/uppy";
import { endpoint, getToken, signIn } from "./session.ts";

const form = document.querySelector<HTMLFormElement>("#sign-in");
form?.addEventListener("submit", (event) => {
  event.preventDefault();
  void enter(form);
});

async function enter(form: HTMLFormElement): Promise<void> {
  const fields = new FormData(form);
  try {
    const user = await signIn(fields.get("username") as string, fields.get("password") as string);
    form.remove();
    showUploads(user);
  } catch (error) {
    const alert = form.querySelector("[role=alert]");
    if (alert !== null) alert.textContent = error instanceof Error ? error.message : String(error);
  }
}

function showUploads(user: string): void {
  new Uppy({ restrictions: { maxFileSize: 200 * 1024 ** 2 } })
    .use(Dashboard, { inline: true, target: "#uploads" })
    .use(MediaUpload, { endpoint: endpoint(), getToken, user });
}
