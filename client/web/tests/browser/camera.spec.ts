import { Api } from "./support/api.ts";
import { dropFiles } from "./support/drops.ts";
import { expect, test, uploaded, visit } from "./support/test.ts";

test("a clip from the camera is stored and played", async ({ member, baseURL, username }) => {
  await visit(member, "Upload");
  // Devices with a camera open their own recorder; here, the page records what it would return.
  await member.getByTestId("video").evaluate(async (input: HTMLInputElement) => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
    const recorder = new MediaRecorder(stream, { mimeType: "video/webm;codecs=vp8,opus" });
    const chunks: Blob[] = [];
    recorder.ondataavailable = ({ data }) => chunks.push(data);
    recorder.start();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await new Promise((resolve) => {
      recorder.onstop = resolve;
      recorder.stop();
    });
    const transfer = new DataTransfer();
    transfer.items.add(new File(chunks, "clip.webm", { type: recorder.mimeType }));
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await uploaded(member);

  const api = await Api.logIn(baseURL ?? "", username);
  const { uploads } = (await api.ask("{ uploads { nodes { filename contentType status } } }")) as {
    uploads: { nodes: { filename: string; contentType: string; status: string }[] };
  };
  expect(uploads.nodes).toHaveLength(1);
  const [clip] = uploads.nodes;
  expect(clip?.status).toBe("STORED");
  expect(clip?.filename).toBe("clip.webm");
  // MediaRecorder writes `codecs=vp8,opus`; the service adds the quotes that RFC 9110 requires.
  expect(clip?.contentType).toMatch(/^video\/[\w-]+; codecs="\w+,opus"$/);
  await visit(member, "Library");
  await member.getByRole("button", { name: "Details of clip.webm" }).click();
  const player = member.getByRole("complementary", { name: "Details" }).locator("video");
  // Once there is a preview, the clip itself is not loaded before it is played.
  await expect(async () => {
    const width = await player.evaluate(async (video: HTMLVideoElement) => {
      await video.play();
      return video.videoWidth;
    });
    expect(width).toBeGreaterThan(0);
  }).toPass();
});

test("a file whose type is not a media type is stored as unknown bytes", async ({
  member,
  baseURL,
  username,
}) => {
  await dropFiles(member, [{ name: "data.xyz", type: "foo", text: "data" }]);
  await uploaded(member);
  const api = await Api.logIn(baseURL ?? "", username);
  expect(await api.ask("{ uploads { nodes { contentType status } } }")).toEqual({
    uploads: { nodes: [{ contentType: "application/octet-stream", status: "STORED" }] },
  });
});
