import { join } from "node:path";
import { install, pack } from "../browser/support/consumer.ts";

const BUILD = join(import.meta.dirname, "../../build/test");

/** A project of these tests, apart from that of the browser tests, which may run meanwhile. */
export const PROJECT = join(BUILD, "project");
export const INSTALLED = join(PROJECT, "node_modules/media-upload");
export const TARBALL = join(BUILD, "media-upload.tgz");
/** The repository, whose path no packed file may contain. */
export const ROOT = join(BUILD, "../../../..");

/** Pack the package and install it, once for all tests of this folder. */
export default async function setup(): Promise<void> {
  await pack(TARBALL);
  await install(TARBALL, PROJECT);
}
