/**
 * A contender: sharp, which uses libvips.
 *
 *   node resize.mjs URL COUNT
 *
 * Prints the figures per file as JSON, after one file to warm up.
 */
import sharp from "sharp";

const [url, count] = process.argv.slice(2);

async function once() {
  const data = Buffer.from(await (await fetch(url)).arrayBuffer());
  for (const side of [1600, 320]) {
    const box = { width: side, height: side, fit: "inside", withoutEnlargement: true };
    await sharp(data).autoOrient().resize(box).webp().toBuffer();
  }
}

await once();
const cpu = process.cpuUsage();
const began = performance.now();
for (let number = 0; number < count; number++) await once();
const { user, system } = process.cpuUsage(cpu);
console.log(
  JSON.stringify({
    cpu_seconds: (user + system) / 1e6 / count,
    seconds: (performance.now() - began) / 1e3 / count,
    peak_mib: process.resourceUsage().maxRSS / 1024,
  }),
);
