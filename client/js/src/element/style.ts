/**
 * The styles. Texts and lines take the page's colour, and the other colours are mixed with it, so
 * that all have enough contrast on light and dark pages: 4.5:1 for texts, 3:1 for borders.
 */
const CSS = `
:host{display:block;font-family:var(--media-upload-font,inherit);line-height:1.4;text-align:start;
--accent:var(--media-upload-accent,light-dark(#3157d5,#8fa8ff));
--on:var(--media-upload-on-accent,light-dark(#fff,#10162b));
--strong:color-mix(in srgb,var(--accent) 85%,currentColor);
--bad:color-mix(in srgb,light-dark(#c5221f,#ff8a80) 85%,currentColor);
--good:color-mix(in srgb,light-dark(#137a43,#6fd39a) 85%,currentColor);
--soft:color-mix(in srgb,currentColor 80%,transparent);
--edge:color-mix(in srgb,currentColor 55%,transparent);
--line:color-mix(in srgb,currentColor 16%,transparent);
--tint:color-mix(in srgb,currentColor 7%,transparent);
--radius:var(--media-upload-radius,.75rem)}
:host([hidden]),[hidden]{display:none!important}
*{box-sizing:border-box}
fieldset{border:0;margin:0;padding:0;min-inline-size:0}
svg{flex:none;inline-size:1.25rem;block-size:1.25rem;fill:none;stroke:currentColor;stroke-width:1.8;
stroke-linecap:round;stroke-linejoin:round}
button{display:inline-flex;align-items:center;justify-content:center;min-block-size:2.25rem;min-inline-size:2.25rem;
padding:.25rem .75rem;border:1px solid var(--edge);border-radius:calc(var(--radius)*.67);background:none;
color:inherit;font:inherit;font-size:.875em;font-weight:500;cursor:pointer}
button:hover:enabled{background:var(--tint)}
button:focus-visible{outline:2px solid var(--strong);outline-offset:2px}
button:disabled{opacity:.5;cursor:default}
.main{padding:.5rem 1.1rem;border-color:var(--accent);background:var(--accent);color:var(--on);font-size:1em;font-weight:600}
.main:hover:enabled{background:color-mix(in srgb,var(--accent) 88%,var(--on))}
.icon{padding:0;border-color:transparent;color:var(--soft)}
.icon:hover:enabled{color:inherit}
.drop{display:flex;flex-direction:column;gap:.75rem;align-items:center;justify-content:center;padding:1.75rem 1rem;
border:1.5px dashed var(--edge);border-radius:var(--radius);text-align:center;transition:background-color .15s}
.drop>svg{inline-size:2.75rem;block-size:2.75rem;padding:.65rem;border-radius:50%;color:var(--strong);
background:color-mix(in srgb,var(--accent) 14%,transparent)}
.drop.small{flex-flow:row wrap;padding:.75rem 1rem}
.drop.small>svg{display:none}
.drop.over{border:1.5px solid var(--strong);background:color-mix(in srgb,var(--accent) 12%,transparent)}
.sum{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;margin-block-start:1rem}
p{margin:0}
.sum>p{display:flex;flex:1 1 10rem;flex-wrap:wrap;column-gap:.6rem;align-items:baseline;font-weight:600}
.soft{color:var(--soft);font-size:.875em;font-weight:400;font-variant-numeric:tabular-nums}
.sum progress{flex-basis:100%}
.stopped>p{color:var(--bad)}
progress{display:block;inline-size:100%;block-size:.375rem;border:0;border-radius:1rem;overflow:hidden;appearance:none;
background:var(--line)}
::-webkit-progress-bar{background:none}
::-webkit-progress-value{border-radius:1rem;background:var(--accent);transition:inline-size .2s}
::-moz-progress-bar{border-radius:1rem;background:var(--accent)}
:is(.paused,.waiting,.retrying) ::-webkit-progress-value{background:var(--edge)}
:is(.paused,.waiting,.retrying) ::-moz-progress-bar{background:var(--edge)}
ul{max-block-size:24rem;margin:.75rem 0 0;padding:0 .25rem 0 .75rem;border:1px solid var(--line);border-radius:var(--radius);
list-style:none;overflow:auto;overscroll-behavior:contain}
li{display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:center;padding-block:.5rem}
li+li{border-block-start:1px solid var(--line)}
li>svg{color:var(--soft)}
.stored>svg{color:var(--good)}
.missing>svg{color:var(--strong)}
.failed>svg{color:var(--bad)}
.text{display:grid;flex:1 1 8rem;gap:.125rem;min-inline-size:0}
.name{font-weight:500;overflow-wrap:anywhere}
.about,.problem{color:var(--soft);font-size:.875em;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.failed .problem{color:var(--bad)}
.text progress{block-size:.25rem;margin-block:.2rem}
.actions{display:flex;flex-wrap:wrap;gap:.125rem;align-items:center;margin-inline-start:auto}
fieldset>.soft{margin-block-start:.5rem}
.live{position:absolute;inline-size:1px;block-size:1px;clip-path:inset(50%);overflow:hidden}
@media (pointer:coarse){button{min-block-size:2.75rem;min-inline-size:2.75rem}}
@media (prefers-reduced-motion:reduce){*,::-webkit-progress-value{transition:none!important}}
@media (forced-colors:active){progress{border:1px solid}.drop,button{border-color:ButtonText}}
`;

let sheet: CSSStyleSheet | undefined;

/** Return the style sheet, which all elements of the page share; a Content-Security-Policy allows it. */
export function styleSheet(): CSSStyleSheet {
  if (sheet !== undefined) return sheet;
  sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  return sheet;
}
