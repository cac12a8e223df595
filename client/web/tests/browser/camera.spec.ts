import { Api } from "./support/api.ts";
import { expect, test, uploaded, visit } from "./support/test.ts";

test("a clip from the camera is recorded, stored and played", async ({
  member,
  baseURL,
  username,
}) => {
  await visit(member, "Upload");
  await member.getByRole("tab", { name: "Camera" }).click();
  const seconds = () =>
    member.locator("video").evaluate((video: HTMLVideoElement) => video.currentTime);
  await expect.poll(seconds).toBeGreaterThan(0);
  await member.getByRole("button", { name: "Begin video recording" }).click();
  const start = await seconds();
  await expect.poll(seconds).toBeGreaterThan(start + 1);
  await member.getByRole("button", { name: "Stop video recording" }).click();
  await member.getByRole("button", { name: "Submit recorded file" }).click();
  await uploaded(member);

  const api = await Api.logIn(baseURL ?? "", username);
  const { uploads } = (await api.ask("{ uploads { nodes { filename contentType status } } }")) as {
    uploads: { nodes: { filename: string; contentType: string; status: string }[] };
  };
  expect(uploads.nodes).toHaveLength(1);
  const [clip] = uploads.nodes;
  expect(clip?.status).toBe("STORED");
  expect(clip?.filename).toMatch(/^webcam-\d+\.(webm|mkv)$/);
  // MediaRecorder writes `codecs=vp8,opus`; the service adds the quotes that RFC 9110 requires.
  expect(clip?.contentType).toMatch(/^video\/[\w-]+; codecs="\w+,opus"$/);
  await visit(member, "Library");
  await member.getByRole("button", { name: /^Details of webcam-/ }).click();
  const player = member.getByRole("dialog", { name: "Details" }).locator("video");
  await expect
    .poll(() => player.evaluate((video: HTMLVideoElement) => video.videoWidth))
    .toBeGreaterThan(0);
});

test("a file whose type is not a media type is stored as unknown bytes", async ({
  member,
  baseURL,
  username,
}) => {
  await visit(member, "Upload");
  const drop = await member.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["data"], "data.xyz", { type: "foo" }));
    return transfer;
  });
  await visit(member, "Library");
  await member.locator(".drop-zone").dispatchEvent("drop", { dataTransfer: drop });
  await uploaded(member);
  const api = await Api.logIn(baseURL ?? "", username);
  expect(await api.ask("{ uploads { nodes { contentType status } } }")).toEqual({
    uploads: { nodes: [{ contentType: "application/octet-stream", status: "STORED" }] },
  });
});
